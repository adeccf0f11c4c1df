import { mulHigh } from './wide'
import { u256BitLength } from './bits'

// EXP by squaring, most significant bit first, the accumulator in globals (per thread). 0^0 = 1.

let x0: u64 = 0
let x1: u64 = 0
let x2: u64 = 0
let x3: u64 = 0

/** x = x * y mod 2^256. */
function multiply(y0: u64, y1: u64, y2: u64, y3: u64): void {
  const a0 = x0
  const a1 = x1
  const a2 = x2
  const h00 = mulHigh(a0, y0)
  let t = a0 * y1
  let c1 = h00 + t
  let k: u64 = <u64>(c1 < t)
  t = a1 * y0
  c1 += t
  k += <u64>(c1 < t)
  let c2 = k
  k = 0
  t = mulHigh(a0, y1)
  c2 += t
  k += <u64>(c2 < t)
  t = mulHigh(a1, y0)
  c2 += t
  k += <u64>(c2 < t)
  t = a1 * y1
  c2 += t
  k += <u64>(c2 < t)
  t = a0 * y2
  c2 += t
  k += <u64>(c2 < t)
  t = a2 * y0
  c2 += t
  k += <u64>(c2 < t)
  x3 = k + mulHigh(a1, y1) + mulHigh(a0, y2) + mulHigh(a2, y0) + a0 * y3 + a1 * y2 + a2 * y1 + x3 * y0
  x2 = c2
  x1 = c1
  x0 = a0 * y0
}

/** x = x * x mod 2^256: products of two different limbs are added twice. */
function square(): void {
  const a0 = x0
  const a1 = x1
  const a2 = x2
  const h00 = mulHigh(a0, a0)
  if ((a1 | a2 | x3) == 0) {
    x0 = a0 * a0
    x1 = h00
    return
  }
  let t = a0 * a1
  let c1 = h00 + t
  let k: u64 = <u64>(c1 < t)
  c1 += t
  k += <u64>(c1 < t)
  let c2 = k
  t = mulHigh(a0, a1)
  c2 += t
  k = <u64>(c2 < t)
  c2 += t
  k += <u64>(c2 < t)
  t = a1 * a1
  c2 += t
  k += <u64>(c2 < t)
  t = a0 * a2
  c2 += t
  k += <u64>(c2 < t)
  c2 += t
  k += <u64>(c2 < t)
  x3 = k + mulHigh(a1, a1) + ((mulHigh(a0, a2) + a0 * x3 + a1 * a2) << 1)
  x2 = c2
  x1 = c1
  x0 = a0 * a0
}

/** x = x * y mod 2^256, y one limb. */
function multiplyLimb(y: u64): void {
  const a1 = x1
  const a2 = x2
  const c1 = a1 * y + mulHigh(x0, y)
  const k1 = mulHigh(a1, y) + <u64>(c1 < a1 * y)
  const c2 = a2 * y + k1
  x3 = x3 * y + mulHigh(a2, y) + <u64>(c2 < k1)
  x2 = c2
  x1 = c1
  x0 = x0 * y
}

/** out = base ^ exponent mod 2^256. */
export function u256Exp(base: usize, exponent: usize, out: usize): void {
  const b0 = load<u64>(base)
  const b1 = load<u64>(base, 8)
  const b2 = load<u64>(base, 16)
  const b3 = load<u64>(base, 24)
  const e0 = load<u64>(exponent)
  const e1 = load<u64>(exponent, 8)
  const e2 = load<u64>(exponent, 16)
  const e3 = load<u64>(exponent, 24)
  const bits = u256BitLength(exponent)
  x1 = 0
  x2 = 0
  x3 = 0
  if (bits == 0) {
    x0 = 1
  } else if ((b1 | b2 | b3) == 0 && (b0 & (b0 - 1)) == 0 && b0 != 0) {
    // (2^k)^e = 2^(k * e): one bit, or nothing when it lies beyond bit 255. k <= 63, so a long exponent is far beyond.
    const k = ctz<u64>(b0)
    const n = k == 0 ? 0 : bits > 16 ? 256 : k * e0
    x0 = n < 64 ? <u64>1 << n : 0
    x1 = n >> 6 == 1 ? <u64>1 << n : 0
    x2 = n >> 6 == 2 ? <u64>1 << n : 0
    x3 = n >> 6 == 3 ? <u64>1 << n : 0
  } else {
    // An even base raised to 256 or more is 0 modulo 2^256.
    if ((b0 & 1) == 0 && bits > 8) {
      x0 = 0
    } else {
      x0 = b0
      x1 = b1
      x2 = b2
      x3 = b3
      const short = (b1 | b2 | b3) == 0
      for (let i = bits - 1; i > 0; ) {
        i--
        square()
        const limb = i < 64 ? e0 : i < 128 ? e1 : i < 192 ? e2 : e3
        if (((limb >> (i & 63)) & 1) == 0) continue
        if (short) multiplyLimb(b0)
        else multiply(b0, b1, b2, b3)
      }
    }
  }
  store<u64>(out, x0)
  store<u64>(out, x1, 8)
  store<u64>(out, x2, 16)
  store<u64>(out, x3, 24)
}
