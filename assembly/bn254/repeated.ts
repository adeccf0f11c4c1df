import { BETA } from './constants'
import { feMul } from './field'
import { feSettle } from './field-util'
import {
  ENTRY_BETA_X,
  ENTRY_SIZE,
  G1_Z,
  g1Add,
  g1Double,
  g1Scale,
  g1SetInfinity,
  MULTIPLES,
  oddMultiples,
  TABLE_SIZE,
} from './g1'
import { FE_SIZE } from './limbs'

// What is kept of a point that is multiplied again and again: its odd multiples, then those of 2^HALF times it too, on
// one scaled curve, so that both halves of a number's digits share the doublings. A verifier of proofs multiplies the
// points of its key, which are the same in every proof. Decision 28 (docs/adr/0028-no-slow-corner.md).

/** Positions of digits, of which there are 127 at most, that the table of the point itself serves. */
export const HALF: usize = 64

const LEVEL: usize = 0
export const REPEATED_Z: usize = 8
export const REPEATED_LOW: usize = REPEATED_Z + FE_SIZE
export const REPEATED_HIGH: usize = REPEATED_LOW + TABLE_SIZE
/** Bytes that are kept of a point; zeros at its begin stand for nothing. */
export const REPEATED_SIZE: usize = REPEATED_HIGH + TABLE_SIZE

/**
 * Makes the table of (x, y) ready at the first use, and the second one at the next, which costs what both tables save
 * at once. Whether there are two. `point`, a Jacobian one, becomes the point at infinity. `scratch`: as oddMultiples.
 */
export function prepareRepeated(kept: usize, x: usize, y: usize, point: usize, scratch: usize): bool {
  const level = load<u32>(kept, LEVEL)
  if (level == 0) oddMultiples(x, y, kept + REPEATED_LOW, kept + REPEATED_Z, scratch)
  if (level == 1) addHigh(kept, point, scratch)
  if (level < 2) store<u32>(kept, level + 1, LEVEL)
  return level != 0
}

function addHigh(kept: usize, point: usize, scratch: usize): void {
  const low = kept + REPEATED_LOW
  g1SetInfinity(point)
  g1Add(point, low, low + FE_SIZE, false, scratch)
  for (let i: usize = 0; i < HALF; i++) g1Double(point, scratch)
  // (X, Y) is affine on the curve scaled by Z; `ratio` is how the curve of the high table is scaled against that of
  // the low one.
  feSettle(point, point)
  feSettle(point + FE_SIZE, point + FE_SIZE)
  const ratio = point
  const z = scratch
  oddMultiples(point, point + FE_SIZE, kept + REPEATED_HIGH, z, scratch + FE_SIZE)
  feMul(z, point + G1_Z, ratio)
  for (let i: usize = 0; i < MULTIPLES; i++) {
    const entry = low + i * ENTRY_SIZE
    g1Scale(entry, entry + FE_SIZE, ratio, entry, scratch)
    feMul(entry, BETA, entry + ENTRY_BETA_X)
  }
  feMul(kept + REPEATED_Z, ratio, kept + REPEATED_Z)
  g1SetInfinity(point)
}
