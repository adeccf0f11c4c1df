import { ACC_ADDRESS } from '../abi/state'
import { MALFORMED, MISSING, OUT_OF_SPACE } from '../abi/status'
import { TABLE_OF_NODES, TABLE_OF_STORAGE_NODES } from '../abi/rows'
import { keccak256 } from '../hash/keccak'
import { equal32 } from '../mem/bytes32'
import { clearFailure, fail, failAt, failure, rowBuffer } from './context'
import { decodeNode } from './decode'
import { NODE_REF, setOwner, UNRESOLVED_OWNER } from './nodes'
import { nibbleAt } from './paths'
import { ABSENT, keyBytesOf, readRow, row, startKey } from './store'

// Nodes of a state store, read by their place when an operation first comes to them. A store is trusted as little as a
// witness: what is not what its parent says is MALFORMED.

/** The key up to the path of nodes of this owner's trie; its end. */
export function startNodeKey(owner: usize): usize {
  return owner == 0
    ? startKey(TABLE_OF_NODES)
    : keyBytesOf(startKey(TABLE_OF_STORAGE_NODES), owner + ACC_ADDRESS, 20)
}

/**
 * The node at `depth` that `unresolved` stands for; 0 with MISSING or MALFORMED noted. Its path are the first
 * nibbles of `key`; the last one is `sibling` where that is below 16.
 */
export function readStoredNode(unresolved: usize, depth: u32, key: usize, sibling: u32): usize {
  const owner: usize = load<u32>(unresolved, UNRESOLVED_OWNER)
  const known = sibling < 16 ? depth - 1 : depth
  const start = startNodeKey(owner)
  for (let i: u32 = 0; i < known; i++) store<u8>(start + i, nibbleAt(key, i))
  if (sibling < 16) store<u8>(start + known, sibling)
  const node = nodeAtKey(unresolved, depth, start + depth)
  if (node != 0 || failure == OUT_OF_SPACE) return node
  const status = failure
  clearFailure()
  return failAt(status, unresolved + NODE_REF, key, known)
}

/** The same where the key of its row is made already and ends at `end`. What failed is noted without its place. */
export function nodeAtKey(unresolved: usize, depth: u32, end: usize): usize {
  const length = readRow(end)
  if (length < 0) return fail(length == ABSENT ? MISSING : MALFORMED)
  const hash = rowBuffer + 96
  keccak256(row(), length, hash)
  if (!equal32(hash, unresolved + NODE_REF)) return fail(MALFORMED)
  setOwner(load<u32>(unresolved, UNRESOLVED_OWNER))
  const node = decodeNode(row(), row() + length, depth, unresolved + NODE_REF)
  setOwner(0)
  return node
}
