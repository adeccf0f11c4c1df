// Compiled by benches and tests of the field only; the product's exports are in assembly/index.ts.
import { feMul, feSqr } from './field'
import { feFromWord, feNormalize, feSqrt, feToWord } from './field-util'
import { feInverse } from './generator'
export { ecrecover, ecrecoverBatch, recoverPublicKey } from './recover'
export { takeChunks } from '../mem/chunks'

/** out = op(a, b) on words in memory: 0 product, 1 square of a, 2 inverse of a, 3 square root of a; all modulo p. */
export function fieldTest(op: u32, a: usize, b: usize, out: usize, scratch: usize): void {
  const x = scratch
  const y = scratch + 40
  feFromWord(a, x)
  feFromWord(b, y)
  if (op == 0) feMul(x, y, y)
  else if (op == 1) feSqr(x, y)
  else if (op == 2) feInverse(x, y, scratch + 80)
  else feSqrt(x, y, scratch + 80)
  feNormalize(y, y)
  feToWord(y, out)
}

/** For benchmarks: a chain of `rounds` products or squares. */
export function fieldRepeat(op: u32, rounds: u32, scratch: usize): void {
  if (op == 0) for (let i: u32 = 0; i < rounds; i++) feMul(scratch, scratch + 40, scratch)
  else for (let i: u32 = 0; i < rounds; i++) feSqr(scratch, scratch)
}
