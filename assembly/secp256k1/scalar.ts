import { copyBytes, fillBytes } from '../mem/bulk'
import { u256IsZero, u256Lt, u256Mul, u256MulMod, u256MulWide, u256SetZero, u256Sub } from '../u256/index'
import { A1, A2, G1, G2, MINUS_B1, N, N30, N30_INVERSE } from './constants'
import { inverse } from './inverse'

// Scalars: integers modulo the group order n, as words.

export function scalarMul(a: usize, b: usize, out: usize): void {
  u256MulMod(a, b, N, out)
}

/** out = a^-1 mod n; `scratch` has INVERSE_SCRATCH bytes. */
export function scalarInverse(a: usize, out: usize, scratch: usize): void {
  inverse(a, N30, N30_INVERSE, out, scratch)
}

export function scalarNegate(a: usize, out: usize): void {
  if (u256IsZero(a)) u256SetZero(out)
  else u256Sub(N, a, out)
}

/** out = a mod n for any word: n is more than half of 2^256. */
export function scalarReduce(a: usize, out: usize): void {
  if (u256Lt(a, N)) copyBytes(out, a, 32)
  else u256Sub(a, N, out)
}

/** out = round(k * g / 2^(64 words)), which is below 2^256; `product` is 64 bytes. */
function mulShift(k: usize, g: usize, words: usize, out: usize, product: usize): void {
  u256MulWide(k, g, product)
  let at = product + 8 * words
  let carry = load<u64>(at - 8) >> 63
  u256SetZero(out)
  for (; at < product + 64; at += 8) {
    const word = load<u64>(at) + carry
    carry = <u64>(word < carry)
    store<u64>(out, word)
    out += 8
  }
}

/** Bytes of scratch memory that latticeSplit needs. */
export const SPLIT_SCRATCH: usize = 128

/**
 * k = k1 + k2 * lambda modulo n: signed words, computed modulo 2^256. (k, 0) less the point c1 (a1, -b) + c2 (a2, a1)
 * next to it of the lattice x + y * lambda = 0 modulo n (Gallant, Lambert, Vanstone), where c1 = round(k a1 / n) and
 * c2 = round(k b / n) come from g1 = round(2^(64 words) a1 / n) and g2 = round(2^(64 words) b / n).
 */
export function latticeSplit(
  k: usize, k1: usize, k2: usize, scratch: usize,
  a1: usize, a2: usize, b: usize, g1: usize, g2: usize, words: usize,
): void {
  const c1 = scratch + 64
  const c2 = scratch + 96
  mulShift(k, g1, words, c1, scratch)
  mulShift(k, g2, words, c2, scratch)
  u256Mul(c1, a1, scratch)
  u256Sub(k, scratch, k1)
  u256Mul(c2, a2, scratch)
  u256Sub(k1, scratch, k1)
  u256Mul(c1, b, k2)
  u256Mul(c2, a1, scratch)
  u256Sub(k2, scratch, k2)
}

/** The same for secp256k1: |k1|, |k2| < 2^128. */
export function scalarSplit(k: usize, k1: usize, k2: usize, scratch: usize): void {
  latticeSplit(k, k1, k2, scratch, A1, A2, MINUS_B1, G1, G2, 6)
}

const ZERO: usize = memory.data<u64>([0, 0, 0, 0])

/** A signed word to its magnitude: whether it was negative. */
// @ts-ignore: decorator
@inline
export function scalarMagnitude(k: usize): bool {
  if (load<i64>(k, 24) >= 0) return false
  u256Sub(ZERO, k, k)
  return true
}

/** Digits of one number: positions 0 to 128, and padding. */
export const WNAF_SIZE: usize = 264

/**
 * Width-w non-adjacent form of k, a signed word with |k| < 2^128: i16 digits, zero or odd with |digit| < 2^(w-1), k =
 * sum of digit[i] * 2^i. Changes k. Returns the number of digits in use.
 */
export function scalarWnaf(k: usize, w: u32, digits: usize): i32 {
  const sign: i32 = scalarMagnitude(k) ? -1 : 1
  fillBytes(digits, 0, WNAF_SIZE)
  let low = load<u64>(k)
  let high = load<u64>(k, 8)
  let carry: u64 = 0
  let bit: usize = 0
  let used: i32 = 0
  // (high, low) holds the bits from `bit` on; the carry is what the last negative digit borrowed.
  while (bit < 129) {
    const same = carry != 0 ? ctz<u64>(~low) : low == 0 ? 64 : ctz<u64>(low)
    if (same != 0) {
      // A run of bits equal to the carry makes zero digits.
      if ((low | high | carry) == 0) break
      const n = same > 63 ? 63 : same
      low = (low >> n) | (high << (64 - n))
      high >>= n
      bit += <usize>n
      continue
    }
    const word = (low & (((<u64>1) << w) - 1)) + carry
    carry = (word >> (w - 1)) & 1
    store<i16>(digits + (bit << 1), <i16>(sign * (<i32>word - (<i32>carry << w))))
    used = <i32>bit + 1
    low = (low >> w) | (high << (64 - w))
    high >>= w
    bit += w
  }
  return used
}
