import { bytesToHex } from '@ethereumjs/util'
import { ACC_ADDRESS, FAULT_ACCOUNT, FAULT_HASH, FAULT_NIBBLES, FAULT_PATH, Status } from '../abi/core.generated.js'
import { sameBytes } from '../bytes.js'
import { InvalidStateError } from '../sources/inputs.js'
import type { StateSource, TrieNode } from '../sources/source.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { keccak256 } from '../wasm/keccak.js'
import { rootOnHost } from '../wasm/stateRoot.js'
import { digitsOf, MissingNodeError, trieName } from '../wasm/trieErrors.js'
import { notedNodes } from '../wasm/trieNotes.js'
import { addWitness } from '../wasm/witness.js'

/** Says that the block is over for which nodes were fetched: nothing more is written into memory. */
const OVER = new Error('the block is over')

/**
 * Values and roots out of tries in memory whose nodes a source has: what a walk misses is fetched, and the walk is made again.
 *
 * Invariant: only the executor's own thread works on the tries of such a source, so that nodes may come under a running block.
 * Decision 25 (docs/adr/0025-tries-of-a-state-manager-in-the-core.md).
 */
export class TrieReads {
  readonly #source: StateSource
  readonly #block: BlockCore

  constructor(source: StateSource, block: BlockCore) {
    this.#source = source
    this.#block = block
  }

  /**
   * Brings an account into memory, with its code. @param over whether the block is over
   * @throws MissingNodeError, InvalidStateError, or what the source throws
   */
  async account(address: Uint8Array, over: () => boolean): Promise<void> {
    const { exports } = this.#block
    await this.#walk(() => exports.accountOfTries(this.#block.account(address)), undefined, over)
    const codeHash = this.#block.baseAccount(address)?.codeHash
    if (codeHash !== undefined && this.#source.lazyCodes !== true && !this.#block.hasCode(codeHash))
      await this.code(codeHash, over)
  }

  /** The same for a slot. */
  async slot(address: Uint8Array, key: Uint8Array, over: () => boolean): Promise<void> {
    const { exports } = this.#block
    const account = this.#block.account(address)
    await this.#walk(() => exports.accountOfTries(account), undefined, over)
    const slot = this.#block.slot(account, key)
    await this.#walk(() => exports.slotOfTries(account, slot), address, over)
  }

  /** The nodes on the way to an account, or to one of its slots, the root first. @throws as account */
  async path(address: Uint8Array, key: Uint8Array | undefined, over: () => boolean): Promise<TrieNode[]> {
    const { core, exports } = this.#block
    const account = this.#block.account(address)
    if (key === undefined) await this.#walk(() => exports.noteAccountPath(account), undefined, over)
    else await this.#walk(() => exports.noteSlotPath(this.#block.slot(account, key)), address, over)
    return notedNodes(core).reverse()
  }

  async code(hash: Uint8Array, over: () => boolean): Promise<void> {
    const code = await this.#source.code?.(hash)
    if (over()) throw OVER
    if (code === undefined || !sameBytes(keccak256(code, this.#block.core), hash)) {
      const got = code === undefined ? 'none' : 'another one'
      throw new InvalidStateError('code', `there must be a code with the hash ${bytesToHex(hash)}, got ${got}`)
    }
    this.#block.putCode(code, hash)
  }

  /** The state root after the block whose difference has been made. @throws as account, and MalformedNodeError */
  async root(over: () => boolean): Promise<Uint8Array> {
    const { core } = this.#block
    for (;;) {
      const made = rootOnHost(core)
      if (made instanceof Uint8Array) return made
      const account = core.u32(made.fault + FAULT_ACCOUNT)
      await this.#fetch(made.fault, account === 0 ? undefined : core.read(account + ACC_ADDRESS, 20), over)
    }
  }

  async #walk(step: () => number, address: Uint8Array | undefined, over: () => boolean): Promise<void> {
    for (;;) {
      const status = step()
      if (status !== Status.MISSING) return this.#block.check(status, trieName(address))
      await this.#fetch(this.#block.exports.trieFault() >>> 0, address, over)
    }
  }

  /** Brings in the node that the record at `fault` names. */
  async #fetch(fault: number, address: Uint8Array | undefined, over: () => boolean): Promise<void> {
    const { core } = this.#block
    const hash = core.read(fault + FAULT_HASH, 32)
    const path = core.read(fault + FAULT_PATH, core.u32(fault + FAULT_NIBBLES))
    const node = await this.#source.node?.(hash, { path, ...(address && { address }) })
    if (over()) throw OVER
    // A node of another hash would be added under that one, and be asked for again without end.
    if (node === undefined || !sameBytes(keccak256(node, core), hash)) throw missing(address, path, hash)
    addWitness(core, [node])
  }
}

function missing(address: Uint8Array | undefined, path: Uint8Array, hash: Uint8Array): MissingNodeError {
  return new MissingNodeError({ address, path: digitsOf(path), hash: bytesToHex(hash) })
}
