import { useG1, useG2 } from './coordinates'
import { finalExponent } from './finalExponent'
import { fp12IsOne, fp12Mul, fp12SetOne, FP12_SIZE } from './fp12'
import { fp2Add, fp2IsZero, fp2Mul, FP2_SIZE, fp2Sub } from './fp2'
import { inGroup, psi } from './group'
import { INFINITY, INVALID, POINT, readPoint } from './input'
import { T_Y, T_Z } from './lines'
import { millerLoop, PAIR_Q, PAIR_SIZE, PAIR_T, setPair, skipPair } from './millerLoop'
import { POINT_SIZE } from './points'
import { drop, take } from '../mem/stack'

// BLS12_PAIRING_CHECK (EIP-2537): whether the product of pairings is one: one Miller loop for all pairs of a group,
// and one final exponentiation for all. Groups bound the memory.
//
// The loop also tells whether Q is in G2: it ends with T = X Q, which is -psi(Q) if and only if Q is (group.ts). A Q
// of small order can make a step exceptional; Z is zero from then on.

const G1_BYTES: usize = 128
const PAIR_BYTES: usize = 384
/** Pairs that share a Miller loop. */
const GROUP: usize = 16

/** 1 or 0 for the pairs in the `length` bytes at `input`; -1 when the call fails. */
export function blsPairing(input: usize, length: usize): i32 {
  const product = take(2 * FP12_SIZE)
  const f = product + FP12_SIZE
  const pairs = take(GROUP * PAIR_SIZE)
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
    millerLoop(pairs, pairs + count * PAIR_SIZE, f)
    valid = allInGroup(pairs, pairs + count * PAIR_SIZE)
    fp12Mul(product, f, product)
  }
  if (valid) finalExponent(product)
  const one = valid && fp12IsOne(product)
  drop(GROUP * PAIR_SIZE)
  drop(2 * FP12_SIZE)
  return valid ? <i32>one : -1
}

/** INFINITY when Q is that: the pairing is one, and there is nothing more to check. */
function readPair(input: usize, pair: usize): i32 {
  const point = take(2 * POINT_SIZE)
  useG1()
  let kind = readPoint(input, point)
  const valid = kind == INFINITY || (kind == POINT && inGroup(point, point + POINT_SIZE))
  if (kind == POINT) setPair(pair, point)
  else skipPair(pair)
  drop(2 * POINT_SIZE)
  if (!valid) return INVALID
  useG2()
  return readPoint(input + G1_BYTES, pair + PAIR_Q)
}

/** Whether every Q is in G2, after the loop. */
function allInGroup(pairs: usize, end: usize): bool {
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
