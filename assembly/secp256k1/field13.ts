import { blend, COLUMNS_SIZE, mulColumns, PRODUCT_SCRATCH, sqrColumns } from './product13'

// The field of secp256k1, four elements at once, one a lane. Variable time: for public data only. Decision 16
// (docs/adr/0016-signatures-four-at-once.md) has why this form and its figures.
//
// An element is 20 signed limbs of 13 bits, value = sum of limb[i] * 2^(13 i): ten vectors (160 bytes), limbs 2j and
// 2j + 1 in the 16-bit halves of each lane of vector j. 2^260 = 2^36 + 15632 modulo p, so what lies above limb 19 comes
// back as 15632 h[i] at limb i and 1024 h[i] at limb i + 2.
//
// Bounds. Reduced elements are of one of two kinds:
//   centred:  |limb| <= 4096, and |limb 3| <= 7400
//   positive: 0 <= limb <= 8191, and -3300 <= limb 3 <= 11500 (it saves the centring)
// The weight of an operand is max |limb| / 4096, limb 3 aside: centred 1, positive 2, a difference of centred ones 2, a
// centred one scaled by m has m, positive less centred 3. A product's weight is the product of its operands', that of
// a sum of products the sum. Claim: every sum of weight <= 5 with operands of weight <= 3 is reduced to those bounds.
//   1. Halves of lanes are i16. Largest limb 3 of weight 3: 3 * 7400 = 22200, or 11500 + 7400 = 18900. mulColumns
//      subtracts halves, limb 13 from limb 3, and only its operands' weights 1 and 2 and positive less centred occur
//      there: at most 2 * 7400 + 2 * 4096 < 2^15, and 18900 + 12287 < 2^15. sqrColumns doubles operands of weight <= 2:
//      2 * 14800 < 2^15; its scaled operand has weight <= 3.
//   2. Columns wrap modulo 2^32 and are right if their true value fits i32. A column has at most 20 products of
//      2^24 w, two of which have a limb 3, which counts as 1.81: at most 21.62 * 5 * 2^24 = 1.82e9. Linear terms are
//      below 2^16, carries from the column below 2^18: the high columns 19 to 38 fit.
//   3. Columns 0 to 18 have at most 19 products: 20.62 * 5 * 2^24 = 1.73e9; 15632 * 8191 = 1.28e8 and
//      1024 * 8191 = 8.4e6 come back, and 1.6e7 (1954 h[18]) or 128 h[19] into limbs 1 to 4: below 1.9e9, they fit.
//   4. h[19], the carry of column 38 (one product, 5 * 2^24) with what column 37 carries, is below 10300: it fits i16,
//      and so does 1954 h[19] < 2.1e7 in step 3. Column 19 keeps 13 bits, so the last carry t is at most
//      (15632 * 10300 + 1024 * 8191 + 2^18 + 2^14) / 8192 < 20800 in size: it fits i16 too.
//   5. 15632 t carries below 39700 from limb 0 into limb 1, which carries at most 5 into limb 2; that gets 1024 t, and
//      carries at most 2602 into limb 3, which is not reduced again: 4096 + 2602 < 7400 and 8191 + 2602 < 11500.
// test/assembly/secp256k1/field13.test.ts drives every function to these bounds.

export const E: usize = 160

// The page of scratch memory of this instance. All that the loops write lies in it: memory 4096 bytes apart shares
// cache sets, and V8's spills and these columns would push one another out.
const COLUMNS: usize = 0
const COLUMNS2: usize = COLUMNS + COLUMNS_SIZE
const PRODUCT: usize = COLUMNS2 + COLUMNS_SIZE
const OPERAND: usize = PRODUCT + PRODUCT_SCRATCH
/** What is left of the page is for points: PAGE_FREE to 4096. */
export const PAGE_FREE: usize = OPERAND + E

export let page: usize = 0
/** `at`: 4096 bytes, aligned so, for this instance alone. */
export function setPage(at: usize): void {
  page = at
}

// How columns are made of two arrays.
const PLAIN = 0
/** Less a second product's columns. */
const LESS_PRODUCT = 1
/** Less the limbs of an element. */
const LESS_ELEMENT = 2

// @ts-ignore: decorator
@inline
function dot(a: v128, b: v128): v128 {
  return i32x4.dot_i16x8_s(a, b)
}

// @ts-ignore: decorator
@inline
function carry(x: v128): v128 {
  return i32x4.shr_s(x, 13)
}

// @ts-ignore: decorator
@inline
function columnOf(c: usize, d: usize, k: usize, mode: i32): v128 {
  const x = v128.load(c + (k << 4))
  if (mode == LESS_PRODUCT) return i32x4.sub(x, v128.load(d + (k << 4)))
  if (mode == PLAIN || k > 19) return x
  return i32x4.add(x, dot(v128.load(d + ((k >> 1) << 4)), i32x4.splat((k & 1) != 0 ? 0xffff_0000 : 0xffff)))
}

/** A column with what comes back from two high limbs. */
// @ts-ignore: decorator
@inline
function folded(x: v128, h: v128, h2: v128): v128 {
  return i32x4.add(i32x4.add(x, dot(h, i32x4.splat(15632))), i32x4.shl(h2, 10))
}

// @ts-ignore: decorator
@inline
function put(x: v128, y: v128, centred: bool, out: usize, offset: usize): void {
  const pair = v128.and(blend(x, i32x4.shl(y, 16)), i32x4.splat(0x1fff_1fff))
  v128.store(out + offset, centred ? i16x8.sub(pair, i16x8.splat(4096)) : pair)
}

/** Columns to a reduced element. Limbs are centred by adding 4096 to each column and taking it away at the end. */
// @ts-ignore: decorator
@inline
function reduce(c: usize, d: usize, mode: i32, centred: bool, out: usize): void {
  const mask = i32x4.splat(8191)
  const half = i32x4.splat(centred ? 4096 : 0)
  let x = columnOf(c, d, 19, mode)
  const l19 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 20, mode), carry(x))
  const h0 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 21, mode), carry(x))
  const h1 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 22, mode), carry(x))
  const h2 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 23, mode), carry(x))
  const h3 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 24, mode), carry(x))
  const h4 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 25, mode), carry(x))
  const h5 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 26, mode), carry(x))
  const h6 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 27, mode), carry(x))
  const h7 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 28, mode), carry(x))
  const h8 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 29, mode), carry(x))
  const h9 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 30, mode), carry(x))
  const h10 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 31, mode), carry(x))
  const h11 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 32, mode), carry(x))
  const h12 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 33, mode), carry(x))
  const h13 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 34, mode), carry(x))
  const h14 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 35, mode), carry(x))
  const h15 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 36, mode), carry(x))
  const h16 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 37, mode), carry(x))
  const h17 = v128.and(x, mask)
  x = i32x4.add(columnOf(c, d, 38, mode), carry(x))
  const h18 = v128.and(x, mask)
  const h19 = carry(x)
  const zero = i32x4.splat(0)
  // 1024 h[18] and 1024 h[19] would lie at limbs 20 and 21: 15632 * 1024 = 1954 * 2^13 and 1024 * 1024 = 128 * 2^13.
  const f2 = i32x4.splat(1954)
  const x0 = folded(i32x4.add(columnOf(c, d, 0, mode), half), h0, zero)
  const x1 = i32x4.add(i32x4.add(folded(i32x4.add(columnOf(c, d, 1, mode), half), h1, zero), dot(h18, f2)), carry(x0))
  const x2 = i32x4.add(i32x4.add(folded(i32x4.add(columnOf(c, d, 2, mode), half), h2, h0), dot(h19, f2)), carry(x1))
  const w3 = i32x4.add(i32x4.add(columnOf(c, d, 3, mode), half), i32x4.shl(h18, 7))
  const x3 = i32x4.add(folded(w3, h3, h1), carry(x2))
  const w4 = i32x4.add(i32x4.add(columnOf(c, d, 4, mode), half), i32x4.shl(h19, 7))
  const x4 = i32x4.add(folded(w4, h4, h2), carry(x3))
  const x5 = i32x4.add(folded(i32x4.add(columnOf(c, d, 5, mode), half), h5, h3), carry(x4))
  put(x4, x5, centred, out, 32)
  const x6 = i32x4.add(folded(i32x4.add(columnOf(c, d, 6, mode), half), h6, h4), carry(x5))
  const x7 = i32x4.add(folded(i32x4.add(columnOf(c, d, 7, mode), half), h7, h5), carry(x6))
  put(x6, x7, centred, out, 48)
  const x8 = i32x4.add(folded(i32x4.add(columnOf(c, d, 8, mode), half), h8, h6), carry(x7))
  const x9 = i32x4.add(folded(i32x4.add(columnOf(c, d, 9, mode), half), h9, h7), carry(x8))
  put(x8, x9, centred, out, 64)
  const x10 = i32x4.add(folded(i32x4.add(columnOf(c, d, 10, mode), half), h10, h8), carry(x9))
  const x11 = i32x4.add(folded(i32x4.add(columnOf(c, d, 11, mode), half), h11, h9), carry(x10))
  put(x10, x11, centred, out, 80)
  const x12 = i32x4.add(folded(i32x4.add(columnOf(c, d, 12, mode), half), h12, h10), carry(x11))
  const x13 = i32x4.add(folded(i32x4.add(columnOf(c, d, 13, mode), half), h13, h11), carry(x12))
  put(x12, x13, centred, out, 96)
  const x14 = i32x4.add(folded(i32x4.add(columnOf(c, d, 14, mode), half), h14, h12), carry(x13))
  const x15 = i32x4.add(folded(i32x4.add(columnOf(c, d, 15, mode), half), h15, h13), carry(x14))
  put(x14, x15, centred, out, 112)
  const x16 = i32x4.add(folded(i32x4.add(columnOf(c, d, 16, mode), half), h16, h14), carry(x15))
  const x17 = i32x4.add(folded(i32x4.add(columnOf(c, d, 17, mode), half), h17, h15), carry(x16))
  put(x16, x17, centred, out, 128)
  const x18 = i32x4.add(folded(i32x4.add(columnOf(c, d, 18, mode), half), h18, h16), carry(x17))
  const x19 = i32x4.add(folded(i32x4.add(l19, half), h19, h17), carry(x18))
  put(x18, x19, centred, out, 144)
  const t = carry(x19)
  const y0 = i32x4.add(v128.and(x0, mask), dot(t, i32x4.splat(15632)))
  const y1 = i32x4.add(v128.and(x1, mask), carry(y0))
  const y2 = i32x4.add(i32x4.add(v128.and(x2, mask), i32x4.shl(t, 10)), carry(y1))
  const y3 = i32x4.add(v128.and(x3, mask), carry(y2))
  put(y0, y1, centred, out, 0)
  const pair = blend(v128.and(y2, mask), i32x4.shl(y3, 16))
  v128.store(out, centred ? i16x8.sub(pair, i16x8.splat(4096)) : pair, 16)
}

function reduceCentred(c: usize, out: usize): void {
  reduce(c, c, PLAIN, true, out)
}

function reducePositive(c: usize, out: usize): void {
  reduce(c, c, PLAIN, false, out)
}

function reduceLessProduct(c: usize, d: usize, out: usize): void {
  reduce(c, d, LESS_PRODUCT, true, out)
}

function reduceLessElement(c: usize, element: usize, out: usize): void {
  reduce(c, element, LESS_ELEMENT, true, out)
}

// Element by element; the bounds above say how often. `out` may be an input everywhere in this file.

export function copy13(a: usize, out: usize): void {
  for (let i: usize = 0; i < E; i += 16) v128.store(out + i, v128.load(a + i))
}

/** out = a + m b, m a power of two: its logarithm. */
function addShifted(a: usize, b: usize, log: i32, out: usize): void {
  for (let end = a + E; a < end; a += 32, b += 32, out += 32) {
    v128.store(out, i16x8.add(v128.load(a), i16x8.shl(v128.load(b), log)))
    v128.store(out, i16x8.add(v128.load(a, 16), i16x8.shl(v128.load(b, 16), log)), 16)
  }
}

export function sub13(a: usize, b: usize, out: usize): void {
  for (let end = a + E; a < end; a += 32, b += 32, out += 32) {
    v128.store(out, i16x8.sub(v128.load(a), v128.load(b)))
    v128.store(out, i16x8.sub(v128.load(a, 16), v128.load(b, 16)), 16)
  }
}

export function double13(a: usize, out: usize): void {
  addShifted(a, a, 0, out)
}

/** Negates the lanes where the vector at `lanes` is all ones; elsewhere it is zero. */
export function negate13(a: usize, lanes: usize, out: usize): void {
  const mask = v128.load(lanes)
  for (let i: usize = 0; i < E; i += 16) v128.store(out + i, i16x8.sub(v128.xor(v128.load(a + i), mask), mask))
}

/** Lanes of b become those of a where the vector at `lanes` is zero, and stay where it is all ones. */
export function keep13(lanes: usize, a: usize, b: usize): void {
  const mask = v128.load(lanes)
  for (let i: usize = 0; i < E; i += 16) {
    v128.store(b + i, v128.bitselect(v128.load(b + i), v128.load(a + i), mask))
  }
}

// Products. The first line says what is written: centred, or positive where the name ends so.

/** a b */
export function mul13(a: usize, b: usize, out: usize): void {
  mulColumns(a, b, page + COLUMNS, page + PRODUCT)
  reduceCentred(page + COLUMNS, out)
}

/** a b */
export function mulPositive(a: usize, b: usize, out: usize): void {
  mulColumns(a, b, page + COLUMNS, page + PRODUCT)
  reducePositive(page + COLUMNS, out)
}

/** a (b - c) */
export function mulDifference(a: usize, b: usize, c: usize, out: usize): void {
  sub13(b, c, page + OPERAND)
  mul13(a, page + OPERAND, out)
}

/** a (b - c) - d */
export function mulDifferenceSub(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  sub13(b, c, page + OPERAND)
  mulColumns(a, page + OPERAND, page + COLUMNS, page + PRODUCT)
  reduceLessElement(page + COLUMNS, d, out)
}

/** a (b - c) - d e */
export function mulDifferenceSubMul(a: usize, b: usize, c: usize, d: usize, e: usize, out: usize): void {
  sub13(b, c, page + OPERAND)
  mulColumns(a, page + OPERAND, page + COLUMNS, page + PRODUCT)
  mulColumns(d, e, page + COLUMNS2, page + PRODUCT)
  reduceLessProduct(page + COLUMNS, page + COLUMNS2, out)
}

/** a (b - c) - m d^2, from m d and d */
export function mulDifferenceSubSqr(a: usize, b: usize, c: usize, scaled: usize, d: usize, out: usize): void {
  sub13(b, c, page + OPERAND)
  mulColumns(a, page + OPERAND, page + COLUMNS, page + PRODUCT)
  sqrColumns(scaled, d, page + COLUMNS2)
  reduceLessProduct(page + COLUMNS, page + COLUMNS2, out)
}

/** a^2 */
export function sqr13(a: usize, out: usize): void {
  sqrScaled(a, a, out)
}

/** a^2 */
export function sqrPositive(a: usize, out: usize): void {
  sqrColumns(a, a, page + COLUMNS)
  reducePositive(page + COLUMNS, out)
}

/** m a^2, from m a and a */
export function sqrScaled(scaled: usize, a: usize, out: usize): void {
  sqrColumns(scaled, a, page + COLUMNS)
  reduceCentred(page + COLUMNS, out)
}

/** 3 a^2 */
export function sqrThrice(a: usize, out: usize): void {
  addShifted(a, a, 1, page + OPERAND)
  sqrScaled(page + OPERAND, a, out)
}

function sqrLessOperand(a: usize, out: usize): void {
  sqrColumns(a, a, page + COLUMNS)
  reduceLessElement(page + COLUMNS, page + OPERAND, out)
}

/** a^2 - b - c */
export function sqrSub(a: usize, b: usize, c: usize, out: usize): void {
  addShifted(b, c, 0, page + OPERAND)
  sqrLessOperand(a, out)
}

/** a^2 - 2 b */
export function sqrLessTwice(a: usize, b: usize, out: usize): void {
  double13(b, page + OPERAND)
  sqrLessOperand(a, out)
}

/** a^2 - b - 2 c */
export function sqrSubTwice(a: usize, b: usize, c: usize, out: usize): void {
  addShifted(b, c, 1, page + OPERAND)
  sqrLessOperand(a, out)
}
