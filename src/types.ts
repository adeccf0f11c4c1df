// What an executed block is told as. Shapes only: no room is imported here.

/** The EVM that runs inside the workers. Both sit behind the same scheduler and versioned memory. */
export type EngineName = 'ethereumjs' | 'wasm'

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
  /** New code, when the block set it. */
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
  /** Milliseconds of wall-clock time by stage; `prepare` is all that passes before, between and after the workers' stages. */
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
