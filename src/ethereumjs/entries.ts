// What one running transaction knows of an account or a slot: what it read (`before`), and what it made of it (`now`).
// Invariant: a field of `now` that is undefined equals `before`, whatever that is, without anybody having read it.

import { KECCAK256_NULL } from '@ethereumjs/util'
import { EMPTY_BYTES, trimmed } from '../block/bytes.js'
import { EngineError } from '../block/errors.js'
import { sameBytes } from '../bytes.js'
import type { AccountHandle, SlotHandle, StorageFate, TxState } from '../wasm/txStatePort.js'

/**
 * Reads of the running transaction. A read that fails makes every later one fail the same way: parts of @ethereumjs/evm
 * take any error for one of the EVM's own, and execution would go on without the value.
 */
export class Reader {
  #state: TxState | undefined
  failure: unknown

  begin(state: TxState): void {
    this.#state = state
    this.failure = undefined
  }

  end(): void {
    this.#state = undefined
  }

  read<T>(read: (state: TxState) => T): T {
    if (this.failure !== undefined) throw this.failure
    if (this.#state === undefined) throw new EngineError('NO_TRANSACTION', 'state was read while no transaction runs')
    try {
      return read(this.#state)
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

export class AccountEntry {
  readonly address: Uint8Array
  readonly handle: AccountHandle
  readonly slots = new Map<string, SlotEntry>()
  readonly #reader: Reader

  /** Number of the transaction that the fields below belong to. */
  transaction = 0
  /** Checkpoint whose undo log already holds this entry. */
  savedAt = -1

  #balanceRead: bigint | undefined
  #nonceRead: bigint | undefined
  #codeHashRead: Uint8Array | undefined
  #codeRead: Uint8Array | undefined
  #existsRead: boolean | undefined
  #emptyRead: boolean | undefined

  balance: bigint | undefined
  /** wei added to a balance nobody knows; counts while `balance` is undefined. */
  credit = 0n
  nonce: bigint | undefined
  code: Uint8Array | undefined
  codeHash: Uint8Array | undefined
  /** True after a write, false after a deletion. */
  present: boolean | undefined
  storage: StorageFate = 'keep'
  /** Slot values written under another clearing are gone. */
  clearing = 0
  written: SlotEntry[] = []

  constructor(address: Uint8Array, handle: AccountHandle, reader: Reader) {
    this.address = address
    this.handle = handle
    this.#reader = reader
  }

  reset(transaction: number): void {
    this.transaction = transaction
    this.savedAt = -1
    this.#balanceRead = undefined
    this.#nonceRead = undefined
    this.#codeHashRead = undefined
    this.#codeRead = undefined
    this.#existsRead = undefined
    this.#emptyRead = undefined
    this.balance = undefined
    this.credit = 0n
    this.nonce = undefined
    this.code = undefined
    this.codeHash = undefined
    this.present = undefined
    this.storage = 'keep'
    this.clearing = 0
    if (this.written.length > 0) this.written = []
  }

  /** Both predicates imply zeros, so the values need not be read (and recorded) once one of them holds. */
  get #knownBlank(): boolean {
    return this.#existsRead === false || this.#emptyRead === true
  }

  get #knownNotBlank(): boolean {
    return (
      (this.#balanceRead !== undefined && this.#balanceRead > 0n) ||
      (this.#nonceRead !== undefined && this.#nonceRead > 0n) ||
      (this.#codeHashRead !== undefined && !sameBytes(this.#codeHashRead, KECCAK256_NULL)) ||
      (this.#codeRead !== undefined && this.#codeRead.length > 0) ||
      this.#emptyRead === false
    )
  }

  get balanceWasRead(): boolean {
    return this.#balanceRead !== undefined
  }

  /** The balance before the transaction if it is known without reading it. */
  get balanceKnown(): bigint | undefined {
    return this.#balanceRead ?? (this.#knownBlank ? 0n : undefined)
  }

  get nonceKnown(): bigint | undefined {
    return this.#nonceRead ?? (this.#knownBlank ? 0n : undefined)
  }

  get codeHashKnown(): Uint8Array | undefined {
    return this.#codeHashRead ?? (this.#knownBlank ? KECCAK256_NULL : undefined)
  }

  get existsKnown(): boolean | undefined {
    return this.#existsRead ?? (this.#knownNotBlank ? true : undefined)
  }

  get emptyKnown(): boolean | undefined {
    if (this.#knownBlank) return true
    if (this.#knownNotBlank) return false
    const all = this.#balanceRead !== undefined && this.#nonceRead !== undefined && this.#codeHashRead !== undefined
    return all ? true : undefined
  }

  balanceBefore(): bigint {
    const known = this.balanceKnown
    if (known !== undefined) return known
    this.#balanceRead = this.#reader.read((state) => state.balance(this.handle))
    return this.#balanceRead
  }

  nonceBefore(): bigint {
    const known = this.nonceKnown
    if (known !== undefined) return known
    this.#nonceRead = this.#reader.read((state) => state.nonce(this.handle))
    return this.#nonceRead
  }

  codeHashBefore(): Uint8Array {
    const known = this.codeHashKnown
    if (known !== undefined) return known
    this.#codeHashRead = this.#reader.read((state) => state.codeHash(this.handle))
    return this.#codeHashRead
  }

  codeBefore(): Uint8Array {
    if (this.#codeRead !== undefined) return this.#codeRead
    const known = this.codeHashKnown
    if (known !== undefined && sameBytes(known, KECCAK256_NULL)) return EMPTY_BYTES
    this.#codeRead = this.#reader.read((state) => state.code(this.handle))
    if (this.#codeRead.length === 0) this.#codeHashRead = KECCAK256_NULL
    return this.#codeRead
  }

  existsBefore(): boolean {
    const known = this.existsKnown
    if (known !== undefined) return known
    this.#existsRead = this.#reader.read((state) => state.exists(this.handle))
    return this.#existsRead
  }

  /** Storage from before, without looking at slots. A contract over such an account must not be created (EIP-7610). */
  hasStorage(): boolean {
    if (this.storage !== 'keep') return false
    return this.#reader.read((state) => state.hasStorage?.(this.handle) ?? false)
  }

  emptyBefore(): boolean {
    const known = this.emptyKnown
    if (known !== undefined) return known
    this.#emptyRead = this.#reader.read((state) => state.isEmpty(this.handle))
    return this.#emptyRead
  }
}

export class SlotEntry {
  readonly handle: SlotHandle
  readonly key: Uint8Array
  readonly #reader: Reader

  transaction = 0
  savedAt = -1
  /** Trimmed; undefined while it was not read. */
  before: Uint8Array | undefined
  /** Trimmed; counts while `clearing` is that of the account. */
  value: Uint8Array | undefined
  clearing = 0
  /** In the account's list of written slots. */
  listed = false

  constructor(handle: SlotHandle, key: Uint8Array, reader: Reader) {
    this.handle = handle
    this.key = key
    this.#reader = reader
  }

  reset(transaction: number): void {
    this.transaction = transaction
    this.savedAt = -1
    this.before = undefined
    this.value = undefined
    this.clearing = 0
    this.listed = false
  }

  valueBefore(): Uint8Array {
    if (this.before === undefined) this.before = trimmed(this.#reader.read((state) => state.storage(this.handle)))
    return this.before
  }
}

/** Restores an entry to what it was at a checkpoint. */
export type Undo = () => void

export function undoOfAccount(entry: AccountEntry): Undo {
  const { balance, credit, nonce, code, codeHash, present, storage, clearing } = entry
  return () => {
    entry.balance = balance
    entry.credit = credit
    entry.nonce = nonce
    entry.code = code
    entry.codeHash = codeHash
    entry.present = present
    entry.storage = storage
    entry.clearing = clearing
  }
}

export function undoOfSlot(slot: SlotEntry): Undo {
  const { value, clearing } = slot
  return () => {
    slot.value = value
    slot.clearing = clearing
  }
}
