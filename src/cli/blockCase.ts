// What the commands need to know of a block file, whichever way it is executed.
import { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { type BlockCase, bundledCases, chainOf, isKnownChain, loadCase } from '../blockFiles/index.js'
import { lackingOf } from '../executor/engineChoice.js'
import type { EngineName } from '../index.js'

/** What a report says of the block itself. */
export function factsOf(block: BlockCase) {
  const { name, number, fork } = block
  return { name, number: String(number), fork, transactions: transactionCount(block) }
}

function transactionCount(block: BlockCase): number {
  return (RLP.decode(block.blockRlp)[1] as unknown[]).length
}

/** Whether the state root can be compared with the header's: a flat pre-state has no proofs. */
export function hasRoot(block: BlockCase): boolean {
  return block.preState.kind === 'witness'
}

/** What a block's rules are found by. */
export type RulesOf = Pick<BlockCase, 'chainId' | 'fork'>

/** What an executor is told of the block's fork: the rules of another chain are those that the file says, for all blocks. */
export function hardforkOf({ chainId, fork }: RulesOf): string {
  return isKnownChain(chainId) ? 'schedule' : fork
}

/** Chain rules at the block's fork. */
export function commonOf({ chainId, fork }: RulesOf): Common {
  return new Common({ chain: chainOf(chainId), hardfork: fork })
}

/** Whether the engine has the rules of the block's fork. */
export function knowsFork(engine: EngineName, block: BlockCase): boolean {
  return engine === 'wasm' || lackingOf(commonOf(block)).length === 0
}

/** Paths of the bundled blocks that each of the engines executes. */
export function bundledFor(engines: readonly EngineName[]): string[] {
  const partial = engines.filter((engine) => engine !== 'wasm')
  if (partial.length === 0) return bundledCases()
  return bundledCases().filter((path) => partial.every((engine) => knowsFork(engine, loadCase(path))))
}
