import { fillBytes } from '../mem/bulk'
import { ONE, X } from './constants'
import { feAdd, feNeg, feSettle } from './element'
import { FE_SIZE } from './field'
import { fp12MulByLine, fp12MulByLines, fp12SetOne, fp12Sqr, LINE_SIZE } from './fp12'
import { fp2Copy, FP2_SIZE } from './fp2'
import { additionStep, doublingStep, P_3X, P_SIZE, P_X, T_SIZE, T_Z } from './lines'
import { drop, take } from '../mem/stack'

// The loop of the optimal ate pairing (Vercauteren, "Optimal pairings", 2008), one for several pairs. That the
// curve's parameter is -X makes the value's inverse of what the loop gives, which is one when the value is. It ends
// with T = X Q.

// A pair at work: P, Q, T, and u32 1 when P is the point at infinity and only Q counts.
export const PAIR_Q: usize = P_SIZE
export const PAIR_T: usize = PAIR_Q + 2 * FP2_SIZE
const PAIR_SKIP: usize = PAIR_T + T_SIZE
export const PAIR_SIZE: usize = PAIR_SKIP + 16

/** Takes an affine point of G1 as the P of a pair. */
export function setPair(pair: usize, point: usize): void {
  store<u32>(pair, 0, PAIR_SKIP)
  feNeg(point + FE_SIZE, pair)
  feSettle(point, pair + P_X)
  feAdd(pair + P_X, pair + P_X, pair + P_3X)
  feAdd(pair + P_3X, pair + P_X, pair + P_3X)
  feSettle(pair + P_3X, pair + P_3X)
}

/** The P of a pair is the point at infinity. */
export function skipPair(pair: usize): void {
  store<u32>(pair, 1, PAIR_SKIP)
  fillBytes(pair, 0, P_SIZE)
}

/** One line that waits for another, and that: two at a time cost less. */
let lines: usize = 0
let waiting = false

/** f = product of the values of the lines of the pairs from `pairs` up to `end`. */
export function millerLoop(pairs: usize, end: usize, f: usize): void {
  lines = take(2 * LINE_SIZE)
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
      byLine(pair, f)
      if (((X >> i) & 1) == 0) continue
      additionStep(pair + PAIR_T, pair + PAIR_Q, pair, nextLine())
      byLine(pair, f)
    }
    if (waiting) fp12MulByLine(f, lines)
    waiting = false
  }
  drop(2 * LINE_SIZE)
}

function nextLine(): usize {
  return lines + (waiting ? LINE_SIZE : 0)
}

/** f times the value of the line that was made last, now or with the next one. */
function byLine(pair: usize, f: usize): void {
  if (load<u32>(pair, PAIR_SKIP) != 0) return
  if (waiting) fp12MulByLines(f, lines, lines + LINE_SIZE)
  waiting = !waiting
}
