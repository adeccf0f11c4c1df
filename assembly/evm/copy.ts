import { OUT_OF_GAS, RETURN_DATA_OUT_OF_BOUNDS } from '../abi/halts'
import { OK } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { u256FitsU64, u256FromBytes, u256SetZero } from '../u256'
import {
  F_CODE,
  F_CODE_LENGTH,
  F_INPUT,
  F_INPUT_LENGTH,
  memoryBuffer,
  returnData,
  returnLength,
  scratch,
} from './frames'
import { wordsOf } from './gas'
import { hashOf64 } from './hashMemo'
import { charge, memoryPointer, memoryRange, rangeLength, rangeOffset } from './memory'

// KECCAK256 and everything that copies bytes into memory. `sp` is the top of the stack.

export function opKeccak(frame: usize, sp: usize): i32 {
  const status = memoryRange(frame, sp, sp - 32)
  if (status != OK) return status
  if (!charge(30 + 6 * wordsOf(rangeLength))) return OUT_OF_GAS
  const input = memoryPointer(frame, rangeOffset)
  if (rangeLength == 64) {
    hashOf64(input, sp - 32)
    return OK
  }
  keccak256(input, rangeLength, scratch)
  u256FromBytes(scratch, sp - 32)
  return OK
}

/** Memory and gas for `copy length` from stack words (target at `sp`, length at `lengthAt`). */
function prepare(frame: usize, target: usize, lengthAt: usize): i32 {
  const status = memoryRange(frame, target, lengthAt)
  if (status != OK) return status
  return charge(3 + 3 * wordsOf(rangeLength)) ? OK : OUT_OF_GAS
}

/** Copies the prepared range from `length` bytes at `from`, beginning at the offset in a word; zeros beyond the end. */
export function copyPadded(frame: usize, from: usize, length: u32, offsetWord: usize): void {
  const target = memoryPointer(frame, rangeOffset)
  const offset = load<u64>(offsetWord)
  let available: u32 = 0
  if (u256FitsU64(offsetWord) && offset < <u64>length) {
    available = length - <u32>offset
    if (available > rangeLength) available = rangeLength
    copyBytes(target, from + <usize>offset, available)
  }
  if (available < rangeLength) fillBytes(target + available, 0, rangeLength - available)
}

export function opCalldataCopy(frame: usize, sp: usize): i32 {
  const status = prepare(frame, sp, sp - 64)
  if (status == OK)
    copyPadded(frame, memoryBuffer + load<u32>(frame, F_INPUT), load<u32>(frame, F_INPUT_LENGTH), sp - 32)
  return status
}

export function opCodeCopy(frame: usize, sp: usize): i32 {
  const status = prepare(frame, sp, sp - 64)
  if (status == OK) copyPadded(frame, load<u32>(frame, F_CODE), load<u32>(frame, F_CODE_LENGTH), sp - 32)
  return status
}

/** Unlike its kin, reading past the end is an exception (EIP-211). */
export function opReturnDataCopy(frame: usize, sp: usize): i32 {
  const status = prepare(frame, sp, sp - 64)
  if (status != OK) return status
  const offset = load<u64>(sp - 32)
  if (!u256FitsU64(sp - 32) || offset > <u64>returnLength || offset + rangeLength > <u64>returnLength)
    return RETURN_DATA_OUT_OF_BOUNDS
  copyBytes(memoryPointer(frame, rangeOffset), returnData + <usize>offset, rangeLength)
  return OK
}

/** EIP-5656. The gas for expansion covers both ranges. */
export function opMcopy(frame: usize, sp: usize): i32 {
  let status = prepare(frame, sp - 32, sp - 64)
  if (status != OK) return status
  const source = rangeOffset
  status = memoryRange(frame, sp, sp - 64)
  if (status != OK) return status
  copyBytes(memoryPointer(frame, rangeOffset), memoryPointer(frame, source), rangeLength)
  return OK
}

/** CALLDATALOAD: 32 bytes at the offset in the top word, zeros beyond the end. */
export function opCalldataLoad(frame: usize, sp: usize): void {
  const length = load<u32>(frame, F_INPUT_LENGTH)
  const offset = load<u64>(sp)
  if (!u256FitsU64(sp) || offset >= <u64>length) {
    u256SetZero(sp)
    return
  }
  const at = memoryBuffer + load<u32>(frame, F_INPUT) + <usize>offset
  const available = length - <u32>offset
  if (available >= 32) {
    u256FromBytes(at, sp)
    return
  }
  u256SetZero(scratch)
  copyBytes(scratch, at, available)
  u256FromBytes(scratch, sp)
}
