import { ENTRY_SIZE } from '../abi/trie'
import { OK } from '../abi/status'
import { clearFailure, failure } from './context'
import { hashNodes, rootHash } from './hash'
import {
  BRANCH_VALUE,
  childSlot,
  EMPTY_ROOT,
  EXTENSION,
  EXTENSION_CHILD,
  kindOf,
  LEAF,
  leafLength,
  leafValue,
  newUnresolved,
  nibblesOf,
  pathKey,
  UNRESOLVED,
} from './nodes'
import { commonPrefix, nibbleAt } from './paths'
import { update } from './update'
import { resolve } from './witness'

// The trie as other rooms see it. A handle is the address of a root node, 0 for the empty trie; it stays valid until a
// compaction moves it. Any number of threads may read and update tries at the same time, the same ones too, as long as
// each works on handles whose references are computed or that it made itself (see nodes.ts). Calls answer a status;
// after MISSING or MALFORMED trieFault() names the node.

/** Handle of the trie with this root hash, whose nodes are looked up among the witness nodes when needed; to `out`. */
export function trieFromHash(hash: usize, out: usize): i32 {
  clearFailure()
  store<u32>(out, memory.compare(hash, EMPTY_ROOT, 32) == 0 ? 0 : <u32>newUnresolved(hash))
  return failure
}

/**
 * Looks up a key of `nibbles` nibbles: u32 address and u32 length of its value to `out`, length 0 when it is absent.
 */
export function trieGet(root: usize, key: usize, nibbles: u32, out: usize): i32 {
  clearFailure()
  store<u64>(out, 0)
  let node = root
  let depth: u32 = 0
  let slot: usize = 0
  while (node != 0) {
    const kind = kindOf(node)
    if (kind == UNRESOLVED) {
      node = resolve(node, depth, key, slot)
      if (failure != OK) return failure
      continue
    }
    if (kind == LEAF) {
      const end = depth + nibblesOf(node)
      if (end == nibbles && commonPrefix(key, pathKey(node, depth), depth, end) == end) {
        answer(out, leafValue(node), leafLength(node))
      }
      return OK
    }
    if (kind == EXTENSION) {
      const end = depth + nibblesOf(node)
      if (end > nibbles || commonPrefix(key, pathKey(node, depth), depth, end) != end) return OK
      depth = end
      slot = node + EXTENSION_CHILD
    } else {
      if (depth == nibbles) {
        const value: usize = load<u32>(node, BRANCH_VALUE)
        if (value != 0) answer(out, value + 4, load<u32>(value))
        return OK
      }
      slot = childSlot(node, nibbleAt(key, depth))
      depth++
    }
    node = atomic.load<u32>(slot)
  }
  return OK
}

// @ts-ignore: decorator
@inline
function answer(out: usize, value: usize, length: usize): void {
  store<u32>(out, <u32>value)
  store<u32>(out, <u32>length, 4)
}

/** Applies `count` sorted entries (see entries.ts); the handle of the new trie to `out`. The old one stays as it is. */
export function trieUpdate(root: usize, entries: usize, count: u32, out: usize): i32 {
  clearFailure()
  const next = count == 0 ? root : update(root, 0, entries, entries + (<usize>count * ENTRY_SIZE), 0)
  if (failure == OK) store<u32>(out, <u32>next)
  return failure
}

/** Root hash, 32 bytes to `out`; computes what is not known yet. */
export function trieHash(root: usize, out: usize): i32 {
  const status = hashNodes(root)
  if (status == OK) rootHash(root, out)
  return status
}
