import { CACHE_LINE, CONTROL_STM } from '../mem/layout'

// The running block: its control words, one cache line each, and its transaction records.

/** u32: set by blockBegin, constant during the block. */
export const BLOCK_COUNT: usize = CONTROL_STM
export const BLOCK_TABLE: usize = CONTROL_STM + 4
/** u32: bits MODE_*. */
export const BLOCK_MODE: usize = CONTROL_STM + 8
export const BLOCK_WINDOW_MAX: usize = CONTROL_STM + 12
/** u32: threads that execute; and a number that differs from that of the block before. */
export const BLOCK_THREADS: usize = CONTROL_STM + 16
export const BLOCK_SERIAL: usize = CONTROL_STM + 20
/** u32: balance of the fee recipient (versions.ts), 0: none. Constant while the block runs. */
export const BLOCK_FEES: usize = CONTROL_STM + 24
/** u32: what is left of a block that is being built (room.ts), 0: it is not. Constant while the block runs. */
export const BLOCK_ROOM: usize = CONTROL_STM + 28
/** u32, atomic: transactions below it are committed. Written under COMMIT_LOCK. */
export const FRONT: usize = CONTROL_STM + CACHE_LINE
/** u32 each: of window.ts. Read and written under COMMIT_LOCK only; in the line that each commit writes anyway. */
export const GAINED: usize = FRONT + 4
export const WASTED: usize = FRONT + 8
export const ORDER_LEFT: usize = FRONT + 12
export const ORDER_LENGTH: usize = FRONT + 16
/**
 * u32, atomic: every READY transaction at or above FRONT is at or above it, in a thread's run, or about to lower it.
 */
export const EXECUTION_INDEX: usize = CONTROL_STM + 2 * CACHE_LINE
/** u32, atomic: next transaction to validate before its turn; only saves time. NONE: nothing to do. */
export const VALIDATION_INDEX: usize = CONTROL_STM + 3 * CACHE_LINE
/** u32, atomic: lock. Holds for FRONT and for the step EXECUTED -> COMMITTED. */
export const COMMIT_LOCK: usize = CONTROL_STM + 4 * CACHE_LINE
/** u32, atomic: changes with every wake-up; threads wait on it. */
export const EVENTS: usize = CONTROL_STM + 5 * CACHE_LINE
/** u32, atomic: threads that wait or are about to. */
export const WAITERS: usize = CONTROL_STM + 6 * CACHE_LINE
/** u32, atomic: how far above FRONT transactions are executed, in sixteenths. Written under COMMIT_LOCK. */
export const WINDOW: usize = CONTROL_STM + 7 * CACHE_LINE
/** Of the window: only the transaction at the front is executed. */
export const IN_ORDER: u32 = 1 << 4
/** u32, atomic: why the block failed; 0 while it did not. */
export const FAILURE: usize = CONTROL_STM + 8 * CACHE_LINE

/**
 * u32, atomic: threads that have nothing to execute can hash body or receipts (TASK_HASHING) once FRONT is here; NONE:
 * there is nothing left. A hint: too low costs a look, too high the chance to do it meanwhile.
 */
export const HASHING_AT: usize = CONTROL_STM + 10 * CACHE_LINE

/**
 * u32, atomic: request of the block that comes next (block/ahead.ts), for threads that have nothing else to do
 * (TASK_AHEAD); 0: there is none. Outlives the block.
 */
export const AHEAD: usize = CONTROL_STM + 11 * CACHE_LINE

/**
 * u32, atomic: transactions that wait for a value of an asynchronous source. While there are any, executing others
 * costs nobody anything: the window does not hold (executionLimit), nor do its verdicts.
 * Invariant: added to before a record becomes SUSPENDED because of MISSING, taken from after it is READY again. 0 in a
 * block that is executed in order.
 */
export const PARKED: usize = CONTROL_STM + 12 * CACHE_LINE

/**
 * u32: first record of what the access list that the block is executed from claims (given.ts), 0: there is none.
 * Written before its first transaction is executed, and after threads left the block.
 */
export const GIVEN_FIRST: usize = CONTROL_STM + 13 * CACHE_LINE
/** u32: addresses and slots in it. */
export const GIVEN_ITEMS: usize = GIVEN_FIRST + 4
/** u32, atomic: claims of the list that no execution has met yet; 0 when all are true. */
export const GIVEN_LEFT: usize = CONTROL_STM + 14 * CACHE_LINE
/** i32, atomic: what executing from the list may still cost, in units of 1,024 gas. */
export const GIVEN_BUDGET: usize = GIVEN_LEFT + 4

export const NONE: u32 = 0xffff_ffff

// --- Transaction record ----------------------------------------------------------------------------------------------

/** u32, atomic: incarnation << 3 | status. */
export const TX_STATUS: usize = 0
/** u32, atomic: read records of the last incarnation that ended (txn.ts). */
export const TX_READS: usize = 4
/** u32, atomic: write records of the same. */
export const TX_WRITES: usize = 8
/** u32: outcome of the same, and its length in bytes. */
export const TX_OUTCOME: usize = 12
export const TX_OUTCOME_LENGTH: usize = 16
/** u32, atomic: index + 1 of the first transaction in the list of those that wait for this one, 0 = none. */
export const TX_DEPENDENTS: usize = 20
/** u32: link of the list that this transaction is in. */
export const TX_NEXT_DEPENDENT: usize = 24
/** u32: why it is SUSPENDED: BLOCKED or MISSING; then kind and record of what is missing. */
export const TX_REASON: usize = 28
export const TX_MISSING_KIND: usize = 32
export const TX_MISSING_RECORD: usize = 36
/** u32: failed validations. */
export const TX_ABORTS: usize = 40
/**
 * u32: SPECULATIVE; or all lower transactions were committed before its latest incarnation began (BEGAN_AT_FRONT), or
 * while it ran, and what it had read by then was found unchanged (REACHED_FRONT): what it read is final.
 */
export const TX_AT_FRONT: usize = 44
export const SPECULATIVE: u32 = 0
export const BEGAN_AT_FRONT: u32 = 1
export const REACHED_FRONT: u32 = 2
/** u32: what its latest incarnation that ended cost, in units of 1,024 gas. */
export const TX_COST: usize = 48
/** u32: what the same incarnation noted for the block's access list (abi/accessList.ts), 0: nothing. */
export const TX_NOTES: usize = 52
/** u32, atomic: says whom it calls (crowded.ts), the same of two for the same; 0: nothing is said. */
export const TX_TARGET: usize = 56
export const TX_SIZE: usize = 64

// READY -> EXECUTING -> EXECUTED -> COMMITTED, or EXECUTED -> ABORTING -> READY (next incarnation),
// or EXECUTING -> SUSPENDED -> READY (next incarnation).
// Invariant: EXECUTING and ABORTING have one owner, who alone may leave them; every other step is a compare-and-swap.
export const READY: u32 = 0
export const EXECUTING: u32 = 1
export const EXECUTED: u32 = 2
export const ABORTING: u32 = 3
export const SUSPENDED: u32 = 4
export const COMMITTED: u32 = 5

export const STATUS_BITS: u32 = 3
export const STATUS_MASK: u32 = 7

// @ts-ignore: decorator
@inline
export function txRecord(index: u32): usize {
  return <usize>load<u32>(BLOCK_TABLE) + <usize>index * TX_SIZE
}

// @ts-ignore: decorator
@inline
export function txStatus(index: u32): u32 {
  return atomic.load<u32>(txRecord(index), TX_STATUS)
}

/** The same incarnation in another status. */
// @ts-ignore: decorator
@inline
export function withStatus(word: u32, status: u32): u32 {
  return (word & ~STATUS_MASK) | status
}

/** The next incarnation. */
// @ts-ignore: decorator
@inline
export function nextIncarnation(word: u32, status: u32): u32 {
  return (word & ~STATUS_MASK) + (1 << STATUS_BITS) + status
}
