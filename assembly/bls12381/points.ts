import { ONE } from './constants'
import {
  cAdd,
  cCopy,
  cInvert,
  cIsZero,
  cMul,
  cMulSubMul,
  cMulSubSqr,
  cNeg,
  coordinate,
  cSqr,
  cSqrSub,
  cSub,
  cTimes,
  curveB,
} from './coordinates'
import { drop, take } from '../mem/stack'

// Points of G1's or G2's curve (coordinates.ts), y^2 = x^3 + b, in Jacobian coordinates (X / Z^2, Y / Z^3): X, Y, Z
// of `coordinate` bytes each. Z = 0, in limbs that are zero, is the point at infinity. Affine points are x, y. Any
// point of the curve will do, in the group of prime order or not.

/** Bytes of a Jacobian point of either group. */
export const POINT_SIZE: usize = 384

// @ts-ignore: decorator
@inline
export function yOf(p: usize): usize {
  return p + coordinate
}

// @ts-ignore: decorator
@inline
export function zOf(p: usize): usize {
  return p + 2 * coordinate
}

export function setInfinity(p: usize): void {
  memory.fill(p, 0, 3 * coordinate)
}

/** Whether p is the point at infinity: what is computed here has a Z of limbs that are zero then. */
export function isInfinity(p: usize): bool {
  const z = zOf(p)
  for (let i: usize = 0; i < coordinate; i += 16) if (v128.any_true(v128.load(z + i))) return false
  return true
}

/** p = (x, y), or (x, -y) when `negative`. */
export function setAffine(p: usize, x: usize, y: usize, negative: bool): void {
  cCopy(x, p)
  if (negative) cNeg(y, yOf(p))
  else cCopy(y, yOf(p))
  cCopy(ONE, zOf(p))
}

export function copyPoint(p: usize, out: usize): void {
  cCopy(p, out)
  cCopy(yOf(p), yOf(out))
  cCopy(zOf(p), zOf(out))
}

/** Whether y^2 = x^3 + b. */
export function onCurve(x: usize, y: usize): bool {
  const t = take(POINT_SIZE)
  cSqr(x, t)
  cMulSubMul(y, y, t, x, t)
  cSub(t, curveB(), t)
  const on = cIsZero(t)
  drop(POINT_SIZE)
  return on
}

/** p = 2 p. No point has y = 0: the numbers of points are odd. */
export function pointDouble(p: usize): void {
  const y = yOf(p)
  const s = take(2 * POINT_SIZE)
  const l = s + coordinate
  const t = l + coordinate
  const u = t + coordinate
  // S = Y^2, L = 3 X^2, T = 4 X S: X3 = L^2 - 2 T, Y3 = L (T - X3) - 8 S^2, Z3 = 2 Y Z.
  cSqr(y, s)
  cTimes(2, y, t)
  cMul(t, zOf(p), zOf(p))
  cSqr(p, l)
  cTimes(3, l, l)
  cTimes(4, s, u)
  cMul(p, u, t)
  cSqrSub(l, 2, t, p)
  // Of weight 3 * 2 + 2 * 2 * 2, twice that in Fp2.
  cSub(t, p, t)
  cTimes(2, s, s)
  cMulSubSqr(l, t, s, y)
  drop(2 * POINT_SIZE)
}

/** p = p + (x, y), or p - (x, y) when `negative`. */
export function pointAddAffine(p: usize, x: usize, y: usize, negative: bool): void {
  if (isInfinity(p)) {
    setAffine(p, x, y, negative)
    return
  }
  const zz = take(2 * POINT_SIZE)
  const h = zz + coordinate
  const i = h + coordinate
  // H = x Z^2 - X and I = y Z^3 - Y.
  cSqr(zOf(p), zz)
  cMul(x, zz, h)
  cMul(zz, zOf(p), zz)
  cMul(y, zz, i)
  if (negative) cNeg(i, i)
  cSub(h, p, h)
  cSub(i, yOf(p), i)
  addFrom(p, p, yOf(p), h, i, i + coordinate)
  drop(2 * POINT_SIZE)
}

/** p = p + q, or p - q when `negative`; q is not p. */
export function pointAdd(p: usize, q: usize, negative: bool): void {
  if (isInfinity(q)) return
  if (isInfinity(p)) {
    copyPoint(q, p)
    if (negative) cNeg(yOf(p), yOf(p))
    return
  }
  const zz = take(3 * POINT_SIZE)
  const h = zz + coordinate
  const i = h + coordinate
  const x1 = i + coordinate
  const y1 = x1 + coordinate
  cSqr(zOf(p), zz)
  cMul(q, zz, h)
  cMul(zz, zOf(p), zz)
  cMul(yOf(q), zz, i)
  if (negative) cNeg(i, i)
  cSqr(zOf(q), zz)
  cMul(p, zz, x1)
  cMul(zz, zOf(q), zz)
  cMul(yOf(p), zz, y1)
  cSub(h, x1, h)
  cSub(i, y1, i)
  // A Z for the case that both are the same point: that of p stays when they are.
  const same = cIsZero(h)
  if (!same) cMul(zOf(p), zOf(q), zOf(p))
  addFrom(p, same ? p : x1, same ? yOf(p) : y1, h, i, y1 + coordinate)
  drop(3 * POINT_SIZE)
}

/**
 * The rest of an addition: p has Z (of both) and becomes the sum, of which (x, y) is the first point. `t`: 2
 * coordinates.
 */
function addFrom(p: usize, x: usize, y: usize, h: usize, i: usize, t: usize): void {
  if (cIsZero(h)) {
    if (cIsZero(i)) pointDouble(p)
    else setInfinity(p)
    return
  }
  const hhh = t + coordinate
  // X3 = I^2 - H^3 - 2 X H^2, Y3 = I (X H^2 - X3) - Y H^3, Z3 = Z H.
  cMul(zOf(p), h, zOf(p))
  cSqr(h, t)
  cMul(t, h, hhh)
  cMul(x, t, t)
  cAdd(t, t, h)
  cAdd(h, hhh, h)
  cSqrSub(i, 1, h, p)
  cSub(t, p, t)
  cMulSubMul(i, t, y, hhh, yOf(p))
}

/** p, which is not at infinity, as an affine point. */
export function toAffine(p: usize, out: usize): void {
  const inverse = take(POINT_SIZE)
  cInvert(zOf(p), inverse)
  scaleTo(p, inverse, out)
  drop(POINT_SIZE)
}

/** out = (X z^2, Y z^3): the affine point for z = 1 / Z. */
export function scaleTo(p: usize, z: usize, out: usize): void {
  const zz = take(POINT_SIZE)
  cSqr(z, zz)
  cMul(p, zz, out)
  cMul(zz, z, zz)
  cMul(yOf(p), zz, yOf(out))
  drop(POINT_SIZE)
}

/** Whether p is the affine point (x, y). */
export function equalsAffine(p: usize, x: usize, y: usize): bool {
  if (isInfinity(p)) return false
  const zz = take(POINT_SIZE)
  const t = zz + coordinate
  cSqr(zOf(p), zz)
  cMul(x, zz, t)
  cSub(t, p, t)
  let equal = cIsZero(t)
  if (equal) {
    cMul(zz, zOf(p), zz)
    cMul(y, zz, t)
    cSub(t, yOf(p), t)
    equal = cIsZero(t)
  }
  drop(POINT_SIZE)
  return equal
}
