import { BETA_1, BETA_2, FOUR } from './constants'
import {
  feAdd,
  feCopy,
  feInvert,
  feIsZero,
  feMul,
  feMulSubMul,
  feMulSubSqr,
  feNeg,
  feSettle,
  feSqr,
  feSqrSub,
  feSub,
  feTimes,
} from './element'
import { FE_SIZE } from './field'
import {
  fp2Add,
  fp2Copy,
  fp2Invert,
  fp2IsZero,
  fp2Mul,
  fp2MulFe,
  fp2MulSubMul,
  fp2MulSubSqr,
  fp2Neg,
  FP2_SIZE,
  fp2Settle,
  fp2Sqr,
  fp2SqrSub,
  fp2Sub,
  fp2Times,
} from './fp2'

// Coordinates of the group that is computed in: of Fp for G1, of Fp2 for G2. What is written once over them costs
// each product a branch, which is always the same. Globals are the thread's own.

/** Bytes of a coordinate. */
export let coordinate: usize = FE_SIZE

export function useG1(): void {
  coordinate = FE_SIZE
}

export function useG2(): void {
  coordinate = FP2_SIZE
}

/** Whether the group is G2. */
// @ts-ignore: decorator
@inline
export function twisted(): bool {
  return coordinate != FE_SIZE
}

/** What b is in y^2 = x^3 + b. */
export function curveB(): usize {
  return FOUR
}

export function cMul(a: usize, b: usize, out: usize): void {
  if (twisted()) fp2Mul(a, b, out)
  else feMul(a, b, out)
}

export function cSqr(a: usize, out: usize): void {
  if (twisted()) fp2Sqr(a, out)
  else feSqr(a, out)
}

/** out = a b - c d. */
export function cMulSubMul(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  if (twisted()) fp2MulSubMul(a, b, c, d, out)
  else feMulSubMul(a, b, c, d, out)
}

/** out = a b - 2 c^2. */
export function cMulSubSqr(a: usize, b: usize, c: usize, out: usize): void {
  if (twisted()) fp2MulSubSqr(a, b, c, out)
  else feMulSubSqr(a, b, c, out)
}

/** out = a^2 - n b. */
export function cSqrSub(a: usize, n: i32, b: usize, out: usize): void {
  if (twisted()) fp2SqrSub(a, n, b, out)
  else feSqrSub(a, n, b, out)
}

export function cAdd(a: usize, b: usize, out: usize): void {
  if (twisted()) fp2Add(a, b, out)
  else feAdd(a, b, out)
}

export function cSub(a: usize, b: usize, out: usize): void {
  if (twisted()) fp2Sub(a, b, out)
  else feSub(a, b, out)
}

/** out = n a. */
export function cTimes(n: i32, a: usize, out: usize): void {
  if (twisted()) fp2Times(n, a, out)
  else feTimes(n, a, out)
}

export function cNeg(a: usize, out: usize): void {
  if (twisted()) fp2Neg(a, out)
  else feNeg(a, out)
}

export function cCopy(a: usize, out: usize): void {
  if (twisted()) fp2Copy(a, out)
  else feCopy(a, out)
}

export function cSettle(a: usize, out: usize): void {
  if (twisted()) fp2Settle(a, out)
  else feSettle(a, out)
}

export function cIsZero(a: usize): bool {
  return twisted() ? fp2IsZero(a) : feIsZero(a)
}

export function cInvert(a: usize, out: usize): void {
  if (twisted()) fp2Invert(a, out)
  else feInvert(a, out)
}

/** out = beta a: the x of X^2 times a point, whose y is the negative. */
export function cBeta(a: usize, out: usize): void {
  if (twisted()) fp2MulFe(a, BETA_2, out)
  else feMul(a, BETA_1, out)
}
