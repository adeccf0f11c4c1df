import { E } from './field13'

// Digits of the two halves of u2 for four signatures, and the entries of their tables that they name.

/** Windows of five bits: 130 bits hold |k| < 2^129 with signed digits. */
export const R_WINDOWS: usize = 26
/** Multiples of R in a table, 1 to 16: x, y, and the x of lambda times the point. */
export const ENTRY: usize = 3 * E
export const ENTRY_BETA_X: usize = 2 * E
export const MULTIPLES_R: usize = 16

// One half's digits of a window, by lanes: where the entry's x is in the table, all ones where the digit is negative,
// all ones where it is not zero.
const SIGN: usize = 16
const NONZERO: usize = 32
export const HALF_DIGITS: usize = 48
/** A window's digits: of k1, then of k2. */
export const WINDOW_DIGITS: usize = 2 * HALF_DIGITS
export const DIGITS_SIZE: usize = R_WINDOWS * WINDOW_DIGITS

/** Digits -15 to 16 of k, a word below 2^129, or of -k, into one lane. `xOffset`: the x that is meant in an entry. */
export function recode(k: usize, negative: bool, digits: usize, xOffset: u32): void {
  let low = load<u64>(k)
  let high = load<u64>(k, 8)
  let top = load<u64>(k, 16)
  let carry: i32 = 0
  for (let at = digits; at < digits + DIGITS_SIZE; at += WINDOW_DIGITS) {
    let digit = <i32>(low & 31) + carry
    low = (low >> 5) | (high << 59)
    high = (high >> 5) | (top << 59)
    top >>= 5
    carry = <i32>(digit > 16)
    digit -= carry << 5
    const entry = <u32>max(abs(digit) - 1, 0)
    store<u32>(at, entry * <u32>ENTRY + xOffset)
    store<i32>(at, -<i32>(digit < 0 != negative), SIGN)
    store<i32>(at, -<i32>(digit != 0), NONZERO)
  }
}

// @ts-ignore: decorator
@inline
export function signs(half: usize): usize {
  return half + SIGN
}

// @ts-ignore: decorator
@inline
export function nonzero(half: usize): usize {
  return half + NONZERO
}
