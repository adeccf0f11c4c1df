import { copyBytes, fillBytes } from '../mem/bulk'
import { scalarWnaf, WNAF_SIZE } from '../secp256k1/scalar'
import { u256Copy } from '../u256/index'
import { feAdd, feNeg, feSettle } from './field-util'
import { EXPONENT_SCRATCH, finalExponent } from './finalExponent'
import {
  fp12IsOne,
  fp12Mul,
  fp12MulByLine,
  fp12MulByLines,
  FP12_SCRATCH,
  fp12SetOne,
  FP12_SIZE,
  fp12Sqr,
  LINE_SIZE,
} from './fp12'
import { fp2Mul, FP2_SIZE } from './fp2'
import { fp2AddSettled, fp2Combine, fp2Copy, fp2IsZero, fp2Neg } from './fp2-util'
import { g2Frobenius, G2_SIZE, G2_Y, readG2 } from './g2'
import { INFINITY, INVALID, POINT, readG1 } from './input'
import { FE_SIZE } from './limbs'
import {
  additionStep,
  doublingStep,
  P_3X,
  P_SIZE,
  P_X,
  STEP_SCRATCH,
  T_SIZE,
  T_Y,
  T_Z,
} from './lines'
import { ATE_LOOP, ONE_2 } from './tower-constants'

// BN254_PAIRING (EIP-197): whether the product of pairings is one. The optimal ate pairing (Vercauteren, "Optimal
// pairings", 2008): for all pairs of a group one Miller loop of 6u + 2 and two additions, and one final exponentiation
// for all. Groups bound the memory. Decision 19 (docs/adr/0019-bn254-in-the-core.md).
//
// The loop also tells whether Q is in G2. It ends with T = [6u + 2] Q + psi(Q) - psi^2(Q), psi the p-th power brought
// to the twist, and Q is in G2 if and only if T = -psi^3(Q):
//   - psi^2 - t psi + p = 0 on the twist's points over Fp2, t = 6 u^2 + 1. What f = 6u + 2 + psi - psi^2 + psi^3 makes
//     zero, its norm N = A^2 + A B t + B^2 p makes zero, where f = A + B psi modulo that equation. The greatest common
//     divisor of N and the number of the points, n (2 p - n), is n; so such a point has order n or 1 (the method of
//     Dai, Lin, Zhao, Zhou, "Fast subgroup membership testings for G1, G2 and GT on pairing-friendly curves", 2022).
//   - On G2 psi is p, and n divides 6u + 2 + p - p^2 + p^3.
//   - No step is exceptional, whatever point of the twist Q is: the multiples of Q that are doubled, and their sums
//     with and differences from what is added to them, have no common divisor with the number of points.

const PAIR_BYTES: usize = 192
/** Pairs that share a Miller loop. */
const GROUP: usize = 16

// A pair at work: P, Q, T, and u32 1 when P is the point at infinity and only Q counts.
const PAIR_Q: usize = P_SIZE
const PAIR_T: usize = PAIR_Q + G2_SIZE
const PAIR_SKIP: usize = PAIR_T + T_SIZE
const PAIR_SIZE: usize = PAIR_SKIP + 8

// Working memory.
const PRODUCT: usize = 0
const F: usize = FP12_SIZE
const LINES: usize = 2 * FP12_SIZE // one that waits for another, and that
const Q1: usize = LINES + 2 * LINE_SIZE
const DIGITS: usize = Q1 + G2_SIZE // and a word
const PAIRS: usize = DIGITS + WNAF_SIZE + 40
const SCRATCH: usize = PAIRS + GROUP * PAIR_SIZE
/** Bytes of working memory that the contract needs. */
export const PAIRING_WORK: usize = SCRATCH + EXPONENT_SCRATCH + FP12_SCRATCH + STEP_SCRATCH

/** The output, 32 bytes, for `length` bytes at `input`; false when the call fails. */
export function bn254Pairing(input: usize, length: usize, out: usize, work: usize): bool {
  if (length % PAIR_BYTES != 0) return false
  const product = work + PRODUCT
  fp12SetOne(product)
  const end = input + length
  let at = input
  while (at < end) {
    let count: usize = 0
    for (; at < end && count < GROUP; at += PAIR_BYTES) {
      const kind = readPair(at, work + PAIRS + count * PAIR_SIZE, work + SCRATCH)
      if (kind == INVALID) return false
      if (kind == POINT) count++
    }
    if (count == 0) continue
    millerLoop(count, work)
    if (!allInGroup(count, work)) return false
    fp12Mul(product, work + F, product, work + SCRATCH)
  }
  finalExponent(product, work + SCRATCH)
  fillBytes(out, 0, 32)
  store<u8>(out, <u8>fp12IsOne(product, work + SCRATCH), 31)
  return true
}

/** INFINITY when Q is that: the pairing is one, and there is nothing to check. */
function readPair(input: usize, pair: usize, scratch: usize): i32 {
  const point = scratch
  const kind = readG1(input, point, scratch + 2 * FE_SIZE)
  if (kind == INVALID) return INVALID
  store<u32>(pair, <u32>(kind == INFINITY), PAIR_SKIP)
  feNeg(point + FE_SIZE, pair)
  feSettle(point, pair + P_X)
  feAdd(point, point, pair + P_3X)
  feAdd(pair + P_3X, point, pair + P_3X)
  feSettle(pair + P_3X, pair + P_3X)
  return readG2(input + 64, pair + PAIR_Q, scratch)
}

/** F = product of the values of the pairs' lines. */
function millerLoop(count: usize, work: usize): void {
  const f = work + F
  const scratch = work + SCRATCH
  const end = work + PAIRS + count * PAIR_SIZE
  fp12SetOne(f)
  for (let pair = work + PAIRS; pair < end; pair += PAIR_SIZE) {
    copyBytes(pair + PAIR_T, pair + PAIR_Q, G2_SIZE)
    fp2Copy(ONE_2, pair + PAIR_T + T_Z)
  }
  const digits = work + DIGITS
  const word = digits + WNAF_SIZE
  u256Copy(ATE_LOOP, word)
  // The highest digit is 1, which is where T begins.
  for (let i = <usize>scalarWnaf(word, 2, digits) - 1; i > 0; ) {
    i--
    fp12Sqr(f, f, scratch)
    const digit: i32 = load<i16>(digits + (i << 1))
    for (let pair = work + PAIRS; pair < end; pair += PAIR_SIZE) {
      doublingStep(pair + PAIR_T, pair, nextLine(work), scratch)
      byLine(pair, work)
      if (digit != 0) add(pair, pair + PAIR_Q, digit < 0, work)
    }
    byLast(work)
  }
  for (let pair = work + PAIRS; pair < end; pair += PAIR_SIZE) {
    g2Frobenius(pair + PAIR_Q, 1, work + Q1)
    add(pair, work + Q1, false, work)
    g2Frobenius(pair + PAIR_Q, 2, work + Q1)
    add(pair, work + Q1, true, work)
  }
  byLast(work)
}

/** T = T + Q or T - Q, and F times the line's value. */
function add(pair: usize, q: usize, negative: bool, work: usize): void {
  let y = q + FP2_SIZE
  const scratch = work + SCRATCH
  if (negative) {
    fp2Neg(y, scratch)
    y = scratch
  }
  additionStep(pair + PAIR_T, q, y, pair, nextLine(work), scratch + FP2_SIZE)
  byLine(pair, work)
}

/** Whether a line waits for another: two at a time cost less. */
let waiting = false

function nextLine(work: usize): usize {
  return work + LINES + (waiting ? LINE_SIZE : 0)
}

/** F times the value of the line that was made last, now or with the next one. */
function byLine(pair: usize, work: usize): void {
  if (load<u32>(pair, PAIR_SKIP) != 0) return
  const lines = work + LINES
  if (waiting) fp12MulByLines(work + F, lines, lines + LINE_SIZE, work + SCRATCH)
  waiting = !waiting
}

function byLast(work: usize): void {
  if (waiting) fp12MulByLine(work + F, work + LINES, work + SCRATCH)
  waiting = false
}

/** Whether every Q is in G2, after the loop. */
function allInGroup(count: usize, work: usize): bool {
  const q = work + Q1
  const scratch = work + SCRATCH
  const end = work + PAIRS + count * PAIR_SIZE
  for (let pair = work + PAIRS; pair < end; pair += PAIR_SIZE) {
    const t = pair + PAIR_T
    const z = t + T_Z
    // X = x Z and Y = -y Z.
    g2Frobenius(pair + PAIR_Q, 3, q)
    fp2Mul(q, z, q)
    fp2Combine(1, q, -1, t, q)
    fp2Mul(q + G2_Y, z, q + G2_Y)
    fp2AddSettled(q + G2_Y, t + T_Y, q + G2_Y)
    if (!fp2IsZero(q, scratch) || !fp2IsZero(q + G2_Y, scratch)) return false
  }
  return true
}
