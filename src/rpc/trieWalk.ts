// Merkle Patricia tries, Yellow Paper, appendix D: a value by its key.
import { RLP } from '@ethereumjs/rlp'
import { KECCAK256_RLP } from '@ethereumjs/util'
import { hex } from '../bytes.js'

/** A decoded trie node: its items, of which a small child is one itself. */
export type Node = (Uint8Array | Node)[]

/** @throws RLP's error for what is no node */
export function decodeNode(rlp: Uint8Array): Node {
  return RLP.decode(rlp) as Node
}

/** A node that is not there: its hash, and the nibbles that lead to it. */
export interface AbsentNode {
  hash: Uint8Array
  path: string
}

/**
 * The value under a hashed key in the trie with that root; undefined when the trie has none.
 * @param nodeOf the node with a hash
 * @throws what `absent` makes of the first node that is not there, or `nodeOf` throws
 */
export function walk(
  root: Uint8Array,
  key: Uint8Array,
  nodeOf: (hash: Uint8Array) => Node | undefined,
  absent: (node: AbsentNode) => Error,
): Uint8Array | undefined {
  if (hex(root) === hex(KECCAK256_RLP)) return undefined
  const path = hex(key)
  let at = 0
  let node: Uint8Array | Node = root
  for (;;) {
    if (node instanceof Uint8Array) {
      if (node.length === 0) return undefined
      const found = nodeOf(node)
      if (found === undefined) throw absent({ hash: node, path: path.slice(0, at) })
      node = found
    }
    if (node.length === 17) {
      if (at === path.length) return node[16] as Uint8Array
      node = node[Number.parseInt(path[at]!, 16)]!
      at++
      continue
    }
    const encoded = hex(node[0] as Uint8Array)
    const flag = Number.parseInt(encoded[0]!, 16)
    const nibbles = encoded.slice(flag & 1 ? 1 : 2)
    if (!path.startsWith(nibbles, at)) return undefined
    at += nibbles.length
    if (flag >= 2) return at === path.length ? (node[1] as Uint8Array) : undefined
    node = node[1]!
  }
}
