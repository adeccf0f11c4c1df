import { drop, take } from '../mem/stack'
import { ONE, X } from './constants'
import { combine, coefficient, fp12Copy, fp12Mul, FP12_SIZE, fp12SqrCyclotomic, sqr4 } from './fp12'
import {
  fp2Add,
  fp2Copy,
  fp2Invert,
  fp2IsZero,
  fp2Mul,
  fp2Reduce,
  FP2_SIZE,
  fp2Settle,
  fp2Sub,
  fp2Times,
  wide2Mul,
  wide2Sqr,
} from './fp2'
import { QUARTER } from './tower-constants'
import { WIDE2_SIZE, wide2Xi, wideAdd, wideSub } from './wide'

// The power X in the cyclotomic subgroup, by compressed squares (Karabina, "Squaring in cyclotomic subgroups", 2010):
// the coefficients of w, w^4, w^2, w^5 are enough to go on squaring, for a third less. Those of 1 and w^3 follow from
// them with a division; the powers that X is the sum of share one inversion.

/** Coefficients of w, w^4, w^2, w^5. */
const COMPRESSED_SIZE: usize = 4 * FP2_SIZE
const C4: usize = FP2_SIZE
const C2: usize = 2 * FP2_SIZE
const C5: usize = 3 * FP2_SIZE
/** How many bits of X are set. */
const BITS: usize = 6

/** out = a^X; `out` is not a. */
export function power(a: usize, out: usize): void {
  const powers = take(BITS * COMPRESSED_SIZE)
  const inverses = take(BITS * FP2_SIZE)
  const c = take(COMPRESSED_SIZE)
  fp2Copy(a + coefficient(1), c)
  fp2Copy(a + coefficient(4), c + C4)
  fp2Copy(a + coefficient(2), c + C2)
  fp2Copy(a + coefficient(5), c + C5)
  let at = powers
  for (let i: u64 = 1; i < 64; i++) {
    squareCompressed(c)
    if (((X >> i) & 1) == 0) continue
    memory.copy(at, c, COMPRESSED_SIZE)
    at += COMPRESSED_SIZE
  }
  if (invertAll(powers, inverses)) productOfAll(powers, inverses, out)
  else plainPower(a, out)
  drop(COMPRESSED_SIZE)
  drop(BITS * FP2_SIZE)
  drop(BITS * COMPRESSED_SIZE)
}

function squareCompressed(c: usize): void {
  const even = take(4 * FP2_SIZE)
  const odd = even + FP2_SIZE
  const otherEven = odd + FP2_SIZE
  const otherOdd = otherEven + FP2_SIZE
  sqr4(c + C2, c + C5, even, odd, true)
  sqr4(c, c + C4, otherEven, otherOdd, false)
  combine(odd, 2, c, c)
  combine(even, -2, c + C4, c + C4)
  combine(otherEven, -2, c + C2, c + C2)
  combine(otherOdd, 2, c + C5, c + C5)
  drop(4 * FP2_SIZE)
}

/** The inverses of what is divided by, the coefficients of w; false when one has none. */
function invertAll(powers: usize, out: usize): bool {
  const inverse = take(FP2_SIZE)
  let possible = true
  fp2Copy(ONE, inverse)
  for (let i: usize = 0; i < BITS; i++) {
    const c = powers + i * COMPRESSED_SIZE
    possible = possible && !fp2IsZero(c)
    fp2Copy(inverse, out + i * FP2_SIZE)
    fp2Mul(inverse, c, inverse)
  }
  if (possible) fp2Invert(inverse, inverse)
  for (let i = BITS; i > 0; ) {
    i--
    fp2Mul(out + i * FP2_SIZE, inverse, out + i * FP2_SIZE)
    fp2Mul(inverse, powers + i * COMPRESSED_SIZE, inverse)
  }
  drop(FP2_SIZE)
  return possible
}

function productOfAll(powers: usize, inverses: usize, out: usize): void {
  const element = take(FP12_SIZE)
  decompress(powers, inverses, out)
  for (let i: usize = 1; i < BITS; i++) {
    decompress(powers + i * COMPRESSED_SIZE, inverses + i * FP2_SIZE, element)
    fp12Mul(out, element, out)
  }
  drop(FP12_SIZE)
}

/**
 * out = the element of which c is left, given the inverse of its coefficient of w. With a number for each
 * coefficient, that of w^3 is (xi a5^2 + 3 a2^2 - 2 a4) / (4 a1), and a0 is xi (2 a3^2 + a1 a5 - 3 a2 a4) + 1.
 */
function decompress(c: usize, inverse: usize, out: usize): void {
  const a0 = out
  const a3 = out + coefficient(3)
  const w = take(3 * WIDE2_SIZE)
  const u = w + WIDE2_SIZE
  const v = u + WIDE2_SIZE
  const t = take(2 * FP2_SIZE)
  const quarter = t + FP2_SIZE
  wide2Sqr(c + C5, u)
  wide2Xi(u, w)
  wide2Sqr(c + C2, u)
  wideAdd(w, u, w, WIDE2_SIZE)
  wideAdd(u, u, u, WIDE2_SIZE)
  wideAdd(w, u, w, WIDE2_SIZE)
  fp2Reduce(w, t)
  fp2Sub(t, c + C4, t)
  fp2Sub(t, c + C4, t)
  fp2Mul(inverse, QUARTER, quarter)
  fp2Mul(t, quarter, a3)
  wide2Sqr(a3, u)
  wideAdd(u, u, u, WIDE2_SIZE)
  wide2Mul(c, c + C5, v)
  wideAdd(u, v, u, WIDE2_SIZE)
  fp2Times(3, c + C2, t)
  wide2Mul(t, c + C4, v)
  wideSub(u, v, u, WIDE2_SIZE)
  wide2Xi(u, w)
  fp2Reduce(w, a0)
  fp2Add(a0, ONE, a0)
  fp2Settle(a0, a0)
  fp2Copy(c, out + coefficient(1))
  fp2Copy(c + C4, out + coefficient(4))
  fp2Copy(c + C2, out + coefficient(2))
  fp2Copy(c + C5, out + coefficient(5))
  drop(2 * FP2_SIZE)
  drop(3 * WIDE2_SIZE)
}

/** The same, square after square. */
function plainPower(a: usize, out: usize): void {
  fp12Copy(a, out)
  for (let i: u64 = 63; i > 0; ) {
    i--
    fp12SqrCyclotomic(out, out)
    if (((X >> i) & 1) != 0) fp12Mul(out, a, out)
  }
}
