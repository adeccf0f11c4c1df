import { FE_SIZE, feMul, feMulSubMul, feMulSubSqr, feSqr, feSqrSub } from './field'
import { feCopy, feIsZero, feNeg, feSetSmall, feSub, feThreeHalves } from './field-util'

// Points of y^2 = x^3 + 7 in Jacobian coordinates: (X / Z^2, Y / Z^3). All three are reduced field elements.

/** Jacobian point: X, Y, Z, then u32 1 when it is the point at infinity. */
export const POINT_Y: usize = FE_SIZE
export const POINT_Z: usize = 2 * FE_SIZE
export const POINT_INFINITY: usize = 3 * FE_SIZE
export const POINT_SIZE: usize = 128
/** Affine table entry: x, y, beta * x. The last is the x of lambda times the point, whose y is the same. */
export const AFFINE_BETA_X: usize = 2 * FE_SIZE
export const AFFINE_SIZE: usize = 3 * FE_SIZE
/** Bytes of scratch memory that the functions here need. */
export const POINT_SCRATCH: usize = 9 * FE_SIZE

const ZERO: usize = memory.data<u64>([0, 0, 0, 0, 0])

export function pointSetInfinity(p: usize): void {
  store<u32>(p, 1, POINT_INFINITY)
}

/** p = 2 p. No point has y = 0: the order of the group is odd. */
export function pointDouble(p: usize, scratch: usize): void {
  if (load<u32>(p, POINT_INFINITY) != 0) return
  const y = p + POINT_Y
  const s = scratch
  const l = scratch + FE_SIZE
  const t = scratch + 2 * FE_SIZE
  // Halved coordinates of the usual formula: Z3 = YZ, S = Y^2, L = 3/2 X^2, T = X S, X3 = L^2 - 2T, Y3 = L (T - X3) -
  // S^2.
  feMul(y, p + POINT_Z, p + POINT_Z)
  feSqr(y, s)
  feSqr(p, l)
  feThreeHalves(l, l)
  feMul(p, s, t)
  feSqrSub(l, ZERO, t, p)
  feSub(t, p, t)
  feMulSubSqr(l, t, s, y)
}

/** p = p + (x, y), or p - (x, y) when `negative`. */
export function pointAdd(p: usize, x: usize, y: usize, negative: bool, scratch: usize): void {
  if (load<u32>(p, POINT_INFINITY) != 0) {
    feCopy(x, p)
    if (negative) negateReduced(y, p + POINT_Y)
    else feCopy(y, p + POINT_Y)
    feSetSmall(1, p + POINT_Z)
    store<u32>(p, 0, POINT_INFINITY)
    return
  }
  addScaled(p, p + POINT_Z, x, y, negative, scratch)
}

/**
 * The same on a curve whose coordinates are scaled by z (x' = x z^2, y' = y z^3), for a point (x, y) that is not
 * scaled.
 */
export function pointAddUnscaled(p: usize, x: usize, y: usize, negative: bool, z: usize, scratch: usize): void {
  const w = scratch
  if (load<u32>(p, POINT_INFINITY) != 0) {
    feSqr(z, w)
    feMul(x, w, p)
    feMul(w, z, w)
    feMul(y, w, p + POINT_Y)
    if (negative) negateReduced(p + POINT_Y, p + POINT_Y)
    feSetSmall(1, p + POINT_Z)
    store<u32>(p, 0, POINT_INFINITY)
    return
  }
  feMul(p + POINT_Z, z, w)
  addScaled(p, w, x, y, negative, scratch)
}

const ONE: usize = memory.data<u64>([1, 0, 0, 0, 0])

/** The doubling formula wants Y reduced: out = -a * 1. */
function negateReduced(a: usize, out: usize): void {
  feNeg(a, out)
  feMul(out, ONE, out)
}

/**
 * Adds the affine point to p, which is not infinity; z is p's Z as seen by the affine point (may be the first of
 * scratch).
 */
function addScaled(p: usize, z: usize, x: usize, y: usize, negative: bool, scratch: usize): void {
  const py = p + POINT_Y
  const zz = scratch + FE_SIZE
  const h = scratch + 2 * FE_SIZE
  const i = scratch + 3 * FE_SIZE
  const t = scratch + 4 * FE_SIZE
  feSqr(z, zz)
  feMul(x, zz, h)
  feMul(zz, z, zz)
  if (negative) {
    feNeg(y, i)
    feMul(i, zz, i)
  } else feMul(y, zz, i)
  feSub(h, p, h)
  feSub(i, py, i)
  if (feIsZero(h, t)) {
    if (feIsZero(i, t)) pointDouble(p, scratch)
    else pointSetInfinity(p)
    return
  }
  lastH = h
  finishAdd(p, h, i, scratch + 4 * FE_SIZE)
}

/** Where the last addition left Z3 / Z1, for oddMultiples. */
let lastH: usize = 0

/** H = U2 - U1, I = S2 - S1: X3 = I^2 - H^3 - 2 X1 H^2, Y3 = I (X1 H^2 - X3) - Y1 H^3, Z3 = Z1 H. */
function finishAdd(p: usize, h: usize, i: usize, scratch: usize): void {
  const hh = scratch
  const hhh = scratch + FE_SIZE
  const t = scratch + 2 * FE_SIZE
  feMul(p + POINT_Z, h, p + POINT_Z)
  feSqr(h, hh)
  feMul(hh, h, hhh)
  feMul(p, hh, t)
  feSqrSub(i, hhh, t, p)
  feSub(t, p, t)
  feMulSubMul(i, t, p + POINT_Y, hhh, p + POINT_Y)
}

/** Affine x, y from the Jacobian ones and 1/Z; out: x, y (two elements). */
export function pointToAffine(p: usize, zInverse: usize, out: usize, scratch: usize): void {
  feSqr(zInverse, scratch)
  feMul(p, scratch, out)
  feMul(scratch, zInverse, scratch)
  feMul(p + POINT_Y, scratch, out + FE_SIZE)
}

/** The odd multiples 1, 3, ... 15 of a point. */
export const MULTIPLES: usize = 8

/**
 * Table of the odd multiples of the affine point (x, y), affine on a curve scaled by `z` (written): no inversion is
 * needed. The chain runs on the curve scaled by the Z of D = 2P, on which D is affine; each entry is then brought to
 * the last one's Z with the ratios between neighbours.
 */
export function oddMultiples(x: usize, y: usize, beta: usize, table: usize, z: usize, scratch: usize): void {
  const d = scratch
  const a = scratch + POINT_SIZE
  const ratios = scratch + 2 * POINT_SIZE
  const w = ratios + MULTIPLES * FE_SIZE
  feCopy(x, d)
  feCopy(y, d + POINT_Y)
  feSetSmall(1, d + POINT_Z)
  store<u32>(d, 0, POINT_INFINITY)
  pointDouble(d, w)
  const dz = d + POINT_Z
  // P on the scaled curve.
  feSqr(dz, w)
  feMul(x, w, table)
  feMul(w, dz, w)
  feMul(y, w, table + FE_SIZE)
  feCopy(table, a)
  feCopy(table + FE_SIZE, a + POINT_Y)
  feSetSmall(1, a + POINT_Z)
  store<u32>(a, 0, POINT_INFINITY)
  for (let i: usize = 1; i < MULTIPLES; i++) {
    // Never exceptional: the order of P is a large prime, so 2P is not (2i - 1)P for such small i.
    pointAdd(a, d, d + POINT_Y, false, w)
    feCopy(lastH, ratios + i * FE_SIZE)
    feCopy(a, table + i * AFFINE_SIZE)
    feCopy(a + POINT_Y, table + i * AFFINE_SIZE + FE_SIZE)
  }
  feMul(a + POINT_Z, dz, z)
  const zs = w + FE_SIZE
  feCopy(ratios + (MULTIPLES - 1) * FE_SIZE, zs)
  for (let i: usize = MULTIPLES - 1; i > 0; ) {
    i--
    const entry = table + i * AFFINE_SIZE
    feSqr(zs, w)
    feMul(entry, w, entry)
    feMul(w, zs, w)
    feMul(entry + FE_SIZE, w, entry + FE_SIZE)
    if (i > 0) feMul(zs, ratios + i * FE_SIZE, zs)
  }
  for (let i: usize = 0; i < MULTIPLES; i++) {
    const entry = table + i * AFFINE_SIZE
    feMul(entry, beta, entry + AFFINE_BETA_X)
  }
}
