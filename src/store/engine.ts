import type { ReaderSpec, RowReader } from '../sources/rows.js'

/** Inside a batch; sees what the batch has written so far. Bytes that are answered are the caller's own. */
export interface EngineBatch {
  /** The row with this key; undefined: there is none. */
  get(key: Uint8Array): Uint8Array | undefined
  /** Writes a row, in place of the one that may be there. */
  put(key: Uint8Array, value: Uint8Array): void
  /** Deletes a row, which need not be there. */
  delete(key: Uint8Array): void
  /** Rows whose keys begin with `prefix`, in the order of the keys. */
  range(prefix: Uint8Array): Iterable<readonly [key: Uint8Array, value: Uint8Array]>
}

/**
 * A storage engine: rows in the order of the bytes of their keys. A key has at most 85 bytes. To have another one is a module
 * with this and `openReader`.
 */
export interface StorageEngine extends RowReader {
  /** Rows whose keys begin with `prefix`, in the order of the keys, from `start` on; a walk may be left at any row. */
  range(prefix: Uint8Array, start?: Uint8Array): Iterable<readonly [key: Uint8Array, value: Uint8Array]>
  /**
   * Does all that `work` does or, where it or the engine throws, nothing: whatever happens to the process. When it returns the
   * rows are where a crash of the machine does not reach them, as far as the engine can tell.
   */
  write<T>(work: (batch: EngineBatch) => T): T
  /** Copies the rows as they are now into a folder, while they are read and written; left out where it cannot. */
  copyTo?(folder: string): Promise<void>
  /** How other threads read the same rows. */
  readonly spec: ReaderSpec
}
