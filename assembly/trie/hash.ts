import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { blocksOf, flushHashes, hashLater, isWaiting, QUEUE_CLASSES } from '../hash/queue'
import { arenaAlloc, arenaReset } from '../mem/arena'
import { headerSize } from '../rlp/encode'
import { buffers, levels, tempArena } from './context'
import { noteFresh, notesFresh } from './notes'
import { payloadSize, writeNode } from './encode'
import {
  BRANCH,
  childSlot,
  EMPTY_ROOT,
  EXTENSION,
  EXTENSION_CHILD,
  kindOf,
  NODE_NEXT,
  NODE_REF,
  NODE_REF_LENGTH,
  refLength,
} from './nodes'

// References of new nodes. They are listed by height above the leaves; the nodes of one height do not depend on one
// another, so nearly all of them are hashed in pairs.

/** Room for an encoded node of QUEUE_CLASSES blocks. */
const BUFFER: usize = 576

/** Computes the reference of every new node of the trie: OK or OUT_OF_SPACE. */
export function hashNodes(root: usize): i32 {
  listNodes(root)
  return hashListed()
}

/** Heights that have listed nodes. */
let heights: u32 = 0

/**
 * Lists the new nodes of a trie for hashListed: of several tries more find a partner than of each alone. A listed trie
 * must not change before.
 */
export function listNodes(root: usize): void {
  if (root != 0 && refLength(root) == 0) heights = max(heights, collect(root))
}

/** Computes the references of all listed nodes: OK or OUT_OF_SPACE. */
export function hashListed(): i32 {
  if (heights == 0) return OK
  let status = OK
  for (let height: u32 = 0; height < heights; height++) {
    const head = levels + (<usize>height << 2)
    let node: usize = load<u32>(head)
    store<u32>(head, 0)
    while (node != 0) {
      const next: usize = load<u32>(node, NODE_NEXT)
      if (status == OK) status = hashNode(node)
      node = next
    }
    flushHashes()
  }
  heights = 0
  arenaReset(tempArena)
  return status
}

/** Lists the new nodes of a subtree; returns the height of its root plus one. */
function collect(node: usize): u32 {
  let height: u32 = 0
  const kind = kindOf(node)
  if (kind == BRANCH) {
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      const child: usize = load<u32>(childSlot(node, nibble))
      if (child != 0 && refLength(child) == 0) height = max(height, collect(child))
    }
  } else if (kind == EXTENSION) {
    const child: usize = load<u32>(node, EXTENSION_CHILD)
    if (refLength(child) == 0) height = collect(child)
  }
  const head = levels + (<usize>height << 2)
  store<u32>(node, load<u32>(head), NODE_NEXT)
  store<u32>(head, <u32>node)
  return height + 1
}

function hashNode(node: usize): i32 {
  const payload = payloadSize(node)
  const size = headerSize(payload) + payload
  if (size < 32) {
    writeNode(node + NODE_REF, node, payload)
    store<u8>(node, <u32>size, NODE_REF_LENGTH)
    return OK
  }
  const blocks = blocksOf(size)
  let buffer: usize
  if (blocks <= QUEUE_CLASSES) {
    // Two buffers per class: the waiting message's and its partner's.
    buffer = buffers + BUFFER * <usize>(2 * blocks + <u32>isWaiting(blocks))
    writeNode(buffer, node, payload)
    hashLater(buffer, size, node + NODE_REF)
  } else {
    buffer = arenaAlloc(tempArena, size)
    if (buffer == 0) return OUT_OF_SPACE
    writeNode(buffer, node, payload)
    keccak256(buffer, size, node + NODE_REF)
  }
  if (notesFresh && !noteFresh(node, buffer, size)) return OUT_OF_SPACE
  store<u8>(node, 32, NODE_REF_LENGTH)
  return OK
}

/** Root hash of a trie whose nodes have their references. */
export function rootHash(root: usize, out: usize): void {
  if (root == 0) copyBytes(out, EMPTY_ROOT, 32)
  else if (refLength(root) == 32) copyBytes(out, root + NODE_REF, 32)
  else keccak256(root + NODE_REF, refLength(root), out)
}
