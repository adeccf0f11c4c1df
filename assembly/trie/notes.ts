import { NOTE_LENGTH, NOTE_NEXT, NOTE_NODE, NOTE_RLP } from '../abi/trie'
import { copyBytes } from '../mem/bulk'
import { arenaAlloc } from '../mem/arena'
import { stageArena } from './context'
import { NODE_REF } from './nodes'

// Nodes of which the host wants the RLP, listed by this thread. The list lives as long as the memory of the state root
// stage. For whoever keeps tries outside of this memory: a node is hashed once, when it is new, so what is noted while
// they are hashed are the nodes that the tries before the stage lacked, and perhaps some that were made on the way and
// are part of no trie.

/** The nodes that this thread hashes are noted. */
export let notesFresh: bool = false
/** The note made last, 0 without any. */
let last: usize = 0

/** Begins noting what is hashed, with an empty list, or ends it: the list stays. */
export function noteFreshNodes(wanted: bool): void {
  notesFresh = wanted
  if (wanted) clearNotes()
}

export function clearNotes(): void {
  last = 0
}

/** Notes a node of `length` bytes at `rlp`; false when out of space. */
export function noteFresh(node: usize, rlp: usize, length: usize): bool {
  const at = newNote(node, length)
  if (at == 0) return false
  copyBytes(at, rlp, length)
  return true
}

/** Where the RLP of the noted node goes; 0 when out of space. */
export function newNote(node: usize, length: usize): usize {
  const note = arenaAlloc(stageArena, NOTE_RLP + length)
  if (note == 0) return 0
  store<u32>(note, <u32>last, NOTE_NEXT)
  store<u32>(note, <u32>(node + NODE_REF), NOTE_NODE)
  store<u32>(note, <u32>length, NOTE_LENGTH)
  last = note
  return note + NOTE_RLP
}

/** The note made last; each names the one before it. */
export function lastNote(): usize {
  return last
}
