import { fp2Mul, fp2MulAdd, FP2_SIZE, fp2Sqr } from './fp2'
import { fp2Add, fp2AddSettled, fp2Invert, fp2Neg, fp2Sub, fp2SubTwo, fp2XiAdd } from './fp2-util'

// Fp6 = Fp2[v] / (v^3 - xi): three elements of Fp2. Elements that are kept are reduced (weight 1, below 4 p): what is
// summed up here without being settled is in the comments. `out` may be one of the inputs.

export const FP6_SIZE: usize = 3 * FP2_SIZE
const C1: usize = FP2_SIZE
const C2: usize = 2 * FP2_SIZE
/** Bytes of scratch memory that the functions here need, fp6Invert aside. */
export const FP6_SCRATCH: usize = 8 * FP2_SIZE

/** out = a b (Karatsuba). */
export function fp6Mul(a: usize, b: usize, out: usize, scratch: usize): void {
  const v0 = scratch
  const v1 = scratch + FP2_SIZE
  const v2 = scratch + 2 * FP2_SIZE
  const s = scratch + 3 * FP2_SIZE
  const t = scratch + 4 * FP2_SIZE
  const l = scratch + 5 * FP2_SIZE
  const x0 = scratch + 6 * FP2_SIZE
  const x1 = scratch + 7 * FP2_SIZE
  // Between -0.2 and 1.4; those of sums, of weight 8, between -0.8 and 2.
  fp2Mul(a, b, v0)
  fp2Mul(a + C1, b + C1, v1)
  fp2Mul(a + C2, b + C2, v2)
  // x0 = (a1 + a2)(b1 + b2) - v1 - v2, x1 = (a0 + a1)(b0 + b1) - v0 - v1.
  fp2Add(a + C1, a + C2, s)
  fp2Add(b + C1, b + C2, t)
  sum(v1, v2, l)
  fp2MulAdd(s, t, l, x0)
  fp2Add(a, a + C1, s)
  fp2Add(b, b + C1, t)
  sum(v0, v1, l)
  fp2MulAdd(s, t, l, x1)
  fp2Add(a, a + C2, s)
  fp2Add(b, b + C2, t)
  // (a0 + a2)(b0 + b2) - v0 - v2 + v1: between -3.8 and 3.8.
  sum(v0, v2, l)
  fp2Add(l, v1, l)
  fp2MulAdd(s, t, l, out + C2)
  fp2XiAdd(x0, v0, out)
  fp2XiAdd(v2, x1, out + C1)
}

/** out = -a - b. */
// @ts-ignore: decorator
@inline
function sum(a: usize, b: usize, out: usize): void {
  fp2Add(a, b, out)
  fp2Neg(out, out)
}

/** out = a (b0 + b1 v), b0 of weight up to 2. */
export function fp6MulBy01(a: usize, b0: usize, b1: usize, out: usize, scratch: usize): void {
  const v0 = scratch
  const v1 = scratch + FP2_SIZE
  const s = scratch + 2 * FP2_SIZE
  const t = scratch + 3 * FP2_SIZE
  const l = scratch + 4 * FP2_SIZE
  const x0 = scratch + 5 * FP2_SIZE
  // Of weights 4 and 2: v0 between -0.4 and 1.6.
  fp2Mul(a, b0, v0)
  fp2Mul(a + C1, b1, v1)
  // x0 = (a1 + a2) b1 - v1.
  fp2Add(a + C1, a + C2, s)
  fp2Neg(v1, l)
  fp2MulAdd(s, b1, l, x0)
  // (a0 + a2) b0 - v0 + v1, of weight 8: between -2.5 and 3.7.
  fp2Add(a, a + C2, s)
  fp2Sub(v1, v0, l)
  fp2MulAdd(s, b0, l, out + C2)
  // (a0 + a1)(b0 + b1) - v0 - v1, of weight 12: between -4 and 2.9.
  fp2Add(a, a + C1, s)
  fp2Add(b0, b1, t)
  sum(v0, v1, l)
  fp2MulAdd(s, t, l, out + C1)
  fp2XiAdd(x0, v0, out)
}

/** out = 1 / a. `scratch`: 6 elements of Fp2, and what fp2Invert needs. */
export function fp6Invert(a: usize, out: usize, scratch: usize): void {
  const x = scratch
  const y = scratch + FP2_SIZE
  const z = scratch + 2 * FP2_SIZE
  const s = scratch + 3 * FP2_SIZE
  const t = scratch + 4 * FP2_SIZE
  const f = scratch + 5 * FP2_SIZE
  const rest = scratch + 6 * FP2_SIZE
  // x = a0^2 - xi a1 a2, y = xi a2^2 - a0 a1, z = a1^2 - a0 a2; 1 / a = (x, y, z) / (a0 x + xi (a2 y + a1 z)).
  fp2Neg(a + C2, s)
  fp2Mul(a + C1, s, t)
  fp2Sqr(a, x)
  fp2XiAdd(t, x, x)
  fp2Neg(a, s)
  fp2Mul(s, a + C1, t)
  fp2Sqr(a + C2, y)
  fp2XiAdd(y, t, y)
  fp2Mul(s, a + C2, t)
  fp2Sqr(a + C1, z)
  fp2AddSettled(z, t, z)
  fp2Mul(a + C1, z, t)
  fp2MulAdd(a + C2, y, t, t)
  fp2Mul(a, x, f)
  fp2XiAdd(t, f, f)
  fp2Invert(f, f, rest)
  fp2Mul(x, f, out)
  fp2Mul(y, f, out + C1)
  fp2Mul(z, f, out + C2)
}

/** out = a + b, settled. */
export function fp6Add(a: usize, b: usize, out: usize): void {
  for (let i: usize = 0; i < FP6_SIZE; i += FP2_SIZE) fp2AddSettled(a + i, b + i, out + i)
}

/** out = a - b - c, settled. */
export function fp6SubTwo(a: usize, b: usize, c: usize, out: usize): void {
  for (let i: usize = 0; i < FP6_SIZE; i += FP2_SIZE) fp2SubTwo(a + i, b + i, c + i, out + i)
}

/** out = a + v b, settled; `out` is not b. */
export function fp6AddShifted(a: usize, b: usize, out: usize): void {
  fp2XiAdd(b + C2, a, out)
  fp2AddSettled(a + C1, b, out + C1)
  fp2AddSettled(a + C2, b + C1, out + C2)
}

export function fp6Neg(a: usize, out: usize): void {
  for (let i: usize = 0; i < FP6_SIZE; i += FP2_SIZE) fp2Neg(a + i, out + i)
}
