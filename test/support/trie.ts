// The core's Merkle Patricia tries, one at a time: products use them through the state root alone.

import {
  ENTRY_KEY,
  ENTRY_LENGTH,
  ENTRY_NIBBLES,
  ENTRY_SIZE,
  ENTRY_VALUE,
  Status,
} from '../../src/abi/core.generated.js'
import { OutOfSpaceError } from '../../src/errors.js'
import { type Core, defaultCore } from '../../src/wasm/core.js'
import { keccak256 } from '../../src/wasm/keccak.js'
import { MalformedNodeError, MissingNodeError, readFault } from '../../src/wasm/trieErrors.js'
import { addWitness } from '../../src/wasm/witness.js'

/** Key, at most MAX_KEY bytes unless secure, and value; `undefined` or no bytes deletes the key. */
export type TrieEntry = readonly [key: Uint8Array, value: Uint8Array | undefined]

export interface TrieOptions {
  /** Keys are replaced by their keccak-256, as in the state and storage tries. */
  secure?: boolean
  core?: Core
}

/**
 * One version of a trie: updates make a new version and leave this one as it is. Its nodes live in the core's memory, and
 * versions share them; the memory is freed with the core.
 */
export class Trie {
  readonly #core: Core
  readonly #handle: number
  readonly #secure: boolean

  private constructor(core: Core, handle: number, secure: boolean) {
    this.#core = core
    this.#handle = handle
    this.#secure = secure
  }

  /** The empty trie. */
  static openEmpty({ core = defaultCore(), secure = false }: TrieOptions = {}): Trie {
    return new Trie(core, 0, secure)
  }

  /**
   * The trie with this root hash (32 bytes), of which only `nodes` (RLP each, in any order) are known. The nodes are shared
   * by all tries of the core.
   * @throws OutOfSpaceError
   */
  static fromWitness(root: Uint8Array, nodes: Iterable<Uint8Array>, options: TrieOptions = {}): Trie {
    const { core = defaultCore(), secure = false } = options
    addWitness(core, nodes)
    const at = core.transfer.reserve(64)
    core.bytes.set(root.subarray(0, 32), at)
    check(core, core.exports.trieFromHash(at, at + 32))
    return new Trie(core, core.u32(at + 32), secure)
  }

  /**
   * The value of `key`, `undefined` when it is absent.
   * @throws MissingNodeError, MalformedNodeError when a partial trie cannot tell
   */
  get(key: Uint8Array): Uint8Array | undefined {
    const bytes = this.#secure ? keccak256(key, this.#core) : key
    const at = this.#core.transfer.reserve(8 + bytes.length)
    this.#core.bytes.set(bytes, at + 8)
    check(this.#core, this.#core.exports.trieGet(this.#handle, at + 8, 2 * bytes.length, at))
    const length = this.#core.u32(at + 4)
    return length === 0 ? undefined : this.#core.read(this.#core.u32(at), length)
  }

  /**
   * The trie after `entries`, in any order; of several with the same key the last one counts. Only their net effect is
   * applied, so a deletion never asks a partial trie for more nodes than the final shape depends on.
   * @throws MissingNodeError, MalformedNodeError when a partial trie lacks a node that is needed; OutOfSpaceError
   */
  update(entries: Iterable<TrieEntry>): Trie {
    const core = this.#core
    const list = Array.from(entries)
    const at = this.#pack(list)
    check(core, core.exports.sortEntries(at, list.length))
    const out = at + ENTRY_SIZE * list.length
    check(core, core.exports.trieUpdate(this.#handle, at, core.exports.sortedCount.value, out))
    return new Trie(core, core.u32(out), this.#secure)
  }

  /**
   * The root hash: 32 bytes.
   * @throws OutOfSpaceError
   */
  root(): Uint8Array {
    const at = this.#core.transfer.reserve(32)
    check(this.#core, this.#core.exports.trieHash(this.#handle, at))
    return this.#core.read(at, 32)
  }

  /** Writes the entries, the room for a result (16 bytes), then keys and values; returns the address. */
  #pack(list: readonly TrieEntry[]): number {
    const secure = this.#secure
    let size = ENTRY_SIZE * (list.length + 1)
    for (const [key, value] of list) {
      size += key.length + (value?.length ?? 0) + (secure ? 32 : 0)
    }
    const core = this.#core
    const at = core.transfer.reserve(size)
    const { bytes, view } = core
    let data = at + ENTRY_SIZE * (list.length + 1)
    let entry = at
    for (const [key, value] of list) {
      let keyAt = data
      bytes.set(key, data)
      data += key.length
      if (secure) {
        keyAt = data
        core.exports.keccak256(data - key.length, key.length, data)
        data += 32
      }
      view.setUint32(entry + ENTRY_KEY, keyAt, true)
      view.setUint32(entry + ENTRY_NIBBLES, secure ? 64 : 2 * key.length, true)
      view.setUint32(entry + ENTRY_VALUE, data, true)
      view.setUint32(entry + ENTRY_LENGTH, value?.length ?? 0, true)
      if (value !== undefined) {
        bytes.set(value, data)
        data += value.length
      }
      entry += ENTRY_SIZE
    }
    return at
  }
}

function check(core: Core, status: number): void {
  if (status === Status.OK) return
  if (status === Status.OUT_OF_SPACE) throw new OutOfSpaceError(core.memory.buffer.byteLength, 0)
  const place = readFault(core, core.exports.trieFault() >>> 0, undefined)
  throw status === Status.MISSING ? new MissingNodeError(place) : new MalformedNodeError(place)
}
