import { HALF, K0, K1, K2, K3, K4, K5, K6, K7, K_LIMBS, M, MASK, P0, P_LIMBS } from './limbs'

// Columns of a product, and how they are reduced: see field.ts. Columns 0 to 8 are scalars, those from 9 on lie two in
// a vector: nothing waits for them until the end, and both execution units have half of the work.
//
// What a vector function takes: s1 to s8, limbs of one factor in every lane; t0, t1, t2, the limbs of the other from 0,
// 4 and 8 on (zeros behind the last one); o0, o1, the limbs from 1 and 5 on.

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

// @ts-ignore: decorator
@inline
function add(x: v128, y: v128): v128 {
  return i64x2.add(x, y)
}

/** o0 of t0 and t1, o1 of t1 and t2. */
// @ts-ignore: decorator
@inline
export function following(t: v128, next: v128): v128 {
  return v128.shuffle<i32>(t, next, 1, 2, 3, 4)
}

/** Columns 9 and 10. */
// @ts-ignore: decorator
@inline
export function upper0(
  s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128, s8: v128,
  o0: v128, o1: v128, t0: v128, t1: v128, t2: v128,
): v128 {
  return add(
    add(add(low(s1, t2), high(s2, o1)), add(high(s3, t1), low(s4, o1))),
    add(add(low(s5, t1), high(s6, o0)), add(high(s7, t0), low(s8, o0))),
  )
}

/** Columns 11 and 12. */
// @ts-ignore: decorator
@inline
export function upper1(
  s3: v128, s4: v128, s5: v128, s6: v128, s7: v128, s8: v128, o0: v128, o1: v128, t1: v128, t2: v128,
): v128 {
  return add(add(add(low(s3, t2), high(s4, o1)), high(s5, t1)), add(add(low(s6, o1), low(s7, t1)), high(s8, o0)))
}

/** Columns 13 and 14. */
// @ts-ignore: decorator
@inline
export function upper2(s5: v128, s6: v128, s7: v128, s8: v128, o1: v128, t1: v128, t2: v128): v128 {
  return add(add(low(s5, t2), high(s6, o1)), add(high(s7, t1), low(s8, o1)))
}

/** Columns 15 and 16. */
// @ts-ignore: decorator
@inline
export function upper3(s7: v128, s8: v128, o1: v128, t2: v128): v128 {
  return add(low(s7, t2), high(s8, o1))
}

// Those of a square take doubled limbs s1 to s7, and in d the squares of limbs 5 and 6, or 7 and 8: columns 10, 12, 14
// and 16 get them.

// @ts-ignore: decorator
@inline
export function squares56(o1: v128): v128 {
  return low(o1, o1)
}

// @ts-ignore: decorator
@inline
export function squares78(o1: v128): v128 {
  return high(o1, o1)
}

/** Columns 9 and 10 of a square. */
// @ts-ignore: decorator
@inline
export function square0(s1: v128, s2: v128, s3: v128, s4: v128, o1: v128, t1: v128, t2: v128, d: v128): v128 {
  return add(
    add(add(low(s1, t2), high(s2, o1)), high(s3, t1)),
    add(low(s4, o1), v128.shuffle<i64>(i64x2.splat(0), d, 0, 2)),
  )
}

/** Columns 11 and 12 of a square. */
// @ts-ignore: decorator
@inline
export function square1(s3: v128, s4: v128, s5: v128, o1: v128, t1: v128, t2: v128, d: v128): v128 {
  return add(add(low(s3, t2), high(s4, o1)), add(high(s5, t1), v128.shuffle<i64>(i64x2.splat(0), d, 0, 3)))
}

/** Columns 13 and 14 of a square. */
// @ts-ignore: decorator
@inline
export function square2(s5: v128, s6: v128, o1: v128, t2: v128, d: v128): v128 {
  return add(add(low(s5, t2), high(s6, o1)), v128.shuffle<i64>(i64x2.splat(0), d, 0, 2))
}

/** Columns 15 and 16 of a square. */
// @ts-ignore: decorator
@inline
export function square3(s7: v128, t2: v128, d: v128): v128 {
  return add(low(s7, t2), v128.shuffle<i64>(i64x2.splat(0), d, 0, 3))
}

/** Stores a column as a limb within 2^28; returns what is left of it for the next. */
// @ts-ignore: decorator
@inline
function carried(column: i64, out: usize): i64 {
  const t = column + HALF
  store<i32>(out, <i32>((t & MASK) - HALF))
  return t >> 29
}

/** The columns' sum divided by R, as an element. c17: a linear term. */
// @ts-ignore: decorator
@inline
export function reduce(
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64, c6: i64, c7: i64, c8: i64,
  u0: v128, u1: v128, u2: v128, u3: v128, c17: i64,
  out: usize,
): void {
  let t = c0
  const q0 = t & MASK
  const x0 = i32x4.splat(<i32>q0)
  u0 = add(u0, low(x0, v128.load(K_LIMBS, 32)))
  t = (t >> 29) + c1 + q0 * K0
  const q1 = t & MASK
  const x1 = i32x4.splat(<i32>q1)
  u0 = add(u0, low(x1, v128.load(K_LIMBS, 28)))
  t = (t >> 29) + c2 + q0 * K1 + q1 * K0
  const q2 = t & MASK
  const x2 = i32x4.splat(<i32>q2)
  const y2a = v128.load(K_LIMBS, 24)
  u0 = add(u0, low(x2, y2a))
  u1 = add(u1, high(x2, y2a))
  t = (t >> 29) + c3 + q0 * K2 + q1 * K1 + q2 * K0
  const q3 = t & MASK
  const x3 = i32x4.splat(<i32>q3)
  const y3a = v128.load(K_LIMBS, 20)
  u0 = add(u0, low(x3, y3a))
  u1 = add(u1, high(x3, y3a))
  t = (t >> 29) + c4 + q0 * K3 + q1 * K2 + q2 * K1 + q3 * K0
  const q4 = t & MASK
  const x4 = i32x4.splat(<i32>q4)
  const y4a = v128.load(K_LIMBS, 16)
  u0 = add(u0, low(x4, y4a))
  u1 = add(u1, high(x4, y4a))
  u2 = add(u2, low(x4, v128.load(K_LIMBS, 32)))
  t = (t >> 29) + c5 + q0 * K4 + q1 * K3 + q2 * K2 + q3 * K1 + q4 * K0
  const q5 = t & MASK
  const x5 = i32x4.splat(<i32>q5)
  const y5a = v128.load(K_LIMBS, 12)
  u0 = add(u0, low(x5, y5a))
  u1 = add(u1, high(x5, y5a))
  u2 = add(u2, low(x5, v128.load(K_LIMBS, 28)))
  t = (t >> 29) + c6 + q0 * K5 + q1 * K4 + q2 * K3 + q3 * K2 + q4 * K1 + q5 * K0
  const q6 = t & MASK
  const x6 = i32x4.splat(<i32>q6)
  const y6a = v128.load(K_LIMBS, 8)
  u0 = add(u0, low(x6, y6a))
  u1 = add(u1, high(x6, y6a))
  const y6b = v128.load(K_LIMBS, 24)
  u2 = add(u2, low(x6, y6b))
  u3 = add(u3, high(x6, y6b))
  t = (t >> 29) + c7 + q0 * K6 + q1 * K5 + q2 * K4 + q3 * K3 + q4 * K2 + q5 * K1 + q6 * K0
  const q7 = t & MASK
  const x7 = i32x4.splat(<i32>q7)
  const y7a = v128.load(K_LIMBS, 4)
  u0 = add(u0, low(x7, y7a))
  u1 = add(u1, high(x7, y7a))
  const y7b = v128.load(K_LIMBS, 20)
  u2 = add(u2, low(x7, y7b))
  u3 = add(u3, high(x7, y7b))
  t = (t >> 29) + c8 + q0 * K7 + q1 * K6 + q2 * K5 + q3 * K4 + q4 * K3 + q5 * K2 + q6 * K1 + q7 * K0
  const q8 = (t * M) & MASK
  const x8 = i32x4.splat(<i32>q8)
  const y8a = v128.load(P_LIMBS, 4)
  u0 = add(u0, low(x8, y8a))
  u1 = add(u1, high(x8, y8a))
  const y8b = v128.load(P_LIMBS, 20)
  u2 = add(u2, low(x8, y8b))
  u3 = add(u3, high(x8, y8b))
  t = (t + q8 * P0) >> 29
  t = carried(t + i64x2.extract_lane(u0, 0), out)
  t = carried(t + i64x2.extract_lane(u0, 1), out + 4)
  t = carried(t + i64x2.extract_lane(u1, 0), out + 8)
  t = carried(t + i64x2.extract_lane(u1, 1), out + 12)
  t = carried(t + i64x2.extract_lane(u2, 0), out + 16)
  t = carried(t + i64x2.extract_lane(u2, 1), out + 20)
  t = carried(t + i64x2.extract_lane(u3, 0), out + 24)
  t = carried(t + i64x2.extract_lane(u3, 1), out + 28)
  store<i32>(out, <i32>(t + c17), 32)
}
