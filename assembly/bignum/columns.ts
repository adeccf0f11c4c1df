// Sums of products by columns, the whole cost of long numbers: column k is the sum of x[i] * y[k - i]. Four or eight
// columns are summed at a time in vectors of two, over as many i as there are: a limb of x is loaded once for all.
//
// y must have PAD zero limbs on both sides, so that no column needs a bound of its own.

/** Zero limbs before and after each number that is a second operand. */
export const PAD: usize = 8

/** Adds x[lo..hi) * y to the four columns from `k` on, u64 each at `sums`. */
// @ts-ignore: decorator
@inline
export function addColumns4(x: usize, y: usize, k: usize, lo: usize, hi: usize, sums: usize): void {
  let a = v128.load(sums)
  let b = v128.load(sums, 16)
  let p = x + (lo << 2)
  const end = x + (hi << 2)
  let q = y + ((k - lo) << 2)
  while (p < end) {
    const s = v128.load_splat<u32>(p)
    const u = v128.load(q)
    a = i64x2.add(a, i64x2.extmul_low_i32x4_u(s, u))
    b = i64x2.add(b, i64x2.extmul_high_i32x4_u(s, u))
    p += 4
    q -= 4
  }
  v128.store(sums, a)
  v128.store(sums, b, 16)
}

/** Adds x[lo..hi) * y to the eight columns from `k` on. */
// @ts-ignore: decorator
@inline
export function addColumns8(x: usize, y: usize, k: usize, lo: usize, hi: usize, sums: usize): void {
  let a = v128.load(sums)
  let b = v128.load(sums, 16)
  let c = v128.load(sums, 32)
  let d = v128.load(sums, 48)
  let p = x + (lo << 2)
  const end = x + (hi << 2)
  let q = y + ((k - lo) << 2)
  while (p < end) {
    const s = v128.load_splat<u32>(p)
    const u = v128.load(q)
    const v = v128.load(q, 16)
    a = i64x2.add(a, i64x2.extmul_low_i32x4_u(s, u))
    b = i64x2.add(b, i64x2.extmul_high_i32x4_u(s, u))
    c = i64x2.add(c, i64x2.extmul_low_i32x4_u(s, v))
    d = i64x2.add(d, i64x2.extmul_high_i32x4_u(s, v))
    p += 4
    q -= 4
  }
  v128.store(sums, a)
  v128.store(sums, b, 16)
  v128.store(sums, c, 32)
  v128.store(sums, d, 48)
}

/**
 * The eight columns from `k` (a multiple of 8) on of the square of x, from x[lo] on: products of two different limbs
 * once, with one of them doubled. `x` and `doubled` are padded.
 */
// @ts-ignore: decorator
@inline
export function squareColumns8(x: usize, doubled: usize, k: usize, lo: usize, sums: usize): void {
  let a = i64x2.splat(0)
  let b = a
  let c = a
  let d = a
  let p = x + (lo << 2)
  const half = x + (k << 1)
  let q = doubled + ((k - lo) << 2)
  while (p < half) {
    const s = v128.load_splat<u32>(p)
    const u = v128.load(q)
    const v = v128.load(q, 16)
    a = i64x2.add(a, i64x2.extmul_low_i32x4_u(s, u))
    b = i64x2.add(b, i64x2.extmul_high_i32x4_u(s, u))
    c = i64x2.add(c, i64x2.extmul_low_i32x4_u(s, v))
    d = i64x2.add(d, i64x2.extmul_high_i32x4_u(s, v))
    p += 4
    q -= 4
  }
  // The diagonal: with i = k / 2 + n the limb of column k + 2 n is x[i] itself; those after it count twice, those
  // before it not at all.
  const twice = doubled + (k << 1)
  let s = v128.load_splat<u32>(half)
  let u = v128.or(
    v128.and(v128.load(half), i32x4(-1, 0, 0, 0)),
    v128.and(v128.load(twice), i32x4(0, -1, -1, -1)),
  )
  let v = v128.load(twice, 16)
  a = i64x2.add(a, i64x2.extmul_low_i32x4_u(s, u))
  b = i64x2.add(b, i64x2.extmul_high_i32x4_u(s, u))
  c = i64x2.add(c, i64x2.extmul_low_i32x4_u(s, v))
  d = i64x2.add(d, i64x2.extmul_high_i32x4_u(s, v))
  s = v128.load_splat<u32>(half, 4)
  u = v128.or(
    v128.and(v128.load(half - 4), i32x4(0, 0, -1, 0)),
    v128.and(v128.load(twice - 4), i32x4(0, 0, 0, -1)),
  )
  v = v128.load(twice, 12)
  b = i64x2.add(b, i64x2.extmul_high_i32x4_u(s, u))
  c = i64x2.add(c, i64x2.extmul_low_i32x4_u(s, v))
  d = i64x2.add(d, i64x2.extmul_high_i32x4_u(s, v))
  s = v128.load_splat<u32>(half, 8)
  v = v128.or(
    v128.and(v128.load(half, 8), i32x4(-1, 0, 0, 0)),
    v128.and(v128.load(twice, 8), i32x4(0, -1, -1, -1)),
  )
  c = i64x2.add(c, i64x2.extmul_low_i32x4_u(s, v))
  d = i64x2.add(d, i64x2.extmul_high_i32x4_u(s, v))
  s = v128.load_splat<u32>(half, 12)
  v = v128.or(
    v128.and(v128.load(half, 4), i32x4(0, 0, -1, 0)),
    v128.and(v128.load(twice, 4), i32x4(0, 0, 0, -1)),
  )
  d = i64x2.add(d, i64x2.extmul_high_i32x4_u(s, v))
  v128.store(sums, a)
  v128.store(sums, b, 16)
  v128.store(sums, c, 32)
  v128.store(sums, d, 48)
}
