import type { ExecutedOutcome } from '../abi/outcome.js'
import type { BlockResult } from '../types.js'

const MAKERS = new WeakMap<BlockResult, () => ExecutedOutcome[]>()

/** Keeps what makes the outcomes of a block's transactions, for who needs more of them than receipts hold. */
export function keepOutcomes(result: BlockResult, make: () => ExecutedOutcome[]): void {
  MAKERS.set(result, make)
}

/** The outcomes of the transactions of a block that an executor has executed, in order. */
export function outcomesOf(result: BlockResult): ExecutedOutcome[] {
  const make = MAKERS.get(result)
  if (make === undefined) throw new TypeError('no executor has made this result')
  return make()
}
