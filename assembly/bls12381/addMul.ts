import { cAdd, cInvert, cIsZero, cMul, cMulSubMul, coordinate, cSqr, cSqrSub, cSub, cTimes } from './coordinates'
import { ONE } from './constants'
import { INFINITY, INVALID, pointBytes, readPoint, writePoint } from './input'
import { sumOfMultiples } from './msm'
import { isInfinity, POINT_SIZE, toAffine, yOf } from './points'
import { drop, take } from '../mem/stack'

// BLS12_G1ADD, BLS12_G2ADD, BLS12_G1MSM and BLS12_G2MSM (EIP-2537). What is added needs to be on the curve only.

/** The sum of the points at `input` to `out`; false when one is none. */
export function blsAdd(input: usize, out: usize): bool {
  const a = take(2 * POINT_SIZE)
  const b = a + POINT_SIZE
  const length = pointBytes()
  const kindA = readPoint(input, a)
  const kindB = readPoint(input + length, b)
  const valid = kindA != INVALID && kindB != INVALID
  if (valid) {
    if (kindA == INFINITY) memory.copy(out, input + length, length)
    else if (kindB == INFINITY) memory.copy(out, input, length)
    else if (affineSum(a, b)) writePoint(a, out)
    else memory.fill(out, 0, length)
  }
  drop(2 * POINT_SIZE)
  return valid
}

/** a = a + b, false when that is the point at infinity. */
function affineSum(a: usize, b: usize): bool {
  const slope = take(2 * POINT_SIZE)
  const d = slope + coordinate
  const x = d + coordinate
  cSub(b, a, d)
  cSub(yOf(b), yOf(a), slope)
  let finite = true
  if (cIsZero(d)) {
    // Equal, or opposite: no y is 0.
    finite = cIsZero(slope)
    cSqr(a, d)
    cTimes(3, d, slope)
    cTimes(2, yOf(a), d)
  }
  if (finite) {
    cInvert(d, d)
    cMul(slope, d, slope)
    // x3 = s^2 - ax - bx, y3 = s (ax - x3) - ay.
    cAdd(a, b, d)
    cSqrSub(slope, 1, d, x)
    cSub(a, x, d)
    cMulSubMul(slope, d, yOf(a), ONE, yOf(a))
    memory.copy(a, x, coordinate)
  }
  drop(2 * POINT_SIZE)
  return finite
}

/** The sum of the multiples in the `length` bytes at `input` to `out`; false when a point is none of its group. */
export function blsMsm(input: usize, length: usize, out: usize): bool {
  const sum = take(POINT_SIZE)
  const valid = sumOfMultiples(input, input + length, sum)
  if (valid) {
    if (isInfinity(sum)) memory.fill(out, 0, pointBytes())
    else {
      toAffine(sum, sum)
      writePoint(sum, out)
    }
  }
  drop(POINT_SIZE)
  return valid
}
