import { OK, OUT_OF_SPACE } from '../abi/status'
import { headerSize } from '../rlp/encode'
import { clearFailure, failure } from './context'
import { payloadSize, writeNode } from './encode'
import { clearNotes, newNote } from './notes'
import {
  BRANCH,
  childSlot,
  EXTENSION,
  EXTENSION_CHILD,
  kindOf,
  nibblesOf,
  pathKey,
  refLength,
  UNRESOLVED,
} from './nodes'
import { commonPrefix, nibbleAt } from './paths'
import { resolve } from './witness'

/**
 * Notes the nodes that the first `nibbles` nibbles of `key` lead to, from the root of a trie whose references are
 * known: a Merkle proof (EIP-1186) for a whole key. Those that lie inside of their parent are not nodes of their own.
 * A status.
 */
export function notePath(root: usize, key: usize, nibbles: u32): i32 {
  clearFailure()
  clearNotes()
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
    if ((depth == 0 || refLength(node) == 32) && !note(node)) return OUT_OF_SPACE
    if (depth == nibbles) return OK
    if (kind == BRANCH) {
      slot = childSlot(node, nibbleAt(key, depth))
      depth++
    } else {
      const end = depth + nibblesOf(node)
      if (kind != EXTENSION || end > nibbles || commonPrefix(key, pathKey(node, depth), depth, end) != end) return OK
      slot = node + EXTENSION_CHILD
      depth = end
    }
    node = atomic.load<u32>(slot)
  }
  return OK
}

function note(node: usize): bool {
  const payload = payloadSize(node)
  const rlp = newNote(node, headerSize(payload) + payload)
  if (rlp == 0) return false
  writeNode(rlp, node, payload)
  return true
}
