import type { ChainRules } from '../block/common.js'
import type { ReaderSpec } from '../sources/rows.js'
import type { EngineName } from '../types.js'
import type { MissingValue } from '../wasm/blockCore.js'
import type { WasmMemory, WasmModule } from '../wasm/host.js'
import type { DoorbellBuffers } from './doorbell.js'
import type { WorkerFailure } from './report.js'
import type { TraceReply } from './traceProtocol.js'

// What passes between the executor's thread and its workers. Data lies in the shared memory: a message carries where.

/** Given to each worker once, when it starts. */
export interface WorkerSetup {
  engine: EngineName
  rules: ChainRules
  /** URL of the user's set-up module. */
  setupModule?: string
  /** What it is to export: placesOf. */
  precompiles: string
  /** Tells of blocks. */
  doorbell: DoorbellBuffers
  /** Where threads leave what they do when, by their ids; absent when nobody wants to know. */
  spans?: readonly SharedArrayBuffer[]
  /** Number of the worker, from 0 on. */
  self: number
}

/** Instantiate the core on this memory. The worker answers when it is ready for a block, or why it never will be. */
export interface StartTask {
  /** Comes with the memory: a thread starts while it is still being compiled. */
  module: WasmModule
  memory: WasmMemory
  /** Where the state of the memory is kept in rows. */
  rows?: ReaderSpec | undefined
}

export interface StartedMessage {
  kind: 'started'
  failure?: WorkerFailure
}

/** What a worker says at any time; blocks begin and end through the doorbell. */
export type WorkerMessage = StartedMessage | BlockMessage | TraceReply

/** About the block that runs. */
export type BlockMessage = MissingMessage | FailureMessage | { kind: 'done' }

/** Transactions are parked until base values are in memory. The worker goes on. */
export interface MissingMessage {
  kind: 'missing'
  /** Serial number of the block: it may be over when the message is heard. */
  block: number
  parked: Parked[]
}

/** Transaction `index` is parked until these values are in memory. */
export interface Parked {
  index: number
  missing: MissingValue[]
  /** Nothing can change any more of what led to the first one; the others, if there are any, follow from guesses. */
  sure: boolean
}

/** The worker is done with the block, because of this. */
export interface FailureMessage {
  kind: 'failure'
  worker: number
  failure: WorkerFailure
}
