import type { ChainRules } from '../block/common.js'
import type { EngineName } from '../types.js'
import type { Missing } from '../wasm/blockCore.js'
import type { WasmMemory, WasmModule } from '../wasm/host.js'
import type { DoorbellBuffers } from './doorbell.js'
import type { WorkerFailure } from './report.js'

// What passes between the executor's thread and its workers. Data lies in the shared memory: a message carries where.

/** Given to each worker once, when it starts. */
export interface WorkerSetup {
  module: WasmModule
  engine: EngineName
  rules: ChainRules
  /** URL of the user's set-up module. */
  setupModule?: string
  /** Tells of blocks. */
  bell: DoorbellBuffers
  /** i32: workers that took a number. */
  taken: SharedArrayBuffer
}

/**
 * Instantiate the core on this memory. Every worker answers once all have, so that each of them gets exactly one such task
 * and the first block finds all of them ready.
 */
export interface StartTask {
  memory: WasmMemory
  workers: number
  /** i32: workers that are ready, or failed to be. */
  ready: SharedArrayBuffer
}

/** What a worker says at any time; blocks begin and end through the bell. */
export type WorkerMessage = MissingMessage | FailureMessage | { kind: 'done' }

/** Transaction `index` is parked until this base value is in memory. The worker goes on. */
export interface MissingMessage {
  kind: 'missing'
  index: number
  missing: Missing
}

/** The worker is done with the block, because of this. */
export interface FailureMessage {
  kind: 'failure'
  worker: number
  failure: WorkerFailure
}
