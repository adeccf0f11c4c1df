import { ENTRY_KEY, ENTRY_LENGTH, ENTRY_NIBBLES, ENTRY_SIZE, ENTRY_VALUE } from '../abi/trie'

// Entries of a batch: (u32 key, u32 nibbles in the key, u32 value, u32 length of the value; 0 deletes). A batch is
// sorted by key, each key at most once; a key that is the beginning of another comes before it.

// @ts-ignore: decorator
@inline
export function entryKey(entry: usize): usize {
  return load<u32>(entry, ENTRY_KEY)
}

// @ts-ignore: decorator
@inline
export function entryNibbles(entry: usize): u32 {
  return load<u32>(entry, ENTRY_NIBBLES)
}

// @ts-ignore: decorator
@inline
export function entryValue(entry: usize): usize {
  return load<u32>(entry, ENTRY_VALUE)
}

// @ts-ignore: decorator
@inline
export function entryLength(entry: usize): usize {
  return load<u32>(entry, ENTRY_LENGTH)
}

// @ts-ignore: decorator
@inline
export function isDelete(entry: usize): bool {
  return load<u32>(entry, ENTRY_LENGTH) == 0
}

// @ts-ignore: decorator
@inline
export function setEntry(entry: usize, key: usize, nibbles: u32, value: usize, length: usize): void {
  store<u32>(entry, <u32>key, ENTRY_KEY)
  store<u32>(entry, nibbles, ENTRY_NIBBLES)
  store<u32>(entry, <u32>value, ENTRY_VALUE)
  store<u32>(entry, <u32>length, ENTRY_LENGTH)
}

const LINEAR: usize = 16 * ENTRY_SIZE

/** End of the run of entries in [from, to) whose nibble at `depth` is `nibble`; the first one's is. */
export function groupEnd(from: usize, to: usize, depth: u32, nibble: u32): usize {
  let low = from + ENTRY_SIZE
  if (to - from > LINEAR) {
    let high = to
    while (low < high) {
      const middle = low + ((high - low) / ENTRY_SIZE >> 1) * ENTRY_SIZE
      if (nibbleOf(middle, depth) == nibble) low = middle + ENTRY_SIZE
      else high = middle
    }
    return low
  }
  while (low < to && nibbleOf(low, depth) == nibble) low += ENTRY_SIZE
  return low
}

// @ts-ignore: decorator
@inline
export function nibbleOf(entry: usize, depth: u32): u32 {
  return (load<u8>(load<u32>(entry, ENTRY_KEY) + (depth >> 1)) >> (depth & 1 ? 0 : 4)) & 15
}
