import { OK, OUT_OF_SPACE } from '../abi/status'
import { CHUNK_SIZE, MAX_THREADS } from '../abi/memory'
import { copyBytes, fillBytes } from '../mem/bulk'
import { arenaAlloc, arenaChunks, arenaReset } from '../mem/arena'
import { CONTROL_TRIE } from '../mem/layout'
import { nextAccount } from '../state/accounts'
import { ACC_STORAGE_TRIE } from '../abi/state'
import { nodeArena, nodeArenaOf, tempArena } from '../trie/context'
import {
  BRANCH,
  BRANCH_SIZE,
  BRANCH_VALUE,
  childSlot,
  EXTENSION,
  EXTENSION_CHILD,
  kindOf,
  LEAF,
  leafLength,
  nibblesOf,
  NODE_MOVED,
  NODE_PATH,
  parityOf,
  UNRESOLVED_SIZE,
} from '../trie/nodes'
import { pathBytes } from '../trie/paths'
import { setStateTrie, stateTrie } from '../state/stateTrie'
import { witnessForgetNodes } from '../trie/witness'

// Nodes are never freed one by one: old versions of the tries stay behind as garbage. When it dominates, the live nodes
// are copied into a fresh arena and everything else is given back.
//
// Invariant: runs while no thread works on tries and no handle is in use but those of the state trie and of the
// accounts' storage tries. NODE_MOVED is 0 in every node outside a compaction, so that a copy is shared where the
// original was.

/** u32: chunks in use by nodes after the last compaction. */
const LIVE_CHUNKS: usize = CONTROL_TRIE + 68

/** 32 MiB: below it garbage is not worth copying around, which takes milliseconds of one thread alone. */
const MIN_CHUNKS: u32 = 128

/** Bytes in chunks of the node arenas of all threads. */
export function trieBytes(): u64 {
  return <u64>nodeChunks() * <u64>CHUNK_SIZE
}

/**
 * Compacts when more than half of the nodes must be garbage. OK, or OUT_OF_SPACE when there is no room to copy (nothing
 * lost).
 */
export function trieTidy(): i32 {
  const chunks = nodeChunks()
  return chunks < MIN_CHUNKS || chunks < 2 * load<u32>(LIVE_CHUNKS) ? OK : trieCompact()
}

/** Moves the state trie and all storage tries into fresh memory; handles other than those are dead afterwards. */
export function trieCompact(): i32 {
  // The temporary arena's header is free between operations: it becomes the new arena.
  const target = tempArena
  arenaReset(target)
  let whole = stateTrie() == 0 || move(stateTrie(), target) != 0
  for (let account = nextAccount(0); whole && account != 0; account = nextAccount(account)) {
    const trie: usize = load<u32>(account, ACC_STORAGE_TRIE)
    if (trie != 0) whole = move(trie, target) != 0
  }
  if (!whole) {
    forget(stateTrie())
    for (let account = nextAccount(0); account != 0; account = nextAccount(account)) {
      forget(load<u32>(account, ACC_STORAGE_TRIE))
    }
    arenaReset(target)
    return OUT_OF_SPACE
  }
  if (stateTrie() != 0) setStateTrie(load<u32>(stateTrie(), NODE_MOVED))
  for (let account = nextAccount(0); account != 0; account = nextAccount(account)) {
    const trie: usize = load<u32>(account, ACC_STORAGE_TRIE)
    if (trie != 0) store<u32>(account, load<u32>(trie, NODE_MOVED), ACC_STORAGE_TRIE)
  }
  witnessForgetNodes()
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const arena = nodeArenaOf(id)
    if (arena != 0) arenaReset(arena)
  }
  copyBytes(nodeArena, target, 16)
  fillBytes(target, 0, 16)
  store<u32>(LIVE_CHUNKS, nodeChunks())
  return OK
}

/** The copy of a node and all below it; 0 for none, or when out of space. */
function move(node: usize, target: usize): usize {
  if (node == 0) return 0
  const moved: usize = load<u32>(node, NODE_MOVED)
  if (moved != 0) return moved
  const kind = kindOf(node)
  const size = sizeOf(node, kind)
  const copy = arenaAlloc(target, size)
  if (copy == 0) return 0
  copyBytes(copy, node, size)
  store<u32>(node, <u32>copy, NODE_MOVED)
  if (kind == EXTENSION) {
    const child = move(load<u32>(node, EXTENSION_CHILD), target)
    store<u32>(copy, <u32>child, EXTENSION_CHILD)
    return child == 0 ? 0 : copy
  }
  if (kind != BRANCH) return copy
  const value: usize = load<u32>(node, BRANCH_VALUE)
  if (value != 0) {
    const bytes: usize = 4 + load<u32>(value)
    const at = arenaAlloc(target, bytes)
    if (at == 0) return 0
    copyBytes(at, value, bytes)
    store<u32>(copy, <u32>at, BRANCH_VALUE)
  }
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    const child: usize = load<u32>(childSlot(node, nibble))
    if (child == 0) continue
    const at = move(child, target)
    if (at == 0) return 0
    store<u32>(childSlot(copy, nibble), <u32>at)
  }
  return copy
}

/** Undoes the marks of a compaction that ran out of space. */
function forget(node: usize): void {
  if (node == 0 || load<u32>(node, NODE_MOVED) == 0) return
  store<u32>(node, 0, NODE_MOVED)
  const kind = kindOf(node)
  if (kind == EXTENSION) forget(load<u32>(node, EXTENSION_CHILD))
  if (kind != BRANCH) return
  for (let nibble: u32 = 0; nibble < 16; nibble++) forget(load<u32>(childSlot(node, nibble)))
}

function sizeOf(node: usize, kind: u32): usize {
  if (kind == BRANCH) return BRANCH_SIZE
  if (kind == LEAF) return NODE_PATH + pathBytes(parityOf(node), nibblesOf(node)) + leafLength(node)
  return kind == EXTENSION ? NODE_PATH + pathBytes(parityOf(node), nibblesOf(node)) : UNRESOLVED_SIZE
}

function nodeChunks(): u32 {
  let chunks: u32 = 0
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const arena = nodeArenaOf(id)
    if (arena != 0) chunks += arenaChunks(arena)
  }
  return chunks
}
