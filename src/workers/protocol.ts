import type { ChainRules } from '../ethereumjs/common.js'
import type { EngineName } from '../executor/types.js'
import type { Missing } from '../wasm/blockCore.js'
import type { WasmMemory, WasmModule } from '../wasm/host.js'

// What passes between the executor's thread and its workers. Data lies in the shared memory: a message carries where.

/** Given to each worker once, when it starts. */
export interface WorkerSetup {
  module: WasmModule
  engine: EngineName
  rules: ChainRules
  /** URL of the user's set-up module. */
  setupModule?: string
}

/**
 * Instantiate the core on this memory. Every worker answers once all have, so that each of them gets exactly one such task
 * and the first block finds all of them ready.
 */
export interface StartTask {
  kind: 'start'
  memory: WasmMemory
  workers: number
  /** i32: workers that took a thread id. Ids run from 1; 0 is the executor's own thread. */
  taken: SharedArrayBuffer
  /** i32: workers that are ready, or failed to be. */
  ready: SharedArrayBuffer
}

/** Take part in the block whose request lies at `request` until it is done. */
export interface BlockTask {
  kind: 'block'
  request: number
}

export type Task = StartTask | BlockTask

/** From a worker, while it goes on: transaction `index` is parked until this base value is in memory. */
export interface MissingMessage {
  index: number
  missing: Missing
}

/** What a worker says when a block is over for it. */
export interface BlockReport {
  thread: number
  /** Milliseconds in each stage. */
  ms: { senders: number; execution: number; root: number }
  failure?: WorkerFailure
}

/** An error with what survives the way between threads. */
export interface WorkerFailure {
  code: string
  message: string
  stack?: string
}
