import { drop, take } from '../mem/stack'
import { scalarWnaf, WNAF_SIZE } from '../secp256k1/scalar'
import { u256SetU64 } from '../u256/index'
import { pointAddAffine, pointDouble, setInfinity, yOf, zOf } from './points'
import { DIGITS, entrySize, makeAffine, scalarOf, tableOf } from './terms'

// The sum of a few terms, which share their doublings (Straus).

/** Width of the windows, and the odd multiples below 2^(w - 1) that tables have. */
const WIDTH: u32 = 4
export const STRAUS_MULTIPLES: usize = 4
const TERM_DIGITS: usize = DIGITS * WNAF_SIZE
/** The digits in base X are below 2^64. */
const POSITIONS: usize = 65

/** acc = the sum of `count` terms, at least one. */
export function sumOfFew(count: usize, acc: usize): void {
  const digits = take(count * TERM_DIGITS)
  digitsOf(count, digits)
  makeAffine(count)
  setInfinity(acc)
  for (let i = POSITIONS; i > 0; ) {
    i--
    pointDouble(acc)
    for (let term: usize = 0; term < count; term++) {
      const at = digits + term * TERM_DIGITS + (i << 1)
      const table = tableOf(term)
      const second = table + STRAUS_MULTIPLES * entrySize()
      addMultiple(acc, table, load<i16>(at), false)
      addMultiple(acc, second, load<i16>(at, WNAF_SIZE), false)
      addMultiple(acc, table, load<i16>(at, 2 * WNAF_SIZE), true)
      addMultiple(acc, second, load<i16>(at, 3 * WNAF_SIZE), true)
    }
  }
  drop(count * TERM_DIGITS)
}

function digitsOf(count: usize, out: usize): void {
  const word = take(32)
  for (let i: usize = 0; i < count * DIGITS; i++) {
    u256SetU64(load<u64>(scalarOf(0) + (i << 3)), word)
    scalarWnaf(word, WIDTH, out + i * WNAF_SIZE)
  }
  drop(32)
}

/** acc += digit * P, or digit * X^2 * P, for the table of P. */
// @ts-ignore: decorator
@inline
function addMultiple(acc: usize, table: usize, digit: i32, square: bool): void {
  if (digit == 0) return
  const entry = table + <usize>(abs(digit) >> 1) * entrySize()
  pointAddAffine(acc, square ? zOf(entry) : entry, yOf(entry), (digit < 0) != square)
}
