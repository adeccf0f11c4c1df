import type { Common } from '@ethereumjs/common'
import type { StateSource } from '../state/source.js'

/** The EVM that runs inside the workers. Both sit behind the same scheduler and versioned memory. */
export type EngineName = 'ethereumjs' | 'wasm'

/**
 * How a result is re-checked before the state advances.
 * `none`: not at all. `header`: gas used, receipts root, logs bloom, requests hash and state root against the header.
 * `sequential`: the header checks, then the same engine once more in block order without speculation, compared field by
 * field. `ethereumjs`: the header checks, then plain @ethereumjs/vm on the same pre-state, compared field by field.
 */
export type VerifyMode = 'none' | 'header' | 'sequential' | 'ethereumjs'

/** `auto` decides per block; `parallel` and `sequential` force. */
export type ExecutionMode = 'auto' | 'parallel' | 'sequential'

export interface BlockExecutorOptions {
  /** Chain rules. Give this or `chain`; a custom Common may add forks and EIPs. */
  common?: Common
  /** Name of a chain @ethereumjs/common knows. Default `mainnet`. */
  chain?: 'mainnet' | 'sepolia' | 'holesky' | 'hoodi'
  /** Where the state before the first block comes from. */
  state: StateSource
  /**
   * Default `ethereumjs`. `wasm` runs blocks in the core without JavaScript on the way; for rules that it does not know
   * (own hardforks, EIPs, parameters, a `workerSetup`) `ethereumjs` runs, and `stats.fallback` says why.
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
  /** Upper bound of the shared memory, bytes. Default 2 GiB, at most 4 GiB. */
  maxMemory?: number
  /**
   * Module (URL or absolute path) that each worker imports. Its optional export `customCrypto` replaces the functions of
   * the same name in the workers' Common: functions cannot be sent to a worker.
   */
  workerSetup?: string | URL
}

export interface ExecuteOptions {
  /** Sender of each transaction (20 bytes each). Without it senders are recovered from the signatures. */
  senders?: readonly Uint8Array[]
  /** RLP of ancestor headers, newest first: the parent for the header checks, all of them for BLOCKHASH. */
  parentHeaders?: readonly Uint8Array[]
  /** Hashes of ancestors by number, for BLOCKHASH. */
  blockHashes?: ReadonlyMap<bigint, Uint8Array>
  /** Default `auto`. */
  mode?: ExecutionMode
  /** Compute the state root. Default true. */
  root?: boolean
  /** Make the state after the block the executor's state. Default true; false leaves it as it was. */
  advance?: boolean
}

export interface ExecutedLog {
  /** 20 bytes. */
  address: Uint8Array
  /** 32 bytes each. */
  topics: Uint8Array[]
  data: Uint8Array
}

export interface ExecutedReceipt {
  /** EIP-2718 type. */
  type: number
  /** 1 success, 0 failure; absent before Byzantium. */
  status?: 0 | 1
  /** State root after the transaction; before Byzantium only. */
  stateRoot?: Uint8Array
  /** Gas used by this transaction. */
  gasUsed: bigint
  /** Gas used by the block up to and including this transaction. */
  cumulativeGasUsed: bigint
  logsBloom: Uint8Array
  logs: ExecutedLog[]
  /** Address of a contract created by a creation transaction that succeeded, 20 bytes. */
  contractAddress?: Uint8Array
}

export interface StateDiffAccount {
  /** 20 bytes. */
  address: Uint8Array
  /** False: the account does not exist after the block. */
  exists: boolean
  nonce: bigint
  /** wei. */
  balance: bigint
  /** keccak-256 of the code. */
  codeHash: Uint8Array
  /** The code after the block, when it is not the one from before: empty when the account has none any more. */
  code?: Uint8Array
  /** The storage was cleared in the block before the slots below were written. */
  storageCleared: boolean
  /** Key and value after the block, 32 bytes big-endian each; zero means deleted. */
  storage: { key: Uint8Array; value: Uint8Array }[]
}

/** What a block changed, sorted by address and key. */
export type StateDiff = StateDiffAccount[]

export type LocationKind = 'balance' | 'nonce' | 'code' | 'existence' | 'storage'

export interface WorkerStats {
  executions: number
  reexecutions: number
  validations: number
  suspensions: number
  commits: number
  /** Milliseconds in each stage. */
  ms: { senders: number; execution: number; root: number }
}

export interface BlockStats {
  mode: 'parallel' | 'sequential'
  /** The engine that ran. */
  engine: EngineName
  /** Why it was not the engine that was asked for; absent when it was. */
  fallback?: string
  threads: number
  /** Executions of transactions, repeated ones included. */
  executions: number
  /** Executions that were repeats after a conflict or a dependency. */
  reexecutions: number
  validations: number
  /** Failed validations by the kind of the first location that differed. */
  conflicts: Record<LocationKind, number>
  /**
   * Milliseconds of wall-clock time by stage. They add up to `total`; `prepare` is all that none of the others took: decoding,
   * starting the workers and hearing from them, keeping the state.
   */
  ms: {
    total: number
    prepare: number
    senders: number
    execution: number
    root: number
    receipts: number
    verify: number
  }
  workers: WorkerStats[]
}

export interface BlockResult {
  number: bigint
  /** 32 bytes. */
  hash: Uint8Array
  receipts: ExecutedReceipt[]
  /** Gas used by the block. */
  gasUsed: bigint
  /** Blob gas used by the block (EIP-4844). */
  blobGasUsed: bigint
  /** 256 bytes. */
  logsBloom: Uint8Array
  /** Absent before Byzantium when no state root was asked for: receipts hold state roots then. */
  receiptsRoot?: Uint8Array
  /** Absent when it was not asked for. */
  stateRoot?: Uint8Array
  /** EIP-7685 requests (type byte and data) of a Prague or later block. */
  requests?: Uint8Array[]
  stateDiff: StateDiff
  stats: BlockStats
}
