import { BETA, ONE, THREE } from './constants'
import { feMul, feMulSubMul, feMulSubSqr8, feSqr, feSqrSub } from './field'
import { feAdd, feCopy, feIsZero, feNeg, feSettle, feShift, feSub } from './field-util'
import { FE_SIZE } from './limbs'

// Points of G1, y^2 = x^3 + 3, in Jacobian coordinates: (X / Z^2, Y / Z^3). The curve has prime order n. What is said
// of sizes below is in units of p; products of small weight are below 1.4.

/** Jacobian point: X, Y, Z, then u32 1 when it is the point at infinity. */
export const G1_Y: usize = FE_SIZE
export const G1_Z: usize = 2 * FE_SIZE
const G1_INFINITY: usize = 3 * FE_SIZE
export const G1_SIZE: usize = 128
/** Bytes of scratch memory that the functions here need, oddMultiples aside. */
export const G1_SCRATCH: usize = 8 * FE_SIZE

export const ZERO: usize = memory.data<u64>([0, 0, 0, 0, 0])

export function g1SetInfinity(p: usize): void {
  store<u32>(p, 1, G1_INFINITY)
}

export function g1IsInfinity(p: usize): bool {
  return load<u32>(p, G1_INFINITY) != 0
}

/** p = (x, y), or (x, -y) when `negative`. */
function setAffine(p: usize, x: usize, y: usize, negative: bool): void {
  feCopy(x, p)
  if (negative) feNeg(y, p + G1_Y)
  else feCopy(y, p + G1_Y)
  feCopy(ONE, p + G1_Z)
  store<u32>(p, 0, G1_INFINITY)
}

/** Whether y^2 = x^3 + 3. */
export function g1OnCurve(x: usize, y: usize, scratch: usize): bool {
  feSqr(x, scratch)
  feMulSubMul(y, y, x, scratch, scratch)
  feSub(scratch, THREE, scratch)
  return feIsZero(scratch, scratch + FE_SIZE)
}

/** p = 2 p. No point has y = 0, for the order of the group is odd. */
export function g1Double(p: usize, scratch: usize): void {
  if (g1IsInfinity(p)) return
  const y = p + G1_Y
  const s = scratch
  const l = scratch + FE_SIZE
  const t = scratch + 2 * FE_SIZE
  // S = Y^2, L = 3 X^2, T = 4 X S: X3 = L^2 - 2 T, Y3 = L (T - X3) - 8 S^2, Z3 = 2 Y Z.
  feSqr(y, s)
  feShift(y, 1, t)
  feMul(t, p + G1_Z, p + G1_Z)
  feSqr(p, l)
  feShift(l, 1, t)
  feAdd(l, t, l)
  feShift(s, 2, t)
  feMul(p, t, t)
  // Between -2.6 and 1.3.
  feSqrSub(l, ZERO, t, p)
  feSub(t, p, t)
  // Of weight 3 * 2 + 8.
  feMulSubSqr8(l, t, s, y)
}

/** p = p + (x, y), or p - (x, y) when `negative`. */
export function g1Add(p: usize, x: usize, y: usize, negative: bool, scratch: usize): void {
  if (g1IsInfinity(p)) {
    setAffine(p, x, y, negative)
    return
  }
  const py = p + G1_Y
  const zz = scratch
  const h = scratch + FE_SIZE
  const i = scratch + 2 * FE_SIZE
  const t = scratch + 3 * FE_SIZE
  // H = x Z^2 - X and I = y Z^3 - Y.
  feSqr(p + G1_Z, zz)
  feMul(x, zz, h)
  feMul(zz, p + G1_Z, zz)
  feMul(y, zz, i)
  if (negative) feNeg(i, i)
  feSub(h, p, h)
  feSub(i, py, i)
  if (feIsZero(h, t)) {
    if (feIsZero(i, t)) g1Double(p, scratch)
    else g1SetInfinity(p)
    return
  }
  lastH = h
  const hhh = scratch + 4 * FE_SIZE
  // X3 = I^2 - H^3 - 2 X H^2, Y3 = I (X H^2 - X3) - Y H^3, Z3 = Z H. H is below 5.4, so X3 is between -3.6 and 1.3.
  feMul(p + G1_Z, h, p + G1_Z)
  feSqr(h, zz)
  feMul(zz, h, hhh)
  feMul(p, zz, t)
  feSqrSub(i, hhh, t, p)
  feSub(t, p, t)
  feMulSubMul(i, t, py, hhh, py)
}

/** Where the last addition left Z3 / Z1, of weight 2, for oddMultiples. */
let lastH: usize = 0

/** x, y from the Jacobian ones and 1 / Z. */
export function g1ToAffine(p: usize, zInverse: usize, out: usize, scratch: usize): void {
  g1Scale(p, p + G1_Y, zInverse, out, scratch)
}

/** The odd multiples 1, 3, ... 15 of a point. */
export const MULTIPLES: usize = 8
/** Affine table entry: x, y, beta x. The last is the x of lambda times the point, whose y is the same. */
export const ENTRY_BETA_X: usize = 2 * FE_SIZE
export const ENTRY_SIZE: usize = 3 * FE_SIZE
export const TABLE_SIZE: usize = MULTIPLES * ENTRY_SIZE
/** Bytes of scratch memory that oddMultiples needs. */
export const MULTIPLES_SCRATCH: usize = 2 * G1_SIZE + MULTIPLES * FE_SIZE + G1_SCRATCH

/**
 * Table of the odd multiples of the affine point (x, y), affine on a curve scaled by `z` (written), so that there is no
 * inversion; as in secp256k1/point.ts. The chain runs on the curve scaled by the Z of D = 2P, on which D is affine;
 * each entry is then brought to the last one's Z with the ratios between neighbours.
 */
export function oddMultiples(x: usize, y: usize, table: usize, z: usize, scratch: usize): void {
  const d = scratch
  const a = scratch + G1_SIZE
  const ratios = scratch + 2 * G1_SIZE
  const w = ratios + MULTIPLES * FE_SIZE
  setAffine(d, x, y, false)
  g1Double(d, w)
  // P on the scaled curve.
  g1Scale(x, y, d + G1_Z, table, w)
  setAffine(a, table, table + FE_SIZE, false)
  for (let i: usize = 1; i < MULTIPLES; i++) {
    // Never exceptional: the order of P is a large prime, so 2P is not (2i - 1)P for such small i.
    g1Add(a, d, d + G1_Y, false, w)
    feSettle(lastH, ratios + i * FE_SIZE)
    feCopy(a, table + i * ENTRY_SIZE)
    feCopy(a + G1_Y, table + i * ENTRY_SIZE + FE_SIZE)
  }
  feMul(a + G1_Z, d + G1_Z, z)
  const zs = w + FE_SIZE
  feCopy(ratios + (MULTIPLES - 1) * FE_SIZE, zs)
  for (let i: usize = MULTIPLES - 1; i > 0; ) {
    i--
    const entry = table + i * ENTRY_SIZE
    g1Scale(entry, entry + FE_SIZE, zs, entry, w)
    if (i > 0) feMul(zs, ratios + i * FE_SIZE, zs)
  }
  for (let i: usize = 0; i < MULTIPLES; i++) {
    const entry = table + i * ENTRY_SIZE
    feMul(entry, BETA, entry + ENTRY_BETA_X)
  }
}

/** out = (x z^2, y z^3). */
export function g1Scale(x: usize, y: usize, z: usize, out: usize, scratch: usize): void {
  feSqr(z, scratch)
  feMul(x, scratch, out)
  feMul(scratch, z, scratch)
  feMul(y, scratch, out + FE_SIZE)
}
