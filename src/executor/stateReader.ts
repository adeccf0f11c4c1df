import { bigIntToHex, bytesToHex } from '@ethereumjs/util'
import { ParallevmError } from '../errors.js'
import type { AccountProof, StateAccount } from '../types.js'
import { MissingStateError, type MissingValue } from '../wasm/blockCore.js'
import { keccak256 } from '../wasm/keccak.js'
import { abortable } from './abortable.js'
import type { SharedState } from './sharedState.js'
import { TrieReads } from './trieReads.js'

/** keccak-256 of RLP of nothing. */
const EMPTY_ROOT = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'
const NOTHING = new Uint8Array(0)

/** Reads the state between blocks. What is not in memory is read from the tries, or asked of the source. */
export class StateReader {
  readonly #state: SharedState
  readonly #closing: AbortSignal

  constructor(state: SharedState, closing: AbortSignal) {
    this.#state = state
    this.#closing = closing
  }

  /** @throws MissingNodeError, MissingStateError, MalformedNodeError, StateSourceError, StateChangedError, OutOfSpaceError */
  async account(address: Uint8Array): Promise<StateAccount | undefined> {
    return await this.#read(() => this.#state.block.baseAccount(address))
  }

  async storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
    if ((await this.account(address)) === undefined) return new Uint8Array(32)
    return await this.#read(() => this.#state.block.baseSlot(address, key))
  }

  async code(address: Uint8Array): Promise<Uint8Array> {
    const { block } = this.#state
    const account = await this.account(address)
    if (account === undefined) return NOTHING
    const { codeHash } = account
    return await this.#read(() => block.codeOf(codeHash), { kind: 'code', address, codeHash })
  }

  /** @throws ParallevmError UNSUPPORTED where there are no tries */
  async proof(address: Uint8Array, keys: readonly Uint8Array[]): Promise<AccountProof> {
    const { capabilities, block } = this.#state
    if (capabilities.rootBy === 'source') {
      const instead = 'use memoryState, witnessState or merkleState, or ask the state manager itself'
      throw new ParallevmError('UNSUPPORTED', `this state is held by values, without the tries of a proof: ${instead}`)
    }
    this.#state.openTries()
    const account = await this.account(address)
    const accountProof = await this.#path(address)
    const storageProof = []
    let storageHash: string = EMPTY_ROOT
    for (const key of keys) {
      const value = await this.storage(address, key)
      const path = account === undefined ? [] : await this.#path(address, key)
      storageProof.push({ key: bytesToHex(key), value: quantity(value), proof: path.map(bytesToHex) })
    }
    if (account !== undefined) {
      const [root] = await this.#path(address, keys[0] ?? new Uint8Array(32))
      if (root !== undefined) storageHash = bytesToHex(keccak256(root, block.core))
    }
    const { nonce = 0n, balance = 0n, codeHash = keccak256(NOTHING, block.core) } = account ?? {}
    return {
      address: bytesToHex(address),
      balance: bigIntToHex(balance),
      nonce: bigIntToHex(nonce),
      codeHash: bytesToHex(codeHash),
      storageHash: storageHash as `0x${string}`,
      accountProof: accountProof.map(bytesToHex),
      storageProof,
    }
  }

  async #path(address: Uint8Array, key?: Uint8Array): Promise<Uint8Array[]> {
    const { source, block } = this.#state
    try {
      const nodes = await abortable(
        new TrieReads(source, block).path(address, key, () => false),
        this.#closing,
      )
      return nodes.map(({ rlp }) => rlp)
    } finally {
      // The notes.
      block.exports.rootDrop()
    }
  }

  /** Reads; what is missing is fetched, where the source can, and read again. */
  async #read<T>(read: () => T, named?: MissingValue): Promise<T> {
    const { capabilities, reads, own } = this.#state
    if (capabilities.fetches && capabilities.rootBy === 'host') await abortable(own.checkUnchanged(), this.#closing)
    for (;;) {
      try {
        return read()
      } catch (error) {
        if (!(error instanceof MissingStateError)) throw error
        const missing = named ?? error.missing
        if (missing === undefined || !capabilities.fetches) throw this.#state.missingError(missing)
        await abortable(reads.load(missing), this.#closing)
      }
    }
  }
}

function quantity(value: Uint8Array): `0x${string}` {
  return bigIntToHex(BigInt(bytesToHex(value)))
}
