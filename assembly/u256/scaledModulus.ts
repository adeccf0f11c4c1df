// The modulus of digits.ts, which has the bounds, and the end of a reduction by it.

export const MASK: u64 = 0x1fff_ffff

// The last modulus as a word (0: none yet), s, n, the limbs of m' and the reciprocal: per thread.
export let w0: u64 = 0
export let w1: u64 = 0
export let w2: u64 = 0
export let w3: u64 = 0
export let shift: u64 = 0
export let size: i32 = 0
export let m0: i64 = 0
export let m1: i64 = 0
export let m2: i64 = 0
export let m3: i64 = 0
export let m4: i64 = 0
export let m5: i64 = 0
export let m6: i64 = 0
export let m7: i64 = 0
export let m8: i64 = 0
export let reciprocal: i64 = 0

/** The modulus, above 2^64, of the products that follow. */
export function setModulus(b0: u64, b1: u64, b2: u64, b3: u64): void {
  w0 = b0
  w1 = b1
  w2 = b2
  w3 = b3
  // Whole words first, then bits: the highest bit of x3 is set.
  let x3 = b3
  let x2 = b2
  let x1 = b1
  let x0 = b0
  let bits: u64 = 256
  while (x3 == 0) {
    x3 = x2
    x2 = x1
    x1 = x0
    x0 = 0
    bits -= 64
  }
  const k = clz<u64>(x3)
  const back = 63 - k
  bits -= k
  x3 = (x3 << k) | ((x2 >> 1) >> back)
  x2 = (x2 << k) | ((x1 >> 1) >> back)
  x1 = (x1 << k) | ((x0 >> 1) >> back)
  x0 = x0 << k
  const limbs = (bits + 28) / 29
  size = <i32>limbs
  shift = 29 * limbs - bits
  // Five bits are added below.
  m8 = <i64>(x3 >> 35)
  m7 = <i64>((x3 >> 6) & MASK)
  m6 = <i64>(((x3 << 23) | (x2 >> 41)) & MASK)
  m5 = <i64>((x2 >> 12) & MASK)
  m4 = <i64>(((x2 << 17) | (x1 >> 47)) & MASK)
  m3 = <i64>((x1 >> 18) & MASK)
  m2 = <i64>(((x1 << 11) | (x0 >> 53)) & MASK)
  m1 = <i64>((x0 >> 24) & MASK)
  m0 = <i64>((x0 << 5) & MASK)
  // 2^88 / (m8 2^29 + m7).
  reciprocal = <i64>nearest<f64>(309485009821345068724781056.0 / <f64>((m8 << 29) + m7))
}

/**
 * out = the remainder that columns 0 to 8 come to, divided by 2^s: above -2 m and below 2 m, m = (b3, b2, b1, b0).
 */
// @ts-ignore: decorator
@inline
export function storeRemainder(
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64, c6: i64, c7: i64, c8: i64,
  s: u64, b0: u64, b1: u64, b2: u64, b3: u64, out: usize,
): void {
  // Carries, the last one signed; then words, shifted back.
  let t = c0
  const r0 = <u64>t & MASK
  t = (t >> 29) + c1
  const r1 = <u64>t & MASK
  t = (t >> 29) + c2
  const r2 = <u64>t & MASK
  t = (t >> 29) + c3
  const r3 = <u64>t & MASK
  t = (t >> 29) + c4
  const r4 = <u64>t & MASK
  t = (t >> 29) + c5
  const r5 = <u64>t & MASK
  t = (t >> 29) + c6
  const r6 = <u64>t & MASK
  t = (t >> 29) + c7
  const r7 = <u64>t & MASK
  t = (t >> 29) + c8
  const z0 = r0 | (r1 << 29) | (r2 << 58)
  const z1 = (r2 >> 6) | (r3 << 23) | (r4 << 52)
  const z2 = (r4 >> 12) | (r5 << 17) | (r6 << 46)
  const z3 = (r6 >> 18) | (r7 << 11) | (<u64>t << 40)
  const z4 = t >> 24
  const k = 63 - s
  let e0 = (z0 >> s) | ((z1 << 1) << k)
  let e1 = (z1 >> s) | ((z2 << 1) << k)
  let e2 = (z2 >> s) | ((z3 << 1) << k)
  let e3 = (z3 >> s) | ((<u64>z4 << 1) << k)
  let e4 = z4 >> <i64>s
  while (e4 < 0) {
    e0 += b0
    let carry = <u64>(e0 < b0)
    let d = e1 + b1
    let over = <u64>(d < b1)
    e1 = d + carry
    carry = over | <u64>(e1 < carry)
    d = e2 + b2
    over = <u64>(d < b2)
    e2 = d + carry
    carry = over | <u64>(e2 < carry)
    d = e3 + b3
    over = <u64>(d < b3)
    e3 = d + carry
    e4 += <i64>(over | <u64>(e3 < carry))
  }
  while (e4 != 0 || e3 >= b3) {
    const k0 = <u64>(e0 < b0)
    const f1 = e1 - b1
    const k1 = <u64>(e1 < b1) | <u64>(f1 < k0)
    const f2 = e2 - b2
    const k2 = <u64>(e2 < b2) | <u64>(f2 < k1)
    const f3 = e3 - b3
    const k3 = <i64>(<u64>(e3 < b3) | <u64>(f3 < k2))
    if (e4 < k3) break
    e4 -= k3
    e0 -= b0
    e1 = f1 - k0
    e2 = f2 - k1
    e3 = f3 - k2
  }
  store<u64>(out, e0)
  store<u64>(out, e1, 8)
  store<u64>(out, e2, 16)
  store<u64>(out, e3, 24)
}
