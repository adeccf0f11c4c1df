import { keccak256 } from '../hash/keccak'
import { flushHashes, hashLater } from '../hash/queue'
import { context, THREAD_KEYS } from '../mem/thread'
import {
  ACC_ADDRESS,
  ACC_FLAGS,
  ACC_HASH,
  ACC_HASHED,
  KIND_SLOT,
  LOC_ACCOUNT,
  LOC_KIND,
  SLOT_FLAGS,
  SLOT_HASH,
  SLOT_HASHED,
  SLOT_KEY,
  SLOT_LOC,
} from '../abi/state'

// Keys of the secure tries, kept in the records for good. Any thread may hash any key at any time.
//
// Invariant: the hash of a record's key is a function of what the record was published with. Several threads may write
// it at once: each writes every byte once, with the value that the others write. The flag is set after the bytes, so
// whoever sees it set sees the hash, also while another thread writes it again.

/** keccak-256 of an account's address. */
export function accountHash(account: usize): usize {
  if ((atomic.load<u32>(account + ACC_FLAGS) & ACC_HASHED) == 0) {
    keccak256(account + ACC_ADDRESS, 20, account + ACC_HASH)
    atomic.or<u32>(account + ACC_FLAGS, ACC_HASHED)
  }
  return account + ACC_HASH
}

/** keccak-256 of a slot's key; `temp`: 32 bytes. */
export function slotHash(slot: usize, temp: usize): usize {
  if ((atomic.load<u32>(slot + SLOT_FLAGS) & SLOT_HASHED) == 0) {
    keyBytes(slot, temp)
    keccak256(temp, 32, slot + SLOT_HASH)
    atomic.or<u32>(slot + SLOT_FLAGS, SLOT_HASHED)
  }
  return slot + SLOT_HASH
}

/** The key of a slot as 32 big-endian bytes. */
// @ts-ignore: decorator
@inline
export function keyBytes(slot: usize, out: usize): void {
  store<u64>(out, bswap<u64>(load<u64>(slot, SLOT_KEY + 24)))
  store<u64>(out, bswap<u64>(load<u64>(slot, SLOT_KEY + 16)), 8)
  store<u64>(out, bswap<u64>(load<u64>(slot, SLOT_KEY + 8)), 16)
  store<u64>(out, bswap<u64>(load<u64>(slot, SLOT_KEY)), 24)
}

// --- In pairs --------------------------------------------------------------------------------------------------------

/** A key that waits: u32 address of its record's flags, u32 the flag to be set; from 16 on a slot's key as bytes. */
const WAITING_SIZE: usize = 48
const MOST_WAITING: u32 = 64

/** Of this thread. */
let waiting: u32 = 0

/** Hashes the key of a location's account or slot, unless that is done, at the latest in the next flushKeys. */
export function hashKeyLater(location: usize): void {
  if (load<u32>(location, LOC_KIND) == KIND_SLOT) {
    const slot = location - SLOT_LOC
    const entry = wait(slot + SLOT_FLAGS, SLOT_HASHED)
    if (entry == 0) return
    keyBytes(slot, entry + 16)
    hashLater(entry + 16, 32, slot + SLOT_HASH)
  } else {
    const account: usize = load<u32>(location, LOC_ACCOUNT)
    if (wait(account + ACC_FLAGS, ACC_HASHED) != 0) hashLater(account + ACC_ADDRESS, 20, account + ACC_HASH)
  }
}

/** The entry of a key that now waits; 0 when it does not have to. */
function wait(flags: usize, flag: u32): usize {
  if ((atomic.load<u32>(flags) & flag) != 0) return 0
  const last = context + THREAD_KEYS + <usize>waiting * WAITING_SIZE
  // Locations of one account come one after another.
  if (waiting != 0 && load<u32>(last - WAITING_SIZE) == <u32>flags) return 0
  if (waiting == MOST_WAITING) {
    flushKeys()
    return wait(flags, flag)
  }
  waiting += 1
  store<u32>(last, <u32>flags)
  store<u32>(last, flag, 4)
  return last
}

/** Hashes what waits, and says so in the records. */
export function flushKeys(): void {
  if (waiting == 0) return
  flushHashes()
  for (let entry = context + THREAD_KEYS; waiting != 0; entry += WAITING_SIZE, waiting -= 1) {
    atomic.or<u32>(load<u32>(entry), load<u32>(entry, 4))
  }
}
