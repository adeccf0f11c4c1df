import { FE_SIZE } from './field'
import { feEquals, feIsZero } from './element'
import {
  fp2Add,
  fp2Conjugate,
  fp2Copy,
  fp2Mul,
  fp2Reduce,
  FP2_SIZE,
  fp2Settle,
  fp2Times,
  wide2Mul,
  wide2Sqr,
} from './fp2'
import {
  fp6Add,
  fp6AddShifted,
  fp6Invert,
  fp6Neg,
  fp6Reduce,
  FP6_SIZE,
  wide6AddShifted,
  wide6Mul,
  wide6MulBy01,
  wide6Shift,
  WIDE6_SIZE,
  wide6SubShifted,
} from './fp6'
import { ONE } from './constants'
import { drop, take } from '../mem/stack'
import { FROBENIUS_1, FROBENIUS_2, FROBENIUS_3 } from './tower-constants'
import { wide2AddXi, WIDE2_SIZE, wide2Xi, wideShift, wideSub, wideSubTwo } from './wide'

// Fp12 = Fp6[w] / (w^2 - v): two elements of Fp6, reduced. `out` may be one of the inputs.

export const FP12_SIZE: usize = 2 * FP6_SIZE
const WIDE12_SIZE: usize = 2 * WIDE6_SIZE

export function fp12SetOne(out: usize): void {
  memory.fill(out, 0, FP12_SIZE)
  memory.copy(out, ONE, FE_SIZE)
}

export function fp12Copy(a: usize, out: usize): void {
  memory.copy(out, a, FP12_SIZE)
}

/** f = the element with v0 + v v1 and (s - v0 - v1) w, of weights up to 22: v0 and v1 lie one after the other. */
function finish(v0: usize, s: usize, f: usize): void {
  const v1 = v0 + WIDE6_SIZE
  wideSubTwo(s, v0, v1, s, WIDE6_SIZE)
  fp6Reduce(s, f + FP6_SIZE)
  wide6AddShifted(v0, v1, s)
  fp6Reduce(s, f)
}

/** out = a b (Karatsuba). */
export function fp12Mul(a: usize, b: usize, out: usize): void {
  const v0 = take(WIDE12_SIZE + WIDE6_SIZE)
  const s = v0 + WIDE12_SIZE
  const sums = take(FP12_SIZE)
  wide6Mul(a, b, v0)
  wide6Mul(a + FP6_SIZE, b + FP6_SIZE, v0 + WIDE6_SIZE)
  fp6Add(a, a + FP6_SIZE, sums)
  fp6Add(b, b + FP6_SIZE, sums + FP6_SIZE)
  wide6Mul(sums, sums + FP6_SIZE, s)
  finish(v0, s, out)
  drop(FP12_SIZE)
  drop(WIDE12_SIZE + WIDE6_SIZE)
}

/** out = a^2. */
export function fp12Sqr(a: usize, out: usize): void {
  const m = take(WIDE12_SIZE)
  const s = m + WIDE6_SIZE
  const sums = take(FP12_SIZE)
  // m = a0 a1: (a0 + a1)(a0 + v a1) - m - v m, and 2 m.
  wide6Mul(a, a + FP6_SIZE, m)
  fp6Add(a, a + FP6_SIZE, sums)
  fp6AddShifted(a, a + FP6_SIZE, sums + FP6_SIZE)
  wide6Mul(sums, sums + FP6_SIZE, s)
  wideSub(s, m, s, WIDE6_SIZE)
  wide6SubShifted(s, m, s)
  fp6Reduce(s, out)
  wideShift(m, 1, m, WIDE6_SIZE)
  fp6Reduce(m, out + FP6_SIZE)
  drop(FP12_SIZE)
  drop(WIDE12_SIZE)
}

/** A line's value l0 + l1 v + l2 v w: three elements of Fp2. */
export const LINE_1: usize = FP2_SIZE
export const LINE_2: usize = 2 * FP2_SIZE
export const LINE_SIZE: usize = 3 * FP2_SIZE

/** f = f l, for the value l of a line. */
export function fp12MulByLine(f: usize, l: usize): void {
  const v0 = take(WIDE12_SIZE + WIDE6_SIZE)
  const v1 = v0 + WIDE6_SIZE
  const s = v1 + WIDE6_SIZE
  const sums = take(FP6_SIZE + FP2_SIZE)
  wide6MulBy01(f, l, l + LINE_1, v0)
  for (let i: usize = 0; i < 3; i++) wide2Mul(f + FP6_SIZE + i * FP2_SIZE, l + LINE_2, s + i * WIDE2_SIZE)
  wide6Shift(s, v1)
  fp6Add(f, f + FP6_SIZE, sums)
  fp2Add(l + LINE_1, l + LINE_2, sums + FP6_SIZE)
  wide6MulBy01(sums, l, sums + FP6_SIZE, s)
  finish(v0, s, f)
  drop(FP6_SIZE + FP2_SIZE)
  drop(WIDE12_SIZE + WIDE6_SIZE)
}

/** f = f a b, for the values of two lines: 23 products in Fp2 instead of 26. */
export function fp12MulByLines(f: usize, a: usize, b: usize): void {
  const v0 = take(WIDE12_SIZE + WIDE6_SIZE)
  const v1 = v0 + WIDE6_SIZE
  const s = v1 + WIDE6_SIZE
  // a b = x + (y0 v + y1 v^2) w, x = (a0 b0 + xi a2 b2, a0 b1 + a1 b0, a1 b1), y = (a0 b2 + a2 b0, a1 b2 + a2 b1).
  const x = take(3 * FP6_SIZE)
  const y = x + FP6_SIZE
  const sums = y + FP6_SIZE
  const p0 = v0
  const p1 = v0 + WIDE2_SIZE
  const p2 = v0 + 2 * WIDE2_SIZE
  wide2Mul(a, b, p0)
  wide2Mul(a + LINE_1, b + LINE_1, p1)
  wide2Mul(a + LINE_2, b + LINE_2, p2)
  cross(a, a + LINE_1, b, b + LINE_1, p0, p1, x + FP2_SIZE, s)
  cross(a, a + LINE_2, b, b + LINE_2, p0, p2, y, s)
  cross(a + LINE_1, a + LINE_2, b + LINE_1, b + LINE_2, p1, p2, y + FP2_SIZE, s)
  fp2Reduce(p1, x + 2 * FP2_SIZE)
  wide2AddXi(p0, p2, p0)
  fp2Reduce(p0, x)

  wide6Mul(f, x, v0)
  wide6MulBy01(f + FP6_SIZE, y, y + FP2_SIZE, s)
  wide6Shift(s, v1)
  fp2Copy(x, sums)
  fp2Add(x + FP2_SIZE, y, sums + FP2_SIZE)
  fp2Add(x + 2 * FP2_SIZE, y + FP2_SIZE, sums + 2 * FP2_SIZE)
  fp6Add(f, f + FP6_SIZE, x)
  wide6Mul(x, sums, s)
  finish(v0, s, f)
  drop(3 * FP6_SIZE)
  drop(WIDE12_SIZE + WIDE6_SIZE)
}

/** out = a d + b c from the products a c and b d; `w` is one wide number of Fp2. */
function cross(a: usize, b: usize, c: usize, d: usize, ac: usize, bd: usize, out: usize, w: usize): void {
  const sums = take(2 * FP2_SIZE)
  fp2Add(a, b, sums)
  fp2Add(c, d, sums + FP2_SIZE)
  wide2Mul(sums, sums + FP2_SIZE, w)
  wideSubTwo(w, ac, bd, w, WIDE2_SIZE)
  fp2Reduce(w, out)
  drop(2 * FP2_SIZE)
}

/** out = a^(p^6): the inverse, in the cyclotomic subgroup. */
export function fp12Conjugate(a: usize, out: usize): void {
  if (a != out) memory.copy(out, a, FP6_SIZE)
  fp6Neg(a + FP6_SIZE, out + FP6_SIZE)
}

/** out = 1 / a. */
export function fp12Invert(a: usize, out: usize): void {
  const s = take(WIDE12_SIZE)
  const t = s + WIDE6_SIZE
  const norm = take(FP6_SIZE)
  // (a0 - a1 w) / (a0^2 - v a1^2)
  wide6Mul(a, a, s)
  wide6Mul(a + FP6_SIZE, a + FP6_SIZE, t)
  wide6SubShifted(s, t, s)
  fp6Reduce(s, norm)
  fp6Invert(norm, norm)
  wide6Mul(a, norm, s)
  fp6Neg(norm, norm)
  wide6Mul(a + FP6_SIZE, norm, t)
  fp6Reduce(s, out)
  fp6Reduce(t, out + FP6_SIZE)
  drop(FP6_SIZE)
  drop(WIDE12_SIZE)
}

/** Where the coefficient of w^k is. */
// @ts-ignore: decorator
@inline
export function coefficient(k: usize): usize {
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
export function fp12SqrCyclotomic(a: usize, out: usize): void {
  const even = take(4 * FP2_SIZE)
  const odd = even + FP2_SIZE
  const lastEven = odd + FP2_SIZE
  const lastOdd = lastEven + FP2_SIZE
  sqr4(a + coefficient(2), a + coefficient(5), lastEven, lastOdd, true)
  sqr4(a, a + coefficient(3), even, odd, false)
  combine(even, -2, a, out)
  combine(odd, 2, a + coefficient(3), out + coefficient(3))
  sqr4(a + coefficient(1), a + coefficient(4), even, odd, false)
  combine(even, -2, a + coefficient(2), out + coefficient(2))
  combine(odd, 2, a + coefficient(5), out + coefficient(5))
  combine(lastEven, -2, a + coefficient(4), out + coefficient(4))
  combine(lastOdd, 2, a + coefficient(1), out + coefficient(1))
  drop(4 * FP2_SIZE)
}

/** out = 3 a + n b, settled: below 3 * 1.22 + 2 * 0.51 p. */
export function combine(a: usize, n: i32, b: usize, out: usize): void {
  const t = take(FP2_SIZE)
  fp2Times(n, b, t)
  fp2Times(3, a, out)
  fp2Add(out, t, out)
  fp2Settle(out, out)
  drop(FP2_SIZE)
}

/** even = x^2 + xi y^2 and odd = 2 x y, or xi times that. */
export function sqr4(x: usize, y: usize, even: usize, odd: usize, byXi: bool): void {
  const xx = take(3 * WIDE2_SIZE)
  const yy = xx + WIDE2_SIZE
  const w = yy + WIDE2_SIZE
  const sum = take(FP2_SIZE)
  wide2Sqr(x, xx)
  wide2Sqr(y, yy)
  fp2Add(x, y, sum)
  wide2Sqr(sum, w)
  wideSubTwo(w, xx, yy, w, WIDE2_SIZE)
  wide2AddXi(xx, yy, xx)
  fp2Reduce(xx, even)
  if (byXi) {
    wide2Xi(w, yy)
    fp2Reduce(yy, odd)
  } else fp2Reduce(w, odd)
  drop(FP2_SIZE)
  drop(3 * WIDE2_SIZE)
}

/** Whether a = 1. */
export function fp12IsOne(a: usize): bool {
  if (!feEquals(a, ONE)) return false
  for (let at = FE_SIZE; at < FP12_SIZE; at += FE_SIZE) if (!feIsZero(a + at)) return false
  return true
}
