import { copyBytes } from '../mem/bulk'
import { arenaAllocZeroed } from '../mem/arena'
import { context, tableArena, THREAD_COUNTS } from '../mem/thread'
import { initLocation } from './accounts'
import { equal32 } from '../mem/bytes32'
import {
  ACC_SLOTS,
  KIND_SLOT,
  SLOT_ACCOUNT,
  SLOT_KEY,
  SLOT_LOC,
  SLOT_NEXT,
  SLOT_SIBLING,
  SLOT_SIZE,
} from '../abi/state'
import { bucketCount, bucketOf, bucketsOf, dropBuckets, growBuckets, hashPair, hashWords, TABLE_SLOTS } from './tables'

// The slot table: (account record, key word) -> slot record. See tables.ts for its invariant. Every published slot is
// also in its account's sibling list, which is read between blocks only.

/** A record that lost the race for its bucket, used for the next new slot. */
let spare: usize = 0

/** The record of an account's storage slot; `key` is a word. 0 when out of space. */
export function internSlot(account: usize, key: usize): usize {
  const bucket = bucketOf(TABLE_SLOTS, hashSlot(account, key))
  let head: usize = atomic.load<u32>(bucket)
  let found = find(head, 0, account, key)
  if (found != 0) return found
  const record = make(account, key)
  if (record == 0) return 0
  while (true) {
    store<u32>(record, <u32>head, SLOT_NEXT)
    const seen: usize = atomic.cmpxchg<u32>(bucket, <u32>head, <u32>record)
    if (seen == head) break
    found = find(seen, head, account, key)
    if (found != 0) {
      spare = record
      return found
    }
    head = seen
  }
  const count = context + THREAD_COUNTS + (<usize>TABLE_SLOTS << 2)
  store<u32>(count, load<u32>(count) + 1)
  pushSibling(account, record)
  return record
}

function pushSibling(account: usize, record: usize): void {
  let first = atomic.load<u32>(account + ACC_SLOTS)
  while (true) {
    store<u32>(record, first, SLOT_SIBLING)
    const seen = atomic.cmpxchg<u32>(account + ACC_SLOTS, first, <u32>record)
    if (seen == first) return
    first = seen
  }
}

// @ts-ignore: decorator
@inline
function hashSlot(account: usize, key: usize): u64 {
  return hashWords(key, 4) + hashPair(<u32>account, 0)
}

// @ts-ignore: decorator
@inline
function find(from: usize, until: usize, account: usize, key: usize): usize {
  let at = from
  while (at != until) {
    if (<usize>load<u32>(at, SLOT_ACCOUNT) == account && equal32(at + SLOT_KEY, key)) return at
    at = load<u32>(at, SLOT_NEXT)
  }
  return 0
}

function make(account: usize, key: usize): usize {
  let record = spare
  if (record != 0) spare = 0
  else {
    record = arenaAllocZeroed(tableArena, SLOT_SIZE)
    if (record == 0) return 0
  }
  initLocation(record + SLOT_LOC, KIND_SLOT, account)
  store<u32>(record, <u32>account, SLOT_ACCOUNT)
  copyBytes(record + SLOT_KEY, key, 32)
  return record
}

/** Between blocks only. */
export function growSlots(): void {
  const count = bucketCount(TABLE_SLOTS)
  const old = growBuckets(TABLE_SLOTS)
  if (old == 0) return
  for (let i: u32 = 0; i < count; i++) {
    let record: usize = load<u32>(old + (<usize>i << 2))
    while (record != 0) {
      const next: usize = load<u32>(record, SLOT_NEXT)
      const bucket = bucketOf(TABLE_SLOTS, hashSlot(load<u32>(record, SLOT_ACCOUNT), record + SLOT_KEY))
      store<u32>(record, load<u32>(bucket), SLOT_NEXT)
      store<u32>(bucket, <u32>record)
      record = next
    }
  }
  dropBuckets(old, count)
}

/** Walks all slots: first with 0, then with the previous answer; 0 at the end. Between blocks only. */
export function nextSlot(after: usize): usize {
  let bucket = bucketsOf(TABLE_SLOTS)
  const end = bucket + (<usize>bucketCount(TABLE_SLOTS) << 2)
  if (after != 0) {
    const next: usize = load<u32>(after, SLOT_NEXT)
    if (next != 0) return next
    bucket = bucketOf(TABLE_SLOTS, hashSlot(load<u32>(after, SLOT_ACCOUNT), after + SLOT_KEY)) + 4
  }
  for (; bucket < end; bucket += 4) {
    const head: usize = load<u32>(bucket)
    if (head != 0) return head
  }
  return 0
}

/**
 * Rebuilds the sibling list of every account (whose ACC_SLOTS the caller has zeroed): a thread that died may have
 * published a slot without linking it there.
 */
export function relinkSiblings(): void {
  for (let slot = nextSlot(0); slot != 0; slot = nextSlot(slot)) pushSibling(load<u32>(slot, SLOT_ACCOUNT), slot)
}
