import { limb, reduce } from './field'

// Products in Fp2 = Fp[i] / (i^2 + 1): a real and an imaginary element, one after the other. Four products and two
// reductions are faster than three products and two, of which one is used twice (Karatsuba). Bounds are those of
// field.ts; the product of factors of weights m and n has the weight 2 m n.

export const FP2_SIZE: usize = 80
export const IMAGINARY: usize = 40

/** out = a b + c, c of any small weight. */
export function fp2MulAdd(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0)
  const a1 = limb(a, 4)
  const a2 = limb(a, 8)
  const a3 = limb(a, 12)
  const a4 = limb(a, 16)
  const a5 = limb(a, 20)
  const a6 = limb(a, 24)
  const a7 = limb(a, 28)
  const a8 = limb(a, 32)
  const b0 = limb(b, 0)
  const b1 = limb(b, 4)
  const b2 = limb(b, 8)
  const b3 = limb(b, 12)
  const b4 = limb(b, 16)
  const b5 = limb(b, 20)
  const b6 = limb(b, 24)
  const b7 = limb(b, 28)
  const b8 = limb(b, 32)
  const x0 = limb(a, 40)
  const x1 = limb(a, 44)
  const x2 = limb(a, 48)
  const x3 = limb(a, 52)
  const x4 = limb(a, 56)
  const x5 = limb(a, 60)
  const x6 = limb(a, 64)
  const x7 = limb(a, 68)
  const x8 = limb(a, 72)
  const y0 = limb(b, 40)
  const y1 = limb(b, 44)
  const y2 = limb(b, 48)
  const y3 = limb(b, 52)
  const y4 = limb(b, 56)
  const y5 = limb(b, 60)
  const y6 = limb(b, 64)
  const y7 = limb(b, 68)
  const y8 = limb(b, 72)
  reduce(
    a0 * b0 - (x0 * y0),
    a0 * b1 + a1 * b0 - (x0 * y1 + x1 * y0),
    a0 * b2 + a1 * b1 + a2 * b0 - (x0 * y2 + x1 * y1 + x2 * y0),
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0),
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0),
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 - (x0 * y5 + x1 * y4 + x2 * y3 + x3 * y2 + x4 * y1 +
      x5 * y0),
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 - (x0 * y6 + x1 * y5 + x2 * y4 + x3 * y3 +
      x4 * y2 + x5 * y1 + x6 * y0),
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 - (x0 * y7 + x1 * y6 + x2 * y5 +
      x3 * y4 + x4 * y3 + x5 * y2 + x6 * y1 + x7 * y0),
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 - (x0 * y8 + x1 * y7 +
      x2 * y6 + x3 * y5 + x4 * y4 + x5 * y3 + x6 * y2 + x7 * y1 + x8 * y0),
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 - (x1 * y8 + x2 * y7 + x3 * y6 +
      x4 * y5 + x5 * y4 + x6 * y3 + x7 * y2 + x8 * y1) + limb(c, 0),
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 - (x2 * y8 + x3 * y7 + x4 * y6 + x5 * y5 +
      x6 * y4 + x7 * y3 + x8 * y2) + limb(c, 4),
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 - (x3 * y8 + x4 * y7 + x5 * y6 + x6 * y5 + x7 * y4 +
      x8 * y3) + limb(c, 8),
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 - (x4 * y8 + x5 * y7 + x6 * y6 + x7 * y5 + x8 * y4) + limb(c, 12),
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 - (x5 * y8 + x6 * y7 + x7 * y6 + x8 * y5) + limb(c, 16),
    a6 * b8 + a7 * b7 + a8 * b6 - (x6 * y8 + x7 * y7 + x8 * y6) + limb(c, 20),
    a7 * b8 + a8 * b7 - (x7 * y8 + x8 * y7) + limb(c, 24),
    a8 * b8 - (x8 * y8) + limb(c, 28),
    limb(c, 32),
    out,
  )
  reduce(
    a0 * y0 + x0 * b0,
    a0 * y1 + a1 * y0 + x0 * b1 + x1 * b0,
    a0 * y2 + a1 * y1 + a2 * y0 + x0 * b2 + x1 * b1 + x2 * b0,
    a0 * y3 + a1 * y2 + a2 * y1 + a3 * y0 + x0 * b3 + x1 * b2 + x2 * b1 + x3 * b0,
    a0 * y4 + a1 * y3 + a2 * y2 + a3 * y1 + a4 * y0 + x0 * b4 + x1 * b3 + x2 * b2 + x3 * b1 + x4 * b0,
    a0 * y5 + a1 * y4 + a2 * y3 + a3 * y2 + a4 * y1 + a5 * y0 + x0 * b5 + x1 * b4 + x2 * b3 + x3 * b2 + x4 * b1 +
      x5 * b0,
    a0 * y6 + a1 * y5 + a2 * y4 + a3 * y3 + a4 * y2 + a5 * y1 + a6 * y0 + x0 * b6 + x1 * b5 + x2 * b4 + x3 * b3 +
      x4 * b2 + x5 * b1 + x6 * b0,
    a0 * y7 + a1 * y6 + a2 * y5 + a3 * y4 + a4 * y3 + a5 * y2 + a6 * y1 + a7 * y0 + x0 * b7 + x1 * b6 + x2 * b5 +
      x3 * b4 + x4 * b3 + x5 * b2 + x6 * b1 + x7 * b0,
    a0 * y8 + a1 * y7 + a2 * y6 + a3 * y5 + a4 * y4 + a5 * y3 + a6 * y2 + a7 * y1 + a8 * y0 + x0 * b8 + x1 * b7 +
      x2 * b6 + x3 * b5 + x4 * b4 + x5 * b3 + x6 * b2 + x7 * b1 + x8 * b0,
    a1 * y8 + a2 * y7 + a3 * y6 + a4 * y5 + a5 * y4 + a6 * y3 + a7 * y2 + a8 * y1 + x1 * b8 + x2 * b7 + x3 * b6 +
      x4 * b5 + x5 * b4 + x6 * b3 + x7 * b2 + x8 * b1 + limb(c, 40),
    a2 * y8 + a3 * y7 + a4 * y6 + a5 * y5 + a6 * y4 + a7 * y3 + a8 * y2 + x2 * b8 + x3 * b7 + x4 * b6 + x5 * b5 +
      x6 * b4 + x7 * b3 + x8 * b2 + limb(c, 44),
    a3 * y8 + a4 * y7 + a5 * y6 + a6 * y5 + a7 * y4 + a8 * y3 + x3 * b8 + x4 * b7 + x5 * b6 + x6 * b5 + x7 * b4 +
      x8 * b3 + limb(c, 48),
    a4 * y8 + a5 * y7 + a6 * y6 + a7 * y5 + a8 * y4 + x4 * b8 + x5 * b7 + x6 * b6 + x7 * b5 + x8 * b4 + limb(c, 52),
    a5 * y8 + a6 * y7 + a7 * y6 + a8 * y5 + x5 * b8 + x6 * b7 + x7 * b6 + x8 * b5 + limb(c, 56),
    a6 * y8 + a7 * y7 + a8 * y6 + x6 * b8 + x7 * b7 + x8 * b6 + limb(c, 60),
    a7 * y8 + a8 * y7 + x7 * b8 + x8 * b7 + limb(c, 64),
    a8 * y8 + x8 * b8 + limb(c, 68),
    limb(c, 72),
    out + IMAGINARY,
  )
}

/** out = a b. */
export function fp2Mul(a: usize, b: usize, out: usize): void {
  const a0 = limb(a, 0)
  const a1 = limb(a, 4)
  const a2 = limb(a, 8)
  const a3 = limb(a, 12)
  const a4 = limb(a, 16)
  const a5 = limb(a, 20)
  const a6 = limb(a, 24)
  const a7 = limb(a, 28)
  const a8 = limb(a, 32)
  const b0 = limb(b, 0)
  const b1 = limb(b, 4)
  const b2 = limb(b, 8)
  const b3 = limb(b, 12)
  const b4 = limb(b, 16)
  const b5 = limb(b, 20)
  const b6 = limb(b, 24)
  const b7 = limb(b, 28)
  const b8 = limb(b, 32)
  const x0 = limb(a, 40)
  const x1 = limb(a, 44)
  const x2 = limb(a, 48)
  const x3 = limb(a, 52)
  const x4 = limb(a, 56)
  const x5 = limb(a, 60)
  const x6 = limb(a, 64)
  const x7 = limb(a, 68)
  const x8 = limb(a, 72)
  const y0 = limb(b, 40)
  const y1 = limb(b, 44)
  const y2 = limb(b, 48)
  const y3 = limb(b, 52)
  const y4 = limb(b, 56)
  const y5 = limb(b, 60)
  const y6 = limb(b, 64)
  const y7 = limb(b, 68)
  const y8 = limb(b, 72)
  reduce(
    a0 * b0 - (x0 * y0),
    a0 * b1 + a1 * b0 - (x0 * y1 + x1 * y0),
    a0 * b2 + a1 * b1 + a2 * b0 - (x0 * y2 + x1 * y1 + x2 * y0),
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0),
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0),
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 - (x0 * y5 + x1 * y4 + x2 * y3 + x3 * y2 + x4 * y1 +
      x5 * y0),
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 - (x0 * y6 + x1 * y5 + x2 * y4 + x3 * y3 +
      x4 * y2 + x5 * y1 + x6 * y0),
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 - (x0 * y7 + x1 * y6 + x2 * y5 +
      x3 * y4 + x4 * y3 + x5 * y2 + x6 * y1 + x7 * y0),
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 - (x0 * y8 + x1 * y7 +
      x2 * y6 + x3 * y5 + x4 * y4 + x5 * y3 + x6 * y2 + x7 * y1 + x8 * y0),
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 - (x1 * y8 + x2 * y7 + x3 * y6 +
      x4 * y5 + x5 * y4 + x6 * y3 + x7 * y2 + x8 * y1),
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 - (x2 * y8 + x3 * y7 + x4 * y6 + x5 * y5 +
      x6 * y4 + x7 * y3 + x8 * y2),
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 - (x3 * y8 + x4 * y7 + x5 * y6 + x6 * y5 + x7 * y4 +
      x8 * y3),
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 - (x4 * y8 + x5 * y7 + x6 * y6 + x7 * y5 + x8 * y4),
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 - (x5 * y8 + x6 * y7 + x7 * y6 + x8 * y5),
    a6 * b8 + a7 * b7 + a8 * b6 - (x6 * y8 + x7 * y7 + x8 * y6),
    a7 * b8 + a8 * b7 - (x7 * y8 + x8 * y7),
    a8 * b8 - (x8 * y8),
    0,
    out,
  )
  reduce(
    a0 * y0 + x0 * b0,
    a0 * y1 + a1 * y0 + x0 * b1 + x1 * b0,
    a0 * y2 + a1 * y1 + a2 * y0 + x0 * b2 + x1 * b1 + x2 * b0,
    a0 * y3 + a1 * y2 + a2 * y1 + a3 * y0 + x0 * b3 + x1 * b2 + x2 * b1 + x3 * b0,
    a0 * y4 + a1 * y3 + a2 * y2 + a3 * y1 + a4 * y0 + x0 * b4 + x1 * b3 + x2 * b2 + x3 * b1 + x4 * b0,
    a0 * y5 + a1 * y4 + a2 * y3 + a3 * y2 + a4 * y1 + a5 * y0 + x0 * b5 + x1 * b4 + x2 * b3 + x3 * b2 + x4 * b1 +
      x5 * b0,
    a0 * y6 + a1 * y5 + a2 * y4 + a3 * y3 + a4 * y2 + a5 * y1 + a6 * y0 + x0 * b6 + x1 * b5 + x2 * b4 + x3 * b3 +
      x4 * b2 + x5 * b1 + x6 * b0,
    a0 * y7 + a1 * y6 + a2 * y5 + a3 * y4 + a4 * y3 + a5 * y2 + a6 * y1 + a7 * y0 + x0 * b7 + x1 * b6 + x2 * b5 +
      x3 * b4 + x4 * b3 + x5 * b2 + x6 * b1 + x7 * b0,
    a0 * y8 + a1 * y7 + a2 * y6 + a3 * y5 + a4 * y4 + a5 * y3 + a6 * y2 + a7 * y1 + a8 * y0 + x0 * b8 + x1 * b7 +
      x2 * b6 + x3 * b5 + x4 * b4 + x5 * b3 + x6 * b2 + x7 * b1 + x8 * b0,
    a1 * y8 + a2 * y7 + a3 * y6 + a4 * y5 + a5 * y4 + a6 * y3 + a7 * y2 + a8 * y1 + x1 * b8 + x2 * b7 + x3 * b6 +
      x4 * b5 + x5 * b4 + x6 * b3 + x7 * b2 + x8 * b1,
    a2 * y8 + a3 * y7 + a4 * y6 + a5 * y5 + a6 * y4 + a7 * y3 + a8 * y2 + x2 * b8 + x3 * b7 + x4 * b6 + x5 * b5 +
      x6 * b4 + x7 * b3 + x8 * b2,
    a3 * y8 + a4 * y7 + a5 * y6 + a6 * y5 + a7 * y4 + a8 * y3 + x3 * b8 + x4 * b7 + x5 * b6 + x6 * b5 + x7 * b4 +
      x8 * b3,
    a4 * y8 + a5 * y7 + a6 * y6 + a7 * y5 + a8 * y4 + x4 * b8 + x5 * b7 + x6 * b6 + x7 * b5 + x8 * b4,
    a5 * y8 + a6 * y7 + a7 * y6 + a8 * y5 + x5 * b8 + x6 * b7 + x7 * b6 + x8 * b5,
    a6 * y8 + a7 * y7 + a8 * y6 + x6 * b8 + x7 * b7 + x8 * b6,
    a7 * y8 + a8 * y7 + x7 * b8 + x8 * b7,
    a8 * y8 + x8 * b8,
    0,
    out + IMAGINARY,
  )
}

/** out = a^2. */
export function fp2Sqr(a: usize, out: usize): void {
  const a0 = limb(a, 0)
  const a1 = limb(a, 4)
  const a2 = limb(a, 8)
  const a3 = limb(a, 12)
  const a4 = limb(a, 16)
  const a5 = limb(a, 20)
  const a6 = limb(a, 24)
  const a7 = limb(a, 28)
  const a8 = limb(a, 32)
  const b0 = limb(a, 40)
  const b1 = limb(a, 44)
  const b2 = limb(a, 48)
  const b3 = limb(a, 52)
  const b4 = limb(a, 56)
  const b5 = limb(a, 60)
  const b6 = limb(a, 64)
  const b7 = limb(a, 68)
  const b8 = limb(a, 72)
  const d0 = a0 << 1
  const d1 = a1 << 1
  const d2 = a2 << 1
  const d3 = a3 << 1
  const d4 = a4 << 1
  const d5 = a5 << 1
  const d6 = a6 << 1
  const d7 = a7 << 1
  const d8 = a8 << 1
  const e0 = b0 << 1
  const e1 = b1 << 1
  const e2 = b2 << 1
  const e3 = b3 << 1
  const e4 = b4 << 1
  const e5 = b5 << 1
  const e6 = b6 << 1
  const e7 = b7 << 1
  reduce(
    a0 * a0 - (b0 * b0),
    d0 * a1 - (e0 * b1),
    d0 * a2 + a1 * a1 - (e0 * b2 + b1 * b1),
    d0 * a3 + d1 * a2 - (e0 * b3 + e1 * b2),
    d0 * a4 + d1 * a3 + a2 * a2 - (e0 * b4 + e1 * b3 + b2 * b2),
    d0 * a5 + d1 * a4 + d2 * a3 - (e0 * b5 + e1 * b4 + e2 * b3),
    d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 - (e0 * b6 + e1 * b5 + e2 * b4 + b3 * b3),
    d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 - (e0 * b7 + e1 * b6 + e2 * b5 + e3 * b4),
    d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4 - (e0 * b8 + e1 * b7 + e2 * b6 + e3 * b5 + b4 * b4),
    d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5 - (e1 * b8 + e2 * b7 + e3 * b6 + e4 * b5),
    d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5 - (e2 * b8 + e3 * b7 + e4 * b6 + b5 * b5),
    d3 * a8 + d4 * a7 + d5 * a6 - (e3 * b8 + e4 * b7 + e5 * b6),
    d4 * a8 + d5 * a7 + a6 * a6 - (e4 * b8 + e5 * b7 + b6 * b6),
    d5 * a8 + d6 * a7 - (e5 * b8 + e6 * b7),
    d6 * a8 + a7 * a7 - (e6 * b8 + b7 * b7),
    d7 * a8 - (e7 * b8),
    a8 * a8 - (b8 * b8),
    0,
    out,
  )
  reduce(
    d0 * b0,
    d0 * b1 + d1 * b0,
    d0 * b2 + d1 * b1 + d2 * b0,
    d0 * b3 + d1 * b2 + d2 * b1 + d3 * b0,
    d0 * b4 + d1 * b3 + d2 * b2 + d3 * b1 + d4 * b0,
    d0 * b5 + d1 * b4 + d2 * b3 + d3 * b2 + d4 * b1 + d5 * b0,
    d0 * b6 + d1 * b5 + d2 * b4 + d3 * b3 + d4 * b2 + d5 * b1 + d6 * b0,
    d0 * b7 + d1 * b6 + d2 * b5 + d3 * b4 + d4 * b3 + d5 * b2 + d6 * b1 + d7 * b0,
    d0 * b8 + d1 * b7 + d2 * b6 + d3 * b5 + d4 * b4 + d5 * b3 + d6 * b2 + d7 * b1 + d8 * b0,
    d1 * b8 + d2 * b7 + d3 * b6 + d4 * b5 + d5 * b4 + d6 * b3 + d7 * b2 + d8 * b1,
    d2 * b8 + d3 * b7 + d4 * b6 + d5 * b5 + d6 * b4 + d7 * b3 + d8 * b2,
    d3 * b8 + d4 * b7 + d5 * b6 + d6 * b5 + d7 * b4 + d8 * b3,
    d4 * b8 + d5 * b7 + d6 * b6 + d7 * b5 + d8 * b4,
    d5 * b8 + d6 * b7 + d7 * b6 + d8 * b5,
    d6 * b8 + d7 * b7 + d8 * b6,
    d7 * b8 + d8 * b7,
    d8 * b8,
    0,
    out + IMAGINARY,
  )
}
