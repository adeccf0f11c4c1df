// What makes a written block undone: the rows as they were before, one after another.
import type { EngineBatch } from './engine.js'

const ABSENT = 0xffff_ffff
const HEAD = 6

/** Collects the rows of a block before each is written. */
export class UndoRecord {
  readonly #parts: Uint8Array[] = []

  /** `value`: before the block; undefined where there was no row. */
  add(key: Uint8Array, value: Uint8Array | undefined): void {
    const head = Buffer.alloc(HEAD)
    head.writeUInt16LE(key.length)
    head.writeUInt32LE(value?.length ?? ABSENT, 2)
    this.#parts.push(head, key)
    if (value !== undefined) this.#parts.push(value)
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

/** Puts the rows of a record back, the last one first: a row may have been written twice. The keys. */
export function undo(record: Uint8Array, batch: EngineBatch): Uint8Array[] {
  const rows = [...rowsOf(record)].reverse()
  for (const [key, value] of rows) {
    if (value === undefined) batch.delete(key)
    else batch.put(key, value)
  }
  return rows.map(([key]) => key.slice())
}

function* rowsOf(record: Uint8Array): Generator<readonly [key: Uint8Array, value: Uint8Array | undefined]> {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  for (let at = 0; at < record.length; ) {
    const key = at + HEAD
    const value = key + view.getUint16(at, true)
    const length = view.getUint32(at + 2, true)
    at = value + (length === ABSENT ? 0 : length)
    yield [record.subarray(key, value), length === ABSENT ? undefined : record.subarray(value, at)]
  }
}
