// What a worker tells of its part in a block.
import type { MissingValue } from '../wasm/blockCore.js'
import type { NodePlace } from '../wasm/trieErrors.js'

/** A worker's part in a block. */
export interface BlockReport {
  /** Id of its core, from 1 on. */
  thread: number
  /** Milliseconds in each stage. */
  ms: { senders: number; execution: number; receipts: number; root: number; ahead: number }
  failure?: WorkerFailure
}

/** An error with what survives the way between threads. */
export interface WorkerFailure {
  code: string
  message: string
  stack?: string
  /** What the state source did not have, for MISSING_STATE. */
  missing?: MissingValue
  /** Where the trie node belongs, for MISSING_NODE and MALFORMED_NODE. */
  node?: NodePlace
}
