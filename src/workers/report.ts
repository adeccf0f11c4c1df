// What a worker tells of its part in a block.

/** A worker's part in a block. */
export interface BlockReport {
  /** Id of its core, from 1 on. */
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
