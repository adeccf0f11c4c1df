import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { type Account, type Address, KECCAK256_NULL } from '@ethereumjs/util'
import { addressKey, EMPTY_BYTES, slotKey, trimmed } from '../block/bytes.js'
import { EngineError } from '../block/errors.js'
import { padded32, sameBytes } from '../bytes.js'
import type { TxState } from '../wasm/txStatePort.js'
import { CreditAccount, VersionedAccount } from './account.js'
import { AccountEntry, Reader, SlotEntry, type Undo, undoOfAccount, undoOfSlot } from './entries.js'

export type Keccak256 = (message: Uint8Array) => Uint8Array

/**
 * `prepare`: the transaction is checked and its sender pays; whether an account exists decides gas (EIP-7702).
 * `call`: the message runs. `settle`: the fee recipient is paid, empty accounts go. `work`: the block's own work.
 */
type Phase = 'prepare' | 'call' | 'settle' | 'work'

/**
 * State of one transaction over the versioned memory: reads go through {@link TxState} at most once a location, writes
 * stay here until `flush`. Checkpoints cost nothing; a revert costs what it undoes.
 *
 * Not part of it: balances whose sum exceeds 2^256 wei. A credit does not look at the balance, so it cannot see the
 * overflow.
 */
export class VersionedStateManager implements StateManagerInterface {
  readonly reader = new Reader()
  /** EIP-161 rules: empty accounts are as good as absent, and go when touched. */
  readonly #stateClearing: boolean
  readonly #keccak256: Keccak256
  #accounts = new Map<string, AccountEntry>()
  #state: TxState | undefined
  #transaction = 0
  #active: AccountEntry[] = []
  #undo: Undo[] = []
  #checkpoints: { undo: number; id: number }[] = []
  #checkpointId = 0
  #checkpointIds = 0
  #clearings = 0
  #phase: Phase = 'work'
  #sender: AccountEntry | undefined
  #recipient: AccountEntry | undefined

  constructor(stateClearing: boolean, keccak256: Keccak256) {
    this.#stateClearing = stateClearing
    this.#keccak256 = keccak256
  }

  /** Handles are stable during a block only. */
  beginBlock(): void {
    this.#accounts = new Map()
  }

  begin(state: TxState, sender?: Uint8Array, recipient?: Uint8Array): void {
    this.#state = state
    this.reader.begin(state)
    this.#transaction++
    this.#active = []
    this.#undo = []
    this.#checkpoints = []
    this.#checkpointId = ++this.#checkpointIds
    this.#clearings = 0
    this.#phase = sender === undefined ? 'work' : 'prepare'
    this.#sender = sender && this.#entryOf(sender)
    this.#recipient = recipient && this.#entryOf(recipient)
  }

  enterCall(): void {
    if (this.#phase === 'prepare') this.#phase = 'call'
  }

  leaveCall(): void {
    if (this.#phase === 'call') this.#phase = 'settle'
  }

  /** True once the message runs: from here on an error is none of the transaction's validity. */
  get started(): boolean {
    return this.#phase !== 'prepare'
  }

  /** Forgets the running transaction. */
  end(): void {
    this.reader.end()
    this.#state = undefined
    this.#active = []
    this.#undo = []
    this.#checkpoints = []
  }

  #entryOf(address: Uint8Array): AccountEntry {
    const key = addressKey(address)
    let entry = this.#accounts.get(key)
    if (entry === undefined) {
      const handle = this.reader.read((state) => state.account(address))
      entry = new AccountEntry(address.slice(), handle, this.reader)
      this.#accounts.set(key, entry)
    }
    if (entry.transaction !== this.#transaction) {
      entry.reset(this.#transaction)
      this.#active.push(entry)
    }
    return entry
  }

  #slotOf(entry: AccountEntry, bytes: Uint8Array): SlotEntry {
    const key = slotKey(bytes)
    let slot = entry.slots.get(key)
    if (slot === undefined) {
      const handle = this.reader.read((state) => state.slot(entry.handle, bytes))
      slot = new SlotEntry(handle, bytes.slice(), this.reader)
      entry.slots.set(key, slot)
    }
    if (slot.transaction !== this.#transaction) slot.reset(this.#transaction)
    return slot
  }

  #save(entry: AccountEntry): void {
    if (entry.savedAt === this.#checkpointId) return
    entry.savedAt = this.#checkpointId
    this.#undo.push(undoOfAccount(entry))
  }

  // --- accounts ---------------------------------------------------------------------------------------------------------

  async getAccount(address: Address): Promise<Account | undefined> {
    const entry = this.#entryOf(address.bytes)
    if (entry.present === false) return undefined
    if (this.#phase === 'settle' && entry === this.#recipient) {
      this.#recipient = undefined // the fee is paid once
      if (entry.balance === undefined && entry.balanceKnown === undefined) return new CreditAccount(entry)
    }
    if (entry.present === undefined && this.#existenceMatters(entry) && !entry.existsBefore()) return undefined
    return new VersionedAccount(entry)
  }

  /** With EIP-161 an absent account and an empty one differ only for the refund of EIP-7702, paid before the message runs. */
  #existenceMatters(entry: AccountEntry): boolean {
    return !this.#stateClearing || (this.#phase === 'prepare' && entry !== this.#sender)
  }

  #markPresent(entry: AccountEntry): void {
    if (entry.present === true) return
    // An account that is touched and stays empty exists from now on: `flush` must know whether it did before.
    if (!this.#stateClearing && entry.present === undefined) entry.existsBefore()
    entry.present = true
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    if (account === undefined) return this.deleteAccount(address)
    const entry = this.#entryOf(address.bytes)
    this.#save(entry)
    this.#markPresent(entry)
    if (account instanceof CreditAccount) {
      if (entry.balance === undefined) entry.credit += account.paid
      else entry.balance += account.paid
      return
    }
    if (account instanceof VersionedAccount && account.entry === entry) {
      entry.balance = account._balance ?? undefined
      entry.credit = account.added
      entry.nonce = account._nonce ?? undefined
      return
    }
    entry.balance = account.balance
    entry.nonce = account.nonce
    if (!sameBytes(account.codeHash, KECCAK256_NULL)) {
      throw new EngineError('UNSUPPORTED_ACCOUNT', 'an account was put with a code hash; set its code with putCode')
    }
    entry.code = EMPTY_BYTES
    entry.codeHash = KECCAK256_NULL
  }

  async deleteAccount(address: Address): Promise<void> {
    const entry = this.#entryOf(address.bytes)
    // Most deletions clean up a touched account that never existed: they must write nothing.
    if (entry.emptyKnown === true) entry.existsBefore()
    this.#save(entry)
    entry.balance = 0n
    entry.credit = 0n
    entry.nonce = 0n
    entry.code = EMPTY_BYTES
    entry.codeHash = KECCAK256_NULL
    entry.present = false
    entry.storage = 'destroyed'
    entry.clearing = ++this.#clearings
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const entry = this.#entryOf(address.bytes)
    this.#save(entry)
    this.#markPresent(entry)
    if (fields.balance !== undefined) entry.balance = fields.balance
    if (fields.nonce !== undefined) entry.nonce = fields.nonce
    if (fields.codeHash !== undefined || fields.storageRoot !== undefined) {
      throw new EngineError('UNSUPPORTED_ACCOUNT', 'code hash and storage root of an account cannot be set')
    }
  }

  /** Adds wei to a balance without reading it. */
  credit(address: Uint8Array, wei: bigint): void {
    const entry = this.#entryOf(address)
    this.#save(entry)
    this.#markPresent(entry)
    if (entry.balance === undefined) entry.credit += wei
    else entry.balance += wei
  }

  // --- code -------------------------------------------------------------------------------------------------------------

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    const entry = this.#entryOf(address.bytes)
    this.#save(entry)
    this.#markPresent(entry)
    entry.code = code
    entry.codeHash = code.length === 0 ? KECCAK256_NULL : this.#keccak256(code)
  }

  async getCode(address: Address): Promise<Uint8Array> {
    const entry = this.#entryOf(address.bytes)
    return entry.code ?? entry.codeBefore()
  }

  /** Whether there is code: its hash tells, a witness need not have the code. */
  hasCode(address: Address): boolean {
    const entry = this.#entryOf(address.bytes)
    return !sameBytes(entry.codeHash ?? entry.codeHashBefore(), KECCAK256_NULL)
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length
  }

  // --- storage ----------------------------------------------------------------------------------------------------------

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const entry = this.#entryOf(address.bytes)
    const slot = this.#slotOf(entry, key)
    if (slot.value !== undefined && slot.clearing === entry.clearing) return slot.value
    return entry.storage === 'keep' ? slot.valueBefore() : EMPTY_BYTES
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const entry = this.#entryOf(address.bytes)
    const slot = this.#slotOf(entry, key)
    if (!slot.listed) {
      slot.listed = true
      entry.written.push(slot)
    }
    if (slot.savedAt !== this.#checkpointId) {
      slot.savedAt = this.#checkpointId
      this.#undo.push(undoOfSlot(slot))
    }
    slot.value = trimmed(value)
    slot.clearing = entry.clearing
  }

  async clearStorage(address: Address): Promise<void> {
    const entry = this.#entryOf(address.bytes)
    this.#save(entry)
    entry.storage = 'created'
    entry.clearing = ++this.#clearings
  }

  /** Value at the start of the transaction (EIP-2200); zero once the storage was cleared, for it was empty before, too. */
  readonly originalStorageCache = {
    get: async (address: Address, key: Uint8Array): Promise<Uint8Array> => {
      const entry = this.#entryOf(address.bytes)
      return entry.storage === 'keep' ? this.#slotOf(entry, key).valueBefore() : EMPTY_BYTES
    },
    clear: (): void => {},
  }

  // --- checkpoints ------------------------------------------------------------------------------------------------------

  async checkpoint(): Promise<void> {
    this.#checkpoints.push({ undo: this.#undo.length, id: this.#checkpointId })
    this.#checkpointId = ++this.#checkpointIds
  }

  async commit(): Promise<void> {
    this.#checkpointId = this.#closeCheckpoint().id
  }

  async revert(): Promise<void> {
    const { undo, id } = this.#closeCheckpoint()
    for (let i = this.#undo.length - 1; i >= undo; i--) this.#undo[i]!()
    this.#undo.length = undo
    this.#checkpointId = id
  }

  #closeCheckpoint(): { undo: number; id: number } {
    const checkpoint = this.#checkpoints.pop()
    if (checkpoint === undefined) throw new EngineError('NO_CHECKPOINT', 'commit or revert without a checkpoint')
    return checkpoint
  }

  // --- end of the transaction -------------------------------------------------------------------------------------------

  /** Writes what the transaction changed. Reads nothing. */
  flush(): void {
    const state = this.#state
    if (state === undefined) throw new EngineError('NO_TRANSACTION', 'flush while no transaction runs')
    for (const entry of this.#active) this.#flushEntry(state, entry)
  }

  #flushEntry(state: TxState, entry: AccountEntry): void {
    const { handle } = entry
    if (entry.present === false && entry.existsKnown === false) return
    if (entry.storage !== 'keep') state.setLife(handle, entry.present !== false, entry.storage)
    else if (entry.present === true && !this.#stateClearing && entry.existsKnown === false) {
      state.setLife(handle, true, 'keep')
    }

    if (entry.balance !== undefined) {
      if (entry.balance !== entry.balanceKnown) state.setBalance(handle, entry.balance)
    } else if (entry.credit > 0n) {
      if (entry.balanceWasRead) state.setBalance(handle, entry.balanceBefore() + entry.credit)
      else state.credit(handle, entry.credit)
    }
    if (entry.nonce !== undefined && entry.nonce !== entry.nonceKnown) state.setNonce(handle, entry.nonce)
    if (entry.code !== undefined) {
      const known = entry.codeHashKnown
      if (known === undefined || !sameBytes(known, entry.codeHash!)) state.setCode(handle, entry.code)
    }
    if (entry.present === false) return
    for (const slot of entry.written) {
      if (slot.value === undefined || slot.clearing !== entry.clearing) continue
      const old = entry.storage === 'keep' ? slot.before : EMPTY_BYTES
      if (old === undefined || !sameBytes(old, slot.value)) state.setStorage(slot.handle, padded32(slot.value))
    }
  }

  // --- not here ---------------------------------------------------------------------------------------------------------

  /** Receipts before Byzantium hold state roots; the executor computes them, runTx only wants something to put there. */
  async getStateRoot(): Promise<Uint8Array> {
    return new Uint8Array(32)
  }

  async setStateRoot(): Promise<void> {
    throw new EngineError('UNSUPPORTED', 'the state root of a running transaction cannot be set')
  }

  async hasStateRoot(): Promise<boolean> {
    return false
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    throw new EngineError('UNSUPPORTED', 'the state of a running transaction cannot be copied')
  }
}
