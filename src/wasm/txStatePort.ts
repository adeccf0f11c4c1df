import { ParallevmError } from '../errors.js'

/** An interned account. Stable while a block runs; holding on to it saves the lookup. */
export type AccountHandle = number
/** An interned storage slot of one account. Stable while a block runs. */
export type SlotHandle = number

/** What happened to an account's storage in a transaction: nothing, cleared by a creation, cleared by a destruction. */
export type StorageFate = 'keep' | 'created' | 'destroyed'

/**
 * The versioned state as ONE running transaction sees it: what earlier transactions of the block left, never its own
 * writes. Every read is recorded with the value it saw, so a caller reads only what it needs, and once. Writes are made
 * once, after the last read, at the end of the transaction.
 *
 * Every read may throw {@link Suspended}.
 */
export interface TxState {
  /** Interns a 20-byte address. Reads nothing. */
  account(address: Uint8Array): AccountHandle
  /** Interns a 32-byte big-endian key of an account's storage. Reads nothing. */
  slot(account: AccountHandle, key: Uint8Array): SlotHandle

  /** True when the account exists: it is not empty, or it exists although it is (possible before EIP-161 only). */
  exists(account: AccountHandle): boolean
  /** True when nonce and balance are 0 and there is no code (EIP-161). Recorded as this predicate, not as the values. */
  isEmpty(account: AccountHandle): boolean
  /** Wei; 0 for an absent account. */
  balance(account: AccountHandle): bigint
  /** 0 for an absent account. */
  nonce(account: AccountHandle): bigint
  /** 32 bytes; keccak-256 of nothing for an account without code. The caller must not change the array. */
  codeHash(account: AccountHandle): Uint8Array
  /** The caller must not change the array. */
  code(account: AccountHandle): Uint8Array
  /** 32 bytes, big-endian. */
  storage(slot: SlotHandle): Uint8Array
  /**
   * True when the account had storage before the block and no earlier transaction of the block cleared it. Recorded as
   * this predicate. Asked only when a contract is created over an account with neither nonce nor code (EIP-7610). Without
   * this method no account has storage then.
   */
  hasStorage?(account: AccountHandle): boolean

  /** Sets the balance to an exact value in wei. At most one of `setBalance` and `credit` is called for an account. */
  setBalance(account: AccountHandle, wei: bigint): void
  /** Adds wei to a balance that this transaction did not read: commutes with the credits of other transactions. */
  credit(account: AccountHandle, wei: bigint): void
  setNonce(account: AccountHandle, nonce: bigint): void
  setCode(account: AccountHandle, code: Uint8Array): void
  /**
   * `exists` says whether the account exists even if it is empty. With `created` or `destroyed` every storage value
   * from before is gone; after `created` the values set by this transaction hold, after `destroyed` none does.
   */
  setLife(account: AccountHandle, exists: boolean, storage: StorageFate): void
  /** Sets a slot to 32 bytes, big-endian. */
  setStorage(slot: SlotHandle, value: Uint8Array): void
}

/**
 * Thrown by a read that cannot be answered now: `blocked` by an earlier transaction of the block that will write the
 * location again, or `missing` from the state source until the host has fetched it. No error of the EVM: it must leave
 * the transaction unharmed, which is then run again from its beginning.
 */
export class Suspended extends ParallevmError {
  readonly reason: 'blocked' | 'missing'
  constructor(reason: 'blocked' | 'missing') {
    super('SUSPENDED', `the transaction waits: its read is ${reason}; run it again when the location is known`)
    this.reason = reason
  }
}
