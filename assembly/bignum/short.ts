import {
  add,
  high,
  low,
  reduce,
  skip1,
  skip2,
  skip3,
  spread0,
  spread1,
  spread2,
  spread3,
} from './shortReduce'

// Montgomery products modulo odd numbers of at most SHORT_BITS bits, in straight lines: 18 limbs of 29 bits, R = 2^522.
// Column n and the one behind it, n even, are the vector u[n / 2]. Limbs are made of five vectors a number by shuffles:
// loaded from memory where they are used they took half as long again in every other process.
// Decision 18 (docs/adr/0018-modexp-in-the-core.md).

export const SHORT_LIMBS: usize = 18
export const SHORT_WIDTH: u64 = 29
/** Values stay below 3m, and R must be at least 9m. */
export const SHORT_BITS: u64 = 518

/** x = x * factor / R. Both have two zero limbs behind. `multiple` and `inverse`: see reduce. */
export function shortMultiply(x: usize, factor: usize, modulus: usize, multiple: usize, inverse: u64): void {
  const zero = i32x4.splat(0)
  const x0 = v128.load(x)
  const x1 = v128.load(x, 16)
  const x2 = v128.load(x, 32)
  const x3 = v128.load(x, 48)
  const x4 = v128.load(x, 64)
  const f0 = v128.load(factor)
  const f1 = v128.load(factor, 16)
  const f2 = v128.load(factor, 32)
  const f3 = v128.load(factor, 48)
  const f4 = v128.load(factor, 64)
  // The limbs of x from -1, 0, 1 and so on.
  const before = skip3(zero, x0)
  const y0 = x0
  const y1 = skip1(x0, x1)
  const y2 = skip2(x0, x1)
  const y3 = skip3(x0, x1)
  const y4 = x1
  const y5 = skip1(x1, x2)
  const y6 = skip2(x1, x2)
  const y7 = skip3(x1, x2)
  const y8 = x2
  const y9 = skip1(x2, x3)
  const y10 = skip2(x2, x3)
  const y11 = skip3(x2, x3)
  const y12 = x3
  const y13 = skip1(x3, x4)
  const y14 = skip2(x3, x4)
  const y15 = skip3(x3, x4)
  const y16 = x4
  const y17 = skip1(x4, zero)
  const s0 = spread0(f0)
  const s1 = spread1(f0)
  const s2 = spread2(f0)
  const s3 = spread3(f0)
  const s4 = spread0(f1)
  const s5 = spread1(f1)
  const s6 = spread2(f1)
  const s7 = spread3(f1)
  const s8 = spread0(f2)
  const s9 = spread1(f2)
  const s10 = spread2(f2)
  const s11 = spread3(f2)
  const s12 = spread0(f3)
  const s13 = spread1(f3)
  const s14 = spread2(f3)
  const s15 = spread3(f3)
  const s16 = spread0(f4)
  const s17 = spread1(f4)
  const u0 = add(low(s0, y0), low(s1, before))
  const u1 = add(add(add(high(s0, y0), high(s1, before)), low(s2, y0)), low(s3, before))
  let u2 = add(add(add(low(s0, y4), low(s1, y3)), low(s2, y2)), low(s3, y1))
  u2 = add(u2, add(low(s4, y0), low(s5, before)))
  let u3 = add(add(add(high(s0, y4), high(s1, y3)), high(s2, y2)), high(s3, y1))
  u3 = add(u3, add(add(add(high(s4, y0), high(s5, before)), low(s6, y0)), low(s7, before)))
  let u4 = add(add(add(low(s0, y8), low(s1, y7)), low(s2, y6)), low(s3, y5))
  u4 = add(u4, add(add(add(low(s4, y4), low(s5, y3)), low(s6, y2)), low(s7, y1)))
  u4 = add(u4, add(low(s8, y0), low(s9, before)))
  let u5 = add(add(add(high(s0, y8), high(s1, y7)), high(s2, y6)), high(s3, y5))
  u5 = add(u5, add(add(add(high(s4, y4), high(s5, y3)), high(s6, y2)), high(s7, y1)))
  u5 = add(u5, add(add(add(high(s8, y0), high(s9, before)), low(s10, y0)), low(s11, before)))
  let u6 = add(add(add(low(s0, y12), low(s1, y11)), low(s2, y10)), low(s3, y9))
  u6 = add(u6, add(add(add(low(s4, y8), low(s5, y7)), low(s6, y6)), low(s7, y5)))
  u6 = add(u6, add(add(add(low(s8, y4), low(s9, y3)), low(s10, y2)), low(s11, y1)))
  u6 = add(u6, add(low(s12, y0), low(s13, before)))
  let u7 = add(add(add(high(s0, y12), high(s1, y11)), high(s2, y10)), high(s3, y9))
  u7 = add(u7, add(add(add(high(s4, y8), high(s5, y7)), high(s6, y6)), high(s7, y5)))
  u7 = add(u7, add(add(add(high(s8, y4), high(s9, y3)), high(s10, y2)), high(s11, y1)))
  u7 = add(u7, add(add(add(high(s12, y0), high(s13, before)), low(s14, y0)), low(s15, before)))
  let u8 = add(add(add(low(s0, y16), low(s1, y15)), low(s2, y14)), low(s3, y13))
  u8 = add(u8, add(add(add(low(s4, y12), low(s5, y11)), low(s6, y10)), low(s7, y9)))
  u8 = add(u8, add(add(add(low(s8, y8), low(s9, y7)), low(s10, y6)), low(s11, y5)))
  u8 = add(u8, add(add(add(low(s12, y4), low(s13, y3)), low(s14, y2)), low(s15, y1)))
  u8 = add(u8, add(low(s16, y0), low(s17, before)))
  let u9 = add(add(add(high(s1, y15), high(s2, y14)), high(s3, y13)), high(s4, y12))
  u9 = add(u9, add(add(add(high(s5, y11), high(s6, y10)), high(s7, y9)), high(s8, y8)))
  u9 = add(u9, add(add(add(high(s9, y7), high(s10, y6)), high(s11, y5)), high(s12, y4)))
  u9 = add(u9, add(add(add(high(s13, y3), high(s14, y2)), high(s15, y1)), high(s16, y0)))
  u9 = add(u9, high(s17, before))
  let u10 = add(add(add(low(s3, y17), low(s4, y16)), low(s5, y15)), low(s6, y14))
  u10 = add(u10, add(add(add(low(s7, y13), low(s8, y12)), low(s9, y11)), low(s10, y10)))
  u10 = add(u10, add(add(add(low(s11, y9), low(s12, y8)), low(s13, y7)), low(s14, y6)))
  u10 = add(u10, add(add(low(s15, y5), low(s16, y4)), low(s17, y3)))
  let u11 = add(add(add(high(s5, y15), high(s6, y14)), high(s7, y13)), high(s8, y12))
  u11 = add(u11, add(add(add(high(s9, y11), high(s10, y10)), high(s11, y9)), high(s12, y8)))
  u11 = add(u11, add(add(add(high(s13, y7), high(s14, y6)), high(s15, y5)), high(s16, y4)))
  u11 = add(u11, high(s17, y3))
  let u12 = add(add(add(low(s7, y17), low(s8, y16)), low(s9, y15)), low(s10, y14))
  u12 = add(u12, add(add(add(low(s11, y13), low(s12, y12)), low(s13, y11)), low(s14, y10)))
  u12 = add(u12, add(add(low(s15, y9), low(s16, y8)), low(s17, y7)))
  let u13 = add(add(add(high(s9, y15), high(s10, y14)), high(s11, y13)), high(s12, y12))
  u13 = add(u13, add(add(add(high(s13, y11), high(s14, y10)), high(s15, y9)), high(s16, y8)))
  u13 = add(u13, high(s17, y7))
  let u14 = add(add(add(low(s11, y17), low(s12, y16)), low(s13, y15)), low(s14, y14))
  u14 = add(u14, add(add(low(s15, y13), low(s16, y12)), low(s17, y11)))
  let u15 = add(add(add(high(s13, y15), high(s14, y14)), high(s15, y13)), high(s16, y12))
  u15 = add(u15, high(s17, y11))
  const u16 = add(add(low(s15, y17), low(s16, y16)), low(s17, y15))
  const u17 = high(s17, y15)
  reduce(
    u0, u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, modulus, multiple, inverse, x,
  )
}

/** x = x * x / R: products of two different limbs once, with one of them doubled. x has two zero limbs behind. */
export function shortSquare(x: usize, modulus: usize, multiple: usize, inverse: u64): void {
  const zero = i32x4.splat(0)
  const x0 = v128.load(x)
  const x1 = v128.load(x, 16)
  const x2 = v128.load(x, 32)
  const x3 = v128.load(x, 48)
  const x4 = v128.load(x, 64)
  const z0 = i32x4.shl(x0, 1)
  const z1 = i32x4.shl(x1, 1)
  const z2 = i32x4.shl(x2, 1)
  const z3 = i32x4.shl(x3, 1)
  const z4 = i32x4.shl(x4, 1)
  const d0 = z0
  const d2 = skip2(z0, z1)
  const d3 = skip3(z0, z1)
  const d4 = z1
  const d5 = skip1(z1, z2)
  const d6 = skip2(z1, z2)
  const d7 = skip3(z1, z2)
  const d8 = z2
  const d9 = skip1(z2, z3)
  const d10 = skip2(z2, z3)
  const d11 = skip3(z2, z3)
  const d12 = z3
  const d13 = skip1(z3, z4)
  const d14 = skip2(z3, z4)
  const d15 = skip3(z3, z4)
  const d16 = z4
  const d17 = skip1(z4, zero)
  const s0 = spread0(x0)
  const s1 = spread1(x0)
  const s2 = spread2(x0)
  const s3 = spread3(x0)
  const s4 = spread0(x1)
  const s5 = spread1(x1)
  const s6 = spread2(x1)
  const s7 = spread3(x1)
  const s8 = spread0(x2)
  const s9 = spread1(x2)
  const s10 = spread2(x2)
  const s11 = spread3(x2)
  const s12 = spread0(x3)
  const s13 = spread1(x3)
  const s14 = spread2(x3)
  const s15 = spread3(x3)
  const s16 = spread0(x4)
  const s17 = spread1(x4)
  // What a limb meets at the diagonal: itself, and the next one doubled.
  const e0 = secondsDoubled(x0)
  const e1 = secondsDoubled(skip1(x0, x1))
  const e4 = secondsDoubled(x1)
  const e5 = secondsDoubled(skip1(x1, x2))
  const e8 = secondsDoubled(x2)
  const e9 = secondsDoubled(skip1(x2, x3))
  const e12 = secondsDoubled(x3)
  const e13 = secondsDoubled(skip1(x3, x4))
  const e16 = secondsDoubled(x4)
  const e17 = secondsDoubled(skip1(x4, zero))
  const u0 = low(s0, e0)
  const u1 = add(high(s0, d0), low(s1, e1))
  const u2 = add(add(low(s0, d4), low(s1, d3)), high(s2, e0))
  const u3 = add(add(add(high(s0, d4), high(s1, d3)), high(s2, d2)), high(s3, e1))
  let u4 = add(add(add(low(s0, d8), low(s1, d7)), low(s2, d6)), low(s3, d5))
  u4 = add(u4, low(s4, e4))
  let u5 = add(add(add(high(s0, d8), high(s1, d7)), high(s2, d6)), high(s3, d5))
  u5 = add(u5, add(high(s4, d4), low(s5, e5)))
  let u6 = add(add(add(low(s0, d12), low(s1, d11)), low(s2, d10)), low(s3, d9))
  u6 = add(u6, add(add(low(s4, d8), low(s5, d7)), high(s6, e4)))
  let u7 = add(add(add(high(s0, d12), high(s1, d11)), high(s2, d10)), high(s3, d9))
  u7 = add(u7, add(add(add(high(s4, d8), high(s5, d7)), high(s6, d6)), high(s7, e5)))
  let u8 = add(add(add(low(s0, d16), low(s1, d15)), low(s2, d14)), low(s3, d13))
  u8 = add(u8, add(add(add(low(s4, d12), low(s5, d11)), low(s6, d10)), low(s7, d9)))
  u8 = add(u8, low(s8, e8))
  let u9 = add(add(add(high(s1, d15), high(s2, d14)), high(s3, d13)), high(s4, d12))
  u9 = add(u9, add(add(add(high(s5, d11), high(s6, d10)), high(s7, d9)), high(s8, d8)))
  u9 = add(u9, low(s9, e9))
  let u10 = add(add(add(low(s3, d17), low(s4, d16)), low(s5, d15)), low(s6, d14))
  u10 = add(u10, add(add(add(low(s7, d13), low(s8, d12)), low(s9, d11)), high(s10, e8)))
  let u11 = add(add(add(high(s5, d15), high(s6, d14)), high(s7, d13)), high(s8, d12))
  u11 = add(u11, add(add(high(s9, d11), high(s10, d10)), high(s11, e9)))
  let u12 = add(add(add(low(s7, d17), low(s8, d16)), low(s9, d15)), low(s10, d14))
  u12 = add(u12, add(low(s11, d13), low(s12, e12)))
  let u13 = add(add(add(high(s9, d15), high(s10, d14)), high(s11, d13)), high(s12, d12))
  u13 = add(u13, low(s13, e13))
  const u14 = add(add(add(low(s11, d17), low(s12, d16)), low(s13, d15)), high(s14, e12))
  const u15 = add(add(high(s13, d15), high(s14, d14)), high(s15, e13))
  const u16 = add(low(s15, d17), low(s16, e16))
  const u17 = low(s17, e17)
  reduce(
    u0, u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, modulus, multiple, inverse, x,
  )
}

// @ts-ignore: decorator
@inline
function secondsDoubled(x: v128): v128 {
  return i32x4.add(x, v128.and(x, i32x4(0, -1, 0, -1)))
}
