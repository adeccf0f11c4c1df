import { FE_SIZE, feMul, feSqr, limb } from './field'
import { feAdd, feInvert, feIsZero, feNeg, settle } from './field-util'
import { IMAGINARY } from './fp2'

// Everything of Fp2 that is not a product: see field.ts for weights and sizes. "Settled" results have weight 1 and are
// below 0.51 p in size. xi = 9 + i.

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

function feCombine(n: i64, a: usize, m: i64, b: usize, out: usize): void {
  settle(
    n * limb(a, 0) + m * limb(b, 0),
    n * limb(a, 4) + m * limb(b, 4),
    n * limb(a, 8) + m * limb(b, 8),
    n * limb(a, 12) + m * limb(b, 12),
    n * limb(a, 16) + m * limb(b, 16),
    n * limb(a, 20) + m * limb(b, 20),
    n * limb(a, 24) + m * limb(b, 24),
    n * limb(a, 28) + m * limb(b, 28),
    n * limb(a, 32) + m * limb(b, 32),
    out,
  )
}

/** out = n a + m b, settled, for small numbers n and m. */
export function fp2Combine(n: i64, a: usize, m: i64, b: usize, out: usize): void {
  feCombine(n, a, m, b, out)
  feCombine(n, a + IMAGINARY, m, b + IMAGINARY, out + IMAGINARY)
}

function feSubTwo(a: usize, b: usize, c: usize, out: usize): void {
  settle(
    limb(a, 0) - limb(b, 0) - limb(c, 0),
    limb(a, 4) - limb(b, 4) - limb(c, 4),
    limb(a, 8) - limb(b, 8) - limb(c, 8),
    limb(a, 12) - limb(b, 12) - limb(c, 12),
    limb(a, 16) - limb(b, 16) - limb(c, 16),
    limb(a, 20) - limb(b, 20) - limb(c, 20),
    limb(a, 24) - limb(b, 24) - limb(c, 24),
    limb(a, 28) - limb(b, 28) - limb(c, 28),
    limb(a, 32) - limb(b, 32) - limb(c, 32),
    out,
  )
}

/** out = a - b - c, settled. */
export function fp2SubTwo(a: usize, b: usize, c: usize, out: usize): void {
  feSubTwo(a, b, c, out)
  feSubTwo(a + IMAGINARY, b + IMAGINARY, c + IMAGINARY, out + IMAGINARY)
}

/** out = xi a + b, settled. */
export function fp2XiAdd(a: usize, b: usize, out: usize): void {
  const r0 = limb(a, 0)
  const s0 = limb(a, 40)
  const r1 = limb(a, 4)
  const s1 = limb(a, 44)
  const r2 = limb(a, 8)
  const s2 = limb(a, 48)
  const r3 = limb(a, 12)
  const s3 = limb(a, 52)
  const r4 = limb(a, 16)
  const s4 = limb(a, 56)
  const r5 = limb(a, 20)
  const s5 = limb(a, 60)
  const r6 = limb(a, 24)
  const s6 = limb(a, 64)
  const r7 = limb(a, 28)
  const s7 = limb(a, 68)
  const r8 = limb(a, 32)
  const s8 = limb(a, 72)
  settle(
    9 * r0 - s0 + limb(b, 0),
    9 * r1 - s1 + limb(b, 4),
    9 * r2 - s2 + limb(b, 8),
    9 * r3 - s3 + limb(b, 12),
    9 * r4 - s4 + limb(b, 16),
    9 * r5 - s5 + limb(b, 20),
    9 * r6 - s6 + limb(b, 24),
    9 * r7 - s7 + limb(b, 28),
    9 * r8 - s8 + limb(b, 32),
    out,
  )
  settle(
    9 * s0 + r0 + limb(b, 40),
    9 * s1 + r1 + limb(b, 44),
    9 * s2 + r2 + limb(b, 48),
    9 * s3 + r3 + limb(b, 52),
    9 * s4 + r4 + limb(b, 56),
    9 * s5 + r5 + limb(b, 60),
    9 * s6 + r6 + limb(b, 64),
    9 * s7 + r7 + limb(b, 68),
    9 * s8 + r8 + limb(b, 72),
    out + IMAGINARY,
  )
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
