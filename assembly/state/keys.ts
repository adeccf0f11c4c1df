import { keccak256 } from '../hash/keccak'
import { flushHashes, hashLater } from '../hash/queue'
import {
  ACC_ADDRESS,
  ACC_FLAGS,
  ACC_HASH,
  ACC_HASHED,
  SLOT_FLAGS,
  SLOT_HASH,
  SLOT_HASHED,
  SLOT_KEY,
} from '../abi/state'

// Keys of the secure tries, kept in the records. Several threads may hash the same key: they write the same bytes, and
// the flag is set after them.

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
  if (!slotIsHashed(slot)) {
    keyBytes(slot, temp)
    keccak256(temp, 32, slot + SLOT_HASH)
    atomic.or<u32>(slot + SLOT_FLAGS, SLOT_HASHED)
  }
  return slot + SLOT_HASH
}

// @ts-ignore: decorator
@inline
export function slotIsHashed(slot: usize): bool {
  return (atomic.load<u32>(slot + SLOT_FLAGS) & SLOT_HASHED) != 0
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

/** Queues the hash of a slot's key, whose bytes are at `bytes`; slotsHashed() completes it. */
export function hashSlotLater(slot: usize, bytes: usize): void {
  keyBytes(slot, bytes)
  hashLater(bytes, 32, slot + SLOT_HASH)
}

export function flushSlotHashes(): void {
  flushHashes()
}

export function markSlotHashed(slot: usize): void {
  atomic.or<u32>(slot + SLOT_FLAGS, SLOT_HASHED)
}
