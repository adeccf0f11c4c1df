import type { RefusalReason } from '../../abi/outcome.js'
import type { AddressLike, BytesLike, QuantityLike, RlpLike, WordLike } from '../../door/bytes.js'
import type { BlockResult } from '../../types.js'
import type { ExecuteOptions } from '../options.js'

/** What an order is told of a transaction that waits for a block. */
export interface Candidate {
  /** Place among those that were given, from 0 on. */
  index: number
  /** EIP-2718 type. */
  type: number
  /** 20 bytes. */
  sender: Uint8Array
  /** Of its sender. */
  nonce: bigint
  /** Gas. */
  gasLimit: bigint
  /** wei per gas: the gas price of types 0 and 1. */
  maxFeePerGas: bigint
  /** wei per gas that the fee recipient gets; below 0 where it does not even pay the base fee. */
  effectiveTip: bigint
  /** Number of blobs (EIP-4844). */
  blobs: number
}

/** A withdrawal (EIP-4895). */
export interface WithdrawalLike {
  /** Of all withdrawals of the chain. */
  index: QuantityLike
  /** Of the validator. */
  validatorIndex: QuantityLike
  /** 20 bytes: who gets it. */
  address: AddressLike
  /** Gwei. */
  amount: QuantityLike
}

/** The block to be built. What its hardfork does not have must be absent. */
export interface BuildOptions {
  /** RLP of the parent's header. Absent: the last block executed. */
  parent?: RlpLike
  /**
   * RLP of a header in whose place the block is built, where its parent's header is not known: parent hash, number, gas limit and
   * all that the rules derive from a parent are this one's. Instead of `parent`.
   */
  inPlaceOf?: RlpLike
  /** Seconds, after the parent's. */
  timestamp: QuantityLike
  /** 20 bytes; the zero address where it is absent. */
  feeRecipient?: AddressLike
  /** Gas; the parent's where it is absent. */
  gasLimit?: QuantityLike
  /** 32 bytes, after the merge; zero where it is absent. */
  prevRandao?: WordLike
  /** At most 32 bytes. */
  extraData?: BytesLike
  /** EIP-4895; none where it is absent. */
  withdrawals?: Iterable<WithdrawalLike>
  /** 32 bytes (EIP-4788); zero where it is absent. */
  parentBeaconBlockRoot?: WordLike
  /** EIP-7843. */
  slotNumber?: QuantityLike
  /** Before the merge; what follows from the parent where it is absent. */
  difficulty?: QuantityLike
  /** Hashes for BLOCKHASH by number, beside those that are known. */
  blockHashes?: NonNullable<ExecuteOptions['blockHashes']>
  /**
   * Which of two transactions comes first: below 0, the first one. It is asked about the next ones of two senders; nonces of one
   * sender stay in order. Default: by effective tip, then as they were given.
   */
  order?: (a: Candidate, b: Candidate) => number
  /** Milliseconds from the call on after which no transaction is waited for and none is begun. */
  deadline?: number
  /** Aborted: building ends with the signal's reason, the state as before. */
  signal?: AbortSignal
  /** Make the state after the block the executor's state. Default false. */
  keep?: boolean
  /** Make the state root. Default true; see UnsealedBuildOptions. */
  root?: true
}

/**
 * The block to be built on a state that has no root: parts of a state without proofs, a node's, or a state manager's that makes none.
 * The block is not sealed, so it cannot be the executor's last one either.
 */
export interface UnsealedBuildOptions extends Omit<BuildOptions, 'root' | 'keep'> {
  /** No state root is made. */
  root: false
}

/** A transaction that is not in the block. */
export interface SkippedTransaction {
  /** Place among those that were given. */
  index: number
  /** The rule. `NO_ROOM_LEFT`: gas, blobs or bytes of the block, or time. */
  reason: RefusalReason
  /** In words. */
  message: string
}

/** A block that was built. The bytes belong to the caller. */
export interface BuiltBlock {
  /** RLP of [header, transactions, uncles, withdrawals?]. */
  blockRlp: Uint8Array
  /** RLP of its header. */
  headerRlp: Uint8Array
  /** 32 bytes. */
  hash: Uint8Array
  /** Places among those that were given, in block order. */
  included: number[]
  /** In the order in which they were tried. */
  skipped: SkippedTransaction[]
  /** wei: what the transactions pay the fee recipient. Made when first read. */
  fees: bigint
  /** What executing the block came to, as `execute` tells it. */
  result: BlockResult
}

/** A block that was built without a state root: its header is not whole, so there are neither bytes of the block nor a hash. */
export interface UnsealedBlock extends Pick<BuiltBlock, 'included' | 'skipped' | 'fees'> {
  /**
   * Fields of its header by name and in its order, as in its RLP. `stateRoot` is not among them, nor is `receiptsRoot` before
   * Byzantium, where receipts hold state roots.
   */
  headerFields: Record<string, Uint8Array>
  /** What executing the block came to. */
  result: Omit<BlockResult, 'hash' | 'stateRoot'>
}
