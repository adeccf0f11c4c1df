// All workloads in the proportions of mainnet: transfers, stable coins and swaps are most of it, the others a long tail.
import type { DefiWorkload, Maker, Variant } from './workload.js'

export function mixOf(parts: readonly DefiWorkload[]): DefiWorkload {
  const shares = parts.reduce((sum, { share }) => sum + share, 0)
  const average = (variant: Variant) =>
    Math.round(parts.reduce((sum, { gas, share }) => sum + gas[variant] * share, 0) / shares)
  return {
    name: 'mix',
    about: "all of these in mainnet's proportions",
    spread: 'the spread variant of each',
    hot: 'the hot variant of each',
    gas: { spread: average('spread'), hot: average('hot') },
    share: 0,
    async setUp(site) {
      const makers: Maker[] = []
      for (const { setUp, share } of parts) {
        makers.push(
          await setUp({ ...site, transactions: Math.max(2, Math.ceil((site.transactions * share) / shares)) }),
        )
      }
      return (block) => {
        let at = site.random.below(shares)
        const index = parts.findIndex(({ share }) => {
          at -= share
          return at < 0
        })
        return makers[index]!(block)
      }
    },
  }
}
