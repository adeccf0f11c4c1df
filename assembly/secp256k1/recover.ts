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
import { keccak256 } from '../hash/keccak'
import { takeChunks } from '../mem/chunks'
import { CONTROL_CRYPTO } from '../mem/layout'
import { context } from '../mem/thread'
import { u256Add, u256FromBytes, u256IsZero, u256Lt, u256ToBytes } from '../u256/index'
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
import { scalarInverse, scalarMul, scalarNegate, scalarReduce, scalarSplit, scalarWnaf, WNAF_SIZE } from './scalar'

// Public key recovery (SEC 1, section 4.1.6) as Ethereum defines it (Yellow Paper, appendix F): r and s in [1, n - 1],
// x = r + n * (id >> 1) < p, R = the point with this x whose y has the parity id & 1, Q = (s R - z G) / r, not
// infinity. High s is accepted: that it is low is a rule for transactions, not for signatures.
//
// Variable time throughout, by intent: every input is public. Never use this with a secret.

/** Window width of R's digits: 8 odd multiples. */
const R_WIDTH: u32 = 5

// A signature at work. The batch keeps one of these each, so that the two inversions are shared.
const SIG_R: usize = 0 // word
const SIG_S: usize = 32 // word
const SIG_Z: usize = 64 // word: the message hash modulo n
const SIG_PREFIX: usize = 96 // word: product of the r before this one; then 1/r
const SIG_X: usize = 128 // element: x of R
const SIG_Q: usize = 168 // Jacobian point, first R's y in its place
const SIG_ZPREFIX: usize = 296 // element: product of the Z before this one
const SIG_VALID: usize = 336 // u32
const SIG_SIZE: usize = 344

/** Signatures that share their inversions. */
const GROUP: u32 = 256

/** u32 per thread: its working chunk, for a replacement of the thread to take over. Written by the thread only. */
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
    // An instance without a thread context has a chunk of its own.
    const word: usize = context != 0 ? WORKS + (<usize>load<u32>(context) << 2) : 0
    if (word != 0) work = load<u32>(word)
    if (work == 0) work = takeChunks(1)
    if (work == 0) return false
    if (word != 0) store<u32>(word, <u32>work)
    sigs = work + SIGS
    feFromWord(BETA, work + BETA_FE)
  }
  return true
}

/** Checks the numbers and finds R: fills R, S, Z, X and Q's first two elements (R). */
function lift(sig: usize, hash: usize, r: usize, s: usize, recoveryId: u32): bool {
  u256FromBytes(r, sig + SIG_R)
  u256FromBytes(s, sig + SIG_S)
  if (u256IsZero(sig + SIG_R) || u256IsZero(sig + SIG_S)) return false
  if (!u256Lt(sig + SIG_R, N) || !u256Lt(sig + SIG_S, N) || recoveryId > 3) return false
  u256FromBytes(hash, sig + SIG_Z)
  scalarReduce(sig + SIG_Z, sig + SIG_Z)
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
  if (status == OK) writeAddress(sigs, out)
  return status
}

function writeAddress(sig: usize, out: usize): void {
  const digest = work + WORDS
  keccak256(sig + SIG_R, 64, digest)
  copyBytes(out, digest + 12, 20)
}

/**
 * From signature records to signer records (abi/signature.ts); cheaper than one by one, as inversions are shared. OK or
 * OUT_OF_SPACE.
 */
export function ecrecoverBatch(inputs: usize, count: u32, out: usize): i32 {
  if (!begin()) return OUT_OF_SPACE
  for (let first: u32 = 0; first < count; first += GROUP) {
    const size = min(GROUP, count - first)
    for (let i: u32 = 0; i < size; i++) {
      const input = inputs + <usize>(first + i) * SIGNATURE_SIZE
      const sig = sigs + <usize>i * SIG_SIZE
      const id = load<u8>(input, SIGNATURE_ID)
      store<u32>(sig, <u32>lift(sig, input, input + SIGNATURE_R, input + SIGNATURE_S, id), SIG_VALID)
    }
    recoverGroup(size)
    for (let i: u32 = 0; i < size; i++) {
      const sig = sigs + <usize>i * SIG_SIZE
      const at = out + <usize>(first + i) * SIGNER_SIZE
      const valid = load<u32>(sig, SIG_VALID)
      store<u8>(at, valid)
      if (valid != 0) writeAddress(sig, at + SIGNER_ADDRESS)
      else fillBytes(at + SIGNER_ADDRESS, 0, 20)
    }
  }
  return OK
}
