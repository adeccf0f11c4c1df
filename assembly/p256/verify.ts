import { drop, setStack, take } from '../mem/stack'
import { inverse, INVERSE_SCRATCH } from '../secp256k1/inverse'
import { scalarWnaf, WNAF_SIZE } from '../secp256k1/scalar'
import {
  u256AddCarry,
  u256Copy,
  u256FromBytes,
  u256IsZero,
  u256Lt,
  u256Mod,
  u256MulMod,
  u256SetZero,
} from '../u256/index'
import { N, N30, N30_INVERSE, P } from './constants'
import { feCopy, feFromWord, feInvert, feSub } from './element'
import { feIsZero, feMul, FE_SIZE, feSettle, feSqr } from './field'
import { GENERATOR } from './generator'
import {
  isInfinity,
  lastH,
  onCurve,
  P_Y,
  P_Z,
  pointAdd,
  pointDouble,
  POINT_SIZE,
  setAffine,
  setInfinity,
} from './points'

// P256VERIFY (EIP-7951): hash h, r, s, and the key's x and y, 32 bytes each. The signature holds if the x of h / s G
// + r / s Q is r modulo n.

export const P256_INPUT: usize = 160

/** Widths of the windows: tables have the odd multiples below 2^(w - 1). */
const WIDTH_G: u32 = 8
const WIDTH_Q: u32 = 5
const MULTIPLES: usize = 8

// Working memory: words, the digits of both scalars (of each the lower half, then the upper), the table.
const H: usize = 0
const R: usize = 32
const S: usize = 64
const X: usize = 96
const Y: usize = 128
const DIGITS: usize = 160
const TABLE: usize = DIGITS + 4 * WNAF_SIZE
const ENTRY_SIZE: usize = 2 * FE_SIZE
const ACC: usize = TABLE + MULTIPLES * ENTRY_SIZE
const KEY: usize = ACC + POINT_SIZE
const SIZE: usize = KEY + ENTRY_SIZE

/** Whether the signature in the 160 bytes at `input` holds. `work` has P256_WORK bytes. */
export function p256Verify(input: usize, work: usize): bool {
  setStack(work)
  const words = take(SIZE)
  for (let i: usize = 0; i < P256_INPUT; i += 32) u256FromBytes(input + i, words + i)
  const key = words + KEY
  if (!inRange(words + R) || !inRange(words + S)) return false
  if (!u256Lt(words + X, P) || !u256Lt(words + Y, P)) return false
  // The point at infinity, as which (0, 0) is read, is none of the curve: b is not zero.
  feFromWord(words + X, key)
  feFromWord(words + Y, key + FE_SIZE)
  if (!onCurve(key, key + FE_SIZE)) return false
  scalars(words)
  sum(words)
  return !isInfinity(words + ACC) && hasX(words + ACC, words + R)
}

/** Whether 0 < k < n. */
function inRange(k: usize): bool {
  return !u256IsZero(k) && u256Lt(k, N)
}

/** The digits of h / s and r / s modulo n. */
function scalars(words: usize): void {
  const scratch = take(INVERSE_SCRATCH)
  const s = words + S
  const h = words + H
  inverse(s, N30, N30_INVERSE, s, scratch)
  u256Mod(h, N, h)
  u256MulMod(h, s, N, h)
  u256MulMod(words + R, s, N, s)
  for (let i: usize = 0; i < 4; i++) {
    // Half of a scalar; the digits of both halves overlap in one position.
    const half = scratch
    u256SetZero(half)
    memory.copy(half, (i < 2 ? h : s) + ((i & 1) << 4), 16)
    scalarWnaf(half, i < 2 ? WIDTH_G : WIDTH_Q, words + DIGITS + i * WNAF_SIZE)
  }
  drop(INVERSE_SCRATCH)
}

/** ACC = h / s G + r / s Q. */
function sum(words: usize): void {
  const acc = words + ACC
  const table = words + TABLE
  const digits = words + DIGITS
  oddMultiples(words + KEY, table)
  setInfinity(acc)
  for (let i: usize = 257; i > 0; ) {
    i--
    pointDouble(acc)
    if (i <= 128) {
      addMultiple(acc, GENERATOR, load<i16>(digits + (i << 1)))
      addMultiple(acc, table, load<i16>(digits + (i << 1), 2 * WNAF_SIZE))
    }
    if (i >= 128) {
      addMultiple(acc, GENERATOR, load<i16>(digits + ((i - 128) << 1), WNAF_SIZE))
      addMultiple(acc, table, load<i16>(digits + ((i - 128) << 1), 3 * WNAF_SIZE))
    }
  }
}

/** acc += digit times the point of an affine table. */
// @ts-ignore: decorator
@inline
function addMultiple(acc: usize, table: usize, digit: i32): void {
  if (digit == 0) return
  const entry = table + <usize>(abs(digit) >> 1) * ENTRY_SIZE
  pointAdd(acc, entry, entry + FE_SIZE, digit < 0)
}

/**
 * Affine table of the odd multiples of a point Q. The chain Q + 2Q + 2Q ... runs on the curve scaled by the Z of 2Q,
 * on which that is affine (additions do not use the curve's coefficients); one inversion serves all entries.
 */
function oddMultiples(key: usize, table: usize): void {
  const d = take(2 * POINT_SIZE)
  const a = d + POINT_SIZE
  const ratios = take(MULTIPLES * FE_SIZE + 2 * FE_SIZE)
  const z = ratios + MULTIPLES * FE_SIZE
  const inverted = z + FE_SIZE
  setAffine(d, key, key + FE_SIZE, false)
  pointDouble(d)
  // Settled, so that they are affine coordinates as those that points.ts counts with.
  feSettle(d, d)
  feSettle(d + P_Y, d + P_Y)
  scale(key, d + P_Z, a)
  feCopy(a, table)
  feCopy(a + P_Y, table + FE_SIZE)
  setAffine(a, table, table + FE_SIZE, false)
  for (let i: usize = 1; i < MULTIPLES; i++) {
    // Never exceptional: the order of Q is a large prime, so 2Q is not (2i - 1)Q for such small i.
    pointAdd(a, d, d + P_Y, false)
    feSettle(lastH, ratios + i * FE_SIZE)
    feCopy(a, table + i * ENTRY_SIZE)
    feCopy(a + P_Y, table + i * ENTRY_SIZE + FE_SIZE)
  }
  // From the last entry's Z down to the first's, which is that of 2Q.
  feMul(a + P_Z, d + P_Z, z)
  feInvert(z, inverted)
  for (let i: usize = MULTIPLES; i > 0; ) {
    i--
    const entry = table + i * ENTRY_SIZE
    scale(entry, inverted, entry)
    if (i > 0) feMul(inverted, ratios + i * FE_SIZE, inverted)
  }
  drop(MULTIPLES * FE_SIZE + 2 * FE_SIZE)
  drop(2 * POINT_SIZE)
}

/** out = (x z^2, y z^3). */
function scale(point: usize, z: usize, out: usize): void {
  const zz = take(FE_SIZE)
  feSqr(z, zz)
  feMul(point, zz, out)
  feMul(zz, z, zz)
  feMul(point + FE_SIZE, zz, out + FE_SIZE)
  drop(FE_SIZE)
}

/** Whether the affine x of a point is r modulo n: r, or r + n when that is below p. */
function hasX(p: usize, r: usize): bool {
  const x = take(4 * FE_SIZE)
  const zz = x + FE_SIZE
  const word = zz + FE_SIZE
  feSqr(p + P_Z, zz)
  u256Copy(r, word)
  let equal = false
  do {
    feFromWord(word, x)
    feMul(x, zz, x)
    feSub(x, p, x)
    equal = feIsZero(x)
  } while (!equal && !u256AddCarry(word, N, word) && u256Lt(word, P))
  drop(4 * FE_SIZE)
  return equal
}
