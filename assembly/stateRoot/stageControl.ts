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
// before.
// - STATUS goes once from OK to the first failure; whoever changed it, and nobody else, writes FAULT_COPY.

const BASE: usize = CONTROL_TRIE + 2048
const PHASE: usize = BASE
const STATUS: usize = BASE + 64
const COUNTERS: usize = BASE + 128
const PHASE_COUNTERS: usize = 192
const NEXT: usize = 0
const DONE: usize = 64
const TOTAL: usize = 128

/** Words for stateRoot.ts: written by prepare or between phases. */
export const STAGE_WORDS: usize = BASE + 1152
const FAULT_COPY: usize = BASE + 1280

export const PHASE_IDLE: u32 = 0
/** One task per changed account: its storage trie, unless it is large. */
export const PHASE_STORAGE: u32 = 1
/** 16 tasks per large storage trie. */
export const PHASE_LARGE: u32 = 2
/** 16 tasks: the subtrees of the account trie. */
export const PHASE_ACCOUNTS: u32 = 3
export const PHASE_END: u32 = 4

/** Sleepers look again after this long (ns), should a wake-up have been missed because a thread died. */
const PATIENCE: i64 = 100_000_000

// @ts-ignore: decorator
@inline
function counters(phase: u32): usize {
  return COUNTERS + <usize>phase * PHASE_COUNTERS
}

export function resetStage(): void {
  fillBytes(BASE, 0, 2048)
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

/** Notes that a task is completed; true for the last one of the phase. */
export function completeTask(phase: u32): bool {
  const at = counters(phase)
  return atomic.add<u32>(at + DONE, 1) + 1 == load<u32>(at + TOTAL)
}

/** Returns when the phase may be over. */
export function waitWhile(phase: u32): void {
  if (canWait()) atomic.wait<i32>(PHASE, <i32>phase, PATIENCE)
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
