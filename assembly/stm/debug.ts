import { CONTROL_STM } from '../mem/layout'
import { canWait } from '../mem/lock'
import { wait } from '../mem/wait'
import { context, contextOf, THREAD_RING, THREAD_RING_EVENTS } from '../mem/thread'

// Forced delays at named points of the scheduler and the version lists, and a log of scheduling events, for tests that
// look for races. Off, each point costs one test of a thread-local global.

/** u32, atomic: orders the events of all threads. */
const SEQUENCE: usize = CONTROL_STM + 1024
/** Never changes: something to wait on. */
const PAUSE: usize = CONTROL_STM + 1028
const NANOSECONDS_PER_MS: f64 = 1e6

let mask: u32 = 0
let random: u32 = 1

/** Delays at the points whose bits are set in `points`, and logs events while any is; 0 switches both off. */
export function setDebug(points: u32, seed: u32): void {
  mask = points
  random = seed | 1
}

// @ts-ignore: decorator
@inline
export function yieldPoint(point: u32): void {
  if (mask != 0) delay(point)
}

// @ts-ignore: decorator
@inline
export function logEvent(event: u32, tx: u32, detail: u32): void {
  if (mask != 0) append(event, tx, detail)
}

function delay(point: u32): void {
  if (((mask >> point) & 1) == 0) return
  random ^= random << 13
  random ^= random >> 17
  random ^= random << 5
  const kind = random & 31
  if (kind == 0 && canWait()) {
    // Gives the core away: the only way to interleave threads at a point on a machine with few cores.
    wait(PAUSE, 0, <f64>((random >> 8) & 0xffff) / NANOSECONDS_PER_MS)
  } else if (kind < 4) {
    for (let spin: u32 = (random >> 8) & 1023; spin > 0; spin--) atomic.load<u32>(PAUSE)
  }
}

function append(event: u32, tx: u32, detail: u32): void {
  const cursor = load<u32>(context, THREAD_RING)
  const at = context + THREAD_RING + 16 + (<usize>(cursor % THREAD_RING_EVENTS) << 4)
  store<u32>(at, atomic.add<u32>(SEQUENCE, 1))
  store<u32>(at, event, 4)
  store<u32>(at, tx, 8)
  store<u32>(at, detail, 12)
  store<u32>(context, cursor + 1, THREAD_RING)
}

/** Address of a thread's ring of events: u32 cursor, then from 16 on (u32 order, event, transaction, detail) each. */
export function ringOf(thread: u32): usize {
  const at = contextOf(thread)
  return at == 0 ? 0 : at + THREAD_RING
}
