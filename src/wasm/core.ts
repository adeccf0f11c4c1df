// One instance of the core with its memory, as the calling thread sees it.

import { type Exports, Status } from '../abi/exports.js'
import { OutOfSpaceError } from '../errors.js'
import type { WasmMemory } from './host.js'
import { compile, createMemory, instantiate } from './instance.js'

/** mem/layout.ts, CHUNK_SIZE. */
const CHUNK_SIZE = 262144

/** Memory, exports and the views over them; the views are renewed when the memory has grown. */
export class Core {
  readonly memory: WasmMemory
  readonly exports: Exports
  /** For one call at a time: what lies there is undefined after the next reservation. */
  readonly transfer: Transfer = new Transfer(this)
  #bytes: Uint8Array
  #view: DataView

  constructor(memory: WasmMemory, exports: Exports) {
    this.memory = memory
    this.exports = exports
    this.#bytes = new Uint8Array(memory.buffer)
    this.#view = new DataView(memory.buffer)
  }

  /**
   * A core of the calling thread's own, on a fresh memory.
   * @throws UnsupportedHostError, InvalidMemorySizeError, OutOfSpaceError
   */
  static create(options: { maxBytes?: number } = {}): Core {
    const memory = createMemory(options)
    const core = new Core(memory, instantiate(compile(), memory))
    if (core.exports.trieInit(0) !== Status.OK) throw new OutOfSpaceError(memory.buffer.byteLength, CHUNK_SIZE)
    return core
  }

  /** The whole memory as it is now: do not keep it across a call that may allocate. */
  get bytes(): Uint8Array {
    this.#refresh()
    return this.#bytes
  }

  get view(): DataView {
    this.#refresh()
    return this.#view
  }

  #refresh(): void {
    const buffer = this.memory.buffer
    if (this.#bytes.buffer === buffer && this.#bytes.byteLength === buffer.byteLength) return
    this.#bytes = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
  }

  /** A copy of `length` bytes at `at`, in memory of JavaScript's own. */
  read(at: number, length: number): Uint8Array {
    return this.bytes.slice(at, at + length)
  }

  /** Reads the u32 at `at`. */
  u32(at: number): number {
    return this.view.getUint32(at, true)
  }
}

/** A region for passing bytes in and out, replaced by a larger one on demand. */
export class Transfer {
  readonly #core: Core
  #at = 0
  #chunks = 0

  constructor(core: Core) {
    this.#core = core
  }

  /**
   * Address of at least `size` bytes; what an earlier reservation held is undefined.
   * @throws OutOfSpaceError when the memory has reached its maximum
   */
  reserve(size: number): number {
    const chunks = Math.ceil(size / CHUNK_SIZE) || 1
    if (chunks > this.#chunks) {
      this.release()
      const at = this.#core.exports.takeChunks(chunks) >>> 0
      if (at === 0) throw new OutOfSpaceError(this.#core.memory.buffer.byteLength, size)
      this.#at = at
      this.#chunks = chunks
    }
    return this.#at
  }

  /** Gives the region back. */
  release(): void {
    if (this.#chunks > 0) this.#core.exports.giveChunks(this.#at, this.#chunks)
    this.#at = 0
    this.#chunks = 0
  }
}

let shared: Core | undefined

/** The thread's default core, made on first use. */
export function defaultCore(): Core {
  shared ??= Core.create()
  return shared
}
