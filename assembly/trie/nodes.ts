import { OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { copy32 } from '../mem/bytes32'
import { arenaAlloc } from '../mem/arena'
import { fail, nodeArena } from './context'
import { pathBytes } from './paths'

// Nodes of a Merkle Patricia trie (Yellow Paper, appendix D) in memory. 0 is the empty trie.
//
// Invariants:
// - A node whose reference is known (REF_LENGTH != 0) never changes again, but for an unresolved child being replaced
// by
//   the node with the same reference (an atomic store; any number of threads may do it, they store the same address).
// So a
//   root handle stays valid, and different threads may read it and build new tries from it at once.
// - A node without reference is new: it belongs to the thread that made it until its reference has been computed.

export const LEAF: u32 = 1
export const EXTENSION: u32 = 2
export const BRANCH: u32 = 3
/** Only the hash is known; the node may be among the witness nodes. */
export const UNRESOLVED: u32 = 4

/** u8. */
export const NODE_KIND: usize = 0
/** u8: bytes of the reference: 32 (a hash), less (the node's RLP itself), or 0 while it is not computed. */
export const NODE_REF_LENGTH: usize = 1
/**
 * u16: nibbles in the path of a leaf or extension; the highest bit is the lowest of the node's depth: the path's
 * alignment.
 */
export const NODE_NIBBLES: usize = 2
/** u32: the copy that a compaction has made of the node, else 0. */
export const NODE_MOVED: usize = 4
/** 32 bytes; while the reference is not computed, u32: next node in a list. */
export const NODE_REF: usize = 8
export const NODE_NEXT: usize = 8
/** u32, leaf. */
export const LEAF_LENGTH: usize = 40
/** u32, extension. */
export const EXTENSION_CHILD: usize = 40
/** u32, branch: address of (u32 length, bytes), 0 without value. */
export const BRANCH_VALUE: usize = 40
/** Leaf: path, then value. Extension: path. */
export const NODE_PATH: usize = 48
/** 16 u32. */
export const BRANCH_CHILDREN: usize = 48
export const BRANCH_SIZE: usize = 112
export const UNRESOLVED_SIZE: usize = 48
/**
 * u32, unresolved: account record whose storage trie it is of, 0 for the account trie; where nodes come from a store.
 */
export const UNRESOLVED_OWNER: usize = 40

/** keccak-256 of RLP of the empty string: the root of the empty trie. */
export const EMPTY_ROOT: usize = memory.data<u8>([
  0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
  0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
])

// @ts-ignore: decorator
@inline
export function kindOf(node: usize): u32 {
  return load<u8>(node, NODE_KIND)
}

// @ts-ignore: decorator
@inline
export function nibblesOf(node: usize): u32 {
  return load<u16>(node, NODE_NIBBLES) & 0x7fff
}

// @ts-ignore: decorator
@inline
export function parityOf(node: usize): u32 {
  return load<u16>(node, NODE_NIBBLES) >> 15
}

// @ts-ignore: decorator
@inline
export function refLength(node: usize): u32 {
  return load<u8>(node, NODE_REF_LENGTH)
}

/** The path of a node at `depth` as a key: see paths.ts. */
// @ts-ignore: decorator
@inline
export function pathKey(node: usize, depth: u32): usize {
  return node + NODE_PATH - (depth >> 1)
}

/** Address of a leaf's value. */
// @ts-ignore: decorator
@inline
export function leafValue(node: usize): usize {
  return node + NODE_PATH + pathBytes(parityOf(node), nibblesOf(node))
}

// @ts-ignore: decorator
@inline
export function leafLength(node: usize): usize {
  return load<u32>(node, LEAF_LENGTH)
}

// @ts-ignore: decorator
@inline
export function childSlot(branch: usize, nibble: u32): usize {
  return branch + BRANCH_CHILDREN + (<usize>nibble << 2)
}

/** A node at `depth` with room for `size` bytes and no reference; 0 (and the failure noted) when out of space. */
export function newNode(kind: u32, depth: u32, nibbles: u32, size: usize): usize {
  const node = arenaAlloc(nodeArena, size)
  if (node == 0) return fail(OUT_OF_SPACE)
  store<u64>(node, <u64>(kind | (nibbles << 16) | (depth << 31)))
  return node
}

/** A leaf at `depth` for a key of `nibbles` nibbles. */
export function newLeaf(depth: u32, key: usize, nibbles: u32, value: usize, length: usize): usize {
  const bytes = pathBytes(depth, nibbles - depth)
  const node = newNode(LEAF, depth, nibbles - depth, NODE_PATH + bytes + length)
  if (node == 0) return 0
  store<u32>(node, <u32>length, LEAF_LENGTH)
  copyBytes(node + NODE_PATH, key + (depth >> 1), bytes)
  copyBytes(node + NODE_PATH + bytes, value, length)
  return node
}

/** An extension over positions [depth, end) of `key`. */
export function newExtension(depth: u32, end: u32, key: usize, child: usize): usize {
  const bytes = pathBytes(depth, end - depth)
  const node = newNode(EXTENSION, depth, end - depth, NODE_PATH + bytes)
  if (node == 0) return 0
  store<u32>(node, <u32>child, EXTENSION_CHILD)
  copyBytes(node + NODE_PATH, key + (depth >> 1), bytes)
  return node
}

/** A branch without children. */
export function newBranch(depth: u32): usize {
  const node = newNode(BRANCH, depth, 0, BRANCH_SIZE)
  if (node != 0) fillBytes(node + BRANCH_VALUE, 0, BRANCH_SIZE - BRANCH_VALUE)
  return node
}

/** Owner of the unresolved nodes that this thread makes. */
let owner: usize = 0

export function setOwner(account: usize): void {
  owner = account
}

/** A node of which only the hash is known. */
export function newUnresolved(hash: usize): usize {
  const node = newNode(UNRESOLVED, 0, 0, UNRESOLVED_SIZE)
  if (node == 0) return 0
  store<u8>(node, 32, NODE_REF_LENGTH)
  copy32(node + NODE_REF, hash)
  store<u32>(node, <u32>owner, UNRESOLVED_OWNER)
  return node
}

/** A value for a branch: (u32 length, bytes). */
export function newValue(value: usize, length: usize): usize {
  const at = arenaAlloc(nodeArena, 4 + length)
  if (at == 0) return fail(OUT_OF_SPACE)
  store<u32>(at, <u32>length)
  copyBytes(at + 4, value, length)
  return at
}
