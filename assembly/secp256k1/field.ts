// The field of secp256k1: integers modulo p = 2^256 - 2^32 - 977. Variable time: for public data only.
//
// An element is nine signed limbs of 29 bits, value = sum of limb[i] * 2^(29 i), each in an i32 (36 bytes). WebAssembly
// has no 64 x 64 -> 128 product; 29 bits let the nine 58-bit products of a column be summed in one i64 without any
// carry, with 81 multiplications in all (ten limbs of 26 bits need 100, eight of 32 bits need 64 but a carry after each
// one).
//
// Magnitude: an element has magnitude m when every |limb| <= m * 2^29 (+ a few units). Products, squares and everything
// called "reduced" give limbs in [0, 2^29) (+ a few units), magnitude 1; a difference of two reduced ones has magnitude
// 1 too, because limbs are signed, a sum 2. A column of a product of magnitudes m and n is below 9 * m * n * 2^58: the
// sum of m * n over the products taken together must be at most 3. `out` may be one of the inputs everywhere.

export const FE_SIZE: usize = 40

const MASK: i64 = 0x1fff_ffff
const TOP_MASK: i64 = 0xff_ffff // limb 8 ends at bit 256

// @ts-ignore: decorator
@inline
function limb(a: usize, offset: usize): i64 {
  return <i64>load<i32>(a + offset)
}

/** Columns of weight 2^(29 k) to a reduced element. 2^261 = 2^37 + 31264 and 2^256 = 2^32 + 977 modulo p. */
// @ts-ignore: decorator
@inline
function reduce(
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64, c6: i64, c7: i64, c8: i64,
  c9: i64, c10: i64, c11: i64, c12: i64, c13: i64, c14: i64, c15: i64, c16: i64,
  out: usize,
): void {
  c10 += c9 >> 29
  c11 += c10 >> 29
  c12 += c11 >> 29
  c13 += c12 >> 29
  c14 += c13 >> 29
  c15 += c14 >> 29
  c16 += c15 >> 29
  const h8 = c16 >> 29
  const h0 = c9 & MASK
  const h1 = c10 & MASK
  const h2 = c11 & MASK
  const h3 = c12 & MASK
  const h4 = c13 & MASK
  const h5 = c14 & MASK
  const h6 = c15 & MASK
  const h7 = c16 & MASK
  c0 += h0 * 31264
  c1 += h1 * 31264 + (h0 << 8) + (c0 >> 29)
  c2 += h2 * 31264 + (h1 << 8) + (c1 >> 29)
  c3 += h3 * 31264 + (h2 << 8) + (c2 >> 29)
  c4 += h4 * 31264 + (h3 << 8) + (c3 >> 29)
  c5 += h5 * 31264 + (h4 << 8) + (c4 >> 29)
  c6 += h6 * 31264 + (h5 << 8) + (c5 >> 29)
  c7 += h7 * 31264 + (h6 << 8) + (c6 >> 29)
  c8 += h8 * 31264 + (h7 << 8) + (c7 >> 29)
  const top = (c8 >> 24) + (h8 << 13)
  const r0 = (c0 & MASK) + top * 977
  const r1 = (c1 & MASK) + (top << 3) + (r0 >> 29)
  const r2 = (c2 & MASK) + (r1 >> 29)
  store<i32>(out, <i32>(r0 & MASK))
  store<i32>(out, <i32>(r1 & MASK), 4)
  store<i32>(out, <i32>(r2 & MASK), 8)
  store<i32>(out, <i32>((c3 & MASK) + (r2 >> 29)), 12)
  store<i32>(out, <i32>(c4 & MASK), 16)
  store<i32>(out, <i32>(c5 & MASK), 20)
  store<i32>(out, <i32>(c6 & MASK), 24)
  store<i32>(out, <i32>(c7 & MASK), 28)
  store<i32>(out, <i32>(c8 & TOP_MASK), 32)
}

/** out = a * b. */
export function feMul(a: usize, b: usize, out: usize): void {
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
  reduce(
    a0 * b0,
    a0 * b1 + a1 * b0,
    a0 * b2 + a1 * b1 + a2 * b0,
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
    a6 * b8 + a7 * b7 + a8 * b6,
    a7 * b8 + a8 * b7,
    a8 * b8,
    out,
  )
}

/** out = a * a. */
export function feSqr(a: usize, out: usize): void {
  const a0 = limb(a, 0)
  const a1 = limb(a, 4)
  const a2 = limb(a, 8)
  const a3 = limb(a, 12)
  const a4 = limb(a, 16)
  const a5 = limb(a, 20)
  const a6 = limb(a, 24)
  const a7 = limb(a, 28)
  const a8 = limb(a, 32)
  reduce(
    a0 * a0,
    ((a0 * a1) << 1),
    a1 * a1 + ((a0 * a2) << 1),
    ((a0 * a3 + a1 * a2) << 1),
    a2 * a2 + ((a0 * a4 + a1 * a3) << 1),
    ((a0 * a5 + a1 * a4 + a2 * a3) << 1),
    a3 * a3 + ((a0 * a6 + a1 * a5 + a2 * a4) << 1),
    ((a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4) << 1),
    a4 * a4 + ((a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) << 1),
    ((a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5) << 1),
    a5 * a5 + ((a2 * a8 + a3 * a7 + a4 * a6) << 1),
    ((a3 * a8 + a4 * a7 + a5 * a6) << 1),
    a6 * a6 + ((a4 * a8 + a5 * a7) << 1),
    ((a5 * a8 + a6 * a7) << 1),
    a7 * a7 + ((a6 * a8) << 1),
    ((a7 * a8) << 1),
    a8 * a8,
    out,
  )
}

/** out = a * a - b - 2 c; b and c have magnitude up to 4. */
export function feSqrSub(a: usize, b: usize, c: usize, out: usize): void {
  const a0 = limb(a, 0)
  const a1 = limb(a, 4)
  const a2 = limb(a, 8)
  const a3 = limb(a, 12)
  const a4 = limb(a, 16)
  const a5 = limb(a, 20)
  const a6 = limb(a, 24)
  const a7 = limb(a, 28)
  const a8 = limb(a, 32)
  reduce(
    a0 * a0 - limb(b, 0) - (limb(c, 0) << 1),
    ((a0 * a1) << 1) - limb(b, 4) - (limb(c, 4) << 1),
    a1 * a1 + ((a0 * a2) << 1) - limb(b, 8) - (limb(c, 8) << 1),
    ((a0 * a3 + a1 * a2) << 1) - limb(b, 12) - (limb(c, 12) << 1),
    a2 * a2 + ((a0 * a4 + a1 * a3) << 1) - limb(b, 16) - (limb(c, 16) << 1),
    ((a0 * a5 + a1 * a4 + a2 * a3) << 1) - limb(b, 20) - (limb(c, 20) << 1),
    a3 * a3 + ((a0 * a6 + a1 * a5 + a2 * a4) << 1) - limb(b, 24) - (limb(c, 24) << 1),
    ((a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4) << 1) - limb(b, 28) - (limb(c, 28) << 1),
    a4 * a4 + ((a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) << 1) - limb(b, 32) - (limb(c, 32) << 1),
    ((a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5) << 1),
    a5 * a5 + ((a2 * a8 + a3 * a7 + a4 * a6) << 1),
    ((a3 * a8 + a4 * a7 + a5 * a6) << 1),
    a6 * a6 + ((a4 * a8 + a5 * a7) << 1),
    ((a5 * a8 + a6 * a7) << 1),
    a7 * a7 + ((a6 * a8) << 1),
    ((a7 * a8) << 1),
    a8 * a8,
    out,
  )
}

/** out = a * b - c * d, with one reduction for both products. */
export function feMulSubMul(a: usize, b: usize, c: usize, d: usize, out: usize): void {
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
  const c0 = limb(c, 0)
  const c1 = limb(c, 4)
  const c2 = limb(c, 8)
  const c3 = limb(c, 12)
  const c4 = limb(c, 16)
  const c5 = limb(c, 20)
  const c6 = limb(c, 24)
  const c7 = limb(c, 28)
  const c8 = limb(c, 32)
  const d0 = limb(d, 0)
  const d1 = limb(d, 4)
  const d2 = limb(d, 8)
  const d3 = limb(d, 12)
  const d4 = limb(d, 16)
  const d5 = limb(d, 20)
  const d6 = limb(d, 24)
  const d7 = limb(d, 28)
  const d8 = limb(d, 32)
  reduce(
    a0 * b0 - (c0 * d0),
    a0 * b1 + a1 * b0 - (c0 * d1 + c1 * d0),
    a0 * b2 + a1 * b1 + a2 * b0 - (c0 * d2 + c1 * d1 + c2 * d0),
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (c0 * d3 + c1 * d2 + c2 * d1 + c3 * d0),
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (c0 * d4 + c1 * d3 + c2 * d2 + c3 * d1 + c4 * d0),
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 -
      (c0 * d5 + c1 * d4 + c2 * d3 + c3 * d2 + c4 * d1 + c5 * d0),
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 -
      (c0 * d6 + c1 * d5 + c2 * d4 + c3 * d3 + c4 * d2 + c5 * d1 + c6 * d0),
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 -
      (c0 * d7 + c1 * d6 + c2 * d5 + c3 * d4 + c4 * d3 + c5 * d2 + c6 * d1 + c7 * d0),
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 -
      (c0 * d8 + c1 * d7 + c2 * d6 + c3 * d5 + c4 * d4 + c5 * d3 + c6 * d2 + c7 * d1 + c8 * d0),
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 -
      (c1 * d8 + c2 * d7 + c3 * d6 + c4 * d5 + c5 * d4 + c6 * d3 + c7 * d2 + c8 * d1),
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 -
      (c2 * d8 + c3 * d7 + c4 * d6 + c5 * d5 + c6 * d4 + c7 * d3 + c8 * d2),
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 -
      (c3 * d8 + c4 * d7 + c5 * d6 + c6 * d5 + c7 * d4 + c8 * d3),
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 - (c4 * d8 + c5 * d7 + c6 * d6 + c7 * d5 + c8 * d4),
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 - (c5 * d8 + c6 * d7 + c7 * d6 + c8 * d5),
    a6 * b8 + a7 * b7 + a8 * b6 - (c6 * d8 + c7 * d7 + c8 * d6),
    a7 * b8 + a8 * b7 - (c7 * d8 + c8 * d7),
    a8 * b8 - (c8 * d8),
    out,
  )
}

/** out = a * b - c * c, with one reduction. */
export function feMulSubSqr(a: usize, b: usize, c: usize, out: usize): void {
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
  const c0 = limb(c, 0)
  const c1 = limb(c, 4)
  const c2 = limb(c, 8)
  const c3 = limb(c, 12)
  const c4 = limb(c, 16)
  const c5 = limb(c, 20)
  const c6 = limb(c, 24)
  const c7 = limb(c, 28)
  const c8 = limb(c, 32)
  reduce(
    a0 * b0 - (c0 * c0),
    a0 * b1 + a1 * b0 - ((c0 * c1) << 1),
    a0 * b2 + a1 * b1 + a2 * b0 - (c1 * c1 + ((c0 * c2) << 1)),
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - ((c0 * c3 + c1 * c2) << 1),
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (c2 * c2 + ((c0 * c4 + c1 * c3) << 1)),
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 - ((c0 * c5 + c1 * c4 + c2 * c3) << 1),
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 -
      (c3 * c3 + ((c0 * c6 + c1 * c5 + c2 * c4) << 1)),
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 -
      ((c0 * c7 + c1 * c6 + c2 * c5 + c3 * c4) << 1),
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 -
      (c4 * c4 + ((c0 * c8 + c1 * c7 + c2 * c6 + c3 * c5) << 1)),
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 -
      ((c1 * c8 + c2 * c7 + c3 * c6 + c4 * c5) << 1),
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 -
      (c5 * c5 + ((c2 * c8 + c3 * c7 + c4 * c6) << 1)),
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 - ((c3 * c8 + c4 * c7 + c5 * c6) << 1),
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 - (c6 * c6 + ((c4 * c8 + c5 * c7) << 1)),
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 - ((c5 * c8 + c6 * c7) << 1),
    a6 * b8 + a7 * b7 + a8 * b6 - (c7 * c7 + ((c6 * c8) << 1)),
    a7 * b8 + a8 * b7 - ((c7 * c8) << 1),
    a8 * b8 - (c8 * c8),
    out,
  )
}
