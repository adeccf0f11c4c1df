import { arenaAlloc } from '../mem/arena'
import { tableArena } from '../mem/thread'
import { u256FitsU64 } from '../u256'
import { CODE_ANALYSIS, CODE_BYTES, CODE_COPY, CODE_LENGTH } from '../abi/state'
import { codeBytes, codeLength } from '../journal/txReads'
import { F_BITMAP, F_CODE, F_CODE_LENGTH, F_CODE_RECORD, F_RUN } from './frames'
import { doneOf, fuse, isDestination, isSet, makeCopy } from './fuse'
import { analyse, bitmapSize } from './jumpdests'
import { TRACING } from './trace'

// Jump destination analysis: a bitmap with one bit a byte of code, made at the first jump. For code of the state it is
// published in the code record for all threads:
//
// Invariant: who makes a bitmap is its only writer, and only before the compare-and-swap that publishes it:
// CODE_ANALYSIS changes once, from 0 to a finished bitmap. Two threads may both make one; the later is unused.

/** The bitmap of the frame's code, made if need be; 0 when out of space. */
export function bitmapOf(frame: usize): usize {
  const bitmap = analysisOf(load<u32>(frame, F_CODE_RECORD))
  store<u32>(frame, <u32>bitmap, F_BITMAP)
  return bitmap
}

function analysisOf(record: usize): usize {
  let bitmap: usize = atomic.load<u32>(record + CODE_ANALYSIS)
  if (bitmap == 0) {
    const length = load<u32>(record, CODE_LENGTH)
    const made = arenaAlloc(tableArena, bitmapSize(length))
    if (made == 0) return 0
    analyse(load<u32>(record, CODE_BYTES), length, made)
    const other: usize = atomic.cmpxchg<u32>(record + CODE_ANALYSIS, 0, <u32>made)
    bitmap = other == 0 ? made : other
  }
  return bitmap
}

/** So often a code is entered before its copy is made: with fewer a first run of a block takes longer than without. */
const ENTRIES: u32 = 5

/**
 * The address to run a code from: its bytes at first, later a copy with rows (fuse.ts).
 * Invariant: CODE_COPY only grows, and changes no more once it is a copy: all changes are compare-and-swaps.
 */
export function runnable(record: usize): usize {
  if (TRACING) return codeBytes(record)
  const copy = atomic.load<u32>(record + CODE_COPY)
  if (copy > ENTRIES) return copy
  if (copy == ENTRIES) return copied(record)
  // Another thread may count for both: nothing but the moment of the copy hangs on it.
  atomic.cmpxchg<u32>(record + CODE_COPY, copy, copy + 1)
  return codeBytes(record)
}

function copied(record: usize): usize {
  const valid = analysisOf(record)
  if (valid == 0) return codeBytes(record)
  const made = makeCopy(codeBytes(record), load<u32>(record, CODE_LENGTH), valid)
  if (made == 0) return codeBytes(record)
  const other = atomic.cmpxchg<u32>(record + CODE_COPY, ENTRIES, <u32>made)
  return other == ENTRIES ? made : <usize>other
}

/** The bitmap that jumps of a frame go by that begins to run at `run`; 0 when there is none yet. */
export function jumpsOf(record: usize, run: usize): usize {
  return run == codeBytes(record) ? <usize>atomic.load<u32>(record + CODE_ANALYSIS) : doneOf(run, codeLength(record))
}

/** A jump leads to a place that its bitmap does not have: whether it is a destination, which then is done. */
function lands(frame: usize, place: u32): bool {
  if (load<u32>(frame, F_RUN) == load<u32>(frame, F_CODE)) return false
  if (!isDestination(atomic.load<u32>(<usize>load<u32>(frame, F_CODE_RECORD) + CODE_ANALYSIS), place)) return false
  doPlace(frame, place)
  return true
}

/** Does a place of the frame's copy, a destination. */
export function doPlace(frame: usize, place: u32): void {
  const valid: usize = atomic.load<u32>(<usize>load<u32>(frame, F_CODE_RECORD) + CODE_ANALYSIS)
  fuse(load<u32>(frame, F_CODE), load<u32>(frame, F_CODE_LENGTH), valid, load<u32>(frame, F_RUN), place)
}

/**
 * The address behind the JUMPDEST that the word at `target` names (its gas is charged by the jump); 0 when it is none,
 * 1 when there was no space for the bitmap (0).
 */
// @ts-ignore: decorator
@inline
export function jumpTarget(frame: usize, bitmap: usize, target: usize): usize {
  const at = load<u64>(target)
  if (!u256FitsU64(target) || at >= <u64>load<u32>(frame, F_CODE_LENGTH)) return 0
  if (bitmap == 0) return 1
  if (!isSet(bitmap, <u32>at) && !lands(frame, <u32>at)) return 0
  return <usize>load<u32>(frame, F_RUN) + <usize>at + 1
}
