import { u256IsZero } from '../u256/index'
import { fp2Mul, FP2_SIZE, fp2Sqr, IMAGINARY } from './fp2'
import { fp2Combine, fp2Conjugate, fp2Copy, fp2IsZero } from './fp2-util'
import { INFINITY, INVALID, POINT, readElement } from './input'
import { FROBENIUS_1, FROBENIUS_2, FROBENIUS_3, TWIST_B } from './tower-constants'

// Affine points of the twist y^2 = x^3 + 3 / xi over Fp2: x, then y.

export const G2_Y: usize = FP2_SIZE
export const G2_SIZE: usize = 2 * FP2_SIZE

/**
 * What the 128 bytes at `input` are (EIP-197): x and y, the imaginary part of each first. A POINT is one of the twist,
 * in G2 or not. `scratch`: 32 bytes and 4 elements of Fp2.
 */
export function readG2(input: usize, out: usize, scratch: usize): i32 {
  let zero = true
  for (let part: usize = 0; part < 4; part++) {
    const to = out + (part >> 1) * FP2_SIZE + (part & 1 ? 0 : IMAGINARY)
    if (!readElement(input + (part << 5), to, scratch)) return INVALID
    zero = zero && u256IsZero(scratch)
  }
  if (zero) return INFINITY
  return onTwist(out, scratch) ? POINT : INVALID
}

function onTwist(q: usize, scratch: usize): bool {
  const cube = scratch
  const square = scratch + FP2_SIZE
  fp2Sqr(q, cube)
  fp2Mul(cube, q, cube)
  fp2Sqr(q + G2_Y, square)
  fp2Combine(1, square, -1, cube, square)
  fp2Combine(1, square, -1, TWIST_B, square)
  return fp2IsZero(square, cube)
}

/** out = psi^j(q), j 1 to 3: the p^j-th power, brought to the twist. */
export function g2Frobenius(q: usize, j: i32, out: usize): void {
  const table = j == 1 ? FROBENIUS_1 : j == 2 ? FROBENIUS_2 : FROBENIUS_3
  for (let at: usize = 0; at < G2_SIZE; at += FP2_SIZE) {
    if ((j & 1) != 0) fp2Conjugate(q + at, out + at)
    else fp2Copy(q + at, out + at)
  }
  // xi^((p^j - 1) / 3) and xi^((p^j - 1) / 2).
  fp2Mul(out, table + FP2_SIZE, out)
  fp2Mul(out + G2_Y, table + 2 * FP2_SIZE, out + G2_Y)
}
