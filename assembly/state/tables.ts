import { CHUNK_SIZE, MAX_THREADS } from '../abi/memory'
import { fillBytes } from '../mem/bulk'
import { giveChunks, takeChunks } from '../mem/chunks'
import { CONTROL_STATE } from '../mem/layout'
import { contextOf, THREAD_COUNTS } from '../mem/thread'

// Hash tables with chained records: insertion by compare-and-swap at the head of a bucket, no removal. They outlive the
// block. They grow between blocks only, by rebuilding the chains.
//
// Invariant: during a block a bucket only gets new heads, and a record's `next` (its first word) is written once,
// before the record is published. Hence a reader without a lock sees every record published before it loaded the head.

/** Tables, one cache line each: u32 buckets, u32 log2 of their number. */
export const TABLE_ACCOUNTS: u32 = 0
export const TABLE_SLOTS: u32 = 1
export const TABLE_CODE: u32 = 2

/** 16 u32 of secret key for the bucket hashes. */
const KEY: usize = CONTROL_STATE + 512
const FIRST_BITS: u32 = 16

// @ts-ignore: decorator
@inline
function table(which: u32): usize {
  return CONTROL_STATE + (<usize>which << 6)
}

/**
 * Makes the empty tables. `seed` must be unpredictable where blocks come from strangers; results do not depend on it.
 */
export function initTables(seed: u64): bool {
  let state = seed
  for (let i: usize = 0; i < 64; i += 4) {
    // splitmix64
    state += 0x9e3779b97f4a7c15
    let z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb
    store<u32>(KEY + i, <u32>(z >> 32))
  }
  for (let which: u32 = 0; which <= TABLE_CODE; which++) {
    const buckets = takeBuckets(FIRST_BITS)
    if (buckets == 0) return false
    store<u32>(table(which), <u32>buckets)
    store<u32>(table(which), FIRST_BITS, 4)
  }
  return true
}

/** 64 bits of the secret key, for tables of other rooms. */
export function tableKey(): u64 {
  return load<u64>(KEY)
}

function takeBuckets(bits: u32): usize {
  const bytes: usize = 4 << bits
  const at = takeChunks(<u32>(bytes / CHUNK_SIZE))
  if (at != 0) fillBytes(at, 0, bytes)
  return at
}

/**
 * NH (Black et al., UMAC): two different inputs of `pairs` x 8 bytes collide with probability 2^-32 for whoever does
 * not know the key, so that chosen storage keys cannot make long chains.
 */
// @ts-ignore: decorator
@inline
export function hashWords(input: usize, pairs: usize): u64 {
  let sum: u64 = 0
  for (let i: usize = 0; i < pairs << 3; i += 8) {
    const a = load<u32>(input + i) + load<u32>(KEY + i)
    const b = load<u32>(input + i, 4) + load<u32>(KEY + i, 4)
    sum += <u64>a * <u64>b
  }
  return sum
}

/** One more pair, keyed by the words behind those of hashWords. */
// @ts-ignore: decorator
@inline
export function hashPair(a: u32, b: u32): u64 {
  return <u64>(a + load<u32>(KEY, 40)) * <u64>(b + load<u32>(KEY, 44))
}

/** Address of the bucket for a hash. */
// @ts-ignore: decorator
@inline
export function bucketOf(which: u32, hash: u64): usize {
  const mixed = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15
  return <usize>load<u32>(table(which)) + (<usize>(mixed >> (64 - load<u32>(table(which), 4))) << 2)
}

// @ts-ignore: decorator
@inline
export function countOf(which: u32): u32 {
  let count: u32 = 0
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at != 0) count += load<u32>(at + THREAD_COUNTS + (<usize>which << 2))
  }
  return count
}

// @ts-ignore: decorator
@inline
export function bucketsOf(which: u32): usize {
  return load<u32>(table(which))
}

// @ts-ignore: decorator
@inline
export function bucketCount(which: u32): u32 {
  return 1 << load<u32>(table(which), 4)
}

/** Takes four times the buckets when the chains got long; the old array, to be relinked and dropped, or 0. */
export function growBuckets(which: u32): usize {
  const bits = load<u32>(table(which), 4)
  if (bits >= 26 || countOf(which) <= 1 << bits) return 0
  const buckets = takeBuckets(bits + 2)
  // Without space the chains just stay long.
  if (buckets == 0) return 0
  const old: usize = load<u32>(table(which))
  store<u32>(table(which), <u32>buckets)
  store<u32>(table(which), bits + 2, 4)
  return old
}

export function dropBuckets(buckets: usize, count: u32): void {
  giveChunks(buckets, <u32>((<usize>count << 2) / CHUNK_SIZE))
}
