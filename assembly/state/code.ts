import { copyBytes, fillBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { arenaAlloc } from '../mem/arena'
import { context, tableArena, THREAD_COUNTS, THREAD_TEMP } from '../mem/thread'
import { copy32, equal32 } from '../mem/bytes32'
import { CODE_ANALYSIS, CODE_BYTES, CODE_COPY, CODE_HASH, CODE_LENGTH, CODE_NEXT, CODE_SIZE } from '../abi/state'
import { bucketCount, bucketOf, dropBuckets, growBuckets, hashWords, TABLE_CODE } from './tables'

// The code table: keccak-256 -> code record. Empty code has no record: it is 0 everywhere. See tables.ts for the
// invariant.
//
// A record may stand for code of which only the hash is known: its CODE_BYTES is 0. Invariant: CODE_BYTES goes once
// from 0 to an address, after CODE_LENGTH was written; so whoever has seen the address sees the length that belongs to
// it.

/** Zero bytes behind the code, so that a PUSH32 at its end reads zeros and the interpreter then meets STOP. */
const PADDING: usize = 33

/** keccak-256 of nothing. */
export const EMPTY_CODE_HASH: usize = memory.data<u8>([
  0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00, 0xb6,
  0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70,
], 16)

/**
 * The record of this code, made when there is none; 0 when out of space. `length` is above 0; `hash` is the keccak-256
 * of the bytes when the caller knows it, else 0.
 */
export function internCode(bytes: usize, length: u32, hash: usize): usize {
  if (hash == 0) {
    hash = context + THREAD_TEMP
    keccak256(bytes, length, hash)
  }
  const record = internCodeHash(hash)
  if (record == 0 || codeKnown(record)) return record
  const copy = allocCode(length)
  if (copy == 0) return 0
  copyBytes(copy, bytes, length)
  setCodeBytes(record, copy, length)
  return record
}

/** Room for the bytes of a code, which setCodeBytes takes; 0 when out of space. */
export function allocCode(length: u32): usize {
  return arenaAlloc(tableArena, <usize>length + PADDING)
}

/** Gives a record its bytes. Another thread may do the same: with the same length, and either copy will do. */
export function setCodeBytes(record: usize, bytes: usize, length: u32): void {
  fillBytes(bytes + length, 0, PADDING)
  store<u32>(record, length, CODE_LENGTH)
  atomic.cmpxchg<u32>(record, 0, <u32>bytes, CODE_BYTES)
}

/** The record of the code with this hash, made without its bytes when there is none; 0 when out of space. */
export function internCodeHash(hash: usize): usize {
  const bucket = bucketOf(TABLE_CODE, hashWords(hash, 4))
  let head: usize = atomic.load<u32>(bucket)
  let found = find(head, 0, hash)
  if (found != 0) return found
  const record = arenaAlloc(tableArena, CODE_SIZE)
  if (record == 0) return 0
  store<u32>(record, 0, CODE_LENGTH)
  store<u32>(record, 0, CODE_BYTES)
  store<u32>(record, 0, CODE_ANALYSIS)
  store<u32>(record, 0, CODE_COPY)
  copy32(record + CODE_HASH, hash)
  while (true) {
    store<u32>(record, <u32>head, CODE_NEXT)
    const seen: usize = atomic.cmpxchg<u32>(bucket, <u32>head, <u32>record)
    if (seen == head) break
    found = find(seen, head, hash)
    if (found != 0) return found
    head = seen
  }
  const count = context + THREAD_COUNTS + (<usize>TABLE_CODE << 2)
  store<u32>(count, load<u32>(count) + 1)
  return record
}

/** The record of the code with this hash; 0 when its bytes are not in memory, and for empty code. */
export function findCode(hash: usize): usize {
  const record = find(atomic.load<u32>(bucketOf(TABLE_CODE, hashWords(hash, 4))), 0, hash)
  return record != 0 && codeKnown(record) ? record : 0
}

/** Whether the bytes of a record are there. */
// @ts-ignore: decorator
@inline
export function codeKnown(record: usize): bool {
  return atomic.load<u32>(record, CODE_BYTES) != 0
}

export function isEmptyCode(hash: usize): bool {
  return equal32(hash, EMPTY_CODE_HASH)
}

// @ts-ignore: decorator
@inline
function find(from: usize, until: usize, hash: usize): usize {
  let at = from
  while (at != until) {
    if (equal32(at + CODE_HASH, hash)) return at
    at = load<u32>(at, CODE_NEXT)
  }
  return 0
}

/** Between blocks only. */
export function growCode(): void {
  const count = bucketCount(TABLE_CODE)
  const old = growBuckets(TABLE_CODE)
  if (old == 0) return
  for (let i: u32 = 0; i < count; i++) {
    let record: usize = load<u32>(old + (<usize>i << 2))
    while (record != 0) {
      const next: usize = load<u32>(record, CODE_NEXT)
      const bucket = bucketOf(TABLE_CODE, hashWords(record + CODE_HASH, 4))
      store<u32>(record, load<u32>(bucket), CODE_NEXT)
      store<u32>(bucket, <u32>record)
      record = next
    }
  }
  dropBuckets(old, count)
}
