// The core's import for rows of a state store, as an instance asks for them (assembly/trie/store.ts).
import type { RowReader } from '../sources/rows.js'
import type { WasmImports, WasmMemory } from './host.js'

const ABSENT = -1
const FAILED = -2

/** A thread's rows as its instance of the core reads them. */
export class RowPort {
  readonly imports: WasmImports
  /** Set once it is open. */
  reader: RowReader | undefined
  /** Why the last read that failed did, since `begin`: it fails the block. */
  failure: unknown

  constructor(memory: WasmMemory) {
    const bytes = new Uint8Array(memory.buffer)
    // Invariant: it throws nothing through the core, whose callers would not know what it had begun.
    const readRow = (key: number, keyLength: number, out: number, room: number): number => {
      const from = key >>> 0
      try {
        const row = this.reader?.get(bytes.subarray(from, from + keyLength))
        if (row === undefined) return this.reader === undefined ? FAILED : ABSENT
        if (row.length <= room >>> 0) bytes.set(row, out >>> 0)
        return row.length
      } catch (error) {
        this.failure ??= error
        return FAILED
      }
    }
    this.imports = { env: { readRow } }
  }

  /** Before a block. */
  begin(): void {
    this.failure = undefined
    this.reader?.refresh()
  }
}
