import { ONE, X } from './constants'
import { useG1, useG2 } from './coordinates'
import { feAdd, feNeg, feSettle } from './element'
import { FE_SIZE } from './field'
import { finalExponent } from './finalExponent'
import { fp12IsOne, fp12Mul, fp12MulByLine, fp12MulByLines, fp12SetOne, FP12_SIZE, fp12Sqr, LINE_SIZE } from './fp12'
import { fp2Copy, fp2IsZero, fp2Mul, FP2_SIZE, fp2Sub, fp2Add } from './fp2'
import { inGroup, psi } from './group'
import { INFINITY, INVALID, POINT, readPoint } from './input'
import { additionStep, doublingStep, P_3X, P_SIZE, P_X, T_SIZE, T_Y, T_Z } from './lines'
import { POINT_SIZE } from './points'
import { drop, take } from './stack'

// BLS12_PAIRING_CHECK (EIP-2537): whether the product of pairings is one. The optimal ate pairing (Vercauteren,
// "Optimal pairings", 2008): for all pairs of a group one Miller loop of X, and one final exponentiation for all.
// That the curve's parameter is -X makes the value's inverse of it, which is one when the value is. Groups bound the
// memory.
//
// The loop also tells whether Q is in G2: it ends with T = X Q, which is -psi(Q) if and only if Q is (group.ts). A Q
// of small order can make a step exceptional; Z is zero from then on.

const G1_BYTES: usize = 128
const PAIR_BYTES: usize = 384
/** Pairs that share a Miller loop. */
const GROUP: usize = 16

// A pair at work: P, Q, T, and u32 1 when P is the point at infinity and only Q counts.
const PAIR_Q: usize = P_SIZE
const PAIR_T: usize = PAIR_Q + 2 * FP2_SIZE
const PAIR_SKIP: usize = PAIR_T + T_SIZE
const PAIR_SIZE: usize = PAIR_SKIP + 16

let pairs: usize = 0
let f: usize = 0
/** One line that waits for another, and that: two at a time cost less. */
let lines: usize = 0
let waiting = false

/** 1 or 0 for the pairs in the `length` bytes at `input`; -1 when the call fails. */
export function blsPairing(input: usize, length: usize): i32 {
  const product = take(2 * FP12_SIZE)
  f = product + FP12_SIZE
  lines = take(2 * LINE_SIZE)
  pairs = take(GROUP * PAIR_SIZE)
  fp12SetOne(product)
  const end = input + length
  let valid = true
  while (valid && input < end) {
    let count: usize = 0
    for (; valid && input < end && count < GROUP; input += PAIR_BYTES) {
      const kind = readPair(input, pairs + count * PAIR_SIZE)
      valid = kind != INVALID
      if (kind == POINT) count++
    }
    if (!valid || count == 0) continue
    millerLoop(pairs + count * PAIR_SIZE)
    valid = allInGroup(pairs + count * PAIR_SIZE)
    fp12Mul(product, f, product)
  }
  if (valid) finalExponent(product)
  const one = valid && fp12IsOne(product)
  drop(GROUP * PAIR_SIZE)
  drop(2 * LINE_SIZE)
  drop(2 * FP12_SIZE)
  return valid ? <i32>one : -1
}

/** INFINITY when Q is that: the pairing is one, and there is nothing more to check. */
function readPair(input: usize, pair: usize): i32 {
  const point = take(2 * POINT_SIZE)
  useG1()
  let kind = readPoint(input, point)
  const valid = kind == INFINITY || (kind == POINT && inGroup(point, point + POINT_SIZE))
  store<u32>(pair, <u32>(kind == INFINITY), PAIR_SKIP)
  if (kind == POINT) setPair(pair, point)
  drop(2 * POINT_SIZE)
  if (!valid) return INVALID
  useG2()
  return readPoint(input + G1_BYTES, pair + PAIR_Q)
}

/** What is used of an affine point of G1. */
function setPair(pair: usize, point: usize): void {
  feNeg(point + FE_SIZE, pair)
  feSettle(point, pair + P_X)
  feAdd(pair + P_X, pair + P_X, pair + P_3X)
  feAdd(pair + P_3X, pair + P_X, pair + P_3X)
  feSettle(pair + P_3X, pair + P_3X)
}

/** f = product of the values of the lines of the pairs up to `end`. */
function millerLoop(end: usize): void {
  fp12SetOne(f)
  for (let pair = pairs; pair < end; pair += PAIR_SIZE) {
    memory.copy(pair + PAIR_T, pair + PAIR_Q, 2 * FP2_SIZE)
    fp2Copy(ONE, pair + PAIR_T + T_Z)
  }
  // Below the highest bit.
  for (let i: u64 = 63; i > 0; ) {
    i--
    fp12Sqr(f, f)
    for (let pair = pairs; pair < end; pair += PAIR_SIZE) {
      doublingStep(pair + PAIR_T, pair, nextLine())
      byLine(pair)
      if (((X >> i) & 1) == 0) continue
      additionStep(pair + PAIR_T, pair + PAIR_Q, pair, nextLine())
      byLine(pair)
    }
    if (waiting) fp12MulByLine(f, lines)
    waiting = false
  }
}

function nextLine(): usize {
  return lines + (waiting ? LINE_SIZE : 0)
}

/** f times the value of the line that was made last, now or with the next one. */
function byLine(pair: usize): void {
  if (load<u32>(pair, PAIR_SKIP) != 0) return
  if (waiting) fp12MulByLines(f, lines, lines + LINE_SIZE)
  waiting = !waiting
}

/** Whether every Q is in G2, after the loop. */
function allInGroup(end: usize): bool {
  const q = take(2 * FP2_SIZE)
  let all = true
  for (let pair = pairs; pair < end && all; pair += PAIR_SIZE) {
    const t = pair + PAIR_T
    // X = x Z and Y = -y Z.
    psi(pair + PAIR_Q, q)
    fp2Mul(q, t + T_Z, q)
    fp2Sub(q, t, q)
    fp2Mul(q + FP2_SIZE, t + T_Z, q + FP2_SIZE)
    fp2Add(q + FP2_SIZE, t + T_Y, q + FP2_SIZE)
    all = !fp2IsZero(t + T_Z) && fp2IsZero(q) && fp2IsZero(q + FP2_SIZE)
  }
  drop(2 * FP2_SIZE)
  return all
}
