// Numbers of any length: limbs of `width` bits in a u32 each, least significant first. The width is the largest that
// lets a column of products be summed in 64 bits without a carry. Decision 18 (docs/adr/0018-modexp-in-the-core.md).

/** Bits of a limb, and the limb of all ones. Globals are per thread. */
export let width: u64 = 28
export let mask: u64 = 0x0fff_ffff

const WIDEST: u64 = 29
/** Enough for numbers of 20 MB. */
const NARROWEST: u64 = 20

/** Limbs of a Montgomery product modulo a number of `bits` bits: R is at least four times it. A multiple of four. */
export function limbsFor(bits: u64): usize {
  return <usize>(((bits + 2 + width - 1) / width + 3) & ~3)
}

/**
 * Chooses the width for moduli of `bits` bits; false when they are too long for any. A column has at most n products of
 * two operands and n of the reduction, each below 2^(2 width), and a carry.
 */
export function setWidth(bits: u64): bool {
  width = WIDEST
  while (<u64>limbsFor(bits) > (<u64>1 << (63 - 2 * width)) - 4) {
    if (width == NARROWEST) return false
    width--
  }
  mask = (<u64>1 << width) - 1
  return true
}

// A big-endian number in memory is its address, the bytes that are there, and its length: those beyond are zeros.

/** Limb `i` of a number in bytes. */
export function limbOfBytes(at: usize, present: usize, length: usize, i: usize): u64 {
  const bit = <u64>i * width
  const fromEnd = <usize>(bit >> 3)
  if (fromEnd >= length) return 0
  const end = length - fromEnd
  const shift = bit & 7
  if (end >= 8 && end <= present) return (bswap<u64>(load<u64>(at + end - 8)) >> shift) & mask
  // At either end of the bytes: one by one, the five of them that a limb can touch.
  let value: u64 = 0
  for (let k: usize = 0; k < 5 && k < end; k++) {
    const index = end - 1 - k
    if (index < present) value |= <u64>load<u8>(at + index) << (<u64>k << 3)
  }
  return (value >> shift) & mask
}

/** The bits that a number in bytes has, without leading zeros. */
export function bitLengthOfBytes(at: usize, present: usize, length: usize): u64 {
  for (let i: usize = 0; i < present; i++) {
    const byte = <u32>load<u8>(at + i)
    if (byte != 0) return (<u64>(length - i) << 3) - <u64>(clz<u32>(byte) - 24)
  }
  return 0
}

/** Writes a number of `count` limbs, which fits, as `length` bytes. */
export function limbsToBytes(limbs: usize, count: usize, out: usize, length: usize): void {
  let pending: u64 = 0
  let bits: u64 = 0
  let next: usize = 0
  for (let i = length; i > 0; i--) {
    if (bits < 8) {
      if (next < count) pending |= <u64>load<u32>(limbs + (next++ << 2)) << bits
      bits += width
    }
    store<u8>(out + i - 1, <u8>pending)
    pending >>= 8
    bits -= 8
  }
}
