import { PSI, X } from './constants'
import { cBeta, cNeg, coordinate, twisted } from './coordinates'
import { fp2Conjugate, fp2Mul, FP2_SIZE } from './fp2'
import { copyPoint, equalsAffine, pointAdd, pointDouble, POINT_SIZE, setAffine, yOf } from './points'
import { drop, take } from '../mem/stack'

// Whether points are in the groups of prime order r: on G1 if and only if X^2 times the point is (beta x, -y), on G2
// if and only if X times it is -psi of it (Scott, "A note on group membership tests for G1, G2 and GT on BLS
// pairing-friendly curves", 2021).

/** out = X p; `out` is not p. */
export function timesX(p: usize, out: usize): void {
  copyPoint(p, out)
  // Below the highest bit.
  for (let i: u64 = 63; i > 0; ) {
    i--
    pointDouble(out)
    if (((X >> i) & 1) != 0) pointAdd(out, p, false)
  }
}

/** out = psi (q) for an affine point of G2's curve. */
export function psi(q: usize, out: usize): void {
  fp2Conjugate(q, out)
  fp2Mul(out, PSI, out)
  fp2Conjugate(q + FP2_SIZE, out + FP2_SIZE)
  fp2Mul(out + FP2_SIZE, PSI + FP2_SIZE, out + FP2_SIZE)
}

/** Whether an affine point is in its group; `multiple` becomes X times it. */
export function inGroup(point: usize, multiple: usize): bool {
  const p = take(2 * POINT_SIZE)
  const image = p + POINT_SIZE
  setAffine(p, point, yOf(point), false)
  timesX(p, multiple)
  let result: bool
  if (twisted()) {
    psi(point, image)
    cNeg(yOf(image), yOf(image))
    result = equalsAffine(multiple, image, yOf(image))
  } else {
    timesX(multiple, p)
    cBeta(point, image)
    cNeg(point + coordinate, yOf(image))
    result = equalsAffine(p, image, yOf(image))
  }
  drop(2 * POINT_SIZE)
  return result
}
