import { ONE } from './constants'
import {
  cAdd,
  cCopy,
  cInvert,
  cIsZero,
  cMul,
  cNeg,
  coordinate,
  cSettle,
  cSqr,
  twisted,
} from './coordinates'
import { feEquals, feIsOdd, feIsZero, feMul, feSqr } from './element'
import { FE_SIZE } from './field'
import { fp2Conjugate, fp2Mul, fp2Norm, FP2_SIZE } from './fp2'
import { psi, timesX } from './group'
import {
  CURVE_1,
  ROOT_1,
  X_DENOMINATOR_1,
  X_NUMERATOR_1,
  Y_DENOMINATOR_1,
  Y_NUMERATOR_1,
} from './isogeny1'
import {
  CURVE_2,
  ROOT_2,
  X_DENOMINATOR_2,
  X_NUMERATOR_2,
  Y_DENOMINATOR_2,
  Y_NUMERATOR_2,
} from './isogeny2'
import { isInfinity, pointAdd, pointDouble, POINT_SIZE, setInfinity, toAffine, yOf, zOf } from './points'
import { feRootPower, fp2RootFrom } from './sqrt'
import { drop, take } from '../mem/stack'

// BLS12_MAP_FP_TO_G1 and BLS12_MAP_FP2_TO_G2 (EIP-2537): the simplified map of Shallue, van de Woestijne and Ulas
// onto a curve y^2 = x^3 + A x + B, an isogeny to the curve of the group, and its cofactor cleared (RFC 9380,
// sections 6.6.3 and 7).

/** out = the affine point of the group that u is mapped to; false when that is the point at infinity. */
export function mapToGroup(u: usize, out: usize): bool {
  const p = take(POINT_SIZE)
  simplifiedMap(u, p)
  isogeny(p)
  if (twisted()) clearCofactor2(p)
  else clearCofactor1(p)
  const finite = !isInfinity(p)
  if (finite) toAffine(p, out)
  drop(POINT_SIZE)
  return finite
}

/** p = the affine point of the first curve. */
function simplifiedMap(u: usize, p: usize): void {
  const t = take(2 * POINT_SIZE)
  const s = t + coordinate
  const g = s + coordinate
  const x = p
  const y = yOf(p)
  const a = twisted() ? CURVE_2 : CURVE_1
  const b = a + coordinate
  const z = b + coordinate
  // t = Z u^2, s = t^2 + t: x = -B / A (1 + 1 / s), or B / (Z A) when s is zero.
  cSqr(u, t)
  cMul(z, t, t)
  cSqr(t, s)
  cAdd(s, t, s)
  if (cIsZero(s)) cCopy(z + 2 * coordinate, x)
  else {
    cInvert(s, x)
    cAdd(x, ONE, x)
    cMul(x, z + coordinate, x)
  }
  cSqr(x, g)
  cAdd(g, a, g)
  cMul(g, x, g)
  cAdd(g, b, g)
  cSettle(g, g)
  // The other x is t x, whose right side is t^3 g: a root of that is t u times one of Z g.
  const square = twisted() ? root2(g, z, y) : root1(g, y)
  if (!square) {
    cMul(x, t, x)
    cMul(y, t, y)
    cMul(y, u, y)
  }
  if (isNegative(u) != isNegative(y)) cNeg(y, y)
  drop(2 * POINT_SIZE)
}

/** sgn0. */
function isNegative(a: usize): bool {
  return feIsOdd(twisted() && feIsZero(a) ? a + FE_SIZE : a)
}

/** out = a root of g, or one of Z g and false. */
function root1(g: usize, out: usize): bool {
  const square = take(FE_SIZE)
  feRootPower(g, out)
  feMul(out, g, out)
  feSqr(out, square)
  const found = feEquals(square, g)
  if (!found) feMul(out, ROOT_1, out)
  drop(FE_SIZE)
  return found
}

function root2(g: usize, z: usize, out: usize): bool {
  const norm = take(3 * FE_SIZE + FP2_SIZE)
  const root = norm + FE_SIZE
  const square = norm + 2 * FE_SIZE
  const zg = norm + 3 * FE_SIZE
  fp2Norm(g, norm)
  feRootPower(norm, root)
  feMul(root, norm, root)
  feSqr(root, square)
  const found = feEquals(square, norm)
  if (found) fp2RootFrom(g, root, out)
  else {
    feMul(root, ROOT_2, root)
    fp2Mul(z, g, zg)
    fp2RootFrom(zg, root, out)
  }
  drop(3 * FE_SIZE + FP2_SIZE)
  return found
}

/** out = the polynomial with `count` coefficients, and a leading 1 when `monic`, at x. `out` is not x. */
function polynomial(table: usize, count: usize, monic: bool, x: usize, out: usize): void {
  let at = table + count * coordinate
  if (monic) cCopy(ONE, out)
  else {
    at -= coordinate
    cCopy(at, out)
  }
  while (at > table) {
    at -= coordinate
    cMul(out, x, out)
    cAdd(out, at, out)
  }
}

/** The affine point p of the first curve to one of the group's curve, Jacobian. */
function isogeny(p: usize): void {
  const xn = take(2 * POINT_SIZE)
  const xd = xn + coordinate
  const yn = xd + coordinate
  const yd = yn + coordinate
  if (twisted()) {
    polynomial(X_NUMERATOR_2, 4, false, p, xn)
    polynomial(X_DENOMINATOR_2, 2, true, p, xd)
    polynomial(Y_NUMERATOR_2, 4, false, p, yn)
    polynomial(Y_DENOMINATOR_2, 3, true, p, yd)
  } else {
    polynomial(X_NUMERATOR_1, 12, false, p, xn)
    polynomial(X_DENOMINATOR_1, 10, true, p, xd)
    polynomial(Y_NUMERATOR_1, 16, false, p, yn)
    polynomial(Y_DENOMINATOR_1, 15, true, p, yd)
  }
  // Z = xd yd, X = xn xd yd^2, Y = y yn xd^3 yd^2.
  const z = zOf(p)
  const y = yOf(p)
  cMul(xd, yd, z)
  cMul(y, yn, y)
  cMul(z, yd, yd)
  cMul(xn, yd, p)
  cMul(y, yd, y)
  cSqr(xd, xd)
  cMul(y, xd, y)
  if (cIsZero(z)) setInfinity(p)
  drop(2 * POINT_SIZE)
}

/** p = (X + 1) p. */
function clearCofactor1(p: usize): void {
  const multiple = take(POINT_SIZE)
  timesX(p, multiple)
  pointAdd(p, multiple, false)
  drop(POINT_SIZE)
}

/**
 * p = (x^2 - x - 1) p + (x - 1) psi(p) + psi^2(2 p), x = -X (Budroni, Pintore, "Efficient hash maps to G2 on BLS
 * curves", 2017): X (X p - psi(p)) + X p - psi(p) - p + psi^2(2 p).
 */
function clearCofactor2(p: usize): void {
  const multiple = take(2 * POINT_SIZE)
  const image = multiple + POINT_SIZE
  timesX(p, multiple)
  psiOf(p, image)
  pointAdd(multiple, image, true)
  timesX(multiple, image)
  pointAdd(multiple, image, false)
  pointAdd(multiple, p, true)
  pointDouble(p)
  psiOf(p, image)
  psiOf(image, p)
  pointAdd(p, multiple, false)
  drop(2 * POINT_SIZE)
}

/** psi of a Jacobian point of G2's curve. */
function psiOf(p: usize, out: usize): void {
  psi(p, out)
  fp2Conjugate(zOf(p), zOf(out))
}
