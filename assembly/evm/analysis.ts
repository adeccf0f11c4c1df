import { arenaAlloc } from '../mem/arena'
import { tableArena } from '../mem/thread'
import { u256FitsU64 } from '../u256'
import { CODE_ANALYSIS, CODE_BYTES, CODE_LENGTH } from '../abi/state'
import { F_BITMAP, F_CODE, F_CODE_LENGTH, F_CODE_RECORD } from './frames'
import { analyse, bitmapSize } from './jumpdests'

// Jump destination analysis: a bitmap with one bit a byte of code, made at the first jump. For code of the state it is
// published in the code record for all threads:
//
// Invariant: who makes a bitmap is its only writer, and only before the compare-and-swap that publishes it:
// CODE_ANALYSIS changes once, from 0 to a finished bitmap. Two threads may both make one; the later is unused.

/** The bitmap of the frame's code, made if need be; 0 when out of space. */
export function bitmapOf(frame: usize): usize {
  const record: usize = load<u32>(frame, F_CODE_RECORD)
  let bitmap: usize = atomic.load<u32>(record + CODE_ANALYSIS)
  if (bitmap == 0) {
    const length = load<u32>(record, CODE_LENGTH)
    const made = arenaAlloc(tableArena, bitmapSize(length))
    if (made == 0) return 0
    analyse(load<u32>(record, CODE_BYTES), length, made)
    const other: usize = atomic.cmpxchg<u32>(record + CODE_ANALYSIS, 0, <u32>made)
    bitmap = other == 0 ? made : other
  }
  store<u32>(frame, <u32>bitmap, F_BITMAP)
  return bitmap
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
  if (((<u32>load<u8>(bitmap + (<usize>at >> 3)) >> (<u32>at & 7)) & 1) == 0) return 0
  return <usize>load<u32>(frame, F_CODE) + <usize>at + 1
}
