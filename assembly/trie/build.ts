import { ENTRY_SIZE } from '../abi/trie'
import { OK } from '../abi/status'
import { failure } from './context'
import { entryKey, entryLength, entryNibbles, entryValue, groupEnd, isDelete, nibbleOf } from './entries'
import {
  BRANCH_VALUE,
  childSlot,
  leafLength,
  leafValue,
  newBranch,
  newExtension,
  newLeaf,
  newValue,
  nibblesOf,
  pathKey,
} from './nodes'
import { commonPrefix, nibbleAt } from './paths'

/**
 * A trie at `depth` of the inserts among the sorted entries in [from, to) and, unless 0, of `leaf`, a leaf at
 * `leafDepth` (not below `depth`) whose key is none of theirs. 0 when there is nothing, or when `failure` is set.
 */
export function build(depth: u32, from: usize, to: usize, leaf: usize, leafDepth: u32): usize {
  while (from < to && isDelete(from)) from += ENTRY_SIZE
  while (from < to && isDelete(to - ENTRY_SIZE)) to -= ENTRY_SIZE
  if (from == to) return leaf == 0 ? 0 : lowerLeaf(leaf, leafDepth, depth)
  const first = entryKey(from)
  const nibbles = entryNibbles(from)
  if (leaf == 0 && to - from == ENTRY_SIZE) return newLeaf(depth, first, nibbles, entryValue(from), entryLength(from))

  // The first and the last entry are inserts: the keys part where these two do, or where the leaf's key leaves the
  // first.
  const last = to - ENTRY_SIZE
  let split = commonPrefix(first, entryKey(last), depth, min(nibbles, entryNibbles(last)))
  let leafKey: usize = 0
  let leafNibbles: u32 = 0
  if (leaf != 0) {
    leafKey = pathKey(leaf, leafDepth)
    leafNibbles = leafDepth + nibblesOf(leaf)
    split = commonPrefix(first, leafKey, depth, min(split, leafNibbles))
  }
  const branch = newBranch(split)
  if (branch == 0) return 0
  if (nibbles == split) {
    store<u32>(branch, <u32>newValue(entryValue(from), entryLength(from)), BRANCH_VALUE)
    from += ENTRY_SIZE
  } else if (leaf != 0 && leafNibbles == split) {
    store<u32>(branch, <u32>newValue(leafValue(leaf), leafLength(leaf)), BRANCH_VALUE)
    leaf = 0
  }
  const leafNibble: u32 = leaf == 0 ? 16 : nibbleAt(leafKey, split)
  let placed = leaf == 0
  while (from < to && failure == OK) {
    const nibble = nibbleOf(from, split)
    const end = groupEnd(from, to, split, nibble)
    const child = build(split + 1, from, end, nibble == leafNibble ? leaf : 0, leafDepth)
    if (nibble == leafNibble) placed = true
    store<u32>(childSlot(branch, nibble), <u32>child)
    from = end
  }
  if (!placed) store<u32>(childSlot(branch, leafNibble), <u32>lowerLeaf(leaf, leafDepth, split + 1))
  if (failure != OK) return 0
  return split == depth ? branch : newExtension(depth, split, first, branch)
}

/** The leaf at `from` moved down to `depth`: the same key, a shorter path. */
export function lowerLeaf(leaf: usize, from: u32, depth: u32): usize {
  if (from == depth) return leaf
  return newLeaf(depth, pathKey(leaf, from), from + nibblesOf(leaf), leafValue(leaf), leafLength(leaf))
}
