import { FRESH_LENGTH, FRESH_NEXT, FRESH_NODE, FRESH_RLP } from '../abi/trie'
import { copyBytes } from '../mem/bulk'
import { arenaAlloc } from '../mem/arena'
import { stageArena } from './context'
import { NODE_REF } from './nodes'

// The nodes that this thread hashes, for whoever keeps tries outside of this memory. A node is hashed once, when it is
// new: what is noted during the state root stage are the nodes that the tries before it lacked, and perhaps some that
// were made on the way and are part of no trie.

export let notesFresh: bool = false
/** The note made last, 0 without any: they live as long as the memory of the stage. */
let last: usize = 0

/** Begins noting anew, or ends it: the notes stay. */
export function noteFreshNodes(wanted: bool): void {
  notesFresh = wanted
  if (wanted) last = 0
}

/** Notes a node of `length` bytes at `rlp`; false when out of space. */
export function noteFresh(node: usize, rlp: usize, length: usize): bool {
  const note = arenaAlloc(stageArena, FRESH_RLP + length)
  if (note == 0) return false
  store<u32>(note, <u32>last, FRESH_NEXT)
  store<u32>(note, <u32>(node + NODE_REF), FRESH_NODE)
  store<u32>(note, <u32>length, FRESH_LENGTH)
  copyBytes(note + FRESH_RLP, rlp, length)
  last = note
  return true
}

/** The note made last; each names the one before it. */
export function lastFresh(): usize {
  return last
}
