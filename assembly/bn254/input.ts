import { u256FromBytes, u256IsZero, u256Lt } from '../u256/index'
import { P } from './constants'
import { FE_SIZE } from './limbs'
import { feFromWord } from './field-util'
import { g1OnCurve } from './g1'

// Points as the precompiled contracts take them (EIP-196): x and y, 32 big-endian bytes each, below p. Zeros are the
// point at infinity.

export const INVALID: i32 = 0
export const INFINITY: i32 = 1
export const POINT: i32 = 2

/** 32 bytes to an element; false when the number is p or more. `word` is 32 bytes, and has the number afterwards. */
export function readElement(input: usize, out: usize, word: usize): bool {
  u256FromBytes(input, word)
  if (!u256Lt(word, P)) return false
  feFromWord(word, out)
  return true
}

/** What the 64 bytes at `input` are; x and y as elements to `out`. `scratch`: 64 bytes and 3 elements. */
export function readG1(input: usize, out: usize, scratch: usize): i32 {
  const y = scratch + 32
  if (!readElement(input, out, scratch) || !readElement(input + 32, out + FE_SIZE, y)) return INVALID
  if (u256IsZero(scratch) && u256IsZero(y)) return INFINITY
  return g1OnCurve(out, out + FE_SIZE, scratch + 64) ? POINT : INVALID
}
