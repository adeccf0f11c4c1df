import { following, reduce, upper0, upper1, upper2, upper3 } from './columns'
import { limb } from './limbs'
import { ZERO_2 } from './tower-constants'

// Products in Fp2 = Fp[i] / (i^2 + 1): a real and an imaginary element, one after the other, with
// a0 b1 + a1 b0 = a0 b0 + a1 b1 - (a0 - a1)(b0 - b1) (Karatsuba). The product of factors of weights m and n has the
// weight 2 m n; the bounds are those of field.ts. Sums of both parts are in 32 bits too: no factor weighs more than 3.

export const FP2_SIZE: usize = 80
export const IMAGINARY: usize = 40

/** out = a b. */
export function fp2Mul(a: usize, b: usize, out: usize): void {
  fp2MulAdd(a, b, ZERO_2, out)
}

// @ts-ignore: decorator
@inline
function term(c: usize, offset: usize): v128 {
  return i64x2.extend_low_i32x4_s(v128.load64_zero(c + offset))
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
  const d0 = a0 - x0, d1 = a1 - x1, d2 = a2 - x2, d3 = a3 - x3, d4 = a4 - x4, d5 = a5 - x5, d6 = a6 - x6, d7 = a7 - x7
  const d8 = a8 - x8
  const e0 = b0 - y0, e1 = b1 - y1, e2 = b2 - y2, e3 = b3 - y3, e4 = b4 - y4, e5 = b5 - y5, e6 = b6 - y6, e7 = b7 - y7
  const e8 = b8 - y8
  const s1 = v128.load32_splat(a, 4), s2 = v128.load32_splat(a, 8), s3 = v128.load32_splat(a, 12)
  const s4 = v128.load32_splat(a, 16), s5 = v128.load32_splat(a, 20), s6 = v128.load32_splat(a, 24)
  const s7 = v128.load32_splat(a, 28), s8 = v128.load32_splat(a, 32)
  const t0 = v128.load(b), t1 = v128.load(b, 16), t2 = v128.load32_zero(b, 32), o0 = following(t0, t1)
  const o1 = following(t1, t2)
  const r1 = v128.load32_splat(a, 44), r2 = v128.load32_splat(a, 48), r3 = v128.load32_splat(a, 52)
  const r4 = v128.load32_splat(a, 56), r5 = v128.load32_splat(a, 60), r6 = v128.load32_splat(a, 64)
  const r7 = v128.load32_splat(a, 68), r8 = v128.load32_splat(a, 72)
  const yt0 = v128.load(b, 40), yt1 = v128.load(b, 56), yt2 = v128.load32_zero(b, 72), yo0 = following(yt0, yt1)
  const yo1 = following(yt1, yt2)
  const sr1 = i32x4.sub(s1, r1), sr2 = i32x4.sub(s2, r2), sr3 = i32x4.sub(s3, r3), sr4 = i32x4.sub(s4, r4)
  const sr5 = i32x4.sub(s5, r5), sr6 = i32x4.sub(s6, r6), sr7 = i32x4.sub(s7, r7), sr8 = i32x4.sub(s8, r8)
  const et0 = i32x4.sub(t0, yt0), et1 = i32x4.sub(t1, yt1), et2 = i32x4.sub(t2, yt2), eo0 = i32x4.sub(o0, yo0)
  const eo1 = i32x4.sub(o1, yo1)
  const u0 = a0 * b0, v0 = x0 * y0, u1 = a0 * b1 + a1 * b0, v1 = x0 * y1 + x1 * y0, u2 = a0 * b2 + a1 * b1 + a2 * b0
  const v2 = x0 * y2 + x1 * y1 + x2 * y0, u3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  const v3 = x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0, u4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0
  const v4 = x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0
  const u5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0
  const v5 = x0 * y5 + x1 * y4 + x2 * y3 + x3 * y2 + x4 * y1 + x5 * y0
  const u6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0
  const v6 = x0 * y6 + x1 * y5 + x2 * y4 + x3 * y3 + x4 * y2 + x5 * y1 + x6 * y0
  const u7 = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0
  const v7 = x0 * y7 + x1 * y6 + x2 * y5 + x3 * y4 + x4 * y3 + x5 * y2 + x6 * y1 + x7 * y0
  const u8 = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0
  const v8 = x0 * y8 + x1 * y7 + x2 * y6 + x3 * y5 + x4 * y4 + x5 * y3 + x6 * y2 + x7 * y1 + x8 * y0
  const p0 = upper0(s1, s2, s3, s4, s5, s6, s7, s8, o0, o1, t0, t1, t2)
  const q0 = upper0(r1, r2, r3, r4, r5, r6, r7, r8, yo0, yo1, yt0, yt1, yt2)
  const p1 = upper1(s3, s4, s5, s6, s7, s8, o0, o1, t1, t2), q1 = upper1(r3, r4, r5, r6, r7, r8, yo0, yo1, yt1, yt2)
  const p2 = upper2(s5, s6, s7, s8, o1, t1, t2), q2 = upper2(r5, r6, r7, r8, yo1, yt1, yt2), p3 = upper3(s7, s8, o1, t2)
  const q3 = upper3(r7, r8, yo1, yt2)
  const w0 = upper0(sr1, sr2, sr3, sr4, sr5, sr6, sr7, sr8, eo0, eo1, et0, et1, et2)
  const w1 = upper1(sr3, sr4, sr5, sr6, sr7, sr8, eo0, eo1, et1, et2), w2 = upper2(sr5, sr6, sr7, sr8, eo1, et1, et2)
  const w3 = upper3(sr7, sr8, eo1, et2)
  reduce(
    u0 - v0, u1 - v1, u2 - v2, u3 - v3, u4 - v4, u5 - v5, u6 - v6, u7 - v7, u8 - v8,
    i64x2.add(i64x2.sub(p0, q0), term(c, 0)), i64x2.add(i64x2.sub(p1, q1), term(c, 8)),
    i64x2.add(i64x2.sub(p2, q2), term(c, 16)), i64x2.add(i64x2.sub(p3, q3), term(c, 24)), limb(c, 32),
    out,
  )
  reduce(
    u0 + v0 - (d0 * e0), u1 + v1 - (d0 * e1 + d1 * e0), u2 + v2 - (d0 * e2 + d1 * e1 + d2 * e0),
    u3 + v3 - (d0 * e3 + d1 * e2 + d2 * e1 + d3 * e0), u4 + v4 - (d0 * e4 + d1 * e3 + d2 * e2 + d3 * e1 + d4 * e0),
    u5 + v5 - (d0 * e5 + d1 * e4 + d2 * e3 + d3 * e2 + d4 * e1 + d5 * e0),
    u6 + v6 - (d0 * e6 + d1 * e5 + d2 * e4 + d3 * e3 + d4 * e2 + d5 * e1 + d6 * e0),
    u7 + v7 - (d0 * e7 + d1 * e6 + d2 * e5 + d3 * e4 + d4 * e3 + d5 * e2 + d6 * e1 + d7 * e0),
    u8 + v8 - (d0 * e8 + d1 * e7 + d2 * e6 + d3 * e5 + d4 * e4 + d5 * e3 + d6 * e2 + d7 * e1 + d8 * e0),
    i64x2.add(i64x2.sub(i64x2.add(p0, q0), w0), term(c, 40)), i64x2.add(i64x2.sub(i64x2.add(p1, q1), w1), term(c, 48)),
    i64x2.add(i64x2.sub(i64x2.add(p2, q2), w2), term(c, 56)), i64x2.add(i64x2.sub(i64x2.add(p3, q3), w3), term(c, 64)),
    limb(c, 72),
    out + IMAGINARY,
  )
}

/** out = a^2: (a0 + a1)(a0 - a1) and 2 a0 a1. */
export function fp2Sqr(a: usize, out: usize): void {
  const a0 = limb(a, 0), a1 = limb(a, 4), a2 = limb(a, 8), a3 = limb(a, 12), a4 = limb(a, 16), a5 = limb(a, 20)
  const a6 = limb(a, 24), a7 = limb(a, 28), a8 = limb(a, 32)
  const b0 = limb(a, 40), b1 = limb(a, 44), b2 = limb(a, 48), b3 = limb(a, 52), b4 = limb(a, 56), b5 = limb(a, 60)
  const b6 = limb(a, 64), b7 = limb(a, 68), b8 = limb(a, 72)
  const c0 = a0 + b0, c1 = a1 + b1, c2 = a2 + b2, c3 = a3 + b3, c4 = a4 + b4, c5 = a5 + b5, c6 = a6 + b6, c7 = a7 + b7
  const c8 = a8 + b8
  const d0 = a0 - b0, d1 = a1 - b1, d2 = a2 - b2, d3 = a3 - b3, d4 = a4 - b4, d5 = a5 - b5, d6 = a6 - b6, d7 = a7 - b7
  const d8 = a8 - b8
  const e0 = a0 << 1, e1 = a1 << 1, e2 = a2 << 1, e3 = a3 << 1, e4 = a4 << 1, e5 = a5 << 1, e6 = a6 << 1, e7 = a7 << 1
  const e8 = a8 << 1
  const s1 = v128.load32_splat(a, 4), s2 = v128.load32_splat(a, 8), s3 = v128.load32_splat(a, 12)
  const s4 = v128.load32_splat(a, 16), s5 = v128.load32_splat(a, 20), s6 = v128.load32_splat(a, 24)
  const s7 = v128.load32_splat(a, 28), s8 = v128.load32_splat(a, 32)
  const t0 = v128.load(a), t1 = v128.load(a, 16), t2 = v128.load32_zero(a, 32), o0 = following(t0, t1)
  const o1 = following(t1, t2)
  const r1 = v128.load32_splat(a, 44), r2 = v128.load32_splat(a, 48), r3 = v128.load32_splat(a, 52)
  const r4 = v128.load32_splat(a, 56), r5 = v128.load32_splat(a, 60), r6 = v128.load32_splat(a, 64)
  const r7 = v128.load32_splat(a, 68), r8 = v128.load32_splat(a, 72)
  const yt0 = v128.load(a, 40), yt1 = v128.load(a, 56), yt2 = v128.load32_zero(a, 72), yo0 = following(yt0, yt1)
  const yo1 = following(yt1, yt2)
  const sr1 = i32x4.add(s1, r1), sr2 = i32x4.add(s2, r2), sr3 = i32x4.add(s3, r3), sr4 = i32x4.add(s4, r4)
  const sr5 = i32x4.add(s5, r5), sr6 = i32x4.add(s6, r6), sr7 = i32x4.add(s7, r7), sr8 = i32x4.add(s8, r8)
  const ss1 = i32x4.shl(s1, 1), ss2 = i32x4.shl(s2, 1), ss3 = i32x4.shl(s3, 1), ss4 = i32x4.shl(s4, 1)
  const ss5 = i32x4.shl(s5, 1), ss6 = i32x4.shl(s6, 1), ss7 = i32x4.shl(s7, 1), ss8 = i32x4.shl(s8, 1)
  const dt0 = i32x4.sub(t0, yt0), dt1 = i32x4.sub(t1, yt1), dt2 = i32x4.sub(t2, yt2), do0 = i32x4.sub(o0, yo0)
  const do1 = i32x4.sub(o1, yo1)
  const u0 = e0 * b0, u1 = e0 * b1 + e1 * b0, u2 = e0 * b2 + e1 * b1 + e2 * b0
  const u3 = e0 * b3 + e1 * b2 + e2 * b1 + e3 * b0, u4 = e0 * b4 + e1 * b3 + e2 * b2 + e3 * b1 + e4 * b0
  const u5 = e0 * b5 + e1 * b4 + e2 * b3 + e3 * b2 + e4 * b1 + e5 * b0
  const u6 = e0 * b6 + e1 * b5 + e2 * b4 + e3 * b3 + e4 * b2 + e5 * b1 + e6 * b0
  const u7 = e0 * b7 + e1 * b6 + e2 * b5 + e3 * b4 + e4 * b3 + e5 * b2 + e6 * b1 + e7 * b0
  const u8 = e0 * b8 + e1 * b7 + e2 * b6 + e3 * b5 + e4 * b4 + e5 * b3 + e6 * b2 + e7 * b1 + e8 * b0
  const p0 = upper0(ss1, ss2, ss3, ss4, ss5, ss6, ss7, ss8, yo0, yo1, yt0, yt1, yt2)
  const p1 = upper1(ss3, ss4, ss5, ss6, ss7, ss8, yo0, yo1, yt1, yt2), p2 = upper2(ss5, ss6, ss7, ss8, yo1, yt1, yt2)
  const p3 = upper3(ss7, ss8, yo1, yt2)
  reduce(
    c0 * d0, c0 * d1 + c1 * d0, c0 * d2 + c1 * d1 + c2 * d0, c0 * d3 + c1 * d2 + c2 * d1 + c3 * d0,
    c0 * d4 + c1 * d3 + c2 * d2 + c3 * d1 + c4 * d0, c0 * d5 + c1 * d4 + c2 * d3 + c3 * d2 + c4 * d1 + c5 * d0,
    c0 * d6 + c1 * d5 + c2 * d4 + c3 * d3 + c4 * d2 + c5 * d1 + c6 * d0,
    c0 * d7 + c1 * d6 + c2 * d5 + c3 * d4 + c4 * d3 + c5 * d2 + c6 * d1 + c7 * d0,
    c0 * d8 + c1 * d7 + c2 * d6 + c3 * d5 + c4 * d4 + c5 * d3 + c6 * d2 + c7 * d1 + c8 * d0,
    upper0(sr1, sr2, sr3, sr4, sr5, sr6, sr7, sr8, do0, do1, dt0, dt1, dt2),
    upper1(sr3, sr4, sr5, sr6, sr7, sr8, do0, do1, dt1, dt2), upper2(sr5, sr6, sr7, sr8, do1, dt1, dt2),
    upper3(sr7, sr8, do1, dt2), 0,
    out,
  )
  reduce(
    u0, u1, u2, u3, u4, u5, u6, u7, u8, p0, p1, p2, p3, 0,
    out + IMAGINARY,
  )
}
