// SHA-256 (FIPS 180-4). The state and the running message schedule live in locals and per-thread globals: nothing but
// `input` is read and nothing but `out` is written, so `out` may overlap the input.

/** Round constants, section 4.2.2. */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])

let h0: u32 = 0
let h1: u32 = 0
let h2: u32 = 0
let h3: u32 = 0
let h4: u32 = 0
let h5: u32 = 0
let h6: u32 = 0
let h7: u32 = 0

// @ts-ignore: decorator
@inline
function bigEndian(at: usize): u32 {
  return bswap<u32>(load<u32>(at))
}

/** Sigma functions and choice, section 4.1.2; the majority of x, y, z is ((x ^ y) & (y ^ z)) ^ y. */
// @ts-ignore: decorator
@inline
function sum0(x: u32): u32 {
  // By 2, 13 and 22, with copies of x saved.
  return rotr<u32>(rotr<u32>(rotr<u32>(x, 9) ^ x, 11) ^ x, 2)
}
// @ts-ignore: decorator
@inline
function sum1(x: u32): u32 {
  return rotr<u32>(x, 6) ^ rotr<u32>(x, 11) ^ rotr<u32>(x, 25)
}
// @ts-ignore: decorator
@inline
function sigma0(x: v128): v128 {
  const first = v128.xor(i32x4.shr_u(x, 7), i32x4.shl(x, 25))
  const second = v128.xor(i32x4.shr_u(x, 18), i32x4.shl(x, 14))
  return v128.xor(v128.xor(first, second), i32x4.shr_u(x, 3))
}
// @ts-ignore: decorator
@inline
function sigma1(x: v128): v128 {
  const first = v128.xor(i32x4.shr_u(x, 17), i32x4.shl(x, 15))
  const second = v128.xor(i32x4.shr_u(x, 19), i32x4.shl(x, 13))
  return v128.xor(v128.xor(first, second), i32x4.shr_u(x, 10))
}
// @ts-ignore: decorator
@inline
function choose(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z))
}
/** The next four words of the schedule after the 16 in w0 to w3. */
// @ts-ignore: decorator
@inline
function schedule(w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const zeros = i32x4.splat(0)
  let sum = i32x4.add(w0, sigma0(v128.shuffle<u32>(w0, w1, 1, 2, 3, 4)))
  sum = i32x4.add(sum, v128.shuffle<u32>(w2, w3, 1, 2, 3, 4))
  // The last two need the first two; sigma1(0) is 0.
  sum = i32x4.add(sum, sigma1(v128.shuffle<u32>(w3, zeros, 2, 3, 4, 5)))
  return i32x4.add(sum, sigma1(v128.shuffle<u32>(zeros, sum, 0, 1, 4, 5)))
}

/**
 * One block of 16 words, section 6.2.2, four words a vector. The schedule's vectors are used in the turn that makes
 * them: V8 puts what only the next turn needs at the end of the turn, where nothing runs beside it.
 * Decision 34 (docs/adr/0034-orders-that-the-compiler-chooses.md).
 */
function compress(w0: v128, w1: v128, w2: v128, w3: v128): void {
  let a = h0
  let b = h1
  let c = h2
  let d = h3
  let e = h4
  let f = h5
  let g = h6
  let h = h7
  let t: u32 = 0
  let sum: v128
  // a ^ b of one round is b ^ c of the next.
  let m = b ^ c
  let n: u32 = 0
  sum = i32x4.add(w0, v128.load(K, 0))
  t = h + i32x4.extract_lane(sum, 0) + choose(e, f, g) + sum1(e)
  d += t
  n = a ^ b
  h = ((m & n) ^ b) + sum0(a) + t
  t = g + i32x4.extract_lane(sum, 1) + choose(d, e, f) + sum1(d)
  c += t
  m = h ^ a
  g = ((n & m) ^ a) + sum0(h) + t
  t = f + i32x4.extract_lane(sum, 2) + choose(c, d, e) + sum1(c)
  b += t
  n = g ^ h
  f = ((m & n) ^ h) + sum0(g) + t
  t = e + i32x4.extract_lane(sum, 3) + choose(b, c, d) + sum1(b)
  a += t
  m = f ^ g
  e = ((n & m) ^ g) + sum0(f) + t
  sum = i32x4.add(w1, v128.load(K, 16))
  t = d + i32x4.extract_lane(sum, 0) + choose(a, b, c) + sum1(a)
  h += t
  n = e ^ f
  d = ((m & n) ^ f) + sum0(e) + t
  t = c + i32x4.extract_lane(sum, 1) + choose(h, a, b) + sum1(h)
  g += t
  m = d ^ e
  c = ((n & m) ^ e) + sum0(d) + t
  t = b + i32x4.extract_lane(sum, 2) + choose(g, h, a) + sum1(g)
  f += t
  n = c ^ d
  b = ((m & n) ^ d) + sum0(c) + t
  t = a + i32x4.extract_lane(sum, 3) + choose(f, g, h) + sum1(f)
  e += t
  m = b ^ c
  a = ((n & m) ^ c) + sum0(b) + t
  sum = i32x4.add(w2, v128.load(K, 32))
  t = h + i32x4.extract_lane(sum, 0) + choose(e, f, g) + sum1(e)
  d += t
  n = a ^ b
  h = ((m & n) ^ b) + sum0(a) + t
  t = g + i32x4.extract_lane(sum, 1) + choose(d, e, f) + sum1(d)
  c += t
  m = h ^ a
  g = ((n & m) ^ a) + sum0(h) + t
  t = f + i32x4.extract_lane(sum, 2) + choose(c, d, e) + sum1(c)
  b += t
  n = g ^ h
  f = ((m & n) ^ h) + sum0(g) + t
  t = e + i32x4.extract_lane(sum, 3) + choose(b, c, d) + sum1(b)
  a += t
  m = f ^ g
  e = ((n & m) ^ g) + sum0(f) + t
  sum = i32x4.add(w3, v128.load(K, 48))
  t = d + i32x4.extract_lane(sum, 0) + choose(a, b, c) + sum1(a)
  h += t
  n = e ^ f
  d = ((m & n) ^ f) + sum0(e) + t
  t = c + i32x4.extract_lane(sum, 1) + choose(h, a, b) + sum1(h)
  g += t
  m = d ^ e
  c = ((n & m) ^ e) + sum0(d) + t
  t = b + i32x4.extract_lane(sum, 2) + choose(g, h, a) + sum1(g)
  f += t
  n = c ^ d
  b = ((m & n) ^ d) + sum0(c) + t
  t = a + i32x4.extract_lane(sum, 3) + choose(f, g, h) + sum1(f)
  e += t
  m = b ^ c
  a = ((n & m) ^ c) + sum0(b) + t
  for (let k = K + 64; k != K + 256; k += 64) {
    w0 = schedule(w0, w1, w2, w3)
    sum = i32x4.add(w0, v128.load(k, 0))
    t = h + i32x4.extract_lane(sum, 0) + choose(e, f, g) + sum1(e)
    d += t
    n = a ^ b
    h = ((m & n) ^ b) + sum0(a) + t
    t = g + i32x4.extract_lane(sum, 1) + choose(d, e, f) + sum1(d)
    c += t
    m = h ^ a
    g = ((n & m) ^ a) + sum0(h) + t
    t = f + i32x4.extract_lane(sum, 2) + choose(c, d, e) + sum1(c)
    b += t
    n = g ^ h
    f = ((m & n) ^ h) + sum0(g) + t
    t = e + i32x4.extract_lane(sum, 3) + choose(b, c, d) + sum1(b)
    a += t
    m = f ^ g
    e = ((n & m) ^ g) + sum0(f) + t
    w1 = schedule(w1, w2, w3, w0)
    sum = i32x4.add(w1, v128.load(k, 16))
    t = d + i32x4.extract_lane(sum, 0) + choose(a, b, c) + sum1(a)
    h += t
    n = e ^ f
    d = ((m & n) ^ f) + sum0(e) + t
    t = c + i32x4.extract_lane(sum, 1) + choose(h, a, b) + sum1(h)
    g += t
    m = d ^ e
    c = ((n & m) ^ e) + sum0(d) + t
    t = b + i32x4.extract_lane(sum, 2) + choose(g, h, a) + sum1(g)
    f += t
    n = c ^ d
    b = ((m & n) ^ d) + sum0(c) + t
    t = a + i32x4.extract_lane(sum, 3) + choose(f, g, h) + sum1(f)
    e += t
    m = b ^ c
    a = ((n & m) ^ c) + sum0(b) + t
    w2 = schedule(w2, w3, w0, w1)
    sum = i32x4.add(w2, v128.load(k, 32))
    t = h + i32x4.extract_lane(sum, 0) + choose(e, f, g) + sum1(e)
    d += t
    n = a ^ b
    h = ((m & n) ^ b) + sum0(a) + t
    t = g + i32x4.extract_lane(sum, 1) + choose(d, e, f) + sum1(d)
    c += t
    m = h ^ a
    g = ((n & m) ^ a) + sum0(h) + t
    t = f + i32x4.extract_lane(sum, 2) + choose(c, d, e) + sum1(c)
    b += t
    n = g ^ h
    f = ((m & n) ^ h) + sum0(g) + t
    t = e + i32x4.extract_lane(sum, 3) + choose(b, c, d) + sum1(b)
    a += t
    m = f ^ g
    e = ((n & m) ^ g) + sum0(f) + t
    w3 = schedule(w3, w0, w1, w2)
    sum = i32x4.add(w3, v128.load(k, 48))
    t = d + i32x4.extract_lane(sum, 0) + choose(a, b, c) + sum1(a)
    h += t
    n = e ^ f
    d = ((m & n) ^ f) + sum0(e) + t
    t = c + i32x4.extract_lane(sum, 1) + choose(h, a, b) + sum1(h)
    g += t
    m = d ^ e
    c = ((n & m) ^ e) + sum0(d) + t
    t = b + i32x4.extract_lane(sum, 2) + choose(g, h, a) + sum1(g)
    f += t
    n = c ^ d
    b = ((m & n) ^ d) + sum0(c) + t
    t = a + i32x4.extract_lane(sum, 3) + choose(f, g, h) + sum1(f)
    e += t
    m = b ^ c
    a = ((n & m) ^ c) + sum0(b) + t
  }
  h0 += a
  h1 += b
  h2 += c
  h3 += d
  h4 += e
  h5 += f
  h6 += g
  h7 += h
}

/** Four big-endian words. */
// @ts-ignore: decorator
@inline
function words(at: usize): v128 {
  return i8x16.swizzle(v128.load(at), i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12))
}

/**
 * Word at `offset` of the padded rest of the message (section 5.1.1): `rest` < 64 bytes at p, then 0x80, then zeros.
 */
function padded(p: usize, rest: usize, offset: usize): u32 {
  if (offset + 4 <= rest) return bigEndian(p + offset)
  if (offset > rest) return 0
  let word: u32 = 0
  for (let i: usize = 0; i < 4; i++) {
    const at = offset + i
    const byte: u32 = at < rest ? load<u8>(p + at) : at == rest ? 0x80 : 0
    word = (word << 8) | byte
  }
  return word
}

// @ts-ignore: decorator
@inline
function four(x0: u32, x1: u32, x2: u32, x3: u32): v128 {
  const low = i32x4.replace_lane(i32x4.splat(x0), 1, x1)
  return i32x4.replace_lane(i32x4.replace_lane(low, 2, x2), 3, x3)
}

/** Hash of `length` bytes at `input`, 32 bytes to `out`. */
export function sha256(input: usize, length: usize, out: usize): void {
  h0 = 0x6a09e667
  h1 = 0xbb67ae85
  h2 = 0x3c6ef372
  h3 = 0xa54ff53a
  h4 = 0x510e527f
  h5 = 0x9b05688c
  h6 = 0x1f83d9ab
  h7 = 0x5be0cd19
  let p = input
  let rest = length
  for (; rest >= 64; rest -= 64) {
    compress(words(p), words(p + 16), words(p + 32), words(p + 48))
    p += 64
  }
  const bitsHigh = <u32>(<u64>length >> 29)
  const bitsLow = <u32>(length << 3)
  const w14 = padded(p, rest, 56)
  const w15 = padded(p, rest, 60)
  const fits = rest < 56
  compress(
    four(padded(p, rest, 0), padded(p, rest, 4), padded(p, rest, 8), padded(p, rest, 12)),
    four(padded(p, rest, 16), padded(p, rest, 20), padded(p, rest, 24), padded(p, rest, 28)),
    four(padded(p, rest, 32), padded(p, rest, 36), padded(p, rest, 40), padded(p, rest, 44)),
    four(padded(p, rest, 48), padded(p, rest, 52), fits ? bitsHigh : w14, fits ? bitsLow : w15),
  )
  if (!fits) compress(i32x4.splat(0), i32x4.splat(0), i32x4.splat(0), four(0, 0, bitsHigh, bitsLow))
  store<u32>(out, bswap<u32>(h0), 0)
  store<u32>(out, bswap<u32>(h1), 4)
  store<u32>(out, bswap<u32>(h2), 8)
  store<u32>(out, bswap<u32>(h3), 12)
  store<u32>(out, bswap<u32>(h4), 16)
  store<u32>(out, bswap<u32>(h5), 20)
  store<u32>(out, bswap<u32>(h6), 24)
  store<u32>(out, bswap<u32>(h7), 28)
}
