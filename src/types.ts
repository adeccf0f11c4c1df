// What an executed block is told as. Shapes only: no room is imported here.

/** The EVM that runs inside the workers. Both sit behind the same scheduler and versioned memory. */
export type EngineName = 'wasm' | 'ethereumjs'

/** A log (LOG0 to LOG4) of a transaction that succeeded. */
export interface ExecutedLog {
  /** 20 bytes. */
  address: Uint8Array
  /** 32 bytes each. */
  topics: Uint8Array[]
  /** Bytes as the contract gave them. */
  data: Uint8Array
}

/** What a transaction came to: what its receipt holds, and the gas that it used by itself. */
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
  /** 256 bytes. */
  logsBloom: Uint8Array
  /** In the order of the opcodes that made them. */
  logs: ExecutedLog[]
  /** Address of a contract created by a creation transaction that succeeded, 20 bytes. */
  contractAddress?: Uint8Array
  /** With the option `outputs`: what the transaction returned, or reverted with. */
  output?: TransactionOutput
}

/** What a transaction returned, beside its receipt. */
export interface TransactionOutput extends RevertReason {
  /** Of a call; of a creation nothing, unless it reverted. */
  returnData: Uint8Array
  /** Why it failed, as @ethereumjs/evm words it. */
  error?: string
}

/** What a contract reverted with. */
export interface RevertReason {
  /** What `Error(string)` or `Panic(uint256)` says. */
  revertReason?: string
  /** Another error. */
  customError?: CustomError
}

/** An error of a contract's own: what a REVERT returns that is neither `Error(string)` nor `Panic(uint256)`. */
export interface CustomError {
  /** 4 bytes: of the hash of the error's signature. */
  selector: Uint8Array
  /** Its arguments, encoded. */
  data: Uint8Array
}

/** An account that a block changed: what it is after the block. */
export interface StateDiffAccount {
  /** 20 bytes. */
  address: Uint8Array
  /** False: the account does not exist after the block. */
  exists: boolean
  /** 0 for an account that does not exist. */
  nonce: bigint
  /** wei. */
  balance: bigint
  /** keccak-256 of the code. */
  codeHash: Uint8Array
  /** The code after the block, when it is not the one from before: empty when the account has none any more. */
  code?: Uint8Array
  /** The storage was cleared in the block before the slots below were written. */
  storageCleared: boolean
  /** The slots that changed. */
  storage: {
    /** 32 bytes, big-endian. */
    key: Uint8Array
    /** After the block, 32 bytes, big-endian; zero means deleted. */
    value: Uint8Array
  }[]
}

/** What a block changed, sorted by address and key. */
export type StateDiff = StateDiffAccount[]

/** When something changed: 0 in the block's work before its transactions, 1 in the first of them, and so on (EIP-7928). */
interface Change {
  /** As above. */
  index: number
}

/** A slot after a transaction that changed it. */
export interface StorageChange extends Change {
  /** 32 bytes, big-endian. */
  value: Uint8Array
}

/** A balance after a transaction that changed it. */
export interface BalanceChange extends Change {
  /** wei. */
  balance: bigint
}

/** A nonce after a transaction that changed it. */
export interface NonceChange extends Change {
  /** The nonce. */
  nonce: bigint
}

/** A code after a transaction that changed it. */
export interface CodeChange extends Change {
  /** The code itself; empty: it has none any more. */
  code: Uint8Array
}

/** What a block touched of an account (EIP-7928). `index`: 0 the block's work before its transactions, 1 the first of them. */
export interface AccountAccess {
  /** 20 bytes. */
  address: Uint8Array
  /** Slots that changed, by key. */
  storageChanges: {
    /** 32 bytes, big-endian. */
    key: Uint8Array
    /** Each value that the slot had after a transaction which changed it, 32 bytes. */
    changes: StorageChange[]
  }[]
  /** Keys of slots that were looked at and never changed, 32 bytes each. */
  storageReads: Uint8Array[]
  /** wei. */
  balanceChanges: BalanceChange[]
  /** In the order of transactions, as the other changes. */
  nonceChanges: NonceChange[]
  /** The code itself; empty: it has none any more. */
  codeChanges: CodeChange[]
}

/** The access list of a block (EIP-7928). */
export interface BlockAccessList {
  /** As its hash is of it, and as other clients take it. */
  rlp: Uint8Array
  /** keccak-256 of the RLP, 32 bytes; of a block before Amsterdam made when first read. */
  hash: Uint8Array
  /** Addresses, and slots of all of them: at most a 2,000th of the gas limit is allowed. */
  items: number
  /** The same as objects, by address; made when first read. */
  accounts: AccountAccess[]
}

/** What is read and written as one value; `existence` holds for accounts that are empty, too. */
export type LocationKind = 'balance' | 'nonce' | 'code' | 'existence' | 'storage'

/** What one thread did for a block. */
export interface WorkerStats {
  /** Executions of transactions, repeated ones included. */
  executions: number
  /** Executions that were repeats. */
  reexecutions: number
  /** Times that the reads of a transaction were read again. */
  validations: number
  /** Executions that stopped at a value which an earlier transaction or the state source had to give first. */
  suspensions: number
  /** Transactions that this thread committed, whoever executed them. */
  commits: number
  /** Milliseconds in each stage. */
  ms: {
    /** Recovering senders from signatures. */
    senders: number
    /** Transactions, and the block's own work before and after them. */
    execution: number
    /** Encoding and hashing receipts. */
    receipts: number
    /** The state root. */
    root: number
    /** Senders of the block after this one, of `executeAll`. */
    ahead: number
  }
}

/** A stretch of time of a thread, without a gap in what it did. */
export interface Span {
  /** 0: the calling thread; workers from 1 on. */
  thread: number
  /**
   * Every thread: the stages of a block as in `WorkerStats`, and `waiting` in the middle of one. The calling thread besides:
   * `prepare` of a block up to the call of the workers; `next`, the same for the block after it; `result`: receipts and
   * difference as the caller gets them; `settle`: comparing, keeping the state.
   */
  stage: keyof WorkerStats['ms'] | 'waiting' | 'prepare' | 'next' | 'result' | 'settle'
  /** Milliseconds, on the clock of the calling thread's `performance.now()`. */
  start: number
  /** On the same clock. */
  end: number
  /**
   * Position of the transaction that a stretch of `execution` was for, which ends with it: once for each time that it was executed,
   * to its end or until it had to wait for another. Of the engine `wasm` only.
   */
  transaction?: number
}

/** How a block was executed, and how long it took. */
export interface BlockStats {
  /**
   * As decided, or forced by the option `mode`. `list`: in parallel, each transaction reading what the access list that was
   * given claims of those before it, and compared with what it claims of this one.
   */
  mode: 'parallel' | 'list' | 'sequential'
  /** Why the block was executed once more without the access list that was given; absent when it was not. */
  listRefused?: string
  /** The engine that ran. */
  engine: EngineName
  /** Why it was not the engine that was asked for; absent when it was. */
  fallback?: string
  /** Threads that took part, the calling one included. */
  threads: number
  /** Executions of transactions, repeated ones included. */
  executions: number
  /** Executions that were repeats after a conflict or a dependency. */
  reexecutions: number
  /** Times that the reads of a transaction were read again, at its turn or before. */
  validations: number
  /** Failed validations by the kind of the first location that differed. */
  conflicts: Record<LocationKind, number>
  /**
   * Milliseconds of wall-clock time by stage. They add up to `total`; `prepare` is all that none of the others took: decoding,
   * starting the workers and hearing from them, keeping the state.
   */
  ms: {
    /** From the call of `execute`, waiting for earlier blocks left out, to its result. */
    total: number
    /** What none of the others took. */
    prepare: number
    /** Recovering senders: of the thread that was busy longest, as the next two and, up to the last transaction, receipts. */
    senders: number
    /** Transactions, and the block's own work before and after them. */
    execution: number
    /** The state root, or writing to the state source. */
    root: number
    /** Receipts, bloom and receipts root, and the state difference. */
    receipts: number
    /** Comparing with the header, and the second run of `verify`. */
    verify: number
  }
  /** Each thread that took part. */
  workers: WorkerStats[]
  /** With the option `timeline`: what threads did since the result before, in the order of each. */
  timeline?: Span[]
}

/** What a block came to. The bytes belong to the caller. */
export interface BlockResult {
  /** Number of the block. */
  number: bigint
  /** 32 bytes. */
  hash: Uint8Array
  /** One a transaction, in block order. */
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
  /** With the option `generate`: the block with the fields of its header that were to be made. */
  generated?: {
    /** RLP of the block. */
    blockRlp: Uint8Array
    /** Root of the transactions, 32 bytes. */
    transactionsRoot: Uint8Array
  }
  /** With the option `witness`. */
  witness?: ExecutionWitness
  /** What the block changed, also with `advance: false`. */
  stateDiff: StateDiff
  /** What the block touched: from Amsterdam on, and of every block with the option `accessList` (EIP-7928). */
  blockAccessList?: BlockAccessList
  /** How it was executed. */
  stats: BlockStats
}

/** What an account is in the state after the last block. */
export interface StateAccount {
  /** Below 2^64. */
  nonce: bigint
  /** wei. */
  balance: bigint
  /** keccak-256 of the code, 32 bytes; of nothing for an account without code. */
  codeHash: Uint8Array
}

/** A Merkle proof of an account and some of its slots, as `eth_getProof` answers (EIP-1186): all of it in hex. */
export interface AccountProof {
  /** 20 bytes. */
  address: `0x${string}`
  /** wei. */
  balance: `0x${string}`
  /** 0 for an account that does not exist. */
  nonce: `0x${string}`
  /** keccak-256 of the code. */
  codeHash: `0x${string}`
  /** Root of the account's storage trie. */
  storageHash: `0x${string}`
  /** RLP of the nodes on the way to the account, or to where it would be, the root first. */
  accountProof: `0x${string}`[]
  /** In the order of the keys that were asked for. */
  storageProof: {
    /** 32 bytes. */
    key: `0x${string}`
    /** Without leading zeros. */
    value: `0x${string}`
    /** RLP of the nodes on the way to the slot; empty when the storage is. */
    proof: `0x${string}`[]
  }[]
}

/** What a block reads of the state before it, and no more, in the order in which it does: as `debug_executionWitness` answers. */
export interface ExecutionWitness {
  /** RLP of trie nodes, account trie and storage tries together. */
  state: Uint8Array[]
  /** Codes that were executed or read. */
  codes: Uint8Array[]
  /** RLP of ancestors as they were given, newest first: the parent, and all of them where BLOCKHASH asked for others. */
  headers: Uint8Array[]
}
