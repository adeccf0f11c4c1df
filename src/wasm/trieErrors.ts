import { FAULT_HASH, FAULT_NIBBLES, FAULT_PATH } from '../abi/core.generated.js'
import { hex } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { Core } from './core.js'

/** Where a trie node is that could not be used, and its hash. */
export interface NodePlace {
  /** Whose storage trie it is of, 20 bytes; undefined: it is of the account trie. */
  readonly address: Uint8Array | undefined
  /** Nibbles from the root of the trie to the node, one hexadecimal digit each. */
  readonly path: string
  /** keccak-256 of the node, 0x-prefixed. */
  readonly hash: string
}

/** A trie of a state in words: the storage trie of the account with this address, or the account trie. */
export function trieName(address: Uint8Array | undefined): string {
  return address === undefined ? 'the account trie' : `the storage trie of 0x${hex(address)}`
}

/** A trie node that could not be used. */
abstract class NodeError extends ParallevmError implements NodePlace {
  readonly address: Uint8Array | undefined
  readonly path: string
  readonly hash: string
  /** Which trie, in words: `the account trie`, `the storage trie of 0x…`. */
  readonly trie: string

  constructor(code: string, { address, path, hash }: NodePlace, problem: (trie: string, node: string) => string) {
    const trie = trieName(address)
    super(code, problem(trie, `the node ${hash} at path '${path}'`))
    this.address = address
    this.path = path
    this.hash = hash
    this.trie = trie
  }

  /** Of this error, for another thread. */
  get place(): NodePlace {
    const { address, path, hash } = this
    return { address, path, hash }
  }
}

/** An operation came to a node of a partial trie that the witness does not contain. */
export class MissingNodeError extends NodeError {
  constructor(place: NodePlace) {
    super('MISSING_NODE', place, (trie, node) => {
      return `${trie} needs ${node}, which the witness lacks: add the node with this hash to the witness`
    })
  }
}

/** A witness node is not RLP of a trie node. */
export class MalformedNodeError extends NodeError {
  constructor(place: NodePlace) {
    super('MALFORMED_NODE', place, (trie, node) => {
      return `${trie} has ${node}, and it is no valid trie node: the root or the witness is wrong`
    })
  }
}

/** The place named by the record at `fault`, in the storage trie of `address`, or the account trie. */
export function readFault(core: Core, fault: number, address: Uint8Array | undefined): NodePlace {
  const path = digitsOf(core.read(fault + FAULT_PATH, core.u32(fault + FAULT_NIBBLES)))
  return { address, path, hash: `0x${hex(core.read(fault + FAULT_HASH, 32))}` }
}

/** Nibbles, a byte each, as a hexadecimal digit each. */
export function digitsOf(nibbles: Uint8Array): string {
  return Array.from(nibbles, (nibble) => nibble.toString(16)).join('')
}
