import { drop, take } from '../mem/stack'
import { B, ONE } from './constants'
import { feAdd, feCopy, feNeg, feShift, feSub } from './element'
import { feIsZero, feMul, feMulSub, FE_SIZE, feSettle, feSqr, feSqrSub } from './field'

// Points of P-256, y^2 = x^3 - 3 x + b, in Jacobian coordinates (X / Z^2, Y / Z^3). The curve has prime order n.
// Sizes, in units of p, that every function here keeps: X below 4, Y below 3, Z below 2.5; affine coordinates below
// 1.3.

/** Jacobian point: X, Y, Z, then u32 1 when it is the point at infinity. */
export const P_Y: usize = FE_SIZE
export const P_Z: usize = 2 * FE_SIZE
const P_INFINITY: usize = 3 * FE_SIZE
export const POINT_SIZE: usize = 128

export function setInfinity(p: usize): void {
  store<u32>(p, 1, P_INFINITY)
}

export function isInfinity(p: usize): bool {
  return load<u32>(p, P_INFINITY) != 0
}

/** p = (x, y), or (x, -y) when `negative`. */
export function setAffine(p: usize, x: usize, y: usize, negative: bool): void {
  feCopy(x, p)
  if (negative) feNeg(y, p + P_Y)
  else feCopy(y, p + P_Y)
  feCopy(ONE, p + P_Z)
  store<u32>(p, 0, P_INFINITY)
}

/** Whether y^2 = x^3 - 3 x + b. */
export function onCurve(x: usize, y: usize): bool {
  const s = take(2 * FE_SIZE)
  const t = s + FE_SIZE
  // x (x^2 - 3) - y^2 + b
  feSqr(x, s)
  feSub(s, ONE, s)
  feShift(ONE, 1, t)
  feSub(s, t, s)
  feSqr(y, t)
  feMulSub(x, s, t, t)
  feAdd(t, B, t)
  const on = feIsZero(t)
  drop(2 * FE_SIZE)
  return on
}

/** p = 2 p. No point has y = 0, for the order of the group is odd. */
export function pointDouble(p: usize): void {
  if (isInfinity(p)) return
  const y = p + P_Y
  const z = p + P_Z
  const d = take(4 * FE_SIZE)
  const g = d + FE_SIZE
  const a = g + FE_SIZE
  const t = a + FE_SIZE
  // D = Z^2, G = Y^2, A = 3 (X - D)(X + D), T = 4 X G: X3 = A^2 - 2 T, Y3 = A (T - X3) - 8 G^2, Z3 = 2 Y Z. D is
  // below 1.2, G below 1.3, what A is three times below 1.9, T below 1.7, X3 below 3.4, 8 G^2 below 2.5, Y3 below 2.6,
  // Z3 below 1.5.
  feSqr(z, d)
  feSqr(y, g)
  feSub(p, d, a)
  feAdd(p, d, t)
  feMul(a, t, a)
  feShift(a, 1, t)
  feAdd(a, t, a)
  feSettle(a, a)
  feShift(y, 1, t)
  feMul(t, z, z)
  feShift(g, 2, t)
  feMul(p, t, t)
  feShift(t, 1, d)
  feSqrSub(a, d, p)
  feSub(t, p, t)
  feShift(g, 1, g)
  feSqr(g, g)
  feShift(g, 1, g)
  feMulSub(a, t, g, y)
  drop(4 * FE_SIZE)
}

/** Where the last addition left Z3 / Z1, of weight 2 and below 4.4. */
export let lastH: usize = 0

/** p = p + (x, y), or p - (x, y) when `negative`. */
export function pointAdd(p: usize, x: usize, y: usize, negative: bool): void {
  if (isInfinity(p)) {
    setAffine(p, x, y, negative)
    return
  }
  const py = p + P_Y
  const zz = take(5 * FE_SIZE)
  const h = zz + FE_SIZE
  const i = h + FE_SIZE
  const t = i + FE_SIZE
  const hhh = t + FE_SIZE
  // H = x Z^2 - X and I = y Z^3 - Y: X3 = I^2 - H^3 - 2 X H^2, Y3 = I (X H^2 - X3) - Y H^3, Z3 = Z H.
  // I is below 4, H^2 below 1.6, H^3 and X H^2 below 1.3, X3 below 3.7, Y3 below 2.8, Z3 below 1.4.
  feSqr(p + P_Z, zz)
  feMul(x, zz, h)
  feMul(zz, p + P_Z, zz)
  feMul(y, zz, i)
  if (negative) feNeg(i, i)
  feSub(h, p, h)
  feSub(i, py, i)
  if (feIsZero(h)) {
    if (feIsZero(i)) pointDouble(p)
    else setInfinity(p)
  } else {
    feMul(p + P_Z, h, p + P_Z)
    feSqr(h, zz)
    feMul(zz, h, hhh)
    feMul(p, zz, t)
    feShift(t, 1, zz)
    feAdd(zz, hhh, zz)
    feSqrSub(i, zz, p)
    feSub(t, p, t)
    feMul(py, hhh, hhh)
    feMulSub(i, t, hhh, py)
  }
  lastH = h
  drop(5 * FE_SIZE)
}
