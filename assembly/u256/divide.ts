import { mulHigh } from './wide'

// Long division in base 2^64 (Knuth, TAOCP 4.3.1, algorithm D) with reciprocals instead of divisions (Moller and
// Granlund, "Improved division by invariant integers", 2011): WebAssembly cannot divide 128 bits by 64.
//
// The divisor is normalised (top bit set) and held with its reciprocal in globals, as is the running remainder: globals
// are per thread. Dividend limbs are fed from the most significant on, each step returns one quotient limb:
//   (remainder, limb) = quotient * divisor + new remainder,  invariant: remainder < divisor.

/** Normalised divisor; only the first `size` limbs of it are used. */
let d0: u64 = 0
let d1: u64 = 0
let d2: u64 = 0
let d3: u64 = 0
/** Reciprocal of the divisor's top limb (size 1) or top two limbs. */
let v: u64 = 0
/** Limbs of the divisor, 1 to 4. */
export let divisorSize: u32 = 0
/** Left shift that normalised the divisor. */
export let divisorShift: u64 = 0
export let r0: u64 = 0
export let r1: u64 = 0
export let r2: u64 = 0
export let r3: u64 = 0

/** floor((2^128 - 1) / d) - 2^64 for d >= 2^63. */
function reciprocal2by1(d: u64): u64 {
  const top = d >> 55 // 9 bits, 256..511
  const v0 = <u64>(<u32>0x7fd00 / <u32>top)
  const d40 = (d >> 24) + 1
  const v1 = (v0 << 11) - ((v0 * v0 * d40) >> 40) - 1
  const v2 = (v1 << 13) + ((v1 * (0x1000_0000_0000_0000 - v1 * d40)) >> 47)
  const odd = d & 1
  const half = (d >> 1) + odd
  const e = ((v2 >> 1) & (0 - odd)) - v2 * half
  const v3 = (mulHigh(v2, e) >> 1) + (v2 << 31)
  const low = v3 * d
  const sum = low + d
  return v3 - (mulHigh(v3, d) + <u64>(sum < low)) - d
}

/** floor((2^192 - 1) / (high, low)) - 2^64 for high >= 2^63. */
function reciprocal3by2(high: u64, low: u64): u64 {
  let w = reciprocal2by1(high)
  let p = high * w + low
  if (p < low) {
    w--
    if (p >= high) {
      w--
      p -= high
    }
    p -= high
  }
  const t1 = mulHigh(w, low)
  const t0 = w * low
  p += t1
  if (p < t1) {
    w--
    if (p >= high && (p > high || t0 >= low)) w--
  }
  return w
}

/** Sets the divisor, which must not be zero. */
export function divisorSet(b0: u64, b1: u64, b2: u64, b3: u64): void {
  const top = b3 != 0 ? b3 : b2 != 0 ? b2 : b1 != 0 ? b1 : b0
  const s = clz<u64>(top)
  const back = 63 - s
  divisorShift = s
  if (b3 != 0) {
    divisorSize = 4
    d3 = (b3 << s) | ((b2 >> 1) >> back)
    d2 = (b2 << s) | ((b1 >> 1) >> back)
    d1 = (b1 << s) | ((b0 >> 1) >> back)
    d0 = b0 << s
    v = reciprocal3by2(d3, d2)
  } else if (b2 != 0) {
    divisorSize = 3
    d2 = (b2 << s) | ((b1 >> 1) >> back)
    d1 = (b1 << s) | ((b0 >> 1) >> back)
    d0 = b0 << s
    v = reciprocal3by2(d2, d1)
  } else if (b1 != 0) {
    divisorSize = 2
    d1 = (b1 << s) | ((b0 >> 1) >> back)
    d0 = b0 << s
    v = reciprocal3by2(d1, d0)
  } else {
    divisorSize = 1
    d0 = b0 << s
    v = reciprocal2by1(d0)
  }
}

/** Sets the remainder; it must be below the divisor. */
// @ts-ignore: decorator
@inline
export function remainderSet(x0: u64, x1: u64, x2: u64, x3: u64): void {
  r0 = x0
  r1 = x1
  r2 = x2
  r3 = x3
}

export function step1(limb: u64): u64 {
  const d = d0
  const high = r0
  let q0 = v * high
  let q1 = mulHigh(v, high) + high + 1
  q0 += limb
  q1 += <u64>(q0 < limb)
  let r = limb - q1 * d
  if (r > q0) {
    q1--
    r += d
  }
  if (r >= d) {
    q1++
    r -= d
  }
  r0 = r
  return q1
}

/** Remainder of the last divide3by2. */
let m0: u64 = 0
let m1: u64 = 0

/** (u2, u1, u0) / (e1, e0) with reciprocal v; remainder in m1, m0. Requires (u2, u1) < (e1, e0). */
// @ts-ignore: decorator
@inline
function divide3by2(u2: u64, u1: u64, u0: u64, e1: u64, e0: u64): u64 {
  let q0 = v * u2
  let q1 = mulHigh(v, u2) + u2
  q0 += u1
  q1 += <u64>(q0 < u1)
  let high = u1 - q1 * e1
  // (high, low) = (high, u0) - e0 * q1 - (e1, e0)
  const t0 = e0 * q1
  let low = u0 - t0
  high = high - mulHigh(e0, q1) - <u64>(u0 < t0)
  const b = <u64>(low < e0)
  low -= e0
  high = high - e1 - b
  q1++
  if (high >= q0) {
    q1--
    low += e0
    high = high + e1 + <u64>(low < e0)
  }
  if (high > e1 || (high == e1 && low >= e0)) {
    q1++
    high = high - e1 - <u64>(low < e0)
    low -= e0
  }
  m0 = low
  m1 = high
  return q1
}

export function step2(limb: u64): u64 {
  const q = divide3by2(r1, r0, limb, d1, d0)
  r1 = m1
  r0 = m0
  return q
}

export function step3(limb: u64): u64 {
  if (r2 == d2 && r1 == d1) {
    // The estimate would not fit: the quotient limb is 2^64 - 1, the new remainder (r0 - d0) * 2^64 + limb + divisor.
    const s0 = limb + d0
    const c0 = <u64>(s0 < limb)
    const x = r0 - d0
    const borrow = <u64>(r0 < d0)
    const y = x + d1
    const s1 = y + c0
    const carry = <u64>(y < x) + <u64>(s1 < c0)
    r2 = d2 + carry - borrow
    r1 = s1
    r0 = s0
    return 0xffff_ffff_ffff_ffff
  }
  let q = divide3by2(r2, r1, r0, d2, d1)
  let high = m1
  let mid = m0
  // Subtract q * d0 from (high, mid, limb).
  const t0 = q * d0
  let low = limb - t0
  const t1 = mulHigh(q, d0) + <u64>(limb < t0)
  let borrow = <u64>(mid < t1)
  mid -= t1
  const under = <u64>(high < borrow)
  high -= borrow
  if (under != 0) {
    q--
    low += d0
    const c0 = <u64>(low < d0)
    const s = mid + d1
    const c1 = <u64>(s < d1)
    mid = s + c0
    borrow = c1 + <u64>(mid < c0)
    high = high + d2 + borrow
  }
  r2 = high
  r1 = mid
  r0 = low
  return q
}

export function step4(limb: u64): u64 {
  if (r3 == d3 && r2 == d2) {
    // As in step3: new remainder = (r1, r0, limb) - (d1, d0) * 2^64 + divisor.
    const s0 = limb + d0
    const c0 = <u64>(s0 < limb)
    const x1 = r0 - d0
    const b1 = <u64>(r0 < d0)
    const y1 = x1 + d1
    const s1 = y1 + c0
    const c1 = <u64>(y1 < x1) + <u64>(s1 < c0)
    const x2 = r1 - d1
    const z2 = x2 - b1
    const b2 = <u64>(r1 < d1) + <u64>(x2 < b1)
    const y2 = z2 + d2
    const s2 = y2 + c1
    const c2 = <u64>(y2 < z2) + <u64>(s2 < c1)
    r3 = d3 + c2 - b2
    r2 = s2
    r1 = s1
    r0 = s0
    return 0xffff_ffff_ffff_ffff
  }
  let q = divide3by2(r3, r2, r1, d3, d2)
  let x3 = m1
  let x2 = m0
  // Subtract q * (d1, d0) from (x3, x2, r0, limb).
  const t0 = q * d0
  let x0 = limb - t0
  const k0 = mulHigh(q, d0) + <u64>(limb < t0)
  const u = q * d1 + k0
  const k1 = mulHigh(q, d1) + <u64>(u < k0)
  let x1 = r0 - u
  const t2 = k1 + <u64>(r0 < u)
  const b2 = <u64>(x2 < t2)
  x2 -= t2
  const under = <u64>(x3 < b2)
  x3 -= b2
  if (under != 0) {
    q--
    x0 += d0
    const c0 = <u64>(x0 < d0)
    const s1 = x1 + d1
    x1 = s1 + c0
    const c1 = <u64>(s1 < d1) + <u64>(x1 < c0)
    const s2 = x2 + d2
    x2 = s2 + c1
    const c2 = <u64>(s2 < d2) + <u64>(x2 < c1)
    x3 = x3 + d3 + c2
  }
  r3 = x3
  r2 = x2
  r1 = x1
  r0 = x0
  return q
}

/** Undoes the normalisation: the remainder proper is in r3..r0. Limbs above `divisorSize` are made zero. */
export function remainderShift(): void {
  const s = divisorShift
  const back = 63 - s
  if (divisorSize < 4) r3 = 0
  if (divisorSize < 3) r2 = 0
  if (divisorSize < 2) r1 = 0
  r0 = (r0 >> s) | ((r1 << 1) << back)
  r1 = (r1 >> s) | ((r2 << 1) << back)
  r2 = (r2 >> s) | ((r3 << 1) << back)
  r3 = r3 >> s
}
