import { LINE_1, LINE_2 } from './fp12'
import { FE_SIZE } from './limbs'
import { fp2Mul, fp2MulAdd, FP2_SIZE, fp2Sqr } from './fp2'
import { fp2Add, fp2Combine, fp2MulFe, fp2Neg, fp2Shift, fp2Sub, fp2SubTwo } from './fp2-util'
import { TWIST_3B } from './tower-constants'

// Steps of the Miller loop: a multiple T of a point Q of the twist y^2 = x^3 + 3 / xi doubled, or another point added
// to it, and the line through the points, taken at a point P of G1. Homogeneous coordinates (X / Z, Y / Z); formulas of
// Costello, Lange, Naehrig ("Faster pairing computations on curves with high-degree twists", 2010), here four times
// their X3, Y3, Z3.
// T is not at infinity, and not the added point or its negative: pairing.ts.

export const T_Y: usize = FP2_SIZE
export const T_Z: usize = 2 * FP2_SIZE
export const T_SIZE: usize = 3 * FP2_SIZE

/** What is used of P: -y, x, 3 x. */
export const P_X: usize = FE_SIZE
export const P_3X: usize = 2 * FE_SIZE
export const P_SIZE: usize = 3 * FE_SIZE

/** Bytes of scratch memory that the steps need. */
export const STEP_SCRATCH: usize = 7 * FP2_SIZE

/** T = 2 T. */
export function doublingStep(t: usize, p: usize, line: usize, scratch: usize): void {
  const y = t + T_Y
  const z = t + T_Z
  const b = scratch
  const c = scratch + FP2_SIZE
  const e = scratch + 2 * FP2_SIZE
  const d = scratch + 3 * FP2_SIZE
  const g = scratch + 4 * FP2_SIZE
  const h = scratch + 5 * FP2_SIZE
  const j = scratch + 6 * FP2_SIZE
  // B = Y^2, C = Z^2, E = 3 b' C, H = 2 Y Z, J = X^2.
  fp2Sqr(y, b)
  fp2Sqr(z, c)
  fp2Mul(c, TWIST_3B, e)
  fp2Add(y, z, h)
  fp2Sqr(h, h)
  fp2SubTwo(h, b, c, h)
  fp2Sqr(t, j)
  // X3 = 2 X Y (B - 3 E), Y3 = (B + 3 E)^2 - 12 E^2, Z3 = 4 B H.
  fp2Combine(1, b, -3, e, d)
  fp2Combine(1, b, 3, e, g)
  fp2Mul(t, y, t)
  fp2Shift(t, 1, t)
  fp2Mul(t, d, t)
  fp2Sqr(g, g)
  fp2Shift(e, 1, d)
  fp2Sqr(d, d)
  fp2Combine(1, g, -3, d, y)
  fp2Shift(b, 1, d)
  fp2Shift(h, 1, g)
  fp2Mul(d, g, z)
  // -H y, 3 J x, E - B.
  fp2MulFe(h, p, line)
  fp2MulFe(j, p + P_3X, line + LINE_1)
  fp2Combine(1, e, -1, b, line + LINE_2)
}

/** T = T + (x, y). */
export function additionStep(t: usize, x: usize, y: usize, p: usize, line: usize, scratch: usize): void {
  const theta = scratch
  const lambda = scratch + FP2_SIZE
  const c = scratch + 2 * FP2_SIZE
  const d = scratch + 3 * FP2_SIZE
  const e = scratch + 4 * FP2_SIZE
  const g = scratch + 5 * FP2_SIZE
  const ty = t + T_Y
  const z = t + T_Z
  fp2Mul(y, z, theta)
  fp2Combine(1, ty, -1, theta, theta)
  fp2Mul(x, z, lambda)
  fp2Combine(1, t, -1, lambda, lambda)
  // D = lambda^2, E = lambda^3, G = X D, H = E + Z theta^2 - 2 G.
  fp2Sqr(theta, c)
  fp2Sqr(lambda, d)
  fp2Mul(lambda, d, e)
  fp2MulAdd(z, c, e, c)
  fp2Mul(t, d, g)
  fp2Combine(1, c, -2, g, c)
  // X3 = lambda H, Y3 = theta (G - H) - E Y, Z3 = Z E.
  fp2Mul(lambda, c, t)
  fp2Sub(g, c, g)
  fp2Neg(e, d)
  fp2Mul(d, ty, d)
  fp2MulAdd(theta, g, d, ty)
  fp2Mul(z, e, z)
  // -lambda y, theta x, lambda yQ - theta xQ.
  fp2MulFe(lambda, p, line)
  fp2MulFe(theta, p + P_X, line + LINE_1)
  fp2Neg(x, g)
  fp2Mul(theta, g, g)
  fp2MulAdd(lambda, y, g, line + LINE_2)
}
