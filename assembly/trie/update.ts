import { ENTRY_SIZE } from '../abi/trie'
import { OK } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { build } from './build'
import { failure, nibbleKey } from './context'
import { entryKey, entryLength, entryNibbles, entryValue, groupEnd, isDelete, nibbleOf } from './entries'
import {
  BRANCH,
  BRANCH_SIZE,
  BRANCH_VALUE,
  childSlot,
  EXTENSION,
  EXTENSION_CHILD,
  kindOf,
  LEAF,
  LEAF_LENGTH,
  leafLength,
  leafValue,
  newBranch,
  newExtension,
  newLeaf,
  newNode,
  newValue,
  nibblesOf,
  NODE_PATH,
  parityOf,
  pathKey,
  UNRESOLVED,
} from './nodes'
import { commonPrefix, nibbleAt, pathBytes } from './paths'
import { resolve, resolveSibling } from './witness'

// A batch of sorted entries applied to a trie in one descent. Nodes are copied on write. At every node all entries
// below it have been applied before its shape is decided: only the net effect of the batch counts, and no sibling is
// asked for that the final trie does not need (a witness has no others).
//
// A function answers the new node, or 0 for an empty trie; when `failure` is set the answer means nothing.

/**
 * The trie `node` at `depth` after the entries in [from, to), which all have the first `depth` nibbles in common.
 * `slot`, unless 0, is where the parent refers to the node.
 */
export function update(node: usize, depth: u32, from: usize, to: usize, slot: usize): usize {
  if (node != 0 && kindOf(node) == UNRESOLVED) {
    node = resolve(node, depth, entryKey(from), slot)
    if (failure != OK) return 0
  }
  if (node == 0) return build(depth, from, to, 0, 0)
  switch (kindOf(node)) {
    case LEAF:
      return updateLeaf(node, depth, from, to)
    case EXTENSION:
      return updateExtension(node, depth, from, to)
    default:
      return updateBranch(node, depth, from, to, false)
  }
}

function updateLeaf(node: usize, depth: u32, from: usize, to: usize): usize {
  const nibbles = depth + nibblesOf(node)
  const key = pathKey(node, depth)
  for (let entry = from; entry < to; entry += ENTRY_SIZE) {
    if (entryNibbles(entry) != nibbles || commonPrefix(key, entryKey(entry), depth, nibbles) != nibbles) continue
    if (to - from == ENTRY_SIZE && sameValue(entry, leafValue(node), leafLength(node))) return node
    return build(depth, from, to, 0, 0)
  }
  return build(depth, from, to, node, depth)
}

// @ts-ignore: decorator
@inline
function sameValue(entry: usize, value: usize, length: usize): bool {
  return entryLength(entry) == length && memory.compare(entryValue(entry), value, length) == 0
}

function updateExtension(node: usize, depth: u32, from: usize, to: usize): usize {
  const end = depth + nibblesOf(node)
  const path = pathKey(node, depth)
  const slot = node + EXTENSION_CHILD
  const split = min(firstLeaving(path, depth, end, from, to), lastLeaving(path, depth, end, from, to))
  // Entries that leave the path before the split delete absent keys.
  while (from < to && shared(path, from, depth, split) < split) from += ENTRY_SIZE
  while (from < to && shared(path, to - ENTRY_SIZE, depth, split) < split) to -= ENTRY_SIZE
  if (from == to) return node
  if (split == end) {
    const next = update(atomic.load<u32>(slot), end, from, to, slot)
    if (failure != OK) return 0
    if (next == atomic.load<u32>(slot)) return node
    return wrap(depth, end, path, next)
  }
  const branch = newBranch(split)
  if (branch == 0) return 0
  const child: usize = atomic.load<u32>(slot)
  const rest = split + 1 == end ? child : newExtension(split + 1, end, path, child)
  store<u32>(childSlot(branch, nibbleAt(path, split)), <u32>rest)
  if (failure != OK) return 0
  const next = updateBranch(branch, split, from, to, true)
  if (failure != OK) return 0
  return wrap(depth, split, path, next)
}

// @ts-ignore: decorator
@inline
function shared(path: usize, entry: usize, depth: u32, end: u32): u32 {
  return commonPrefix(path, entryKey(entry), depth, min(end, entryNibbles(entry)))
}

/**
 * Where the first insert leaves the path, `end` when it does not. Being sorted, no other but the last leaves it
 * earlier.
 */
function firstLeaving(path: usize, depth: u32, end: u32, from: usize, to: usize): u32 {
  for (let entry = from; entry < to; entry += ENTRY_SIZE) {
    if (!isDelete(entry)) return shared(path, entry, depth, end)
  }
  return end
}

function lastLeaving(path: usize, depth: u32, end: u32, from: usize, to: usize): u32 {
  for (let entry = to; entry > from; entry -= ENTRY_SIZE) {
    if (!isDelete(entry - ENTRY_SIZE)) return shared(path, entry - ENTRY_SIZE, depth, end)
  }
  return end
}

/** `owned`: the branch is the caller's own and is changed in place. */
function updateBranch(node: usize, depth: u32, from: usize, to: usize, owned: bool): usize {
  const key = entryKey(from)
  let copy: usize = owned ? node : 0
  if (entryNibbles(from) == depth) {
    const old: usize = load<u32>(node, BRANCH_VALUE)
    const same = old == 0 ? isDelete(from) : sameValue(from, old + 4, load<u32>(old))
    if (!same) {
      if (copy == 0) copy = copyBranch(node)
      if (copy == 0) return 0
      store<u32>(copy, isDelete(from) ? 0 : <u32>newValue(entryValue(from), entryLength(from)), BRANCH_VALUE)
    }
    from += ENTRY_SIZE
  }
  while (from < to && failure == OK) {
    const nibble = nibbleOf(from, depth)
    const end = groupEnd(from, to, depth, nibble)
    const slot = childSlot(node, nibble)
    const next = update(atomic.load<u32>(slot), depth + 1, from, end, slot)
    if (failure != OK) return 0
    if (copy == 0 && next != atomic.load<u32>(slot)) {
      copy = copyBranch(node)
      if (copy == 0) return 0
    }
    if (copy != 0) store<u32>(childSlot(copy, nibble), <u32>next)
    from = end
  }
  if (failure != OK) return 0
  return copy == 0 ? node : normalise(copy, depth, key)
}

/** A branch with the same children and value, and no reference yet. */
export function copyBranch(node: usize): usize {
  const copy = newBranch(parityOf(node))
  if (copy != 0) copyBytes(copy + BRANCH_VALUE, node + BRANCH_VALUE, BRANCH_SIZE - BRANCH_VALUE)
  return copy
}

/** What a new branch that may have lost children must be: itself, a leaf, an extension, or nothing. */
export function normalise(branch: usize, depth: u32, key: usize): usize {
  let count: u32 = 0
  let last: u32 = 0
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    if (load<u32>(childSlot(branch, nibble)) != 0) {
      count++
      last = nibble
    }
  }
  const value: usize = load<u32>(branch, BRANCH_VALUE)
  if (count > 1 || (count == 1 && value != 0)) return branch
  if (count == 0) return value == 0 ? 0 : newLeaf(depth, key, depth, value + 4, load<u32>(value))
  const slot = childSlot(branch, last)
  let child: usize = load<u32>(slot)
  if (kindOf(child) == UNRESOLVED) {
    // Whether the child is a leaf, an extension or a branch decides the shape of the result.
    child = resolveSibling(child, depth, key, last)
    if (failure != OK) return 0
  }
  return wrap(depth, depth + 1, nibbleKey(last, depth), child)
}

/** `node` at position `end`, put below positions [depth, end) of `key`; an extension or leaf absorbs them. */
export function wrap(depth: u32, end: u32, key: usize, node: usize): usize {
  if (depth == end || node == 0) return node
  const kind = kindOf(node)
  if (kind == BRANCH || kind == UNRESOLVED) return newExtension(depth, end, key, node)
  const nibbles = end - depth + nibblesOf(node)
  const bytes = pathBytes(depth, nibbles)
  const length = kind == LEAF ? leafLength(node) : 0
  const merged = newNode(kind, depth, nibbles, NODE_PATH + bytes + length)
  if (merged == 0) return 0
  const path = merged + NODE_PATH
  const below = node + NODE_PATH
  const head: usize = (end >> 1) - (depth >> 1)
  copyBytes(path, key + (depth >> 1), head)
  copyBytes(path + head, below, bytes - head)
  // A byte that both sides share.
  if (end & 1) store<u8>(path + head, (load<u8>(key + (end >> 1)) & 0xf0) | (load<u8>(below) & 15))
  if (kind == LEAF) {
    store<u32>(merged, <u32>length, LEAF_LENGTH)
    copyBytes(path + bytes, leafValue(node), length)
  } else {
    store<u32>(merged, load<u32>(node, EXTENSION_CHILD), EXTENSION_CHILD)
  }
  return merged
}
