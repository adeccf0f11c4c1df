// RLP encoding (Yellow Paper, appendix B). A `...Size` function gives the encoded size, the writer of the same name
// writes exactly so many bytes and returns the address after them. Integers are big-endian without leading zeros; 0 is
// the empty string.

import { copyBytes } from '../mem/bulk'

export const STRING: u32 = 0x80
const LIST: u32 = 0xc0

// @ts-ignore: decorator
@inline
function bytesOfLength(length: usize): usize {
  return (<usize>(39 - clz<u32>(<u32>length))) >> 3
}

/** Bytes before a payload of `length` bytes (a list, or a string that is not a single byte below 0x80). */
// @ts-ignore: decorator
@inline
export function headerSize(length: usize): usize {
  return length <= 55 ? 1 : 1 + bytesOfLength(length)
}

export function writeHeader(out: usize, length: usize, base: u32): usize {
  if (length <= 55) {
    store<u8>(out, base + <u32>length)
    return out + 1
  }
  const bytes = bytesOfLength(length)
  store<u8>(out, base + 55 + <u32>bytes)
  for (let i: usize = 0; i < bytes; i++) store<u8>(out + bytes - i, length >>> (8 * i))
  return out + 1 + bytes
}

/** `length` is that of the payload: the sum of the encoded sizes of the items. */
export function writeListHeader(out: usize, length: usize): usize {
  return writeHeader(out, length, LIST)
}

export function stringSize(bytes: usize, length: usize): usize {
  return length == 1 && load<u8>(bytes) < 0x80 ? 1 : headerSize(length) + length
}

export function writeString(out: usize, bytes: usize, length: usize): usize {
  if (length != 1 || load<u8>(bytes) >= 0x80) out = writeHeader(out, length, STRING)
  copyBytes(out, bytes, length)
  return out + length
}

/** A hash: 33 bytes. */
// @ts-ignore: decorator
@inline
export function writeHash(out: usize, hash: usize): usize {
  store<u8>(out, 0xa0)
  v128.store(out + 1, v128.load(hash))
  v128.store(out + 17, v128.load(hash, 16))
  return out + 33
}

// @ts-ignore: decorator
@inline
function u64Bytes(value: u64): usize {
  return <usize>((71 - clz<u64>(value)) >> 3)
}

export function u64Size(value: u64): usize {
  return value < 0x80 ? 1 : 1 + u64Bytes(value)
}

export function writeU64(out: usize, value: u64): usize {
  if (value != 0 && value < 0x80) {
    store<u8>(out, value)
    return out + 1
  }
  const bytes = u64Bytes(value)
  store<u8>(out, STRING + <u32>bytes)
  for (let i: usize = 0; i < bytes; i++) store<u8>(out + bytes - i, value >> (8 * i))
  return out + 1 + bytes
}

/** Bytes of a word (four little-endian limbs) without leading zeros. */
export function wordBytes(word: usize): usize {
  let limb: usize = 4
  while (limb != 0 && load<u64>(word + 8 * (limb - 1)) == 0) limb--
  return limb == 0 ? 0 : 8 * (limb - 1) + u64Bytes(load<u64>(word + 8 * (limb - 1)))
}

export function wordSize(word: usize): usize {
  const bytes = wordBytes(word)
  return bytes <= 1 && load<u8>(word) < 0x80 ? 1 : 1 + bytes
}

export function writeWord(out: usize, word: usize): usize {
  const bytes = wordBytes(word)
  if (bytes == 1 && load<u8>(word) < 0x80) {
    store<u8>(out, load<u8>(word))
    return out + 1
  }
  store<u8>(out, STRING + <u32>bytes)
  for (let i: usize = 0; i < bytes; i++) store<u8>(out + bytes - i, load<u8>(word + i))
  return out + 1 + bytes
}
