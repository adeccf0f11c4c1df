import { FAULT_HASH, FAULT_NIBBLES, FAULT_PATH } from '../abi/core.generated.js'
import { hex } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { Core } from './core.js'

/** What a trie node that could not be used is called: its place and its hash. */
export interface NodePlace {
  /** Which trie, in words: `the account trie`, `the storage trie of 0x…`. */
  readonly trie: string
  /** Nibbles from the root of the trie to the node, one hexadecimal digit each. */
  readonly path: string
  /** keccak-256 of the node, 0x-prefixed. */
  readonly hash: string
}

/** An operation came to a node of a partial trie that the witness does not contain. */
export class MissingNodeError extends ParallevmError implements NodePlace {
  readonly trie: string
  readonly path: string
  readonly hash: string
  constructor({ trie, path, hash }: NodePlace) {
    super(
      'MISSING_NODE',
      `${trie} needs the node ${hash} at path '${path}', which the witness lacks: add the node with this hash to the witness`,
    )
    this.trie = trie
    this.path = path
    this.hash = hash
  }
}

/** A witness node is not RLP of a trie node. */
export class MalformedNodeError extends ParallevmError implements NodePlace {
  readonly trie: string
  readonly path: string
  readonly hash: string
  constructor({ trie, path, hash }: NodePlace) {
    super(
      'MALFORMED_NODE',
      `${trie} has the node ${hash} at path '${path}', and it is no valid trie node: the root or the witness is wrong`,
    )
    this.trie = trie
    this.path = path
    this.hash = hash
  }
}

/** The place in `trie` named by the record at `fault`. */
export function readFault(core: Core, fault: number, trie: string): NodePlace {
  const nibbles = core.u32(fault + FAULT_NIBBLES)
  const path = Array.from(core.read(fault + FAULT_PATH, nibbles), (nibble) => nibble.toString(16)).join('')
  return { trie, path, hash: `0x${hex(core.read(fault + FAULT_HASH, 32))}` }
}
