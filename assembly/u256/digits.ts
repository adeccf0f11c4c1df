import {
  m0,
  m1,
  m2,
  m3,
  m4,
  m5,
  m6,
  m7,
  m8,
  MASK,
  reciprocal,
  setModulus,
  shift,
  size,
  storeRemainder,
  w0,
  w1,
  w2,
  w3,
} from './scaledModulus'

// Products modulo a modulus of more than 64 bits. Limbs of 29 bits: columns of products are summed in 64 bits without a
// carry, and so are the multiples of the modulus that are taken away from them, one digit of 29 bits of the quotient
// after the other.
//
// The modulus is shifted until the highest bit of limb 8 is set: m' = m 2^s times a power of 2^29 that leaves n limbs.
// The product is shifted by the same s, from 0 to 28 bits. A digit q of weight 2^(29 j) is what column j + 8 and what
// is above it come to, a number t below 2^59 in size, divided by m' in units of its limb 8: t / 2^27, rounded, times
// the reciprocal 2^59 / m', rounded, divided by 2^32 and rounded. Digits are signed.
//
// Bounds, in units of m' 2^(29 j). Before a digit what is left is below 2^30 in size at first, and later below 2^29
// (1 + e), e what the last digit was wrong by; q is wrong by at most 1/2 for its own rounding, 1/4 for that of t, (1 +
// e) / 4 for that of the reciprocal (2^-31 of it, of 2^29) or at first 1/2, and less than 2^-20 for the columns below
// j + 7, which are below 2^63 in size and count as 2^5 of 2^28. So e is below 1.4, and the remainder is in (-1.4 m,
// 1.4 m) at the end. A column has at most 9 products of limbs, 9 * 2^58, and 9 of digits, 9 * 1.4 * 2^58, or 2^59 for
// the first: below 2^62.5 together.

/** The digit for what column j + 8 and above come to, with the column below it. */
// @ts-ignore: decorator
@inline
function digit(t: i64, below: i64, inverse: i64): i64 {
  return (((t + (below >> 29) + 0x400_0000) >> 27) * inverse + 0x8000_0000) >> 32
}

/** out = a b modulo (b3, b2, b1, b0), which is above 2^64. */
export function mulModDigits(a: usize, b: usize, b0: u64, b1: u64, b2: u64, b3: u64, out: usize): void {
  if (((b0 ^ w0) | (b1 ^ w1) | (b2 ^ w2) | (b3 ^ w3)) != 0) setModulus(b0, b1, b2, b3)
  // The first factor has room for five bits of the shift, the second one gets the rest: a tenth limb beyond five.
  const s = shift
  const sa = min<u64>(s, 5)
  const ka = 63 - sa
  const u0 = load<u64>(a), u1 = load<u64>(a, 8), u2 = load<u64>(a, 16), u3 = load<u64>(a, 24)
  const ax0 = u0 << sa, ax1 = (u1 << sa) | ((u0 >> 1) >> ka), ax2 = (u2 << sa) | ((u1 >> 1) >> ka)
  const ax3 = (u3 << sa) | ((u2 >> 1) >> ka), ax4 = (u3 >> 1) >> ka
  const sb = s - sa
  const kb = 63 - sb
  const v0 = load<u64>(b), v1 = load<u64>(b, 8), v2 = load<u64>(b, 16), v3 = load<u64>(b, 24)
  const bx0 = v0 << sb, bx1 = (v1 << sb) | ((v0 >> 1) >> kb), bx2 = (v2 << sb) | ((v1 >> 1) >> kb)
  const bx3 = (v3 << sb) | ((v2 >> 1) >> kb), bx4 = (v3 >> 1) >> kb
  const a0 = <i64>(ax0 & MASK), a1 = <i64>((ax0 >> 29) & MASK), a2 = <i64>(((ax0 >> 58) | (ax1 << 6)) & MASK)
  const a3 = <i64>((ax1 >> 23) & MASK), a4 = <i64>(((ax1 >> 52) | (ax2 << 12)) & MASK), a5 = <i64>((ax2 >> 17) & MASK)
  const a6 = <i64>(((ax2 >> 46) | (ax3 << 18)) & MASK), a7 = <i64>((ax3 >> 11) & MASK)
  const a8 = <i64>(((ax3 >> 40) | (ax4 << 24)) & MASK)
  const y0 = <i64>(bx0 & MASK), y1 = <i64>((bx0 >> 29) & MASK), y2 = <i64>(((bx0 >> 58) | (bx1 << 6)) & MASK)
  const y3 = <i64>((bx1 >> 23) & MASK), y4 = <i64>(((bx1 >> 52) | (bx2 << 12)) & MASK), y5 = <i64>((bx2 >> 17) & MASK)
  const y6 = <i64>(((bx2 >> 46) | (bx3 << 18)) & MASK), y7 = <i64>((bx3 >> 11) & MASK)
  const y8 = <i64>(((bx3 >> 40) | (bx4 << 24)) & MASK), y9 = <i64>(bx4 >> 5)
  let c16 = a8 * y8
  let c15 = a7 * y8 + a8 * y7
  let c14 = a6 * y8 + a7 * y7 + a8 * y6
  let c13 = a5 * y8 + a6 * y7 + a7 * y6 + a8 * y5
  let c12 = a4 * y8 + a5 * y7 + a6 * y6 + a7 * y5 + a8 * y4
  let c11 = a3 * y8 + a4 * y7 + a5 * y6 + a6 * y5 + a7 * y4 + a8 * y3
  let c10 = a2 * y8 + a3 * y7 + a4 * y6 + a5 * y5 + a6 * y4 + a7 * y3 + a8 * y2
  let c9 = a1 * y8 + a2 * y7 + a3 * y6 + a4 * y5 + a5 * y4 + a6 * y3 + a7 * y2 + a8 * y1
  let c17: i64 = 0
  const inverse = reciprocal
  const n0 = m0, n1 = m1, n2 = m2, n3 = m3, n4 = m4, n5 = m5, n6 = m6, n7 = m7, n8 = m8
  let q: i64
  if (y9 != 0) {
    c9 += a0 * y9
    c10 += a1 * y9
    c11 += a2 * y9
    c12 += a3 * y9
    c13 += a4 * y9
    c14 += a5 * y9
    c15 += a6 * y9
    c16 += a7 * y9
    c17 += a8 * y9
    q = digit(c17, c16, inverse)
    c17 -= q * n8
    c16 -= q * n7
    c15 -= q * n6
    c14 -= q * n5
    c13 -= q * n4
    c12 -= q * n3
    c11 -= q * n2
    c10 -= q * n1
    c9 -= q * n0
    c16 += c17 << 29
  }
  let c8 = a0 * y8 + a1 * y7 + a2 * y6 + a3 * y5 + a4 * y4 + a5 * y3 + a6 * y2 + a7 * y1 + a8 * y0
  q = digit(c16, c15, inverse)
  c16 -= q * n8
  c15 -= q * n7
  c14 -= q * n6
  c13 -= q * n5
  c12 -= q * n4
  c11 -= q * n3
  c10 -= q * n2
  c9 -= q * n1
  c8 -= q * n0
  let c7 = a0 * y7 + a1 * y6 + a2 * y5 + a3 * y4 + a4 * y3 + a5 * y2 + a6 * y1 + a7 * y0
  c15 += c16 << 29
  q = digit(c15, c14, inverse)
  c15 -= q * n8
  c14 -= q * n7
  c13 -= q * n6
  c12 -= q * n5
  c11 -= q * n4
  c10 -= q * n3
  c9 -= q * n2
  c8 -= q * n1
  c7 -= q * n0
  let c6 = a0 * y6 + a1 * y5 + a2 * y4 + a3 * y3 + a4 * y2 + a5 * y1 + a6 * y0
  c14 += c15 << 29
  q = digit(c14, c13, inverse)
  c14 -= q * n8
  c13 -= q * n7
  c12 -= q * n6
  c11 -= q * n5
  c10 -= q * n4
  c9 -= q * n3
  c8 -= q * n2
  c7 -= q * n1
  c6 -= q * n0
  let c5 = a0 * y5 + a1 * y4 + a2 * y3 + a3 * y2 + a4 * y1 + a5 * y0
  c13 += c14 << 29
  q = digit(c13, c12, inverse)
  c13 -= q * n8
  c12 -= q * n7
  c11 -= q * n6
  c10 -= q * n5
  c9 -= q * n4
  c8 -= q * n3
  c7 -= q * n2
  c6 -= q * n1
  c5 -= q * n0
  let c4 = a0 * y4 + a1 * y3 + a2 * y2 + a3 * y1 + a4 * y0
  c12 += c13 << 29
  q = digit(c12, c11, inverse)
  c12 -= q * n8
  c11 -= q * n7
  c10 -= q * n6
  c9 -= q * n5
  c8 -= q * n4
  c7 -= q * n3
  c6 -= q * n2
  c5 -= q * n1
  c4 -= q * n0
  let c3 = a0 * y3 + a1 * y2 + a2 * y1 + a3 * y0
  c11 += c12 << 29
  q = digit(c11, c10, inverse)
  c11 -= q * n8
  c10 -= q * n7
  c9 -= q * n6
  c8 -= q * n5
  c7 -= q * n4
  c6 -= q * n3
  c5 -= q * n2
  c4 -= q * n1
  c3 -= q * n0
  let c2 = a0 * y2 + a1 * y1 + a2 * y0
  c10 += c11 << 29
  q = digit(c10, c9, inverse)
  c10 -= q * n8
  c9 -= q * n7
  c8 -= q * n6
  c7 -= q * n5
  c6 -= q * n4
  c5 -= q * n3
  c4 -= q * n2
  c3 -= q * n1
  c2 -= q * n0
  let c1 = a0 * y1 + a1 * y0
  c9 += c10 << 29
  q = digit(c9, c8, inverse)
  c9 -= q * n8
  c8 -= q * n7
  c7 -= q * n6
  c6 -= q * n5
  c5 -= q * n4
  c4 -= q * n3
  c3 -= q * n2
  c2 -= q * n1
  c1 -= q * n0
  let c0 = a0 * y0
  c8 += c9 << 29
  q = digit(c8, c7, inverse)
  c8 -= q * n8
  c7 -= q * n7
  c6 -= q * n6
  c5 -= q * n5
  c4 -= q * n4
  c3 -= q * n3
  c2 -= q * n2
  c1 -= q * n1
  c0 -= q * n0
  if (size <= 8) {
    c7 += c8 << 29
    q = digit(c7, c6, inverse)
    c7 -= q * n8
    c6 -= q * n7
    c5 -= q * n6
    c4 -= q * n5
    c3 -= q * n4
    c2 -= q * n3
    c1 -= q * n2
    c0 -= q * n1
    c8 = 0
    if (size <= 7) {
      c6 += c7 << 29
      q = digit(c6, c5, inverse)
      c6 -= q * n8
      c5 -= q * n7
      c4 -= q * n6
      c3 -= q * n5
      c2 -= q * n4
      c1 -= q * n3
      c0 -= q * n2
      c7 = 0
      if (size <= 6) {
        c5 += c6 << 29
        q = digit(c5, c4, inverse)
        c5 -= q * n8
        c4 -= q * n7
        c3 -= q * n6
        c2 -= q * n5
        c1 -= q * n4
        c0 -= q * n3
        c6 = 0
        if (size <= 5) {
          c4 += c5 << 29
          q = digit(c4, c3, inverse)
          c4 -= q * n8
          c3 -= q * n7
          c2 -= q * n6
          c1 -= q * n5
          c0 -= q * n4
          c5 = 0
          if (size <= 4) {
            c3 += c4 << 29
            q = digit(c3, c2, inverse)
            c3 -= q * n8
            c2 -= q * n7
            c1 -= q * n6
            c0 -= q * n5
            c4 = 0
            if (size <= 3) {
              c2 += c3 << 29
              q = digit(c2, c1, inverse)
              c2 -= q * n8
              c1 -= q * n7
              c0 -= q * n6
              c3 = 0
            }
          }
        }
      }
    }
  }
  storeRemainder(c0, c1, c2, c3, c4, c5, c6, c7, c8, s, b0, b1, b2, b3, out)
}
