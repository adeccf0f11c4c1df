import type { EngineName } from '../executor/types.js'
import type { WasmMemory, WasmModule } from '../wasm/host.js'

// What passes between the executor's thread and its workers. Data lies in the shared memory: a message carries where.

/** Given to each worker once, when it starts. */
export interface WorkerSetup {
  module: WasmModule
  memory: WasmMemory
  engine: EngineName
  /** Description of the chain rules, see ethereumjs/common.ts. */
  common: unknown
  /** URL of the user's set-up module. */
  setupModule?: string
  /** One i32 per thread id: 1 while a live worker holds the id. Id 0 is the executor's own thread. */
  threadIds: SharedArrayBuffer
  /** i32 counters of the start-up barrier: [arrived]. */
  barrier: SharedArrayBuffer
}

/** Every worker answers once all are up, so that the first block finds each of them ready. */
export interface StartTask {
  kind: 'start'
  workers: number
}

/** Take part in the block whose request lies at `request` until it is done. */
export interface BlockTask {
  kind: 'block'
  request: number
}

export type Task = StartTask | BlockTask

/** From a worker, while it goes on: transaction `index` is parked until this base value is in memory. */
export interface MissingMessage {
  kind: 'missing'
  index: number
  /** 20 bytes. */
  address: Uint8Array
  /** 32 bytes, for a storage slot. */
  key?: Uint8Array
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
