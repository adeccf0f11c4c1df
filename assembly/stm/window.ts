import { EVENT_IN_ORDER, EVENT_TRY } from '../abi/debug'
import {
  BEGAN_AT_FRONT,
  BLOCK_THREADS,
  BLOCK_WINDOW_MAX,
  GAINED,
  IN_ORDER,
  ORDER_LEFT,
  ORDER_LENGTH,
  TX_ABORTS,
  TX_AT_FRONT,
  TX_COST,
  WASTED,
  WINDOW,
} from './block'
import { sourceIsAsync } from '../state/base'
import { logEvent } from './debug'

// How far above the front transactions are executed before their turn.
//
// Each commit is a verdict on that, weighed by what the transaction cost: an execution before its turn that counts is a
// gain, one that failed its validation is waste. The window grows and shrinks with them; and when waste exceeds the
// gains, the block goes on in order: one thread executes at the front, the others sleep or recover senders. That lasts
// a multiple of what was wasted, then a narrow window is tried; each try in vain makes the next time longer, gains
// shorten it. All words here but the window are used under COMMIT_LOCK only. They decide when work is done, never
// whether it counts. Decision 14 (docs/adr/0014-never-slower.md).

// The window in sixteenths: how it grows with a commit of a speculative execution and of one at the front, and the
// share it loses with a conflict.
const GROW_SPECULATIVE: u32 = 16
const GROW_AT_FRONT: u32 = 1
const SHRINK_SHIFT: u32 = 3
const FIRST_PER_THREAD: u32 = 16
const MOST_PER_THREAD: u32 = 256
const TRY_PER_THREAD: u32 = 2

// Costs in units of 1,024 gas (TX_COST).
/** Gains and waste count less with each verdict, by this share. */
const FADE_SHIFT: u32 = 3
/** In order when the waste exceeds the gains by more than this: some 0.1 ms of most transactions. */
const PATIENCE: u32 = 512
/** Of which this much is used up when a narrow window is tried. */
const DOUBT_OF_TRY: u32 = 384
/** Waking and parking when a transaction was suspended. */
const SUSPENSION: u32 = 16
/** The block goes on in order for this many times the waste at least, and four times longer after a try in vain. */
const ORDER_PER_WASTE: u32 = 8
const LONGER_SHIFT: u32 = 2
/** Keeps the words from overflowing. */
const LONGEST: u32 = 1 << 28

/** Begins a block. 1 thread: in order. */
export function openWindow(threads: u32): void {
  atomic.store<u32>(BLOCK_WINDOW_MAX, (threads == 1 ? 1 : threads * MOST_PER_THREAD) << 4)
  atomic.store<u32>(WINDOW, (threads == 1 ? 1 : threads * FIRST_PER_THREAD) << 4)
  store<u32>(GAINED, 0)
  store<u32>(WASTED, 0)
  store<u32>(ORDER_LEFT, 0)
  store<u32>(ORDER_LENGTH, 0)
}

/**
 * Begins a block whose transactions read what an access list claims. Invariant: none is executed before that list has
 * been read; other work of the block may be done meanwhile.
 */
export function closeWindow(): void {
  openWindow(1)
  atomic.store<u32>(WINDOW, 0)
}

/** Its list has been read: now all of them may be, in whatever order. */
export function openWholeWindow(transactions: u32): void {
  atomic.store<u32>(BLOCK_WINDOW_MAX, transactions << 4)
  atomic.store<u32>(WINDOW, transactions << 4)
}

/** From now on at most this many transactions above the front are executed; 1: in order, nothing speculative. */
export function setWindowLimit(transactions: u32): void {
  atomic.store<u32>(BLOCK_WINDOW_MAX, transactions << 4)
  // A commit at the same time may set the old window once more; the one after it respects the limit.
  setWindow(atomic.load<u32>(WINDOW))
}

/** The transaction of this record is committed. Under COMMIT_LOCK. */
// @ts-ignore: decorator
@inline
export function judge(record: usize, incarnation: u32): void {
  const left = load<u32>(ORDER_LEFT)
  const cost = load<u32>(record, TX_COST)
  // What was executed before its turn until the window became narrow says nothing new.
  if (left != 0) inOrder(left, cost)
  else if (incarnation != 0) repeated(record, incarnation, cost)
  else if (load<u32>(record, TX_AT_FRONT) == BEGAN_AT_FRONT) setWindow(atomic.load<u32>(WINDOW) + GROW_AT_FRONT)
  else {
    gain(cost)
    setWindow(atomic.load<u32>(WINDOW) + GROW_SPECULATIVE)
  }
}

function gain(cost: u32): void {
  const gained = load<u32>(GAINED)
  const wasted = load<u32>(WASTED)
  store<u32>(GAINED, gained - (gained >> FADE_SHIFT) + cost)
  store<u32>(WASTED, wasted - (wasted >> FADE_SHIFT))
  const length = load<u32>(ORDER_LENGTH)
  store<u32>(ORDER_LENGTH, length - min(length, cost))
}

/** A transaction that was executed or suspended in vain before it counted. */
function repeated(record: usize, incarnation: u32, cost: u32): void {
  if (load<u32>(record, TX_AT_FRONT) != BEGAN_AT_FRONT) gain(cost)
  const aborts = load<u32>(record, TX_ABORTS)
  // Over an asynchronous source most suspensions are for values that had to be fetched anyway.
  const suspensions = sourceIsAsync() ? 0 : (incarnation - aborts) * SUSPENSION
  waste(aborts * cost + suspensions, aborts != 0)
}

/** An execution was given up at the front. Under COMMIT_LOCK. */
export function givenUp(cost: u32): void {
  if (load<u32>(ORDER_LEFT) == 0) waste(cost, true)
}

function waste(cost: u32, narrower: bool): void {
  const gained = load<u32>(GAINED)
  const before = load<u32>(WASTED)
  const wasted = before - (before >> FADE_SHIFT) + cost
  store<u32>(GAINED, gained - (gained >> FADE_SHIFT))
  store<u32>(WASTED, wasted)
  if (wasted > gained + PATIENCE) {
    const length = max(min(load<u32>(ORDER_LENGTH), LONGEST) << LONGER_SHIFT, ORDER_PER_WASTE * wasted)
    store<u32>(ORDER_LENGTH, length)
    store<u32>(ORDER_LEFT, length)
    setWindow(IN_ORDER)
    logEvent(EVENT_IN_ORDER, length, wasted)
  } else if (narrower) {
    const window = atomic.load<u32>(WINDOW)
    setWindow(max(IN_ORDER, window - (window >> SHRINK_SHIFT)))
  }
}

/** The block is executed in order for `left` more. */
function inOrder(left: u32, cost: u32): void {
  if (cost < left) {
    store<u32>(ORDER_LEFT, left - cost)
    return
  }
  logEvent(EVENT_TRY, 0, 0)
  store<u32>(ORDER_LEFT, 0)
  store<u32>(GAINED, 0)
  store<u32>(WASTED, DOUBT_OF_TRY)
  setWindow((load<u32>(BLOCK_THREADS) * TRY_PER_THREAD) << 4)
}

function setWindow(window: u32): void {
  atomic.store<u32>(WINDOW, min(window, atomic.load<u32>(BLOCK_WINDOW_MAX)))
}
