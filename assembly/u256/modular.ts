import { divisorSet, divisorShift, divisorSize, r0, r1, r2, r3, remainderSet, remainderShift } from './divide'
import { step1, step2, step3, step4 } from './divide'
import { mulHigh } from './wide'
import { u256SetZero } from './convert'

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
  // Limbs above the dividend's top one are skipped; the divisor has at most four limbs, so fewer than four need no skip.
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
        remainderSet(x7, x8, 0, 0)
        step2(x6)
        step2(x5)
        step2(x4)
        step2(x3)
      } else remainderSet(x3, x4, 0, 0)
      step2(x2)
      step2(x1)
      step2(x0)
      break
    default:
      if (top > 4) {
        remainderSet(x8, 0, 0, 0)
        step1(x7)
        step1(x6)
        step1(x5)
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
  if (a3 < m3 && b3 < m3) {
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
  p0 = 0
  p1 = 0
  p2 = 0
  p3 = 0
  row0(a0, b)
  row1(a1, b)
  row2(a2, b)
  row3(a3, b)
  reduce(m0, m1, m2, m3, out)
}

// One row of the product each: adds x * b at limb 0, 1, 2 or 3; written out, because globals cannot be indexed.

let carry: u64 = 0

/** sum + x * y + carry: the low limb is returned, the rest becomes the carry. */
// @ts-ignore: decorator
@inline
function mac(sum: u64, x: u64, y: u64): u64 {
  const low = x * y
  const t = low + carry
  const s = t + sum
  carry = mulHigh(x, y) + <u64>(t < low) + <u64>(s < t)
  return s
}

function row0(x: u64, b: usize): void {
  carry = 0
  p0 = mac(p0, x, load<u64>(b))
  p1 = mac(p1, x, load<u64>(b, 8))
  p2 = mac(p2, x, load<u64>(b, 16))
  p3 = mac(p3, x, load<u64>(b, 24))
  p4 = carry
}

function row1(x: u64, b: usize): void {
  carry = 0
  p1 = mac(p1, x, load<u64>(b))
  p2 = mac(p2, x, load<u64>(b, 8))
  p3 = mac(p3, x, load<u64>(b, 16))
  p4 = mac(p4, x, load<u64>(b, 24))
  p5 = carry
}

function row2(x: u64, b: usize): void {
  carry = 0
  p2 = mac(p2, x, load<u64>(b))
  p3 = mac(p3, x, load<u64>(b, 8))
  p4 = mac(p4, x, load<u64>(b, 16))
  p5 = mac(p5, x, load<u64>(b, 24))
  p6 = carry
}

function row3(x: u64, b: usize): void {
  carry = 0
  p3 = mac(p3, x, load<u64>(b))
  p4 = mac(p4, x, load<u64>(b, 8))
  p5 = mac(p5, x, load<u64>(b, 16))
  p6 = mac(p6, x, load<u64>(b, 24))
  p7 = carry
}
