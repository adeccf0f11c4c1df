import { WIDE_SIZE } from './field'

// Sums of wide numbers (field.ts), or of several that lie one after the other: `size` bytes. `out` may be one of
// them. All are written out for two vectors a turn, of which seven make a number.

/** out = a + b. */
export function wideAdd(a: usize, b: usize, out: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 32) {
    v128.store(out + i, i64x2.add(v128.load(a + i), v128.load(b + i)))
    v128.store(out + i, i64x2.add(v128.load(a + i, 16), v128.load(b + i, 16)), 16)
  }
}

/** out = a - b. */
export function wideSub(a: usize, b: usize, out: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 32) {
    v128.store(out + i, i64x2.sub(v128.load(a + i), v128.load(b + i)))
    v128.store(out + i, i64x2.sub(v128.load(a + i, 16), v128.load(b + i, 16)), 16)
  }
}

/** out = a - b - c. */
export function wideSubTwo(a: usize, b: usize, c: usize, out: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 32) {
    v128.store(out + i, i64x2.sub(v128.load(a + i), i64x2.add(v128.load(b + i), v128.load(c + i))))
    v128.store(out + i, i64x2.sub(v128.load(a + i, 16), i64x2.add(v128.load(b + i, 16), v128.load(c + i, 16))), 16)
  }
}

/** out = 2^log a. */
export function wideShift(a: usize, log: i32, out: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 32) {
    v128.store(out + i, i64x2.shl(v128.load(a + i), log))
    v128.store(out + i, i64x2.shl(v128.load(a + i, 16), log), 16)
  }
}

/** out = out + n R a for an element a, n times whose weight is below 15. */
export function wideAddElement(n: i32, a: usize, out: usize): void {
  const factor = i32x4.splat(n)
  for (let i: usize = 0; i < 56; i += 8) {
    const limbs = i32x4.mul(v128.load64_zero(a + i), factor)
    const at = out + (i << 1)
    v128.store(at, i64x2.add(v128.load(at, 112), i64x2.extend_low_i32x4_s(limbs)), 112)
  }
}

// Wide numbers of Fp2: the real one, then the imaginary one.

export const WIDE2_SIZE: usize = 2 * WIDE_SIZE

/** From a0 b0 in `out`, (a0 + a1)(b0 + b1) behind it and a1 b1 the product (Karatsuba). */
export function wide2Finish(out: usize, v1: usize): void {
  for (let i: usize = 0; i < WIDE_SIZE; i += 32) {
    finishAt(out + i, v1 + i)
    finishAt(out + i + 16, v1 + i + 16)
  }
}

// @ts-ignore: decorator
@inline
function finishAt(out: usize, v1: usize): void {
  const x = v128.load(out)
  const y = v128.load(v1)
  v128.store(out, i64x2.sub(x, y))
  v128.store(out, i64x2.sub(v128.load(out, WIDE_SIZE), i64x2.add(x, y)), WIDE_SIZE)
}

/** out = a + (1 + i) b. */
export function wide2AddXi(a: usize, b: usize, out: usize): void {
  for (let i: usize = 0; i < WIDE_SIZE; i += 32) {
    addXiAt(a + i, v128.load(b + i), v128.load(b + i, WIDE_SIZE), out + i)
    addXiAt(a + i + 16, v128.load(b + i, 16), v128.load(b + i, WIDE_SIZE + 16), out + i + 16)
  }
}

// @ts-ignore: decorator
@inline
function addXiAt(a: usize, x: v128, y: v128, out: usize): void {
  v128.store(out, i64x2.add(v128.load(a), i64x2.sub(x, y)))
  v128.store(out, i64x2.add(v128.load(a, WIDE_SIZE), i64x2.add(x, y)), WIDE_SIZE)
}

/** out = a + (1 + i) (b - c - d). */
export function wide2AddXiSubTwo(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  for (let i: usize = 0; i < WIDE_SIZE; i += 16) {
    const x = i64x2.sub(v128.load(b + i), i64x2.add(v128.load(c + i), v128.load(d + i)))
    const y = i64x2.sub(
      v128.load(b + i, WIDE_SIZE),
      i64x2.add(v128.load(c + i, WIDE_SIZE), v128.load(d + i, WIDE_SIZE)),
    )
    addXiAt(a + i, x, y, out + i)
  }
}

/** out = a - (1 + i) b. */
export function wide2SubXi(a: usize, b: usize, out: usize): void {
  for (let i: usize = 0; i < WIDE_SIZE; i += 16) {
    const x = v128.load(b + i)
    const y = v128.load(b + i, WIDE_SIZE)
    v128.store(out + i, i64x2.sub(v128.load(a + i), i64x2.sub(x, y)))
    v128.store(out + i, i64x2.sub(v128.load(a + i, WIDE_SIZE), i64x2.add(x, y)), WIDE_SIZE)
  }
}

/** out = (1 + i) a. */
export function wide2Xi(a: usize, out: usize): void {
  for (let i: usize = 0; i < WIDE_SIZE; i += 16) {
    const x = v128.load(a + i)
    const y = v128.load(a + i, WIDE_SIZE)
    v128.store(out + i, i64x2.sub(x, y))
    v128.store(out + i, i64x2.add(x, y), WIDE_SIZE)
  }
}
