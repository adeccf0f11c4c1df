import { feMul, feSqr } from './field'
import { feAdd, feInvert, feIsZero, feNeg, PER_TOP } from './field-util'
import { IMAGINARY } from './fp2'
import { FE_SIZE } from './limbs'
import { MULTIPLES } from './tower-constants'

// Everything of Fp2 that is not a product: see field.ts for weights and sizes. "Settled" results have weight 1 and are
// below 2.1 p in size. xi = 9 + i.

export function fp2Copy(a: usize, out: usize): void {
  v128.store(out, v128.load(a))
  v128.store(out, v128.load(a, 16), 16)
  v128.store(out, v128.load(a, 32), 32)
  v128.store(out, v128.load(a, 48), 48)
  v128.store(out, v128.load(a, 64), 64)
}

/** out = a + b. */
export function fp2Add(a: usize, b: usize, out: usize): void {
  v128.store(out, i32x4.add(v128.load(a), v128.load(b)))
  v128.store(out, i32x4.add(v128.load(a, 16), v128.load(b, 16)), 16)
  v128.store(out, i32x4.add(v128.load(a, 32), v128.load(b, 32)), 32)
  v128.store(out, i32x4.add(v128.load(a, 48), v128.load(b, 48)), 48)
  v128.store(out, i32x4.add(v128.load(a, 64), v128.load(b, 64)), 64)
}

/** out = a - b. */
export function fp2Sub(a: usize, b: usize, out: usize): void {
  v128.store(out, i32x4.sub(v128.load(a), v128.load(b)))
  v128.store(out, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16)
  v128.store(out, i32x4.sub(v128.load(a, 32), v128.load(b, 32)), 32)
  v128.store(out, i32x4.sub(v128.load(a, 48), v128.load(b, 48)), 48)
  v128.store(out, i32x4.sub(v128.load(a, 64), v128.load(b, 64)), 64)
}

export function fp2Neg(a: usize, out: usize): void {
  v128.store(out, i32x4.neg(v128.load(a)))
  v128.store(out, i32x4.neg(v128.load(a, 16)), 16)
  v128.store(out, i32x4.neg(v128.load(a, 32)), 32)
  v128.store(out, i32x4.neg(v128.load(a, 48)), 48)
  v128.store(out, i32x4.neg(v128.load(a, 64)), 64)
}

/** out = 2^log a. */
export function fp2Shift(a: usize, log: i32, out: usize): void {
  v128.store(out, i32x4.shl(v128.load(a), log))
  v128.store(out, i32x4.shl(v128.load(a, 16), log), 16)
  v128.store(out, i32x4.shl(v128.load(a, 32), log), 32)
  v128.store(out, i32x4.shl(v128.load(a, 48), log), 48)
  v128.store(out, i32x4.shl(v128.load(a, 64), log), 64)
}

/** out = a^p. */
export function fp2Conjugate(a: usize, out: usize): void {
  fp2Copy(a, out)
  feNeg(out + IMAGINARY, out + IMAGINARY)
}

/** out = a e, e an element of Fp. */
export function fp2MulFe(a: usize, e: usize, out: usize): void {
  feMul(a, e, out)
  feMul(a + IMAGINARY, e, out + IMAGINARY)
}

// Settling. Limbs up to 6 * 2^28 in size, and a few more, are first made less by those of the multiple of 4 p that
// brings the element below 2.1 p, then each gives what it is beyond 2^28 to the next one, all at once. That is at most
// 4, so that limbs end within 2^28 + 4.

/** The vectors of real limbs 0 to 3, 4 to 7, 8 and a gap and imaginary limbs 0 and 1, 2 to 5, 6 to 8 and a gap. */
// @ts-ignore: decorator
@inline
function settle(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, out: usize): void {
  const m = multiple(i32x4.extract_lane(x2, 0))
  const n = multiple(i32x4.extract_lane(x4, 2))
  carry(
    i32x4.sub(x0, v128.load(m)),
    i32x4.sub(x1, v128.load(m, 16)),
    i32x4.sub(x2, v128.load64_lane(n, v128.load64_zero(m, 32), 1)),
    i32x4.sub(x3, v128.load(n, 8)),
    i32x4.sub(x4, v128.load(n, 24)),
    out,
  )
}

/** The multiple of 4 p next to an element with this limb 8, at most 12 of them. */
// @ts-ignore: decorator
@inline
function multiple(top: i32): usize {
  return MULTIPLES + (<usize>((<i64>top * PER_TOP + ((<i64>1) << 41)) >> 42) + 12) * FE_SIZE
}

// @ts-ignore: decorator
@inline
function carry(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, out: usize): void {
  // Limb 8 keeps what it has, and the gaps give nothing.
  const c0 = beyond(x0)
  const c1 = beyond(x1)
  const c2 = v128.and(beyond(x2), i32x4(0, 0, -1, -1))
  const c3 = beyond(x3)
  const c4 = v128.and(beyond(x4), i32x4(-1, -1, 0, 0))
  v128.store(out, carried(x0, c0, i32x4.splat(0)))
  v128.store(out, carried(x1, c1, c0), 16)
  v128.store(out, carried(x2, c2, c1), 32)
  v128.store(out, carried(x3, c3, c2), 48)
  v128.store(out, carried(x4, c4, c3), 64)
}

// @ts-ignore: decorator
@inline
function beyond(x: v128): v128 {
  return i32x4.shr_s(i32x4.add(x, i32x4.splat(0x1000_0000)), 29)
}

// @ts-ignore: decorator
@inline
function carried(x: v128, c: v128, below: v128): v128 {
  return i32x4.add(i32x4.sub(x, i32x4.shl(c, 29)), v128.shuffle<i32>(below, c, 3, 4, 5, 6))
}

/** out = a + b, settled; the weights of a and b are 5 together. */
export function fp2AddSettled(a: usize, b: usize, out: usize): void {
  settle(
    i32x4.add(v128.load(a), v128.load(b)),
    i32x4.add(v128.load(a, 16), v128.load(b, 16)),
    i32x4.add(v128.load(a, 32), v128.load(b, 32)),
    i32x4.add(v128.load(a, 48), v128.load(b, 48)),
    i32x4.add(v128.load(a, 64), v128.load(b, 64)),
    out,
  )
}

// @ts-ignore: decorator
@inline
function combination(n: v128, a: usize, m: v128, b: usize, offset: usize): v128 {
  return i32x4.add(i32x4.mul(n, v128.load(a + offset)), i32x4.mul(m, v128.load(b + offset)))
}

/** out = n a + m b, settled, for a and b of weight 1; n and m are at most 5 together in size. */
export function fp2Combine(n: i32, a: usize, m: i32, b: usize, out: usize): void {
  const nn = i32x4.splat(n)
  const mm = i32x4.splat(m)
  settle(
    combination(nn, a, mm, b, 0),
    combination(nn, a, mm, b, 16),
    combination(nn, a, mm, b, 32),
    combination(nn, a, mm, b, 48),
    combination(nn, a, mm, b, 64),
    out,
  )
}

// @ts-ignore: decorator
@inline
function difference(a: usize, b: usize, c: usize, offset: usize): v128 {
  return i32x4.sub(i32x4.sub(v128.load(a + offset), v128.load(b + offset)), v128.load(c + offset))
}

/** out = a - b - c, settled. */
export function fp2SubTwo(a: usize, b: usize, c: usize, out: usize): void {
  settle(
    difference(a, b, c, 0),
    difference(a, b, c, 16),
    difference(a, b, c, 32),
    difference(a, b, c, 48),
    difference(a, b, c, 64),
    out,
  )
}

/** out = xi a + b, settled, for a and b of weight 1. */
export function fp2XiAdd(a: usize, b: usize, out: usize): void {
  // The real part gets 9 a0 - a1, the imaginary one 9 a1 + a0: 3 a without what its limbs are beyond 2^28, three times.
  const sign = i32x4(-1, -1, 0, 0)
  const s0 = i32x4.sub(v128.load(b), v128.load(a, 40))
  const s1 = i32x4.sub(v128.load(b, 16), v128.load(a, 56))
  const s2 = v128.xor(v128.load64_lane(a, v128.load64_zero(a, 72), 1), sign)
  const s3 = i32x4.add(v128.load(b, 48), v128.load(a, 8))
  const s4 = i32x4.add(v128.load(b, 64), v128.load(a, 24))
  const t2 = i32x4.add(v128.load(b, 32), i32x4.sub(s2, sign))
  carry(
    thrice(v128.load(a)),
    thrice(v128.load(a, 16)),
    thrice(v128.load(a, 32)),
    thrice(v128.load(a, 48)),
    thrice(v128.load(a, 64)),
    out,
  )
  settle(
    i32x4.add(thrice(v128.load(out)), s0),
    i32x4.add(thrice(v128.load(out, 16)), s1),
    i32x4.add(thrice(v128.load(out, 32)), t2),
    i32x4.add(thrice(v128.load(out, 48)), s3),
    i32x4.add(thrice(v128.load(out, 64)), s4),
    out,
  )
}

// @ts-ignore: decorator
@inline
function thrice(x: v128): v128 {
  return i32x4.add(x, i32x4.shl(x, 1))
}

/** out = 1 / a. `scratch`: 2 elements and what feInvert needs. */
export function fp2Invert(a: usize, out: usize, scratch: usize): void {
  const norm = scratch
  const square = scratch + FE_SIZE
  feSqr(a, norm)
  feSqr(a + IMAGINARY, square)
  feAdd(norm, square, norm)
  feInvert(norm, norm, square)
  feMul(a, norm, out)
  feNeg(norm, norm)
  feMul(a + IMAGINARY, norm, out + IMAGINARY)
}

export function fp2IsZero(a: usize, scratch: usize): bool {
  return feIsZero(a, scratch) && feIsZero(a + IMAGINARY, scratch)
}
