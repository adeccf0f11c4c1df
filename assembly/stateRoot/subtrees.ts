import { ENTRY_SIZE } from '../abi/trie'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaAllocZeroed } from '../mem/arena'
import { fillBytes } from '../mem/bulk'
import { lowerLeaf } from '../trie/build'
import { fail, failure, stageArena } from '../trie/context'
import { setEntry } from '../trie/entries'
import {
  childSlot,
  EXTENSION,
  EXTENSION_CHILD,
  kindOf,
  LEAF,
  newBranch,
  newExtension,
  nibblesOf,
  pathKey,
  UNRESOLVED,
} from '../trie/nodes'
import { nibbleAt } from '../trie/paths'
import { sortEntries } from '../trie/sort'
import { copyBranch, normalise, update } from '../trie/update'
import { hashListed, hashNodes, listNodes } from '../trie/hash'
import { resolve } from '../trie/witness'

// One update shared out by the first nibble. The root is opened into a branch of its own, whatever it was before; each
// of the 16 subtrees is then updated by one thread, and at last one thread closes the branch into what the root must
// be. Entries are put at numbers of the caller's by any thread, in any order; each subtree sorts its own.
//
// Invariants:
// - Between open and close, the child slot `nibble` belongs to the thread that updates that subtree.
// - A number belongs to one thread until the first subtree is updated.
// - SHARED_DONE only grows; who brings it to 16 closes the trie, and everything done to the subtrees happens before.

/** u32: the opened branch; entries and their first nibbles (a byte each), by number; how many; atomic: subtrees done */
const SHARED_BRANCH: usize = 0
const SHARED_ENTRIES: usize = 4
const SHARED_NIBBLES: usize = 8
const SHARED_COUNT: usize = 12
const SHARED_DONE: usize = 16
const SHARED_SIZE: usize = 20

/** The nibble of a number without an entry. */
const NOBODY: u8 = 0xff
const LANES: usize = 16

/** A record for `count` numbers, without entries; 0 when out of space. */
export function newShared(count: u32): usize {
  const shared = arenaAllocZeroed(stageArena, SHARED_SIZE)
  const entries = arenaAlloc(stageArena, <usize>count * ENTRY_SIZE)
  const size: usize = (<usize>count + LANES - 1) & ~(LANES - 1)
  const nibbles = arenaAlloc(stageArena, size)
  if (shared == 0 || entries == 0 || nibbles == 0) return 0
  fillBytes(nibbles, NOBODY, size)
  store<u32>(shared, <u32>entries, SHARED_ENTRIES)
  store<u32>(shared, <u32>nibbles, SHARED_NIBBLES)
  store<u32>(shared, count, SHARED_COUNT)
  return shared
}

/** Puts the entry of a hashed key. */
export function putShared(shared: usize, index: u32, key: usize, value: usize, length: usize): void {
  setEntry(<usize>load<u32>(shared, SHARED_ENTRIES) + <usize>index * ENTRY_SIZE, key, 64, value, length)
  store<u8>(<usize>load<u32>(shared, SHARED_NIBBLES) + <usize>index, nibbleAt(key, 0))
}

/** Opens the trie `root`; with a failure noted, or not. */
export function openShared(shared: usize, root: usize): void {
  store<u32>(shared, <u32>openRoot(root, NO_KEY), SHARED_BRANCH)
}

/** Nothing of a key at the root is read. */
const NO_KEY: usize = memory.data(32)

/** A new branch with the children that `root` (of keys of whole hashes) has or would have. 0 with a failure noted. */
function openRoot(root: usize, key: usize): usize {
  if (root != 0 && kindOf(root) == UNRESOLVED) {
    root = resolve(root, 0, key, 0)
    if (failure != OK) return 0
  }
  if (root == 0) return newBranch(0)
  const kind = kindOf(root)
  if (kind != LEAF && kind != EXTENSION) return copyBranch(root)
  const nibbles = nibblesOf(root)
  // A leaf for the empty key: in no trie of hashed keys.
  if (nibbles == 0) return fail(MALFORMED)
  const branch = newBranch(0)
  if (branch == 0) return 0
  const path = pathKey(root, 0)
  let child: usize
  if (kind == LEAF) child = lowerLeaf(root, 0, 1)
  else if (nibbles == 1) child = atomic.load<u32>(root + EXTENSION_CHILD)
  else child = newExtension(1, nibbles, path, atomic.load<u32>(root + EXTENSION_CHILD))
  if (failure != OK) return 0
  store<u32>(childSlot(branch, nibbleAt(path, 0)), <u32>child)
  return branch
}

/**
 * Updates `count` subtrees from the nibble `first` on, and computes their references. True for the last ones: then the
 * caller closes the trie. With a failure noted, or not.
 */
export function updateSubtrees(shared: usize, first: u32, count: u32): bool {
  const branch: usize = load<u32>(shared, SHARED_BRANCH)
  for (let nibble = first; nibble < first + count; nibble++) {
    updateSubtree(shared, nibble, childSlot(branch, nibble))
    if (failure != OK) return false
  }
  for (let nibble = first; nibble < first + count; nibble++) listNodes(load<u32>(childSlot(branch, nibble)))
  const status = hashListed()
  if (status != OK) fail(status)
  // After a failure this never comes to 16: the stage has failed anyway.
  return status == OK && atomic.add<u32>(shared, count, SHARED_DONE) + count == 16
}

function updateSubtree(shared: usize, nibble: u32, slot: usize): void {
  const count = entriesOf(shared, nibble, 0)
  if (count == 0) return
  const entries = arenaAlloc(stageArena, <usize>count * ENTRY_SIZE)
  if (entries == 0) {
    fail(OUT_OF_SPACE)
    return
  }
  entriesOf(shared, nibble, entries)
  const status = sortEntries(entries, count)
  if (status != OK) {
    fail(status)
    return
  }
  const next = update(load<u32>(slot), 1, entries, entries + <usize>count * ENTRY_SIZE, slot)
  if (failure == OK) store<u32>(slot, <u32>next)
}

/** How many entries begin with `nibble`; copies them to `out`, unless 0. */
function entriesOf(shared: usize, nibble: u32, out: usize): u32 {
  const nibbles: usize = load<u32>(shared, SHARED_NIBBLES)
  const entries: usize = load<u32>(shared, SHARED_ENTRIES)
  const wanted = i8x16.splat(<i8>nibble)
  let found: u32 = 0
  for (let at: usize = 0; at < <usize>load<u32>(shared, SHARED_COUNT); at += LANES) {
    let hits = <u32>i8x16.bitmask(i8x16.eq(v128.load(nibbles + at), wanted))
    if (out == 0) {
      found += popcnt(hits)
      continue
    }
    for (; hits != 0; hits &= hits - 1, found++) {
      v128.store(out + <usize>found * ENTRY_SIZE, v128.load(entries + (at + <usize>ctz(hits)) * ENTRY_SIZE))
    }
  }
  return found
}

/** The new root, its reference computed. */
export function closeShared(shared: usize): usize {
  const root = normalise(load<u32>(shared, SHARED_BRANCH), 0, NO_KEY)
  if (failure != OK) return 0
  // An opened extension or leaf below the root may still lack its reference.
  const status = hashNodes(root)
  return status == OK ? root : fail(status)
}
