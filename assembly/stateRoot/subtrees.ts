import { ENTRY_SIZE } from '../abi/trie'
import { MALFORMED, OK } from '../abi/status'
import { lowerLeaf } from '../trie/build'
import { fail, failure } from '../trie/context'
import { groupEnd, nibbleOf } from '../trie/entries'
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
import { copyBranch, normalise, update } from '../trie/update'
import { hashNodes } from '../trie/hash'
import { resolve } from '../trie/witness'

// One update shared out by the first nibble. The root is opened into a branch of its own, whatever it was before; each
// of the 16 subtrees is then updated by one thread, and at last one thread closes the branch into what the root must
// be.
//
// Invariant: between open and close, the child slot `nibble` belongs to the thread that updates that subtree.

/** A new branch with the children that `root` (of keys of whole hashes) has or would have. 0 with a failure noted. */
export function openRoot(root: usize, key: usize): usize {
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
 * Applies those of the sorted entries in [from, to) that begin with `nibble`, and computes the references of the
 * subtree.
 */
export function updateSubtree(branch: usize, nibble: u32, from: usize, to: usize): void {
  const start = lowerBound(from, to, nibble)
  if (start == to || nibbleOf(start, 0) != nibble) return
  const slot = childSlot(branch, nibble)
  const next = update(load<u32>(slot), 1, start, groupEnd(start, to, 0, nibble), slot)
  if (failure != OK) return
  store<u32>(slot, <u32>next)
  const status = hashNodes(next)
  if (status != OK) fail(status)
}

/** The new root, its reference computed. */
export function closeRoot(branch: usize, key: usize): usize {
  const root = normalise(branch, 0, key)
  if (failure != OK) return 0
  // An opened extension or leaf below the root may still lack its reference.
  const status = hashNodes(root)
  return status == OK ? root : fail(status)
}

/** First entry whose first nibble is `nibble` or more. */
function lowerBound(from: usize, to: usize, nibble: u32): usize {
  let low = from
  let high = to
  while (low < high) {
    const middle = low + ((high - low) / ENTRY_SIZE >> 1) * ENTRY_SIZE
    if (nibbleOf(middle, 0) < nibble) low = middle + ENTRY_SIZE
    else high = middle
  }
  return low
}
