import { FE_SIZE } from './field'
import { LINE_1, LINE_2 } from './fp12'
import {
  fp2Add,
  fp2Mul,
  fp2MulFe,
  fp2MulSubMul,
  fp2Neg,
  fp2Reduce,
  FP2_SIZE,
  fp2Settle,
  fp2Sqr,
  fp2Sub,
  fp2Times,
  wide2Mul,
  wide2Sqr,
} from './fp2'
import { drop, take } from '../mem/stack'
import { WIDE2_SIZE, wide2Xi, wideAdd, wideAddElement, wideSub, wideSubTwo } from './wide'

// Steps of the Miller loop: a multiple T of a point Q of the twist y^2 = x^3 + 4 xi doubled, or Q added to it, and
// the line through the points, taken at a point P of G1. Homogeneous coordinates (X / Z, Y / Z); formulas of
// Costello, Lange, Naehrig ("Faster pairing computations on curves with high-degree twists", 2010), here four times
// their X3, Y3, Z3. Z = 0 stays: a step that is exceptional, which none is for a Q in G2, is seen at the end
// (pairing.ts).

export const T_Y: usize = FP2_SIZE
export const T_Z: usize = 2 * FP2_SIZE
export const T_SIZE: usize = 3 * FP2_SIZE

/** What is used of P: -y, x, 3 x, reduced. */
export const P_X: usize = FE_SIZE
export const P_3X: usize = 2 * FE_SIZE
export const P_SIZE: usize = 3 * FE_SIZE

/** T = 2 T. */
export function doublingStep(t: usize, p: usize, line: usize): void {
  const y = t + T_Y
  const z = t + T_Z
  const b = take(6 * FP2_SIZE)
  const e = b + FP2_SIZE
  const g = e + FP2_SIZE
  const h = g + FP2_SIZE
  const j = h + FP2_SIZE
  const s = j + FP2_SIZE
  const w = take(3 * WIDE2_SIZE)
  const u = w + WIDE2_SIZE
  const v = u + WIDE2_SIZE
  // B = Y^2, E = 3 b' Z^2 = 12 xi Z^2, H = 2 Y Z, J = X^2, G = 3 E.
  wide2Sqr(y, w)
  wide2Sqr(z, u)
  fp2Add(y, z, s)
  wide2Sqr(s, v)
  wideSubTwo(v, w, u, v, WIDE2_SIZE)
  fp2Reduce(v, h)
  fp2Reduce(w, b)
  wide2Xi(u, w)
  fp2Reduce(w, e)
  fp2Times(4, e, e)
  fp2Settle(e, e)
  fp2Times(3, e, e)
  fp2Settle(e, e)
  fp2Times(3, e, g)
  fp2Settle(g, g)
  fp2Sqr(t, j)
  // X3 = 2 X Y (B - G), Y3 = (B + G)^2 - 12 E^2, Z3 = 4 B H.
  fp2Mul(t, y, t)
  fp2Times(2, t, t)
  fp2Sub(b, g, s)
  fp2Mul(t, s, t)
  fp2Add(b, g, s)
  wide2Sqr(s, w)
  fp2Times(2, e, s)
  wide2Sqr(s, u)
  wideSub(w, u, w, WIDE2_SIZE)
  wideAdd(u, u, u, WIDE2_SIZE)
  wideSub(w, u, w, WIDE2_SIZE)
  fp2Reduce(w, y)
  fp2Times(4, b, s)
  fp2Mul(s, h, z)
  // E - B, 3 J x, -H y.
  fp2Sub(e, b, line)
  fp2Settle(line, line)
  fp2MulFe(j, p + P_3X, line + LINE_1)
  fp2MulFe(h, p, line + LINE_2)
  drop(3 * WIDE2_SIZE)
  drop(6 * FP2_SIZE)
}

/** T = T + Q. */
export function additionStep(t: usize, q: usize, p: usize, line: usize): void {
  const theta = take(6 * FP2_SIZE)
  const lambda = theta + FP2_SIZE
  const c = lambda + FP2_SIZE
  const d = c + FP2_SIZE
  const e = d + FP2_SIZE
  const g = e + FP2_SIZE
  const y = t + T_Y
  const z = t + T_Z
  // theta = Y - yQ Z, lambda = X - xQ Z.
  fp2Mul(q + FP2_SIZE, z, c)
  fp2Sub(y, c, theta)
  fp2Settle(theta, theta)
  fp2Mul(q, z, c)
  fp2Sub(t, c, lambda)
  fp2Settle(lambda, lambda)
  // D = lambda^2, E = lambda^3, G = X D, H = E + Z theta^2 - 2 G.
  fp2Sqr(theta, c)
  fp2Sqr(lambda, d)
  fp2Mul(lambda, d, e)
  fp2Mul(t, d, g)
  const w = take(WIDE2_SIZE)
  wide2Mul(z, c, w)
  wideAddElement2(1, e, w)
  wideAddElement2(-2, g, w)
  fp2Reduce(w, c)
  drop(WIDE2_SIZE)
  // X3 = lambda H, Y3 = theta (G - H) - E Y, Z3 = Z E.
  fp2Mul(lambda, c, t)
  fp2Sub(g, c, g)
  fp2MulSubMul(theta, g, e, y, y)
  fp2Mul(z, e, z)
  // theta xQ - lambda yQ, -theta x, lambda y.
  fp2MulSubMul(theta, q, lambda, q + FP2_SIZE, line)
  fp2MulFe(theta, p + P_X, line + LINE_1)
  fp2Neg(line + LINE_1, line + LINE_1)
  fp2MulFe(lambda, p, line + LINE_2)
  fp2Neg(line + LINE_2, line + LINE_2)
  drop(6 * FP2_SIZE)
}

/** w = w + n R a. */
function wideAddElement2(n: i32, a: usize, w: usize): void {
  wideAddElement(n, a, w)
  wideAddElement(n, a + FE_SIZE, w + WIDE2_SIZE / 2)
}
