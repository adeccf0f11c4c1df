import { FAULT_ACCOUNT, FAULT_SIZE } from '../abi/trie'
import { OK } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { CONTROL_TRIE } from '../mem/layout'
import { canWait } from '../mem/lock'
import { fault } from '../trie/context'

// Shared words of the state root stage. Phases follow one another; within a phase the tasks are taken from a counter,
// and the thread that completes the last one moves on to the next phase.
//
// Invariants:
// - NEXT and DONE of a phase are atomics that only grow; TOTAL is written before the phase is entered and not in it.
// - PHASE is written by prepare and by the thread that made DONE reach TOTAL; everything done in the phase happens
// before. THREADS only grows.
// - STATUS goes once from OK to the first failure; whoever changed it, and nobody else, writes FAULT_COPY.

const BASE: usize = CONTROL_TRIE + 2048
const PHASE: usize = BASE
const STATUS: usize = BASE + 64
/** u32, atomic: threads that came to the stage; what a task holds is chosen by it. */
const THREADS: usize = BASE + 68
const COUNTERS: usize = BASE + 128
const PHASE_COUNTERS: usize = 192
const NEXT: usize = 0
const DONE: usize = 64
const TOTAL: usize = 128

/** Words for stageWords.ts: written by prepare or between phases. */
export const STAGE_WORDS: usize = BASE + 1536
const FAULT_COPY: usize = BASE + 1664
const STAGE_SIZE: usize = 2304

export const PHASE_IDLE: u32 = 0
/** As many tasks as locations were written in the block: what differs, and the hashes of their keys. */
export const PHASE_TOUCHED: u32 = 1
/** Tasks of several changed accounts: their storage tries, unless they are large, and leaves. */
export const PHASE_STORAGE: u32 = 2
/** Tasks of several subtrees of a large storage trie. */
export const PHASE_LARGE: u32 = 3
/** Tasks of several of the 16 subtrees of the account trie. */
export const PHASE_ACCOUNTS: u32 = 4
export const PHASE_END: u32 = 5

/** Sleepers look again after this long (ns), should a wake-up have been missed because a thread died. */
const PATIENCE: i64 = 100_000_000
/** Looks before a sleep: most phases end within microseconds of one another, a sleep takes some ten. */
const SPINS: u32 = 2000

// @ts-ignore: decorator
@inline
function counters(phase: u32): usize {
  return COUNTERS + <usize>phase * PHASE_COUNTERS
}

export function resetStage(): void {
  fillBytes(BASE, 0, STAGE_SIZE)
}

export function stagePhase(): u32 {
  return atomic.load<u32>(PHASE)
}

export function enterPhase(phase: u32, total: u32): void {
  store<u32>(counters(phase) + TOTAL, total)
  atomic.store<u32>(PHASE, phase)
  atomic.notify(PHASE, -1)
}

/** Index of a task of the phase that is now the caller's, or -1 when none is left. */
export function takeTask(phase: u32): i32 {
  const at = counters(phase)
  const total = load<u32>(at + TOTAL)
  if (atomic.load<u32>(at + NEXT) >= total) return -1
  const index = atomic.add<u32>(at + NEXT, 1)
  return index < total ? <i32>index : -1
}

/** Notes that so many tasks are completed; true when they were the last ones of the phase. */
export function completeTasks(phase: u32, count: u32): bool {
  const at = counters(phase)
  return atomic.add<u32>(at + DONE, count) + count == load<u32>(at + TOTAL)
}

/** Returns when the phase may be over. */
export function waitWhile(phase: u32): void {
  for (let i: u32 = 0; i < SPINS; i++) if (stagePhase() != phase) return
  if (canWait()) atomic.wait<i32>(PHASE, <i32>phase, PATIENCE)
}

/** A thread comes to take part. */
export function joinStage(): void {
  atomic.add<u32>(THREADS, 1)
}

export function stageThreads(): u32 {
  return atomic.load<u32>(THREADS)
}

export function stageStatus(): i32 {
  return atomic.load<i32>(STATUS)
}

/** Notes a failure with this thread's fault record; `account` whose storage it concerns, or 0. */
export function stageFail(status: i32, account: usize): void {
  if (atomic.cmpxchg<i32>(STATUS, OK, status) != OK) return
  copyBytes(FAULT_COPY, fault, FAULT_SIZE)
  store<u32>(FAULT_COPY, <u32>account, FAULT_ACCOUNT)
}

/** Ends the stage for everybody in it, e.g. because a thread died. */
export function rootAbort(status: i32): void {
  atomic.cmpxchg<i32>(STATUS, OK, status)
  atomic.store<u32>(PHASE, PHASE_END)
  atomic.notify(PHASE, -1)
}

/** Address of the record of the failure of the stage (context.ts, FAULT_*). */
export function rootFault(): usize {
  return FAULT_COPY
}
