import type { StateDiff } from '../types.js'
import type { SourceKind } from './capabilities.js'
import type { RowStore } from './rows.js'
import type { StagedState } from './staged.js'

/** An account as a source of state knows it. */
export interface BaseAccount {
  /** Below 2^64. */
  nonce: bigint
  /** wei. */
  balance: bigint
  /** keccak-256 of the code, 32 bytes; left out for an account without code. */
  codeHash?: Uint8Array
  /** Root hash of the storage trie, where the source knows it (EIP-7610 asks whether there is storage). */
  storageRoot?: Uint8Array
  /** The code, where an asynchronous source answers for a contract. */
  code?: Uint8Array
}

/** Puts values into the executor's shared memory. Handed to a source when it is attached. */
export interface BaseWriter {
  /** An account, without its storage. */
  putAccount(address: Uint8Array, account: BaseAccount): void
  /** `key` and `value`: at most 32 bytes, big-endian. */
  putStorage(address: Uint8Array, key: Uint8Array, value: Uint8Array): void
  /** Code of a contract; accounts name it by its hash. */
  putCode(code: Uint8Array): void
  /** RLP of the trie nodes of an execution witness. */
  putTrieNodes(nodes: Iterable<Uint8Array>): void
  /** Root of the account trie that the nodes belong to. */
  setTrieRoot(root: Uint8Array): void
}

/**
 * Where the state before a block comes from. The executor keeps what it has read in shared memory, for all workers and
 * all later blocks; a source is asked again only for what is not there.
 *
 * - `memory`: everything is put at once when the source is attached; what was not put does not exist.
 * - `witness`: trie nodes and codes are put; values are read from the tries, an absent node is an error.
 * - `async`: nothing is put; a transaction that needs a value is parked while the executor awaits `account` or `storage`.
 * - `store`: values and trie nodes are rows on disk, which threads read while they execute; the core makes roots, and what a
 *   block changes is written as one.
 *
 * A method may throw or reject: the block fails with a StateSourceError, and can be given again. One that never answers
 * holds its block up until the executor is closed; answers that come when their block is over are dropped.
 */
export interface StateSource {
  /** How values come: see above. */
  readonly kind: SourceKind
  /** Called once by `BlockExecutor.create`. A source belongs to one executor. */
  attach(writer: BaseWriter): void | Promise<void>
  /** `async` only. Undefined when the account does not exist. */
  account?(address: Uint8Array): Promise<BaseAccount | undefined>
  /** `async` only. Value of a slot, at most 32 bytes big-endian. */
  storage?(address: Uint8Array, key: Uint8Array): Promise<Uint8Array>
  /**
   * Sources that keep the state themselves: writes a block's difference, to be kept or dropped. With `root` false its root
   * is not wanted. When it rejects the source must be as before, or throw a StateUnknownError. Reads of a block that has
   * failed may still be under way.
   */
  stage?(diff: StateDiff, options: { root: boolean }): Promise<StagedState>
  /**
   * Sources that keep the state themselves: the root of the state as it is now, 32 bytes. Asked before a block and before
   * its difference is staged, to notice when somebody else has changed the state; never for blocks with `root: false`.
   */
  root?(): Promise<Uint8Array>
  /** `store` only: the rows, once `attach` is done. */
  rows?(): RowStore
  /** The executor was closed, or has another state now. `attach` may be called again. */
  detach?(): Promise<void>
}

export type { StagedState }
