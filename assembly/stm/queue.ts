import { MISSING, MODE_LAST_IS_BARRIER, MODE_PARALLEL } from '../abi/status'
import { EVENT_FAIL, EVENT_RESUME, POINT_READY } from '../abi/debug'
import { sourceIsAsync } from '../state/base'
import {
  BLOCK_COUNT,
  BLOCK_MODE,
  EVENTS,
  EXECUTION_INDEX,
  FAILURE,
  FRONT,
  nextIncarnation,
  NONE,
  PARKED,
  READY,
  STATUS_MASK,
  SUSPENDED,
  TX_DEPENDENTS,
  TX_NEXT_DEPENDENT,
  TX_REASON,
  TX_STATUS,
  txRecord,
  txStatus,
  VALIDATION_INDEX,
  WAITERS,
  WINDOW,
} from './block'
import { logEvent, yieldPoint } from './debug'

// What there is to do, and who is told.
//
// No lost wake-up: whoever makes work first makes it visible (status, index, front), then looks at WAITERS. Whoever
// waits first counts itself in WAITERS, then reads EVENTS, then looks for work once more, then waits for EVENTS to
// change. All of these are sequentially consistent, so one of the two sees the other.

/**
 * Whether others are executed while a transaction waits for the source. One that has said all it knows is not waited
 * for.
 */
// @ts-ignore: decorator
@inline
export function hidesLatency(): bool {
  return sourceIsAsync() && (load<u32>(BLOCK_MODE) & MODE_PARALLEL) != 0
}

/** Transactions at or above this index must not be started yet. */
// @ts-ignore: decorator
@inline
export function executionLimit(): u32 {
  const count = load<u32>(BLOCK_COUNT)
  const front = atomic.load<u32>(FRONT)
  const limit = front + (atomic.load<u32>(WINDOW) >> 4)
  if (limit < count && atomic.load<u32>(PARKED) == 0) return limit
  return load<u32>(BLOCK_MODE) & MODE_LAST_IS_BARRIER && front + 1 < count ? count - 1 : count
}

// @ts-ignore: decorator
@inline
export function wake(threads: i32): void {
  if (atomic.load<u32>(WAITERS) == 0) return
  atomic.add<u32>(EVENTS, 1)
  atomic.notify(EVENTS, threads)
}

/** Stops the block: every nextTask answers -2 from now on. The first code (not 0) is kept. */
export function blockFail(code: u32): void {
  atomic.cmpxchg<u32>(FAILURE, 0, code)
  logEvent(EVENT_FAIL, 0, code)
  wake(-1)
}

/** Wakes one thread when there is a transaction it could start; it will wake the next one likewise. */
export function offer(): void {
  if (atomic.load<u32>(WAITERS) != 0 && atomic.load<u32>(EXECUTION_INDEX) < executionLimit()) wake(1)
}

// @ts-ignore: decorator
@inline
export function lowerExecution(index: u32): void {
  lower(EXECUTION_INDEX, index)
}

/** Asks for validation of the executed transactions from `index` on. */
// @ts-ignore: decorator
@inline
export function lowerValidation(index: u32): void {
  lower(VALIDATION_INDEX, index)
}

function lower(word: usize, index: u32): void {
  let seen = atomic.load<u32>(word)
  while (seen > index) {
    const before = atomic.cmpxchg<u32>(word, seen, index)
    if (before == seen) return
    seen = before
  }
}

/**
 * The transaction at the front that this thread gave up in the middle and owns (EXECUTING): it runs it before anything
 * else. NONE: none. The thread's own.
 */
export let runAgain: u32 = NONE
export function setRunAgain(index: u32): void {
  runAgain = index
}

/** Takes the next transaction to validate, NONE when there is none. */
export function claimValidation(): u32 {
  const index = atomic.load<u32>(VALIDATION_INDEX)
  if (index == NONE) return NONE
  // Caught up. A request that comes in between with the same index is lost, which costs time only.
  const next = index >= atomic.load<u32>(EXECUTION_INDEX) ? NONE : index + 1
  return atomic.cmpxchg<u32>(VALIDATION_INDEX, index, next) == index && next != NONE ? index : NONE
}

/** The thread's own: it is not to go on with its run before it has looked at the front, which may wait for it. */
export let hurry: bool = false
export function setHurry(value: bool): void {
  hurry = value
}

/**
 * SUSPENDED as MISSING -> READY: what it waited for may be there. False when it is not suspended so.
 * Invariant: one that is SUSPENDED as BLOCKED is in one list of dependents, and only who has taken that list resumes
 * it. A late answer of the source must leave it: executed again it would join a list while it is in one, with the same
 * link, and the list would lose transactions or have no end.
 */
export function resumeMissing(index: u32): bool {
  const record = txRecord(index)
  const word = atomic.load<u32>(record, TX_STATUS)
  return (word & STATUS_MASK) == SUSPENDED && load<u32>(record, TX_REASON) == MISSING && resumeOf(index, word)
}

/** SUSPENDED as BLOCKED -> READY, by who has taken the list that it was in. */
function resumeBlocked(index: u32): void {
  const word = txStatus(index)
  if ((word & STATUS_MASK) == SUSPENDED) resumeOf(index, word)
}

/** False when the transaction is not of that incarnation, or not suspended, any more. */
function resumeOf(index: u32, word: u32): bool {
  const record = txRecord(index)
  // Of this incarnation, if it still is the one that is resumed below.
  const waited = load<u32>(record, TX_REASON) == MISSING && hidesLatency()
  if (atomic.cmpxchg<u32>(record, word, nextIncarnation(word, READY), TX_STATUS) != word) return false
  if (waited) atomic.sub<u32>(PARKED, 1)
  logEvent(EVENT_RESUME, index, word >> 3)
  yieldPoint(POINT_READY)
  lowerExecution(index)
  hurry = true
  return true
}

/** Resumes all transactions that wait for this one. */
export function resumeDependents(index: u32): void {
  const record = txRecord(index)
  if (atomic.load<u32>(record, TX_DEPENDENTS) == 0) return
  let next = atomic.xchg<u32>(record, 0, TX_DEPENDENTS)
  while (next != 0) {
    const dependent = next - 1
    // Before it is resumed: from then on its owner may put it into another list.
    next = load<u32>(txRecord(dependent), TX_NEXT_DEPENDENT)
    resumeBlocked(dependent)
  }
}
