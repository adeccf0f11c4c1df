import { MALFORMED, OK } from '../abi/status'

// Strict RLP decoding (Yellow Paper, appendix B): every length is bounds-checked and only the canonical encoding of an
// item is accepted: a byte below 0x80 is itself, a long form is used only where the short one does not fit, and a
// length has no leading zeros.
//
// A decoder leaves what it found in the globals below: they are the thread's own and live until its next call here.

/** Payload of the last item. */
export let itemData: usize = 0
export let itemLength: usize = 0
export let itemIsList: bool = false
/** First byte after the last item. */
export let itemEnd: usize = 0
/** Value of the last integer. */
export let itemInteger: u64 = 0

/** Reads the item at `at`, which must end at `end` or before. */
export function rlpItem(at: usize, end: usize): i32 {
  if (at >= end) return MALFORMED
  const first: u32 = load<u8>(at)
  if (first < 0x80) return found(at, 1, false, end)
  const isList = first >= 0xc0
  const short: u32 = first - (isList ? 0xc0 : 0x80)
  if (short <= 55) {
    const status = found(at + 1, short, isList, end)
    // One byte below 0x80 has no other encoding than itself.
    if (status == OK && short == 1 && !isList && load<u8>(at + 1) < 0x80) return MALFORMED
    return status
  }
  const lengthBytes: usize = short - 55
  // A linear memory has 32-bit sizes.
  if (lengthBytes > 4 || lengthBytes > end - at - 1) return MALFORMED
  let length: u32 = 0
  for (let i: usize = 1; i <= lengthBytes; i++) length = (length << 8) | load<u8>(at + i)
  if (load<u8>(at + 1) == 0 || length <= 55) return MALFORMED
  return found(at + 1 + lengthBytes, length, isList, end)
}

/** The same, and it must be a list. */
export function rlpList(at: usize, end: usize): i32 {
  const status = rlpItem(at, end)
  return status == OK && !itemIsList ? MALFORMED : status
}

/** The same, and it must be a byte string. */
export function rlpString(at: usize, end: usize): i32 {
  const status = rlpItem(at, end)
  return status == OK && itemIsList ? MALFORMED : status
}

/** The same, and it must be a byte string of exactly `length` bytes. */
export function rlpFixed(at: usize, end: usize, length: usize): i32 {
  const status = rlpItem(at, end)
  return status == OK && (itemIsList || itemLength != length) ? MALFORMED : status
}

/** An integer below 2^64 without leading zeros, to `itemInteger`. */
export function rlpU64(at: usize, end: usize): i32 {
  if (rlpString(at, end) != OK || itemLength > 8) return MALFORMED
  if (itemLength != 0 && load<u8>(itemData) == 0) return MALFORMED
  let value: u64 = 0
  for (let i: usize = 0; i < itemLength; i++) value = (value << 8) | load<u8>(itemData + i)
  itemInteger = value
  return OK
}

/** An integer below 2^256 without leading zeros, to the word (four little-endian limbs) at `out`. */
export function rlpWord(at: usize, end: usize, out: usize): i32 {
  if (rlpString(at, end) != OK || itemLength > 32) return MALFORMED
  if (itemLength != 0 && load<u8>(itemData) == 0) return MALFORMED
  bytesToWord(itemData, itemLength, out)
  return OK
}

/** Big-endian bytes (at most 32) to a word. */
export function bytesToWord(bytes: usize, length: usize, out: usize): void {
  store<u64>(out, 0)
  store<u64>(out, 0, 8)
  store<u64>(out, 0, 16)
  store<u64>(out, 0, 24)
  for (let i: usize = 0; i < length; i++) store<u8>(out + i, load<u8>(bytes + length - 1 - i))
}

// @ts-ignore: decorator
@inline
function found(data: usize, length: usize, isList: bool, end: usize): i32 {
  if (length > end - data) return MALFORMED
  itemData = data
  itemLength = length
  itemIsList = isList
  itemEnd = data + length
  return OK
}

/** Checks one item and everything in it; it must fill [at, end) exactly. */
export function rlpCheck(at: usize, end: usize): i32 {
  if (rlpItem(at, end) != OK || itemEnd != end) return MALFORMED
  return itemIsList ? checkItems(itemData, end, 0) : OK
}

/** Deeper nesting than any Ethereum object has; bounds the recursion. */
const MAX_NESTING: u32 = 256

function checkItems(at: usize, end: usize, depth: u32): i32 {
  if (depth > MAX_NESTING) return MALFORMED
  while (at < end) {
    if (rlpItem(at, end) != OK) return MALFORMED
    at = itemEnd
    if (itemIsList && checkItems(itemData, itemEnd, depth + 1) != OK) return MALFORMED
  }
  return OK
}
