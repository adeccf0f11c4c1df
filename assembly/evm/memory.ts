import { OUT_OF_GAS } from '../abi/halts'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { fillBytes } from '../mem/bulk'
import { F_MEM, F_MEM_SIZE, gasLeft, memoryBuffer, reserveMemory, setGasLeft } from './frames'

// EVM memory: expansion and its gas, 3 a word plus words^2 / 512. `gasLeft` is charged.

/** The range that the last `memoryRange` made accessible: offset in the frame's memory (0 when empty) and length. */
export let rangeOffset: u32 = 0
export let rangeLength: u32 = 0

/** Makes [offset, offset + length) of two words accessible. */
export function memoryRange(frame: usize, offset: usize, length: usize): i32 {
  const size = load<u64>(length)
  rangeOffset = 0
  rangeLength = 0
  if ((load<u64>(length, 8) | load<u64>(length, 16) | load<u64>(length, 24)) != 0) return OUT_OF_GAS
  if (size == 0) return OK
  const at = load<u64>(offset)
  // 2^32 bytes cost 2^45 gas; a block has less.
  if ((load<u64>(offset, 8) | load<u64>(offset, 16) | load<u64>(offset, 24) | (at >> 32) | (size >> 32)) != 0)
    return OUT_OF_GAS
  const end = at + size
  rangeOffset = <u32>at
  rangeLength = <u32>size
  return end <= <u64>load<u32>(frame, F_MEM_SIZE) ? OK : memoryUpTo(frame, end)
}

/** Makes `size` bytes at the offset in a word accessible. */
export function memoryAt(frame: usize, offset: usize, size: u64): i32 {
  const at = load<u64>(offset)
  if ((load<u64>(offset, 8) | load<u64>(offset, 16) | load<u64>(offset, 24) | (at >> 32)) != 0) return OUT_OF_GAS
  return at + size <= <u64>load<u32>(frame, F_MEM_SIZE) ? OK : memoryUpTo(frame, at + size)
}

/** Makes the bytes below `end` accessible, which is beyond what is. */
export function memoryUpTo(frame: usize, end: u64): i32 {
  const before = load<u32>(frame, F_MEM_SIZE)
  const wordsBefore = <u64>before >> 5
  const words = (end + 31) >> 5
  const cost = (words - wordsBefore) * 3 + ((words * words) >> 9) - ((wordsBefore * wordsBefore) >> 9)
  const left = gasLeft - <i64>cost
  setGasLeft(left)
  if (left < 0) return OUT_OF_GAS
  if (words >= 1 << 26) return OUT_OF_SPACE
  const after = <u32>words << 5
  const base: usize = load<u32>(frame, F_MEM)
  if (!reserveMemory(base + before, base + after)) return OUT_OF_SPACE
  zero(memoryBuffer + base + before, after - before)
  store<u32>(frame, after, F_MEM_SIZE)
  return OK
}

/**
 * Growth is by a word at a time as a rule; memory.fill is a call out of the module's code. `size`: a multiple of 32.
 */
// @ts-ignore: decorator
@inline
function zero(at: usize, size: u32): void {
  if (size > 256) {
    fillBytes(at, 0, size)
    return
  }
  const end = at + size
  while (at < end) {
    v128.store(at, i64x2.splat(0))
    v128.store(at, i64x2.splat(0), 16)
    at += 32
  }
}

/** Address of a byte of the frame's memory. */
// @ts-ignore: decorator
@inline
export function memoryPointer(frame: usize, offset: u32): usize {
  return memoryBuffer + load<u32>(frame, F_MEM) + offset
}

// @ts-ignore: decorator
@inline
export function charge(gas: i64): bool {
  const left = gasLeft - gas
  setGasLeft(left)
  return left >= 0
}
