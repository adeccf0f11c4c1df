import { MALFORMED, OK } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { copy32 } from '../mem/bytes32'
import { itemData, itemEnd, itemIsList, itemLength, rlpItem, rlpList, rlpString } from '../rlp/decode'
import { fail, failure } from './context'
import {
  BRANCH_VALUE,
  childSlot,
  EXTENSION,
  EXTENSION_CHILD,
  LEAF,
  LEAF_LENGTH,
  newBranch,
  newNode,
  newUnresolved,
  newValue,
  NODE_PATH,
  NODE_REF,
  NODE_REF_LENGTH,
} from './nodes'
import { pathBytes, readHexPrefix } from './paths'

// Witness nodes: RLP to nodes in memory. Nothing about them is trusted but their hash.

/** First bytes of what almost all children of a branch are: empty, or a hash. */
const EMPTY: u8 = 0x80
const HASH: u8 = 0xa0

/** Longer paths do not occur: the longest key has 512 nibbles. */
const MAX_NIBBLES: u32 = 512

/**
 * The node at `depth` whose RLP fills [at, end); 0 with a failure noted. `hash` is its hash, 0 for one inside its
 * parent.
 */
export function decodeNode(at: usize, end: usize, depth: u32, hash: usize): usize {
  if (rlpList(at, end) != OK || itemEnd != end) return fail(MALFORMED)
  const first = itemData
  let items: u32 = 0
  for (let item = first; item < end; items++) {
    item = itemAfter(item, end)
    if (item == 0) return fail(MALFORMED)
  }
  const node =
    items == 17
      ? decodeBranch(first, end, depth)
      : items == 2
        ? decodeShort(first, end, depth)
        : fail(MALFORMED)
  if (failure != OK) return 0
  if (hash != 0) {
    store<u8>(node, 32, NODE_REF_LENGTH)
    copy32(node + NODE_REF, hash)
  } else {
    store<u8>(node, <u32>(end - at), NODE_REF_LENGTH)
    copyBytes(node + NODE_REF, at, end - at)
  }
  return node
}

/** First byte after the item at `at`, 0 when it is malformed. */
// @ts-ignore: decorator
@inline
function itemAfter(at: usize, end: usize): usize {
  const first = load<u8>(at)
  if (first == EMPTY) return at + 1
  if (first == HASH && end - at > 32) return at + 33
  return rlpItem(at, end) == OK ? itemEnd : 0
}

/** The items in [at, end) are known to be 17. */
function decodeBranch(at: usize, end: usize, depth: u32): usize {
  const node = newBranch(depth)
  if (node == 0) return 0
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    const first = load<u8>(at)
    if (first == EMPTY) {
      at++
      continue
    }
    let child: usize
    if (first == HASH) {
      child = newUnresolved(at + 1)
      at += 33
    } else {
      rlpItem(at, end)
      const next = itemEnd
      child = decodeChild(at, next, depth + 1)
      at = next
    }
    if (failure != OK) return 0
    store<u32>(childSlot(node, nibble), <u32>child)
  }
  if (rlpString(at, end) != OK) return fail(MALFORMED)
  if (itemLength != 0) store<u32>(node, <u32>newValue(itemData, itemLength), BRANCH_VALUE)
  return node
}

/** The reference in [at, end), already read as the last item: a hash, or a node of less than 32 bytes. */
function decodeChild(at: usize, end: usize, depth: u32): usize {
  if (itemIsList) return end - at < 32 ? decodeNode(at, end, depth, 0) : fail(MALFORMED)
  return itemLength == 32 ? newUnresolved(itemData) : fail(MALFORMED)
}

function decodeShort(at: usize, end: usize, depth: u32): usize {
  if (rlpString(at, end) != OK || itemLength == 0) return fail(MALFORMED)
  const path = itemData
  const flag: u32 = load<u8>(path) >> 4
  const odd = flag & 1
  if (flag > 3 || (!odd && (load<u8>(path) & 15) != 0) || itemLength > MAX_NIBBLES) return fail(MALFORMED)
  const nibbles = <u32>(itemLength - 1) * 2 + odd
  const bytes = pathBytes(depth, nibbles)
  const second = itemEnd
  rlpItem(second, end)
  if (flag & 2) {
    if (itemIsList || itemLength == 0) return fail(MALFORMED)
    const node = newNode(LEAF, depth, nibbles, NODE_PATH + bytes + itemLength)
    if (node == 0) return 0
    store<u32>(node, <u32>itemLength, LEAF_LENGTH)
    readHexPrefix(node + NODE_PATH, depth, path, nibbles)
    copyBytes(node + NODE_PATH + bytes, itemData, itemLength)
    return node
  }
  if (nibbles == 0) return fail(MALFORMED)
  const child = decodeChild(second, end, depth + nibbles)
  if (failure != OK) return 0
  const node = newNode(EXTENSION, depth, nibbles, NODE_PATH + bytes)
  if (node == 0) return 0
  store<u32>(node, <u32>child, EXTENSION_CHILD)
  readHexPrefix(node + NODE_PATH, depth, path, nibbles)
  return node
}
