// What a source that keeps its state as rows has for the executor and its threads. Keys and values are those of
// assembly/abi/rows.ts: the core makes them, a storage engine keeps them in the order of their bytes.
import type { StagedState } from './staged.js'

/** A thread's own way to the rows. */
export interface RowReader {
  /** The row with this key; what is answered may be overwritten by the next call. Undefined: there is none. */
  get(key: Uint8Array): Uint8Array | undefined
  /** From here on the rows are those of the last batch that was written. */
  refresh(): void
  /** Lets go of it. */
  close(): void
}

/** How a thread opens a reader: an engine that this package has, or a module (URL) that exports `openReader(options)`. */
export interface ReaderSpec {
  /** Which. */
  readonly module: 'lmdb' | 'memory' | (string & {})
  /** What can be sent to a thread. */
  readonly options: unknown
}

/** A block as it is written. */
export interface RowBlock {
  readonly number: bigint
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** State root after the block, 32 bytes. */
  readonly stateRoot: Uint8Array
  /** What it changes in the rows, as the core lists it. Asked for when the block is kept. */
  changes(): Uint8Array
}

/** What the executor does with the rows; there once the source is attached. */
export interface RowStore {
  /** Of the executor's thread. */
  readonly reader: RowReader
  /** For the others. */
  readonly spec: ReaderSpec
  /** The state that was put when the source was attached is the first one: writes it. */
  found?: ((stateRoot: Uint8Array, changes: Uint8Array) => void) | undefined
  /** Prepares a block to be written. */
  stageBlock(block: RowBlock): StagedState
  /** Takes back so many blocks: the state root then, and the keys of the rows that changed. */
  revert(blocks: number): { stateRoot: Uint8Array; keys: Uint8Array[] }
}
