import { fillBytes } from '../mem/bulk'
import { limbOfBytes, mask, width } from './limbs'

// The remainder of a long number by a long modulus, with digits of the quotient that have a sign: a digit is guessed
// from the leading limbs in floating point, rounded to the nearest, and what remains is below (1/2 + 2^-16) of the
// modulus either way, so that a guess is never corrected. Limbs of the remainder are i64, carried only when they lead.

/** Limbs below the number that the guess looks at, and above it that are written. */
const BELOW: usize = 3
const ABOVE: usize = 5

/** Bytes of memory to divide a number of `limbs` limbs in. */
export function remainderWork(limbs: usize): usize {
  return (limbs + BELOW + ABOVE) << 3
}

/**
 * out = (a number in bytes) * 2^(width * shift) modulo m, or that plus m. The number has `count` limbs, m has `n` (its
 * highest is not zero) and three zero limbs before it; `out` has `size` limbs.
 */
export function remainderOfBytes(
  at: usize, present: usize, length: usize, count: usize, shift: usize, m: usize, n: usize, out: usize, size: usize,
  work: usize,
): void {
  const limbs = work + (BELOW << 3)
  const total = count + shift
  fillBytes(work, 0, remainderWork(total > size ? total : size))
  for (let i: usize = 0; i < count; i++) {
    store<u64>(limbs + ((shift + i) << 3), limbOfBytes(at, present, length, i))
  }
  const scale = 1 / (<f64>mask + 1)
  const top = m + ((n - 1) << 2)
  const inverse =
    1 / (<f64>load<u32>(top) + (<f64>load<u32>(top - 4) + <f64>load<u32>(top - 8) * scale) * scale)
  for (let k = total; k >= n; k--) subtractDigit(limbs + (k << 3), m, n, scale, inverse)
  let t: i64 = 0
  for (let i: usize = 0; i < size; i++) {
    t += load<i64>(limbs + (i << 3))
    store<u32>(out + (i << 2), <u32>t & <u32>mask)
    t >>= width
  }
  if (t >= 0) return
  t = 0
  for (let i: usize = 0; i < size; i++) {
    if (i < n) t += <i64>load<u32>(m + (i << 2))
    t += <i64>load<u32>(out + (i << 2))
    store<u32>(out + (i << 2), <u32>t & <u32>mask)
    t >>= width
  }
}

/** Takes a multiple of m from the remainder, whose limb at `high` lies just above the highest of m and becomes 0. */
function subtractDigit(high: usize, m: usize, n: usize, scale: f64, inverse: f64): void {
  const lead = (load<i64>(high) << width) + load<i64>(high - 8)
  store<i64>(high, 0)
  const digit = nearest<f64>(
    (<f64>lead + (<f64>load<i64>(high - 16) + <f64>load<i64>(high - 24) * scale) * scale) * inverse,
  )
  store<i64>(high - 8, lead)
  const q = i32x4.splat(<i32>digit)
  const end = m + (n << 2)
  let to = high - (n << 3)
  for (let p = m; p < end; p += 16) {
    const u = v128.load(p)
    v128.store(to, i64x2.sub(v128.load(to), i64x2.extmul_low_i32x4_s(q, u)))
    v128.store(to, i64x2.sub(v128.load(to, 16), i64x2.extmul_high_i32x4_s(q, u)), 16)
    to += 32
  }
}
