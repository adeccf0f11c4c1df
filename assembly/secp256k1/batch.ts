import { SIGNATURE_ID, SIGNATURE_R, SIGNATURE_S, SIGNATURE_SIZE, SIGNER_ADDRESS, SIGNER_SIZE } from '../abi/signature'
import { copyBytes, fillBytes } from '../mem/bulk'
import { CONTROL_CRYPTO } from '../mem/layout'
import { u256Eq, u256IsZero, u256ToBytes } from '../u256/index'
import { BETA, GX, GY, HX, HY } from './constants'
import {
  DIGITS_SIZE,
  ENTRY,
  ENTRY_BETA_X,
  HALF_DIGITS,
  MULTIPLES_R,
  nonzero,
  R_WINDOWS,
  recode,
  signs,
  WINDOW_DIGITS,
} from './digits'
import { copy13, double13, E, keep13, mul13, negate13, page, setPage, sqr13, sub13 } from './field13'
import { gather, laneFromWord, laneToWord, PACKED_POINT, unpackPoints } from './lanes'
import {
  add4,
  addAffine4,
  AFFINE13,
  double4,
  doubleAffine4,
  INVERT_SCRATCH,
  invertAll,
  JACOBIAN13,
  POINTS_FREE,
  sqrt4,
  toAffine4,
} from './points13'
import { scalarInverse, scalarMagnitude, scalarMul, scalarNegate, scalarSplit } from './scalar'
import { readScalars, SIG_R, SIG_S, SIG_SCALARS, SIG_Z, threadChunk, writeAddress } from './signature'
import { generatorWindows, WINDOW_SIZE, WINDOWS, windowsFor } from './windows'

// Public key recovery, four signatures at once in the lanes of SIMD registers; recover.ts has what is computed.
// Decision 16 (docs/adr/0016-signatures-four-at-once.md).
//
// Q = u1 G + u2 R with u2 = k1 + k2 lambda. The sum starts from H (constants.ts), so that it is never infinity; the sum
// of the generator's windows takes 2^125 H away again. All four lanes do the same whatever the digits: a zero digit is
// computed and not taken.
//
// Exceptional cases are not handled here but seen, and left to recover.ts, which decides: r or s out of range,
// recovery ids above 1, x on no point, and a sum in which two points had the same x, among them every key at infinity.
// The last is seen by Z = 0 at the end (points13.ts). Affine additions meet no such case: the order of R is prime and
// larger than any of the multiples, for i R = +-j lambda R would need i, j of 2^126; the generator's windows have their
// own reason. Should a product of denominators be zero nevertheless, the whole batch is left.

/** Signatures that share their inversions: as many as fit into a chunk. */
const BATCH: u32 = 32
/** Fewer are hardly faster here than one by one: the other lanes compute in vain. */
const FEWEST: u32 = 4

/** u32 per thread: its working chunk, see signature.ts. */
const WORKS: usize = CONTROL_CRYPTO + 320

let work: usize = 0

// Of a signature: its scalars, then a word: the product of the r before this one, then 1/r. u1 takes the place of Z.
const SIG_PREFIX: usize = SIG_SCALARS
const SIG_SIZE: usize = SIG_PREFIX + 32

// Of four signatures, a pack.
const PACK_TABLE: usize = 0 // multiples of R; at the end the Jacobian sum
const PACK_LEAVES: usize = PACK_TABLE + MULTIPLES_R * ENTRY // entries of the generator's windows; at last their sum
const PACK_SUMS: usize = PACK_LEAVES + AFFINE13 // in place of the other leaves: the digits' sum, for each window
const PACK_DIGITS: usize = PACK_LEAVES + WINDOWS * AFFINE13
const PACK_SIZE: usize = PACK_DIGITS + DIGITS_SIZE

// The working chunk. It begins with the page of field13.ts.
const SIGS: usize = 4096
const NUMBERS: usize = SIGS + <usize>BATCH * SIG_SIZE // u8 each: which record of the batch
const WORDS: usize = NUMBERS + <usize>BATCH // 4 words, and 128 bytes for scalarSplit
const SCRATCH: usize = WORDS + 256
const ELEMENTS: usize = SCRATCH + ((INVERT_SCRATCH + 15) & ~15) // 8 elements
const BETA4: usize = ELEMENTS + 8 * E
const START: usize = BETA4 + E // H
const GENERATOR: usize = START + AFFINE13
const PACKS: usize = GENERATOR + AFFINE13
const DENOMINATORS: usize = PACKS + <usize>BATCH / 4 * PACK_SIZE
const PREFIX: usize = DENOMINATORS + <usize>BATCH / 4 * R_WINDOWS * E // end: + as much again

// In the page: the sum, and what it was before an addition; or the two points that are added.
const SUM: usize = POINTS_FREE
const BEFORE: usize = SUM + JACOBIAN13
const P: usize = POINTS_FREE
const Q: usize = P + AFFINE13

function begin(count: u32): bool {
  if (work == 0) {
    const at = threadChunk(WORKS)
    if (at == 0) return false
    setPage(at)
    fourFromWord(BETA, at + BETA4, at + SCRATCH)
    fourFromWord(HX, at + START, at + SCRATCH)
    fourFromWord(HY, at + START + E, at + SCRATCH)
    fourFromWord(GX, at + GENERATOR, at + SCRATCH)
    fourFromWord(GY, at + GENERATOR + E, at + SCRATCH)
    work = at
  }
  return windowsFor(count) != 0
}

function fourFromWord(word: usize, out: usize, scratch: usize): void {
  for (let lane: usize = 0; lane < 16; lane += 4) laneFromWord(word, out + lane, scratch)
}

/**
 * Signer records of those signature records that can be recovered four at once; the others get a record of zeros, and
 * are to be recovered one by one. That may be all of them, out of space too.
 */
export function recoverInLanes(inputs: usize, count: u32, out: usize): void {
  fillBytes(out, 0, <usize>count * SIGNER_SIZE)
  if (count < FEWEST || !begin(count)) return
  for (let first: u32 = 0; first < count; first += BATCH) {
    const size = min(BATCH, count - first)
    if (size < FEWEST) return
    recoverBatch(inputs + <usize>first * SIGNATURE_SIZE, size, out + <usize>first * SIGNER_SIZE)
  }
}

function recoverBatch(inputs: usize, count: u32, out: usize): void {
  const taken = takeScalars(inputs, count)
  if (taken < FEWEST) return
  const packs = (<usize>taken + 3) >> 2
  for (let i: usize = 0; i < packs; i++) {
    lift(i, inputs)
    splitScalars(i)
    loadLeaves(i)
  }
  if (!tables(packs) || !digitSums(packs)) return
  for (let i: usize = 0; i < packs; i++) sum(i)
  writeSigners(packs, out)
}

// @ts-ignore: decorator
@inline
function sigAt(i: usize): usize {
  return work + SIGS + i * SIG_SIZE
}

// @ts-ignore: decorator
@inline
function packAt(i: usize): usize {
  return work + PACKS + i * PACK_SIZE
}

/** Scalars and 1/r of the signatures that are in range; the last pack is filled up with the last one. How many. */
function takeScalars(inputs: usize, count: u32): u32 {
  const product = work + WORDS
  const inverse = product + 32
  fillBytes(product, 0, 32)
  store<u64>(product, 1)
  let taken: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const input = inputs + <usize>i * SIGNATURE_SIZE
    const sig = sigAt(taken)
    if (load<u8>(input, SIGNATURE_ID) > 1) continue
    if (!readScalars(input, input + SIGNATURE_R, input + SIGNATURE_S, sig)) continue
    copyBytes(sig + SIG_PREFIX, product, 32)
    scalarMul(product, sig + SIG_R, product)
    store<u8>(work + NUMBERS + taken, <u8>i)
    taken++
  }
  if (taken == 0) return 0
  scalarInverse(product, inverse, work + SCRATCH)
  for (let i = taken; i > 0; ) {
    i--
    const sig = sigAt(i)
    scalarMul(sig + SIG_PREFIX, inverse, sig + SIG_PREFIX)
    scalarMul(inverse, sig + SIG_R, inverse)
  }
  for (let i = taken; (i & 3) != 0; i++) {
    copyBytes(sigAt(i), sigAt(taken - 1), SIG_SIZE)
    store<u8>(work + NUMBERS + i, load<u8>(work + NUMBERS + taken - 1))
  }
  return taken
}

/** No record: the lane's signature is left to recover.ts. */
const LEFT: u8 = 255

/** R of a pack, the first entry of its table. A lane with x on no point is left, and gets G to go on with. */
function lift(pack: usize, inputs: usize): void {
  const x = packAt(pack)
  const y = x + E
  const curve = work + ELEMENTS
  const check = curve + E
  const word = work + WORDS
  for (let lane: usize = 0; lane < 4; lane++) laneFromWord(sigAt(4 * pack + lane) + SIG_R, x + 4 * lane, word)
  sqr13(x, curve)
  mul13(curve, x, curve)
  // 7 in the lowest limb: it stays far below what the bounds of field13.ts leave.
  v128.store(curve, i16x8.add(v128.load(curve), i32x4.splat(7)))
  sqrt4(curve, y, curve + 2 * E)
  sqr13(y, check)
  const points = work + SCRATCH
  const flips = points + 16
  for (let lane: usize = 0; lane < 4; lane++) {
    const number = work + NUMBERS + 4 * pack + lane
    const id = load<u8>(inputs + <usize>load<u8>(number) * SIGNATURE_SIZE, SIGNATURE_ID)
    laneToWord(curve + 4 * lane, word)
    laneToWord(check + 4 * lane, word + 32)
    const point = u256Eq(word, word + 32)
    if (!point) store<u8>(number, LEFT)
    store<i32>(points + 4 * lane, -<i32>point)
    laneToWord(y + 4 * lane, word)
    store<i32>(flips + 4 * lane, -<i32>((load<u8>(word) ^ id) & 1))
  }
  negate13(y, flips, y)
  takeOther(points, work + GENERATOR, x)
}

/** u1 = -z/r in place of Z, and the digits of u2 = s/r. */
function splitScalars(pack: usize): void {
  const u = work + WORDS
  const k1 = u + 32
  const k2 = u + 64
  for (let lane: usize = 0; lane < 4; lane++) {
    const sig = sigAt(4 * pack + lane)
    const digits = packAt(pack) + PACK_DIGITS + 4 * lane
    scalarMul(sig + SIG_Z, sig + SIG_PREFIX, u)
    scalarNegate(u, sig + SIG_Z)
    scalarMul(sig + SIG_S, sig + SIG_PREFIX, u)
    scalarSplit(u, k1, k2, u + 96)
    recode(k1, scalarMagnitude(k1), digits, 0)
    recode(k2, scalarMagnitude(k2), digits + HALF_DIGITS, <u32>ENTRY_BETA_X)
  }
}

/** The entries of the generator's windows that the bytes of u1 name. */
function loadLeaves(pack: usize): void {
  const u1 = sigAt(4 * pack) + SIG_Z
  const leaves = packAt(pack) + PACK_LEAVES
  const windows = generatorWindows()
  for (let i: usize = 0; i < WINDOWS; i++) {
    const window = windows + i * WINDOW_SIZE
    unpackPoints(
      window + <usize>load<u8>(u1 + i) * PACKED_POINT,
      window + <usize>load<u8>(u1 + i + SIG_SIZE) * PACKED_POINT,
      window + <usize>load<u8>(u1 + i + 2 * SIG_SIZE) * PACKED_POINT,
      window + <usize>load<u8>(u1 + i + 3 * SIG_SIZE) * PACKED_POINT,
      leaves + i * AFFINE13,
    )
  }
}

/**
 * The multiples of each R and the sum of its leaves, in five rounds of affine additions that share an inversion: with
 * the multiples 1 to k, adding k R to all makes them 1 to 2k; half of the leaves is added to the other half.
 */
function tables(packs: usize): bool {
  const first = work + DENOMINATORS
  for (let leaves = WINDOWS / 2, k: usize = 1; leaves > 0; leaves >>= 1, k <<= 1) {
    let d = first
    for (let i: usize = 0; i < packs; i++) {
      const left = packAt(i) + PACK_LEAVES
      const right = left + leaves * AFFINE13
      for (let j: usize = 0; j < leaves * AFFINE13; j += AFFINE13, d += E) sub13(right + j, left + j, d)
      if (k == MULTIPLES_R) continue
      const top = packAt(i) + (k - 1) * ENTRY
      for (let entry = packAt(i); entry < top; entry += ENTRY, d += E) sub13(entry, top, d)
      double13(top + E, d)
      d += E
    }
    if (!invertAll(first, (d - first) / E, work + PREFIX, work + SCRATCH)) return false
    d = first
    for (let i: usize = 0; i < packs; i++) {
      const left = packAt(i) + PACK_LEAVES
      const right = left + leaves * AFFINE13
      for (let j: usize = 0; j < leaves * AFFINE13; j += AFFINE13, d += E) addAffine4(left + j, right + j, d, left + j)
      if (k == MULTIPLES_R) continue
      const top = packAt(i) + (k - 1) * ENTRY
      for (let entry = packAt(i); entry < top; entry += ENTRY, d += E) addAffine4(top, entry, d, entry + k * ENTRY)
      doubleAffine4(top, d, top + k * ENTRY)
      d += E
    }
  }
  for (let i: usize = 0; i < packs; i++) {
    const end = packAt(i) + MULTIPLES_R * ENTRY
    for (let entry = packAt(i); entry < end; entry += ENTRY) mul13(entry, work + BETA4, entry + ENTRY_BETA_X)
  }
  return true
}

/** An element of the entries that a half's digits name, `offset` bytes from their x. */
function gatherEntries(table: usize, half: usize, offset: usize, out: usize): void {
  const at = table + offset
  gather(
    at + <usize>load<u32>(half),
    at + <usize>load<u32>(half, 4),
    at + <usize>load<u32>(half, 8),
    at + <usize>load<u32>(half, 12),
    out,
  )
}

/** d1 R + d2 lambda R for the digits of each window, where one of them is zero the other's point. */
function digitSums(packs: usize): bool {
  const first = work + DENOMINATORS
  const p = page + P
  const q = page + Q
  let d = first
  for (let i: usize = 0; i < packs; i++) {
    const table = packAt(i)
    const end = table + PACK_DIGITS + DIGITS_SIZE
    for (let half = table + PACK_DIGITS; half < end; half += WINDOW_DIGITS, d += E) {
      gatherEntries(table, half, 0, p)
      gatherEntries(table, half + HALF_DIGITS, 0, q)
      sub13(q, p, d)
    }
  }
  if (!invertAll(first, (d - first) / E, work + PREFIX, work + SCRATCH)) return false
  d = first
  for (let i: usize = 0; i < packs; i++) {
    const table = packAt(i)
    let out = table + PACK_SUMS
    const end = table + PACK_DIGITS + DIGITS_SIZE
    for (let half = table + PACK_DIGITS; half < end; half += WINDOW_DIGITS, d += E, out += AFFINE13) {
      const other = half + HALF_DIGITS
      gatherEntries(table, half, 0, p)
      gatherEntries(table, half, E, p + E)
      negate13(p + E, signs(half), p + E)
      gatherEntries(table, other, 0, q)
      gatherEntries(table, other, E - ENTRY_BETA_X, q + E)
      negate13(q + E, signs(other), q + E)
      addAffine4(p, q, d, out)
      takeOther(nonzero(half), q, out)
      takeOther(nonzero(other), p, out)
    }
  }
  return true
}

/** Lanes of the affine point `out` become `other`'s where the vector at `lanes` is zero. */
// @ts-ignore: decorator
@inline
function takeOther(lanes: usize, other: usize, out: usize): void {
  if (i32x4.all_true(v128.load(lanes))) return
  keep13(lanes, other, out)
  keep13(lanes, other + E, out + E)
}

/** Q in Jacobian coordinates, in place of the table. */
function sum(pack: usize): void {
  const at = packAt(pack)
  const acc = page + SUM
  const before = page + BEFORE
  const lanes = work + WORDS
  copyBytes(acc, work + START, AFFINE13)
  fillBytes(acc + AFFINE13, 0, E)
  v128.store(acc + AFFINE13, i32x4.splat(1))
  for (let i = R_WINDOWS; i > 0; ) {
    i--
    const half = at + PACK_DIGITS + i * WINDOW_DIGITS
    const point = at + PACK_SUMS + i * AFFINE13
    const digits = v128.or(v128.load(nonzero(half)), v128.load(nonzero(half + HALF_DIGITS)))
    const all = i32x4.all_true(digits)
    v128.store(lanes, digits)
    if (!all) copyBytes(before, acc, JACOBIAN13)
    add4(acc, point, point + E)
    if (!all) for (let j: usize = 0; j < JACOBIAN13; j += E) keep13(lanes, before + j, acc + j)
    if (i > 0) for (let j = 0; j < 5; j++) double4(acc)
  }
  add4(acc, at + PACK_LEAVES, at + PACK_LEAVES + E)
  copyBytes(at + PACK_TABLE, acc, JACOBIAN13)
}

function writeSigners(packs: usize, out: usize): void {
  const first = work + DENOMINATORS
  const word = work + WORDS
  for (let i: usize = 0; i < packs; i++) {
    const z = first + i * E
    copy13(packAt(i) + AFFINE13, z)
    for (let lane: usize = 0; lane < 4; lane++) {
      laneToWord(z + 4 * lane, word)
      if (!u256IsZero(word)) continue
      store<u8>(work + NUMBERS + 4 * i + lane, LEFT)
      for (let j: usize = 0; j < E; j += 16) store<u32>(z + 4 * lane + j, <u32>(j == 0))
    }
  }
  if (!invertAll(first, packs, work + PREFIX, work + SCRATCH)) return
  for (let i: usize = 0; i < packs; i++) {
    const point = packAt(i)
    toAffine4(point, first + i * E, point)
    for (let lane: usize = 0; lane < 4; lane++) {
      const number = load<u8>(work + NUMBERS + 4 * i + lane)
      if (number == LEFT) continue
      laneToWord(point + 4 * lane, word)
      laneToWord(point + E + 4 * lane, word + 32)
      u256ToBytes(word, word)
      u256ToBytes(word + 32, word + 32)
      const signer = out + <usize>number * SIGNER_SIZE
      store<u8>(signer, 1)
      writeAddress(word, signer + SIGNER_ADDRESS, word + 64)
    }
  }
}
