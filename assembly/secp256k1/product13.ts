// Products of numbers in limbs of 13 bits, four at once: what one lane of i32x4.dot_i16x8_s can do. See field13.ts for
// elements and for the bounds. A half is ten limbs in five pairs: pair j of a vector has limb 2j in the low and limb
// 2j + 1 in the high 16 bits of each lane. A product is its columns, 16 bytes each: column k is the sum of
// a[i] * b[k - i], modulo 2^32.
//
// The two limbs of a pair of `a` meet the limbs k - 2j and k - 2j - 1 of `b`: for odd columns those are a pair of `b`
// with its halves swapped, for even ones the low half of one pair and the high half of the pair before it.

/** Columns of a half by a half: 0 to 18. */
const HALF: usize = 80
/** Columns of an element by an element: 0 to 38. */
export const COLUMNS_SIZE: usize = 39 * 16
/** Bytes of scratch that a product needs: the middle columns, two differences. */
export const PRODUCT_SCRATCH: usize = 19 * 16 + 2 * HALF
const DIFFERENCES: usize = 19 * 16

// @ts-ignore: decorator
@inline
function dot(a: v128, b: v128): v128 {
  return i32x4.dot_i16x8_s(a, b)
}

// @ts-ignore: decorator
@inline
function dot2(a: v128, b: v128, c: v128, d: v128): v128 {
  return i32x4.add(dot(a, b), dot(c, d))
}

// @ts-ignore: decorator
@inline
function dot3(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128): v128 {
  return i32x4.add(dot2(a, b, c, d), dot(e, f))
}

// @ts-ignore: decorator
@inline
function dot4(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): v128 {
  return i32x4.add(dot3(a, b, c, d, e, f), dot(g, h))
}

// @ts-ignore: decorator
@inline
function dot5(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, i: v128, j: v128): v128 {
  return i32x4.add(dot4(a, b, c, d, e, f, g, h), dot(i, j))
}

// @ts-ignore: decorator
@inline
function dot6(
  a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, i: v128, j: v128, k: v128, l: v128,
): v128 {
  return i32x4.add(dot5(a, b, c, d, e, f, g, h, i, j), dot(k, l))
}

/** The halves of each lane swapped. V8 makes one instruction of a swizzle by a constant, two of the same shuffle. */
// @ts-ignore: decorator
@inline
function swap(a: v128): v128 {
  return i8x16.swizzle(a, i8x16(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13))
}

/** The low halves of a, the high halves of b. */
// @ts-ignore: decorator
@inline
export function blend(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 18, 19, 4, 5, 22, 23, 8, 9, 26, 27, 12, 13, 30, 31)
}

// @ts-ignore: decorator
@inline
function low(a: v128): v128 {
  return v128.and(a, i32x4.splat(0xffff))
}

// @ts-ignore: decorator
@inline
function high(a: v128): v128 {
  return v128.and(a, i32x4.splat(0xffff_0000))
}

/** c = the columns of a half by a half. */
function mulHalves(a: usize, b: usize, c: usize): void {
  const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32), a3 = v128.load(a, 48), a4 = v128.load(a, 64)
  const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48), b4 = v128.load(b, 64)
  const e0 = low(b0), e1 = blend(b1, b0), e2 = blend(b2, b1), e3 = blend(b3, b2), e4 = blend(b4, b3), e5 = high(b4)
  v128.store(c, dot(a0, e0), 0)
  v128.store(c, dot2(a0, e1, a1, e0), 32)
  v128.store(c, dot3(a0, e2, a1, e1, a2, e0), 64)
  v128.store(c, dot4(a0, e3, a1, e2, a2, e1, a3, e0), 96)
  v128.store(c, dot5(a0, e4, a1, e3, a2, e2, a3, e1, a4, e0), 128)
  v128.store(c, dot5(a0, e5, a1, e4, a2, e3, a3, e2, a4, e1), 160)
  v128.store(c, dot4(a1, e5, a2, e4, a3, e3, a4, e2), 192)
  v128.store(c, dot3(a2, e5, a3, e4, a4, e3), 224)
  v128.store(c, dot2(a3, e5, a4, e4), 256)
  v128.store(c, dot(a4, e5), 288)
  const o0 = swap(b0), o1 = swap(b1), o2 = swap(b2), o3 = swap(b3), o4 = swap(b4)
  v128.store(c, dot(a0, o0), 16)
  v128.store(c, dot2(a0, o1, a1, o0), 48)
  v128.store(c, dot3(a0, o2, a1, o1, a2, o0), 80)
  v128.store(c, dot4(a0, o3, a1, o2, a2, o1, a3, o0), 112)
  v128.store(c, dot5(a0, o4, a1, o3, a2, o2, a3, o1, a4, o0), 144)
  v128.store(c, dot4(a1, o4, a2, o3, a3, o2, a4, o1), 176)
  v128.store(c, dot3(a2, o4, a3, o3, a4, o2), 208)
  v128.store(c, dot2(a3, o4, a4, o3), 240)
  v128.store(c, dot(a4, o4), 272)
}

// @ts-ignore: decorator
@inline
function column(c: usize, offset: usize): v128 {
  return v128.load(c + offset)
}

// @ts-ignore: decorator
@inline
function differences(a: usize, b: usize, i: usize, scratch: usize): void {
  v128.store(scratch + DIFFERENCES + i, i16x8.sub(column(a, i), column(a, HALF + i)))
  v128.store(scratch + DIFFERENCES + HALF + i, i16x8.sub(column(b, HALF + i), column(b, i)))
}

/** Columns 10 + k and 20 + k, from the products of halves and the middle columns. */
// @ts-ignore: decorator
@inline
function join(c: usize, middle: usize, k: usize): void {
  const at = k << 4
  const both = i32x4.add(column(c, at + 160), column(c, at + 320))
  v128.store(c + at, i32x4.add(both, i32x4.add(column(c, at), column(middle, at))), 160)
  v128.store(c + at, i32x4.add(both, i32x4.add(column(c, at + 480), column(middle, at + 160))), 320)
}

/** c = the columns of a * b, three products of halves instead of four (Karatsuba). */
export function mulColumns(a: usize, b: usize, c: usize, scratch: usize): void {
  differences(a, b, 0, scratch)
  differences(a, b, 16, scratch)
  differences(a, b, 32, scratch)
  differences(a, b, 48, scratch)
  differences(a, b, 64, scratch)
  mulHalves(a, b, c)
  mulHalves(a + HALF, b + HALF, c + 320)
  mulHalves(scratch + DIFFERENCES, scratch + DIFFERENCES + HALF, scratch)
  // (a0 - a1)(b1 - b0) + a0 b0 + a1 b1 belongs 10 limbs up.
  const c19 = i32x4.add(i32x4.add(column(c, 144), column(c, 464)), column(scratch, 144))
  join(c, scratch, 0)
  join(c, scratch, 1)
  join(c, scratch, 2)
  join(c, scratch, 3)
  join(c, scratch, 4)
  join(c, scratch, 5)
  join(c, scratch, 6)
  join(c, scratch, 7)
  join(c, scratch, 8)
  v128.store(c, c19, 304)
}

/** c = the columns of (m b) * b, from a = m b: products of different limbs are made once, doubled. */
export function sqrColumns(a: usize, b: usize, c: usize): void {
  const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32), a3 = v128.load(a, 48), a4 = v128.load(a, 64)
  const a5 = v128.load(a, 80), a6 = v128.load(a, 96), a7 = v128.load(a, 112), a8 = v128.load(a, 128)
  const a9 = v128.load(a, 144)
  const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48), b4 = v128.load(b, 64)
  const b5 = v128.load(b, 80), b6 = v128.load(b, 96), b7 = v128.load(b, 112), b8 = v128.load(b, 128)
  const b9 = v128.load(b, 144)
  const t1 = i16x8.add(b1, b1), t2 = i16x8.add(b2, b2), t3 = i16x8.add(b3, b3), t4 = i16x8.add(b4, b4)
  const t5 = i16x8.add(b5, b5), t6 = i16x8.add(b6, b6), t7 = i16x8.add(b7, b7), t8 = i16x8.add(b8, b8)
  const t9 = i16x8.add(b9, b9)
  // Pair j meets pair i > j or itself: in odd columns doubled (d), or itself swapped; in even ones both products
  // doubled (e), one of the two when i = j + 1, or the one square that is left.
  const e2 = blend(t2, t1), e3 = blend(t3, t2), e4 = blend(t4, t3), e5 = blend(t5, t4), e6 = blend(t6, t5)
  const e7 = blend(t7, t6), e8 = blend(t8, t7), e9 = blend(t9, t8), e10 = high(t9)
  const d1 = swap(t1), d2 = swap(t2), d3 = swap(t3), d4 = swap(t4), d5 = swap(t5), d6 = swap(t6), d7 = swap(t7)
  const d8 = swap(t8), d9 = swap(t9)
  v128.store(c, dot(a0, low(b0)), 0)
  v128.store(c, dot(a0, swap(b0)), 16)
  v128.store(c, dot(a0, blend(t1, b0)), 32)
  v128.store(c, dot(a0, d1), 48)
  v128.store(c, dot2(a0, e2, a1, low(b1)), 64)
  v128.store(c, dot2(a0, d2, a1, swap(b1)), 80)
  v128.store(c, dot2(a0, e3, a1, blend(t2, b1)), 96)
  v128.store(c, dot2(a0, d3, a1, d2), 112)
  v128.store(c, dot3(a0, e4, a1, e3, a2, low(b2)), 128)
  v128.store(c, dot3(a0, d4, a1, d3, a2, swap(b2)), 144)
  v128.store(c, dot3(a0, e5, a1, e4, a2, blend(t3, b2)), 160)
  v128.store(c, dot3(a0, d5, a1, d4, a2, d3), 176)
  v128.store(c, dot4(a0, e6, a1, e5, a2, e4, a3, low(b3)), 192)
  v128.store(c, dot4(a0, d6, a1, d5, a2, d4, a3, swap(b3)), 208)
  v128.store(c, dot4(a0, e7, a1, e6, a2, e5, a3, blend(t4, b3)), 224)
  v128.store(c, dot4(a0, d7, a1, d6, a2, d5, a3, d4), 240)
  v128.store(c, dot5(a0, e8, a1, e7, a2, e6, a3, e5, a4, low(b4)), 256)
  v128.store(c, dot5(a0, d8, a1, d7, a2, d6, a3, d5, a4, swap(b4)), 272)
  v128.store(c, dot5(a0, e9, a1, e8, a2, e7, a3, e6, a4, blend(t5, b4)), 288)
  v128.store(c, dot5(a0, d9, a1, d8, a2, d7, a3, d6, a4, d5), 304)
  v128.store(c, dot6(a0, e10, a1, e9, a2, e8, a3, e7, a4, e6, a5, low(b5)), 320)
  v128.store(c, dot5(a1, d9, a2, d8, a3, d7, a4, d6, a5, swap(b5)), 336)
  v128.store(c, dot5(a1, e10, a2, e9, a3, e8, a4, e7, a5, blend(t6, b5)), 352)
  v128.store(c, dot4(a2, d9, a3, d8, a4, d7, a5, d6), 368)
  v128.store(c, dot5(a2, e10, a3, e9, a4, e8, a5, e7, a6, low(b6)), 384)
  v128.store(c, dot4(a3, d9, a4, d8, a5, d7, a6, swap(b6)), 400)
  v128.store(c, dot4(a3, e10, a4, e9, a5, e8, a6, blend(t7, b6)), 416)
  v128.store(c, dot3(a4, d9, a5, d8, a6, d7), 432)
  v128.store(c, dot4(a4, e10, a5, e9, a6, e8, a7, low(b7)), 448)
  v128.store(c, dot3(a5, d9, a6, d8, a7, swap(b7)), 464)
  v128.store(c, dot3(a5, e10, a6, e9, a7, blend(t8, b7)), 480)
  v128.store(c, dot2(a6, d9, a7, d8), 496)
  v128.store(c, dot3(a6, e10, a7, e9, a8, low(b8)), 512)
  v128.store(c, dot2(a7, d9, a8, swap(b8)), 528)
  v128.store(c, dot2(a7, e10, a8, blend(t9, b8)), 544)
  v128.store(c, dot(a8, d9), 560)
  v128.store(c, dot2(a8, e10, a9, low(b9)), 576)
  v128.store(c, dot(a9, swap(b9)), 592)
  v128.store(c, dot(a9, high(b9)), 608)
}
