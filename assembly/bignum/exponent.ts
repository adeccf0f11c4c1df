// The bits of an exponent in bytes, and how many of them a power takes at once.

/** A big-endian number: its address, the bytes that are there and its length; those beyond are zeros. Per thread. */
let bytes: usize = 0
let present: usize = 0
let length: usize = 0

export function setExponent(at: usize, available: usize, count: usize): void {
  bytes = at
  present = available
  length = count
}

/** Bit `i`, counted from the lowest. */
// @ts-ignore: decorator
@inline
export function exponentBit(i: i64): u32 {
  const index = length - 1 - <usize>(i >> 3)
  return index < present ? (<u32>load<u8>(bytes + index) >> (<u32>i & 7)) & 1 : 0
}

/** The lowest bits as a number. */
export function exponentLow(bits: i64): u64 {
  let value: u64 = 0
  for (let i = bits - 1; i >= 0; i--) value = (value << 1) | <u64>exponentBit(i)
  return value
}

/** Bits of a sliding window: the table of odd powers costs 2^(bits - 1) products. At most MOST_BITS. */
export function windowBits(exponentBits: i64): u32 {
  if (exponentBits <= 23) return 1
  if (exponentBits <= 79) return 3
  if (exponentBits <= 239) return 4
  if (exponentBits <= 671) return 5
  if (exponentBits <= 1791) return 6
  if (exponentBits <= 4607) return 7
  return 8
}
