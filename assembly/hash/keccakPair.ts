import { RATE, ROUND_CONSTANTS, tailLane } from './sponge'

// Two keccak-256 at once, one in each 64-bit half of the SIMD registers (see keccak.ts for the permutation). SIMD has
// an and-not, so no lane is kept complemented; it has no rotation, which costs three instructions instead of one.

// @ts-ignore: decorator
@inline
function rotl2(v: v128, n: i32): v128 {
  return v128.or(v128.shl<u64>(v, n), v128.shr<u64>(v, 64 - n))
}

// @ts-ignore: decorator
@inline
function both(p: usize, q: usize, offset: usize): v128 {
  return v128.load_lane<u64>(q + offset, v128.load64_zero(p + offset), 1)
}

/**
 * Hashes two messages that fill the SAME number of blocks: lengthA / 136 == lengthB / 136 (the caller's duty).
 * Measured: 1.45 times the throughput of two scalar hashes.
 */
export function keccakPair(a: usize, lengthA: usize, b: usize, lengthB: usize, outA: usize, outB: usize): void {
  let s0 = i64x2.splat(0), s1 = i64x2.splat(0), s2 = i64x2.splat(0), s3 = i64x2.splat(0), s4 = i64x2.splat(0)
  let s5 = i64x2.splat(0), s6 = i64x2.splat(0), s7 = i64x2.splat(0), s8 = i64x2.splat(0), s9 = i64x2.splat(0)
  let s10 = i64x2.splat(0), s11 = i64x2.splat(0), s12 = i64x2.splat(0), s13 = i64x2.splat(0), s14 = i64x2.splat(0)
  let s15 = i64x2.splat(0), s16 = i64x2.splat(0), s17 = i64x2.splat(0), s18 = i64x2.splat(0), s19 = i64x2.splat(0)
  let s20 = i64x2.splat(0), s21 = i64x2.splat(0), s22 = i64x2.splat(0), s23 = i64x2.splat(0), s24 = i64x2.splat(0)
  let t0 = i64x2.splat(0), t1 = i64x2.splat(0), t2 = i64x2.splat(0), t3 = i64x2.splat(0), t4 = i64x2.splat(0)
  let t5 = i64x2.splat(0), t6 = i64x2.splat(0), t7 = i64x2.splat(0), t8 = i64x2.splat(0), t9 = i64x2.splat(0)
  let t10 = i64x2.splat(0), t11 = i64x2.splat(0), t12 = i64x2.splat(0), t13 = i64x2.splat(0), t14 = i64x2.splat(0)
  let t15 = i64x2.splat(0), t16 = i64x2.splat(0), t17 = i64x2.splat(0), t18 = i64x2.splat(0), t19 = i64x2.splat(0)
  let t20 = i64x2.splat(0), t21 = i64x2.splat(0), t22 = i64x2.splat(0), t23 = i64x2.splat(0), t24 = i64x2.splat(0)
  let b0 = i64x2.splat(0), b1 = i64x2.splat(0), b2 = i64x2.splat(0), b3 = i64x2.splat(0), b4 = i64x2.splat(0)
  let c0 = i64x2.splat(0), c1 = i64x2.splat(0), c2 = i64x2.splat(0), c3 = i64x2.splat(0), c4 = i64x2.splat(0)
  let d0 = i64x2.splat(0), d1 = i64x2.splat(0), d2 = i64x2.splat(0), d3 = i64x2.splat(0), d4 = i64x2.splat(0)
  let last = false
  while (true) {
    if (lengthA >= RATE) {
      s0 = v128.xor(s0, both(a, b, 0))
      s1 = v128.xor(s1, both(a, b, 8))
      s2 = v128.xor(s2, both(a, b, 16))
      s3 = v128.xor(s3, both(a, b, 24))
      s4 = v128.xor(s4, both(a, b, 32))
      s5 = v128.xor(s5, both(a, b, 40))
      s6 = v128.xor(s6, both(a, b, 48))
      s7 = v128.xor(s7, both(a, b, 56))
      s8 = v128.xor(s8, both(a, b, 64))
      s9 = v128.xor(s9, both(a, b, 72))
      s10 = v128.xor(s10, both(a, b, 80))
      s11 = v128.xor(s11, both(a, b, 88))
      s12 = v128.xor(s12, both(a, b, 96))
      s13 = v128.xor(s13, both(a, b, 104))
      s14 = v128.xor(s14, both(a, b, 112))
      s15 = v128.xor(s15, both(a, b, 120))
      s16 = v128.xor(s16, both(a, b, 128))
      a += RATE
      b += RATE
      lengthA -= RATE
      lengthB -= RATE
    } else {
      const fullA = <u32>lengthA >> 3
      const fullB = <u32>lengthB >> 3
      const tailA = tailLane(a, lengthA)
      const tailB = tailLane(b, lengthB)
      s0 = v128.xor(s0, pairLane(a, fullA, tailA, b, fullB, tailB, 0))
      s1 = v128.xor(s1, pairLane(a, fullA, tailA, b, fullB, tailB, 1))
      s2 = v128.xor(s2, pairLane(a, fullA, tailA, b, fullB, tailB, 2))
      s3 = v128.xor(s3, pairLane(a, fullA, tailA, b, fullB, tailB, 3))
      s4 = v128.xor(s4, pairLane(a, fullA, tailA, b, fullB, tailB, 4))
      s5 = v128.xor(s5, pairLane(a, fullA, tailA, b, fullB, tailB, 5))
      s6 = v128.xor(s6, pairLane(a, fullA, tailA, b, fullB, tailB, 6))
      s7 = v128.xor(s7, pairLane(a, fullA, tailA, b, fullB, tailB, 7))
      s8 = v128.xor(s8, pairLane(a, fullA, tailA, b, fullB, tailB, 8))
      s9 = v128.xor(s9, pairLane(a, fullA, tailA, b, fullB, tailB, 9))
      s10 = v128.xor(s10, pairLane(a, fullA, tailA, b, fullB, tailB, 10))
      s11 = v128.xor(s11, pairLane(a, fullA, tailA, b, fullB, tailB, 11))
      s12 = v128.xor(s12, pairLane(a, fullA, tailA, b, fullB, tailB, 12))
      s13 = v128.xor(s13, pairLane(a, fullA, tailA, b, fullB, tailB, 13))
      s14 = v128.xor(s14, pairLane(a, fullA, tailA, b, fullB, tailB, 14))
      s15 = v128.xor(s15, pairLane(a, fullA, tailA, b, fullB, tailB, 15))
      s16 = v128.xor(s16, pairLane(a, fullA, tailA, b, fullB, tailB, 16))
      s16 = v128.xor(s16, i64x2.splat(0x8000000000000000))
      last = true
    }
    for (let rc = ROUND_CONSTANTS, end = rc + 192; rc < end; rc += 16) {
      c0 = v128.xor(v128.xor(v128.xor(v128.xor(s0, s5), s10), s15), s20)
      c1 = v128.xor(v128.xor(v128.xor(v128.xor(s1, s6), s11), s16), s21)
      c2 = v128.xor(v128.xor(v128.xor(v128.xor(s2, s7), s12), s17), s22)
      c3 = v128.xor(v128.xor(v128.xor(v128.xor(s3, s8), s13), s18), s23)
      c4 = v128.xor(v128.xor(v128.xor(v128.xor(s4, s9), s14), s19), s24)
      d0 = v128.xor(c4, rotl2(c1, 1))
      d1 = v128.xor(c0, rotl2(c2, 1))
      d2 = v128.xor(c1, rotl2(c3, 1))
      d3 = v128.xor(c2, rotl2(c4, 1))
      d4 = v128.xor(c3, rotl2(c0, 1))
      b0 = v128.xor(s0, d0)
      b1 = rotl2(v128.xor(s6, d1), 44)
      b2 = rotl2(v128.xor(s12, d2), 43)
      b3 = rotl2(v128.xor(s18, d3), 21)
      b4 = rotl2(v128.xor(s24, d4), 14)
      t0 = v128.xor(v128.xor(b0, v128.andnot(b2, b1)), v128.load_splat<u64>(rc))
      t1 = v128.xor(b1, v128.andnot(b3, b2))
      t2 = v128.xor(b2, v128.andnot(b4, b3))
      t3 = v128.xor(b3, v128.andnot(b0, b4))
      t4 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(s3, d3), 28)
      b1 = rotl2(v128.xor(s9, d4), 20)
      b2 = rotl2(v128.xor(s10, d0), 3)
      b3 = rotl2(v128.xor(s16, d1), 45)
      b4 = rotl2(v128.xor(s22, d2), 61)
      t5 = v128.xor(b0, v128.andnot(b2, b1))
      t6 = v128.xor(b1, v128.andnot(b3, b2))
      t7 = v128.xor(b2, v128.andnot(b4, b3))
      t8 = v128.xor(b3, v128.andnot(b0, b4))
      t9 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(s1, d1), 1)
      b1 = rotl2(v128.xor(s7, d2), 6)
      b2 = rotl2(v128.xor(s13, d3), 25)
      b3 = rotl2(v128.xor(s19, d4), 8)
      b4 = rotl2(v128.xor(s20, d0), 18)
      t10 = v128.xor(b0, v128.andnot(b2, b1))
      t11 = v128.xor(b1, v128.andnot(b3, b2))
      t12 = v128.xor(b2, v128.andnot(b4, b3))
      t13 = v128.xor(b3, v128.andnot(b0, b4))
      t14 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(s4, d4), 27)
      b1 = rotl2(v128.xor(s5, d0), 36)
      b2 = rotl2(v128.xor(s11, d1), 10)
      b3 = rotl2(v128.xor(s17, d2), 15)
      b4 = rotl2(v128.xor(s23, d3), 56)
      t15 = v128.xor(b0, v128.andnot(b2, b1))
      t16 = v128.xor(b1, v128.andnot(b3, b2))
      t17 = v128.xor(b2, v128.andnot(b4, b3))
      t18 = v128.xor(b3, v128.andnot(b0, b4))
      t19 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(s2, d2), 62)
      b1 = rotl2(v128.xor(s8, d3), 55)
      b2 = rotl2(v128.xor(s14, d4), 39)
      b3 = rotl2(v128.xor(s15, d0), 41)
      b4 = rotl2(v128.xor(s21, d1), 2)
      t20 = v128.xor(b0, v128.andnot(b2, b1))
      t21 = v128.xor(b1, v128.andnot(b3, b2))
      t22 = v128.xor(b2, v128.andnot(b4, b3))
      t23 = v128.xor(b3, v128.andnot(b0, b4))
      t24 = v128.xor(b4, v128.andnot(b1, b0))
      c0 = v128.xor(v128.xor(v128.xor(v128.xor(t0, t5), t10), t15), t20)
      c1 = v128.xor(v128.xor(v128.xor(v128.xor(t1, t6), t11), t16), t21)
      c2 = v128.xor(v128.xor(v128.xor(v128.xor(t2, t7), t12), t17), t22)
      c3 = v128.xor(v128.xor(v128.xor(v128.xor(t3, t8), t13), t18), t23)
      c4 = v128.xor(v128.xor(v128.xor(v128.xor(t4, t9), t14), t19), t24)
      d0 = v128.xor(c4, rotl2(c1, 1))
      d1 = v128.xor(c0, rotl2(c2, 1))
      d2 = v128.xor(c1, rotl2(c3, 1))
      d3 = v128.xor(c2, rotl2(c4, 1))
      d4 = v128.xor(c3, rotl2(c0, 1))
      b0 = v128.xor(t0, d0)
      b1 = rotl2(v128.xor(t6, d1), 44)
      b2 = rotl2(v128.xor(t12, d2), 43)
      b3 = rotl2(v128.xor(t18, d3), 21)
      b4 = rotl2(v128.xor(t24, d4), 14)
      s0 = v128.xor(v128.xor(b0, v128.andnot(b2, b1)), v128.load_splat<u64>(rc, 8))
      s1 = v128.xor(b1, v128.andnot(b3, b2))
      s2 = v128.xor(b2, v128.andnot(b4, b3))
      s3 = v128.xor(b3, v128.andnot(b0, b4))
      s4 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(t3, d3), 28)
      b1 = rotl2(v128.xor(t9, d4), 20)
      b2 = rotl2(v128.xor(t10, d0), 3)
      b3 = rotl2(v128.xor(t16, d1), 45)
      b4 = rotl2(v128.xor(t22, d2), 61)
      s5 = v128.xor(b0, v128.andnot(b2, b1))
      s6 = v128.xor(b1, v128.andnot(b3, b2))
      s7 = v128.xor(b2, v128.andnot(b4, b3))
      s8 = v128.xor(b3, v128.andnot(b0, b4))
      s9 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(t1, d1), 1)
      b1 = rotl2(v128.xor(t7, d2), 6)
      b2 = rotl2(v128.xor(t13, d3), 25)
      b3 = rotl2(v128.xor(t19, d4), 8)
      b4 = rotl2(v128.xor(t20, d0), 18)
      s10 = v128.xor(b0, v128.andnot(b2, b1))
      s11 = v128.xor(b1, v128.andnot(b3, b2))
      s12 = v128.xor(b2, v128.andnot(b4, b3))
      s13 = v128.xor(b3, v128.andnot(b0, b4))
      s14 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(t4, d4), 27)
      b1 = rotl2(v128.xor(t5, d0), 36)
      b2 = rotl2(v128.xor(t11, d1), 10)
      b3 = rotl2(v128.xor(t17, d2), 15)
      b4 = rotl2(v128.xor(t23, d3), 56)
      s15 = v128.xor(b0, v128.andnot(b2, b1))
      s16 = v128.xor(b1, v128.andnot(b3, b2))
      s17 = v128.xor(b2, v128.andnot(b4, b3))
      s18 = v128.xor(b3, v128.andnot(b0, b4))
      s19 = v128.xor(b4, v128.andnot(b1, b0))
      b0 = rotl2(v128.xor(t2, d2), 62)
      b1 = rotl2(v128.xor(t8, d3), 55)
      b2 = rotl2(v128.xor(t14, d4), 39)
      b3 = rotl2(v128.xor(t15, d0), 41)
      b4 = rotl2(v128.xor(t21, d1), 2)
      s20 = v128.xor(b0, v128.andnot(b2, b1))
      s21 = v128.xor(b1, v128.andnot(b3, b2))
      s22 = v128.xor(b2, v128.andnot(b4, b3))
      s23 = v128.xor(b3, v128.andnot(b0, b4))
      s24 = v128.xor(b4, v128.andnot(b1, b0))
    }
    if (last) break
  }
  store2(s0, outA, outB, 0)
  store2(s1, outA, outB, 8)
  store2(s2, outA, outB, 16)
  store2(s3, outA, outB, 24)
}

// @ts-ignore: decorator
@inline
function pairLane(a: usize, fullA: u32, tailA: u64, b: usize, fullB: u32, tailB: u64, i: u32): v128 {
  const laneA: u64 = i < fullA ? load<u64>(a + 8 * i) : i == fullA ? tailA : 0
  const laneB: u64 = i < fullB ? load<u64>(b + 8 * i) : i == fullB ? tailB : 0
  return i64x2.replace_lane(i64x2.splat(laneA), 1, laneB)
}

// @ts-ignore: decorator
@inline
function store2(v: v128, outA: usize, outB: usize, offset: usize): void {
  store<u64>(outA + offset, i64x2.extract_lane(v, 0))
  store<u64>(outB + offset, i64x2.extract_lane(v, 1))
}
