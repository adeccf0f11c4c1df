import type { Common } from '@ethereumjs/common'
import type { StateSource } from '../sources/source.js'
import type { EngineName } from '../types.js'

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
