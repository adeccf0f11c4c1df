import { scalarWnaf, WNAF_SIZE } from '../secp256k1/scalar'
import { u256Copy } from '../u256/index'
import { U } from './tower-constants'
import {
  fp12Conjugate,
  fp12Copy,
  fp12Frobenius,
  fp12Invert,
  fp12Mul,
  FP12_SCRATCH,
  FP12_SIZE,
  fp12SqrCyclotomic,
} from './fp12'

// The final exponentiation, f^((p^12 - 1) / n) to a power that n does not divide: Fuentes-Castaneda, Knapp,
// Rodriguez-Henriquez, "Faster hashing to G2", 2011, section 5.

/** Width of the digits of u; the odd powers below 2^(w - 1) are in a table. */
const WIDTH: u32 = 4
const POWERS: usize = 4

const Y1: usize = 0
const Y3: usize = FP12_SIZE
const Y4: usize = 2 * FP12_SIZE
const Y6: usize = 3 * FP12_SIZE
const Y9: usize = 4 * FP12_SIZE
const TEMP: usize = 5 * FP12_SIZE
const TABLE: usize = 6 * FP12_SIZE
const DIGITS: usize = TABLE + POWERS * FP12_SIZE // and a word
const SCRATCH: usize = DIGITS + WNAF_SIZE + 40
/** Bytes of scratch memory that finalExponent needs. */
export const EXPONENT_SCRATCH: usize = SCRATCH + FP12_SCRATCH

/** f to that power. */
export function finalExponent(f: usize, work: usize): void {
  const scratch = work + SCRATCH
  const y1 = work + Y1
  const y3 = work + Y3
  const y4 = work + Y4
  const y6 = work + Y6
  const y9 = work + Y9
  const temp = work + TEMP
  // (p^6 - 1)(p^2 + 1): from here on f is in the cyclotomic subgroup.
  fp12Invert(f, temp, scratch)
  fp12Conjugate(f, f)
  fp12Mul(f, temp, temp, scratch)
  fp12Frobenius(temp, 2, f)
  fp12Mul(f, temp, f, scratch)

  const word = work + DIGITS + WNAF_SIZE
  u256Copy(U, word)
  const length = scalarWnaf(word, WIDTH, work + DIGITS)
  // y1 = f^-2u, y3 = f^-6u, y4 = f^6u^2, y6 = f^-12u^3.
  power(f, length, y1, work)
  fp12SqrCyclotomic(y1, y1, scratch)
  fp12SqrCyclotomic(y1, y3, scratch)
  fp12Mul(y3, y1, y3, scratch)
  power(y3, length, y4, work)
  fp12SqrCyclotomic(y4, temp, scratch)
  power(temp, length, y6, work)
  fp12Conjugate(y3, y3)
  fp12Conjugate(y6, y6)
  // y8 = y6 y4 y3 (in y6), y9 = y8 y1; y8 y4 f y9^p y8^(p^2) (y9 / f)^(p^3).
  fp12Mul(y6, y4, y6, scratch)
  fp12Mul(y6, y3, y6, scratch)
  fp12Mul(y6, y1, y9, scratch)
  fp12Mul(y4, y6, y4, scratch)
  fp12Mul(y4, f, y4, scratch)
  fp12Frobenius(y9, 1, temp)
  fp12Mul(y4, temp, y4, scratch)
  fp12Frobenius(y6, 2, temp)
  fp12Mul(y4, temp, y4, scratch)
  fp12Conjugate(f, f)
  fp12Mul(f, y9, y9, scratch)
  fp12Frobenius(y9, 3, temp)
  fp12Mul(y4, temp, f, scratch)
}

/** out = a^-u, from the digits of u. `out` is not a. */
function power(a: usize, length: i32, out: usize, work: usize): void {
  const scratch = work + SCRATCH
  const table = work + TABLE
  fp12SqrCyclotomic(a, out, scratch)
  fp12Copy(a, table)
  for (let entry = table + FP12_SIZE; entry < table + POWERS * FP12_SIZE; entry += FP12_SIZE) {
    fp12Mul(entry - FP12_SIZE, out, entry, scratch)
  }
  const digits = work + DIGITS
  let i = <usize>length - 1
  // The highest digit is positive.
  fp12Copy(table + <usize>(load<i16>(digits + (i << 1)) >> 1) * FP12_SIZE, out)
  while (i > 0) {
    i--
    fp12SqrCyclotomic(out, out, scratch)
    const digit: i32 = load<i16>(digits + (i << 1))
    if (digit == 0) continue
    const entry = table + <usize>(abs(digit) >> 1) * FP12_SIZE
    if (digit < 0) {
      fp12Conjugate(entry, entry)
      fp12Mul(out, entry, out, scratch)
      fp12Conjugate(entry, entry)
    } else fp12Mul(out, entry, out, scratch)
  }
  fp12Conjugate(out, out)
}
