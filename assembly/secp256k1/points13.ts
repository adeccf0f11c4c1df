import { FE_SIZE, feMul } from './field'
import { feFromWord, feIsZero, feNormalize, feToWord } from './field-util'
import { feInverse } from './generator'
import {
  copy13,
  double13,
  E,
  mul13,
  mulDifference,
  mulDifferenceSub,
  mulDifferenceSubMul,
  mulDifferenceSubSqr,
  mulPositive,
  page,
  PAGE_FREE,
  sqr13,
  sqrLessTwice,
  sqrPositive,
  sqrScaled,
  sqrSub,
  sqrSubTwice,
  sqrThrice,
  sub13,
} from './field13'
import { INVERSE_SCRATCH } from './inverse'
import { laneFromWord, laneToWord } from './lanes'

// Points of y^2 = x^3 + 7, four at once, in elements of field13.ts. Affine ones are x, y; Jacobian ones X, Y, Z
// stand for (X / Z^2, Y / Z^3). X and Y are centred, Z is positive.
//
// No case is exceptional here. An addition of points with the same x gives Z = 0, and every point made of that one has
// Z = 0 too: whoever reads a result looks at Z. For affine additions a denominator is zero then, which `invertAll`
// tells.

export const AFFINE13: usize = 2 * E
export const JACOBIAN13: usize = 3 * E
const Y: usize = E
const Z: usize = 2 * E

const T: usize = PAGE_FREE
/** The page of the field is free from here on. */
export const POINTS_FREE: usize = T + 6 * E

/** p = 2 p: Z3 = 2 Y Z, B = 2 Y^2, D = 2 X B, X3 = (3 X^2)^2 - 2 D, Y3 = 3 X^2 (D - X3) - 2 B^2. */
export function double4(p: usize): void {
  const b = page + T
  const e = b + E
  const d = b + 2 * E
  const twice = b + 3 * E
  double13(p + Y, twice)
  sqrScaled(twice, p + Y, b)
  mulPositive(twice, p + Z, p + Z)
  sqrThrice(p, e)
  double13(b, twice)
  mulPositive(p, twice, d)
  sqrLessTwice(e, d, p)
  mulDifferenceSubSqr(e, d, p, twice, b, p + Y)
}

/**
 * p = p + (x, y), affine: H = x Z^2 - X, I = y Z^3 - Y, X3 = I^2 - H^3 - 2 X H^2, Y3 = I (X H^2 - X3) - Y H^3,
 * Z3 = Z H.
 */
export function add4(p: usize, x: usize, y: usize): void {
  const zz = page + T
  const h = zz + E
  const i = zz + 2 * E
  const hh = zz + 3 * E
  const hhh = zz + 4 * E
  const v = zz + 5 * E
  sqrPositive(p + Z, zz)
  mul13(x, zz, h)
  mulPositive(zz, p + Z, zz)
  mul13(y, zz, i)
  sub13(h, p, h)
  sub13(i, p + Y, i)
  sqrPositive(h, hh)
  mulPositive(p + Z, h, p + Z)
  mul13(hh, h, hhh)
  mul13(p, hh, v)
  sqrSubTwice(i, hhh, v, p)
  mulDifferenceSubMul(i, v, p, p + Y, hhh, p + Y)
}

/** out = a + b, affine, from 1 / (b's x - a's x); `out` may be `a`. */
export function addAffine4(a: usize, b: usize, inverse: usize, out: usize): void {
  const slope = page + T
  const x = slope + E
  mulDifference(inverse, b + Y, a + Y, slope)
  sqrSub(slope, a, b, x)
  mulDifferenceSub(slope, a, x, a + Y, out + Y)
  copy13(x, out)
}

/** out = 2 a, affine, from 1 / (2 y). */
export function doubleAffine4(a: usize, inverse: usize, out: usize): void {
  const slope = page + T
  sqrThrice(a, slope)
  mul13(slope, inverse, slope)
  sqrSub(slope, a, a, out)
  mulDifferenceSub(slope, a, out, a + Y, out + Y)
}

/** out = p's affine x, y, from 1 / Z. */
export function toAffine4(p: usize, inverse: usize, out: usize): void {
  const zz = page + T
  sqrPositive(inverse, zz)
  mul13(p, zz, out)
  mulPositive(zz, inverse, zz)
  mul13(p + Y, zz, out + Y)
}

/** Bytes of scratch for `invertAll` besides `count` elements. */
export const INVERT_SCRATCH: usize = 8 * FE_SIZE + INVERSE_SCRATCH + 128

/**
 * Replaces `count` elements, at least one, by their inverses, with one inversion (Montgomery's trick, also over the
 * lanes). False when one is zero: then they are lost. `prefix`: `count` elements; `scratch`: INVERT_SCRATCH.
 */
export function invertAll(elements: usize, count: usize, prefix: usize, scratch: usize): bool {
  copy13(elements, prefix)
  for (let at: usize = E; at < count * E; at += E) mulPositive(prefix + at - E, elements + at, prefix + at)
  const inverse = page + T
  if (!invertLanes(prefix + (count - 1) * E, inverse, scratch)) return false
  for (let at = (count - 1) * E; at > 0; at -= E) {
    mulPositive(prefix + at - E, inverse, prefix + at)
    mulPositive(inverse, elements + at, inverse)
    copy13(prefix + at, elements + at)
  }
  copy13(inverse, elements)
  return true
}

/** out = 1 / a in each lane. */
function invertLanes(a: usize, out: usize, scratch: usize): bool {
  const word = scratch
  const lanes = scratch + 96
  const prefix = lanes + 4 * FE_SIZE
  const inverse = prefix + 3 * FE_SIZE
  const inner = inverse + FE_SIZE
  for (let i: usize = 0; i < 4; i++) {
    laneToWord(a + 4 * i, word)
    feFromWord(word, lanes + i * FE_SIZE)
  }
  feMul(lanes, lanes + FE_SIZE, prefix + FE_SIZE)
  feMul(prefix + FE_SIZE, lanes + 2 * FE_SIZE, prefix + 2 * FE_SIZE)
  feMul(prefix + 2 * FE_SIZE, lanes + 3 * FE_SIZE, inverse)
  if (feIsZero(inverse, prefix)) return false
  feInverse(inverse, inverse, inner)
  for (let i: usize = 3; i > 0; i--) {
    const before = i > 1 ? prefix + (i - 1) * FE_SIZE : lanes
    feMul(inverse, before, prefix)
    feMul(inverse, lanes + i * FE_SIZE, inverse)
    laneFromElement(prefix, out + 4 * i, word)
  }
  laneFromElement(inverse, out, word)
  return true
}

/** A lane from a reduced element of field.ts, which is normalised. `scratch`: 96 bytes. */
export function laneFromElement(element: usize, lane: usize, scratch: usize): void {
  feNormalize(element, element)
  feToWord(element, scratch)
  laneFromWord(scratch, lane, scratch + 32)
}

function sqrTimes4(a: usize, count: i32, out: usize): void {
  sqrPositive(a, out)
  for (let i = 1; i < count; i++) sqrPositive(out, out)
}

/** out = a^((p + 1) / 4), centred: feSqrt's chain. `scratch`: 6 elements; `out` must not be `a`. */
export function sqrt4(a: usize, out: usize, scratch: usize): void {
  const x2 = scratch
  const x3 = scratch + E
  const x11 = scratch + 2 * E
  const x22 = scratch + 3 * E
  const x44 = scratch + 4 * E
  const x88 = scratch + 5 * E
  sqrPositive(a, x2)
  mulPositive(x2, a, x2)
  sqrPositive(x2, x3)
  mulPositive(x3, a, x3)
  sqrTimes4(x3, 3, out)
  mulPositive(out, x3, out) // x6
  sqrTimes4(out, 3, out)
  mulPositive(out, x3, out) // x9
  sqrTimes4(out, 2, out)
  mulPositive(out, x2, x11)
  sqrTimes4(x11, 11, x22)
  mulPositive(x22, x11, x22)
  sqrTimes4(x22, 22, x44)
  mulPositive(x44, x22, x44)
  sqrTimes4(x44, 44, x88)
  mulPositive(x88, x44, x88)
  sqrTimes4(x88, 88, out)
  mulPositive(out, x88, out) // x176
  sqrTimes4(out, 44, out)
  mulPositive(out, x44, out) // x220
  sqrTimes4(out, 3, out)
  mulPositive(out, x3, out) // x223
  sqrTimes4(out, 23, out)
  mulPositive(out, x22, out)
  sqrTimes4(out, 6, out)
  mulPositive(out, x2, out)
  sqrPositive(out, out)
  sqr13(out, out)
}
