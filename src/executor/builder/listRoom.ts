// The access list of a block must not be too long for its gas limit (EIP-7928). How long is known when it is made: a block whose list is
// too long is built once more, from fewer transactions.
import { ITEM_GAS } from '../../block/accessList.js'
import type { Header } from '../../block/blockHeader.js'
import { InvalidBlockError } from '../../block/errors.js'
import type { BlockResult } from '../../types.js'
import type { Candidate, SkippedTransaction } from './types.js'

export interface Built {
  result: BlockResult
  /** Places among those that were given, in block order. */
  included: number[]
  skipped: SkippedTransaction[]
}

/**
 * Builds until the list fits; each time twice as many of the last transactions are left out as before. Gas is dear enough that only
 * what costs none, withdrawals say, can make a list too long: few blocks are built more than once.
 *
 * @param build from these candidates; without a limit of time the second time, as they are known to be executed in it
 * @param drop gives up what was built
 * @throws InvalidBlockError BLOCK_ACCESS_LIST_TOO_LONG when the list of the block's own work is, and what `build` throws
 */
export async function withinList<T extends Built>(
  header: Header,
  candidates: readonly Candidate[],
  build: (candidates: readonly Candidate[], again: boolean) => Promise<T>,
  drop: () => void,
): Promise<T> {
  const most = header.gasLimit / ITEM_GAS
  const before: SkippedTransaction[] = []
  let [those, again] = [candidates, false]
  for (let fewer = 1; ; fewer *= 2) {
    const built = await build(those, again)
    const items = built.result.blockAccessList?.items ?? 0
    if (BigInt(items) <= most) return { ...built, skipped: [...before, ...built.skipped] }
    drop()
    const { included } = built
    if (included.length === 0) {
      const message = `the block's own work touches ${items} addresses and slots, its gas limit allows ${most}`
      throw new InvalidBlockError('BLOCK_ACCESS_LIST_TOO_LONG', message)
    }
    const message = `the block's access list has no room for what it touches: ${items} of ${most} addresses and slots (EIP-7928)`
    const kept = new Set(included.slice(0, -fewer))
    before.push(...built.skipped)
    for (const index of included.slice(-fewer)) before.push({ index, reason: 'NO_ROOM_LEFT', message })
    those = those.filter(({ index }) => kept.has(index))
    again = true
  }
}
