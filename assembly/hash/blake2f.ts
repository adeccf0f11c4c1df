// The compression function F of BLAKE2b (RFC 7693, section 3.2) with the number of rounds as a parameter: EIP-152. The
// four mixings G of columns are done at once, then the four of diagonals: rows of the 4x4 matrix lie in two vectors
// each.

/** Offsets in bytes of the message words that each round takes, section 2.7. */
const SIGMA: usize = memory.data<u8>([
  0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120,
  112, 80, 32, 64, 72, 120, 104, 48, 8, 96, 0, 16, 88, 56, 40, 24,
  88, 64, 96, 0, 40, 16, 120, 104, 80, 112, 24, 48, 56, 8, 72, 32,
  56, 72, 24, 8, 104, 96, 88, 112, 16, 48, 40, 80, 32, 0, 120, 64,
  72, 0, 40, 56, 16, 32, 80, 120, 112, 8, 88, 96, 48, 64, 24, 104,
  16, 96, 48, 80, 0, 88, 64, 24, 32, 104, 56, 40, 120, 112, 8, 72,
  96, 40, 8, 120, 112, 104, 32, 80, 0, 56, 48, 24, 72, 16, 64, 88,
  104, 88, 56, 112, 96, 8, 24, 72, 40, 0, 120, 32, 64, 48, 16, 80,
  48, 120, 112, 72, 88, 24, 0, 64, 96, 16, 104, 56, 8, 32, 80, 40,
  80, 16, 64, 32, 56, 48, 8, 40, 120, 88, 72, 112, 24, 96, 104, 0,
])
const SIGMA_END: usize = SIGMA + 160

const BY_24: v128 = i8x16(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10)
const BY_16: v128 = i8x16(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9)

// @ts-ignore: decorator
@inline
function rotr32(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 1, 0, 3, 2)
}
// @ts-ignore: decorator
@inline
function rotr24(x: v128): v128 {
  return i8x16.swizzle(x, BY_24)
}
// @ts-ignore: decorator
@inline
function rotr16(x: v128): v128 {
  return i8x16.swizzle(x, BY_16)
}
// @ts-ignore: decorator
@inline
function rotr63(x: v128): v128 {
  return v128.or(i64x2.add(x, x), i64x2.shr_u(x, 63))
}

/** The message words that two neighbouring mixings take. */
// @ts-ignore: decorator
@inline
function words(m: usize, s: usize, at: usize): v128 {
  const first = v128.load64_zero(m + <usize>load<u8>(s + at))
  return v128.load_lane<u64>(m + <usize>load<u8>(s + at + 2), first, 1)
}

/**
 * Runs F on the BLAKE2F_INPUT bytes at `input`: the new h, 64 bytes, to `out` (outside the input). False, with nothing
 * written, when f is neither 0 nor 1.
 */
export function blake2f(input: usize, out: usize): bool {
  const final = load<u8>(input, 212)
  if (final > 1) return false
  const h = input + 4
  const m = input + 68
  let aL = v128.load(h, 0)
  let aH = v128.load(h, 16)
  let bL = v128.load(h, 32)
  let bH = v128.load(h, 48)
  let cL = i64x2(0x6a09e667f3bcc908, 0xbb67ae8584caa73b)
  let cH = i64x2(0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1)
  let dL = v128.xor(i64x2(0x510e527fade682d1, 0x9b05688c2b3e6c1f), v128.load(input, 196))
  let dH = i64x2(0x1f83d9abfb41bd6b, 0x5be0cd19137e2179)
  if (final != 0) dH = v128.xor(dH, i64x2(-1, 0))
  let s = SIGMA
  for (let rounds = bswap<u32>(load<u32>(input)); rounds > 0; rounds--) {
    // Columns.
    aL = i64x2.add(i64x2.add(aL, words(m, s, 0)), bL)
    aH = i64x2.add(i64x2.add(aH, words(m, s, 4)), bH)
    dL = rotr32(v128.xor(dL, aL))
    dH = rotr32(v128.xor(dH, aH))
    cL = i64x2.add(cL, dL)
    cH = i64x2.add(cH, dH)
    bL = rotr24(v128.xor(bL, cL))
    bH = rotr24(v128.xor(bH, cH))
    aL = i64x2.add(i64x2.add(aL, words(m, s, 1)), bL)
    aH = i64x2.add(i64x2.add(aH, words(m, s, 5)), bH)
    dL = rotr16(v128.xor(dL, aL))
    dH = rotr16(v128.xor(dH, aH))
    cL = i64x2.add(cL, dL)
    cH = i64x2.add(cH, dH)
    bL = rotr63(v128.xor(bL, cL))
    bH = rotr63(v128.xor(bH, cH))
    // The rows are turned so that diagonals become columns; c's halves change their names.
    let turned = v128.shuffle<u64>(bL, bH, 1, 2)
    bH = v128.shuffle<u64>(bH, bL, 1, 2)
    bL = turned
    turned = v128.shuffle<u64>(dH, dL, 1, 2)
    dH = v128.shuffle<u64>(dL, dH, 1, 2)
    dL = turned
    aL = i64x2.add(i64x2.add(aL, words(m, s, 8)), bL)
    aH = i64x2.add(i64x2.add(aH, words(m, s, 12)), bH)
    dL = rotr32(v128.xor(dL, aL))
    dH = rotr32(v128.xor(dH, aH))
    cH = i64x2.add(cH, dL)
    cL = i64x2.add(cL, dH)
    bL = rotr24(v128.xor(bL, cH))
    bH = rotr24(v128.xor(bH, cL))
    aL = i64x2.add(i64x2.add(aL, words(m, s, 9)), bL)
    aH = i64x2.add(i64x2.add(aH, words(m, s, 13)), bH)
    dL = rotr16(v128.xor(dL, aL))
    dH = rotr16(v128.xor(dH, aH))
    cH = i64x2.add(cH, dL)
    cL = i64x2.add(cL, dH)
    bL = rotr63(v128.xor(bL, cH))
    bH = rotr63(v128.xor(bH, cL))
    // And back.
    turned = v128.shuffle<u64>(bH, bL, 1, 2)
    bH = v128.shuffle<u64>(bL, bH, 1, 2)
    bL = turned
    turned = v128.shuffle<u64>(dL, dH, 1, 2)
    dH = v128.shuffle<u64>(dH, dL, 1, 2)
    dL = turned
    s += 16
    if (s == SIGMA_END) s = SIGMA
  }
  v128.store(out, v128.xor(v128.load(h, 0), v128.xor(aL, cL)), 0)
  v128.store(out, v128.xor(v128.load(h, 16), v128.xor(aH, cH)), 16)
  v128.store(out, v128.xor(v128.load(h, 32), v128.xor(bL, dL)), 32)
  v128.store(out, v128.xor(v128.load(h, 48), v128.xor(bH, dH)), 48)
  return true
}
