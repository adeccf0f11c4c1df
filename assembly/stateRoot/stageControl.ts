import { FAULT_ACCOUNT, FAULT_SIZE } from '../abi/trie'
import { OK } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { CONTROL_TRIE } from '../mem/layout'
import { canWait } from '../mem/lock'
import { wait } from '../mem/wait'
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
/** u32, atomic: threads that came to the stage; how many tasks are taken at a time is chosen by it. */
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
/** A task for each changed account: its storage trie, unless that is large, and its leaf. */
export const PHASE_STORAGE: u32 = 2
/** A task for each of the 16 subtrees of each large storage trie. */
export const PHASE_LARGE: u32 = 3
/** A task for each of the 16 subtrees of the account trie. */
export const PHASE_ACCOUNTS: u32 = 4
export const PHASE_END: u32 = 5

/** Tasks are taken in groups of at most so many: the subtrees of one trie. */
export const TASK_GROUP: u32 = 16

/** Sleepers look again after this long (ms), should a wake-up have been missed because a thread died. */
const PATIENCE: f64 = 100
/** Looks before a sleep, some 20 us: threads end a phase within microseconds of one another, waking takes longer. */
const SPINS: u32 = 20_000
/** A thread takes the share of one in so many for each thread of what is left: the last tasks are small. */
const SHARE: u32 = 2

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

/** After takeTasks: the first of the tasks that are now the caller's, and how many. */
export let taskFirst: u32 = 0
export let taskCount: u32 = 0

/**
 * Takes tasks of the phase, up to the next multiple of TASK_GROUP: what is done together is done faster (its nodes find
 * partners). One thread alone takes all that it can. False: none is left.
 */
export function takeTasks(phase: u32): bool {
  const at = counters(phase)
  const total = load<u32>(at + TOTAL)
  const threads = stageThreads()
  while (true) {
    const first = atomic.load<u32>(at + NEXT)
    if (first >= total) return false
    const left = total - first
    const share = threads < 2 ? left : max(1, left / (SHARE * threads))
    const count = min(share, min(left, TASK_GROUP - (first & (TASK_GROUP - 1))))
    if (atomic.cmpxchg<u32>(at + NEXT, first, first + count) != first) continue
    taskFirst = first
    taskCount = count
    return true
  }
}

/** Notes that so many tasks are completed; true when they were the last ones of the phase. */
export function completeTasks(phase: u32, count: u32): bool {
  const at = counters(phase)
  return atomic.add<u32>(at + DONE, count) + count == load<u32>(at + TOTAL)
}

/** Returns when the phase may be over. */
export function waitWhile(phase: u32): void {
  for (let i: u32 = 0; i < SPINS; i++) if (stagePhase() != phase) return
  if (canWait()) wait(PHASE, phase, PATIENCE)
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
