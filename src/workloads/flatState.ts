// State as plain maps with an undo log: workloads are set up by running real deployments on it, and then filled with
// accounts in bulk. It has no state root.
import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, type Address } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { trimmed } from '../block/bytes.js'
import type { FlatAccount } from '../blockFiles/types.js'
import { hex, padded32 } from '../bytes.js'
import { firstSeen, UndoLog } from '../ethereumjs/undoLog.js'

interface Entry {
  address: Uint8Array
  nonce: bigint
  balance: bigint
  codeHash: Uint8Array
  storage: Map<string, Uint8Array>
}

const EMPTY_CODE_HASH = keccak_256(new Uint8Array(0))
const NOTHING = new Uint8Array(0)

export class FlatState implements StateManagerInterface {
  readonly #accounts = new Map<string, Entry>()
  readonly #codes = new Map<string, Uint8Array>()
  readonly #undo = new UndoLog()
  readonly originalStorageCache = firstSeen((address, key) => this.#slot(address, key))

  /** Creates or changes an account outside of any execution. */
  set(address: Uint8Array, fields: { balance?: bigint; nonce?: bigint; code?: Uint8Array }): void {
    const entry = this.#entry(address)
    if (fields.balance !== undefined) entry.balance = fields.balance
    if (fields.nonce !== undefined) entry.nonce = fields.nonce
    if (fields.code !== undefined) entry.codeHash = this.#keepCode(fields.code)
  }

  setSlot(address: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    const digits = trimmed(value)
    if (digits.length === 0) this.#entry(address).storage.delete(hex(key))
    else this.#entry(address).storage.set(hex(key), digits)
  }

  flatAccounts(): FlatAccount[] {
    return [...this.#accounts.values()].map(({ address, nonce, balance, codeHash, storage }) => ({
      address,
      nonce,
      balance,
      codeHash,
      storage: [...storage].map(([key, value]) => [new Uint8Array(Buffer.from(key, 'hex')), padded32(value)]),
    }))
  }

  /** Codes of the accounts that exist now. */
  flatCodes(): Uint8Array[] {
    const used = new Set([...this.#accounts.values()].map((entry) => hex(entry.codeHash)))
    return [...this.#codes].filter(([hash]) => used.has(hash)).map(([, code]) => code)
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    const entry = this.#accounts.get(hex(address.bytes))
    return entry && new Account(entry.nonce, entry.balance, undefined, entry.codeHash)
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    if (account === undefined) return this.deleteAccount(address)
    const entry = this.#entry(address.bytes)
    const { nonce, balance, codeHash } = entry
    this.#undo.push(() => Object.assign(entry, { nonce, balance, codeHash }))
    Object.assign(entry, { nonce: account.nonce, balance: account.balance, codeHash: account.codeHash })
  }

  async deleteAccount(address: Address): Promise<void> {
    const id = hex(address.bytes)
    const entry = this.#accounts.get(id)
    if (!entry) return
    this.#accounts.delete(id)
    this.#undo.push(() => this.#accounts.set(id, entry))
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account()
    if (fields.nonce !== undefined) account.nonce = fields.nonce
    if (fields.balance !== undefined) account.balance = fields.balance
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash
    await this.putAccount(address, account)
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    await this.modifyAccountFields(address, { codeHash: this.#keepCode(code) })
  }

  async getCode(address: Address): Promise<Uint8Array> {
    const entry = this.#accounts.get(hex(address.bytes))
    return (entry && this.#codes.get(hex(entry.codeHash))) ?? NOTHING
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.#slot(address, key)
  }

  #slot(address: Address, key: Uint8Array): Uint8Array {
    return this.#accounts.get(hex(address.bytes))?.storage.get(hex(key)) ?? NOTHING
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const { storage } = this.#entry(address.bytes)
    const id = hex(key)
    const before = storage.get(id)
    this.#undo.push(() => (before ? storage.set(id, before) : storage.delete(id)))
    const digits = trimmed(value)
    if (digits.length === 0) storage.delete(id)
    else storage.set(id, digits)
  }

  async clearStorage(address: Address): Promise<void> {
    const entry = this.#entry(address.bytes)
    const { storage } = entry
    entry.storage = new Map()
    this.#undo.push(() => {
      entry.storage = storage
    })
  }

  async checkpoint(): Promise<void> {
    this.#undo.checkpoint()
  }

  async commit(): Promise<void> {
    this.#undo.commit()
  }

  async revert(): Promise<void> {
    this.#undo.revert()
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    throw new Error('FlatState is not copied: set a workload up on its own state')
  }

  async getStateRoot(): Promise<Uint8Array> {
    throw new Error('FlatState has no root: build a trie from flatAccounts()')
  }

  async setStateRoot(): Promise<void> {
    return this.getStateRoot().then(() => undefined)
  }

  async hasStateRoot(): Promise<boolean> {
    return false
  }

  #entry(address: Uint8Array): Entry {
    const id = hex(address)
    let entry = this.#accounts.get(id)
    if (!entry) {
      entry = {
        address: new Uint8Array(address),
        nonce: 0n,
        balance: 0n,
        codeHash: EMPTY_CODE_HASH,
        storage: new Map(),
      }
      this.#accounts.set(id, entry)
      this.#undo.push(() => this.#accounts.delete(id))
    }
    return entry
  }

  #keepCode(code: Uint8Array): Uint8Array {
    const hash = keccak_256(code)
    if (code.length > 0) this.#codes.set(hex(hash), code)
    return hash
  }
}
