import type { ReaderSpec, RowReader } from '../sources/rows.js'
import type { EngineBatch, StorageEngine } from './engine.js'
import { RowMap } from './rowMap.js'

// Rows in memory that threads share, for tests and for states that nobody needs again: a log of batches. Each thread has its
// own index of it.
//
// Invariant: bytes below the length are written once; the length grows when a whole batch is there.

const DELETED = 0xffff_ffff
const HEAD = 8

interface SharedLog {
  length: BigInt64Array
  bytes: Uint8Array
}

/** Rows in memory. `bytes`: room for all that is ever written; what is not used costs address space only. */
export function memoryEngine(bytes = 2 ** 30): StorageEngine {
  return new MemoryEngine({
    length: new BigInt64Array(new SharedArrayBuffer(8)),
    bytes: new Uint8Array(new SharedArrayBuffer(bytes)),
  })
}

/** For a thread of its own. */
export function openReader(options: unknown): RowReader {
  return new MemoryReader(options as SharedLog)
}

class MemoryReader implements RowReader {
  protected readonly rows = new RowMap()
  protected read = 0
  readonly #log: SharedLog

  constructor(log: SharedLog) {
    this.#log = log
    this.refresh()
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.rows.get(key)
  }

  refresh(): void {
    const { length, bytes } = this.#log
    const end = Number(Atomics.load(length, 0))
    const view = new DataView(bytes.buffer)
    while (this.read < end) {
      const keyLength = view.getUint32(this.read, true)
      const valueLength = view.getUint32(this.read + 4, true)
      const value = this.read + HEAD + keyLength
      this.read = value + (valueLength === DELETED ? 0 : valueLength)
      this.rows.set(
        bytes.subarray(value - keyLength, value),
        valueLength === DELETED ? undefined : bytes.subarray(value, this.read),
      )
    }
  }

  close(): void {}
}

class MemoryEngine extends MemoryReader implements StorageEngine {
  readonly spec: ReaderSpec
  readonly #log: SharedLog

  constructor(log: SharedLog) {
    super(log)
    this.#log = log
    this.spec = { module: 'memory', options: log }
  }

  range(prefix: Uint8Array, start?: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    return this.rows.range(prefix, start)
  }

  write<T>(work: (batch: EngineBatch) => T): T {
    const changes = new RowMap(this.rows)
    const result = work({
      get: (key) => changes.get(key)?.slice(),
      put: (key, value) => changes.set(key.slice(), value.slice()),
      delete: (key) => changes.set(key.slice(), undefined),
      range: (prefix) => [...changes.range(prefix)],
    })
    this.#append(changes)
    this.refresh()
    return result
  }

  #append(changes: RowMap): void {
    const { length, bytes } = this.#log
    const view = new DataView(bytes.buffer)
    let at = this.read
    for (const [key, value] of changes.own()) {
      const end = at + HEAD + key.length + (value?.length ?? 0)
      if (end > bytes.length) throw new RangeError(`the log of ${bytes.length} bytes is full`)
      view.setUint32(at, key.length, true)
      view.setUint32(at + 4, value?.length ?? DELETED, true)
      bytes.set(key, at + HEAD)
      if (value !== undefined) bytes.set(value, at + HEAD + key.length)
      at = end
    }
    Atomics.store(length, 0, BigInt(at))
  }
}
