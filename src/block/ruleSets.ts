// Rule sets that are no hardfork of @ethereumjs/common, as hardforks of a chain (assembly/abi/registry/ruleSets.mjs).
import type { ChainConfig } from '@ethereumjs/common'
import { RULE_SETS } from '../abi/registry.js'

/** The hardfork that each of them takes the place of. */
const REPLACED = 'amsterdam'

/** Names of those that are no hardfork of @ethereumjs/common. */
export const OWN_RULE_SETS: readonly string[] = RULE_SETS.filter(({ eips }) => eips !== undefined).map(
  ({ hardfork }) => hardfork,
)

/** The chain with a rule set of that name in the place of Amsterdam; the same chain where the name is none. */
export function withRuleSet(chain: ChainConfig, name: string): ChainConfig {
  const eips = RULE_SETS.find(({ hardfork }) => hardfork === name)?.eips
  if (eips === undefined) return chain
  return {
    ...chain,
    hardforks: chain.hardforks.map((fork) => (fork.name === REPLACED ? { ...fork, name } : fork)),
    customHardforks: { ...chain.customHardforks, [name]: { eips: [...eips] } },
  }
}
