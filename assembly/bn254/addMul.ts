import { copyBytes, fillBytes } from '../mem/bulk'
import { scalarWnaf, SPLIT_SCRATCH, WNAF_SIZE } from '../secp256k1/scalar'
import { u256FromBytes, u256ToBytes } from '../u256/index'
import { ONE } from './constants'
import { feMul, feMulSubMul, feSqr, feSqrSub } from './field'
import { feAdd, feInvert, feIsZero, feShift, feSub, feToWord, INVERT_SCRATCH } from './field-util'
import {
  ENTRY_BETA_X,
  ENTRY_SIZE,
  G1_SIZE,
  G1_Z,
  g1Add,
  g1Double,
  g1IsInfinity,
  g1SetInfinity,
  g1ToAffine,
  MULTIPLES_SCRATCH,
  oddMultiples,
  TABLE_SIZE,
  ZERO,
} from './g1'
import { INFINITY, INVALID, readG1 } from './input'
import { FE_SIZE } from './limbs'
import { HALF, prepareRepeated, REPEATED_HIGH, REPEATED_LOW, REPEATED_Z } from './repeated'
import { split } from './scalar'

// BN254_ADD and BN254_MUL (EIP-196). Decision 19 (docs/adr/0019-bn254-in-the-core.md).

const POINT_SIZE: usize = 2 * FE_SIZE

// Working memory.
const A: usize = 0
const B: usize = POINT_SIZE
const ACC: usize = 2 * POINT_SIZE
const Z: usize = ACC + G1_SIZE
const WORDS: usize = Z + FE_SIZE // k, k1, k2, and what `split` needs
const DIGITS: usize = WORDS + 96 + SPLIT_SCRATCH
const TABLE: usize = DIGITS + 2 * WNAF_SIZE
const SCRATCH: usize = TABLE + TABLE_SIZE
/** Bytes of working memory that both contracts need. */
export const ADD_MUL_WORK: usize = SCRATCH + FE_SIZE + MULTIPLES_SCRATCH + INVERT_SCRATCH

/** An affine point as 64 bytes. */
function writeG1(point: usize, out: usize, scratch: usize): void {
  for (let i: usize = 0; i < 2; i++) {
    feToWord(point + i * FE_SIZE, scratch, scratch + 32)
    u256ToBytes(scratch, out + (i << 5))
  }
}

/** The sum of the points at `input` (128 bytes) to `out` (64 bytes); false when one is none. */
export function bn254Add(input: usize, out: usize, work: usize): bool {
  const a = work + A
  const b = work + B
  const scratch = work + SCRATCH
  const kindA = readG1(input, a, scratch)
  const kindB = readG1(input + 64, b, scratch)
  if (kindA == INVALID || kindB == INVALID) return false
  if (kindA == INFINITY) copyBytes(out, input + 64, 64)
  else if (kindB == INFINITY) copyBytes(out, input, 64)
  else if (!affineSum(a, b, work + ACC, scratch)) fillBytes(out, 0, 64)
  else writeG1(work + ACC, out, scratch)
  return true
}

/** out = a + b, false when that is the point at infinity. `scratch`: 2 elements and what feInvert needs. */
function affineSum(a: usize, b: usize, out: usize, scratch: usize): bool {
  const ay = a + FE_SIZE
  const by = b + FE_SIZE
  const slope = scratch
  const d = scratch + FE_SIZE
  const rest = scratch + 2 * FE_SIZE
  feSub(b, a, d)
  feSub(by, ay, slope)
  if (feIsZero(d, rest)) {
    // Equal, or opposite: no y is 0.
    if (!feIsZero(slope, rest)) return false
    feSqr(a, d)
    feShift(d, 1, slope)
    feAdd(d, slope, slope)
    feShift(ay, 1, d)
  }
  feInvert(d, d, rest)
  feMul(slope, d, slope)
  // x3 = s^2 - ax - bx, y3 = s (ax - x3) - ay.
  feAdd(a, b, d)
  feSqrSub(slope, d, ZERO, out)
  feSub(a, out, d)
  feMulSubMul(slope, d, ay, ONE, out + FE_SIZE)
  return true
}

/**
 * The point at `input` (64 bytes) times the number behind it (32 bytes) to `out`; false when it is none. `kept`:
 * REPEATED_SIZE bytes of the point's, or 0.
 */
export function bn254Mul(input: usize, out: usize, work: usize, kept: usize): bool {
  const a = work + A
  const acc = work + ACC
  const scratch = work + SCRATCH
  const kind = readG1(input, a, scratch)
  if (kind == INVALID) return false
  u256FromBytes(input + 64, work + WORDS)
  g1SetInfinity(acc)
  if (kind != INFINITY) multiply(a, work, kept)
  if (g1IsInfinity(acc)) {
    fillBytes(out, 0, 64)
    return true
  }
  feMul(acc + G1_Z, kept == 0 ? work + Z : kept + REPEATED_Z, acc + G1_Z)
  feInvert(acc + G1_Z, acc + G1_Z, scratch)
  g1ToAffine(acc, acc + G1_Z, a, scratch)
  writeG1(a, out, scratch)
  return true
}

/** ACC = k (x, y), whose Z lacks the factor of the table. */
function multiply(point: usize, work: usize, kept: usize): void {
  const k = work + WORDS
  const k1 = k + 32
  const k2 = k + 64
  const digits = work + DIGITS
  const scratch = work + SCRATCH
  split(k, k1, k2, k + 96)
  const length = <usize>max(scalarWnaf(k1, WIDTH, digits), scalarWnaf(k2, WIDTH, digits + WNAF_SIZE))
  const acc = work + ACC
  const y = point + FE_SIZE
  if (kept == 0) {
    oddMultiples(point, y, work + TABLE, work + Z, scratch)
  } else if (prepareRepeated(kept, point, y, acc, scratch)) {
    for (let i = min(length, HALF); i > 0; ) {
      i--
      g1Double(acc, scratch)
      addDigits(acc, kept + REPEATED_LOW, digits + (i << 1), scratch)
      addDigits(acc, kept + REPEATED_HIGH, digits + ((i + HALF) << 1), scratch)
    }
    return
  }
  const table = kept == 0 ? work + TABLE : kept + REPEATED_LOW
  for (let i = length; i > 0; ) {
    i--
    g1Double(acc, scratch)
    addDigits(acc, table, digits + (i << 1), scratch)
  }
}

/** acc += the multiples that the digits of both halves at one position ask for. */
// @ts-ignore: decorator
@inline
function addDigits(acc: usize, table: usize, at: usize, scratch: usize): void {
  addMultiple(acc, table, load<i16>(at), 0, scratch)
  addMultiple(acc, table, load<i16>(at + WNAF_SIZE), ENTRY_BETA_X, scratch)
}

/** Width of the windows: the table has the odd multiples below 2^(w - 1). */
const WIDTH: u32 = 5

/** acc += digit * P (or digit * lambda * P, taking the entry's x at `xOffset`). */
// @ts-ignore: decorator
@inline
function addMultiple(acc: usize, table: usize, digit: i32, xOffset: usize, scratch: usize): void {
  if (digit == 0) return
  const entry = table + <usize>(abs(digit) >> 1) * ENTRY_SIZE
  g1Add(acc, entry + xOffset, entry + FE_SIZE, digit < 0, scratch)
}
