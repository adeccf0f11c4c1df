import { limb, reduce } from './field'

// Products in Fp2 = Fp[i] / (i^2 + 1): a real and an imaginary element, one after the other. With differences of parts,
// a0 b1 + a1 b0 = a0 b0 + a1 b1 - (a0 - a1)(b0 - b1) (Karatsuba). Columns are summed modulo 2^64, so only what they
// come to counts: the product of factors of weights m and n has the weight 2 m n, and the bounds are those of field.ts.

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
  const d0 = a0 - x0
  const e0 = b0 - y0
  const d1 = a1 - x1
  const e1 = b1 - y1
  const d2 = a2 - x2
  const e2 = b2 - y2
  const d3 = a3 - x3
  const e3 = b3 - y3
  const d4 = a4 - x4
  const e4 = b4 - y4
  const d5 = a5 - x5
  const e5 = b5 - y5
  const d6 = a6 - x6
  const e6 = b6 - y6
  const d7 = a7 - x7
  const e7 = b7 - y7
  const d8 = a8 - x8
  const e8 = b8 - y8
  const p0 = a0 * b0
  const s0 = x0 * y0
  const p1 = a0 * b1 + a1 * b0
  const s1 = x0 * y1 + x1 * y0
  const p2 = a0 * b2 + a1 * b1 + a2 * b0
  const s2 = x0 * y2 + x1 * y1 + x2 * y0
  const p3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  const s3 = x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0
  const p4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0
  const s4 = x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0
  const p5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0
  const s5 = x0 * y5 + x1 * y4 + x2 * y3 + x3 * y2 + x4 * y1 + x5 * y0
  const p6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0
  const s6 = x0 * y6 + x1 * y5 + x2 * y4 + x3 * y3 + x4 * y2 + x5 * y1 + x6 * y0
  const p7 = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0
  const s7 = x0 * y7 + x1 * y6 + x2 * y5 + x3 * y4 + x4 * y3 + x5 * y2 + x6 * y1 + x7 * y0
  const p8 = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0
  const s8 = x0 * y8 + x1 * y7 + x2 * y6 + x3 * y5 + x4 * y4 + x5 * y3 + x6 * y2 + x7 * y1 + x8 * y0
  const p9 = a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1
  const s9 = x1 * y8 + x2 * y7 + x3 * y6 + x4 * y5 + x5 * y4 + x6 * y3 + x7 * y2 + x8 * y1
  const p10 = a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2
  const s10 = x2 * y8 + x3 * y7 + x4 * y6 + x5 * y5 + x6 * y4 + x7 * y3 + x8 * y2
  const p11 = a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3
  const s11 = x3 * y8 + x4 * y7 + x5 * y6 + x6 * y5 + x7 * y4 + x8 * y3
  const p12 = a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4
  const s12 = x4 * y8 + x5 * y7 + x6 * y6 + x7 * y5 + x8 * y4
  const p13 = a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5
  const s13 = x5 * y8 + x6 * y7 + x7 * y6 + x8 * y5
  const p14 = a6 * b8 + a7 * b7 + a8 * b6
  const s14 = x6 * y8 + x7 * y7 + x8 * y6
  const p15 = a7 * b8 + a8 * b7
  const s15 = x7 * y8 + x8 * y7
  const p16 = a8 * b8
  const s16 = x8 * y8
  reduce(
    p0 - s0,
    p1 - s1,
    p2 - s2,
    p3 - s3,
    p4 - s4,
    p5 - s5,
    p6 - s6,
    p7 - s7,
    p8 - s8,
    p9 - s9 + limb(c, 0),
    p10 - s10 + limb(c, 4),
    p11 - s11 + limb(c, 8),
    p12 - s12 + limb(c, 12),
    p13 - s13 + limb(c, 16),
    p14 - s14 + limb(c, 20),
    p15 - s15 + limb(c, 24),
    p16 - s16 + limb(c, 28),
    limb(c, 32),
    out,
  )
  reduce(
    p0 + s0 - (d0 * e0),
    p1 + s1 - (d0 * e1 + d1 * e0),
    p2 + s2 - (d0 * e2 + d1 * e1 + d2 * e0),
    p3 + s3 - (d0 * e3 + d1 * e2 + d2 * e1 + d3 * e0),
    p4 + s4 - (d0 * e4 + d1 * e3 + d2 * e2 + d3 * e1 + d4 * e0),
    p5 + s5 - (d0 * e5 + d1 * e4 + d2 * e3 + d3 * e2 + d4 * e1 + d5 * e0),
    p6 + s6 - (d0 * e6 + d1 * e5 + d2 * e4 + d3 * e3 + d4 * e2 + d5 * e1 + d6 * e0),
    p7 + s7 - (d0 * e7 + d1 * e6 + d2 * e5 + d3 * e4 + d4 * e3 + d5 * e2 + d6 * e1 + d7 * e0),
    p8 + s8 - (d0 * e8 + d1 * e7 + d2 * e6 + d3 * e5 + d4 * e4 + d5 * e3 + d6 * e2 + d7 * e1 + d8 * e0),
    limb(c, 40) + p9 + s9 - (d1 * e8 + d2 * e7 + d3 * e6 + d4 * e5 + d5 * e4 + d6 * e3 + d7 * e2 + d8 * e1),
    limb(c, 44) + p10 + s10 - (d2 * e8 + d3 * e7 + d4 * e6 + d5 * e5 + d6 * e4 + d7 * e3 + d8 * e2),
    limb(c, 48) + p11 + s11 - (d3 * e8 + d4 * e7 + d5 * e6 + d6 * e5 + d7 * e4 + d8 * e3),
    limb(c, 52) + p12 + s12 - (d4 * e8 + d5 * e7 + d6 * e6 + d7 * e5 + d8 * e4),
    limb(c, 56) + p13 + s13 - (d5 * e8 + d6 * e7 + d7 * e6 + d8 * e5),
    limb(c, 60) + p14 + s14 - (d6 * e8 + d7 * e7 + d8 * e6),
    limb(c, 64) + p15 + s15 - (d7 * e8 + d8 * e7),
    limb(c, 68) + p16 + s16 - (d8 * e8),
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
  const d0 = a0 - x0
  const e0 = b0 - y0
  const d1 = a1 - x1
  const e1 = b1 - y1
  const d2 = a2 - x2
  const e2 = b2 - y2
  const d3 = a3 - x3
  const e3 = b3 - y3
  const d4 = a4 - x4
  const e4 = b4 - y4
  const d5 = a5 - x5
  const e5 = b5 - y5
  const d6 = a6 - x6
  const e6 = b6 - y6
  const d7 = a7 - x7
  const e7 = b7 - y7
  const d8 = a8 - x8
  const e8 = b8 - y8
  const p0 = a0 * b0
  const s0 = x0 * y0
  const p1 = a0 * b1 + a1 * b0
  const s1 = x0 * y1 + x1 * y0
  const p2 = a0 * b2 + a1 * b1 + a2 * b0
  const s2 = x0 * y2 + x1 * y1 + x2 * y0
  const p3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  const s3 = x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0
  const p4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0
  const s4 = x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0
  const p5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0
  const s5 = x0 * y5 + x1 * y4 + x2 * y3 + x3 * y2 + x4 * y1 + x5 * y0
  const p6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0
  const s6 = x0 * y6 + x1 * y5 + x2 * y4 + x3 * y3 + x4 * y2 + x5 * y1 + x6 * y0
  const p7 = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0
  const s7 = x0 * y7 + x1 * y6 + x2 * y5 + x3 * y4 + x4 * y3 + x5 * y2 + x6 * y1 + x7 * y0
  const p8 = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0
  const s8 = x0 * y8 + x1 * y7 + x2 * y6 + x3 * y5 + x4 * y4 + x5 * y3 + x6 * y2 + x7 * y1 + x8 * y0
  const p9 = a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1
  const s9 = x1 * y8 + x2 * y7 + x3 * y6 + x4 * y5 + x5 * y4 + x6 * y3 + x7 * y2 + x8 * y1
  const p10 = a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2
  const s10 = x2 * y8 + x3 * y7 + x4 * y6 + x5 * y5 + x6 * y4 + x7 * y3 + x8 * y2
  const p11 = a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3
  const s11 = x3 * y8 + x4 * y7 + x5 * y6 + x6 * y5 + x7 * y4 + x8 * y3
  const p12 = a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4
  const s12 = x4 * y8 + x5 * y7 + x6 * y6 + x7 * y5 + x8 * y4
  const p13 = a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5
  const s13 = x5 * y8 + x6 * y7 + x7 * y6 + x8 * y5
  const p14 = a6 * b8 + a7 * b7 + a8 * b6
  const s14 = x6 * y8 + x7 * y7 + x8 * y6
  const p15 = a7 * b8 + a8 * b7
  const s15 = x7 * y8 + x8 * y7
  const p16 = a8 * b8
  const s16 = x8 * y8
  reduce(
    p0 - s0,
    p1 - s1,
    p2 - s2,
    p3 - s3,
    p4 - s4,
    p5 - s5,
    p6 - s6,
    p7 - s7,
    p8 - s8,
    p9 - s9,
    p10 - s10,
    p11 - s11,
    p12 - s12,
    p13 - s13,
    p14 - s14,
    p15 - s15,
    p16 - s16,
    0,
    out,
  )
  reduce(
    p0 + s0 - (d0 * e0),
    p1 + s1 - (d0 * e1 + d1 * e0),
    p2 + s2 - (d0 * e2 + d1 * e1 + d2 * e0),
    p3 + s3 - (d0 * e3 + d1 * e2 + d2 * e1 + d3 * e0),
    p4 + s4 - (d0 * e4 + d1 * e3 + d2 * e2 + d3 * e1 + d4 * e0),
    p5 + s5 - (d0 * e5 + d1 * e4 + d2 * e3 + d3 * e2 + d4 * e1 + d5 * e0),
    p6 + s6 - (d0 * e6 + d1 * e5 + d2 * e4 + d3 * e3 + d4 * e2 + d5 * e1 + d6 * e0),
    p7 + s7 - (d0 * e7 + d1 * e6 + d2 * e5 + d3 * e4 + d4 * e3 + d5 * e2 + d6 * e1 + d7 * e0),
    p8 + s8 - (d0 * e8 + d1 * e7 + d2 * e6 + d3 * e5 + d4 * e4 + d5 * e3 + d6 * e2 + d7 * e1 + d8 * e0),
    p9 + s9 - (d1 * e8 + d2 * e7 + d3 * e6 + d4 * e5 + d5 * e4 + d6 * e3 + d7 * e2 + d8 * e1),
    p10 + s10 - (d2 * e8 + d3 * e7 + d4 * e6 + d5 * e5 + d6 * e4 + d7 * e3 + d8 * e2),
    p11 + s11 - (d3 * e8 + d4 * e7 + d5 * e6 + d6 * e5 + d7 * e4 + d8 * e3),
    p12 + s12 - (d4 * e8 + d5 * e7 + d6 * e6 + d7 * e5 + d8 * e4),
    p13 + s13 - (d5 * e8 + d6 * e7 + d7 * e6 + d8 * e5),
    p14 + s14 - (d6 * e8 + d7 * e7 + d8 * e6),
    p15 + s15 - (d7 * e8 + d8 * e7),
    p16 + s16 - (d8 * e8),
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
  const c0 = a0 - b0
  const c1 = a1 - b1
  const c2 = a2 - b2
  const c3 = a3 - b3
  const c4 = a4 - b4
  const c5 = a5 - b5
  const c6 = a6 - b6
  const c7 = a7 - b7
  const c8 = a8 - b8
  const d0 = a0 << 1
  const d1 = a1 << 1
  const d2 = a2 << 1
  const d3 = a3 << 1
  const d4 = a4 << 1
  const d5 = a5 << 1
  const d6 = a6 << 1
  const d7 = a7 << 1
  const e0 = b0 << 1
  const e1 = b1 << 1
  const e2 = b2 << 1
  const e3 = b3 << 1
  const e4 = b4 << 1
  const e5 = b5 << 1
  const e6 = b6 << 1
  const e7 = b7 << 1
  const f0 = c0 << 1
  const f1 = c1 << 1
  const f2 = c2 << 1
  const f3 = c3 << 1
  const f4 = c4 << 1
  const f5 = c5 << 1
  const f6 = c6 << 1
  const f7 = c7 << 1
  const p0 = a0 * a0
  const s0 = b0 * b0
  const p1 = d0 * a1
  const s1 = e0 * b1
  const p2 = d0 * a2 + a1 * a1
  const s2 = e0 * b2 + b1 * b1
  const p3 = d0 * a3 + d1 * a2
  const s3 = e0 * b3 + e1 * b2
  const p4 = d0 * a4 + d1 * a3 + a2 * a2
  const s4 = e0 * b4 + e1 * b3 + b2 * b2
  const p5 = d0 * a5 + d1 * a4 + d2 * a3
  const s5 = e0 * b5 + e1 * b4 + e2 * b3
  const p6 = d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3
  const s6 = e0 * b6 + e1 * b5 + e2 * b4 + b3 * b3
  const p7 = d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4
  const s7 = e0 * b7 + e1 * b6 + e2 * b5 + e3 * b4
  const p8 = d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4
  const s8 = e0 * b8 + e1 * b7 + e2 * b6 + e3 * b5 + b4 * b4
  const p9 = d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5
  const s9 = e1 * b8 + e2 * b7 + e3 * b6 + e4 * b5
  const p10 = d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5
  const s10 = e2 * b8 + e3 * b7 + e4 * b6 + b5 * b5
  const p11 = d3 * a8 + d4 * a7 + d5 * a6
  const s11 = e3 * b8 + e4 * b7 + e5 * b6
  const p12 = d4 * a8 + d5 * a7 + a6 * a6
  const s12 = e4 * b8 + e5 * b7 + b6 * b6
  const p13 = d5 * a8 + d6 * a7
  const s13 = e5 * b8 + e6 * b7
  const p14 = d6 * a8 + a7 * a7
  const s14 = e6 * b8 + b7 * b7
  const p15 = d7 * a8
  const s15 = e7 * b8
  const p16 = a8 * a8
  const s16 = b8 * b8
  reduce(
    p0 - s0,
    p1 - s1,
    p2 - s2,
    p3 - s3,
    p4 - s4,
    p5 - s5,
    p6 - s6,
    p7 - s7,
    p8 - s8,
    p9 - s9,
    p10 - s10,
    p11 - s11,
    p12 - s12,
    p13 - s13,
    p14 - s14,
    p15 - s15,
    p16 - s16,
    0,
    out,
  )
  reduce(
    p0 + s0 - (c0 * c0),
    p1 + s1 - (f0 * c1),
    p2 + s2 - (f0 * c2 + c1 * c1),
    p3 + s3 - (f0 * c3 + f1 * c2),
    p4 + s4 - (f0 * c4 + f1 * c3 + c2 * c2),
    p5 + s5 - (f0 * c5 + f1 * c4 + f2 * c3),
    p6 + s6 - (f0 * c6 + f1 * c5 + f2 * c4 + c3 * c3),
    p7 + s7 - (f0 * c7 + f1 * c6 + f2 * c5 + f3 * c4),
    p8 + s8 - (f0 * c8 + f1 * c7 + f2 * c6 + f3 * c5 + c4 * c4),
    p9 + s9 - (f1 * c8 + f2 * c7 + f3 * c6 + f4 * c5),
    p10 + s10 - (f2 * c8 + f3 * c7 + f4 * c6 + c5 * c5),
    p11 + s11 - (f3 * c8 + f4 * c7 + f5 * c6),
    p12 + s12 - (f4 * c8 + f5 * c7 + c6 * c6),
    p13 + s13 - (f5 * c8 + f6 * c7),
    p14 + s14 - (f6 * c8 + c7 * c7),
    p15 + s15 - (f7 * c8),
    p16 + s16 - (c8 * c8),
    0,
    out + IMAGINARY,
  )
}
