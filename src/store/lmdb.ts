// The engine LMDB: a file that is mapped into memory, one writer, readers that wait for nobody.
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { RootDatabase } from 'lmdb'
import { messageOf } from '../errors.js'
import type { ReaderSpec, RowReader } from '../sources/rows.js'
import type { EngineBatch, StorageEngine } from './engine.js'
import { StoreError, storeError } from './errors.js'
import { keyAfter } from './keys.js'
import { checkLmdbFile } from './lmdbFile.js'
import { lockFolder } from './lock.js'

type Rows = RootDatabase<Uint8Array, Uint8Array>

export const LMDB_OPTIONS = { keyEncoding: 'binary', encoding: 'binary', cache: false, maxDbs: 1 } as const

/**
 * Rows in an LMDB database in the folder `path`, which is made where it lacks.
 * @param check looks at the file before it is opened; may throw
 * @throws StoreError STORE_ENGINE_MISSING, STORE_LOCKED, STORE_CORRUPT, STORE_FAILED
 */
export async function lmdbEngine(path: string, check?: () => Promise<void>): Promise<StorageEngine> {
  const { open } = await load()
  let unlock: (() => void) | undefined
  try {
    mkdirSync(path, { recursive: true })
    unlock = lockFolder(path)
    checkLmdbFile(path)
    await check?.()
    return new LmdbEngine(open<Uint8Array, Uint8Array>({ path, ...LMDB_OPTIONS }), path, unlock)
  } catch (error) {
    unlock?.()
    throw storeError('opening it', error, path)
  }
}

/** For a thread of its own. */
export async function openReader(options: unknown): Promise<RowReader> {
  const { open } = await load()
  const { path } = options as { path: string }
  return new LmdbReader(open<Uint8Array, Uint8Array>({ path, ...LMDB_OPTIONS, readOnly: true }))
}

async function load(): Promise<typeof import('lmdb')> {
  try {
    return await import('lmdb')
  } catch (cause) {
    // In a worker made of text there is no module to resolve a name from but the program's.
    try {
      return createRequire(`${process.cwd()}/`)('lmdb') as typeof import('lmdb')
    } catch {
      throw new StoreError(
        'STORE_ENGINE_MISSING',
        `a state on disk needs the package lmdb, which is optional: npm install lmdb (${messageOf(cause)})`,
        { cause },
      )
    }
  }
}

class LmdbReader implements RowReader {
  protected readonly db: Rows

  constructor(db: Rows) {
    this.db = db
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const row = this.db.getBinaryFast(key)
    // Its `length` is that of the row, but it is a view of the whole buffer that all rows pass through.
    return row && new Uint8Array(row.buffer, row.byteOffset, row.length)
  }

  refresh(): void {
    this.db.resetReadTxn()
  }

  close(): void {
    void this.db.close()
  }
}

class LmdbEngine extends LmdbReader implements StorageEngine {
  readonly spec: ReaderSpec
  readonly #path: string
  readonly #unlock: () => void

  constructor(db: Rows, path: string, unlock: () => void) {
    super(db)
    this.#path = path
    this.#unlock = unlock
    this.spec = { module: 'lmdb', options: { path } }
  }

  *range(prefix: Uint8Array, start = prefix): Generator<readonly [Uint8Array, Uint8Array]> {
    const end = keyAfter(prefix)
    for (const { key, value } of this.db.getRange({ start, ...(end && { end }) })) yield [key, value]
  }

  write<T>(work: (batch: EngineBatch) => T): T {
    const { db } = this
    const batch: EngineBatch = {
      get: (key) => db.getBinary(key),
      put: (key, value) => db.putSync(key, value),
      delete: (key) => void db.removeSync(key),
      // All of them first: what is deleted meanwhile would move the cursor.
      range: (prefix) => [...this.range(prefix)],
    }
    try {
      return db.transactionSync(() => {
        try {
          return { result: work(batch) }
        } catch (error) {
          throw new Abort(error)
        }
      }).result
    } catch (error) {
      throw error instanceof Abort ? error.cause : storeError('writing', error, this.#path)
    }
  }

  async copyTo(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true })
    try {
      // Without the pages that are free.
      await this.db.backup(folder, true)
    } catch (error) {
      throw storeError('copying it', error, folder)
    }
  }

  override close(): void {
    super.close()
    this.#unlock()
  }
}

/** Of the work, not of the engine. */
class Abort extends Error {
  constructor(cause: unknown) {
    super('aborted', { cause })
  }
}
