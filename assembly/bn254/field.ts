// The field of BN254: integers modulo p. Variable time: for public data only. Decision 19
// (docs/adr/0019-bn254-in-the-core.md) has what was measured.
//
// An element x is kept as x R modulo p, R = 2^261 (Montgomery), in nine signed limbs of 29 bits, in an i32 each (36
// bytes).
//
// Products of limbs are summed in columns, in 64 bits. Numbers are multiplied in three parts of three limbs
// (Karatsuba): A, B, C are the columns of x0 y0, x1 y1, x2 y2, and D, E, F those of x0 y1 + x1 y0, x0 y2 + x2 y0 + x1
// y1 and x1 y2 + x2 y1, from the products of the sums r, s, t of parts. Columns are summed modulo 2^64, so that only
// what they come to counts. Squares are faster as they are.
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

export const FE_SIZE: usize = 40

export const MASK: i64 = 0x1fff_ffff
export const HALF: i64 = 0x1000_0000

// p and K in such limbs, and m.
export const P0: i64 = -126026425
export const P1: i64 = 17064119
export const P2: i64 = -59595953
export const P3: i64 = 47522513
export const P4: i64 = -175777416
export const P5: i64 = 47923393
export const P6: i64 = 10936641
export const P7: i64 = 240920116
export const P8: i64 = 3171406
const K0: i64 = -143091041
const K1: i64 = 100647901
const K2: i64 = 225173058
const K3: i64 = -51293469
const K4: i64 = -118815392
const K5: i64 = 249042403
const K6: i64 = 23471826
const K7: i64 = 193702671
const K8: i64 = 448452
export const M: i64 = 75916169

// @ts-ignore: decorator
@inline
export function limb(a: usize, offset: usize): i64 {
  return <i64>load<i32>(a + offset)
}

/** Columns of weight 2^(29 k), linear terms in 9 to 17, to an element: their sum divided by R. */
// @ts-ignore: decorator
@inline
export function reduce(
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64, c6: i64, c7: i64, c8: i64,
  c9: i64, c10: i64, c11: i64, c12: i64, c13: i64, c14: i64, c15: i64, c16: i64, c17: i64,
  out: usize,
): void {
  let t = c0
  const q0 = t & MASK
  t = (t >> 29) + c1 + q0 * K0
  const q1 = t & MASK
  t = (t >> 29) + c2 + q0 * K1 + q1 * K0
  const q2 = t & MASK
  t = (t >> 29) + c3 + q0 * K2 + q1 * K1 + q2 * K0
  const q3 = t & MASK
  t = (t >> 29) + c4 + q0 * K3 + q1 * K2 + q2 * K1 + q3 * K0
  const q4 = t & MASK
  t = (t >> 29) + c5 + q0 * K4 + q1 * K3 + q2 * K2 + q3 * K1 + q4 * K0
  const q5 = t & MASK
  t = (t >> 29) + c6 + q0 * K5 + q1 * K4 + q2 * K3 + q3 * K2 + q4 * K1 + q5 * K0
  const q6 = t & MASK
  t = (t >> 29) + c7 + q0 * K6 + q1 * K5 + q2 * K4 + q3 * K3 + q4 * K2 + q5 * K1 + q6 * K0
  const q7 = t & MASK
  t = (t >> 29) + c8 + q0 * K7 + q1 * K6 + q2 * K5 + q3 * K4 + q4 * K3 + q5 * K2 + q6 * K1 + q7 * K0
  const q8 = (t * M) & MASK
  t = (t + q8 * P0) >> 29
  t += c9 + HALF + q0 * K8 + q1 * K7 + q2 * K6 + q3 * K5 + q4 * K4 + q5 * K3 + q6 * K2 + q7 * K1 + q8 * P1
  store<i32>(out, <i32>((t & MASK) - HALF))
  t >>= 29
  t += c10 + HALF + q1 * K8 + q2 * K7 + q3 * K6 + q4 * K5 + q5 * K4 + q6 * K3 + q7 * K2 + q8 * P2
  store<i32>(out, <i32>((t & MASK) - HALF), 4)
  t >>= 29
  t += c11 + HALF + q2 * K8 + q3 * K7 + q4 * K6 + q5 * K5 + q6 * K4 + q7 * K3 + q8 * P3
  store<i32>(out, <i32>((t & MASK) - HALF), 8)
  t >>= 29
  t += c12 + HALF + q3 * K8 + q4 * K7 + q5 * K6 + q6 * K5 + q7 * K4 + q8 * P4
  store<i32>(out, <i32>((t & MASK) - HALF), 12)
  t >>= 29
  t += c13 + HALF + q4 * K8 + q5 * K7 + q6 * K6 + q7 * K5 + q8 * P5
  store<i32>(out, <i32>((t & MASK) - HALF), 16)
  t >>= 29
  t += c14 + HALF + q5 * K8 + q6 * K7 + q7 * K6 + q8 * P6
  store<i32>(out, <i32>((t & MASK) - HALF), 20)
  t >>= 29
  t += c15 + HALF + q6 * K8 + q7 * K7 + q8 * P7
  store<i32>(out, <i32>((t & MASK) - HALF), 24)
  t >>= 29
  t += c16 + HALF + q7 * K8 + q8 * P8
  store<i32>(out, <i32>((t & MASK) - HALF), 28)
  t >>= 29
  store<i32>(out, <i32>(t + c17), 32)
}

/** out = a b. */
export function feMul(a: usize, b: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const xr0 = a0 + a3, xr1 = a1 + a4, xr2 = a2 + a5, xs0 = a0 + a6, xs1 = a1 + a7, xs2 = a2 + a8, xt0 = a3 + a6
  const xt1 = a4 + a7, xt2 = a5 + a8
  const xr3 = b0 + b3, xr4 = b1 + b4, xr5 = b2 + b5, xs3 = b0 + b6, xs4 = b1 + b7, xs5 = b2 + b8, xt3 = b3 + b6
  const xt4 = b4 + b7, xt5 = b5 + b8
  const xA0 = a0 * b0, xA1 = a0 * b1 + a1 * b0, xA2 = a0 * b2 + a1 * b1 + a2 * b0, xA3 = a1 * b2 + a2 * b1
  const xA4 = a2 * b2
  const xB0 = a3 * b3, xB1 = a3 * b4 + a4 * b3, xB2 = a3 * b5 + a4 * b4 + a5 * b3, xB3 = a4 * b5 + a5 * b4
  const xB4 = a5 * b5
  const xC0 = a6 * b6, xC1 = a6 * b7 + a7 * b6, xC2 = a6 * b8 + a7 * b7 + a8 * b6, xC3 = a7 * b8 + a8 * b7
  const xC4 = a8 * b8
  const xD0 = xr0 * xr3 - xA0 - xB0, xD1 = xr0 * xr4 + xr1 * xr3 - xA1 - xB1
  const xD2 = xr0 * xr5 + xr1 * xr4 + xr2 * xr3 - xA2 - xB2, xD3 = xr1 * xr5 + xr2 * xr4 - xA3 - xB3
  const xD4 = xr2 * xr5 - xA4 - xB4
  const xE0 = xs0 * xs3 - xA0 + xB0 - xC0, xE1 = xs0 * xs4 + xs1 * xs3 - xA1 + xB1 - xC1
  const xE2 = xs0 * xs5 + xs1 * xs4 + xs2 * xs3 - xA2 + xB2 - xC2, xE3 = xs1 * xs5 + xs2 * xs4 - xA3 + xB3 - xC3
  const xE4 = xs2 * xs5 - xA4 + xB4 - xC4
  const xF0 = xt0 * xt3 - xB0 - xC0, xF1 = xt0 * xt4 + xt1 * xt3 - xB1 - xC1
  const xF2 = xt0 * xt5 + xt1 * xt4 + xt2 * xt3 - xB2 - xC2, xF3 = xt1 * xt5 + xt2 * xt4 - xB3 - xC3
  const xF4 = xt2 * xt5 - xB4 - xC4
  reduce(
    xA0, xA1, xA2, xA3 + xD0, xA4 + xD1, xD2, xD3 + xE0, xD4 + xE1, xE2, xE3 + xF0, xE4 + xF1, xF2, xF3 + xC0,
    xF4 + xC1, xC2, xC3, xC4, 0,
    out,
  )
}

/** out = a^2. */
export function feSqr(a: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1, d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1
  reduce(
    a0 * a0, d0 * a1, d0 * a2 + a1 * a1, d0 * a3 + d1 * a2, d0 * a4 + d1 * a3 + a2 * a2, d0 * a5 + d1 * a4 + d2 * a3,
    d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3, d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
    d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4, d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5,
    d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5, d3 * a8 + d4 * a7 + d5 * a6, d4 * a8 + d5 * a7 + a6 * a6, d5 * a8 + d6 * a7,
    d6 * a8 + a7 * a7, d7 * a8, a8 * a8, 0,
    out,
  )
}

/** out = a^2 - b - 2 c. */
export function feSqrSub(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1, d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const c0 = limb(c, 0), c1 = limb(c, 4), c2 = limb(c, 8), c3 = limb(c, 12), c4 = limb(c, 16), c5 = limb(c, 20)
  const c6 = limb(c, 24), c7 = limb(c, 28), c8 = limb(c, 32)
  reduce(
    a0 * a0, d0 * a1, d0 * a2 + a1 * a1, d0 * a3 + d1 * a2, d0 * a4 + d1 * a3 + a2 * a2, d0 * a5 + d1 * a4 + d2 * a3,
    d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3, d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
    d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4, d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5 - b0 - (c0 << 1),
    d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5 - b1 - (c1 << 1), d3 * a8 + d4 * a7 + d5 * a6 - b2 - (c2 << 1),
    d4 * a8 + d5 * a7 + a6 * a6 - b3 - (c3 << 1), d5 * a8 + d6 * a7 - b4 - (c4 << 1),
    d6 * a8 + a7 * a7 - b5 - (c5 << 1), d7 * a8 - b6 - (c6 << 1), a8 * a8 - b7 - (c7 << 1), -b8 - (c8 << 1),
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
  const xr0 = a0 + a3, xr1 = a1 + a4, xr2 = a2 + a5, xs0 = a0 + a6, xs1 = a1 + a7, xs2 = a2 + a8, xt0 = a3 + a6
  const xt1 = a4 + a7, xt2 = a5 + a8
  const xr3 = b0 + b3, xr4 = b1 + b4, xr5 = b2 + b5, xs3 = b0 + b6, xs4 = b1 + b7, xs5 = b2 + b8, xt3 = b3 + b6
  const xt4 = b4 + b7, xt5 = b5 + b8
  const xA0 = a0 * b0, xA1 = a0 * b1 + a1 * b0, xA2 = a0 * b2 + a1 * b1 + a2 * b0, xA3 = a1 * b2 + a2 * b1
  const xA4 = a2 * b2
  const xB0 = a3 * b3, xB1 = a3 * b4 + a4 * b3, xB2 = a3 * b5 + a4 * b4 + a5 * b3, xB3 = a4 * b5 + a5 * b4
  const xB4 = a5 * b5
  const xC0 = a6 * b6, xC1 = a6 * b7 + a7 * b6, xC2 = a6 * b8 + a7 * b7 + a8 * b6, xC3 = a7 * b8 + a8 * b7
  const xC4 = a8 * b8
  const xD0 = xr0 * xr3 - xA0 - xB0, xD1 = xr0 * xr4 + xr1 * xr3 - xA1 - xB1
  const xD2 = xr0 * xr5 + xr1 * xr4 + xr2 * xr3 - xA2 - xB2, xD3 = xr1 * xr5 + xr2 * xr4 - xA3 - xB3
  const xD4 = xr2 * xr5 - xA4 - xB4
  const xE0 = xs0 * xs3 - xA0 + xB0 - xC0, xE1 = xs0 * xs4 + xs1 * xs3 - xA1 + xB1 - xC1
  const xE2 = xs0 * xs5 + xs1 * xs4 + xs2 * xs3 - xA2 + xB2 - xC2, xE3 = xs1 * xs5 + xs2 * xs4 - xA3 + xB3 - xC3
  const xE4 = xs2 * xs5 - xA4 + xB4 - xC4
  const xF0 = xt0 * xt3 - xB0 - xC0, xF1 = xt0 * xt4 + xt1 * xt3 - xB1 - xC1
  const xF2 = xt0 * xt5 + xt1 * xt4 + xt2 * xt3 - xB2 - xC2, xF3 = xt1 * xt5 + xt2 * xt4 - xB3 - xC3
  const xF4 = xt2 * xt5 - xB4 - xC4
  const yr0 = c0 + c3, yr1 = c1 + c4, yr2 = c2 + c5, ys0 = c0 + c6, ys1 = c1 + c7, ys2 = c2 + c8, yt0 = c3 + c6
  const yt1 = c4 + c7, yt2 = c5 + c8
  const yr3 = d0 + d3, yr4 = d1 + d4, yr5 = d2 + d5, ys3 = d0 + d6, ys4 = d1 + d7, ys5 = d2 + d8, yt3 = d3 + d6
  const yt4 = d4 + d7, yt5 = d5 + d8
  const yA0 = c0 * d0, yA1 = c0 * d1 + c1 * d0, yA2 = c0 * d2 + c1 * d1 + c2 * d0, yA3 = c1 * d2 + c2 * d1
  const yA4 = c2 * d2
  const yB0 = c3 * d3, yB1 = c3 * d4 + c4 * d3, yB2 = c3 * d5 + c4 * d4 + c5 * d3, yB3 = c4 * d5 + c5 * d4
  const yB4 = c5 * d5
  const yC0 = c6 * d6, yC1 = c6 * d7 + c7 * d6, yC2 = c6 * d8 + c7 * d7 + c8 * d6, yC3 = c7 * d8 + c8 * d7
  const yC4 = c8 * d8
  const yD0 = yr0 * yr3 - yA0 - yB0, yD1 = yr0 * yr4 + yr1 * yr3 - yA1 - yB1
  const yD2 = yr0 * yr5 + yr1 * yr4 + yr2 * yr3 - yA2 - yB2, yD3 = yr1 * yr5 + yr2 * yr4 - yA3 - yB3
  const yD4 = yr2 * yr5 - yA4 - yB4
  const yE0 = ys0 * ys3 - yA0 + yB0 - yC0, yE1 = ys0 * ys4 + ys1 * ys3 - yA1 + yB1 - yC1
  const yE2 = ys0 * ys5 + ys1 * ys4 + ys2 * ys3 - yA2 + yB2 - yC2, yE3 = ys1 * ys5 + ys2 * ys4 - yA3 + yB3 - yC3
  const yE4 = ys2 * ys5 - yA4 + yB4 - yC4
  const yF0 = yt0 * yt3 - yB0 - yC0, yF1 = yt0 * yt4 + yt1 * yt3 - yB1 - yC1
  const yF2 = yt0 * yt5 + yt1 * yt4 + yt2 * yt3 - yB2 - yC2, yF3 = yt1 * yt5 + yt2 * yt4 - yB3 - yC3
  const yF4 = yt2 * yt5 - yB4 - yC4
  reduce(
    xA0 - (yA0), xA1 - (yA1), xA2 - (yA2), xA3 + xD0 - (yA3 + yD0), xA4 + xD1 - (yA4 + yD1), xD2 - (yD2),
    xD3 + xE0 - (yD3 + yE0), xD4 + xE1 - (yD4 + yE1), xE2 - (yE2), xE3 + xF0 - (yE3 + yF0), xE4 + xF1 - (yE4 + yF1),
    xF2 - (yF2), xF3 + xC0 - (yF3 + yC0), xF4 + xC1 - (yF4 + yC1), xC2 - (yC2), xC3 - (yC3), xC4 - (yC4), 0,
    out,
  )
}

/** out = a b - 8 c^2, with one reduction. */
export function feMulSubSqr8(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const c0 = limb(c, 0), c1 = limb(c, 4), c2 = limb(c, 8), c3 = limb(c, 12), c4 = limb(c, 16), c5 = limb(c, 20)
  const c6 = limb(c, 24), c7 = limb(c, 28), c8 = limb(c, 32)
  const xr0 = a0 + a3, xr1 = a1 + a4, xr2 = a2 + a5, xs0 = a0 + a6, xs1 = a1 + a7, xs2 = a2 + a8, xt0 = a3 + a6
  const xt1 = a4 + a7, xt2 = a5 + a8
  const xr3 = b0 + b3, xr4 = b1 + b4, xr5 = b2 + b5, xs3 = b0 + b6, xs4 = b1 + b7, xs5 = b2 + b8, xt3 = b3 + b6
  const xt4 = b4 + b7, xt5 = b5 + b8
  const xA0 = a0 * b0, xA1 = a0 * b1 + a1 * b0, xA2 = a0 * b2 + a1 * b1 + a2 * b0, xA3 = a1 * b2 + a2 * b1
  const xA4 = a2 * b2
  const xB0 = a3 * b3, xB1 = a3 * b4 + a4 * b3, xB2 = a3 * b5 + a4 * b4 + a5 * b3, xB3 = a4 * b5 + a5 * b4
  const xB4 = a5 * b5
  const xC0 = a6 * b6, xC1 = a6 * b7 + a7 * b6, xC2 = a6 * b8 + a7 * b7 + a8 * b6, xC3 = a7 * b8 + a8 * b7
  const xC4 = a8 * b8
  const xD0 = xr0 * xr3 - xA0 - xB0, xD1 = xr0 * xr4 + xr1 * xr3 - xA1 - xB1
  const xD2 = xr0 * xr5 + xr1 * xr4 + xr2 * xr3 - xA2 - xB2, xD3 = xr1 * xr5 + xr2 * xr4 - xA3 - xB3
  const xD4 = xr2 * xr5 - xA4 - xB4
  const xE0 = xs0 * xs3 - xA0 + xB0 - xC0, xE1 = xs0 * xs4 + xs1 * xs3 - xA1 + xB1 - xC1
  const xE2 = xs0 * xs5 + xs1 * xs4 + xs2 * xs3 - xA2 + xB2 - xC2, xE3 = xs1 * xs5 + xs2 * xs4 - xA3 + xB3 - xC3
  const xE4 = xs2 * xs5 - xA4 + xB4 - xC4
  const xF0 = xt0 * xt3 - xB0 - xC0, xF1 = xt0 * xt4 + xt1 * xt3 - xB1 - xC1
  const xF2 = xt0 * xt5 + xt1 * xt4 + xt2 * xt3 - xB2 - xC2, xF3 = xt1 * xt5 + xt2 * xt4 - xB3 - xC3
  const xF4 = xt2 * xt5 - xB4 - xC4
  const d0 = c0 << 1, d1 = c1 << 1, d2 = c2 << 1, d3 = c3 << 1, d4 = c4 << 1, d5 = c5 << 1, d6 = c6 << 1, d7 = c7 << 1
  reduce(
    xA0 - ((c0 * c0) << 3), xA1 - ((d0 * c1) << 3), xA2 - ((d0 * c2 + c1 * c1) << 3),
    xA3 + xD0 - ((d0 * c3 + d1 * c2) << 3), xA4 + xD1 - ((d0 * c4 + d1 * c3 + c2 * c2) << 3),
    xD2 - ((d0 * c5 + d1 * c4 + d2 * c3) << 3), xD3 + xE0 - ((d0 * c6 + d1 * c5 + d2 * c4 + c3 * c3) << 3),
    xD4 + xE1 - ((d0 * c7 + d1 * c6 + d2 * c5 + d3 * c4) << 3),
    xE2 - ((d0 * c8 + d1 * c7 + d2 * c6 + d3 * c5 + c4 * c4) << 3),
    xE3 + xF0 - ((d1 * c8 + d2 * c7 + d3 * c6 + d4 * c5) << 3),
    xE4 + xF1 - ((d2 * c8 + d3 * c7 + d4 * c6 + c5 * c5) << 3), xF2 - ((d3 * c8 + d4 * c7 + d5 * c6) << 3),
    xF3 + xC0 - ((d4 * c8 + d5 * c7 + c6 * c6) << 3), xF4 + xC1 - ((d5 * c8 + d6 * c7) << 3),
    xC2 - ((d6 * c8 + c7 * c7) << 3), xC3 - ((d7 * c8) << 3), xC4 - ((c8 * c8) << 3), 0,
    out,
  )
}
