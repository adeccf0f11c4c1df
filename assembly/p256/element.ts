import { feFromWord as limbsFromWord } from '../secp256k1/field-util'
import { inverse, INVERSE_SCRATCH } from '../secp256k1/inverse'
import { drop, take } from '../mem/stack'
import { u256Add } from '../u256/index'
import { ONE_PLAIN, P, P30, P30_INVERSE, R_SQUARED } from './constants'
import { feMul, feSettle } from './field'

// The way of elements in and out (field.ts). Limbs are those of secp256k1, so what does not know the prime is the
// same.

export { feAdd, feCopy, feNeg, feSub } from '../secp256k1/field-util'
export { feShift } from '../bn254/field-util'

/** An element from a word below p. */
export function feFromWord(word: usize, out: usize): void {
  limbsFromWord(word, out)
  feMul(out, R_SQUARED, out)
}

/** The number below p that a reduced element stands for, as a word. */
function feToWord(a: usize, word: usize): void {
  const t = take(48)
  feMul(a, ONE_PLAIN, t)
  // Between -0.51 p and 0.51 p.
  feSettle(t, t)
  let carry: i64 = 0
  for (let i: usize = 0; i < 32; i += 4) {
    carry += <i64>load<i32>(t + i)
    store<i32>(t + i, <i32>carry & 0x1fff_ffff)
    carry >>= 29
  }
  carry += <i64>load<i32>(t, 32)
  const l0 = <u64>load<u32>(t), l1 = <u64>load<u32>(t, 4), l2 = <u64>load<u32>(t, 8), l3 = <u64>load<u32>(t, 12)
  const l4 = <u64>load<u32>(t, 16), l5 = <u64>load<u32>(t, 20), l6 = <u64>load<u32>(t, 24), l7 = <u64>load<u32>(t, 28)
  store<u64>(word, l0 | (l1 << 29) | (l2 << 58))
  store<u64>(word, (l2 >> 6) | (l3 << 23) | (l4 << 52), 8)
  store<u64>(word, (l4 >> 12) | (l5 << 17) | (l6 << 46), 16)
  store<u64>(word, (l6 >> 18) | (l7 << 11) | (<u64>carry << 40), 24)
  if (carry < 0) u256Add(word, P, word)
  drop(48)
}

/** out = 1 / a, 0 for 0. */
export function feInvert(a: usize, out: usize): void {
  const word = take(32 + INVERSE_SCRATCH)
  feToWord(a, word)
  inverse(word, P30, P30_INVERSE, word, word + 32)
  feFromWord(word, out)
  drop(32 + INVERSE_SCRATCH)
}
