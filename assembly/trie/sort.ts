import { ENTRY_SIZE } from '../abi/trie'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaReset } from '../mem/arena'
import { tempArena } from './context'
import { entryKey, entryNibbles } from './entries'

// Merge sort of entries by key, stable. The first eight bytes of each key travel with its entry, so that comparing
// hashed keys hardly ever touches the keys themselves.

/** (u64 first bytes of the key as a big-endian number, entry). */
const RECORD: usize = 8 + ENTRY_SIZE

/** u32: entries left after the last sortEntries. */
export let sortedCount: u32 = 0

/** Sorts `count` entries in place; of several with the same key the last one stays. OK or OUT_OF_SPACE. */
export function sortEntries(entries: usize, count: u32): i32 {
  sortedCount = count
  if (count < 2) return OK
  if (isSorted(entries, count)) return OK
  const bytes = <usize>count * RECORD
  const memoryAt = arenaAlloc(tempArena, 2 * bytes)
  if (memoryAt == 0) return OUT_OF_SPACE
  let from = memoryAt
  let to = memoryAt + bytes
  for (let i: u32 = 0; i < count; i++) {
    const entry = entries + <usize>i * ENTRY_SIZE
    const record = from + <usize>i * RECORD
    store<u64>(record, prefix(entry))
    v128.store(record + 8, v128.load(entry))
  }
  for (let width: usize = RECORD; width < bytes; width <<= 1) {
    for (let at: usize = 0; at < bytes; at += 2 * width) {
      merge(from, to, at, min(at + width, bytes), min(at + 2 * width, bytes))
    }
    const swap = from
    from = to
    to = swap
  }
  let out = entries
  for (let i: u32 = 0; i < count; i++) {
    const record = from + <usize>i * RECORD
    if (i + 1 < count && compare(record, record + RECORD) == 0) continue
    v128.store(out, v128.load(record + 8))
    out += ENTRY_SIZE
  }
  sortedCount = <u32>((out - entries) / ENTRY_SIZE)
  arenaReset(tempArena)
  return OK
}

function merge(from: usize, to: usize, left: usize, middle: usize, end: usize): void {
  let right = middle
  for (let out = left; out < end; out += RECORD) {
    const takeLeft = left < middle && (right >= end || compare(from + left, from + right) <= 0)
    const source = from + (takeLeft ? left : right)
    store<u64>(to + out, load<u64>(source))
    v128.store(to + out + 8, v128.load(source + 8))
    if (takeLeft) left += RECORD
    else right += RECORD
  }
}

// @ts-ignore: decorator
@inline
function compare(a: usize, b: usize): i32 {
  const x = load<u64>(a)
  const y = load<u64>(b)
  return x < y ? -1 : x > y ? 1 : compareKeys(a + 8, b + 8)
}

/** The shorter key first when it is the beginning of the other. */
function compareKeys(a: usize, b: usize): i32 {
  const order = memory.compare(entryKey(a), entryKey(b), <usize>(min(entryNibbles(a), entryNibbles(b)) >> 1))
  return order != 0 ? order : <i32>entryNibbles(a) - <i32>entryNibbles(b)
}

function isSorted(entries: usize, count: u32): bool {
  for (let i: u32 = 1; i < count; i++) {
    const entry = entries + <usize>i * ENTRY_SIZE
    if (compareKeys(entry - ENTRY_SIZE, entry) >= 0) return false
  }
  return true
}

/** The first eight bytes of the key as a big-endian number, zeros behind a shorter one. */
function prefix(entry: usize): u64 {
  const key = entryKey(entry)
  const length = entryNibbles(entry) >> 1
  if (length >= 8) return bswap<u64>(load<u64>(key))
  let value: u64 = 0
  for (let i: u32 = 0; i < length; i++) value |= <u64>load<u8>(key + i) << (56 - 8 * i)
  return value
}
