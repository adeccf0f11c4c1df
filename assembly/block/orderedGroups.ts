import { OK, OUT_OF_SPACE } from '../abi/status'
import {
  GROUP_BITS, GROUP_HASH, GROUP_LENGTH, GROUP_SHIFT, GROUP_VALUE, G_CURSOR, G_ENTRIES, G_FIRST,
  G_FIRST_LENGTH,
} from '../abi/orderedGroups'
import { keccak256 } from '../hash/keccak'
import { keccakPair } from '../hash/keccakPair'
import { blocksOf, flushHashes, hashLater } from '../hash/queue'
import { copyBytes, fillBytes } from '../mem/bulk'
import { context, THREAD_SCRATCH } from '../mem/thread'
import { headerSize, STRING, stringSize, writeHash, writeHeader, writeListHeader, writeU64 } from '../rlp/encode'
import { clearFailure, useShortArena } from '../trie/context'
import { rootHash } from '../trie/hash'
import { childSlot, newBranch, newExtension, newLeaf, newUnresolved } from '../trie/nodes'
import { shortRoot } from '../trie/ordered'
import { commonPrefix, nibbleAt } from '../trie/paths'
import { blockAlloc } from '../stm/txn'

// The trie from RLP(index) to values in parts that any thread can make, in any order, before all values are known: the
// sixteen indexes that differ in their last four bits alone make one branch of leaves without a path, whatever the
// others are. Only that branch's hash is kept. What is above it is put together at the end, of few nodes.
//
// Invariant: a group belongs to the thread that moved G_CURSOR over it, and nobody reads what that thread writes of it
// before the thread has left the block. A thread that dies leaves a hole, but then the block has failed.
// Decision 20 (docs/adr/0020-receipts-while-transactions-run.md).

export const MEMBERS: u32 = 1 << GROUP_BITS
/** Most groups taken at a time: their leaves are hashed in pairs of the same number of blocks, the more the better. */
export const GROUPS_AT_ONCE: u32 = 16
const MOST_VALUES: usize = <usize>(GROUPS_AT_ONCE * MEMBERS)

/** Free bytes before a value, into which what makes a leaf of it is written. */
export const LEAF_ROOM: usize = 16
/** A leaf with an even, empty rest of a path (Yellow Paper, appendix C). */
const EMPTY_PATH: u32 = 0x20

// In the thread's scratch memory: u32 address, u32 length of each value; of each leaf its reference, 32 bytes, and u32
// length of a leaf that is its own reference; by number of blocks the leaf that waits for another; encoded branches.
const VALUES: usize = 0
const REFERENCES: usize = VALUES + MOST_VALUES * 8
const REFERENCE_SIZE: usize = 40
const REFERENCE_LENGTH: usize = 32
const WAITING: usize = REFERENCES + MOST_VALUES * REFERENCE_SIZE
const CLASSES: u32 = 64
const BRANCHES: usize = WAITING + <usize>CLASSES * 8
const BRANCH_ROOM: usize = 576

export function groupsOf(count: u32): u32 {
  return (count + MEMBERS - 1) >> GROUP_BITS
}

/** Takes up to `most` of the first `available` groups: the first, and in `taken` how many. */
export let taken: u32 = 0
export function takeGroups(record: usize, available: u32, most: u32): u32 {
  while (true) {
    const first = atomic.load<u32>(record, G_CURSOR)
    taken = first >= available ? 0 : min(most, available - first)
    if (taken == 0 || atomic.cmpxchg<u32>(record, first, first + taken, G_CURSOR) == first) return first
  }
}

/** Where the values of the taken groups are put: (u32 address, u32 length) each, by index from the first group's on. */
// @ts-ignore: decorator
@inline
export function groupValues(): usize {
  return context + THREAD_SCRATCH + VALUES
}

/**
 * Hashes `groups` groups from `first` on of a trie of `count` values, which lie as groupValues says, each with
 * LEAF_ROOM free bytes before it.
 */
export function hashGroups(record: usize, first: u32, groups: u32, count: u32): void {
  const scratch = context + THREAD_SCRATCH
  const values = scratch + VALUES
  const start = first << GROUP_BITS
  const end = min(count, (first + groups) << GROUP_BITS)
  if (first == 0) {
    store<u32>(record, load<u32>(values), G_FIRST)
    store<u32>(record, load<u32>(values, 4), G_FIRST_LENGTH)
  }
  fillBytes(scratch + WAITING, 0, <usize>CLASSES * 8)
  for (let group = first; group < first + groups; group++) {
    const low = max(1, group << GROUP_BITS)
    const high = min(end, (group + 1) << GROUP_BITS)
    if (high <= low + 1) {
      // Alone it will be a leaf with a path: its value is kept. There is none when the only index is 0.
      const entry = entryOf(record, group)
      const value = values + (<usize>(low - start) << 3)
      store<u32>(entry, high <= low ? 0 : load<u32>(value), GROUP_VALUE)
      store<u32>(entry, high <= low ? 0 : load<u32>(value, 4), GROUP_LENGTH)
      continue
    }
    for (let index = low; index < high; index++) hashLeaf(scratch, index - start)
  }
  for (let blocks: u32 = 0; blocks < CLASSES; blocks++) {
    const waiting = scratch + WAITING + (<usize>blocks << 3)
    const leaf: usize = load<u32>(waiting)
    if (leaf != 0) keccak256(leaf, lengthBehind(leaf), load<u32>(waiting, 4))
  }
  for (let group = first; group < first + groups; group++) {
    const low = max(1, group << GROUP_BITS)
    const high = min(end, (group + 1) << GROUP_BITS)
    if (high > low + 1) hashBranch(record, group, low, high, start)
  }
  flushHashes()
}

/** Bytes of the list that begins at `at`. */
function lengthBehind(at: usize): usize {
  const first: u32 = load<u8>(at)
  if (first <= 0xf7) return <usize>(first - 0xc0) + 1
  const bytes = first - 0xf7
  let length: usize = 0
  for (let i: u32 = 1; i <= bytes; i++) length = (length << 8) | load<u8>(at + i)
  return length + 1 + bytes
}

/** Makes a leaf of a value, in place, and its reference: now, or as soon as one of as many blocks comes. */
function hashLeaf(scratch: usize, member: u32): void {
  const entry = scratch + VALUES + (<usize>member << 3)
  const value: usize = load<u32>(entry)
  const length: usize = load<u32>(entry, 4)
  const payload = stringSize(value, length) + 1
  const leaf = value - (payload - length) - headerSize(payload)
  const size = headerSize(payload) + payload
  const at = writeListHeader(leaf, payload)
  store<u8>(at, EMPTY_PATH)
  if (payload != length + 1) writeHeader(at + 1, length, STRING)
  const reference = scratch + REFERENCES + <usize>member * REFERENCE_SIZE
  store<u32>(reference, size < 32 ? <u32>size : 0, REFERENCE_LENGTH)
  if (size < 32) {
    copyBytes(reference, leaf, size)
    return
  }
  const blocks = blocksOf(size)
  if (blocks >= CLASSES) {
    keccak256(leaf, size, reference)
    return
  }
  const waiting = scratch + WAITING + (<usize>blocks << 3)
  const other: usize = load<u32>(waiting)
  if (other == 0) {
    store<u32>(waiting, <u32>leaf)
    store<u32>(waiting, <u32>reference, 4)
    return
  }
  keccakPair(other, lengthBehind(other), leaf, size, load<u32>(waiting, 4), reference)
  store<u32>(waiting, 0)
}

/** The branch of the leaves [low, high), all in one group. */
function hashBranch(record: usize, group: u32, low: u32, high: u32, start: u32): void {
  const scratch = context + THREAD_SCRATCH
  const references = scratch + REFERENCES - <usize>start * REFERENCE_SIZE
  // Sixteen children and no value: absent ones and the value take a byte.
  let payload: usize = 17 - <usize>(high - low)
  for (let index = low; index < high; index++) {
    const own: usize = load<u32>(references + <usize>index * REFERENCE_SIZE, REFERENCE_LENGTH)
    payload += own == 0 ? 33 : own
  }
  const branch = scratch + BRANCHES + <usize>(group & (GROUPS_AT_ONCE - 1)) * BRANCH_ROOM
  let at = writeListHeader(branch, payload)
  const base = group << GROUP_BITS
  for (let index = base; index < base + MEMBERS; index++) {
    const reference = references + <usize>index * REFERENCE_SIZE
    if (index < low || index >= high) store<u8>(at++, STRING)
    else if (load<u32>(reference, REFERENCE_LENGTH) == 0) at = writeHash(at, reference)
    else {
      copyBytes(at, reference, load<u32>(reference, REFERENCE_LENGTH))
      at += load<u32>(reference, REFERENCE_LENGTH)
    }
  }
  store<u8>(at, STRING)
  hashLater(branch, at + 1 - branch, entryOf(record, group) + GROUP_HASH)
}

// @ts-ignore: decorator
@inline
function entryOf(record: usize, group: u32): usize {
  return record + G_ENTRIES + ((<usize>group) << GROUP_SHIFT)
}

// --- The whole trie --------------------------------------------------------------------------------------------------

// A part: u8[8] key of its first index; u32 nibbles of it; u32 group + 1, or 0: index 0, which stands alone.
const PART_NIBBLES: usize = 8
const PART_GROUP: usize = 12
const PART_SIZE: usize = 16

/** Root of the trie of `count` values all of whose groups are hashed, to `out`. OK or OUT_OF_SPACE. */
export function groupsRoot(record: usize, count: u32, out: usize): i32 {
  clearFailure()
  if (count == 0) {
    rootHash(0, out)
    return OK
  }
  const groups = groupsOf(count)
  const parts = blockAlloc((<usize>groups + 1) * PART_SIZE)
  if (parts == 0) return OUT_OF_SPACE
  let part = parts
  // RLP(0) is 0x80: after 1 to 127, before 128 and up.
  for (let group: u32 = 0; group < groups; group++) {
    if (group == 128 >> GROUP_BITS) part = putPart(part, 0, 0)
    if (group != 0 || count > 1) part = putPart(part, max(1, group << GROUP_BITS), group + 1)
  }
  if (groups <= 128 >> GROUP_BITS) part = putPart(part, 0, 0)
  const arena = useShortArena()
  return shortRoot(join(record, parts, part, 0), arena, out)
}

function putPart(part: usize, index: u32, group: u32): usize {
  store<u64>(part, 0)
  store<u32>(part, 2 * <u32>(writeU64(part, index) - part), PART_NIBBLES)
  store<u32>(part, group, PART_GROUP)
  return part + PART_SIZE
}

/** The trie at `depth` of the parts in [from, to), whose keys have the first `depth` nibbles in common. */
function join(record: usize, from: usize, to: usize, depth: u32): usize {
  const last = to - PART_SIZE
  if (from == last) return partNode(record, from, depth)
  const split = commonPrefix(from, last, depth, min(load<u32>(from, PART_NIBBLES), load<u32>(last, PART_NIBBLES)))
  const branch = newBranch(split)
  if (branch == 0) return 0
  while (from < to) {
    const nibble = nibbleAt(from, split)
    let end = from + PART_SIZE
    while (end < to && nibbleAt(end, split) == nibble) end += PART_SIZE
    const child = join(record, from, end, split + 1)
    if (child == 0) return 0
    store<u32>(childSlot(branch, nibble), <u32>child)
    from = end
  }
  return split == depth ? branch : newExtension(depth, split, last, branch)
}

function partNode(record: usize, part: usize, depth: u32): usize {
  const nibbles = load<u32>(part, PART_NIBBLES)
  const group = load<u32>(part, PART_GROUP)
  if (group == 0) return newLeaf(depth, part, nibbles, load<u32>(record, G_FIRST), load<u32>(record, G_FIRST_LENGTH))
  const entry = entryOf(record, group - 1)
  const value: usize = load<u32>(entry, GROUP_VALUE)
  if (value != 0) return newLeaf(depth, part, nibbles, value, load<u32>(entry, GROUP_LENGTH))
  const branch = newUnresolved(entry + GROUP_HASH)
  // All but the last nibble lead to the group's branch.
  return branch == 0 || depth == nibbles - 1 ? branch : newExtension(depth, nibbles - 1, part, branch)
}
