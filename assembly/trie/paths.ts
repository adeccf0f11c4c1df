// Nibbles of keys. A key is the address of its first byte, high nibble first, and positions count from the start of the
// whole key: a node at depth d keeps its part of the path from byte d / 2 on, so that "node path - d / 2" serves as a
// key wherever only positions from d on are read. Both sides of a comparison are then aligned alike, and splitting or
// merging nodes copies whole bytes.

import { copyBytes, fillBytes } from '../mem/bulk'

// @ts-ignore: decorator
@inline
export function nibbleAt(key: usize, position: u32): u32 {
  return (load<u8>(key + (position >> 1)) >> (position & 1 ? 0 : 4)) & 15
}

/** First position in [from, to) at which the keys differ, `to` when there is none. */
export function commonPrefix(a: usize, b: usize, from: u32, to: u32): u32 {
  let at = from
  if (at & 1 && at < to) {
    if (((load<u8>(a + (at >> 1)) ^ load<u8>(b + (at >> 1))) & 15) != 0) return at
    at++
  }
  while (at + 16 <= to) {
    const difference = load<u64>(a + (at >> 1)) ^ load<u64>(b + (at >> 1))
    if (difference != 0) {
      return at + (<u32>ctz(difference) >> 3 << 1) + firstNibble(difference >> (ctz(difference) & ~7))
    }
    at += 16
  }
  while (at + 2 <= to) {
    const difference = <u64>(load<u8>(a + (at >> 1)) ^ load<u8>(b + (at >> 1)))
    if (difference != 0) return at + firstNibble(difference)
    at += 2
  }
  return at < to && nibbleAt(a, at) == nibbleAt(b, at) ? to : at
}

/** 0 when the high nibble of the low byte is set, else 1. */
// @ts-ignore: decorator
@inline
function firstNibble(difference: u64): u32 {
  return difference & 0xf0 ? 0 : 1
}

/** Bytes that hold `count` nibbles from position `depth` on. */
// @ts-ignore: decorator
@inline
export function pathBytes(depth: u32, count: u32): usize {
  return <usize>(((depth & 1) + count + 1) >> 1)
}

/** Bytes of the hex-prefix encoding of `count` nibbles (Yellow Paper, appendix C). */
// @ts-ignore: decorator
@inline
export function hexPrefixSize(count: u32): usize {
  return <usize>((count >> 1) + 1)
}

/** Hex-prefix encoding of positions [depth, depth + count) of `key`; returns the address after it. */
export function writeHexPrefix(out: usize, key: usize, depth: u32, count: u32, isLeaf: bool): usize {
  let at = depth
  const end = depth + count
  const flag: u32 = isLeaf ? 0x20 : 0
  if (count & 1) {
    store<u8>(out, flag | 0x10 | nibbleAt(key, at))
    at++
  } else {
    store<u8>(out, flag)
  }
  out++
  if ((at & 1) == 0) {
    const bytes = (end - at) >> 1
    copyBytes(out, key + (at >> 1), bytes)
    return out + bytes
  }
  for (; at < end; at += 2) store<u8>(out++, (nibbleAt(key, at) << 4) | nibbleAt(key, at + 1))
  return out
}

/** Copies the nibbles of a hex-prefix string to positions [depth, depth + count) of the path that starts at `path`. */
export function readHexPrefix(path: usize, depth: u32, string: usize, count: u32): void {
  // Position of the first nibble inside the string.
  const skip: u32 = count & 1 ? 1 : 2
  const odd = depth & 1
  if (odd == (skip & 1)) {
    copyBytes(path, string + (skip >> 1), pathBytes(depth, count))
    return
  }
  fillBytes(path, 0, pathBytes(depth, count))
  for (let i: u32 = 0; i < count; i++) {
    const at = path + ((odd + i) >> 1)
    store<u8>(at, load<u8>(at) | (nibbleAt(string, skip + i) << ((odd + i) & 1 ? 0 : 4)))
  }
}
