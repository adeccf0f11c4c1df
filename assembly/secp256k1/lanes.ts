import { E } from './field13'

// Between words and the lanes of elements of field13.ts. A lane is addressed as element + 4 * lane.

/** 4096 * sum of 2^(13 i), i < 20, as five limbs of 64 bits. */
const CENTRE: usize = memory.data<u64>([
  0x0008_0040_0200_1000, 0x0010_0080_0400_2001, 0x0020_0100_0800_4002, 0x0040_0200_1000_8004, 0x8,
])

/** A lane from a word, centred; `scratch` is 40 bytes. */
export function laneFromWord(word: usize, lane: usize, scratch: usize): void {
  // With 4096 added at every limb, the limbs are 13 bits each, 4096 too much.
  let carry: u64 = 0
  for (let i: usize = 0; i < 32; i += 8) {
    const x = load<u64>(word + i)
    const sum = x + load<u64>(CENTRE + i)
    const all = sum + carry
    carry = <u64>(sum < x) + <u64>(all < sum)
    store<u64>(scratch + i, all)
  }
  store<u64>(scratch, load<u64>(CENTRE, 32) + carry, 32)
  for (let i: usize = 0; i < 20; i++) {
    const bit = i * 13
    const limb = (load<u32>(scratch + ((bit >> 4) << 1)) >> <u32>(bit & 15)) & 8191
    store<u16>(lane + ((i >> 1) << 4) + ((i & 1) << 1), <u16>(limb - 4096))
  }
}

// @ts-ignore: decorator
@inline
function limb(lane: usize, i: usize): i64 {
  return <i64>load<i16>(lane + ((i >> 1) << 4) + ((i & 1) << 1))
}

/** Four limbs as one of 52 bits, signed. */
// @ts-ignore: decorator
@inline
function four(lane: usize, i: usize): i64 {
  return limb(lane, i) + (limb(lane, i + 1) << 13) + (limb(lane, i + 2) << 26) + (limb(lane, i + 3) << 39)
}

const M52: i64 = 0xf_ffff_ffff_ffff

/** The number below p in a lane of an element of weight up to 2, as a word. */
export function laneToWord(lane: usize, word: usize): void {
  // 32 p = 2^261 - 0x2000007a20 makes it positive: it is above -1.01 * 2^260.
  let a0 = four(lane, 0) + 0xf_ffdf_ffff_85e0
  let a1 = four(lane, 4) + M52 + (a0 >> 52)
  let a2 = four(lane, 8) + M52 + (a1 >> 52)
  let a3 = four(lane, 12) + M52 + (a2 >> 52)
  let a4 = four(lane, 16) + 0x1f_ffff_ffff_ffff + (a3 >> 52)
  // 2^256 = 2^32 + 977: what lies above goes to the bottom.
  a0 = (a0 & M52) + (a4 >> 48) * 0x1_0000_03d1
  a1 = (a1 & M52) + (a0 >> 52)
  a2 = (a2 & M52) + (a1 >> 52)
  a3 = (a3 & M52) + (a2 >> 52)
  a4 = (a4 & 0xffff_ffff_ffff) + (a3 >> 52)
  let w0 = <u64>(a0 & M52) | (<u64>a1 << 52)
  let w1 = (<u64>(a1 & M52) >> 12) | (<u64>a2 << 40)
  let w2 = (<u64>(a2 & M52) >> 24) | (<u64>a3 << 28)
  let w3 = (<u64>(a3 & M52) >> 36) | (<u64>a4 << 16)
  if (a4 >> 48 != 0 || ((w1 & w2 & w3) == u64.MAX_VALUE && w0 >= 0xffff_fffe_ffff_fc2f)) {
    // Once more, or p too much: both add 2^32 + 977 and drop bit 256.
    w0 += 0x1_0000_03d1
    w1 += <u64>(w0 < 0x1_0000_03d1)
    w2 += <u64>(w1 == 0 && w0 < 0x1_0000_03d1)
    w3 += <u64>(w2 == 0 && w1 == 0 && w0 < 0x1_0000_03d1)
  }
  store<u64>(word, w0)
  store<u64>(word, w1, 8)
  store<u64>(word, w2, 16)
  store<u64>(word, w3, 24)
}

/** Lane l of `out` becomes lane l of the element at address l. */
export function gather(e0: usize, e1: usize, e2: usize, e3: usize, out: usize): void {
  for (let i: usize = 0; i < E; i += 16) {
    let x = v128.load32_zero(e0 + i)
    x = v128.load_lane<u32>(e1 + i, x, 1, 4)
    x = v128.load_lane<u32>(e2 + i, x, 2, 8)
    x = v128.load_lane<u32>(e3 + i, x, 3, 12)
    v128.store(out + i, x)
  }
}

/** Bytes of a point whose coordinates are two lanes put together, as in the generator's windows. */
export const PACKED_POINT: usize = E / 2

/** Lane `lane` of the element and of the one after it, as a packed point. */
export function packPoint(lane: usize, out: usize): void {
  for (let i: usize = 0; i < PACKED_POINT; i += 4) store<u32>(out + i, load<u32>(lane + (i << 2)))
}

/** Four packed points to the lanes of two elements, x and y. */
export function unpackPoints(p0: usize, p1: usize, p2: usize, p3: usize, out: usize): void {
  for (let i: usize = 0; i < PACKED_POINT; i += 16, out += 64) {
    const a = v128.load(p0 + i), b = v128.load(p1 + i), c = v128.load(p2 + i), d = v128.load(p3 + i)
    const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5)
    const AB = v128.shuffle<u32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<u32>(c, d, 2, 6, 3, 7)
    v128.store(out, v128.shuffle<u64>(ab, cd, 0, 2))
    v128.store(out, v128.shuffle<u64>(ab, cd, 1, 3), 16)
    v128.store(out, v128.shuffle<u64>(AB, CD, 0, 2), 32)
    v128.store(out, v128.shuffle<u64>(AB, CD, 1, 3), 48)
  }
}
