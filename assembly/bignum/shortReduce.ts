// The reduction of short.ts. Digits are found by scalars, column after column; the upper columns, which nothing waits
// for until then, are summed two in a vector, so that both execution units have work.
//
// With K = m * inverse, which is -1 modulo 2^29, a column's low bits are its digit themselves, and the digit adds
// itself times `multiple` = (K + 1) / 2^29, one column up. The last digit, found by `inverse`, is one of m. What is
// added is at most (2^493 - 1) K + (2^29 - 1) 2^493 m <= (2^29 - 1) (2^494 - 1) m < 2 m R - 2^494 m. Of operands below
// 3m, with 9m at most R, the result is below 9 m^2 / R + 2m <= 3m; of operands 1 and x below 3m it is below 2m.
//
// Limbs are below 2^29, the highest of a value below 3m too; one that is doubled is below 2^30. A column has products
// of operands and of digits, 18 at most of either (a doubled one stands for two), each below (2^29 - 1)^2, and a carry
// below 2^35: in all below 2^64.

const BITS: u64 = 29
const MASK: u64 = 0x1fff_ffff

// @ts-ignore: decorator
@inline
export function low(x: v128, y: v128): v128 {
  return i64x2.extmul_low_i32x4_u(x, y)
}

// @ts-ignore: decorator
@inline
export function high(x: v128, y: v128): v128 {
  return i64x2.extmul_high_i32x4_u(x, y)
}

// @ts-ignore: decorator
@inline
export function add(x: v128, y: v128): v128 {
  return i64x2.add(x, y)
}

/** The four limbs from the second of x on. */
// @ts-ignore: decorator
@inline
export function skip1(x: v128, next: v128): v128 {
  return v128.shuffle<i32>(x, next, 1, 2, 3, 4)
}

// @ts-ignore: decorator
@inline
export function skip2(x: v128, next: v128): v128 {
  return v128.shuffle<i32>(x, next, 2, 3, 4, 5)
}

// @ts-ignore: decorator
@inline
export function skip3(x: v128, next: v128): v128 {
  return v128.shuffle<i32>(x, next, 3, 4, 5, 6)
}

/** A limb in all lanes. */
// @ts-ignore: decorator
@inline
export function spread0(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 0, 0, 0, 0)
}

// @ts-ignore: decorator
@inline
export function spread1(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 1, 1, 1, 1)
}

// @ts-ignore: decorator
@inline
export function spread2(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 2, 2, 2)
}

// @ts-ignore: decorator
@inline
export function spread3(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 3, 3, 3, 3)
}

// @ts-ignore: decorator
@inline
function limbs(x0: u64, x1: u64, x2: u64, x3: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(<i64>(x0 | (x1 << 32))), 1, <i64>(x2 | (x3 << 32)))
}

/**
 * out = the columns' sum / R, and two zero limbs. `inverse`: -1 / m modulo 2^29; `multiple`: (m * inverse + 1) / 2^29,
 * which has two zero limbs behind, as the modulus has.
 */
// @ts-ignore: decorator
@inline
export function reduce(
  u0: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128, u6: v128, u7: v128, u8: v128,
  u9: v128, u10: v128, u11: v128, u12: v128, u13: v128, u14: v128, u15: v128, u16: v128, u17: v128,
  modulus: usize, multiple: usize, inverse: u64, out: usize,
): void {
  const zero = i32x4.splat(0)
  const c0 = v128.load(multiple)
  const c1 = v128.load(multiple, 16)
  const c2 = v128.load(multiple, 32)
  const c3 = v128.load(multiple, 48)
  const c4 = v128.load(multiple, 64)
  const k0 = <u64>i32x4.extract_lane(c0, 0)
  const k1 = <u64>i32x4.extract_lane(c0, 1)
  const k2 = <u64>i32x4.extract_lane(c0, 2)
  const k3 = <u64>i32x4.extract_lane(c0, 3)
  const k4 = <u64>i32x4.extract_lane(c1, 0)
  const k5 = <u64>i32x4.extract_lane(c1, 1)
  const k6 = <u64>i32x4.extract_lane(c1, 2)
  const k7 = <u64>i32x4.extract_lane(c1, 3)
  const k8 = <u64>i32x4.extract_lane(c2, 0)
  const k9 = <u64>i32x4.extract_lane(c2, 1)
  const k10 = <u64>i32x4.extract_lane(c2, 2)
  const k11 = <u64>i32x4.extract_lane(c2, 3)
  const k12 = <u64>i32x4.extract_lane(c3, 0)
  const k13 = <u64>i32x4.extract_lane(c3, 1)
  const k14 = <u64>i32x4.extract_lane(c3, 2)
  const k15 = <u64>i32x4.extract_lane(c3, 3)
  const k16 = <u64>i32x4.extract_lane(c4, 0)
  let t = <u64>i64x2.extract_lane(u0, 0)
  const q0 = t & MASK
  t = <u64>i64x2.extract_lane(u0, 1) + (t >> BITS) + q0 * k0
  const q1 = t & MASK
  t = <u64>i64x2.extract_lane(u1, 0) + q0 * k1 + (t >> BITS) + q1 * k0
  const q2 = t & MASK
  t = <u64>i64x2.extract_lane(u1, 1) + q0 * k2 + q1 * k1 + (t >> BITS) + q2 * k0
  const q3 = t & MASK
  t = <u64>i64x2.extract_lane(u2, 0) + q0 * k3 + q1 * k2 + q2 * k1 + (t >> BITS) + q3 * k0
  const q4 = t & MASK
  t = <u64>i64x2.extract_lane(u2, 1) + q0 * k4 + q1 * k3 + q2 * k2 + q3 * k1 + (t >> BITS) + q4 * k0
  const q5 = t & MASK
  t = <u64>i64x2.extract_lane(u3, 0) + q0 * k5 + q1 * k4 + q2 * k3 + q3 * k2 + q4 * k1 + (t >> BITS) + q5 * k0
  const q6 = t & MASK
  t = <u64>i64x2.extract_lane(u3, 1) + q0 * k6 + q1 * k5 + q2 * k4 + q3 * k3 + q4 * k2 + q5 * k1 + (t >> BITS) +
    q6 * k0
  const q7 = t & MASK
  t = <u64>i64x2.extract_lane(u4, 0) + q0 * k7 + q1 * k6 + q2 * k5 + q3 * k4 + q4 * k3 + q5 * k2 + q6 * k1 +
    (t >> BITS) + q7 * k0
  const q8 = t & MASK
  t = <u64>i64x2.extract_lane(u4, 1) + q0 * k8 + q1 * k7 + q2 * k6 + q3 * k5 + q4 * k4 + q5 * k3 + q6 * k2 + q7 * k1 +
    (t >> BITS) + q8 * k0
  const q9 = t & MASK
  t = <u64>i64x2.extract_lane(u5, 0) + q0 * k9 + q1 * k8 + q2 * k7 + q3 * k6 + q4 * k5 + q5 * k4 + q6 * k3 + q7 * k2 +
    q8 * k1 + (t >> BITS) + q9 * k0
  const q10 = t & MASK
  t = <u64>i64x2.extract_lane(u5, 1) + q0 * k10 + q1 * k9 + q2 * k8 + q3 * k7 + q4 * k6 + q5 * k5 + q6 * k4 +
    q7 * k3 + q8 * k2 + q9 * k1 + (t >> BITS) + q10 * k0
  const q11 = t & MASK
  t = <u64>i64x2.extract_lane(u6, 0) + q0 * k11 + q1 * k10 + q2 * k9 + q3 * k8 + q4 * k7 + q5 * k6 + q6 * k5 +
    q7 * k4 + q8 * k3 + q9 * k2 + q10 * k1 + (t >> BITS) + q11 * k0
  const q12 = t & MASK
  t = <u64>i64x2.extract_lane(u6, 1) + q0 * k12 + q1 * k11 + q2 * k10 + q3 * k9 + q4 * k8 + q5 * k7 + q6 * k6 +
    q7 * k5 + q8 * k4 + q9 * k3 + q10 * k2 + q11 * k1 + (t >> BITS) + q12 * k0
  const q13 = t & MASK
  t = <u64>i64x2.extract_lane(u7, 0) + q0 * k13 + q1 * k12 + q2 * k11 + q3 * k10 + q4 * k9 + q5 * k8 + q6 * k7 +
    q7 * k6 + q8 * k5 + q9 * k4 + q10 * k3 + q11 * k2 + q12 * k1 + (t >> BITS) + q13 * k0
  const q14 = t & MASK
  t = <u64>i64x2.extract_lane(u7, 1) + q0 * k14 + q1 * k13 + q2 * k12 + q3 * k11 + q4 * k10 + q5 * k9 + q6 * k8 +
    q7 * k7 + q8 * k6 + q9 * k5 + q10 * k4 + q11 * k3 + q12 * k2 + q13 * k1 + (t >> BITS) + q14 * k0
  const q15 = t & MASK
  t = <u64>i64x2.extract_lane(u8, 0) + q0 * k15 + q1 * k14 + q2 * k13 + q3 * k12 + q4 * k11 + q5 * k10 + q6 * k9 +
    q7 * k8 + q8 * k7 + q9 * k6 + q10 * k5 + q11 * k4 + q12 * k3 + q13 * k2 + q14 * k1 + (t >> BITS) + q15 * k0
  const q16 = t & MASK
  t = <u64>i64x2.extract_lane(u8, 1) + q0 * k16 + q1 * k15 + q2 * k14 + q3 * k13 + q4 * k12 + q5 * k11 + q6 * k10 +
    q7 * k9 + q8 * k8 + q9 * k7 + q10 * k6 + q11 * k5 + q12 * k4 + q13 * k3 + q14 * k2 + q15 * k1 + (t >> BITS) +
    q16 * k0
  const q17 = (t * inverse) & MASK
  t = (t + q17 * <u64>load<u32>(modulus)) >> BITS
  const r0 = i32x4.splat(<i32>q0)
  const r1 = i32x4.splat(<i32>q1)
  const r2 = i32x4.splat(<i32>q2)
  const r3 = i32x4.splat(<i32>q3)
  const r4 = i32x4.splat(<i32>q4)
  const r5 = i32x4.splat(<i32>q5)
  const r6 = i32x4.splat(<i32>q6)
  const r7 = i32x4.splat(<i32>q7)
  const r8 = i32x4.splat(<i32>q8)
  const r9 = i32x4.splat(<i32>q9)
  const r10 = i32x4.splat(<i32>q10)
  const r11 = i32x4.splat(<i32>q11)
  const r12 = i32x4.splat(<i32>q12)
  const r13 = i32x4.splat(<i32>q13)
  const r14 = i32x4.splat(<i32>q14)
  const r15 = i32x4.splat(<i32>q15)
  const r16 = i32x4.splat(<i32>q16)
  const r17 = i32x4.splat(<i32>q17)
  const v0 = c0
  const v1 = skip1(c0, c1)
  const v2 = skip2(c0, c1)
  const v3 = skip3(c0, c1)
  const v4 = c1
  const v5 = skip1(c1, c2)
  const v6 = skip2(c1, c2)
  const v7 = skip3(c1, c2)
  const v8 = c2
  const v9 = skip1(c2, c3)
  const v10 = skip2(c2, c3)
  const v11 = skip3(c2, c3)
  const v12 = c3
  const v13 = skip1(c3, c4)
  const v14 = skip2(c3, c4)
  const v15 = skip3(c3, c4)
  const v16 = c4
  const v17 = skip1(c4, zero)
  const m1 = v128.load(modulus, 4)
  const m3 = v128.load(modulus, 12)
  const m7 = v128.load(modulus, 28)
  const m11 = v128.load(modulus, 44)
  const m15 = v128.load(modulus, 60)
  u9 = add(u9, add(add(add(high(r0, v15), high(r1, v14)), high(r2, v13)), high(r3, v12)))
  u9 = add(u9, add(add(add(high(r4, v11), high(r5, v10)), high(r6, v9)), high(r7, v8)))
  u9 = add(u9, add(add(add(high(r8, v7), high(r9, v6)), high(r10, v5)), high(r11, v4)))
  u9 = add(u9, add(add(add(high(r12, v3), high(r13, v2)), high(r14, v1)), high(r15, v0)))
  u9 = add(u9, add(low(r16, v1), low(r17, m1)))
  u10 = add(u10, add(add(add(low(r2, v17), low(r3, v16)), low(r4, v15)), low(r5, v14)))
  u10 = add(u10, add(add(add(low(r6, v13), low(r7, v12)), low(r8, v11)), low(r9, v10)))
  u10 = add(u10, add(add(add(low(r10, v9), low(r11, v8)), low(r12, v7)), low(r13, v6)))
  u10 = add(u10, add(add(add(low(r14, v5), low(r15, v4)), low(r16, v3)), low(r17, m3)))
  u11 = add(u11, add(add(add(high(r4, v15), high(r5, v14)), high(r6, v13)), high(r7, v12)))
  u11 = add(u11, add(add(add(high(r8, v11), high(r9, v10)), high(r10, v9)), high(r11, v8)))
  u11 = add(u11, add(add(add(high(r12, v7), high(r13, v6)), high(r14, v5)), high(r15, v4)))
  u11 = add(u11, add(high(r16, v3), high(r17, m3)))
  u12 = add(u12, add(add(add(low(r6, v17), low(r7, v16)), low(r8, v15)), low(r9, v14)))
  u12 = add(u12, add(add(add(low(r10, v13), low(r11, v12)), low(r12, v11)), low(r13, v10)))
  u12 = add(u12, add(add(add(low(r14, v9), low(r15, v8)), low(r16, v7)), low(r17, m7)))
  u13 = add(u13, add(add(add(high(r8, v15), high(r9, v14)), high(r10, v13)), high(r11, v12)))
  u13 = add(u13, add(add(add(high(r12, v11), high(r13, v10)), high(r14, v9)), high(r15, v8)))
  u13 = add(u13, add(high(r16, v7), high(r17, m7)))
  u14 = add(u14, add(add(add(low(r10, v17), low(r11, v16)), low(r12, v15)), low(r13, v14)))
  u14 = add(u14, add(add(add(low(r14, v13), low(r15, v12)), low(r16, v11)), low(r17, m11)))
  u15 = add(u15, add(add(add(high(r12, v15), high(r13, v14)), high(r14, v13)), high(r15, v12)))
  u15 = add(u15, add(high(r16, v11), high(r17, m11)))
  u16 = add(u16, add(add(add(low(r14, v17), low(r15, v16)), low(r16, v15)), low(r17, m15)))
  u17 = add(u17, add(high(r16, v15), high(r17, m15)))
  t += <u64>i64x2.extract_lane(u9, 0)
  const x0 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u9, 1)
  const x1 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u10, 0)
  const x2 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u10, 1)
  const x3 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u11, 0)
  const x4 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u11, 1)
  const x5 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u12, 0)
  const x6 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u12, 1)
  const x7 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u13, 0)
  const x8 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u13, 1)
  const x9 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u14, 0)
  const x10 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u14, 1)
  const x11 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u15, 0)
  const x12 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u15, 1)
  const x13 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u16, 0)
  const x14 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u16, 1)
  const x15 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u17, 0)
  const x16 = t & MASK
  t >>= BITS
  t += <u64>i64x2.extract_lane(u17, 1)
  v128.store(out, limbs(x0, x1, x2, x3))
  v128.store(out, limbs(x4, x5, x6, x7), 16)
  v128.store(out, limbs(x8, x9, x10, x11), 32)
  v128.store(out, limbs(x12, x13, x14, x15), 48)
  v128.store(out, limbs(x16, t, 0, 0), 64)
}
