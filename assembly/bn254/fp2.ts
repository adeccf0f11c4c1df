import { limb, reduce } from './field'
import { ZERO_2 } from './tower-constants'

// Products in Fp2 = Fp[i] / (i^2 + 1): a real and an imaginary element, one after the other, with
// a0 b1 + a1 b0 = a0 b0 + a1 b1 - (a0 - a1)(b0 - b1) (Karatsuba). The product of factors of weights m and n has the
// weight 2 m n; the bounds are those of field.ts.

export const FP2_SIZE: usize = 80
export const IMAGINARY: usize = 40

/** out = a b. */
export function fp2Mul(a: usize, b: usize, out: usize): void {
  fp2MulAdd(a, b, ZERO_2, out)
}

/** out = a b + c, c of any small weight. */
export function fp2MulAdd(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(b, 0), b1 = limb(b, 4), b2 = limb(b, 8), b3 = limb(b, 12), b4 = limb(b, 16), b5 = limb(b, 20)
  const b6 = limb(b, 24), b7 = limb(b, 28), b8 = limb(b, 32)
  const x0 = limb(a, 40), x1 = limb(a, 44), x2 = limb(a, 48), x3 = limb(a, 52), x4 = limb(a, 56), x5 = limb(a, 60)
  const x6 = limb(a, 64), x7 = limb(a, 68), x8 = limb(a, 72)
  const y0 = limb(b, 40), y1 = limb(b, 44), y2 = limb(b, 48), y3 = limb(b, 52), y4 = limb(b, 56), y5 = limb(b, 60)
  const y6 = limb(b, 64), y7 = limb(b, 68), y8 = limb(b, 72)
  const f0 = limb(c, 0), f1 = limb(c, 4), f2 = limb(c, 8), f3 = limb(c, 12), f4 = limb(c, 16), f5 = limb(c, 20)
  const f6 = limb(c, 24), f7 = limb(c, 28), f8 = limb(c, 32)
  const g0 = limb(c, 40), g1 = limb(c, 44), g2 = limb(c, 48), g3 = limb(c, 52), g4 = limb(c, 56), g5 = limb(c, 60)
  const g6 = limb(c, 64), g7 = limb(c, 68), g8 = limb(c, 72)
  const d0 = a0 - x0, d1 = a1 - x1, d2 = a2 - x2, d3 = a3 - x3, d4 = a4 - x4, d5 = a5 - x5, d6 = a6 - x6, d7 = a7 - x7
  const d8 = a8 - x8
  const e0 = b0 - y0, e1 = b1 - y1, e2 = b2 - y2, e3 = b3 - y3, e4 = b4 - y4, e5 = b5 - y5, e6 = b6 - y6, e7 = b7 - y7
  const e8 = b8 - y8
  const pr0 = a0 + a3, pr1 = a1 + a4, pr2 = a2 + a5, ps0 = a0 + a6, ps1 = a1 + a7, ps2 = a2 + a8, pt0 = a3 + a6
  const pt1 = a4 + a7, pt2 = a5 + a8
  const pr3 = b0 + b3, pr4 = b1 + b4, pr5 = b2 + b5, ps3 = b0 + b6, ps4 = b1 + b7, ps5 = b2 + b8, pt3 = b3 + b6
  const pt4 = b4 + b7, pt5 = b5 + b8
  const pA0 = a0 * b0, pA1 = a0 * b1 + a1 * b0, pA2 = a0 * b2 + a1 * b1 + a2 * b0, pA3 = a1 * b2 + a2 * b1
  const pA4 = a2 * b2
  const pB0 = a3 * b3, pB1 = a3 * b4 + a4 * b3, pB2 = a3 * b5 + a4 * b4 + a5 * b3, pB3 = a4 * b5 + a5 * b4
  const pB4 = a5 * b5
  const pC0 = a6 * b6, pC1 = a6 * b7 + a7 * b6, pC2 = a6 * b8 + a7 * b7 + a8 * b6, pC3 = a7 * b8 + a8 * b7
  const pC4 = a8 * b8
  const pD0 = pr0 * pr3 - pA0 - pB0, pD1 = pr0 * pr4 + pr1 * pr3 - pA1 - pB1
  const pD2 = pr0 * pr5 + pr1 * pr4 + pr2 * pr3 - pA2 - pB2, pD3 = pr1 * pr5 + pr2 * pr4 - pA3 - pB3
  const pD4 = pr2 * pr5 - pA4 - pB4
  const pE0 = ps0 * ps3 - pA0 + pB0 - pC0, pE1 = ps0 * ps4 + ps1 * ps3 - pA1 + pB1 - pC1
  const pE2 = ps0 * ps5 + ps1 * ps4 + ps2 * ps3 - pA2 + pB2 - pC2, pE3 = ps1 * ps5 + ps2 * ps4 - pA3 + pB3 - pC3
  const pE4 = ps2 * ps5 - pA4 + pB4 - pC4
  const pF0 = pt0 * pt3 - pB0 - pC0, pF1 = pt0 * pt4 + pt1 * pt3 - pB1 - pC1
  const pF2 = pt0 * pt5 + pt1 * pt4 + pt2 * pt3 - pB2 - pC2, pF3 = pt1 * pt5 + pt2 * pt4 - pB3 - pC3
  const pF4 = pt2 * pt5 - pB4 - pC4
  const qr0 = x0 + x3, qr1 = x1 + x4, qr2 = x2 + x5, qs0 = x0 + x6, qs1 = x1 + x7, qs2 = x2 + x8, qt0 = x3 + x6
  const qt1 = x4 + x7, qt2 = x5 + x8
  const qr3 = y0 + y3, qr4 = y1 + y4, qr5 = y2 + y5, qs3 = y0 + y6, qs4 = y1 + y7, qs5 = y2 + y8, qt3 = y3 + y6
  const qt4 = y4 + y7, qt5 = y5 + y8
  const qA0 = x0 * y0, qA1 = x0 * y1 + x1 * y0, qA2 = x0 * y2 + x1 * y1 + x2 * y0, qA3 = x1 * y2 + x2 * y1
  const qA4 = x2 * y2
  const qB0 = x3 * y3, qB1 = x3 * y4 + x4 * y3, qB2 = x3 * y5 + x4 * y4 + x5 * y3, qB3 = x4 * y5 + x5 * y4
  const qB4 = x5 * y5
  const qC0 = x6 * y6, qC1 = x6 * y7 + x7 * y6, qC2 = x6 * y8 + x7 * y7 + x8 * y6, qC3 = x7 * y8 + x8 * y7
  const qC4 = x8 * y8
  const qD0 = qr0 * qr3 - qA0 - qB0, qD1 = qr0 * qr4 + qr1 * qr3 - qA1 - qB1
  const qD2 = qr0 * qr5 + qr1 * qr4 + qr2 * qr3 - qA2 - qB2, qD3 = qr1 * qr5 + qr2 * qr4 - qA3 - qB3
  const qD4 = qr2 * qr5 - qA4 - qB4
  const qE0 = qs0 * qs3 - qA0 + qB0 - qC0, qE1 = qs0 * qs4 + qs1 * qs3 - qA1 + qB1 - qC1
  const qE2 = qs0 * qs5 + qs1 * qs4 + qs2 * qs3 - qA2 + qB2 - qC2, qE3 = qs1 * qs5 + qs2 * qs4 - qA3 + qB3 - qC3
  const qE4 = qs2 * qs5 - qA4 + qB4 - qC4
  const qF0 = qt0 * qt3 - qB0 - qC0, qF1 = qt0 * qt4 + qt1 * qt3 - qB1 - qC1
  const qF2 = qt0 * qt5 + qt1 * qt4 + qt2 * qt3 - qB2 - qC2, qF3 = qt1 * qt5 + qt2 * qt4 - qB3 - qC3
  const qF4 = qt2 * qt5 - qB4 - qC4
  const wr0 = d0 + d3, wr1 = d1 + d4, wr2 = d2 + d5, ws0 = d0 + d6, ws1 = d1 + d7, ws2 = d2 + d8, wt0 = d3 + d6
  const wt1 = d4 + d7, wt2 = d5 + d8
  const wr3 = e0 + e3, wr4 = e1 + e4, wr5 = e2 + e5, ws3 = e0 + e6, ws4 = e1 + e7, ws5 = e2 + e8, wt3 = e3 + e6
  const wt4 = e4 + e7, wt5 = e5 + e8
  const wA0 = d0 * e0, wA1 = d0 * e1 + d1 * e0, wA2 = d0 * e2 + d1 * e1 + d2 * e0, wA3 = d1 * e2 + d2 * e1
  const wA4 = d2 * e2
  const wB0 = d3 * e3, wB1 = d3 * e4 + d4 * e3, wB2 = d3 * e5 + d4 * e4 + d5 * e3, wB3 = d4 * e5 + d5 * e4
  const wB4 = d5 * e5
  const wC0 = d6 * e6, wC1 = d6 * e7 + d7 * e6, wC2 = d6 * e8 + d7 * e7 + d8 * e6, wC3 = d7 * e8 + d8 * e7
  const wC4 = d8 * e8
  const wD0 = wr0 * wr3 - wA0 - wB0, wD1 = wr0 * wr4 + wr1 * wr3 - wA1 - wB1
  const wD2 = wr0 * wr5 + wr1 * wr4 + wr2 * wr3 - wA2 - wB2, wD3 = wr1 * wr5 + wr2 * wr4 - wA3 - wB3
  const wD4 = wr2 * wr5 - wA4 - wB4
  const wE0 = ws0 * ws3 - wA0 + wB0 - wC0, wE1 = ws0 * ws4 + ws1 * ws3 - wA1 + wB1 - wC1
  const wE2 = ws0 * ws5 + ws1 * ws4 + ws2 * ws3 - wA2 + wB2 - wC2, wE3 = ws1 * ws5 + ws2 * ws4 - wA3 + wB3 - wC3
  const wE4 = ws2 * ws5 - wA4 + wB4 - wC4
  const wF0 = wt0 * wt3 - wB0 - wC0, wF1 = wt0 * wt4 + wt1 * wt3 - wB1 - wC1
  const wF2 = wt0 * wt5 + wt1 * wt4 + wt2 * wt3 - wB2 - wC2, wF3 = wt1 * wt5 + wt2 * wt4 - wB3 - wC3
  const wF4 = wt2 * wt5 - wB4 - wC4
  const u0 = pA0, u1 = pA1, u2 = pA2, u3 = pA3 + pD0, u4 = pA4 + pD1, u5 = pD2, u6 = pD3 + pE0, u7 = pD4 + pE1
  const u8 = pE2, u9 = pE3 + pF0, u10 = pE4 + pF1, u11 = pF2, u12 = pF3 + pC0, u13 = pF4 + pC1, u14 = pC2, u15 = pC3
  const u16 = pC4
  const v0 = qA0, v1 = qA1, v2 = qA2, v3 = qA3 + qD0, v4 = qA4 + qD1, v5 = qD2, v6 = qD3 + qE0, v7 = qD4 + qE1
  const v8 = qE2, v9 = qE3 + qF0, v10 = qE4 + qF1, v11 = qF2, v12 = qF3 + qC0, v13 = qF4 + qC1, v14 = qC2, v15 = qC3
  const v16 = qC4
  reduce(
    u0 - v0, u1 - v1, u2 - v2, u3 - v3, u4 - v4, u5 - v5, u6 - v6, u7 - v7, u8 - v8, u9 - v9 + f0, u10 - v10 + f1,
    u11 - v11 + f2, u12 - v12 + f3, u13 - v13 + f4, u14 - v14 + f5, u15 - v15 + f6, u16 - v16 + f7, f8,
    out,
  )
  reduce(
    u0 + v0 - (wA0), u1 + v1 - (wA1), u2 + v2 - (wA2), u3 + v3 - (wA3 + wD0), u4 + v4 - (wA4 + wD1), u5 + v5 - (wD2),
    u6 + v6 - (wD3 + wE0), u7 + v7 - (wD4 + wE1), u8 + v8 - (wE2), u9 + v9 + g0 - (wE3 + wF0),
    u10 + v10 + g1 - (wE4 + wF1), u11 + v11 + g2 - (wF2), u12 + v12 + g3 - (wF3 + wC0), u13 + v13 + g4 - (wF4 + wC1),
    u14 + v14 + g5 - (wC2), u15 + v15 + g6 - (wC3), u16 + v16 + g7 - (wC4), g8,
    out + IMAGINARY,
  )
}

/** out = a^2. */
export function fp2Sqr(a: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(a, 40), b1 = limb(a, 44), b2 = limb(a, 48), b3 = limb(a, 52), b4 = limb(a, 56), b5 = limb(a, 60)
  const b6 = limb(a, 64), b7 = limb(a, 68), b8 = limb(a, 72)
  const c0 = a0 - b0, c1 = a1 - b1, c2 = a2 - b2, c3 = a3 - b3, c4 = a4 - b4, c5 = a5 - b5, c6 = a6 - b6, c7 = a7 - b7
  const c8 = a8 - b8
  const d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1, d5 = a5 << 1, d6 = a6 << 1, d7 = a7 << 1
  const e0 = b0 << 1, e1 = b1 << 1, e2 = b2 << 1, e3 = b3 << 1, e4 = b4 << 1, e5 = b5 << 1, e6 = b6 << 1, e7 = b7 << 1
  const f0 = c0 << 1, f1 = c1 << 1, f2 = c2 << 1, f3 = c3 << 1, f4 = c4 << 1, f5 = c5 << 1, f6 = c6 << 1, f7 = c7 << 1
  const u0 = a0 * a0, u1 = d0 * a1, u2 = d0 * a2 + a1 * a1, u3 = d0 * a3 + d1 * a2, u4 = d0 * a4 + d1 * a3 + a2 * a2
  const u5 = d0 * a5 + d1 * a4 + d2 * a3, u6 = d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3
  const u7 = d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4, u8 = d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4
  const u9 = d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5, u10 = d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5
  const u11 = d3 * a8 + d4 * a7 + d5 * a6, u12 = d4 * a8 + d5 * a7 + a6 * a6, u13 = d5 * a8 + d6 * a7
  const u14 = d6 * a8 + a7 * a7, u15 = d7 * a8, u16 = a8 * a8
  const v0 = b0 * b0, v1 = e0 * b1, v2 = e0 * b2 + b1 * b1, v3 = e0 * b3 + e1 * b2, v4 = e0 * b4 + e1 * b3 + b2 * b2
  const v5 = e0 * b5 + e1 * b4 + e2 * b3, v6 = e0 * b6 + e1 * b5 + e2 * b4 + b3 * b3
  const v7 = e0 * b7 + e1 * b6 + e2 * b5 + e3 * b4, v8 = e0 * b8 + e1 * b7 + e2 * b6 + e3 * b5 + b4 * b4
  const v9 = e1 * b8 + e2 * b7 + e3 * b6 + e4 * b5, v10 = e2 * b8 + e3 * b7 + e4 * b6 + b5 * b5
  const v11 = e3 * b8 + e4 * b7 + e5 * b6, v12 = e4 * b8 + e5 * b7 + b6 * b6, v13 = e5 * b8 + e6 * b7
  const v14 = e6 * b8 + b7 * b7, v15 = e7 * b8, v16 = b8 * b8
  reduce(
    u0 - v0, u1 - v1, u2 - v2, u3 - v3, u4 - v4, u5 - v5, u6 - v6, u7 - v7, u8 - v8, u9 - v9, u10 - v10, u11 - v11,
    u12 - v12, u13 - v13, u14 - v14, u15 - v15, u16 - v16, 0,
    out,
  )
  reduce(
    u0 + v0 - (c0 * c0), u1 + v1 - (f0 * c1), u2 + v2 - (f0 * c2 + c1 * c1), u3 + v3 - (f0 * c3 + f1 * c2),
    u4 + v4 - (f0 * c4 + f1 * c3 + c2 * c2), u5 + v5 - (f0 * c5 + f1 * c4 + f2 * c3),
    u6 + v6 - (f0 * c6 + f1 * c5 + f2 * c4 + c3 * c3), u7 + v7 - (f0 * c7 + f1 * c6 + f2 * c5 + f3 * c4),
    u8 + v8 - (f0 * c8 + f1 * c7 + f2 * c6 + f3 * c5 + c4 * c4), u9 + v9 - (f1 * c8 + f2 * c7 + f3 * c6 + f4 * c5),
    u10 + v10 - (f2 * c8 + f3 * c7 + f4 * c6 + c5 * c5), u11 + v11 - (f3 * c8 + f4 * c7 + f5 * c6),
    u12 + v12 - (f4 * c8 + f5 * c7 + c6 * c6), u13 + v13 - (f5 * c8 + f6 * c7), u14 + v14 - (f6 * c8 + c7 * c7),
    u15 + v15 - (f7 * c8), u16 + v16 - (c8 * c8), 0,
    out + IMAGINARY,
  )
}
