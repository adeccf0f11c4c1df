import * as abi from '../abi/core.generated.js'
import type { TrieNode } from '../sources/source.js'
import type { Core } from './core.js'

/** The nodes that this thread has noted (assembly/trie/notes.ts), the last one first. */
export function notedNodes(core: Core): TrieNode[] {
  const nodes: TrieNode[] = []
  for (let note = core.exports.lastNote() >>> 0; note !== 0; note = core.u32(note + abi.NOTE_NEXT)) {
    const hash = core.read(core.u32(note + abi.NOTE_NODE), 32)
    nodes.push({ hash, rlp: core.read(note + abi.NOTE_RLP, core.u32(note + abi.NOTE_LENGTH)) })
  }
  return nodes
}
