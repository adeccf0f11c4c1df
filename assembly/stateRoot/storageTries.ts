import { ENTRY_SIZE } from '../abi/trie'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaAllocZeroed } from '../mem/arena'
import { isZero32 } from '../mem/bytes32'
import { writeWord } from '../rlp/encode'
import {
  ACC_STORAGE_TRIE,
  DIFF_ACCOUNT,
  DIFF_CLEARED,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_SLOT_COUNT,
  DIFF_SLOTS,
  DIFF_STORAGE_TRIE,
  DSLOT_SLOT,
  DSLOT_VALUE,
  SLOT_HASH,
  SLOT_LOC,
} from '../abi/state'
import { hashKeyLater } from '../state/keys'
import { fail, failure, stageArena } from '../trie/context'
import { setEntry } from '../trie/entries'
import { sortEntries } from '../trie/sort'
import { update } from '../trie/update'
import { stageFail } from './stageControl'
import { LARGE_ARRAY, LARGE_LIST } from './stageWords'
import { closeShared, newShared, openShared, putShared, updateSubtrees } from './subtrees'

// The storage tries of changed accounts. A small one is updated by one thread, its nodes left without references: those
// of several accounts are hashed together. A large one is shared out by subtree in a phase of its own.

/** A storage trie with at least so many changed slots is updated by subtree. */
const LARGE: u32 = 96
/** u32: next in the list; number of the DIFF record, and it; record of subtrees.ts. */
const LARGE_NEXT: usize = 0
const LARGE_INDEX: usize = 4
const LARGE_DIFF: usize = 8
const LARGE_TRIE: usize = 12
const LARGE_SIZE: usize = 16

/** DIFF_STORAGE_TRIE of a large one that is not updated yet: no node lies there. */
const PENDING: usize = 1

/** The value of a storage leaf: at most 33 bytes of RLP. */
const SLOT_VALUE: usize = 48

/** Queues the hashes of the changed slots' keys; to be flushed before updateStorage. */
export function hashSlotsLater(diff: usize): void {
  const slots: usize = load<u32>(diff, DIFF_SLOTS)
  const count = load<u32>(diff, DIFF_SLOT_COUNT)
  for (let i: u32 = 0; i < count; i++) hashKeyLater(<usize>load<u32>(changeAt(slots, i), DSLOT_SLOT) + SLOT_LOC)
}

/** Updates the storage trie of a record, the `index`-th: to DIFF_STORAGE_TRIE. A failure is noted in the stage. */
export function updateStorage(diff: usize, index: u32): bool {
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  const flags = load<u32>(diff, DIFF_FLAGS)
  const count = load<u32>(diff, DIFF_SLOT_COUNT)
  let trie: usize = flags & DIFF_CLEARED ? 0 : load<u32>(account, ACC_STORAGE_TRIE)
  if ((flags & DIFF_EXISTS) == 0) trie = 0
  else if (count >= LARGE) trie = shareOut(diff, index, trie, count)
  else if (count != 0) trie = updateSmall(trie, load<u32>(diff, DIFF_SLOTS), count)
  if (failure != OK) {
    stageFail(failure, account)
    return false
  }
  store<u32>(diff, <u32>trie, DIFF_STORAGE_TRIE)
  return true
}

/** Whether its storage trie comes in a phase of its own. */
// @ts-ignore: decorator
@inline
export function storageIsPending(diff: usize): bool {
  return load<u32>(diff, DIFF_STORAGE_TRIE) == <u32>PENDING
}

function updateSmall(trie: usize, slots: usize, count: u32): usize {
  const entries = arenaAlloc(stageArena, <usize>count * (ENTRY_SIZE + SLOT_VALUE))
  if (entries == 0) return fail(OUT_OF_SPACE)
  let value = entries + <usize>count * ENTRY_SIZE
  for (let i: u32 = 0; i < count; i++, value += SLOT_VALUE) {
    const change = changeAt(slots, i)
    setEntry(entries + <usize>i * ENTRY_SIZE, keyOf(change), 64, value, writeValue(value, change))
  }
  const status = sortEntries(entries, count)
  return status == OK ? update(trie, 0, entries, entries + <usize>count * ENTRY_SIZE, 0) : fail(status)
}

// @ts-ignore: decorator
@inline
function changeAt(slots: usize, index: u32): usize {
  return load<u32>(slots + (<usize>index << 2))
}

// @ts-ignore: decorator
@inline
function keyOf(change: usize): usize {
  return <usize>load<u32>(change, DSLOT_SLOT) + SLOT_HASH
}

/** The leaf's value; its length, 0 where the slot is to be deleted. */
function writeValue(out: usize, change: usize): usize {
  return isZero32(change + DSLOT_VALUE) ? 0 : writeWord(out, change + DSLOT_VALUE) - out
}

// --- Large ones ------------------------------------------------------------------------------------------------------

/** PENDING, the trie having been listed, complete (compare-and-swap at the head); 0 with a failure noted. */
function shareOut(diff: usize, index: u32, trie: usize, count: u32): usize {
  const large = arenaAllocZeroed(stageArena, LARGE_SIZE)
  const shared = newShared(count)
  let value = arenaAlloc(stageArena, <usize>count * SLOT_VALUE)
  if (large == 0 || shared == 0 || value == 0) return fail(OUT_OF_SPACE)
  const slots: usize = load<u32>(diff, DIFF_SLOTS)
  for (let i: u32 = 0; i < count; i++, value += SLOT_VALUE) {
    const change = changeAt(slots, i)
    putShared(shared, i, keyOf(change), value, writeValue(value, change))
  }
  openShared(shared, trie)
  store<u32>(large, index, LARGE_INDEX)
  store<u32>(large, <u32>diff, LARGE_DIFF)
  store<u32>(large, <u32>shared, LARGE_TRIE)
  while (true) {
    const head = atomic.load<u32>(LARGE_LIST)
    store<u32>(large, head, LARGE_NEXT)
    if (atomic.cmpxchg<u32>(LARGE_LIST, head, <u32>large) == head) return PENDING
  }
}

/** One thread: turns the list of large tries into an array; their number. */
export function listLarge(): u32 {
  let count: u32 = 0
  for (let large: usize = load<u32>(LARGE_LIST); large != 0; large = load<u32>(large, LARGE_NEXT)) count++
  if (count == 0) return 0
  const array = arenaAlloc(stageArena, <usize>count << 2)
  if (array == 0) {
    stageFail(OUT_OF_SPACE, 0)
    return 0
  }
  let at = array
  for (let large: usize = load<u32>(LARGE_LIST); large != 0; large = load<u32>(large, LARGE_NEXT)) {
    store<u32>(at, <u32>large)
    at += 4
  }
  store<u32>(LARGE_ARRAY, <u32>array)
  return count
}

/** After updateLarge was true: its DIFF record, and that one's number. */
export let largeDiff: usize = 0
export let largeIndex: u32 = 0

/** Updates some subtrees of a large trie. True when it is done as a whole: DIFF_STORAGE_TRIE is set. */
export function updateLarge(number: u32, firstNibble: u32, count: u32): bool {
  const large: usize = load<u32>(<usize>load<u32>(LARGE_ARRAY) + (<usize>number << 2))
  const diff: usize = load<u32>(large, LARGE_DIFF)
  const shared: usize = load<u32>(large, LARGE_TRIE)
  const last = updateSubtrees(shared, firstNibble, count)
  if (last) store<u32>(diff, <u32>closeShared(shared), DIFF_STORAGE_TRIE)
  if (failure != OK) stageFail(failure, load<u32>(diff, DIFF_ACCOUNT))
  largeDiff = diff
  largeIndex = load<u32>(large, LARGE_INDEX)
  return last && failure == OK
}
