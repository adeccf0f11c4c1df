import { mulHigh } from './wide'

// Multiplication by columns of 64-bit limbs. Each column's carry is counted by comparisons, so no sum is lost.

/** out = a * b mod 2^256. */
export function u256Mul(a: usize, b: usize, out: usize): void {
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const a3 = load<u64>(a, 24)
  const b0 = load<u64>(b)
  const b1 = load<u64>(b, 8)
  const b2 = load<u64>(b, 16)
  const b3 = load<u64>(b, 24)
  const h00 = mulHigh(a0, b0)
  if ((a1 | a2 | a3 | b1 | b2 | b3) == 0) {
    store<u64>(out, a0 * b0)
    store<u64>(out, h00, 8)
    store<u64>(out, 0, 16)
    store<u64>(out, 0, 24)
    return
  }
  let t = a0 * b1
  let c1 = h00 + t
  let k: u64 = <u64>(c1 < t)
  t = a1 * b0
  c1 += t
  k += <u64>(c1 < t)

  let c2 = k
  k = 0
  t = mulHigh(a0, b1)
  c2 += t
  k += <u64>(c2 < t)
  t = mulHigh(a1, b0)
  c2 += t
  k += <u64>(c2 < t)
  t = a1 * b1
  c2 += t
  k += <u64>(c2 < t)
  const h11 = mulHigh(a1, b1)
  if ((a2 | a3 | b2 | b3) == 0) {
    store<u64>(out, a0 * b0)
    store<u64>(out, c1, 8)
    store<u64>(out, c2, 16)
    store<u64>(out, h11 + k, 24)
    return
  }
  t = a0 * b2
  c2 += t
  k += <u64>(c2 < t)
  t = a2 * b0
  c2 += t
  k += <u64>(c2 < t)
  const c3 = k + h11 + mulHigh(a0, b2) + mulHigh(a2, b0) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  store<u64>(out, a0 * b0)
  store<u64>(out, c1, 8)
  store<u64>(out, c2, 16)
  store<u64>(out, c3, 24)
}

/** The 512-bit product a * b: eight limbs at `out`, which must not overlap the inputs. */
export function u256MulWide(a: usize, b: usize, out: usize): void {
  store<u64>(out, 0)
  store<u64>(out, 0, 8)
  store<u64>(out, 0, 16)
  store<u64>(out, 0, 24)
  mulRow(load<u64>(a), b, out)
  mulRow(load<u64>(a, 8), b, out + 8)
  mulRow(load<u64>(a, 16), b, out + 16)
  mulRow(load<u64>(a, 24), b, out + 24)
}

/** out[0..4] = out[0..3] + x * b: never overflows five limbs. */
// @ts-ignore: decorator
@inline
function mulRow(x: u64, b: usize, out: usize): void {
  let y = load<u64>(b)
  let low = x * y
  let s = load<u64>(out) + low
  store<u64>(out, s)
  let carry = mulHigh(x, y) + <u64>(s < low)

  y = load<u64>(b, 8)
  low = x * y + carry
  carry = mulHigh(x, y) + <u64>(low < carry)
  s = load<u64>(out, 8) + low
  store<u64>(out, s, 8)
  carry += <u64>(s < low)

  y = load<u64>(b, 16)
  low = x * y + carry
  carry = mulHigh(x, y) + <u64>(low < carry)
  s = load<u64>(out, 16) + low
  store<u64>(out, s, 16)
  carry += <u64>(s < low)

  y = load<u64>(b, 24)
  low = x * y + carry
  carry = mulHigh(x, y) + <u64>(low < carry)
  s = load<u64>(out, 24) + low
  store<u64>(out, s, 24)
  store<u64>(out, carry + <u64>(s < low), 32)
}
