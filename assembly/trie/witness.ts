import { LENGTH_PREFIX } from '../abi/slices'
import { MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { CHUNK_SIZE } from '../abi/memory'
import { fillBytes } from '../mem/bulk'
import { arenaAlloc } from '../mem/arena'
import { giveChunks, takeChunks } from '../mem/chunks'
import { flushHashes, hashLater } from '../hash/queue'
import { CONTROL_TRIE } from '../mem/layout'
import { clearFailure, extendFault, fail, failAt, failure } from './context'
import { decodeNode } from './decode'
import { NODE_REF } from './nodes'
import { readsStore } from './store'
import { readStoredNode } from './storedNodes'

// Witness nodes by hash. A node is decoded when an operation first comes to it.
//
// Invariant: nodes are added and dropped only while no thread works on tries. Meanwhile the table is read-only but for
// ENTRY_NODES, which go once from 0 to an address (compare-and-swap), so all threads get the same node.

const BUCKETS: usize = CONTROL_TRIE
/** u32: a power of two, or 0. */
const BUCKET_COUNT: usize = CONTROL_TRIE + 4
const COUNT: usize = CONTROL_TRIE + 8
const ARENA: usize = CONTROL_TRIE + 16

const ENTRY_NEXT: usize = 0
const ENTRY_RLP: usize = 4
const ENTRY_LENGTH: usize = 8
/** Two u32: the decoded node, for an even and for an odd depth (paths are aligned by depth). */
const ENTRY_NODES: usize = 12
const ENTRY_HASH: usize = 32
const ENTRY_SIZE: usize = 64

const MIN_BUCKETS: u32 = <u32>(CHUNK_SIZE / 4)

/** Memory for the RLP of nodes to be added: it lives as long as the memory. 0 when out of space. */
export function witnessReserve(size: usize): usize {
  return arenaAlloc(ARENA, max(size, 1))
}

/** Adds `count` nodes that lie one after another from `packed` on, each after its length (u32, not aligned). */
export function witnessAddAll(packed: usize, count: u32): i32 {
  if (count == 0) return OK
  if (!reserveBuckets(load<u32>(COUNT) + count)) return OUT_OF_SPACE
  const entries = arenaAlloc(ARENA, <usize>count * ENTRY_SIZE)
  if (entries == 0) return OUT_OF_SPACE
  const end = entries + <usize>count * ENTRY_SIZE
  for (let entry = entries; entry < end; entry += ENTRY_SIZE) {
    const length: usize = load<u32>(packed)
    initEntry(entry, packed + LENGTH_PREFIX, length)
    packed += LENGTH_PREFIX + length
  }
  flushHashes()
  for (let entry = entries; entry < end; entry += ENTRY_SIZE) insert(entry)
  return OK
}

/** Forgets the decoded nodes, which a compaction is about to move. */
export function witnessForgetNodes(): void {
  const count = load<u32>(BUCKET_COUNT)
  for (let i: u32 = 0; i < count; i++) {
    for (let entry: usize = load<u32>(bucket(i)); entry != 0; entry = load<u32>(entry, ENTRY_NEXT)) {
      store<u64>(entry, 0, ENTRY_NODES)
    }
  }
}

/**
 * The node that `unresolved`, found at the first `depth` nibbles of `key`, stands for; 0 with MISSING or MALFORMED
 * noted. `slot`, unless 0, is where its parent refers to it: the parent gets to know the node.
 */
export function resolve(unresolved: usize, depth: u32, key: usize, slot: usize): usize {
  const node = readsStore() ? readStoredNode(unresolved, depth, key, 16) : lookUp(unresolved, depth, key, depth)
  if (node != 0 && slot != 0) atomic.store<u32>(slot, <u32>node)
  return node
}

/** The same for the child `nibble` of a branch at the first `depth` nibbles of `key`, when the key goes another way. */
export function resolveSibling(unresolved: usize, depth: u32, key: usize, nibble: u32): usize {
  const node = readsStore()
    ? readStoredNode(unresolved, depth + 1, key, nibble)
    : lookUp(unresolved, depth + 1, key, depth)
  if (node == 0 && failure != OUT_OF_SPACE) extendFault(nibble)
  return node
}

/** `known`: how many nibbles of the key lead to the node. */
function lookUp(unresolved: usize, depth: u32, key: usize, known: u32): usize {
  const hash = unresolved + NODE_REF
  const entry = find(hash)
  if (entry == 0) return failAt(MISSING, hash, key, known)
  const cache = entry + ENTRY_NODES + (<usize>(depth & 1) << 2)
  let node: usize = atomic.load<u32>(cache)
  if (node != 0) return node
  const rlp: usize = load<u32>(entry, ENTRY_RLP)
  node = decodeNode(rlp, rlp + load<u32>(entry, ENTRY_LENGTH), depth, hash)
  if (node == 0) {
    const status = failure
    clearFailure()
    return status == OUT_OF_SPACE ? fail(status) : failAt(status, hash, key, known)
  }
  const winner: usize = atomic.cmpxchg<u32>(cache, 0, <u32>node)
  return winner == 0 ? node : winner
}

function find(hash: usize): usize {
  const count = load<u32>(BUCKET_COUNT)
  if (count == 0) return 0
  let entry: usize = load<u32>(bucket(load<u32>(hash) & (count - 1)))
  while (entry != 0) {
    if (
      load<u64>(entry, ENTRY_HASH) == load<u64>(hash) &&
      load<u64>(entry, ENTRY_HASH + 8) == load<u64>(hash, 8) &&
      load<u64>(entry, ENTRY_HASH + 16) == load<u64>(hash, 16) &&
      load<u64>(entry, ENTRY_HASH + 24) == load<u64>(hash, 24)
    )
      return entry
    entry = load<u32>(entry, ENTRY_NEXT)
  }
  return 0
}

// @ts-ignore: decorator
@inline
function bucket(index: u32): usize {
  return <usize>load<u32>(BUCKETS) + (<usize>index << 2)
}

function initEntry(entry: usize, rlp: usize, length: usize): void {
  store<u32>(entry, <u32>rlp, ENTRY_RLP)
  store<u32>(entry, <u32>length, ENTRY_LENGTH)
  store<u64>(entry, 0, ENTRY_NODES)
  hashLater(rlp, length, entry + ENTRY_HASH)
}

function insert(entry: usize): void {
  if (find(entry + ENTRY_HASH) != 0) return
  link(entry)
  store<u32>(COUNT, load<u32>(COUNT) + 1)
}

function link(entry: usize): void {
  const head = bucket(load<u32>(entry, ENTRY_HASH) & (load<u32>(BUCKET_COUNT) - 1))
  store<u32>(entry, load<u32>(head), ENTRY_NEXT)
  store<u32>(head, <u32>entry)
}

/** Makes the table large enough for `entries`. */
function reserveBuckets(entries: u32): bool {
  const old = load<u32>(BUCKET_COUNT)
  if (entries <= old) return true
  let count = old == 0 ? MIN_BUCKETS : old
  while (count < entries) count <<= 1
  const at = takeChunks(count / MIN_BUCKETS)
  if (at == 0) return false
  fillBytes(at, 0, <usize>count << 2)
  const before: usize = load<u32>(BUCKETS)
  store<u32>(BUCKETS, <u32>at)
  store<u32>(BUCKET_COUNT, count)
  for (let i: u32 = 0; i < old; i++) {
    let entry: usize = load<u32>(before + (<usize>i << 2))
    while (entry != 0) {
      const next: usize = load<u32>(entry, ENTRY_NEXT)
      link(entry)
      entry = next
    }
  }
  if (old != 0) giveChunks(before, old / MIN_BUCKETS)
  return true
}
