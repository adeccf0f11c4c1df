// State of the reference run: plain maps over what the block's fixture holds, as simple as it can be and sharing
// nothing with the versioned state, whose oracle it is.
import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, type Address, KECCAK256_NULL, KECCAK256_RLP, unpadBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { EngineError } from '../block/errors.js'
import { hex, padded32 } from '../bytes.js'
import { firstSeen, UndoLog } from '../ethereumjs/undoLog.js'
import type { StateDiff, StateDiffAccount } from '../types.js'

/** The state before the block. Reads only. */
export interface PreStateReader {
  account(address: Uint8Array): Account | undefined
  /** Without leading zeros. */
  storage(address: Uint8Array, key: Uint8Array): Uint8Array
  hasStorage(address: Uint8Array): boolean
  code(hash: Uint8Array): Uint8Array
}

interface Contract {
  /** Value after, by key; both hex. */
  slots: Map<string, Uint8Array>
  /** The storage before the block is gone. */
  cleared: boolean
}

const NOTHING = new Uint8Array(0)
/** Stands for every storage root but that of no storage. */
const SOME_STORAGE = new Uint8Array(32)

export class FlatStateManager implements StateManagerInterface {
  readonly #base: PreStateReader
  readonly #accounts = new Map<string, Account | undefined>()
  readonly #contracts = new Map<string, Contract>()
  readonly #codes = new Map<string, Uint8Array>()
  readonly #baseSlots = new Map<string, Map<string, Uint8Array>>()
  readonly #undo = new UndoLog()

  constructor(base: PreStateReader) {
    this.#base = base
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    const account = this.#peek(address)
    return account && new Account(account.nonce, account.balance, this.#storageRoot(address, account), account.codeHash)
  }

  /** Tells only whether there is storage, and only where @ethereumjs asks for it: accounts with neither nonce nor code. */
  #storageRoot(address: Address, { nonce, codeHash }: Account): Uint8Array {
    if (nonce > 0n || hex(codeHash) !== hex(KECCAK256_NULL)) return KECCAK256_RLP
    if (this.#contracts.get(hex(address.bytes))?.cleared) return KECCAK256_RLP
    return this.#base.hasStorage(address.bytes) ? SOME_STORAGE : KECCAK256_RLP
  }

  #peek(address: Address): Account | undefined {
    const key = hex(address.bytes)
    const account = this.#accounts.get(key)
    if (account !== undefined || this.#accounts.has(key)) return account
    const loaded = this.#base.account(address.bytes)
    this.#accounts.set(key, loaded)
    return loaded
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    const old = this.#peek(address)
    const key = hex(address.bytes)
    this.#undo.push(() => this.#accounts.set(key, old))
    this.#accounts.set(key, account && new Account(account.nonce, account.balance, KECCAK256_RLP, account.codeHash))
  }

  async deleteAccount(address: Address): Promise<void> {
    await this.putAccount(address, undefined)
    this.#clear(address)
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account()
    if (fields.nonce !== undefined) account.nonce = fields.nonce
    if (fields.balance !== undefined) account.balance = fields.balance
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash
    await this.putAccount(address, account)
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    const codeHash = keccak_256(code)
    this.#codes.set(hex(codeHash), code)
    await this.modifyAccountFields(address, { codeHash })
  }

  async getCode(address: Address): Promise<Uint8Array> {
    const hash = this.#peek(address)?.codeHash
    if (hash === undefined) return NOTHING
    const key = hex(hash)
    let code = this.#codes.get(key)
    if (code === undefined) {
      code = key === hex(KECCAK256_NULL) ? NOTHING : this.#base.code(hash)
      this.#codes.set(key, code)
    }
    return code
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.#slot(address, key)
  }

  #slot(address: Address, key: Uint8Array): Uint8Array {
    const owner = hex(address.bytes)
    const contract = this.#contracts.get(owner)
    const value = contract?.slots.get(hex(key))
    if (value !== undefined) return value
    return contract?.cleared ? NOTHING : this.#baseSlot(address, owner, key)
  }

  #baseSlot(address: Address, owner: string, key: Uint8Array): Uint8Array {
    let slots = this.#baseSlots.get(owner)
    if (slots === undefined) {
      slots = new Map()
      this.#baseSlots.set(owner, slots)
    }
    const name = hex(key)
    let value = slots.get(name)
    if (value === undefined) {
      value = this.#base.storage(address.bytes, key)
      slots.set(name, value)
    }
    return value
  }

  #contract(address: Address): Contract {
    const owner = hex(address.bytes)
    let contract = this.#contracts.get(owner)
    if (contract === undefined) {
      contract = { slots: new Map(), cleared: false }
      this.#contracts.set(owner, contract)
    }
    return contract
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const { slots } = this.#contract(address)
    const name = hex(key)
    const old = slots.get(name)
    this.#undo.push(() => {
      if (old === undefined) slots.delete(name)
      else slots.set(name, old)
    })
    slots.set(name, unpadBytes(value))
  }

  async clearStorage(address: Address): Promise<void> {
    this.#clear(address)
  }

  #clear(address: Address): void {
    const contract = this.#contract(address)
    const { slots, cleared } = contract
    this.#undo.push(() => {
      contract.slots = slots
      contract.cleared = cleared
    })
    contract.slots = new Map()
    contract.cleared = true
  }

  readonly originalStorageCache = firstSeen((address, key) => this.#slot(address, key))

  async checkpoint(): Promise<void> {
    this.#undo.checkpoint()
  }

  async commit(): Promise<void> {
    this.#undo.commit()
  }

  async revert(): Promise<void> {
    this.#undo.revert()
  }

  /**
   * Runs with an account that owns nothing and leaves no trace: the caller of system calls, which no witness holds. Its
   * nonce keeps `storageRoot` from asking for it.
   */
  async withBlank<T>(address: Address, run: () => Promise<T>): Promise<T> {
    const key = hex(address.bytes)
    const known = this.#accounts.has(key)
    const account = this.#accounts.get(key)
    this.#accounts.set(key, new Account(1n))
    const result = await run()
    if (known) this.#accounts.set(key, account)
    else this.#accounts.delete(key)
    return result
  }

  /** What differs from the state before the block, sorted by address and key. */
  difference(): StateDiff {
    const diff: StateDiff = []
    const owners = new Set([...this.#accounts.keys(), ...this.#contracts.keys()])
    for (const owner of [...owners].sort()) {
      const address = new Uint8Array(Buffer.from(owner, 'hex'))
      const changed = this.#differenceOf(owner, address)
      if (changed !== undefined) diff.push(changed)
    }
    return diff
  }

  #differenceOf(owner: string, address: Uint8Array): StateDiffAccount | undefined {
    const before = this.#base.account(address)
    const after = this.#accounts.has(owner) ? this.#accounts.get(owner) : before
    const contract = this.#contracts.get(owner)
    const storage: StateDiffAccount['storage'] = []
    // Slots of an account that is gone are gone with it.
    const slots = after === undefined ? [] : [...(contract?.slots ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [name, value] of slots) {
      const key = new Uint8Array(Buffer.from(name, 'hex'))
      const old = contract!.cleared ? NOTHING : this.#base.storage(address, key)
      if (hex(old) !== hex(value)) storage.push({ key, value: padded32(value) })
    }
    const cleared = contract?.cleared === true && before !== undefined
    const same =
      before?.balance === after?.balance &&
      before?.nonce === after?.nonce &&
      (before === undefined) === (after === undefined) &&
      (before === undefined || hex(before.codeHash) === hex(after!.codeHash))
    if (same && storage.length === 0 && !cleared) return undefined
    const codeHash = after?.codeHash ?? KECCAK256_NULL
    const entry: StateDiffAccount = {
      address,
      exists: after !== undefined,
      nonce: after?.nonce ?? 0n,
      balance: after?.balance ?? 0n,
      codeHash,
      storageCleared: cleared,
      storage,
    }
    if (hex(codeHash) !== hex(before?.codeHash ?? KECCAK256_NULL))
      entry.code = this.#codes.get(hex(codeHash)) ?? NOTHING
    return entry
  }

  /** Receipts before Byzantium hold state roots, which need a trie; this state has none. */
  async getStateRoot(): Promise<Uint8Array> {
    return new Uint8Array(32)
  }

  async setStateRoot(): Promise<void> {
    throw new EngineError('UNSUPPORTED', 'the reference state has no root to set')
  }

  async hasStateRoot(): Promise<boolean> {
    return false
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    throw new EngineError('UNSUPPORTED', 'the reference state cannot be copied')
  }
}
