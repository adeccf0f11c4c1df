import { feFromWord as limbsFromWord } from '../secp256k1/field-util'
import { inverse, INVERSE_SCRATCH } from '../secp256k1/inverse'
import { u256Add, u256IsZero, u256Lt, u256Sub } from '../u256/index'
import { ONE_PLAIN, P, P30, P30_INVERSE, R_SQUARED } from './constants'
import { feMul } from './field'
import { FE_SIZE, HALF, limb, M, MASK, P0, P1, P2, P3, P4, P5, P6, P7, P8 } from './limbs'

// Everything of the field that is not a product: see field.ts for limbs and weights.

// Limbs are those of secp256k1, so what does not know the prime is the same.
export { feAdd, feCopy, feNeg, feSub } from '../secp256k1/field-util'

/** out = 2^log a, at most 7 a. */
export function feShift(a: usize, log: i32, out: usize): void {
  v128.store(out, i32x4.shl(v128.load(a), log))
  v128.store(out, i32x4.shl(v128.load(a, 16), log), 16)
  store<i32>(out, load<i32>(a, 32) << log, 32)
}

/** round(2^272 / p): limb 8 times this is about 2^40 times the number of p in an element. */
export const PER_TOP: i64 = 346695

/** out = a, reduced and below 0.51 p in size. */
export function feSettle(a: usize, out: usize): void {
  const l8 = limb(a, 32)
  const k = (l8 * PER_TOP + ((<i64>1) << 39)) >> 40
  let t = limb(a, 0) - k * P0 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF))
  t = (t >> 29) + limb(a, 4) - k * P1 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 4)
  t = (t >> 29) + limb(a, 8) - k * P2 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 8)
  t = (t >> 29) + limb(a, 12) - k * P3 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 12)
  t = (t >> 29) + limb(a, 16) - k * P4 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 16)
  t = (t >> 29) + limb(a, 20) - k * P5 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 20)
  t = (t >> 29) + limb(a, 24) - k * P6 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 24)
  t = (t >> 29) + limb(a, 28) - k * P7 + HALF
  store<i32>(out, <i32>((t & MASK) - HALF), 28)
  store<i32>(out, <i32>((t >> 29) + l8 - k * P8), 32)
}

/** The number below p that an element of weight 2 stands for, as a word; `scratch` is one element. */
export function feToWord(a: usize, word: usize, scratch: usize): void {
  // Between -p and 2 p: see the bounds in field.ts.
  feMul(a, ONE_PLAIN, scratch)
  let t: i64 = 0
  let bits: u64 = 0
  let low: u64 = 0
  let at = word
  for (let i: usize = 0; i < 32; i += 4) {
    t += limb(scratch, i)
    const part = <u64>(t & MASK)
    low |= part << bits
    bits += 29
    if (bits > 64) {
      bits -= 64
      store<u64>(at, low)
      low = part >> (29 - bits)
      at += 8
    }
    t >>= 29
  }
  store<u64>(at, low | (<u64>(t + limb(scratch, 32)) << bits))
  if (load<i64>(word, 24) < 0) u256Add(word, P, word)
  else if (!u256Lt(word, P)) u256Sub(word, P, word)
}

/** An element from a word below 2^256. */
export function feFromWord(word: usize, out: usize): void {
  limbsFromWord(word, out)
  feMul(out, R_SQUARED, out)
}

/** Whether a = 0, for an element of weight up to 3. `scratch`: FE_SIZE + 32 bytes. */
export function feIsZero(a: usize, scratch: usize): bool {
  // k p has the low limb k p modulo 2^29, and |k| is at most 12: nearly every other element is told at once.
  if (((limb(a, 0) * M + 12) & MASK) > 24) return false
  feToWord(a, scratch + FE_SIZE, scratch)
  return u256IsZero(scratch + FE_SIZE)
}

/** Bytes of scratch memory that feInvert needs. */
export const INVERT_SCRATCH: usize = INVERSE_SCRATCH + 32

/** out = 1 / a, 0 for 0. */
export function feInvert(a: usize, out: usize, scratch: usize): void {
  const word = scratch + INVERSE_SCRATCH
  feToWord(a, word, scratch)
  inverse(word, P30, P30_INVERSE, word, scratch)
  feFromWord(word, out)
}
