import { POINT_TAKE } from '../abi/debug'
import { MAX_THREADS } from '../abi/memory'
import { LOC_TOUCHED_NEXT } from '../abi/state'
import { MODE_KEYS } from '../abi/status'
import { CONTROL_STM } from '../mem/layout'
import {
  context,
  contextOf,
  THREAD_KEYED,
  THREAD_TOUCHED,
  THREAD_TOUCHED_COUNT,
} from '../mem/thread'
import { flushKeys, hashKeyLater } from '../state/keys'
import { BLOCK_MODE, BLOCK_SERIAL } from './block'
import { yieldPoint } from './debug'

// The locations that got a version in the running block: a list a thread, newest first. A location is in one list,
// once.
//
// Invariants:
// - A list has one writer, its thread; LOC_TOUCHED_NEXT is written before the location becomes the head (atomic), and
//   not again before the block ends. So whoever loads a head can walk from there, whatever is added meanwhile.
// - When all transactions are committed, nothing is added. Then threads take the lists apart by CURSORS, which only
//   move on: a location belongs to the thread that moved the cursor over it (compare-and-swap), and to no other.

/** Ends a list; 0 means "not in a list". */
const TOUCHED_END: u32 = 1

/** u32 a thread, atomic: the first location of its list that nobody has taken. */
const CURSORS: usize = CONTROL_STM + 2048

/** Locations that a thread takes at a time. */
const BATCH: u32 = 32

/** Puts the location into this thread's list, once a block. `shared`: other threads may look meanwhile. */
// @ts-ignore: decorator
@inline
export function touch(location: usize, shared: bool): void {
  if (load<u32>(location, LOC_TOUCHED_NEXT) != 0) return
  const head = load<u32>(context, THREAD_TOUCHED)
  store<u32>(location, head != 0 ? head : TOUCHED_END, LOC_TOUCHED_NEXT)
  store<u32>(context, load<u32>(context, THREAD_TOUCHED_COUNT) + 1, THREAD_TOUCHED_COUNT)
  if (shared) atomic.store<u32>(context, <u32>location, THREAD_TOUCHED)
  else store<u32>(context, <u32>location, THREAD_TOUCHED)
}

/** First location of a thread's list, 0 when it has none. */
export function firstTouched(thread: u32): usize {
  const at = contextOf(thread)
  return at == 0 ? 0 : atomic.load<u32>(at, THREAD_TOUCHED)
}

/** The one after it, 0 at the end. */
export function nextTouched(location: usize): usize {
  const next = load<u32>(location, LOC_TOUCHED_NEXT)
  return next == TOUCHED_END ? 0 : next
}

/** Empties the lists; whoever calls has done with what is in them. Only when no thread is inside the block. */
export function forgetTouched(): void {
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at == 0) continue
    atomic.store<u32>(at, 0, THREAD_TOUCHED)
    store<u32>(at, 0, THREAD_TOUCHED_COUNT)
    atomic.store<u32>(at, 0, THREAD_KEYED)
  }
}

// --- Taken apart by all threads --------------------------------------------------------------------------------------

/** One thread, when all transactions are committed: the lists can be taken apart. How many locations there are. */
export function openTouched(): u32 {
  let count: u32 = 0
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    atomic.store<u32>(cursorOf(id), <u32>firstTouched(id))
    if (at != 0) count += load<u32>(at, THREAD_TOUCHED_COUNT)
  }
  return count
}

// @ts-ignore: decorator
@inline
function cursorOf(thread: u32): usize {
  return CURSORS + (<usize>thread << 2)
}

/** After takeTouched: the first of the locations that are this thread's now, and their number. */
export let takenFirst: usize = 0
export let takenCount: u32 = 0

/** Takes some locations, of this thread's own list first. False: none is left. */
export function takeTouched(): bool {
  const own = load<u32>(context)
  for (let i: u32 = 0; i < MAX_THREADS; i++) if (takeFrom(cursorOf((own + i) & (MAX_THREADS - 1)))) return true
  return false
}

function takeFrom(cursor: usize): bool {
  while (true) {
    const first: usize = atomic.load<u32>(cursor)
    if (first == 0) return false
    let count: u32 = 1
    let next = nextTouched(first)
    for (; next != 0 && count < BATCH; next = nextTouched(next)) count++
    yieldPoint(POINT_TAKE)
    if (atomic.cmpxchg<u32>(cursor, <u32>first, <u32>next) != <u32>first) continue
    takenFirst = first
    takenCount = count
    return true
  }
}

// --- Keys, hashed while transactions run -----------------------------------------------------------------------------

// What this thread took and has not looked at, of the block with that serial. It may be left so: whoever needs a hash
// that is not there makes it.
let restFirst: usize = 0
let restEnd: usize = 0
let restBlock: u32 = 0

/** Whether there are locations whose keys no thread has looked at, and they are wanted. */
export function keysLeft(): bool {
  if ((load<u32>(BLOCK_MODE) & MODE_KEYS) == 0) return false
  if (restBlock == load<u32>(BLOCK_SERIAL) && restFirst != restEnd) return true
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at != 0 && atomic.load<u32>(at, THREAD_TOUCHED) != atomic.load<u32>(at, THREAD_KEYED)) return true
  }
  return false
}

/** Hashes the keys of some locations that were written, by transactions that may yet be executed again. */
export function hashKeys(): void {
  if (restBlock != load<u32>(BLOCK_SERIAL) || restFirst == restEnd) takeNew()
  for (let n: u32 = 0; n < BATCH && restFirst != restEnd; n++) {
    hashKeyLater(restFirst)
    restFirst = nextTouched(restFirst)
  }
  flushKeys()
}

/** Takes what came to some list since a thread last looked. */
function takeNew(): void {
  restBlock = load<u32>(BLOCK_SERIAL)
  restFirst = restEnd
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at == 0) continue
    const seen = atomic.load<u32>(at, THREAD_KEYED)
    const head = atomic.load<u32>(at, THREAD_TOUCHED)
    if (head == seen || atomic.cmpxchg<u32>(at, seen, head, THREAD_KEYED) != seen) continue
    restFirst = head
    restEnd = seen
    return
  }
}
