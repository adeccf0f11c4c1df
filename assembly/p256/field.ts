import { drop, take } from '../mem/stack'

// The field of P-256: integers modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1. Variable time: for public data only.
// Decision 22 (docs/adr/0022-bls12-381-and-p-256-in-the-core.md) has what was measured.
//
// An element x is kept as x R modulo p, R = 2^261 (Montgomery), in nine signed limbs of 29 bits, in an i32 each (36
// bytes).
//
// Products of limbs are summed in columns of 64 bits without a carry. Numbers are multiplied
// in three parts of three limbs (Karatsuba): u, v, w are the columns of x0 y0, x1 y1, x2 y2, and d, e, f those of x0
// y1 + x1 y0, x0 y2 + x2 y0 + x1 y1 and x1 y2 + x2 y1, from the products of the sums r, s, t of parts.
//
// Reduction takes no multiplication: p is -1 modulo 2^96, so each limb is its own quotient q, and q (p + 1) / 2^29 is
// four shifts of it, for (p + 1) / 2^29 = 2^227 - 2^195 + 2^163 + 2^67.
//
// Bounds. An element is "reduced" when its limbs 0 to 7 are within 2^28 + 4 and it is below 4 p in size, so that limb
// 8 is below 2^26 + 1. An element has weight m when it is the sum or difference of m reduced ones; the product's
// weight is the product of its factors'. A column has at most 9 products below 1.001 w 2^56 and what reduction adds,
// below 2^55: products of weight <= 13 can be reduced. The product of elements below A p and B p is below A B p / 32
// + p; linear terms are added above what reduction clears. Callers see to it that results are below 4 p (points.ts
// has the sizes). `out` may be one of the inputs where it is an element.

export const FE_SIZE: usize = 40

const MASK: i64 = 0x1fff_ffff
const HALF: i64 = 0x1000_0000

// @ts-ignore: decorator
@inline
function limb(a: usize, offset: usize): i64 {
  return <i64>load<i32>(a + offset)
}

/** Columns, linear terms from 9 on, to an element: their sum divided by R. */
// @ts-ignore: decorator
@inline
function reduce(
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64, c6: i64, c7: i64, c8: i64, c9: i64, c10: i64, c11: i64,
  c12: i64, c13: i64, c14: i64, c15: i64, c16: i64, c17: i64,
  out: usize,
): void {
  let t = c0
  const q0 = t & MASK
  t = (t >> 29) + c1
  const q1 = t & MASK
  t = (t >> 29) + c2
  const q2 = t & MASK
  t = (t >> 29) + c3 + (q0 << 9)
  const q3 = t & MASK
  t = (t >> 29) + c4 + (q1 << 9)
  const q4 = t & MASK
  t = (t >> 29) + c5 + (q2 << 9)
  const q5 = t & MASK
  t = (t >> 29) + c6 + (q3 << 9) + (q0 << 18)
  const q6 = t & MASK
  t = (t >> 29) + c7 + (q4 << 9) + (q1 << 18) - (q0 << 21)
  const q7 = t & MASK
  t = (t >> 29) + c8 + (q5 << 9) + (q2 << 18) - (q1 << 21) + (q0 << 24)
  const q8 = t & MASK
  t = (t >> 29) + c9 + HALF + (q6 << 9) + (q3 << 18) - (q2 << 21) + (q1 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF))
  t = (t >> 29) + c10 + HALF + (q7 << 9) + (q4 << 18) - (q3 << 21) + (q2 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 4)
  t = (t >> 29) + c11 + HALF + (q8 << 9) + (q5 << 18) - (q4 << 21) + (q3 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 8)
  t = (t >> 29) + c12 + HALF + (q6 << 18) - (q5 << 21) + (q4 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 12)
  t = (t >> 29) + c13 + HALF + (q7 << 18) - (q6 << 21) + (q5 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 16)
  t = (t >> 29) + c14 + HALF + (q8 << 18) - (q7 << 21) + (q6 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 20)
  t = (t >> 29) + c15 + HALF - (q8 << 21) + (q7 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 24)
  t = (t >> 29) + c16 + HALF + (q8 << 24)
  store<i32>(out, <i32>((t & MASK) - HALF), 28)
  store<i32>(out, <i32>((t >> 29) + c17), 32)
}

/** out = a b - l, for the limbs of an element of any weight. */
// @ts-ignore: decorator
@inline
function multiply(
  a: usize, b: usize, l0: i64, l1: i64, l2: i64, l3: i64, l4: i64,
  l5: i64, l6: i64, l7: i64, l8: i64, out: usize,
): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const u0 = a0 * b0, u1 = a0 * b1 + a1 * b0, u2 = a0 * b2 + a1 * b1 + a2 * b0, u3 = a1 * b2 + a2 * b1, u4 = a2 * b2
  const v0 = a3 * b3, v1 = a3 * b4 + a4 * b3, v2 = a3 * b5 + a4 * b4 + a5 * b3, v3 = a4 * b5 + a5 * b4, v4 = a5 * b5
  const w0 = a6 * b6, w1 = a6 * b7 + a7 * b6, w2 = a6 * b8 + a7 * b7 + a8 * b6, w3 = a7 * b8 + a8 * b7, w4 = a8 * b8
  const r0 = a0 + a3, r1 = a1 + a4, r2 = a2 + a5, r3 = b0 + b3, r4 = b1 + b4, r5 = b2 + b5
  const s0 = a0 + a6, s1 = a1 + a7, s2 = a2 + a8, s3 = b0 + b6, s4 = b1 + b7, s5 = b2 + b8
  const t0 = a3 + a6, t1 = a4 + a7, t2 = a5 + a8, t3 = b3 + b6, t4 = b4 + b7, t5 = b5 + b8
  const d0 = r0 * r3 - u0 - v0, d1 = r0 * r4 + r1 * r3 - u1 - v1, d2 = r0 * r5 + r1 * r4 + r2 * r3 - u2 - v2
  const d3 = r1 * r5 + r2 * r4 - u3 - v3, d4 = r2 * r5 - u4 - v4
  const e0 = s0 * s3 - u0 + v0 - w0, e1 = s0 * s4 + s1 * s3 - u1 + v1 - w1
  const e2 = s0 * s5 + s1 * s4 + s2 * s3 - u2 + v2 - w2, e3 = s1 * s5 + s2 * s4 - u3 + v3 - w3
  const e4 = s2 * s5 - u4 + v4 - w4
  const f0 = t0 * t3 - v0 - w0, f1 = t0 * t4 + t1 * t3 - v1 - w1, f2 = t0 * t5 + t1 * t4 + t2 * t3 - v2 - w2
  const f3 = t1 * t5 + t2 * t4 - v3 - w3, f4 = t2 * t5 - v4 - w4
  reduce(
    u0, u1, u2, u3 + d0, u4 + d1, d2, d3 + e0, d4 + e1, e2, e3 + f0 - l0, e4 + f1 - l1, f2 - l2, f3 + w0 - l3,
    f4 + w1 - l4, w2 - l5, w3 - l6, w4 - l7, -l8,
    out,
  )
}

/** out = a^2 - l. */
// @ts-ignore: decorator
@inline
function square(
  a: usize, l0: i64, l1: i64, l2: i64, l3: i64, l4: i64,
  l5: i64, l6: i64, l7: i64, l8: i64, out: usize,
): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1, d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1
  reduce(
    a0 * a0, d0 * a1, d0 * a2 + a1 * a1, d0 * a3 + d1 * a2, d0 * a4 + d1 * a3 + a2 * a2,
    d0 * a5 + d1 * a4 + d2 * a3, d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3, d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
    d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4, d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5 - l0,
    d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5 - l1, d3 * a8 + d4 * a7 + d5 * a6 - l2,
    d4 * a8 + d5 * a7 + a6 * a6 - l3, d5 * a8 + d6 * a7 - l4, d6 * a8 + a7 * a7 - l5, d7 * a8 - l6, a8 * a8 - l7,
    -l8,
    out,
  )
}

/** out = a b. */
export function feMul(a: usize, b: usize, out: usize): void {
  multiply(a, b, 0, 0, 0, 0, 0, 0, 0, 0, 0, out)
}

/** out = a^2. */
export function feSqr(a: usize, out: usize): void {
  square(a, 0, 0, 0, 0, 0, 0, 0, 0, 0, out)
}

/** out = a b - c. */
export function feMulSub(a: usize, b: usize, c: usize, out: usize): void {
  multiply(
    a, b,
    limb(c, 0), limb(c, 4), limb(c, 8), limb(c, 12), limb(c, 16), limb(c, 20), limb(c, 24), limb(c, 28),
    limb(c, 32),
    out,
  )
}

/** out = a^2 - b. */
export function feSqrSub(a: usize, b: usize, out: usize): void {
  square(
    a,
    limb(b, 0), limb(b, 4), limb(b, 8), limb(b, 12), limb(b, 16), limb(b, 20), limb(b, 24), limb(b, 28),
    limb(b, 32),
    out,
  )
}

/**
 * out = a, reduced and below 0.51 p in size: less round(a / p) times p, whose limbs are -1, 0, 0, 2^9, 0, 0, 2^18,
 * -2^21, 2^24.
 */
export function feSettle(a: usize, out: usize): void {
  const k = (limb(a, 32) + (1 << 23)) >> 24
  let t = limb(a, 0) + k + HALF
  store<i32>(out, <i32>((t & MASK) - HALF))
  for (let i: usize = 4; i < 32; i += 4) {
    t = (t >> 29) + limb(a, i) + HALF
    if (i == 12) t -= k << 9
    if (i == 24) t -= k << 18
    if (i == 28) t += k << 21
    store<i32>(out + i, <i32>((t & MASK) - HALF))
  }
  store<i32>(out, <i32>((t >> 29) + limb(a, 32) - (k << 24)), 32)
}

/** Whether a = 0, for what is below 7 p: of k p only 0 is below 0.51 p, and its limbs, all below 2^29, are zero. */
export function feIsZero(a: usize): bool {
  const t = take(48)
  feSettle(a, t)
  const zero = (load<u64>(t) | load<u64>(t, 8) | load<u64>(t, 16) | load<u64>(t, 24) | <u64>load<u32>(t, 32)) == 0
  drop(48)
  return zero
}
