import { divisorSet, divisorShift, remainderSet, step4 } from './divide'

// Products modulo a modulus of 252 bits or more that comes again and again: Barrett's reduction (HAC 14.42) with the
// reciprocal of the last such modulus kept (globals: per thread). Nine limbs of 29 bits, as in montgomery.ts: a column
// of products is summed without a carry.
//
// With n bits of m and v = floor((2^(260 + n) - 1) / m), 261 bits, the quotient of x by m is estimated as
// floor(floor(x / 2^232) * v / 2^(28 + n)), from the upper columns alone. What is left out is below 2 in all (at most 1
// for v, less than 2^-10 for the lower limbs and columns, less than 1 at the end), so the estimate is at most two too
// small: the remainder is below 3m < 2^258, and mostly below m.

const MASK: u64 = 0x1fff_ffff
const BITS: u64 = 29

// The modulus as a word (0: none yet), whether its reciprocal is known, its limbs, those of the reciprocal.
let w0: u64 = 0
let w1: u64 = 0
let w2: u64 = 0
let w3: u64 = 0
let ready: bool = false
let m0: u64 = 0
let m1: u64 = 0
let m2: u64 = 0
let m3: u64 = 0
let m4: u64 = 0
let m5: u64 = 0
let m6: u64 = 0
let m7: u64 = 0
let m8: u64 = 0
let v0: u64 = 0
let v1: u64 = 0
let v2: u64 = 0
let v3: u64 = 0
let v4: u64 = 0
let v5: u64 = 0
let v6: u64 = 0
let v7: u64 = 0
let v8: u64 = 0

/** Bits of an estimate's lowest limb that are below the quotient: n - 233. */
let cut: u64 = 0

/** Whether the modulus is the one of the call before: then multiplyReduce may be used. */
// @ts-ignore: decorator
@inline
export function isRepeated(b0: u64, b1: u64, b2: u64, b3: u64): bool {
  if (((b0 ^ w0) | (b1 ^ w1) | (b2 ^ w2) | (b3 ^ w3)) != 0) {
    w0 = b0
    w1 = b1
    w2 = b2
    w3 = b3
    ready = false
    return false
  }
  if (!ready) prepare()
  return true
}

/** The limbs of the modulus and of its reciprocal. */
function prepare(): void {
  ready = true
  divisorSet(w0, w1, w2, w3)
  cut = 23 - divisorShift
  // The divisor is shifted to 256 bits, and so is 2^(260 + n): to 2^516.
  const ones: u64 = 0xffff_ffff_ffff_ffff
  remainderSet(ones, ones, ones, 15)
  const q4 = step4(ones)
  const q3 = step4(ones)
  const q2 = step4(ones)
  const q1 = step4(ones)
  const q0 = step4(ones)
  v0 = q0 & MASK
  v1 = (q0 >> 29) & MASK
  v2 = ((q0 >> 58) | (q1 << 6)) & MASK
  v3 = (q1 >> 23) & MASK
  v4 = ((q1 >> 52) | (q2 << 12)) & MASK
  v5 = (q2 >> 17) & MASK
  v6 = ((q2 >> 46) | (q3 << 18)) & MASK
  v7 = (q3 >> 11) & MASK
  v8 = (q3 >> 40) | (q4 << 24)
  m0 = w0 & MASK
  m1 = (w0 >> 29) & MASK
  m2 = ((w0 >> 58) | (w1 << 6)) & MASK
  m3 = (w1 >> 23) & MASK
  m4 = ((w1 >> 52) | (w2 << 12)) & MASK
  m5 = (w2 >> 17) & MASK
  m6 = ((w2 >> 46) | (w3 << 18)) & MASK
  m7 = (w3 >> 11) & MASK
  m8 = w3 >> 40
}

/** out = a * b modulo the modulus that isRepeated was asked about. */
export function multiplyReduce(a: usize, b: usize, out: usize): void {
  const aw0 = load<u64>(a)
  const aw1 = load<u64>(a, 8)
  const aw2 = load<u64>(a, 16)
  const aw3 = load<u64>(a, 24)
  const a0 = aw0 & MASK
  const a1 = (aw0 >> 29) & MASK
  const a2 = ((aw0 >> 58) | (aw1 << 6)) & MASK
  const a3 = (aw1 >> 23) & MASK
  const a4 = ((aw1 >> 52) | (aw2 << 12)) & MASK
  const a5 = (aw2 >> 17) & MASK
  const a6 = ((aw2 >> 46) | (aw3 << 18)) & MASK
  const a7 = (aw3 >> 11) & MASK
  const a8 = aw3 >> 40
  const bw0 = load<u64>(b)
  const bw1 = load<u64>(b, 8)
  const bw2 = load<u64>(b, 16)
  const bw3 = load<u64>(b, 24)
  const b0 = bw0 & MASK
  const b1 = (bw0 >> 29) & MASK
  const b2 = ((bw0 >> 58) | (bw1 << 6)) & MASK
  const b3 = (bw1 >> 23) & MASK
  const b4 = ((bw1 >> 52) | (bw2 << 12)) & MASK
  const b5 = (bw2 >> 17) & MASK
  const b6 = ((bw2 >> 46) | (bw3 << 18)) & MASK
  const b7 = (bw3 >> 11) & MASK
  const b8 = bw3 >> 40
  let t = a0 * b0
  const x0 = t & MASK
  t = (t >> BITS) + a0 * b1 + a1 * b0
  const x1 = t & MASK
  t = (t >> BITS) + a0 * b2 + a1 * b1 + a2 * b0
  const x2 = t & MASK
  t = (t >> BITS) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  const x3 = t & MASK
  t = (t >> BITS) + a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0
  const x4 = t & MASK
  t = (t >> BITS) + a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0
  const x5 = t & MASK
  t = (t >> BITS) + a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0
  const x6 = t & MASK
  t = (t >> BITS) + a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0
  const x7 = t & MASK
  t = (t >> BITS) + a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0
  const x8 = t & MASK
  t = (t >> BITS) + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1
  const x9 = t & MASK
  t = (t >> BITS) + a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2
  const x10 = t & MASK
  t = (t >> BITS) + a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3
  const x11 = t & MASK
  t = (t >> BITS) + a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4
  const x12 = t & MASK
  t = (t >> BITS) + a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5
  const x13 = t & MASK
  t = (t >> BITS) + a6 * b8 + a7 * b7 + a8 * b6
  const x14 = t & MASK
  t = (t >> BITS) + a7 * b8 + a8 * b7
  const x15 = t & MASK
  t = (t >> BITS) + a8 * b8
  const x16 = t & MASK
  const x17 = t >> BITS
  // The estimate's columns from 8 on; column 8 only carries.
  t = x8 * v8 + x9 * v7 + x10 * v6 + x11 * v5 + x12 * v4 + x13 * v3 + x14 * v2 + x15 * v1 + x16 * v0
  t = (t >> BITS) + x9 * v8 + x10 * v7 + x11 * v6 + x12 * v5 + x13 * v4 + x14 * v3 + x15 * v2 + x16 * v1 + x17 * v0
  const e9 = t & MASK
  t = (t >> BITS) + x10 * v8 + x11 * v7 + x12 * v6 + x13 * v5 + x14 * v4 + x15 * v3 + x16 * v2 + x17 * v1
  const e10 = t & MASK
  t = (t >> BITS) + x11 * v8 + x12 * v7 + x13 * v6 + x14 * v5 + x15 * v4 + x16 * v3 + x17 * v2
  const e11 = t & MASK
  t = (t >> BITS) + x12 * v8 + x13 * v7 + x14 * v6 + x15 * v5 + x16 * v4 + x17 * v3
  const e12 = t & MASK
  t = (t >> BITS) + x13 * v8 + x14 * v7 + x15 * v6 + x16 * v5 + x17 * v4
  const e13 = t & MASK
  t = (t >> BITS) + x14 * v8 + x15 * v7 + x16 * v6 + x17 * v5
  const e14 = t & MASK
  t = (t >> BITS) + x15 * v8 + x16 * v7 + x17 * v6
  const e15 = t & MASK
  t = (t >> BITS) + x16 * v8 + x17 * v7
  const e16 = t & MASK
  t = (t >> BITS) + x17 * v8
  const e17 = t & MASK
  const e18 = t >> BITS
  const s = cut
  const back = BITS - s
  const q0 = ((e9 >> s) | (e10 << back)) & MASK
  const q1 = ((e10 >> s) | (e11 << back)) & MASK
  const q2 = ((e11 >> s) | (e12 << back)) & MASK
  const q3 = ((e12 >> s) | (e13 << back)) & MASK
  const q4 = ((e13 >> s) | (e14 << back)) & MASK
  const q5 = ((e14 >> s) | (e15 << back)) & MASK
  const q6 = ((e15 >> s) | (e16 << back)) & MASK
  const q7 = ((e16 >> s) | (e17 << back)) & MASK
  const q8 = ((e17 >> s) | (e18 << back)) & MASK
  // The remainder modulo 2^261; the carries are negative.
  let u = <i64>(x0 - q0 * m0)
  const r0 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x1 - q0 * m1 - q1 * m0)
  const r1 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x2 - q0 * m2 - q1 * m1 - q2 * m0)
  const r2 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x3 - q0 * m3 - q1 * m2 - q2 * m1 - q3 * m0)
  const r3 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x4 - q0 * m4 - q1 * m3 - q2 * m2 - q3 * m1 - q4 * m0)
  const r4 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x5 - q0 * m5 - q1 * m4 - q2 * m3 - q3 * m2 - q4 * m1 - q5 * m0)
  const r5 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x6 - q0 * m6 - q1 * m5 - q2 * m4 - q3 * m3 - q4 * m2 - q5 * m1 - q6 * m0)
  const r6 = <u64>u & MASK
  u = (u >> <i64>BITS) + <i64>(x7 - q0 * m7 - q1 * m6 - q2 * m5 - q3 * m4 - q4 * m3 - q5 * m2 - q6 * m1 - q7 * m0)
  const r7 = <u64>u & MASK
  u =
    (u >> <i64>BITS) +
    <i64>(x8 - q0 * m8 - q1 * m7 - q2 * m6 - q3 * m5 - q4 * m4 - q5 * m3 - q6 * m2 - q7 * m1 - q8 * m0)
  const r8 = <u64>u & MASK
  let y0 = r0 | (r1 << 29) | (r2 << 58)
  let y1 = (r2 >> 6) | (r3 << 23) | (r4 << 52)
  let y2 = (r4 >> 12) | (r5 << 17) | (r6 << 46)
  let y3 = (r6 >> 18) | (r7 << 11) | (r8 << 40)
  let over = r8 >> 24
  while (over != 0 || y3 >= w3) {
    const c0 = <u64>(y0 < w0)
    const z1 = y1 - w1
    const c1 = <u64>(y1 < w1) | <u64>(z1 < c0)
    const z2 = y2 - w2
    const c2 = <u64>(y2 < w2) | <u64>(z2 < c1)
    const z3 = y3 - w3
    const c3 = <u64>(y3 < w3) | <u64>(z3 < c2)
    if (over < c3) break
    over -= c3
    y0 -= w0
    y1 = z1 - c0
    y2 = z2 - c1
    y3 = z3 - c2
  }
  store<u64>(out, y0)
  store<u64>(out, y1, 8)
  store<u64>(out, y2, 16)
  store<u64>(out, y3, 24)
}
