import { sha256 } from '../hash/sha256'
import { u256FromBytes, u256IsZero, u256Lt, u256Sub, u256ToBytes } from '../u256/index'
import { feFromBytes, feIsLarger, feNeg, feSqr, feMul, feAdd } from './element'
import { FOUR, ORDER } from './constants'
import { useG1 } from './coordinates'
import { FE_SIZE } from './field'
import { finalExponent } from './finalExponent'
import { fp12IsOne, FP12_SIZE } from './fp12'
import { FP2_SIZE } from './fp2'
import { inGroup } from './group'
import { INFINITY, INVALID, POINT } from './input'
import { G1_GENERATOR, G2_NEGATIVE, SECRET_G2 } from './kzg-constants'
import { millerLoop, PAIR_Q, PAIR_SIZE, setPair, skipPair } from './millerLoop'
import { isInfinity, pointAddAffine, POINT_SIZE, setAffine, setInfinity, toAffine, yOf } from './points'
import { feSqrt } from './sqrt'
import { STRAUS_MULTIPLES, sumOfFew } from './straus'
import { dropTerms, setTerm, takeTerms } from './terms'
import { drop, take } from '../mem/stack'

// KZG_POINT_EVALUATION (EIP-4844): versioned hash, z, y (32 bytes each), commitment C and proof Q (48 bytes each,
// compressed). Q shows that the polynomial behind C evaluates to y at z if e(C - y G1, G2) = e(Q, (secret - z) G2),
// which is e(C - y G1 + z Q, -G2) e(Q, secret G2) = 1: both points of G2 are constants.

export const KZG_INPUT: usize = 192
const Z: usize = 32
const Y: usize = 64
const COMMITMENT: usize = 96
const PROOF: usize = 144
const COMPRESSED: usize = 48
const VERSION: u8 = 1

/** Whether the proof at `input` holds. */
export function kzgHolds(input: usize): bool {
  useG1()
  const commitment = take(4 * POINT_SIZE)
  const proof = commitment + POINT_SIZE
  const multiple = proof + POINT_SIZE
  const left = multiple + POINT_SIZE
  let holds = versionedHash(input) && isScalar(input + Z) && isScalar(input + Y)
  if (holds) {
    const kindC = decompress(input + COMMITMENT, commitment)
    const kindQ = decompress(input + PROOF, proof)
    holds = inSubgroup(kindC, commitment, multiple) && inSubgroup(kindQ, proof, multiple)
    if (holds) {
      leftSide(kindQ, proof, multiple, input, left)
      if (kindC == POINT) pointAddAffine(left, commitment, yOf(commitment), false)
      holds = productIsOne(left, kindQ, proof)
    }
  }
  drop(4 * POINT_SIZE)
  return holds
}

/** `multiple` becomes X times a point. */
function inSubgroup(kind: i32, point: usize, multiple: usize): bool {
  return kind == INFINITY || (kind == POINT && inGroup(point, multiple))
}

/** Whether the input begins with the version and the rest of the commitment's SHA-256. */
function versionedHash(input: usize): bool {
  const hash = take(32)
  sha256(input + COMMITMENT, COMPRESSED, hash)
  store<u8>(hash, VERSION)
  let same = true
  for (let i: usize = 0; i < 32; i += 8) same = same && load<u64>(hash + i) == load<u64>(input + i)
  drop(32)
  return same
}

function isScalar(bytes: usize): bool {
  const word = take(32)
  u256FromBytes(bytes, word)
  const below = u256Lt(word, ORDER)
  drop(32)
  return below
}

/** What 48 bytes are: x with three flags above (compressed, infinity, the greater y). A POINT is one of the curve. */
function decompress(bytes: usize, out: usize): i32 {
  const flags = load<u8>(bytes)
  const x = take(COMPRESSED + FE_SIZE)
  const cube = x + COMPRESSED
  memory.copy(x, bytes, COMPRESSED)
  store<u8>(x, flags & 0x1f)
  let kind = INVALID
  if ((flags & 0xc0) == 0xc0) {
    let rest: u64 = flags & 0x20
    for (let i: usize = 0; i < COMPRESSED; i += 8) rest |= load<u64>(x + i)
    if (rest == 0) kind = INFINITY
  } else if ((flags & 0x80) != 0 && feFromBytes(x, out)) {
    feSqr(out, cube)
    feMul(cube, out, cube)
    feAdd(cube, FOUR, cube)
    const y = yOf(out)
    if (feSqrt(cube, y)) {
      if (feIsLarger(y) != ((flags & 0x20) != 0)) feNeg(y, y)
      kind = POINT
    }
  }
  drop(COMPRESSED + FE_SIZE)
  return kind
}

/** left = z Q - y G1. */
function leftSide(kind: i32, proof: usize, multiple: usize, input: usize, left: usize): void {
  const y = take(64 + POINT_SIZE)
  const bytes = y + 32
  const generator = y + 64
  takeTerms(STRAUS_MULTIPLES)
  let count: usize = 0
  if (kind == POINT) setTerm(count++, proof, multiple, input + Z)
  u256FromBytes(input + Y, y)
  if (!u256IsZero(y)) {
    u256Sub(ORDER, y, y)
    u256ToBytes(y, bytes)
    setAffine(generator, G1_GENERATOR + 2 * FE_SIZE, G1_GENERATOR + 3 * FE_SIZE, false)
    setTerm(count++, G1_GENERATOR, generator, bytes)
  }
  if (count == 0) setInfinity(left)
  else sumOfFew(count, left)
  dropTerms()
  drop(64 + POINT_SIZE)
}

/** Whether e(left, -G2) e(Q, secret G2) = 1. */
function productIsOne(left: usize, kind: i32, proof: usize): bool {
  const pairs = take(2 * PAIR_SIZE)
  const f = take(FP12_SIZE)
  memory.copy(pairs + PAIR_Q, G2_NEGATIVE, 2 * FP2_SIZE)
  memory.copy(pairs + PAIR_SIZE + PAIR_Q, SECRET_G2, 2 * FP2_SIZE)
  if (isInfinity(left)) skipPair(pairs)
  else {
    toAffine(left, left)
    setPair(pairs, left)
  }
  if (kind == INFINITY) skipPair(pairs + PAIR_SIZE)
  else setPair(pairs + PAIR_SIZE, proof)
  millerLoop(pairs, pairs + 2 * PAIR_SIZE, f)
  finalExponent(f)
  const one = fp12IsOne(f)
  drop(FP12_SIZE)
  drop(2 * PAIR_SIZE)
  return one
}
