// What is known of a block that was executed on one thread.

/** A read of a location that is versioned by itself (decision 4): a slot, the nonce of a sender. */
export interface TracedRead {
  /** Number of the location. */
  location: number
  /** When it is, as a share of the time that the transaction takes: 0 to 1. */
  at: number
}

export interface TracedTransaction {
  /** Milliseconds that it takes, executed in block order. */
  ms: number
  gas: number
  /** In the order in which they are. */
  reads: readonly TracedRead[]
  /** Locations that it changes. */
  changes: readonly number[]
  /** Whom it calls: the same of two for the same, empty for nobody. */
  target: string
}

/** Times in milliseconds, of one thread. */
export interface BlockTrace {
  transactions: readonly TracedTransaction[]
  /** The block's own work. */
  work: { before: number; after: number }
  /** Recovery of all senders. */
  senders: number
  /** Hashing the body and the receipts. */
  receipts: number
  /** The state root. */
  root: number
  /** What the executor's thread does alone: before threads begin, and after they have ended. */
  alone: { before: number; after: number }
  /** What of it takes another time where blocks follow one another. */
  inRow: InRow
}

/** Times in milliseconds, of one thread, of a block of a row. */
export interface InRow {
  senders: number
  receipts: number
  root: number
  /** Of the executor's thread: for the next block, while other threads execute this one; alone before it, and after it. */
  ahead: number
  before: number
  after: number
}
