import type { ExecutionMode } from './types.js'

/** Fewer transactions than this are not worth waking the workers for: there is hardly anything to overlap. */
const MIN_TRANSACTIONS = 4

/**
 * Whether a block runs in parallel. The scheduler narrows its window to one when transactions keep conflicting, so the
 * choice here only spares small blocks the cost of starting.
 */
export function runsInParallel(mode: ExecutionMode, transactions: number, threads: number): boolean {
  if (threads < 2 || mode === 'sequential') return false
  return mode === 'parallel' || transactions >= MIN_TRANSACTIONS
}
