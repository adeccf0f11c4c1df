import { drop, take } from '../mem/stack'
import { twisted } from './coordinates'
import { pointAdd, pointAddAffine, pointDouble, POINT_SIZE, setInfinity, yOf, zOf } from './points'
import { DIGITS, entrySize, makeAffine, scalarOf, tableOf } from './terms'

// The sum of many terms: for each window of their scalars the points with the same digit are added up in a bucket,
// and each bucket's sum counts as often as its digit says (Pippenger, in the form of Bernstein, Doumen, Lange,
// Oosterwijk, "Faster batch forgery identification", 2012).

/** Tables have the points alone. */
export const BUCKET_MULTIPLES: usize = 1
/** Digits of a base-X digit below 2^64, i8 each. */
const DIGITS_SIZE: usize = 16

/** Bits of a window: digits are within 2^(w - 1). As many terms as fit are half as many on G2. */
// @ts-ignore: decorator
@inline
function windowBits(): usize {
  return twisted() ? 5 : 6
}

/** acc = the sum of `count` terms, at least one. */
export function sumOfMany(count: usize, acc: usize): void {
  const bits = windowBits()
  const windows: usize = 64 / bits + 1
  const last: usize = (1 << (bits - 1)) - 1
  const digits = take(count * DIGITS * DIGITS_SIZE)
  const buckets = take((last + 1) * POINT_SIZE)
  for (let i: usize = 0; i < count * DIGITS; i++) {
    signedDigits(load<u64>(scalarOf(0) + (i << 3)), bits, windows, digits + i * DIGITS_SIZE)
  }
  makeAffine(count)
  setInfinity(acc)
  for (let w = windows; w > 0; ) {
    w--
    for (let i: usize = 0; i < bits; i++) pointDouble(acc)
    for (let i: usize = 0; i <= last; i++) setInfinity(buckets + i * POINT_SIZE)
    for (let term: usize = 0; term < count; term++) {
      const at = digits + term * DIGITS * DIGITS_SIZE + w
      const table = tableOf(term)
      const second = table + entrySize()
      addToBucket(buckets, table, load<i8>(at), false)
      addToBucket(buckets, second, load<i8>(at, DIGITS_SIZE), false)
      addToBucket(buckets, table, load<i8>(at, 2 * DIGITS_SIZE), true)
      addToBucket(buckets, second, load<i8>(at, 3 * DIGITS_SIZE), true)
    }
    addBuckets(buckets, last, acc)
  }
  drop((last + 1) * POINT_SIZE)
  drop(count * DIGITS * DIGITS_SIZE)
}

/** The digits of k in base 2^bits, the lowest first, from -2^(bits - 1) + 1 to 2^(bits - 1). */
function signedDigits(k: u64, bits: usize, windows: usize, out: usize): void {
  const half: i32 = 1 << (<i32>bits - 1)
  let carry: i32 = 0
  for (let w: usize = 0; w < windows; w++) {
    const digit = (<i32>k & (2 * half - 1)) + carry
    carry = <i32>(digit > half)
    store<i8>(out + w, <i8>(digit - carry * 2 * half))
    k >>= bits
  }
}

/** Adds a table's point, or X^2 times it, to the bucket of a digit. */
// @ts-ignore: decorator
@inline
function addToBucket(buckets: usize, entry: usize, digit: i32, square: bool): void {
  if (digit == 0) return
  const bucket = buckets + <usize>(abs(digit) - 1) * POINT_SIZE
  pointAddAffine(bucket, square ? zOf(entry) : entry, yOf(entry), (digit < 0) != square)
}

/** acc += 1 times the first bucket, 2 times the second, and so on. */
function addBuckets(buckets: usize, last: usize, acc: usize): void {
  const running = take(2 * POINT_SIZE)
  const total = running + POINT_SIZE
  setInfinity(running)
  setInfinity(total)
  for (let bucket = buckets + last * POINT_SIZE; bucket >= buckets; bucket -= POINT_SIZE) {
    pointAdd(running, bucket, false)
    pointAdd(total, running, false)
  }
  pointAdd(acc, total, false)
  drop(2 * POINT_SIZE)
}
