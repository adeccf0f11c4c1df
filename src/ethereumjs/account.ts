import { Account, KECCAK256_NULL, KECCAK256_RLP } from '@ethereumjs/util'
import { sameBytes } from '../bytes.js'
import type { AccountEntry } from './entries.js'

/** Stands for every root but that of no storage. */
const SOME_STORAGE = new Uint8Array(32)

/**
 * A copy of an account as it is at one moment of a transaction, as @ethereumjs expects from `getAccount`, whose fields
 * are read only when somebody asks for them. A field that is null is as before the transaction.
 * Decision 6 (docs/adr/0006-lazy-accounts.md).
 */
export class VersionedAccount extends Account {
  readonly entry: AccountEntry
  /** wei on top of the balance before the transaction; counts while the balance was not asked for. */
  added: bigint
  /** Set around a check that compares the balance with zero: it must not count as a read. */
  quiet = false

  constructor(entry: AccountEntry) {
    super(null, null, null, null, null, null)
    this.entry = entry
    this._balance = entry.balance ?? null
    this._nonce = entry.nonce ?? null
    this._codeHash = entry.codeHash ?? null
    this.added = entry.credit
  }

  override get balance(): bigint {
    if (this.quiet) return 0n
    if (this._balance === null) this._balance = this.entry.balanceBefore() + this.added
    return this._balance
  }

  override set balance(wei: bigint) {
    this._balance = wei
  }

  override get nonce(): bigint {
    if (this._nonce === null) this._nonce = this.entry.nonceBefore()
    return this._nonce
  }

  override set nonce(nonce: bigint) {
    this._nonce = nonce
  }

  override get codeHash(): Uint8Array {
    if (this._codeHash === null) this._codeHash = this.entry.codeHashBefore()
    return this._codeHash
  }

  override set codeHash(hash: Uint8Array) {
    this._codeHash = hash
  }

  /** Only tells whether there is storage: the versioned memory keeps no storage roots. */
  override get storageRoot(): Uint8Array {
    return this.entry.hasStorage() ? SOME_STORAGE : KECCAK256_RLP
  }

  override set storageRoot(_root: Uint8Array) {}

  override isContract(): boolean {
    return !sameBytes(this.codeHash, KECCAK256_NULL)
  }

  override isEmpty(): boolean {
    if (this._balance === null ? this.added > 0n : this._balance > 0n) return false
    if (this._nonce !== null && this._nonce > 0n) return false
    if (this._codeHash !== null && !sameBytes(this._codeHash, KECCAK256_NULL)) return false
    if (this._balance === null && this._nonce === null && this._codeHash === null) return this.entry.emptyBefore()
    return this.balance === 0n && this.nonce === 0n && sameBytes(this.codeHash, KECCAK256_NULL)
  }

  /** Adds wei without asking what is there. */
  add(wei: bigint): void {
    if (this._balance === null) this.added += wei
    else this._balance += wei
  }
}

/**
 * What `getAccount` gives for the fee recipient when the fee is paid: its balance counts from zero, and putting it back
 * is a credit. So the recipient's balance, which every transaction of a block changes, is never read.
 */
export class CreditAccount extends VersionedAccount {
  paid = 0n

  override get balance(): bigint {
    return this.paid
  }

  override set balance(wei: bigint) {
    this.paid = wei
  }

  override isEmpty(): boolean {
    return this.paid === 0n && super.isEmpty()
  }
}
