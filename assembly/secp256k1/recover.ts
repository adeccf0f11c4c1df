import {
  SIGNATURE_ID,
  SIGNATURE_R,
  SIGNATURE_S,
  SIGNATURE_SIZE,
  SIGNER_ADDRESS,
  SIGNER_SIZE,
} from '../abi/signature'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { CONTROL_CRYPTO } from '../mem/layout'
import { u256Add, u256Lt, u256ToBytes } from '../u256/index'
import { recoverInLanes } from './batch'
import { BETA, N, P_MINUS_N } from './constants'
import { FE_SIZE, feMul, feSqr } from './field'
import { feAdd, feFromWord, feIsZero, feNeg, feNormalize, feSetSmall, feSqrt, feSub, feToWord } from './field-util'
import { feInverse, GENERATOR_WIDTH, generatorTable } from './generator'
import {
  AFFINE_BETA_X,
  AFFINE_SIZE,
  MULTIPLES,
  oddMultiples,
  POINT_INFINITY,
  POINT_SIZE,
  POINT_Z,
  pointAdd,
  pointAddUnscaled,
  pointDouble,
  pointSetInfinity,
  pointToAffine,
} from './point'
import { scalarInverse, scalarMul, scalarNegate, scalarSplit, scalarWnaf, WNAF_SIZE } from './scalar'
import { readScalars, SIG_R, SIG_S, SIG_SCALARS, SIG_Z, threadChunk, writeAddress } from './signature'

// Public key recovery (SEC 1, section 4.1.6) as Ethereum defines it (Yellow Paper, appendix F): r and s in [1, n - 1],
// x = r + n * (id >> 1) < p, R = the point with this x whose y has the parity id & 1, Q = (s R - z G) / r, not
// infinity. High s is accepted: that it is low is a rule for transactions, not for signatures.
//
// Variable time throughout, by intent: every input is public. Never use this with a secret.

/** Window width of R's digits: 8 odd multiples. */
const R_WIDTH: u32 = 5

// A signature at work. The batch keeps one of these each, so that the two inversions are shared.
const SIG_PREFIX: usize = SIG_SCALARS // word: product of the r before this one; then 1/r
const SIG_X: usize = 128 // element: x of R
const SIG_Q: usize = 168 // Jacobian point, first R's y in its place
const SIG_ZPREFIX: usize = 296 // element: product of the Z before this one
const SIG_VALID: usize = 336 // u32
const SIG_SIZE: usize = 344

/** Signatures that share their inversions. */
const GROUP: u32 = 256

/** u32 per thread: its working chunk, see work.ts. */
const WORKS: usize = CONTROL_CRYPTO + 64

// The thread's working memory: one chunk, taken at first use and kept.
let work: usize = 0
let sigs: usize = 0
const TABLE: usize = 0
const DIGITS: usize = TABLE + MULTIPLES * AFFINE_SIZE
const WORDS: usize = DIGITS + 4 * WNAF_SIZE // 4 words, and 128 bytes for scalarSplit
const ELEMENTS: usize = WORDS + 256 // 4 elements
const ACC: usize = ELEMENTS + 4 * FE_SIZE
const BETA_FE: usize = ACC + POINT_SIZE
const SCRATCH: usize = BETA_FE + FE_SIZE
const SIGS: usize = 8192 // SCRATCH has about 5 KB

function begin(): bool {
  if (generatorTable() == 0) return false
  if (work == 0) {
    work = threadChunk(WORKS)
    if (work == 0) return false
    sigs = work + SIGS
    feFromWord(BETA, work + BETA_FE)
  }
  return true
}

/** Checks the numbers and finds R: fills R, S, Z, X and Q's first two elements (R). */
function lift(sig: usize, hash: usize, r: usize, s: usize, recoveryId: u32): bool {
  if (recoveryId > 3 || !readScalars(hash, r, s, sig)) return false
  const x = sig + SIG_X
  const y = sig + SIG_Q
  if (recoveryId > 1) {
    if (!u256Lt(sig + SIG_R, P_MINUS_N)) return false
    const word = work + WORDS
    u256Add(sig + SIG_R, N, word)
    feFromWord(word, x)
  } else feFromWord(sig + SIG_R, x)
  const square = work + ELEMENTS
  const check = square + FE_SIZE
  const seven = check + FE_SIZE
  feSqr(x, square)
  feMul(square, x, square)
  feSetSmall(7, seven)
  feAdd(square, seven, square)
  feSqrt(square, y, work + SCRATCH)
  feSqr(y, check)
  feSub(check, square, check)
  if (!feIsZero(check, seven)) return false
  feNormalize(y, y)
  if ((load<u32>(y) & 1) != (recoveryId & 1)) {
    feNeg(y, y)
    feNormalize(y, y)
  }
  return true
}

/** Q = u1 G + u2 R in Jacobian coordinates, u1 = -z/r, u2 = s/r; 1/r is in PREFIX. False for the point at infinity. */
function combine(sig: usize): bool {
  const u = work + WORDS
  const k1 = u + 32
  const k2 = u + 64
  const splitScratch = u + 96
  const digits = work + DIGITS
  const scratch = work + SCRATCH
  scalarMul(sig + SIG_Z, sig + SIG_PREFIX, u)
  scalarNegate(u, u)
  scalarSplit(u, k1, k2, splitScratch)
  let length = scalarWnaf(k1, GENERATOR_WIDTH, digits)
  length = max(length, scalarWnaf(k2, GENERATOR_WIDTH, digits + WNAF_SIZE))
  scalarMul(sig + SIG_S, sig + SIG_PREFIX, u)
  scalarSplit(u, k1, k2, splitScratch)
  length = max(length, scalarWnaf(k1, R_WIDTH, digits + 2 * WNAF_SIZE))
  length = max(length, scalarWnaf(k2, R_WIDTH, digits + 3 * WNAF_SIZE))

  const table = work + TABLE
  const z = work + ELEMENTS
  oddMultiples(sig + SIG_X, sig + SIG_Q, work + BETA_FE, table, z, scratch)
  const g = generatorTable()
  const acc = work + ACC
  pointSetInfinity(acc)
  for (let i = <usize>length; i > 0; ) {
    i--
    pointDouble(acc, scratch)
    const at = digits + (i << 1)
    addMultiple(acc, table, load<i16>(at + 2 * WNAF_SIZE), 0, scratch)
    addMultiple(acc, table, load<i16>(at + 3 * WNAF_SIZE), AFFINE_BETA_X, scratch)
    addGenerator(acc, g, load<i16>(at), 0, z, scratch)
    addGenerator(acc, g, load<i16>(at + WNAF_SIZE), AFFINE_BETA_X, z, scratch)
  }
  if (load<u32>(acc, POINT_INFINITY) != 0) return false
  feMul(acc + POINT_Z, z, acc + POINT_Z)
  copyBytes(sig + SIG_Q, acc, POINT_SIZE)
  return true
}

/** acc += digit * R (or digit * lambda * R, taking the entry's x at `xOffset`). */
// @ts-ignore: decorator
@inline
function addMultiple(acc: usize, table: usize, digit: i32, xOffset: usize, scratch: usize): void {
  if (digit == 0) return
  const entry = table + <usize>(abs(digit) >> 1) * AFFINE_SIZE
  pointAdd(acc, entry + xOffset, entry + FE_SIZE, digit < 0, scratch)
}

// @ts-ignore: decorator
@inline
function addGenerator(acc: usize, table: usize, digit: i32, xOffset: usize, z: usize, scratch: usize): void {
  if (digit == 0) return
  const entry = table + <usize>(abs(digit) >> 1) * AFFINE_SIZE
  pointAddUnscaled(acc, entry + xOffset, entry + FE_SIZE, digit < 0, z, scratch)
}

/** Turns the products before each valid signature's r into 1/r, with one inversion (Montgomery's trick). */
function invertR(count: u32, product: usize): void {
  const inverted = work + WORDS
  scalarInverse(product, inverted, work + SCRATCH)
  for (let i = count; i > 0; ) {
    i--
    const sig = sigs + <usize>i * SIG_SIZE
    if (load<u32>(sig, SIG_VALID) == 0) continue
    scalarMul(sig + SIG_PREFIX, inverted, sig + SIG_PREFIX)
    scalarMul(inverted, sig + SIG_R, inverted)
  }
}

/** Writes the affine coordinates of each valid Q, 64 big-endian bytes in place of R and S, with one inversion. */
function toAffine(count: u32, product: usize): void {
  const inverted = work + ELEMENTS
  const zi = inverted + FE_SIZE
  const affine = zi + FE_SIZE
  feInverse(product, inverted, work + SCRATCH)
  for (let i = count; i > 0; ) {
    i--
    const sig = sigs + <usize>i * SIG_SIZE
    if (load<u32>(sig, SIG_VALID) == 0) continue
    feMul(inverted, sig + SIG_ZPREFIX, zi)
    feMul(inverted, sig + SIG_Q + POINT_Z, inverted)
    pointToAffine(sig + SIG_Q, zi, affine, work + SCRATCH)
    for (let j: usize = 0; j < 2; j++) {
      const element = affine + j * FE_SIZE
      feNormalize(element, element)
      feToWord(element, sig + SIG_R + (j << 5))
      u256ToBytes(sig + SIG_R + (j << 5), sig + SIG_R + (j << 5))
    }
  }
}

/** Recovers the first `count` <= GROUP lifted signatures; the public keys come to lie at SIG_R. */
function recoverGroup(count: u32): void {
  const product = work + WORDS + 32
  fillBytes(product, 0, 32)
  store<u64>(product, 1)
  for (let i: u32 = 0; i < count; i++) {
    const sig = sigs + <usize>i * SIG_SIZE
    if (load<u32>(sig, SIG_VALID) == 0) continue
    copyBytes(sig + SIG_PREFIX, product, 32)
    scalarMul(product, sig + SIG_R, product)
  }
  invertR(count, product)
  // The product of the Zs waits in its own place: `combine` uses the elements above.
  const zProduct = sigs + <usize>GROUP * SIG_SIZE
  feSetSmall(1, zProduct)
  for (let i: u32 = 0; i < count; i++) {
    const sig = sigs + <usize>i * SIG_SIZE
    if (load<u32>(sig, SIG_VALID) == 0) continue
    if (!combine(sig)) {
      store<u32>(sig, 0, SIG_VALID)
      continue
    }
    copyBytes(sig + SIG_ZPREFIX, zProduct, FE_SIZE)
    feMul(zProduct, sig + SIG_Q + POINT_Z, zProduct)
  }
  toAffine(count, zProduct)
}

function recoverOne(hash: usize, r: usize, s: usize, recoveryId: u32): i32 {
  if (!begin()) return OUT_OF_SPACE
  if (!lift(sigs, hash, r, s, recoveryId)) return MALFORMED
  store<u32>(sigs, 1, SIG_VALID)
  recoverGroup(1)
  return load<u32>(sigs, SIG_VALID) != 0 ? OK : MALFORMED
}

/**
 * The public key (64 bytes, x and y) that made the signature (r, s: 32 big-endian bytes; recoveryId 0 to 3) of the
 * 32-byte hash. OK, MALFORMED when there is none, or OUT_OF_SPACE; `out` is written only on OK.
 */
export function recoverPublicKey(hash: usize, r: usize, s: usize, recoveryId: u32, out: usize): i32 {
  const status = recoverOne(hash, r, s, recoveryId)
  if (status == OK) copyBytes(out, sigs + SIG_R, 64)
  return status
}

/** The same, but the 20-byte address of the signer. */
export function ecrecover(hash: usize, r: usize, s: usize, recoveryId: u32, out: usize): i32 {
  const status = recoverOne(hash, r, s, recoveryId)
  if (status == OK) writeAddress(sigs + SIG_R, out, work + WORDS)
  return status
}

/**
 * From signature records to signer records (abi/signature.ts). Four at once where that can be (batch.ts), the rest with
 * shared inversions. OK or OUT_OF_SPACE.
 */
export function ecrecoverBatch(inputs: usize, count: u32, out: usize): i32 {
  recoverInLanes(inputs, count, out)
  for (let first: u32 = 0; first < count; first += GROUP) {
    const size = min(GROUP, count - first)
    const status = recoverRest(inputs + <usize>first * SIGNATURE_SIZE, size, out + <usize>first * SIGNER_SIZE)
    if (status != OK) return status
  }
  return OK
}

/** Those of at most GROUP records that have no signer yet. */
function recoverRest(inputs: usize, count: u32, out: usize): i32 {
  let left: u32 = 0
  for (let i: u32 = 0; i < count; i++) left += <u32>(load<u8>(out + <usize>i * SIGNER_SIZE) == 0)
  if (left == 0) return OK
  if (!begin()) return OUT_OF_SPACE
  for (let i: u32 = 0; i < count; i++) {
    const input = inputs + <usize>i * SIGNATURE_SIZE
    const sig = sigs + <usize>i * SIG_SIZE
    const todo = load<u8>(out + <usize>i * SIGNER_SIZE) == 0
    const valid = todo && lift(sig, input, input + SIGNATURE_R, input + SIGNATURE_S, load<u8>(input, SIGNATURE_ID))
    store<u32>(sig, <u32>valid, SIG_VALID)
  }
  recoverGroup(count)
  for (let i: u32 = 0; i < count; i++) {
    const sig = sigs + <usize>i * SIG_SIZE
    const at = out + <usize>i * SIGNER_SIZE
    if (load<u32>(sig, SIG_VALID) == 0) continue
    store<u8>(at, 1)
    writeAddress(sig + SIG_R, at + SIGNER_ADDRESS, work + WORDS)
  }
  return OK
}
