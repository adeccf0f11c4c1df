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

/** The executor that a source is attached to. */
export interface AttachedTo {
  /** Of the chain whose rules it has. */
  chainId: bigint
  /** keccak-256, 32 bytes, computed by the core. */
  keccak256(message: Uint8Array): Uint8Array
}

/**
 * Where the state before a block comes from. The executor keeps what it has read in shared memory, for all workers and
 * all later blocks; a source is asked again only for what is not there.
 *
 * - `memory`: everything is put at once when the source is attached; what was not put does not exist.
 * - `witness`: trie nodes and codes are put; values are read from the tries, an absent node is an error.
 * - `async`: nothing is put; a transaction that needs a value is parked while the executor awaits `account` or `storage`.
 * - `trie`: the root of the state's trie is put; a transaction that needs a value is parked while the executor awaits the
 *   nodes on the way to it from `node`, and its code from `code`. The state root is made of such nodes, too.
 * - `store`: values and trie nodes are rows on disk, which threads read while they execute; the core makes roots, and what a
 *   block changes is written as one.
 *
 * A method may throw or reject: the block fails with a StateSourceError, and can be given again. One that never answers
 * holds its block up until the executor is closed; answers that come when their block is over are dropped.
 */
export interface StateSource {
  /** How values come: see above. */
  readonly kind: SourceKind
  /** Called once by `BlockExecutor.create` or `setState`. A source belongs to one executor. */
  attach(writer: BaseWriter, to: AttachedTo): void | Promise<void>
  /** `async` only. Undefined when the account does not exist. */
  account?(address: Uint8Array): Promise<BaseAccount | undefined>
  /** `async` only. Value of a slot, at most 32 bytes big-endian. */
  storage?(address: Uint8Array, key: Uint8Array): Promise<Uint8Array>
  /**
   * `trie` only. RLP of the trie node with this keccak-256, which lies at `place`; undefined when it is not there.
   */
  node?(hash: Uint8Array, place: TriePlace): Promise<Uint8Array | undefined>
  /** `trie` only. The code with this keccak-256; undefined when it is not there. */
  code?(hash: Uint8Array): Promise<Uint8Array | undefined>
  /** `trie` only. The code of an account is asked for when it is wanted, not with the account. Default false. */
  lazyCodes?: boolean
  /**
   * Sources that keep the state themselves: writes a block's difference, to be kept or dropped. With `root` false its root
   * is not wanted. When it rejects the source must be as before, or throw a StateUnknownError. Reads of a block that has
   * failed may still be under way. `tries`: for a source of the kind `trie`, what the tries after the block are.
   */
  stage?(diff: StateDiff, options: { root: boolean; tries?: TriesAfter }): Promise<StagedState>
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

/** Where in the tries of a state a node lies. */
export interface TriePlace {
  /** Whose storage trie it is, 20 bytes; undefined: it is the account trie. */
  address?: Uint8Array
  /** Nibbles from the root to the node, a byte each. */
  path: Uint8Array
}

/** A node of a trie. */
export interface TrieNode {
  /** keccak-256 of `rlp`. */
  hash: Uint8Array
  /** The node. */
  rlp: Uint8Array
}

/** The tries after a block, account trie and storage tries together. */
export interface TriesAfter {
  /** State root. */
  root: Uint8Array
  /** All nodes that the tries before the block lacked, and perhaps some that are part of no trie. */
  nodes: TrieNode[]
}

export type { StagedState }
