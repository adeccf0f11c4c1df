import { ROOT_EXPONENT } from './constants'
import { feAdd, feCopy, feEquals, feIsZero, feMul, feNeg, feSqr, feSub } from './element'
import { FE_SIZE } from './field'
import { IMAGINARY } from './fp2'
import { ROOT_2 } from './isogeny2'
import { drop, take } from '../mem/stack'

// Square roots: p = 3 modulo 4.

const HALF_ONE: usize = ROOT_2 + FE_SIZE
const BITS: u32 = 379
const WINDOW: u32 = 4

/** out = a^((p - 3) / 4): with a square a, a times it is a root, and it is the inverse of that. `out` is not a. */
export function feRootPower(a: usize, out: usize): void {
  const table = take(16 * FE_SIZE)
  feCopy(a, table + FE_SIZE)
  for (let entry = table + 2 * FE_SIZE; entry < table + 16 * FE_SIZE; entry += FE_SIZE) feMul(entry - FE_SIZE, a, entry)
  // The highest window has three bits.
  let bit = BITS - (BITS % WINDOW)
  feCopy(table + <usize>windowAt(bit) * FE_SIZE, out)
  while (bit > 0) {
    bit -= WINDOW
    for (let i: u32 = 0; i < WINDOW; i++) feSqr(out, out)
    const digit = <usize>windowAt(bit)
    if (digit != 0) feMul(out, table + digit * FE_SIZE, out)
  }
  drop(16 * FE_SIZE)
}

// @ts-ignore: decorator
@inline
function windowAt(bit: u32): u32 {
  return (load<u8>(ROOT_EXPONENT + <usize>(bit >> 3)) >> (bit & 7)) & 15
}

/** out = a root of a, if there is one: false when not. `out` is not a. */
export function feSqrt(a: usize, out: usize): bool {
  const square = take(FE_SIZE)
  feRootPower(a, out)
  feMul(out, a, out)
  feSqr(out, square)
  const found = feEquals(square, a)
  drop(FE_SIZE)
  return found
}

/**
 * out = a root of a = x + y i, a square in Fp2, from a root s of its norm x^2 + y^2. t = (x + s) / 2 is the square of
 * the root's real part, or the negative of that of its imaginary part; their product is y / 2. `out` is not a.
 */
export function fp2RootFrom(a: usize, s: usize, out: usize): void {
  const t = take(4 * FE_SIZE)
  const r = t + FE_SIZE
  const root = t + 2 * FE_SIZE
  const other = t + 3 * FE_SIZE
  feAdd(a, s, t)
  // Not zero, unless a is: (x + s)(x - s) = -y^2.
  if (feIsZero(t)) feSub(a, s, t)
  feMul(t, HALF_ONE, t)
  feRootPower(t, r)
  feMul(t, r, root)
  feMul(a + IMAGINARY, HALF_ONE, other)
  feMul(other, r, other)
  feSqr(root, r)
  // r is 1 / root, or -1 / root.
  if (feEquals(r, t)) {
    feCopy(root, out)
    feCopy(other, out + IMAGINARY)
  } else {
    feNeg(other, out)
    feCopy(root, out + IMAGINARY)
  }
  drop(4 * FE_SIZE)
}
