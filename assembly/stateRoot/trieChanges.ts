import { CHANGE_IS_DELETE, CHANGE_IS_PUT } from '../abi/rows'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { equal32 } from '../mem/bytes32'
import { clearFailure, failure, rowBuffer } from '../trie/context'
import { payloadSize, writeNode } from '../trie/encode'
import {
  BRANCH, childSlot, EXTENSION, EXTENSION_CHILD, kindOf, nibblesOf, NODE_REF, pathKey, refLength, UNRESOLVED,
} from '../trie/nodes'
import { nibbleAt } from '../trie/paths'
import { nodeAtKey, startNodeKey } from '../trie/storedNodes'
import { headerSize } from '../rlp/encode'
import { beginChange, endChange } from './changeList'

// Which nodes differ between two tries, by their places: two descents at once, along the nibbles. A node that lies
// inside its parent's RLP has no row.
//
// Invariant: a subtree of the newer trie that is not changed is the same node in both, or has the same reference; so
// has one that only the newer trie has resolved, or only as a reference.

/** Where the path begins in the key under rowBuffer. */
let pathAt: usize = 0
/** Where a step came to. */
let stepNode: usize = 0
let stepOffset: u32 = 0

/** Lists the changes from `old` to `next`, tries of this owner (an account record, 0: the account trie). A status. */
export function listTrieChanges(owner: usize, old: usize, next: usize): i32 {
  if (old == next) return OK
  pathAt = startNodeKey(owner)
  return walk(old, 0, next, 0, 0)
}

/** At `depth`: `oldOffset` nibbles into the path of an extension or at its start; 0 for no node. */
function walk(old: usize, oldOffset: u32, next: usize, nextOffset: u32, depth: u32): i32 {
  if (old == next && oldOffset == nextOffset) return OK
  const oldHere = old != 0 && oldOffset == 0
  const nextHere = next != 0 && nextOffset == 0
  if (oldHere && nextHere && sameHash(old, next)) return OK
  if (oldHere && kindOf(old) == UNRESOLVED) {
    // What is below may have been moved into the newer trie without this one having been told.
    clearFailure()
    const resolved = nodeAtKey(old, depth, pathAt + depth)
    if (resolved == 0) return failure
    old = resolved
  }
  if (nextHere && hasRow(next, depth)) {
    // What the newer trie knows by its hash only is in the store.
    if (kindOf(next) != UNRESOLVED && !put(next, depth)) return OUT_OF_SPACE
  } else if (oldHere && hasRow(old, depth)) {
    if (beginChange(CHANGE_IS_DELETE, pathAt + depth - rowBuffer, 0) == 0) return OUT_OF_SPACE
    endChange(0)
  }
  return walkChildren(old, oldOffset, next, nextOffset, depth)
}

function walkChildren(old: usize, oldOffset: u32, next: usize, nextOffset: u32, depth: u32): i32 {
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    step(old, oldOffset, nibble, depth)
    const below = stepNode
    const belowOffset = stepOffset
    step(next, nextOffset, nibble, depth)
    if (below == stepNode && belowOffset == stepOffset) continue
    store<u8>(pathAt + depth, nibble)
    const status = walk(below, belowOffset, stepNode, stepOffset, depth + 1)
    if (status != OK) return status
  }
  return OK
}

// @ts-ignore: decorator
@inline
function sameHash(a: usize, b: usize): bool {
  return refLength(a) == 32 && refLength(b) == 32 && equal32(a + NODE_REF, b + NODE_REF)
}

// @ts-ignore: decorator
@inline
function hasRow(node: usize, depth: u32): bool {
  return depth == 0 || refLength(node) == 32
}

function step(node: usize, offset: u32, nibble: u32, depth: u32): void {
  stepNode = 0
  stepOffset = 0
  if (node == 0) return
  const kind = kindOf(node)
  if (kind == BRANCH) {
    stepNode = load<u32>(childSlot(node, nibble))
  } else if (kind == EXTENSION && nibbleAt(pathKey(node, depth - offset), depth) == nibble) {
    const end = offset + 1 == nibblesOf(node)
    stepNode = end ? <usize>load<u32>(node, EXTENSION_CHILD) : node
    stepOffset = end ? 0 : offset + 1
  }
}

function put(node: usize, depth: u32): bool {
  const payload = payloadSize(node)
  const size = headerSize(payload) + payload
  const at = beginChange(CHANGE_IS_PUT, pathAt + depth - rowBuffer, size)
  if (at == 0) return false
  writeNode(at, node, payload)
  endChange(size)
  return true
}
