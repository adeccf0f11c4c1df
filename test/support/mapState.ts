// A TxState over plain maps: the state a block starts from plus what its transactions wrote, one after the other.
// Every read of a transaction is recorded, so that a test can say what must not be read.
import { type Account, KECCAK256_NULL } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { PreStateReader } from '../../src/reference/flatState.js'
import type { StateDiff, StateDiffAccount } from '../../src/types.js'
import type { AccountHandle, SlotHandle, StorageFate, TxState } from '../../src/wasm/txStatePort.js'

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/^0x/, ''), 'hex'))

interface StoredAccount {
  address: Uint8Array
  /** Interning an account reads nothing; the fields below are those of an absent account until it is loaded. */
  loaded: boolean
  before: Account | undefined
  lives: boolean
  balance: bigint
  nonce: bigint
  /** Undefined: that of the state before the block. */
  code: Uint8Array | undefined
  codeHash: Uint8Array
  slots: Map<string, Uint8Array>
  cleared: boolean
}

function unread(address: Uint8Array): StoredAccount {
  return {
    address,
    loaded: false,
    before: undefined,
    lives: false,
    balance: 0n,
    nonce: 0n,
    code: undefined,
    codeHash: KECCAK256_NULL,
    slots: new Map(),
    cleared: false,
  }
}

export type Operation = [name: string, address: string, key?: string]

export class MapState implements TxState {
  /** Reads and writes since the last `begin`, as [operation, address, key?]. */
  operations: Operation[] = []
  /** When set, the read with this number (from 0) throws it. */
  failAt = -1
  failure: unknown
  #reads = 0
  readonly #base: PreStateReader
  readonly #handles = new Map<string, number>()
  readonly #accounts: StoredAccount[] = []
  readonly #slotHandles = new Map<string, number>()
  readonly #slots: { account: number; key: Uint8Array }[] = []

  constructor(base: PreStateReader) {
    this.#base = base
  }

  begin(): void {
    this.operations = []
    this.#reads = 0
  }

  /** Back to the state before the block. Handles stay what they are: an engine keeps them for the block. */
  rewind(): void {
    for (const record of this.#accounts) Object.assign(record, unread(record.address))
    this.failAt = -1
  }

  account(address: Uint8Array): AccountHandle {
    const key = hex(address)
    let handle = this.#handles.get(key)
    if (handle === undefined) {
      handle = this.#accounts.length
      this.#handles.set(key, handle)
      this.#accounts.push(unread(address.slice()))
    }
    return handle
  }

  slot(account: AccountHandle, key: Uint8Array): SlotHandle {
    const name = `${account}:${hex(key)}`
    let handle = this.#slotHandles.get(name)
    if (handle === undefined) {
      handle = this.#slots.length
      this.#slotHandles.set(name, handle)
      this.#slots.push({ account, key: key.slice() })
    }
    return handle
  }

  #read(name: string, account: AccountHandle, key?: Uint8Array): StoredAccount {
    if (this.#reads++ === this.failAt) throw this.failure
    return this.#note(name, account, key)
  }

  #note(name: string, account: AccountHandle, key?: Uint8Array): StoredAccount {
    const record = this.#accounts[account]!
    if (!record.loaded) {
      const before = this.#base.account(record.address)
      record.loaded = true
      record.before = before
      record.lives = before !== undefined
      record.balance = before?.balance ?? 0n
      record.nonce = before?.nonce ?? 0n
      record.codeHash = before?.codeHash ?? KECCAK256_NULL
    }
    this.operations.push(key === undefined ? [name, hex(record.address)] : [name, hex(record.address), hex(key)])
    return record
  }

  static #blank(record: StoredAccount): boolean {
    return record.nonce === 0n && record.balance === 0n && hex(record.codeHash) === hex(KECCAK256_NULL)
  }

  exists(account: AccountHandle): boolean {
    const record = this.#read('exists', account)
    return record.lives || !MapState.#blank(record)
  }

  isEmpty(account: AccountHandle): boolean {
    return MapState.#blank(this.#read('isEmpty', account))
  }

  balance(account: AccountHandle): bigint {
    return this.#read('balance', account).balance
  }

  nonce(account: AccountHandle): bigint {
    return this.#read('nonce', account).nonce
  }

  codeHash(account: AccountHandle): Uint8Array {
    return this.#read('codeHash', account).codeHash
  }

  code(account: AccountHandle): Uint8Array {
    const record = this.#read('code', account)
    if (hex(record.codeHash) === hex(KECCAK256_NULL)) return new Uint8Array(0)
    return record.code ?? this.#base.code(record.codeHash)
  }

  storage(slot: SlotHandle): Uint8Array {
    const { account, key } = this.#slots[slot]!
    return this.#valueOf(this.#read('storage', account, key), key)
  }

  #valueOf(record: StoredAccount, key: Uint8Array): Uint8Array {
    const value = record.slots.get(hex(key))
    if (value !== undefined) return value
    const out = new Uint8Array(32)
    if (record.cleared || record.before === undefined) return out
    const base = this.#base.storage(record.address, key)
    out.set(base, 32 - base.length)
    return out
  }

  hasStorage(account: AccountHandle): boolean {
    const record = this.#read('hasStorage', account)
    return !record.cleared && record.before !== undefined && this.#base.hasStorage(record.address)
  }

  setBalance(account: AccountHandle, wei: bigint): void {
    this.#note('setBalance', account).balance = wei
  }

  credit(account: AccountHandle, wei: bigint): void {
    this.#note('credit', account).balance += wei
  }

  setNonce(account: AccountHandle, nonce: bigint): void {
    this.#note('setNonce', account).nonce = nonce
  }

  setCode(account: AccountHandle, code: Uint8Array): void {
    const record = this.#note('setCode', account)
    record.code = code.slice()
    record.codeHash = code.length === 0 ? KECCAK256_NULL : keccak_256(code)
  }

  setLife(account: AccountHandle, exists: boolean, storage: StorageFate): void {
    const record = this.#note(`setLife:${exists}:${storage}`, account)
    record.lives = exists
    if (storage === 'keep') return
    record.slots = new Map()
    record.cleared = true
  }

  setStorage(slot: SlotHandle, value: Uint8Array): void {
    const { account, key } = this.#slots[slot]!
    if (value.length !== 32) throw new Error('a stored value must have 32 bytes')
    this.#note('setStorage', account, key).slots.set(hex(key), value.slice())
  }

  /** What differs from the state before the block, sorted by address and key. */
  difference(): StateDiff {
    const diff: StateDiff = []
    const sorted = [...this.#accounts].sort((a, b) => (hex(a.address) < hex(b.address) ? -1 : 1))
    for (const record of sorted) {
      if (!record.loaded) continue
      const { before } = record
      const exists = record.lives || !MapState.#blank(record)
      const storage: StateDiffAccount['storage'] = []
      for (const [name, value] of [...record.slots].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const old =
          record.cleared || before === undefined ? new Uint8Array(0) : this.#base.storage(record.address, unhex(name))
        if (exists && BigInt(`0x${hex(value)}`) !== BigInt(`0x0${hex(old)}`)) storage.push({ key: unhex(name), value })
      }
      const storageCleared = record.cleared && before !== undefined
      const codeHash = exists ? record.codeHash : KECCAK256_NULL
      const codeChanged = hex(codeHash) !== hex(before?.codeHash ?? KECCAK256_NULL)
      const same =
        exists === (before !== undefined) &&
        record.balance === (before?.balance ?? 0n) &&
        record.nonce === (before?.nonce ?? 0n)
      if (same && !codeChanged && storage.length === 0 && !storageCleared) continue
      const entry: StateDiffAccount = {
        address: record.address,
        exists,
        nonce: record.nonce,
        balance: record.balance,
        codeHash,
        storageCleared,
        storage,
      }
      if (codeChanged) entry.code = record.code ?? new Uint8Array(0)
      diff.push(entry)
    }
    return diff
  }
}
