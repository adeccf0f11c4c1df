// The field of BLS12-381: integers modulo p. Variable time: for public data only. Decision 22
// (docs/adr/0022-bls12-381-and-p-256-in-the-core.md) has what was measured.
//
// An element x is kept as x R modulo p, R = 2^392 (Montgomery), in fourteen signed limbs of 28 bits, in an i32 each,
// and two that are zero (64 bytes, four vectors).
//
// Products of limbs are summed in 27 columns of 64 bits without a carry, a "wide" number: 28 i64 (224 bytes). Numbers
// are multiplied in two halves of seven limbs (Karatsuba): l and h are the columns of a0 b0 and a1 b1, those of the
// sums s and t of halves give a0 b1 + a1 b0. Wide numbers are added and subtracted (wide.ts) before they are reduced,
// all modulo 2^64, so that only what columns come to counts.
//
// Reduction. K = (m p + 1) / 2^28 with m = -1/p modulo 2^28, here -196611. Adding q (m p) to a number with low limb q
// makes that limb zero, and leaves q K in what is above it: the quotient is the limb itself, with no multiplication.
// Thirteen limbs go so, and the last one with p itself, so that the result is within |wide number| / R + p.
//
// Bounds. An element is "reduced" when its limbs 0 to 12 are within 2^27 + 16 and it is below 4 p in size, so that
// limb 13 is below 2^19. An element has weight m when it is the sum or difference of m reduced ones. A product's
// weight is the product of its factors', that of a sum of products their sum. Claim: every sum of products of weight
// <= 32 can be reduced, and the result is between -0.22 p and 1.22 p.
//   1. A column has at most 13 products of limbs 0 to 12, each below 1.001 w 2^54, and two with limb 13, below w 2^47.
//      Columns are below w 13.1 * 2^54, for w = 32 below 2^62.72 = 105 * 2^56.
//   2. A column gets at most sum |K_i| < 4.7 * 2^27 times q < 2^28, which is 4.7 * 2^55, and one q P_i below 2^55.
//   3. Carries are below 2^35. Together below (105 + 2.9) 2^56 + 2^35 < 2^63.
//   4. p / R is below 2^-11.2, so a product of elements below A p and B p, divided by R, is below A B p / 2350. A sum of
//      weight 32 is below 32 * 16 p / 2350 = 0.218 p. What reduction adds is between -0.001 p and p.
// Linear terms are added above the columns that reduction clears: the caller sees to it that the result is below 4 p.
// Elements of weight up to 14 fit in 32 bits. `out` may be one of the inputs where it is an element.

export const FE_SIZE: usize = 64
export const WIDE_SIZE: usize = 224

export const MASK: i64 = 0x0fff_ffff
export const HALF: i64 = 0x0800_0000

// p and K in such limbs, and m modulo 2^28.
export const P0: i64 = -21845
export const P1: i64 = -1048576
export const P2: i64 = 67108794
export const P3: i64 = -5355
export const P4: i64 = 103030444
export const P5: i64 = -99652849
export const P6: i64 = -10014509
export const P7: i64 = -13086420
export const P8: i64 = 74926981
export const P9: i64 = 79351158
export const P10: i64 = -72894909
export const P11: i64 = -26630990
export const P12: i64 = 32127360
export const P13: i64 = 106513
const K0: i64 = 3145744
const K1: i64 = 80872402
const K2: i64 = -20939072
const K3: i64 = 26190848
const K4: i64 = 10721292
const K5: i64 = -11367772
const K6: i64 = -19715805
const K7: i64 = 738018
const K8: i64 = -110313153
const K9: i64 = -96536016
const K10: i64 = 112059001
const K11: i64 = -37642319
const K12: i64 = -3685406
const K13: i64 = -78
export const M: i64 = 268238845

// @ts-ignore: decorator
@inline
export function limb(a: usize, offset: usize): i64 {
  return <i64>load<i32>(a + offset)
}

/** out = a b, not reduced. */
export function wideMul(a: usize, b: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24)
  const l0 = a0 * b0
  const l1 = a0 * b1 + a1 * b0
  const l2 = a0 * b2 + a1 * b1 + a2 * b0
  const l3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  const l4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0
  const l5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0
  const l6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0
  const l7 = a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1
  const l8 = a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2
  const l9 = a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3
  const l10 = a4 * b6 + a5 * b5 + a6 * b4
  const l11 = a5 * b6 + a6 * b5
  const l12 = a6 * b6
  store<i64>(out, l0)
  store<i64>(out, l1, 8)
  store<i64>(out, l2, 16)
  store<i64>(out, l3, 24)
  store<i64>(out, l4, 32)
  store<i64>(out, l5, 40)
  store<i64>(out, l6, 48)
  const a7 = limb(a, 28), a8 = limb(a, 32), a9 = limb(a, 36), a10 = limb(a, 40), a11 = limb(a, 44), a12 = limb(a, 48)
  const a13 = limb(a, 52)
  const b7 = limb(b, 28), b8 = limb(b, 32), b9 = limb(b, 36), b10 = limb(b, 40), b11 = limb(b, 44), b12 = limb(b, 48)
  const b13 = limb(b, 52)
  const h0 = a7 * b7
  const h1 = a7 * b8 + a8 * b7
  const h2 = a7 * b9 + a8 * b8 + a9 * b7
  const h3 = a7 * b10 + a8 * b9 + a9 * b8 + a10 * b7
  const h4 = a7 * b11 + a8 * b10 + a9 * b9 + a10 * b8 + a11 * b7
  const h5 = a7 * b12 + a8 * b11 + a9 * b10 + a10 * b9 + a11 * b8 + a12 * b7
  const h6 = a7 * b13 + a8 * b12 + a9 * b11 + a10 * b10 + a11 * b9 + a12 * b8 + a13 * b7
  const h7 = a8 * b13 + a9 * b12 + a10 * b11 + a11 * b10 + a12 * b9 + a13 * b8
  const h8 = a9 * b13 + a10 * b12 + a11 * b11 + a12 * b10 + a13 * b9
  const h9 = a10 * b13 + a11 * b12 + a12 * b11 + a13 * b10
  const h10 = a11 * b13 + a12 * b12 + a13 * b11
  const h11 = a12 * b13 + a13 * b12
  const h12 = a13 * b13
  store<i64>(out, h6, 160)
  store<i64>(out, h7, 168)
  store<i64>(out, h8, 176)
  store<i64>(out, h9, 184)
  store<i64>(out, h10, 192)
  store<i64>(out, h11, 200)
  store<i64>(out, h12, 208)
  store<i64>(out, 0, 216)
  const s0 = a0 + a7, s1 = a1 + a8, s2 = a2 + a9, s3 = a3 + a10, s4 = a4 + a11, s5 = a5 + a12, s6 = a6 + a13
  const t0 = b0 + b7, t1 = b1 + b8, t2 = b2 + b9, t3 = b3 + b10, t4 = b4 + b11, t5 = b5 + b12, t6 = b6 + b13
  store<i64>(out, s0 * t0 + l7 - l0 - h0, 56)
  store<i64>(out, s0 * t1 + s1 * t0 + l8 - l1 - h1, 64)
  store<i64>(out, s0 * t2 + s1 * t1 + s2 * t0 + l9 - l2 - h2, 72)
  store<i64>(out, s0 * t3 + s1 * t2 + s2 * t1 + s3 * t0 + l10 - l3 - h3, 80)
  store<i64>(out, s0 * t4 + s1 * t3 + s2 * t2 + s3 * t1 + s4 * t0 + l11 - l4 - h4, 88)
  store<i64>(out, s0 * t5 + s1 * t4 + s2 * t3 + s3 * t2 + s4 * t1 + s5 * t0 + l12 - l5 - h5, 96)
  store<i64>(out, s0 * t6 + s1 * t5 + s2 * t4 + s3 * t3 + s4 * t2 + s5 * t1 + s6 * t0 - l6 - h6, 104)
  store<i64>(out, s1 * t6 + s2 * t5 + s3 * t4 + s4 * t3 + s5 * t2 + s6 * t1 + h0 - l7 - h7, 112)
  store<i64>(out, s2 * t6 + s3 * t5 + s4 * t4 + s5 * t3 + s6 * t2 + h1 - l8 - h8, 120)
  store<i64>(out, s3 * t6 + s4 * t5 + s5 * t4 + s6 * t3 + h2 - l9 - h9, 128)
  store<i64>(out, s4 * t6 + s5 * t5 + s6 * t4 + h3 - l10 - h10, 136)
  store<i64>(out, s5 * t6 + s6 * t5 + h4 - l11 - h11, 144)
  store<i64>(out, s6 * t6 + h5 - l12 - h12, 152)
}

/** out = a^2, not reduced. */
export function wideSqr(a: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32), a9 = limb(a, 36), a10 = limb(a, 40), a11 = limb(a, 44)
  const a12 = limb(a, 48), a13 = limb(a, 52)
  const d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1, d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1
  const d8 = a8 << 1, d9 = a9 << 1, d10 = a10 << 1, d11 = a11 << 1, d12 = a12 << 1
  store<i64>(out, a0 * a0)
  store<i64>(out, d0 * a1, 8)
  store<i64>(out, d0 * a2 + a1 * a1, 16)
  store<i64>(out, d0 * a3 + d1 * a2, 24)
  store<i64>(out, d0 * a4 + d1 * a3 + a2 * a2, 32)
  store<i64>(out, d0 * a5 + d1 * a4 + d2 * a3, 40)
  store<i64>(out, d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3, 48)
  store<i64>(out, d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4, 56)
  store<i64>(out, d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4, 64)
  store<i64>(out, d0 * a9 + d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5, 72)
  store<i64>(out, d0 * a10 + d1 * a9 + d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5, 80)
  store<i64>(out, d0 * a11 + d1 * a10 + d2 * a9 + d3 * a8 + d4 * a7 + d5 * a6, 88)
  store<i64>(out, d0 * a12 + d1 * a11 + d2 * a10 + d3 * a9 + d4 * a8 + d5 * a7 + a6 * a6, 96)
  store<i64>(out, d0 * a13 + d1 * a12 + d2 * a11 + d3 * a10 + d4 * a9 + d5 * a8 + d6 * a7, 104)
  store<i64>(out, d1 * a13 + d2 * a12 + d3 * a11 + d4 * a10 + d5 * a9 + d6 * a8 + a7 * a7, 112)
  store<i64>(out, d2 * a13 + d3 * a12 + d4 * a11 + d5 * a10 + d6 * a9 + d7 * a8, 120)
  store<i64>(out, d3 * a13 + d4 * a12 + d5 * a11 + d6 * a10 + d7 * a9 + a8 * a8, 128)
  store<i64>(out, d4 * a13 + d5 * a12 + d6 * a11 + d7 * a10 + d8 * a9, 136)
  store<i64>(out, d5 * a13 + d6 * a12 + d7 * a11 + d8 * a10 + a9 * a9, 144)
  store<i64>(out, d6 * a13 + d7 * a12 + d8 * a11 + d9 * a10, 152)
  store<i64>(out, d7 * a13 + d8 * a12 + d9 * a11 + a10 * a10, 160)
  store<i64>(out, d8 * a13 + d9 * a12 + d10 * a11, 168)
  store<i64>(out, d9 * a13 + d10 * a12 + a11 * a11, 176)
  store<i64>(out, d10 * a13 + d11 * a12, 184)
  store<i64>(out, d11 * a13 + a12 * a12, 192)
  store<i64>(out, d12 * a13, 200)
  store<i64>(out, a13 * a13, 208)
  store<i64>(out, 0, 216)
}

/** out = the columns at `c` divided by R. */
export function reduce(c: usize, out: usize): void {
  let t = load<i64>(c)
  const q0 = t & MASK
  t = (t >> 28) + load<i64>(c, 8) + q0 * K0
  const q1 = t & MASK
  t = (t >> 28) + load<i64>(c, 16) + q0 * K1 + q1 * K0
  const q2 = t & MASK
  t = (t >> 28) + load<i64>(c, 24) + q0 * K2 + q1 * K1 + q2 * K0
  const q3 = t & MASK
  t = (t >> 28) + load<i64>(c, 32) + q0 * K3 + q1 * K2 + q2 * K1 + q3 * K0
  const q4 = t & MASK
  t = (t >> 28) + load<i64>(c, 40) + q0 * K4 + q1 * K3 + q2 * K2 + q3 * K1 + q4 * K0
  const q5 = t & MASK
  t = (t >> 28) + load<i64>(c, 48) + q0 * K5 + q1 * K4 + q2 * K3 + q3 * K2 + q4 * K1 + q5 * K0
  const q6 = t & MASK
  t = (t >> 28) + load<i64>(c, 56) + q0 * K6 + q1 * K5 + q2 * K4 + q3 * K3 + q4 * K2 + q5 * K1 + q6 * K0
  const q7 = t & MASK
  t = (t >> 28) + load<i64>(c, 64) + q0 * K7 + q1 * K6 + q2 * K5 + q3 * K4 + q4 * K3 + q5 * K2 + q6 * K1 + q7 * K0
  const q8 = t & MASK
  t =
    (t >> 28) + load<i64>(c, 72) + q0 * K8 + q1 * K7 + q2 * K6 + q3 * K5 + q4 * K4 + q5 * K3 + q6 * K2 + q7 * K1 +
    q8 * K0
  const q9 = t & MASK
  t =
    (t >> 28) + load<i64>(c, 80) + q0 * K9 + q1 * K8 + q2 * K7 + q3 * K6 + q4 * K5 + q5 * K4 + q6 * K3 + q7 * K2 +
    q8 * K1 + q9 * K0
  const q10 = t & MASK
  t =
    (t >> 28) + load<i64>(c, 88) + q0 * K10 + q1 * K9 + q2 * K8 + q3 * K7 + q4 * K6 + q5 * K5 + q6 * K4 + q7 * K3 +
    q8 * K2 + q9 * K1 + q10 * K0
  const q11 = t & MASK
  t =
    (t >> 28) + load<i64>(c, 96) + q0 * K11 + q1 * K10 + q2 * K9 + q3 * K8 + q4 * K7 + q5 * K6 + q6 * K5 + q7 * K4 +
    q8 * K3 + q9 * K2 + q10 * K1 + q11 * K0
  const q12 = t & MASK
  t =
    (t >> 28) + load<i64>(c, 104) + q0 * K12 + q1 * K11 + q2 * K10 + q3 * K9 + q4 * K8 + q5 * K7 + q6 * K6 + q7 * K5 +
    q8 * K4 + q9 * K3 + q10 * K2 + q11 * K1 + q12 * K0
  const q13 = (t * M) & MASK
  t = (t + q13 * P0) >> 28
  t +=
    load<i64>(c, 112) + HALF + q0 * K13 + q1 * K12 + q2 * K11 + q3 * K10 + q4 * K9 + q5 * K8 + q6 * K7 + q7 * K6 +
    q8 * K5 + q9 * K4 + q10 * K3 + q11 * K2 + q12 * K1 + q13 * P1
  store<i32>(out, <i32>((t & MASK) - HALF))
  t >>= 28
  t +=
    load<i64>(c, 120) + HALF + q1 * K13 + q2 * K12 + q3 * K11 + q4 * K10 + q5 * K9 + q6 * K8 + q7 * K7 + q8 * K6 +
    q9 * K5 + q10 * K4 + q11 * K3 + q12 * K2 + q13 * P2
  store<i32>(out, <i32>((t & MASK) - HALF), 4)
  t >>= 28
  t +=
    load<i64>(c, 128) + HALF + q2 * K13 + q3 * K12 + q4 * K11 + q5 * K10 + q6 * K9 + q7 * K8 + q8 * K7 + q9 * K6 +
    q10 * K5 + q11 * K4 + q12 * K3 + q13 * P3
  store<i32>(out, <i32>((t & MASK) - HALF), 8)
  t >>= 28
  t +=
    load<i64>(c, 136) + HALF + q3 * K13 + q4 * K12 + q5 * K11 + q6 * K10 + q7 * K9 + q8 * K8 + q9 * K7 + q10 * K6 +
    q11 * K5 + q12 * K4 + q13 * P4
  store<i32>(out, <i32>((t & MASK) - HALF), 12)
  t >>= 28
  t +=
    load<i64>(c, 144) + HALF + q4 * K13 + q5 * K12 + q6 * K11 + q7 * K10 + q8 * K9 + q9 * K8 + q10 * K7 + q11 * K6 +
    q12 * K5 + q13 * P5
  store<i32>(out, <i32>((t & MASK) - HALF), 16)
  t >>= 28
  t +=
    load<i64>(c, 152) + HALF + q5 * K13 + q6 * K12 + q7 * K11 + q8 * K10 + q9 * K9 + q10 * K8 + q11 * K7 + q12 * K6 +
    q13 * P6
  store<i32>(out, <i32>((t & MASK) - HALF), 20)
  t >>= 28
  t +=
    load<i64>(c, 160) + HALF + q6 * K13 + q7 * K12 + q8 * K11 + q9 * K10 + q10 * K9 + q11 * K8 + q12 * K7 + q13 * P7
  store<i32>(out, <i32>((t & MASK) - HALF), 24)
  t >>= 28
  t += load<i64>(c, 168) + HALF + q7 * K13 + q8 * K12 + q9 * K11 + q10 * K10 + q11 * K9 + q12 * K8 + q13 * P8
  store<i32>(out, <i32>((t & MASK) - HALF), 28)
  t >>= 28
  t += load<i64>(c, 176) + HALF + q8 * K13 + q9 * K12 + q10 * K11 + q11 * K10 + q12 * K9 + q13 * P9
  store<i32>(out, <i32>((t & MASK) - HALF), 32)
  t >>= 28
  t += load<i64>(c, 184) + HALF + q9 * K13 + q10 * K12 + q11 * K11 + q12 * K10 + q13 * P10
  store<i32>(out, <i32>((t & MASK) - HALF), 36)
  t >>= 28
  t += load<i64>(c, 192) + HALF + q10 * K13 + q11 * K12 + q12 * K11 + q13 * P11
  store<i32>(out, <i32>((t & MASK) - HALF), 40)
  t >>= 28
  t += load<i64>(c, 200) + HALF + q11 * K13 + q12 * K12 + q13 * P12
  store<i32>(out, <i32>((t & MASK) - HALF), 44)
  t >>= 28
  t += load<i64>(c, 208) + HALF + q12 * K13 + q13 * P13
  store<i32>(out, <i32>((t & MASK) - HALF), 48)
  t >>= 28
  store<i32>(out, <i32>(t + load<i64>(c, 216)), 52)
  store<i64>(out, 0, 56)
}
