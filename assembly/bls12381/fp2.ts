import { feAdd, feCopy, feEquals, feInvert, feIsZero, feMul, feNeg, feSettle, feSub, feTimes } from './element'
import { FE_SIZE, reduce, WIDE_SIZE, wideMul, wideSqr } from './field'
import { drop, take } from '../mem/stack'
import { wideAdd, wideAddElement, wideSub, wideSubTwo, WIDE2_SIZE, wide2Finish } from './wide'

// Fp2 = Fp[i] / (i^2 + 1): a real and an imaginary element, one after the other. The product of factors of weights m
// and n has the weight 2 m n (field.ts). `out` may be one of the inputs.

export const FP2_SIZE: usize = 2 * FE_SIZE
export const IMAGINARY: usize = FE_SIZE

/** out = a b, not reduced; factors of weight up to 7. */
export function wide2Mul(a: usize, b: usize, out: usize): void {
  const v1 = take(WIDE_SIZE)
  const s = take(FP2_SIZE)
  wideMul(a, b, out)
  wideMul(a + IMAGINARY, b + IMAGINARY, v1)
  feAdd(a, a + IMAGINARY, s)
  feAdd(b, b + IMAGINARY, s + FE_SIZE)
  wideMul(s, s + FE_SIZE, out + WIDE_SIZE)
  wide2Finish(out, v1)
  drop(FP2_SIZE)
  drop(WIDE_SIZE)
}

/** out = a^2, not reduced: (x + y)(x - y) and 2 x y. */
export function wide2Sqr(a: usize, out: usize): void {
  const s = take(FP2_SIZE)
  feAdd(a, a + IMAGINARY, s)
  feSub(a, a + IMAGINARY, s + FE_SIZE)
  wideMul(s, s + FE_SIZE, out)
  feAdd(a, a, s)
  wideMul(s, a + IMAGINARY, out + WIDE_SIZE)
  drop(FP2_SIZE)
}

export function fp2Reduce(w: usize, out: usize): void {
  reduce(w, out)
  reduce(w + WIDE_SIZE, out + IMAGINARY)
}

/** out = a b. */
export function fp2Mul(a: usize, b: usize, out: usize): void {
  const w = take(WIDE2_SIZE)
  wide2Mul(a, b, w)
  fp2Reduce(w, out)
  drop(WIDE2_SIZE)
}

/** out = a^2. */
export function fp2Sqr(a: usize, out: usize): void {
  const w = take(WIDE2_SIZE)
  wide2Sqr(a, w)
  fp2Reduce(w, out)
  drop(WIDE2_SIZE)
}

/** out = a b - c d. */
export function fp2MulSubMul(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  const w = take(2 * WIDE2_SIZE)
  wide2Mul(a, b, w)
  wide2Mul(c, d, w + WIDE2_SIZE)
  wideSub(w, w + WIDE2_SIZE, w, WIDE2_SIZE)
  fp2Reduce(w, out)
  drop(2 * WIDE2_SIZE)
}

/** out = a b - 2 c^2. */
export function fp2MulSubSqr(a: usize, b: usize, c: usize, out: usize): void {
  const w = take(2 * WIDE2_SIZE)
  wide2Mul(a, b, w)
  wide2Sqr(c, w + WIDE2_SIZE)
  wideSubTwo(w, w + WIDE2_SIZE, w + WIDE2_SIZE, w, WIDE2_SIZE)
  fp2Reduce(w, out)
  drop(2 * WIDE2_SIZE)
}

/** out = a^2 - n b. */
export function fp2SqrSub(a: usize, n: i32, b: usize, out: usize): void {
  const w = take(WIDE2_SIZE)
  wide2Sqr(a, w)
  wideAddElement(-n, b, w)
  wideAddElement(-n, b + IMAGINARY, w + WIDE_SIZE)
  fp2Reduce(w, out)
  drop(WIDE2_SIZE)
}

/** out = a b for b of Fp. */
export function fp2MulFe(a: usize, b: usize, out: usize): void {
  feMul(a + IMAGINARY, b, out + IMAGINARY)
  feMul(a, b, out)
}

/** out = a + b: weights add; likewise below. */
export function fp2Add(a: usize, b: usize, out: usize): void {
  feAdd(a, b, out)
  feAdd(a + IMAGINARY, b + IMAGINARY, out + IMAGINARY)
}

export function fp2Sub(a: usize, b: usize, out: usize): void {
  feSub(a, b, out)
  feSub(a + IMAGINARY, b + IMAGINARY, out + IMAGINARY)
}

export function fp2Times(n: i32, a: usize, out: usize): void {
  feTimes(n, a, out)
  feTimes(n, a + IMAGINARY, out + IMAGINARY)
}

export function fp2Neg(a: usize, out: usize): void {
  feNeg(a, out)
  feNeg(a + IMAGINARY, out + IMAGINARY)
}

export function fp2Copy(a: usize, out: usize): void {
  feCopy(a, out)
  feCopy(a + IMAGINARY, out + IMAGINARY)
}

/** out = a^p. */
export function fp2Conjugate(a: usize, out: usize): void {
  feCopy(a, out)
  feNeg(a + IMAGINARY, out + IMAGINARY)
}

/** out = (1 + i) a; `out` is not a. */
export function fp2Xi(a: usize, out: usize): void {
  feSub(a, a + IMAGINARY, out)
  feAdd(a, a + IMAGINARY, out + IMAGINARY)
}

export function fp2Settle(a: usize, out: usize): void {
  feSettle(a, out)
  feSettle(a + IMAGINARY, out + IMAGINARY)
}

export function fp2IsZero(a: usize): bool {
  return feIsZero(a) && feIsZero(a + IMAGINARY)
}

export function fp2Equals(a: usize, b: usize): bool {
  return feEquals(a, b) && feEquals(a + IMAGINARY, b + IMAGINARY)
}

/** out = 1 / a, 0 for 0: (x - y i) / (x^2 + y^2). */
export function fp2Invert(a: usize, out: usize): void {
  const norm = take(FE_SIZE)
  fp2Norm(a, norm)
  feInvert(norm, norm)
  fp2Conjugate(a, out)
  fp2MulFe(out, norm, out)
  drop(FE_SIZE)
}

/** out = x^2 + y^2. */
export function fp2Norm(a: usize, out: usize): void {
  const w = take(WIDE2_SIZE)
  wideSqr(a, w)
  wideSqr(a + IMAGINARY, w + WIDE_SIZE)
  wideAdd(w, w + WIDE_SIZE, w, WIDE_SIZE)
  reduce(w, out)
  drop(WIDE2_SIZE)
}
