// RIPEMD-160 (Dobbertin, Bosselaers, Preneel: "RIPEMD-160, a strengthened version of RIPEMD", 1996). Rarely used, so a
// plain loop over tables. Nothing but `input` is read before the end; the state is in per-thread globals.

/** Offsets in bytes of the message words of the left line. */
const LEFT_WORD: usize = memory.data<u8>([
  0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60,
  28, 16, 52, 4, 40, 24, 60, 12, 48, 0, 36, 20, 8, 56, 44, 32,
  12, 40, 56, 16, 36, 60, 32, 4, 8, 28, 0, 24, 52, 44, 20, 48,
  4, 36, 44, 40, 0, 32, 48, 16, 52, 12, 28, 60, 56, 20, 24, 8,
  16, 0, 20, 36, 28, 48, 8, 40, 56, 4, 12, 32, 44, 24, 60, 52,
])
/** The same of the right line. */
const RIGHT_WORD: usize = memory.data<u8>([
  20, 56, 28, 0, 36, 8, 44, 16, 52, 24, 60, 32, 4, 40, 12, 48,
  24, 44, 12, 28, 0, 52, 20, 40, 56, 60, 32, 48, 16, 36, 4, 8,
  60, 20, 4, 12, 28, 56, 24, 36, 44, 32, 48, 8, 40, 0, 16, 52,
  32, 24, 16, 4, 12, 44, 60, 0, 20, 48, 8, 52, 36, 28, 40, 56,
  48, 60, 40, 16, 4, 20, 32, 28, 24, 8, 52, 56, 0, 12, 36, 44,
])
/** Rotations of the left line. */
const LEFT_SHIFT: usize = memory.data<u8>([
  11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
  7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
  11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
  11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
  9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
])
/** Rotations of the right line. */
const RIGHT_SHIFT: usize = memory.data<u8>([
  8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
  9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
  9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
  15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
  8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
])
const LEFT_K: usize = memory.data<u32>([0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e])
const RIGHT_K: usize = memory.data<u32>([0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0])

let h0: u32 = 0
let h1: u32 = 0
let h2: u32 = 0
let h3: u32 = 0
let h4: u32 = 0

/** The nonlinear function of group 0 to 4. */
// @ts-ignore: decorator
@inline
function f(group: u32, x: u32, y: u32, z: u32): u32 {
  switch (group) {
    case 0:
      return x ^ y ^ z
    case 1:
      return (x & y) | (~x & z)
    case 2:
      return (x | ~y) ^ z
    case 3:
      return (x & z) | (y & ~z)
    default:
      return x ^ (y | ~z)
  }
}

/**
 * Word at `offset` of the block at p: `rest` bytes are left of the message, after them 0x80, zeros and the bit length.
 */
function word(p: usize, rest: isize, offset: isize, bits: u64): u32 {
  if (offset + 4 <= rest) return load<u32>(p + <usize>offset)
  // The length goes into the last eight bytes of the block in which the 0x80 leaves room for it.
  if (rest < 56 && offset >= 56) return <u32>(offset == 56 ? bits : bits >> 32)
  let value: u32 = 0
  for (let i: isize = 3; i >= 0; i--) {
    const at = offset + i
    const byte: u32 = at < rest ? load<u8>(p + <usize>at) : at == rest ? 0x80 : 0
    value = (value << 8) | byte
  }
  return value
}

function compress(p: usize, rest: isize, bits: u64): void {
  let a = h0
  let b = h1
  let c = h2
  let d = h3
  let e = h4
  let aa = a
  let bb = b
  let cc = c
  let dd = d
  let ee = e
  for (let j: usize = 0; j < 80; j++) {
    const group = <u32>(j >> 4)
    const left = word(p, rest, load<u8>(LEFT_WORD + j), bits)
    let t = rotl<u32>(a + f(group, b, c, d) + left + load<u32>(LEFT_K + (group << 2)), load<u8>(LEFT_SHIFT + j)) + e
    a = e
    e = d
    d = rotl<u32>(c, 10)
    c = b
    b = t
    const right = word(p, rest, load<u8>(RIGHT_WORD + j), bits)
    t =
      rotl<u32>(aa + f(4 - group, bb, cc, dd) + right + load<u32>(RIGHT_K + (group << 2)), load<u8>(RIGHT_SHIFT + j)) +
      ee
    aa = ee
    ee = dd
    dd = rotl<u32>(cc, 10)
    cc = bb
    bb = t
  }
  const t = h1 + c + dd
  h1 = h2 + d + ee
  h2 = h3 + e + aa
  h3 = h4 + a + bb
  h4 = h0 + b + cc
  h0 = t
}

/** Hash of `length` bytes at `input`, 20 bytes to `out`, which may overlap the input. */
export function ripemd160(input: usize, length: usize, out: usize): void {
  h0 = 0x67452301
  h1 = 0xefcdab89
  h2 = 0x98badcfe
  h3 = 0x10325476
  h4 = 0xc3d2e1f0
  const bits = <u64>length << 3
  // `rest` goes below zero in a last block that has no more of the message: its 0x80 was in the block before.
  let rest = <isize>length
  let p = input
  for (; rest >= 56; rest -= 64) {
    compress(p, rest, bits)
    p += 64
  }
  compress(p, rest, bits)
  store<u32>(out, h0)
  store<u32>(out, h1, 4)
  store<u32>(out, h2, 8)
  store<u32>(out, h3, 12)
  store<u32>(out, h4, 16)
}
