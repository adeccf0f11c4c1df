import {
  following,
  reduce,
  square0,
  square1,
  square2,
  square3,
  squares56,
  squares78,
  upper0,
  upper1,
  upper2,
  upper3,
} from './columns'
import { limb } from './limbs'

// The field of BN254: integers modulo p. Variable time: for public data only. Decision 19
// (docs/adr/0019-bn254-in-the-core.md) has what was measured.
//
// An element x is kept as x R modulo p, R = 2^261 (Montgomery), in nine signed limbs of 29 bits, in an i32 each (36
// bytes).
//
// Products of limbs are summed in columns, in 64 bits, without a carry. columns.ts says which of them are scalars and
// which are vectors: the latter multiply what is in 32 bits, so a square's factor, which is doubled, has a weight of 3
// at most.
//
// Reduction. K = (m p + 1) / 2^29 with m = -1/p modulo 2^29. Adding q (m p) to a number with low limb q makes that limb
// zero, and leaves q K in what is above it: the quotient is the limb itself, with no multiplication. Eight limbs go so,
// and the last one with p itself, so that the result is below (sum of products) / R + (1 + m / 2^29) p.
//
// Bounds. An element is "reduced" when its limbs 0 to 7 are within 2^28 + 4 and it is below 4 p in size, so that limb 8
// is below 2^24. An element has weight m when it is the sum or difference of m reduced ones. A product's weight is the
// product of its factors', that of a sum of products their sum. Claim: every sum of products of weight <= 14 can be
// reduced.
//   1. A column has at most 8 products of limbs 0 to 7, each below 1.001 w 2^56; those with limb 8 (at most two, in
//      columns 8 and above, where of the others there are at most 7) are below w 2^53. Columns are below 113 * 2^56.
//   2. A column gets at most sum |K_i| < 4.2 * 2^28 times q < 2^29, which is 8.4 * 2^56, and one q P_i below 2^57.
//   3. Carries are below 2^35. Together below (113 + 8.4 + 2) 2^56 + 2^35 < 2^63.
//   4. With a and b below A p and B p, a b / R is below A B p / 169, and what reduction adds is in [0, 1.15 p). So a
//      product of weight w is in (-x, 1.15 p + x), x = 0.095 w p; one of weight 14 is below 2.5 p.
// Linear terms are added above the columns that reduction clears: the caller sees to it that the result is below 4 p.
// `out` may be one of the inputs everywhere.

/** out = a b. */
export function feMul(a: usize, b: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const s1 = v128.load32_splat(a, 4), s2 = v128.load32_splat(a, 8), s3 = v128.load32_splat(a, 12)
  const s4 = v128.load32_splat(a, 16), s5 = v128.load32_splat(a, 20), s6 = v128.load32_splat(a, 24)
  const s7 = v128.load32_splat(a, 28), s8 = v128.load32_splat(a, 32)
  const t0 = v128.load(b), t1 = v128.load(b, 16), t2 = v128.load32_zero(b, 32), o0 = following(t0, t1)
  const o1 = following(t1, t2)
  reduce(
    a0 * b0, a0 * b1 + a1 * b0, a0 * b2 + a1 * b1 + a2 * b0, a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0, a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
    upper0(s1, s2, s3, s4, s5, s6, s7, s8, o0, o1, t0, t1, t2), upper1(s3, s4, s5, s6, s7, s8, o0, o1, t1, t2),
    upper2(s5, s6, s7, s8, o1, t1, t2), upper3(s7, s8, o1, t2), 0,
    out,
  )
}

// @ts-ignore: decorator
@inline
function doubled(a: usize, offset: usize): v128 {
  return i32x4.shl(v128.load32_splat(a + offset), 1)
}

/** out = a^2. */
export function feSqr(a: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const aa0 = a0 << 1, aa1 = a1 << 1, aa2 = a2 << 1, aa3 = a3 << 1, aa4 = a4 << 1, aa5 = a5 << 1, aa6 = a6 << 1
  const aa7 = a7 << 1
  const s1 = doubled(a, 4), s2 = doubled(a, 8), s3 = doubled(a, 12), s4 = doubled(a, 16), s5 = doubled(a, 20)
  const s6 = doubled(a, 24), s7 = doubled(a, 28)
  const t1 = v128.load(a, 16), t2 = v128.load32_zero(a, 32), o1 = following(t1, t2), d56 = squares56(o1)
  const d78 = squares78(o1)
  reduce(
    a0 * a0, aa0 * a1, aa0 * a2 + a1 * a1, aa0 * a3 + aa1 * a2, aa0 * a4 + aa1 * a3 + a2 * a2,
    aa0 * a5 + aa1 * a4 + aa2 * a3, aa0 * a6 + aa1 * a5 + aa2 * a4 + a3 * a3, aa0 * a7 + aa1 * a6 + aa2 * a5 + aa3 * a4,
    aa0 * a8 + aa1 * a7 + aa2 * a6 + aa3 * a5 + a4 * a4, square0(s1, s2, s3, s4, o1, t1, t2, d56),
    square1(s3, s4, s5, o1, t1, t2, d56), square2(s5, s6, o1, t2, d78), square3(s7, t2, d78), 0,
    out,
  )
}

/** Two limbs of b + 2 c. */
// @ts-ignore: decorator
@inline
function addTwice(b: usize, c: usize, offset: usize): v128 {
  return i64x2.extend_low_i32x4_s(i32x4.add(v128.load64_zero(b + offset), i32x4.shl(v128.load64_zero(c + offset), 1)))
}

/** out = a^2 - b - 2 c, the weights of b and 2 c 7 at most together. */
export function feSqrSub(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const aa0 = a0 << 1, aa1 = a1 << 1, aa2 = a2 << 1, aa3 = a3 << 1, aa4 = a4 << 1, aa5 = a5 << 1, aa6 = a6 << 1
  const aa7 = a7 << 1
  const s1 = doubled(a, 4), s2 = doubled(a, 8), s3 = doubled(a, 12), s4 = doubled(a, 16), s5 = doubled(a, 20)
  const s6 = doubled(a, 24), s7 = doubled(a, 28)
  const t1 = v128.load(a, 16), t2 = v128.load32_zero(a, 32), o1 = following(t1, t2), d56 = squares56(o1)
  const d78 = squares78(o1)
  const l0 = addTwice(b, c, 0), l1 = addTwice(b, c, 8), l2 = addTwice(b, c, 16), l3 = addTwice(b, c, 24)
  reduce(
    a0 * a0, aa0 * a1, aa0 * a2 + a1 * a1, aa0 * a3 + aa1 * a2, aa0 * a4 + aa1 * a3 + a2 * a2,
    aa0 * a5 + aa1 * a4 + aa2 * a3, aa0 * a6 + aa1 * a5 + aa2 * a4 + a3 * a3, aa0 * a7 + aa1 * a6 + aa2 * a5 + aa3 * a4,
    aa0 * a8 + aa1 * a7 + aa2 * a6 + aa3 * a5 + a4 * a4, i64x2.sub(square0(s1, s2, s3, s4, o1, t1, t2, d56), l0),
    i64x2.sub(square1(s3, s4, s5, o1, t1, t2, d56), l1), i64x2.sub(square2(s5, s6, o1, t2, d78), l2),
    i64x2.sub(square3(s7, t2, d78), l3), -limb(b, 32) - (limb(c, 32) << 1),
    out,
  )
}

/** out = a b - c d, with one reduction. */
export function feMulSubMul(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const c0 = limb(c, 0), c1 = limb(c, 4), c2 = limb(c, 8), c3 = limb(c, 12), c4 = limb(c, 16), c5 = limb(c, 20)
  const c6 = limb(c, 24), c7 = limb(c, 28), c8 = limb(c, 32)
  const d0 = limb(d, 0), d1 = limb(d, 4), d2 = limb(d, 8), d3 = limb(d, 12), d4 = limb(d, 16), d5 = limb(d, 20)
  const d6 = limb(d, 24), d7 = limb(d, 28), d8 = limb(d, 32)
  const s1 = v128.load32_splat(a, 4), s2 = v128.load32_splat(a, 8), s3 = v128.load32_splat(a, 12)
  const s4 = v128.load32_splat(a, 16), s5 = v128.load32_splat(a, 20), s6 = v128.load32_splat(a, 24)
  const s7 = v128.load32_splat(a, 28), s8 = v128.load32_splat(a, 32)
  const t0 = v128.load(b), t1 = v128.load(b, 16), t2 = v128.load32_zero(b, 32), o0 = following(t0, t1)
  const o1 = following(t1, t2)
  const r1 = v128.load32_splat(c, 4), r2 = v128.load32_splat(c, 8), r3 = v128.load32_splat(c, 12)
  const r4 = v128.load32_splat(c, 16), r5 = v128.load32_splat(c, 20), r6 = v128.load32_splat(c, 24)
  const r7 = v128.load32_splat(c, 28), r8 = v128.load32_splat(c, 32)
  const dt0 = v128.load(d), dt1 = v128.load(d, 16), dt2 = v128.load32_zero(d, 32), do0 = following(dt0, dt1)
  const do1 = following(dt1, dt2)
  const q0 = upper0(r1, r2, r3, r4, r5, r6, r7, r8, do0, do1, dt0, dt1, dt2)
  const q1 = upper1(r3, r4, r5, r6, r7, r8, do0, do1, dt1, dt2), q2 = upper2(r5, r6, r7, r8, do1, dt1, dt2)
  const q3 = upper3(r7, r8, do1, dt2)
  reduce(
    a0 * b0 - (c0 * d0), a0 * b1 + a1 * b0 - (c0 * d1 + c1 * d0),
    a0 * b2 + a1 * b1 + a2 * b0 - (c0 * d2 + c1 * d1 + c2 * d0),
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (c0 * d3 + c1 * d2 + c2 * d1 + c3 * d0),
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (c0 * d4 + c1 * d3 + c2 * d2 + c3 * d1 + c4 * d0),
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 -
      (c0 * d5 + c1 * d4 + c2 * d3 + c3 * d2 + c4 * d1 + c5 * d0),
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 -
      (c0 * d6 + c1 * d5 + c2 * d4 + c3 * d3 + c4 * d2 + c5 * d1 + c6 * d0),
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 -
      (c0 * d7 + c1 * d6 + c2 * d5 + c3 * d4 + c4 * d3 + c5 * d2 + c6 * d1 + c7 * d0),
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 -
      (c0 * d8 + c1 * d7 + c2 * d6 + c3 * d5 + c4 * d4 + c5 * d3 + c6 * d2 + c7 * d1 + c8 * d0),
    i64x2.sub(upper0(s1, s2, s3, s4, s5, s6, s7, s8, o0, o1, t0, t1, t2), q0),
    i64x2.sub(upper1(s3, s4, s5, s6, s7, s8, o0, o1, t1, t2), q1), i64x2.sub(upper2(s5, s6, s7, s8, o1, t1, t2), q2),
    i64x2.sub(upper3(s7, s8, o1, t2), q3), 0,
    out,
  )
}

/** out = a b - 8 c^2, with one reduction. */
export function feMulSubSqr8(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const s1 = v128.load32_splat(a, 4), s2 = v128.load32_splat(a, 8), s3 = v128.load32_splat(a, 12)
  const s4 = v128.load32_splat(a, 16), s5 = v128.load32_splat(a, 20), s6 = v128.load32_splat(a, 24)
  const s7 = v128.load32_splat(a, 28), s8 = v128.load32_splat(a, 32)
  const t0 = v128.load(b), t1 = v128.load(b, 16), t2 = v128.load32_zero(b, 32), o0 = following(t0, t1)
  const o1 = following(t1, t2)
  const c0 = limb(c, 0), c1 = limb(c, 4), c2 = limb(c, 8), c3 = limb(c, 12), c4 = limb(c, 16), c5 = limb(c, 20)
  const c6 = limb(c, 24), c7 = limb(c, 28), c8 = limb(c, 32)
  const cc0 = c0 << 1, cc1 = c1 << 1, cc2 = c2 << 1, cc3 = c3 << 1, cc4 = c4 << 1, cc5 = c5 << 1, cc6 = c6 << 1
  const cc7 = c7 << 1
  const r1 = doubled(c, 4), r2 = doubled(c, 8), r3 = doubled(c, 12), r4 = doubled(c, 16), r5 = doubled(c, 20)
  const r6 = doubled(c, 24), r7 = doubled(c, 28)
  const ct1 = v128.load(c, 16), ct2 = v128.load32_zero(c, 32), co1 = following(ct1, ct2), cd56 = squares56(co1)
  const cd78 = squares78(co1)
  const q0 = square0(r1, r2, r3, r4, co1, ct1, ct2, cd56), q1 = square1(r3, r4, r5, co1, ct1, ct2, cd56)
  const q2 = square2(r5, r6, co1, ct2, cd78), q3 = square3(r7, ct2, cd78)
  reduce(
    a0 * b0 - ((c0 * c0) << 3), a0 * b1 + a1 * b0 - ((cc0 * c1) << 3),
    a0 * b2 + a1 * b1 + a2 * b0 - ((cc0 * c2 + c1 * c1) << 3),
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - ((cc0 * c3 + cc1 * c2) << 3),
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - ((cc0 * c4 + cc1 * c3 + c2 * c2) << 3),
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 - ((cc0 * c5 + cc1 * c4 + cc2 * c3) << 3),
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 -
      ((cc0 * c6 + cc1 * c5 + cc2 * c4 + c3 * c3) << 3),
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 -
      ((cc0 * c7 + cc1 * c6 + cc2 * c5 + cc3 * c4) << 3),
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 -
      ((cc0 * c8 + cc1 * c7 + cc2 * c6 + cc3 * c5 + c4 * c4) << 3),
    i64x2.sub(upper0(s1, s2, s3, s4, s5, s6, s7, s8, o0, o1, t0, t1, t2), i64x2.shl(q0, 3)),
    i64x2.sub(upper1(s3, s4, s5, s6, s7, s8, o0, o1, t1, t2), i64x2.shl(q1, 3)),
    i64x2.sub(upper2(s5, s6, s7, s8, o1, t1, t2), i64x2.shl(q2, 3)),
    i64x2.sub(upper3(s7, s8, o1, t2), i64x2.shl(q3, 3)), 0,
    out,
  )
}
