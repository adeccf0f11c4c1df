// The field of BLS12-381: integers modulo p. Variable time: for public data only.
// Decision 22 (docs/adr/0022-bls12-381-and-p-256-in-the-core.md) has what was measured.
//
// An element x is kept as x R modulo p, R = 2^392 (Montgomery), in fourteen signed limbs of 28 bits, in an i32 each,
// and two that are zero (64 bytes, four vectors).
//
// Products of limbs are summed in 27 columns of 64 bits without a carry, a "wide" number: 28 i64 (224 bytes). Numbers
// are multiplied in two halves of seven limbs (Karatsuba): the product of the sums of halves s and t, less those of
// the lower and the upper ones, gives what belongs between these. The latter two are computed in vectors of two
// columns, the first in scalars, since one unit alone is what the time would go by. Wide numbers are added and
// subtracted (wide.ts) before they are reduced, all modulo 2^64, so that only what columns come to counts.
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
//   4. p / R is below 2^-11.2, so a product of elements below A p and B p, divided by R, is below A B p / 2350. A sum
//      of weight 32 is below 32 * 16 p / 2350 = 0.218 p. What reduction adds is between -0.001 p and p.
// Linear terms are added above the columns that reduction clears: the caller sees to it that the result is below 4 p.
// Elements of weight up to 14 fit in 32 bits. `out` may be one of the inputs where it is an element.

export const FE_SIZE: usize = 64
export const WIDE_SIZE: usize = 224

export const MASK: i64 = 0x0fff_ffff
const HALF: i64 = 0x0800_0000

// p and K in such limbs, and m modulo 2^28.
const P0: i64 = -21845
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
const M: i64 = 268238845
/** All limbs of both, and zeros. */
export const P_LIMBS: usize = memory.data<i32>([
  -21845, -1048576, 67108794, -5355, 103030444, -99652849, -10014509, -13086420, 74926981, 79351158, -72894909,
  -26630990, 32127360, 106513, 0, 0, 0, 0,
])
const K_LIMBS: usize = memory.data<i32>([
  3145744, 80872402, -20939072, 26190848, 10721292, -11367772, -19715805, 738018, -110313153, -96536016,
  112059001, -37642319, -3685406, -78, 0, 0, 0, 0,
])

// @ts-ignore: decorator
@inline
export function limb(a: usize, offset: usize): i64 {
  return <i64>load<i32>(a + offset)
}

// @ts-ignore: decorator
@inline
function low(x: v128, y: v128): v128 {
  return i64x2.extmul_low_i32x4_s(x, y)
}

// @ts-ignore: decorator
@inline
function high(x: v128, y: v128): v128 {
  return i64x2.extmul_high_i32x4_s(x, y)
}

/**
 * The 13 columns of the product of seven limbs at `a` and the seven of y0 and y1, whose last limb is zero, and a
 * column that is zero. Pairs of columns that begin at an even one are the `e`, those that begin at an odd one the
 * `o`.
 */
// @ts-ignore: decorator
@inline
function halfProduct(a: usize, y0: v128, y1: v128, out: usize): void {
  const x0 = v128.load32_splat(a)
  const x1 = v128.load32_splat(a, 4)
  const x2 = v128.load32_splat(a, 8)
  const x3 = v128.load32_splat(a, 12)
  const x4 = v128.load32_splat(a, 16)
  const x5 = v128.load32_splat(a, 20)
  const x6 = v128.load32_splat(a, 24)
  const e0 = low(x0, y0)
  const e1 = i64x2.add(high(x0, y0), low(x2, y0))
  const e2 = i64x2.add(low(x0, y1), i64x2.add(high(x2, y0), low(x4, y0)))
  const e3 = i64x2.add(i64x2.add(high(x0, y1), low(x2, y1)), i64x2.add(high(x4, y0), low(x6, y0)))
  const e4 = i64x2.add(high(x2, y1), i64x2.add(low(x4, y1), high(x6, y0)))
  const e5 = i64x2.add(high(x4, y1), low(x6, y1))
  const e6 = high(x6, y1)
  const o0 = low(x1, y0)
  const o1 = i64x2.add(high(x1, y0), low(x3, y0))
  const o2 = i64x2.add(low(x1, y1), i64x2.add(high(x3, y0), low(x5, y0)))
  const o3 = i64x2.add(high(x1, y1), i64x2.add(low(x3, y1), high(x5, y0)))
  const o4 = i64x2.add(high(x3, y1), low(x5, y1))
  const o5 = high(x5, y1)
  const zero = i64x2.splat(0)
  v128.store(out, i64x2.add(e0, v128.shuffle<i64>(zero, o0, 0, 2)))
  v128.store(out, i64x2.add(e1, v128.shuffle<i64>(o0, o1, 1, 2)), 16)
  v128.store(out, i64x2.add(e2, v128.shuffle<i64>(o1, o2, 1, 2)), 32)
  v128.store(out, i64x2.add(e3, v128.shuffle<i64>(o2, o3, 1, 2)), 48)
  v128.store(out, i64x2.add(e4, v128.shuffle<i64>(o3, o4, 1, 2)), 64)
  v128.store(out, i64x2.add(e5, v128.shuffle<i64>(o4, o5, 1, 2)), 80)
  v128.store(out, i64x2.add(e6, v128.shuffle<i64>(o5, zero, 1, 2)), 96)
}

/** out = a b, not reduced. */
export function wideMul(a: usize, b: usize, out: usize): void {
  halfProduct(a + 28, v128.load(b, 28), v128.load(b, 44), out + 112)
  halfProduct(a, v128.load(b), v128.and(v128.load(b, 16), i32x4(-1, -1, -1, 0)), out)
  const s0 = limb(a, 0) + limb(a, 28), s1 = limb(a, 4) + limb(a, 32), s2 = limb(a, 8) + limb(a, 36)
  const s3 = limb(a, 12) + limb(a, 40), s4 = limb(a, 16) + limb(a, 44), s5 = limb(a, 20) + limb(a, 48)
  const s6 = limb(a, 24) + limb(a, 52)
  const t0 = limb(b, 0) + limb(b, 28), t1 = limb(b, 4) + limb(b, 32), t2 = limb(b, 8) + limb(b, 36)
  const t3 = limb(b, 12) + limb(b, 40), t4 = limb(b, 16) + limb(b, 44), t5 = limb(b, 20) + limb(b, 48)
  const t6 = limb(b, 24) + limb(b, 52)
  // Columns 7 to 19 get those of s t less both others; d is what two of them have in common.
  const d0 = load<i64>(out, 56) - load<i64>(out, 112)
  const d1 = load<i64>(out, 64) - load<i64>(out, 120)
  const d2 = load<i64>(out, 72) - load<i64>(out, 128)
  const d3 = load<i64>(out, 80) - load<i64>(out, 136)
  const d4 = load<i64>(out, 88) - load<i64>(out, 144)
  const d5 = load<i64>(out, 96) - load<i64>(out, 152)
  store<i64>(out, s0 * t0 - load<i64>(out) + d0, 56)
  store<i64>(out, s0 * t1 + s1 * t0 - load<i64>(out, 8) + d1, 64)
  store<i64>(out, s0 * t2 + s1 * t1 + s2 * t0 - load<i64>(out, 16) + d2, 72)
  store<i64>(out, s0 * t3 + s1 * t2 + s2 * t1 + s3 * t0 - load<i64>(out, 24) + d3, 80)
  store<i64>(out, s0 * t4 + s1 * t3 + s2 * t2 + s3 * t1 + s4 * t0 - load<i64>(out, 32) + d4, 88)
  store<i64>(out, s0 * t5 + s1 * t4 + s2 * t3 + s3 * t2 + s4 * t1 + s5 * t0 - load<i64>(out, 40) + d5, 96)
  store<i64>(
    out,
    s0 * t6 + s1 * t5 + s2 * t4 + s3 * t3 + s4 * t2 + s5 * t1 + s6 * t0 - load<i64>(out, 48) - load<i64>(out, 160),
    104,
  )
  store<i64>(out, s1 * t6 + s2 * t5 + s3 * t4 + s4 * t3 + s5 * t2 + s6 * t1 - d0 - load<i64>(out, 168), 112)
  store<i64>(out, s2 * t6 + s3 * t5 + s4 * t4 + s5 * t3 + s6 * t2 - d1 - load<i64>(out, 176), 120)
  store<i64>(out, s3 * t6 + s4 * t5 + s5 * t4 + s6 * t3 - d2 - load<i64>(out, 184), 128)
  store<i64>(out, s4 * t6 + s5 * t5 + s6 * t4 - d3 - load<i64>(out, 192), 136)
  store<i64>(out, s5 * t6 + s6 * t5 - d4 - load<i64>(out, 200), 144)
  store<i64>(out, s6 * t6 - d5 - load<i64>(out, 208), 152)
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

/** Stores a column, to which HALF was added, as a limb within 2^27; returns what is left of it for the next. */
// @ts-ignore: decorator
@inline
function carried(t: i64, out: usize): i64 {
  store<i32>(out, <i32>((t & MASK) - HALF))
  return t >> 28
}

/** out = the columns at `c` divided by R. */
export function reduce(c: usize, out: usize): void {
  // The columns above, two in a vector: quotients times what is above limb 13 of K and p in their places.
  const half = i64x2.splat(HALF)
  let u0 = i64x2.add(half, v128.load(c, 112))
  let u1 = i64x2.add(half, v128.load(c, 128))
  let u2 = i64x2.add(half, v128.load(c, 144))
  let u3 = i64x2.add(half, v128.load(c, 160))
  let u4 = i64x2.add(half, v128.load(c, 176))
  let u5 = i64x2.add(half, v128.load(c, 192))
  let u6 = i64x2.add(half, v128.load(c, 208))
  let x: v128
  let y: v128
  let t = load<i64>(c)
  const q0 = t & MASK
  x = i32x4.splat(<i32>q0)
  y = v128.load(K_LIMBS, 52)
  u0 = i64x2.add(u0, low(x, y))
  t = load<i64>(c, 8) + ((t >> 28) + q0 * K0)
  const q1 = t & MASK
  x = i32x4.splat(<i32>q1)
  y = v128.load(K_LIMBS, 48)
  u0 = i64x2.add(u0, low(x, y))
  t = (load<i64>(c, 16) + q0 * K1) + ((t >> 28) + q1 * K0)
  const q2 = t & MASK
  x = i32x4.splat(<i32>q2)
  y = v128.load(K_LIMBS, 44)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  t = (load<i64>(c, 24) + q0 * K2 + q1 * K1) + ((t >> 28) + q2 * K0)
  const q3 = t & MASK
  x = i32x4.splat(<i32>q3)
  y = v128.load(K_LIMBS, 40)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  t = (load<i64>(c, 32) + q0 * K3 + q1 * K2 + q2 * K1) + ((t >> 28) + q3 * K0)
  const q4 = t & MASK
  x = i32x4.splat(<i32>q4)
  y = v128.load(K_LIMBS, 36)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 52)
  u2 = i64x2.add(u2, low(x, y))
  t = (load<i64>(c, 40) + q0 * K4 + q1 * K3 + q2 * K2 + q3 * K1) + ((t >> 28) + q4 * K0)
  const q5 = t & MASK
  x = i32x4.splat(<i32>q5)
  y = v128.load(K_LIMBS, 32)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 48)
  u2 = i64x2.add(u2, low(x, y))
  t = (load<i64>(c, 48) + q0 * K5 + q1 * K4 + q2 * K3 + q3 * K2 + q4 * K1) + ((t >> 28) + q5 * K0)
  const q6 = t & MASK
  x = i32x4.splat(<i32>q6)
  y = v128.load(K_LIMBS, 28)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 44)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  t = (load<i64>(c, 56) + q0 * K6 + q1 * K5 + q2 * K4 + q3 * K3 + q4 * K2 + q5 * K1) + ((t >> 28) + q6 * K0)
  const q7 = t & MASK
  x = i32x4.splat(<i32>q7)
  y = v128.load(K_LIMBS, 24)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 40)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  t = (load<i64>(c, 64) + q0 * K7 + q1 * K6 + q2 * K5 + q3 * K4 + q4 * K3 + q5 * K2 + q6 * K1) + ((t >> 28) + q7 * K0)
  const q8 = t & MASK
  x = i32x4.splat(<i32>q8)
  y = v128.load(K_LIMBS, 20)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 36)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  y = v128.load(K_LIMBS, 52)
  u4 = i64x2.add(u4, low(x, y))
  t =
    (load<i64>(c, 72) + q0 * K8 + q1 * K7 + q2 * K6 + q3 * K5 + q4 * K4 + q5 * K3 + q6 * K2 + q7 * K1) +
    ((t >> 28) + q8 * K0)
  const q9 = t & MASK
  x = i32x4.splat(<i32>q9)
  y = v128.load(K_LIMBS, 16)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 32)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  y = v128.load(K_LIMBS, 48)
  u4 = i64x2.add(u4, low(x, y))
  t =
    (load<i64>(c, 80) + q0 * K9 + q1 * K8 + q2 * K7 + q3 * K6 + q4 * K5 + q5 * K4 + q6 * K3 + q7 * K2 + q8 * K1) +
    ((t >> 28) + q9 * K0)
  const q10 = t & MASK
  x = i32x4.splat(<i32>q10)
  y = v128.load(K_LIMBS, 12)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 28)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  y = v128.load(K_LIMBS, 44)
  u4 = i64x2.add(u4, low(x, y))
  u5 = i64x2.add(u5, high(x, y))
  t =
    (load<i64>(c, 88) + q0 * K10 + q1 * K9 + q2 * K8 + q3 * K7 + q4 * K6 + q5 * K5 + q6 * K4 + q7 * K3 + q8 * K2 +
      q9 * K1) + ((t >> 28) + q10 * K0)
  const q11 = t & MASK
  x = i32x4.splat(<i32>q11)
  y = v128.load(K_LIMBS, 8)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 24)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  y = v128.load(K_LIMBS, 40)
  u4 = i64x2.add(u4, low(x, y))
  u5 = i64x2.add(u5, high(x, y))
  t =
    (load<i64>(c, 96) + q0 * K11 + q1 * K10 + q2 * K9 + q3 * K8 + q4 * K7 + q5 * K6 + q6 * K5 + q7 * K4 + q8 * K3 +
      q9 * K2 + q10 * K1) + ((t >> 28) + q11 * K0)
  const q12 = t & MASK
  x = i32x4.splat(<i32>q12)
  y = v128.load(K_LIMBS, 4)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(K_LIMBS, 20)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  y = v128.load(K_LIMBS, 36)
  u4 = i64x2.add(u4, low(x, y))
  u5 = i64x2.add(u5, high(x, y))
  y = v128.load(K_LIMBS, 52)
  u6 = i64x2.add(u6, low(x, y))
  t =
    (load<i64>(c, 104) + q0 * K12 + q1 * K11 + q2 * K10 + q3 * K9 + q4 * K8 + q5 * K7 + q6 * K6 + q7 * K5 + q8 * K4 +
      q9 * K3 + q10 * K2 + q11 * K1) + ((t >> 28) + q12 * K0)
  const q13 = (t * M) & MASK
  x = i32x4.splat(<i32>q13)
  y = v128.load(P_LIMBS, 4)
  u0 = i64x2.add(u0, low(x, y))
  u1 = i64x2.add(u1, high(x, y))
  y = v128.load(P_LIMBS, 20)
  u2 = i64x2.add(u2, low(x, y))
  u3 = i64x2.add(u3, high(x, y))
  y = v128.load(P_LIMBS, 36)
  u4 = i64x2.add(u4, low(x, y))
  u5 = i64x2.add(u5, high(x, y))
  y = v128.load(P_LIMBS, 52)
  u6 = i64x2.add(u6, low(x, y))
  t = (t + q13 * P0) >> 28
  t = carried(t + i64x2.extract_lane(u0, 0), out)
  t = carried(t + i64x2.extract_lane(u0, 1), out + 4)
  t = carried(t + i64x2.extract_lane(u1, 0), out + 8)
  t = carried(t + i64x2.extract_lane(u1, 1), out + 12)
  t = carried(t + i64x2.extract_lane(u2, 0), out + 16)
  t = carried(t + i64x2.extract_lane(u2, 1), out + 20)
  t = carried(t + i64x2.extract_lane(u3, 0), out + 24)
  t = carried(t + i64x2.extract_lane(u3, 1), out + 28)
  t = carried(t + i64x2.extract_lane(u4, 0), out + 32)
  t = carried(t + i64x2.extract_lane(u4, 1), out + 36)
  t = carried(t + i64x2.extract_lane(u5, 0), out + 40)
  t = carried(t + i64x2.extract_lane(u5, 1), out + 44)
  t = carried(t + i64x2.extract_lane(u6, 0), out + 48)
  store<i32>(out, <i32>(t + i64x2.extract_lane(u6, 1) - HALF), 52)
  store<i64>(out, 0, 56)
}
