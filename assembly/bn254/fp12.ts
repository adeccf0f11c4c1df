import { copyBytes, fillBytes } from '../mem/bulk'
import { ONE } from './constants'
import { feCopy, feIsZero, feSub } from './field-util'
import { fp2Mul, fp2MulAdd, FP2_SIZE, fp2Sqr } from './fp2'
import { fp2Add, fp2AddSettled, fp2Combine, fp2Conjugate, fp2Copy, fp2Neg, fp2SubTwo, fp2XiAdd } from './fp2-util'
import {
  fp6Add,
  fp6AddShifted,
  fp6Invert,
  fp6Mul,
  fp6MulBy01,
  fp6Neg,
  FP6_SCRATCH,
  FP6_SIZE,
  fp6SubTwo,
} from './fp6'
import { FE_SIZE } from './limbs'
import { FROBENIUS_1, FROBENIUS_2, FROBENIUS_3, ZERO_2 } from './tower-constants'

// Fp12 = Fp6[w] / (w^2 - v): two elements of Fp6, reduced. `out` may be one of the inputs.

export const FP12_SIZE: usize = 2 * FP6_SIZE
/** Bytes of scratch memory that the functions here need. */
export const FP12_SCRATCH: usize = 6 * FP6_SIZE + FP6_SCRATCH

export function fp12SetOne(out: usize): void {
  fillBytes(out, 0, FP12_SIZE)
  feCopy(ONE, out)
}

export function fp12Copy(a: usize, out: usize): void {
  copyBytes(out, a, FP12_SIZE)
}

/** out = a b (Karatsuba). */
export function fp12Mul(a: usize, b: usize, out: usize, scratch: usize): void {
  const v0 = scratch
  const v1 = scratch + FP6_SIZE
  const s = scratch + 2 * FP6_SIZE
  const t = scratch + 3 * FP6_SIZE
  const rest = scratch + 4 * FP6_SIZE
  fp6Mul(a, b, v0, rest)
  fp6Mul(a + FP6_SIZE, b + FP6_SIZE, v1, rest)
  fp6Add(a, a + FP6_SIZE, s)
  fp6Add(b, b + FP6_SIZE, t)
  fp6Mul(s, t, s, rest)
  fp6SubTwo(s, v0, v1, out + FP6_SIZE)
  fp6AddShifted(v0, v1, out)
}

/** out = a^2. */
export function fp12Sqr(a: usize, out: usize, scratch: usize): void {
  const v = scratch
  const s = scratch + FP6_SIZE
  const t = scratch + 2 * FP6_SIZE
  const rest = scratch + 3 * FP6_SIZE
  // m = a0 a1: (a0 + a1)(a0 + v a1) - m - v m, and 2 m.
  fp6Add(a, a + FP6_SIZE, s)
  fp6AddShifted(a, a + FP6_SIZE, t)
  fp6Mul(a, a + FP6_SIZE, v, rest)
  fp6Mul(s, t, s, rest)
  fp6Add(v, v, out + FP6_SIZE)
  fp2Neg(v + 2 * FP2_SIZE, t)
  fp2XiAdd(t, s, t)
  fp2Combine(1, t, -1, v, out)
  fp2SubTwo(s + FP2_SIZE, v + FP2_SIZE, v, out + FP2_SIZE)
  fp2SubTwo(s + 2 * FP2_SIZE, v + 2 * FP2_SIZE, v + FP2_SIZE, out + 2 * FP2_SIZE)
}

/** A line's value l0 + l1 w + l2 v w: three elements of Fp2. */
export const LINE_1: usize = FP2_SIZE
export const LINE_2: usize = 2 * FP2_SIZE
export const LINE_SIZE: usize = 3 * FP2_SIZE

/** f = f l, for the value l of a line. */
export function fp12MulByLine(f: usize, l: usize, scratch: usize): void {
  const v0 = scratch
  const v1 = scratch + FP6_SIZE
  const s = scratch + 2 * FP6_SIZE
  const rest = scratch + 3 * FP6_SIZE
  for (let i: usize = 0; i < FP6_SIZE; i += FP2_SIZE) fp2Mul(f + i, l, v0 + i)
  fp6MulBy01(f + FP6_SIZE, l + LINE_1, l + LINE_2, v1, rest)
  fp6Add(f, f + FP6_SIZE, s)
  fp2Add(l, l + LINE_1, rest)
  fp6MulBy01(s, rest, l + LINE_2, s, rest + FP2_SIZE)
  fp6SubTwo(s, v0, v1, f + FP6_SIZE)
  fp6AddShifted(v0, v1, f)
}

/** f = f a b, for the values of two lines: 23 products in Fp2 instead of 26. */
export function fp12MulByLines(f: usize, a: usize, b: usize, scratch: usize): void {
  const v0 = scratch
  const v1 = scratch + FP6_SIZE
  const s = scratch + 2 * FP6_SIZE
  const t = scratch + 3 * FP6_SIZE
  // a b = x + (y0 + y1 v) w, x = (a0 b0 + xi a2 b2, a1 b1, a1 b2 + a2 b1), y = (a0 b1 + a1 b0, a0 b2 + a2 b0).
  const x = scratch + 4 * FP6_SIZE
  const y = scratch + 5 * FP6_SIZE
  const rest = scratch + 6 * FP6_SIZE
  const p0 = rest
  const p2 = rest + FP2_SIZE
  const p1 = x + FP2_SIZE
  fp2Mul(a, b, p0)
  fp2Mul(a + LINE_1, b + LINE_1, p1)
  fp2Mul(a + LINE_2, b + LINE_2, p2)
  fp2XiAdd(p2, p0, x)
  cross(a + LINE_1, a + LINE_2, b + LINE_1, b + LINE_2, p1, p2, x + 2 * FP2_SIZE, rest + 2 * FP2_SIZE)
  cross(a, a + LINE_1, b, b + LINE_1, p0, p1, y, rest + 2 * FP2_SIZE)
  cross(a, a + LINE_2, b, b + LINE_2, p0, p2, y + FP2_SIZE, rest + 2 * FP2_SIZE)

  fp6Mul(f, x, v0, rest)
  fp6MulBy01(f + FP6_SIZE, y, y + FP2_SIZE, v1, rest)
  fp6Add(f, f + FP6_SIZE, s)
  fp2AddSettled(x, y, t)
  fp2AddSettled(p1, y + FP2_SIZE, t + FP2_SIZE)
  fp2Copy(x + 2 * FP2_SIZE, t + 2 * FP2_SIZE)
  fp6Mul(s, t, s, rest)
  fp6SubTwo(s, v0, v1, f + FP6_SIZE)
  fp6AddShifted(v0, v1, f)
}

/** out = a d + b c from the products a c and b d: (a + b)(c + d) less those, of weight 8, between -3.6 and 2.3. */
function cross(a: usize, b: usize, c: usize, d: usize, ac: usize, bd: usize, out: usize, scratch: usize): void {
  const s = scratch
  const t = scratch + FP2_SIZE
  const l = scratch + 2 * FP2_SIZE
  fp2Add(a, b, s)
  fp2Add(c, d, t)
  fp2Add(ac, bd, l)
  fp2Neg(l, l)
  fp2MulAdd(s, t, l, out)
}

/** out = a^(p^6): the inverse, in the cyclotomic subgroup. */
export function fp12Conjugate(a: usize, out: usize): void {
  if (a != out) copyBytes(out, a, FP6_SIZE)
  fp6Neg(a + FP6_SIZE, out + FP6_SIZE)
}

/** out = 1 / a. */
export function fp12Invert(a: usize, out: usize, scratch: usize): void {
  const s = scratch
  const t = scratch + FP6_SIZE
  const rest = scratch + 2 * FP6_SIZE
  // (a0 - a1 w) / (a0^2 - v a1^2)
  fp6Mul(a, a, s, rest)
  fp6Mul(a + FP6_SIZE, a + FP6_SIZE, t, rest)
  fp6Neg(t, t)
  fp6AddShifted(s, t, s)
  fp6Invert(s, s, rest)
  fp6Mul(a, s, out, rest)
  fp6Neg(s, s)
  fp6Mul(a + FP6_SIZE, s, out + FP6_SIZE, rest)
}

/** Where the coefficient of w^k is. */
// @ts-ignore: decorator
@inline
function coefficient(k: usize): usize {
  return (k & 1) * FP6_SIZE + (k >> 1) * FP2_SIZE
}

/** out = a^(p^j), j 1 to 3. */
export function fp12Frobenius(a: usize, j: i32, out: usize): void {
  const table = j == 1 ? FROBENIUS_1 : j == 2 ? FROBENIUS_2 : FROBENIUS_3
  for (let k: usize = 0; k < 6; k++) {
    const at = out + coefficient(k)
    if ((j & 1) != 0) fp2Conjugate(a + coefficient(k), at)
    else fp2Copy(a + coefficient(k), at)
    if (k != 0) fp2Mul(at, table + (k - 1) * FP2_SIZE, at)
  }
}

/**
 * out = a^2 for a in the cyclotomic subgroup (Granger and Scott, "Faster squaring in the cyclotomic subgroup of sixth
 * degree extensions", 2010): squares of three elements x + y w^3 of Fp4 = Fp2[w^3].
 */
export function fp12SqrCyclotomic(a: usize, out: usize, scratch: usize): void {
  const even = scratch
  const odd = scratch + FP2_SIZE
  const lastEven = scratch + 2 * FP2_SIZE
  const lastOdd = scratch + 3 * FP2_SIZE
  const rest = scratch + 4 * FP2_SIZE
  sqr4(a + coefficient(2), a + coefficient(5), lastEven, lastOdd, rest)
  sqr4(a, a + coefficient(3), even, odd, rest)
  fp2Combine(3, even, -2, a, out)
  fp2Combine(3, odd, 2, a + coefficient(3), out + coefficient(3))
  sqr4(a + coefficient(1), a + coefficient(4), even, odd, rest)
  fp2Combine(3, even, -2, a + coefficient(2), out + coefficient(2))
  fp2Combine(3, odd, 2, a + coefficient(5), out + coefficient(5))
  fp2Combine(3, lastEven, -2, a + coefficient(4), out + coefficient(4))
  fp2XiAdd(lastOdd, ZERO_2, lastOdd)
  fp2Combine(3, lastOdd, 2, a + coefficient(1), out + coefficient(1))
}

/** even = x^2 + xi y^2, odd = 2 x y, settled. */
function sqr4(x: usize, y: usize, even: usize, odd: usize, scratch: usize): void {
  const xx = scratch
  const yy = scratch + FP2_SIZE
  fp2Sqr(x, xx)
  fp2Sqr(y, yy)
  fp2XiAdd(yy, xx, even)
  fp2Add(x, y, odd)
  fp2Sqr(odd, odd)
  fp2SubTwo(odd, xx, yy, odd)
}

/** Whether a = 1. */
export function fp12IsOne(a: usize, scratch: usize): bool {
  feSub(a, ONE, scratch)
  if (!feIsZero(scratch, scratch + FE_SIZE)) return false
  for (let at = FE_SIZE; at < FP12_SIZE; at += FE_SIZE) if (!feIsZero(a + at, scratch)) return false
  return true
}
