import {
  fp2Add,
  fp2Invert,
  fp2Mul,
  fp2MulSubMul,
  fp2Neg,
  fp2Reduce,
  FP2_SIZE,
  fp2Xi,
  wide2Mul,
  wide2Sqr,
} from './fp2'
import { drop, take } from '../mem/stack'
import {
  wide2AddXi,
  wide2AddXiSubTwo,
  WIDE2_SIZE,
  wide2SubXi,
  wide2Xi,
  wideAdd,
  wideSub,
  wideSubTwo,
} from './wide'

// Fp6 = Fp2[v] / (v^3 - xi), xi = 1 + i: three elements of Fp2. Products are left wide, so that Fp12 reduces once for
// each of its elements. The product of factors of weights m and n has the weights 10, 8 and 6 m n. `out` may be one
// of the inputs where it is an element.

export const FP6_SIZE: usize = 3 * FP2_SIZE
const C1: usize = FP2_SIZE
const C2: usize = 2 * FP2_SIZE
export const WIDE6_SIZE: usize = 3 * WIDE2_SIZE
const W1: usize = WIDE2_SIZE
const W2: usize = 2 * WIDE2_SIZE

/** out = (a + b)(c + d). */
function mulSums(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  const s = take(2 * FP2_SIZE)
  fp2Add(a, b, s)
  fp2Add(c, d, s + FP2_SIZE)
  wide2Mul(s, s + FP2_SIZE, out)
  drop(2 * FP2_SIZE)
}

/** out = a b (Karatsuba), for factors of weight up to 3. */
export function wide6Mul(a: usize, b: usize, out: usize): void {
  const v1 = take(3 * WIDE2_SIZE)
  const v2 = v1 + WIDE2_SIZE
  const x = v2 + WIDE2_SIZE
  wide2Mul(a, b, out)
  wide2Mul(a + C1, b + C1, v1)
  wide2Mul(a + C2, b + C2, v2)
  // (a0 + a1)(b0 + b1) - v0 - v1 + xi v2 and (a0 + a2)(b0 + b2) - v0 - v2 + v1.
  mulSums(a, a + C1, b, b + C1, x)
  wideSubTwo(x, out, v1, x, WIDE2_SIZE)
  wide2AddXi(x, v2, out + W1)
  mulSums(a, a + C2, b, b + C2, x)
  wideSubTwo(x, out, v2, x, WIDE2_SIZE)
  wideAdd(x, v1, out + W2, WIDE2_SIZE)
  // v0 + xi ((a1 + a2)(b1 + b2) - v1 - v2).
  mulSums(a + C1, a + C2, b + C1, b + C2, x)
  wide2AddXiSubTwo(out, x, v1, v2, out)
  drop(3 * WIDE2_SIZE)
}

/** out = a (b0 + b1 v). */
export function wide6MulBy01(a: usize, b0: usize, b1: usize, out: usize): void {
  const v1 = take(2 * WIDE2_SIZE)
  const x = v1 + WIDE2_SIZE
  // v0 + xi a2 b1, (a0 + a1)(b0 + b1) - v0 - v1, a2 b0 + v1.
  wide2Mul(a, b0, out)
  wide2Mul(a + C1, b1, v1)
  mulSums(a, a + C1, b0, b1, x)
  wideSubTwo(x, out, v1, out + W1, WIDE2_SIZE)
  wide2Mul(a + C2, b1, x)
  wide2AddXi(out, x, out)
  wide2Mul(a + C2, b0, x)
  wideAdd(x, v1, out + W2, WIDE2_SIZE)
  drop(2 * WIDE2_SIZE)
}

/** out = a + v b; `out` is not b. */
export function wide6AddShifted(a: usize, b: usize, out: usize): void {
  wide2AddXi(a, b + W2, out)
  wideAdd(a + W1, b, out + W1, 2 * WIDE2_SIZE)
}

/** out = a - v b; `out` is not b. */
export function wide6SubShifted(a: usize, b: usize, out: usize): void {
  wide2SubXi(a, b + W2, out)
  wideSub(a + W1, b, out + W1, 2 * WIDE2_SIZE)
}

/** out = v a; `out` is not a. */
export function wide6Shift(a: usize, out: usize): void {
  wide2Xi(a + W2, out)
  memory.copy(out + W1, a, 2 * WIDE2_SIZE)
}

export function fp6Reduce(w: usize, out: usize): void {
  for (let i: usize = 0; i < 3; i++) fp2Reduce(w + i * WIDE2_SIZE, out + i * FP2_SIZE)
}

export function fp6Add(a: usize, b: usize, out: usize): void {
  for (let i: usize = 0; i < FP6_SIZE; i += FP2_SIZE) fp2Add(a + i, b + i, out + i)
}

/** out = a + v b; `out` is neither. */
export function fp6AddShifted(a: usize, b: usize, out: usize): void {
  fp2Xi(b + C2, out)
  fp2Add(a, out, out)
  fp2Add(a + C1, b, out + C1)
  fp2Add(a + C2, b + C1, out + C2)
}

export function fp6Neg(a: usize, out: usize): void {
  for (let i: usize = 0; i < FP6_SIZE; i += FP2_SIZE) fp2Neg(a + i, out + i)
}

/** out = 1 / a. */
export function fp6Invert(a: usize, out: usize): void {
  const x = take(FP6_SIZE + FP2_SIZE)
  const y = x + C1
  const z = x + C2
  const f = x + FP6_SIZE
  const w = take(2 * WIDE2_SIZE)
  const u = w + WIDE2_SIZE
  // x = a0^2 - xi a1 a2, y = xi a2^2 - a0 a1, z = a1^2 - a0 a2; 1 / a = (x, y, z) / (a0 x + xi (a2 y + a1 z)).
  fp2Neg(a + C2, f)
  wide2Mul(a + C1, f, w)
  wide2Sqr(a, u)
  wide2AddXi(u, w, u)
  fp2Reduce(u, x)
  wide2Sqr(a + C2, w)
  fp2Neg(a, f)
  wide2Mul(f, a + C1, u)
  wide2AddXi(u, w, u)
  fp2Reduce(u, y)
  fp2MulSubMul(a + C1, a + C1, a, a + C2, z)
  wide2Mul(a + C2, y, w)
  wide2Mul(a + C1, z, u)
  wideAdd(w, u, w, WIDE2_SIZE)
  wide2Mul(a, x, u)
  wide2AddXi(u, w, u)
  fp2Reduce(u, f)
  fp2Invert(f, f)
  fp2Mul(x, f, out)
  fp2Mul(y, f, out + C1)
  fp2Mul(z, f, out + C2)
  drop(2 * WIDE2_SIZE)
  drop(FP6_SIZE + FP2_SIZE)
}
