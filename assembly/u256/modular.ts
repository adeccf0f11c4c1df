import {
  divisorSet,
  divisorShift,
  divisorSize,
  r0,
  r1,
  r2,
  r3,
  remainderSet,
  remainderShift,
  step1,
  step2,
  step3,
  step4,
} from './divide'
import { isRepeated, multiplyReduce } from './barrett'
import { u256Lt } from './compare'
import { u256SetU64, u256SetZero } from './convert'
import { mulModDigits } from './digits'
import { u256Mul } from './mul'
import { mulHigh } from './wide'

// ADDMOD and MULMOD: the intermediate is not reduced modulo 2^256. A zero modulus gives zero.

/** The dividend, 512 bits. */
let p0: u64 = 0
let p1: u64 = 0
let p2: u64 = 0
let p3: u64 = 0
let p4: u64 = 0
let p5: u64 = 0
let p6: u64 = 0
let p7: u64 = 0

/** out = p mod m, m not zero. */
function reduce(m0: u64, m1: u64, m2: u64, m3: u64, out: usize): void {
  divisorSet(m0, m1, m2, m3)
  const s = divisorShift
  const back = 63 - s
  // Limbs above the dividend's top one are skipped; the divisor has at most four limbs, so fewer than four need no
  // skip.
  const top: u32 = p7 != 0 ? 8 : p6 != 0 ? 7 : p5 != 0 ? 6 : p4 != 0 ? 5 : 4
  const x8 = (p7 >> 1) >> back
  const x7 = (p7 << s) | ((p6 >> 1) >> back)
  const x6 = (p6 << s) | ((p5 >> 1) >> back)
  const x5 = (p5 << s) | ((p4 >> 1) >> back)
  const x4 = (p4 << s) | ((p3 >> 1) >> back)
  const x3 = (p3 << s) | ((p2 >> 1) >> back)
  const x2 = (p2 << s) | ((p1 >> 1) >> back)
  const x1 = (p1 << s) | ((p0 >> 1) >> back)
  const x0 = p0 << s
  // The remainder starts as the top limbs, one fewer than the divisor plus the bits shifted out: below the divisor.
  switch (divisorSize) {
    case 4:
      if (top > 6) {
        if (top == 8) {
          remainderSet(x5, x6, x7, x8)
          step4(x4)
        } else remainderSet(x4, x5, x6, x7)
        step4(x3)
        step4(x2)
      } else if (top == 6) {
        remainderSet(x3, x4, x5, x6)
        step4(x2)
      } else remainderSet(x2, x3, x4, x5)
      step4(x1)
      step4(x0)
      break
    case 3:
      if (top > 6) {
        remainderSet(x6, x7, x8, 0)
        step3(x5)
        step3(x4)
        step3(x3)
      } else if (top == 6) {
        remainderSet(x4, x5, x6, 0)
        step3(x3)
      } else remainderSet(x3, x4, x5, 0)
      step3(x2)
      step3(x1)
      step3(x0)
      break
    case 2:
      if (top > 4) {
        if (top > 5) {
          remainderSet(x7, x8, 0, 0)
          step2(x6)
          step2(x5)
          step2(x4)
        } else remainderSet(x4, x5, 0, 0)
        step2(x3)
      } else remainderSet(x3, x4, 0, 0)
      step2(x2)
      step2(x1)
      step2(x0)
      break
    default:
      if (top > 4) {
        if (top > 5) {
          remainderSet(x8, 0, 0, 0)
          step1(x7)
          step1(x6)
          step1(x5)
        } else remainderSet(x5, 0, 0, 0)
        step1(x4)
      } else remainderSet(x4, 0, 0, 0)
      step1(x3)
      step1(x2)
      step1(x1)
      step1(x0)
  }
  remainderShift()
  store<u64>(out, r0)
  store<u64>(out, r1, 8)
  store<u64>(out, r2, 16)
  store<u64>(out, r3, 24)
}

/** Whether the modulus, which is not zero, is a power of two. */
// @ts-ignore: decorator
@inline
function isPowerOfTwo(m0: u64, m1: u64, m2: u64, m3: u64): bool {
  return popcnt<u64>(m0) + popcnt<u64>(m1) + popcnt<u64>(m2) + popcnt<u64>(m3) == 1
}

/** out = out mod m, a power of two. */
function maskBelow(m0: u64, m1: u64, m2: u64, m3: u64, out: usize): void {
  const c0 = <u64>(m0 == 0)
  const c1 = c0 & <u64>(m1 == 0)
  const c2 = c1 & <u64>(m2 == 0)
  store<u64>(out, load<u64>(out) & (m0 - 1))
  store<u64>(out, load<u64>(out, 8) & (m1 - c0), 8)
  store<u64>(out, load<u64>(out, 16) & (m2 - c1), 16)
  store<u64>(out, load<u64>(out, 24) & (m3 - c2), 24)
}

/** out = (a + b) mod m, 0 when m is 0. */
export function u256AddMod(a: usize, b: usize, m: usize, out: usize): void {
  const m0 = load<u64>(m)
  const m1 = load<u64>(m, 8)
  const m2 = load<u64>(m, 16)
  const m3 = load<u64>(m, 24)
  if ((m0 | m1 | m2 | m3) == 0) {
    u256SetZero(out)
    return
  }
  const a3 = load<u64>(a, 24)
  const a2 = load<u64>(a, 16)
  const a1 = load<u64>(a, 8)
  const a0 = load<u64>(a)
  const b3 = load<u64>(b, 24)
  let s0 = a0 + load<u64>(b)
  const t1 = a1 + load<u64>(b, 8)
  const s1 = t1 + <u64>(s0 < a0)
  const t2 = a2 + load<u64>(b, 16)
  const s2 = t2 + (<u64>(t1 < a1) | <u64>(s1 < t1))
  const t3 = a3 + b3
  const s3 = t3 + (<u64>(t2 < a2) | <u64>(s2 < t2))
  const carry = <u64>(t3 < a3) | <u64>(s3 < t3)
  if (u256Lt(a, m) && u256Lt(b, m)) {
    // Both are below m, so the sum is below 2m: at most one subtraction.
    const c0 = <u64>(s0 < m0)
    const u1 = s1 - m1
    const c1 = <u64>(s1 < m1) | <u64>(u1 < c0)
    const u2 = s2 - m2
    const c2 = <u64>(s2 < m2) | <u64>(u2 < c1)
    const u3 = s3 - m3
    const below = (<u64>(s3 < m3) | <u64>(u3 < c2)) > carry
    store<u64>(out, below ? s0 : s0 - m0)
    store<u64>(out, below ? s1 : u1 - c0, 8)
    store<u64>(out, below ? s2 : u2 - c1, 16)
    store<u64>(out, below ? s3 : u3 - c2, 24)
    return
  }
  if (isPowerOfTwo(m0, m1, m2, m3)) {
    store<u64>(out, s0)
    store<u64>(out, s1, 8)
    store<u64>(out, s2, 16)
    store<u64>(out, s3, 24)
    maskBelow(m0, m1, m2, m3, out)
    return
  }
  if ((s1 | s2 | s3 | carry | m1 | m2 | m3) == 0) {
    u256SetU64(s0 % m0, out)
    return
  }
  p0 = s0
  p1 = s1
  p2 = s2
  p3 = s3
  p4 = carry
  p5 = 0
  p6 = 0
  p7 = 0
  reduce(m0, m1, m2, m3, out)
}

/** out = (a * b) mod m, 0 when m is 0. */
export function u256MulMod(a: usize, b: usize, m: usize, out: usize): void {
  const m0 = load<u64>(m)
  const m1 = load<u64>(m, 8)
  const m2 = load<u64>(m, 16)
  const m3 = load<u64>(m, 24)
  if ((m0 | m1 | m2 | m3) == 0) {
    u256SetZero(out)
    return
  }
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const a3 = load<u64>(a, 24)
  if (m3 >> 59 != 0) {
    if ((m0 & m1 & m2 & m3) == 0xffff_ffff_ffff_ffff) {
      product(a0, a1, a2, a3, b)
      foldAllOnes(out)
      return
    }
    if (isRepeated(m0, m1, m2, m3)) {
      multiplyReduce(a, b, out)
      return
    }
  } else if ((a1 | a2 | a3 | m1 | m2 | m3 | load<u64>(b, 8) | load<u64>(b, 16) | load<u64>(b, 24)) == 0) {
    mulModLimb(a0, load<u64>(b), m0, out)
    return
  }
  if (isPowerOfTwo(m0, m1, m2, m3)) {
    u256Mul(a, b, out)
    maskBelow(m0, m1, m2, m3, out)
    return
  }
  if ((m1 | m2 | m3) != 0) {
    mulModDigits(a, b, m0, m1, m2, m3, out)
    return
  }
  product(a0, a1, a2, a3, b)
  reduce(m0, 0, 0, 0, out)
}

/** All operands are one limb. */
function mulModLimb(a: u64, b: u64, m: u64, out: usize): void {
  const low = a * b
  const high = mulHigh(a, b)
  if (high == 0) {
    u256SetU64(low % m, out)
    return
  }
  divisorSet(m, 0, 0, 0)
  const s = divisorShift
  // The product is below 2^64 times the larger factor, not always below 2^64 times m.
  const top = high % m
  remainderSet((top << s) | ((low >> 1) >> (63 - s)), 0, 0, 0)
  step1(low << s)
  u256SetU64(r0 >> s, out)
}

/** out = p mod 2^256 - 1, where 2^256 is 1: FullMath's way to the upper half of a product. */
function foldAllOnes(out: usize): void {
  const s0 = p0 + p4
  const c0 = <u64>(s0 < p0)
  const t1 = p1 + p5
  const s1 = t1 + c0
  const c1 = <u64>(t1 < p1) | <u64>(s1 < c0)
  const t2 = p2 + p6
  const s2 = t2 + c1
  const c2 = <u64>(t2 < p2) | <u64>(s2 < c1)
  const t3 = p3 + p7
  const s3 = t3 + c2
  // 2^256 is 1, and all ones are 0: then one more is added as well, and carried out of the word.
  const ones = <u64>((s0 & s1 & s2 & s3) == 0xffff_ffff_ffff_ffff)
  const more = <u64>(t3 < p3) | <u64>(s3 < c2) | ones
  const y0 = s0 + more
  const d0 = <u64>(y0 < more)
  const y1 = s1 + d0
  const d1 = <u64>(y1 < d0)
  const y2 = s2 + d1
  store<u64>(out, y0)
  store<u64>(out, y1, 8)
  store<u64>(out, y2, 16)
  store<u64>(out, s3 + <u64>(y2 < d1), 24)
}

/** p = (a3, a2, a1, a0) * b, row by row: x is the sum so far, k the carry along a row. Globals are written once. */
function product(a0: u64, a1: u64, a2: u64, a3: u64, b: usize): void {
  const b0 = load<u64>(b)
  const b1 = load<u64>(b, 8)
  const b2 = load<u64>(b, 16)
  const b3 = load<u64>(b, 24)
  p0 = a0 * b0
  let k = mulHigh(a0, b0)
  let t: u64
  let x1 = a0 * b1 + k
  k = mulHigh(a0, b1) + <u64>(x1 < k)
  let x2 = a0 * b2 + k
  k = mulHigh(a0, b2) + <u64>(x2 < k)
  let x3 = a0 * b3 + k
  k = mulHigh(a0, b3) + <u64>(x3 < k)
  let x4 = k
  t = a1 * b0
  x1 += t
  k = mulHigh(a1, b0) + <u64>(x1 < t)
  t = a1 * b1 + k
  k = mulHigh(a1, b1) + <u64>(t < k)
  x2 += t
  k += <u64>(x2 < t)
  t = a1 * b2 + k
  k = mulHigh(a1, b2) + <u64>(t < k)
  x3 += t
  k += <u64>(x3 < t)
  t = a1 * b3 + k
  k = mulHigh(a1, b3) + <u64>(t < k)
  x4 += t
  k += <u64>(x4 < t)
  p1 = x1
  let x5 = k
  t = a2 * b0
  x2 += t
  k = mulHigh(a2, b0) + <u64>(x2 < t)
  t = a2 * b1 + k
  k = mulHigh(a2, b1) + <u64>(t < k)
  x3 += t
  k += <u64>(x3 < t)
  t = a2 * b2 + k
  k = mulHigh(a2, b2) + <u64>(t < k)
  x4 += t
  k += <u64>(x4 < t)
  t = a2 * b3 + k
  k = mulHigh(a2, b3) + <u64>(t < k)
  x5 += t
  k += <u64>(x5 < t)
  p2 = x2
  let x6 = k
  t = a3 * b0
  x3 += t
  k = mulHigh(a3, b0) + <u64>(x3 < t)
  t = a3 * b1 + k
  k = mulHigh(a3, b1) + <u64>(t < k)
  x4 += t
  k += <u64>(x4 < t)
  t = a3 * b2 + k
  k = mulHigh(a3, b2) + <u64>(t < k)
  x5 += t
  k += <u64>(x5 < t)
  t = a3 * b3 + k
  k = mulHigh(a3, b3) + <u64>(t < k)
  x6 += t
  k += <u64>(x6 < t)
  p3 = x3
  p7 = k
  p4 = x4
  p5 = x5
  p6 = x6
}
