import { MISSING_ACCOUNT, MISSING_CODE } from '../abi/status'
import { ACC_CODE, LOC_BASE } from '../abi/state'
import { arenaAlloc } from '../mem/arena'
import { blockArena, context, THREAD_MISSING } from '../mem/thread'
import { accountKnown, slotKnown } from '../state/base'
import { findCode } from '../state/code'
import { PARKED } from './block'

// Looking ahead, over an asynchronous source. A transaction that meets a value which must be fetched goes on with a
// guess to find what else it will need, so that this is fetched meanwhile: zero for a value before the block, the value
// of an ESTIMATE where another transaction will probably write again. What it writes is published as ESTIMATEs, for
// those above it that look ahead too; then it is suspended.
// Invariant: a transaction that has looked ahead is never EXECUTED (flush, finish), so that nothing guessed counts.
// Decision 27 (docs/adr/0027-a-state-behind-json-rpc.md).

/** A run notes at most so many values. */
const MOST: u32 = 128

// Note: u32 next, kind, record.
const NEXT: usize = 0
const KIND: usize = 4
const RECORD: usize = 8
const SIZE: usize = 12

/** The running transaction may go on with guesses: the thread's own, as all here. */
let allowed: bool = false
/** It has. */
export let looked: bool = false
/** What it met that must be fetched, latest first. */
let notes: usize = 0
let noted: u32 = 0
/** Nothing had been guessed when the first of them was met. */
let sure: bool = false
/** After BLOCKED, or when it looked through one: the transaction whose ESTIMATE was met. */
export let blocker: u32 = 0

export function lookBegin(allow: bool): void {
  allowed = allow
  looked = false
  notes = 0
  noted = 0
  sure = false
}

/** While reads are only compared nothing is guessed. Returns what was allowed before. */
export function lookAllow(value: bool): bool {
  const before = allowed
  allowed = value
  return before
}

/** A read answered MISSING (noteMissing): whether to go on without the value. */
export function lookPast(): bool {
  if (!allowed || noted == MOST) return false
  const note = arenaAlloc(blockArena, SIZE)
  if (note == 0) return false
  store<u32>(note, <u32>notes, NEXT)
  store<u32>(note, load<u32>(context, THREAD_MISSING), KIND)
  store<u32>(note, load<u32>(context, THREAD_MISSING + 4), RECORD)
  if (!looked) sure = true
  notes = note
  noted++
  looked = true
  return true
}

/**
 * A read met an ESTIMATE of transaction `by`: whether its value will do. Without anybody waiting, others' runs come
 * first.
 */
export function lookThrough(by: u32): bool {
  if (!looked) blocker = by
  if (!allowed || (!looked && atomic.load<u32>(PARKED) == 0)) return false
  looked = true
  return true
}

/** Whether everything that was met is there by now. */
export function allKnown(): bool {
  for (let note = notes; note != 0; note = load<u32>(note, NEXT)) {
    if (!isKnown(load<u32>(note, KIND), load<u32>(note, RECORD))) return false
  }
  return true
}

/** Whether the value that was met first is needed, whatever the others are. */
export function lookIsSure(): bool {
  return sure || notes == 0
}

export function isKnown(kind: u32, record: usize): bool {
  if (kind == MISSING_ACCOUNT) return accountKnown(record)
  if (kind == MISSING_CODE) return findCode(record + ACC_CODE + LOC_BASE) != 0
  return slotKnown(record)
}

// For the host, after TASK_FETCH.

/** The first note, 0: none. */
export function lookNotes(): usize {
  return notes
}

export function noteNext(note: usize): usize {
  return load<u32>(note, NEXT)
}

export function noteKind(note: usize): u32 {
  return load<u32>(note, KIND)
}

export function noteRecord(note: usize): usize {
  return load<u32>(note, RECORD)
}
