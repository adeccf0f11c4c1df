import type { Block } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import type { AddressLike, BytesLike, QuantityLike, RlpLike } from '../door/bytes.js'
import type { StateSource } from '../sources/source.js'
import type { EngineName } from '../types.js'

/**
 * What is checked before the state advances. In every mode a block is refused that is not of its hardfork's format, or breaks
 * a rule by its own bytes or by executing it: fields and their lengths, signatures, gas, nonces, balances, number of blobs
 * and their price, size, what the header of its hardfork must hold.
 * `none` leaves out what is a comparison with the header or with ancestors: the roots of transactions, uncles and
 * withdrawals; the parent (hash, number, timestamp, gas limit, base fee, excess blob gas, difficulty) and the rules for
 * uncles; and after execution gas used, receipts root, logs bloom, requests hash and state root.
 * `result`: of that, what is a comparison after execution, for a block whose body and ancestors were checked before.
 * `header`: all of that. The parent's rules need `parentHeaders`.
 * `sequential`: the header checks, then the same engine once more in block order without speculation, compared field by
 * field. `ethereumjs`: the header checks, then plain @ethereumjs/vm on the same pre-state, compared field by field.
 */
export type VerifyMode = 'none' | 'result' | 'header' | 'sequential' | 'ethereumjs'

/** `auto` decides per block; `parallel` and `sequential` force. */
export type ExecutionMode = 'auto' | 'parallel' | 'sequential'

/** Chains that @ethereumjs/common knows. */
export type ChainName = 'mainnet' | 'sepolia' | 'holesky' | 'hoodi'

/** Options of `BlockExecutor.create`. An option that is not listed here is refused. */
export interface BlockExecutorOptions {
  /** Chain rules. Give this or `chain`; a custom Common may add forks and EIPs. Its rules are copied. */
  common?: Common
  /** Name of a chain @ethereumjs/common knows. Default `mainnet`. */
  chain?: ChainName
  /**
   * `schedule`: each block has the rules of the hardfork that the chain has at its number and timestamp. The name of a
   * hardfork: its rules hold for every block. Default: the hardfork that `common` was set to, where that is another one
   * than it starts with (the chain's default, or the last one of a Geth genesis), else `schedule`. A Common cannot tell
   * whether the hardfork that it starts with was asked for: to have that one for every block, name it here.
   */
  hardfork?: 'schedule' | (string & {})
  /** Where the state before the first block comes from. */
  state: StateSource
  /**
   * Default `wasm`: runs blocks in the core without JavaScript on the way. For rules that it does not know (own hardforks,
   * EIPs, parameters, a `customCrypto`) `ethereumjs` runs, and `stats.fallback` says why.
   */
  engine?: EngineName
  /** Default true. False: a block whose rules `engine` does not know throws EngineUnavailableError. */
  fallback?: boolean
  /**
   * Threads that execute a block, 1 to 63. Default: the number of cores. With the engine `wasm` and a state that is in
   * memory, the calling thread is one of them for blocks up to 1.2 Ggas, and is busy meanwhile.
   */
  threads?: number
  /** Default `header`. */
  verify?: VerifyMode
  /** Size of the shared memory, bytes: default 2 GiB, at most 4 GiB. What is not used costs address space only. */
  maxMemory?: number
  /** Say in `stats.timeline` of each result what each thread did when: to see where they wait. Default false. */
  timeline?: boolean
  /**
   * Module (URL or absolute path) that every thread imports, this one too, since functions cannot be sent to one: a SetupModule.
   * `customPrecompiles` are precompiled contracts of the chain's own, in both engines. `customCrypto` replaces the functions of the
   * same name in the Common of @ethereumjs.
   */
  workerSetup?: string | URL
}

/** Options of `execute`: they hold for this block. */
export interface ExecuteOptions {
  /** Sender of each transaction (20 bytes each). Without it senders are recovered from the signatures. */
  senders?: Iterable<AddressLike>
  /**
   * RLP of ancestor headers, newest first: the parent for the header checks, all of them for BLOCKHASH. They must be a chain
   * of hashes that ends in the block's parent hash, and a witness (for other sources: a state whose root is known) must
   * have the parent's state root, whatever `verify` says. Without them the state is believed to be the one before the
   * block; a wrong one then shows in the block's own state root only. Those beyond the 256 that BLOCKHASH can ask for are
   * not looked at.
   */
  parentHeaders?: Iterable<RlpLike>
  /**
   * Hashes of ancestors by number, for BLOCKHASH: a Map, other pairs, or an object. What the block's parent hash and
   * `parentHeaders` prove needs no entry, and an entry that contradicts them is refused; the others are believed.
   */
  blockHashes?: Iterable<readonly [number: QuantityLike, hash: BytesLike]> | Readonly<Record<string, BytesLike>>
  /**
   * Asked for the hashes of ancestors when BLOCKHASH wants one that is not known otherwise; undefined where it is not known
   * either. Hashes of up to 256 blocks that this executor was given are known. The block is executed once more then.
   */
  findBlockHash?: (number: bigint) => BytesLike | undefined | Promise<BytesLike | undefined>
  /** For this block instead of what the executor was created with. */
  verify?: VerifyMode
  /**
   * What the header says of the block's transactions root, gas used, logs bloom, receipts root, requests hash, state root and
   * access list is not compared with what they are: `result.generated` is the block with these fields filled in, and `result.hash` its hash.
   * Default false.
   */
  generate?: boolean
  /**
   * Make the block's execution witness: `result.witness`. It costs a second execution, in order. Not for a state without tries
   * (`stateManagerState`), and before Byzantium one for each node that only a root within the block needs. Default false.
   */
  witness?: boolean
  /**
   * RLP of the block's access list (EIP-7928), as it came with the block: it must be the one that the header names, and what
   * execution touches. A block that is executed in parallel is executed from it (engine `wasm`, Byzantium and later): then
   * `stats.mode` is `list`. What an asynchronous source has of it is fetched first. Of a block whose hardfork has no lists it is a
   * guess that need not be true: where it is not, the block is executed without, and `stats.listRefused` says why.
   */
  blockAccessList?: BytesLike
  /** Default `auto`. */
  mode?: ExecutionMode
  /**
   * Make the result's `blockAccessList` also of a block whose hardfork has none; engine `wasm`. Default false: from Amsterdam on
   * it is always made.
   */
  accessList?: boolean
  /** Receipts have an `output`: return data, and why a transaction reverted. Default false. */
  outputs?: boolean
  /** Compute the state root. Default true. */
  root?: boolean
  /** Make the state after the block the executor's state. Default true; false leaves it as it was. */
  advance?: boolean
}

/** A block of `executeAll`, with what belongs to it. */
export interface BlockWithOptions
  extends Pick<ExecuteOptions, 'senders' | 'parentHeaders' | 'blockHashes' | 'blockAccessList'> {
  /** An @ethereumjs/block Block, or the RLP of [header, transactions, uncles, withdrawals?]. */
  block: Block | RlpLike
}

/** Options of `executeAll`: they hold for all its blocks. The state always advances. */
export type ExecuteAllOptions = Pick<ExecuteOptions, 'mode' | 'root' | 'accessList' | 'outputs'>
