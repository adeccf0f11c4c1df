// One instance of the core with its memory, as the calling thread sees it.

import { CHUNK_SIZE, Status } from '../abi/core.generated.js'
import type { Exports } from '../abi/exports.js'
import { OutOfSpaceError } from '../errors.js'
import type { WasmMemory } from './host.js'
import { compile, createMemory, instantiate } from './instance.js'

/** Memory, exports and the views over them: the memory never grows, so they stay right. */
export class Core {
  readonly memory: WasmMemory
  readonly exports: Exports
  /** For one call at a time: what lies there is undefined after the next reservation. */
  readonly transfer: Transfer = new Transfer(this)
  /** The whole memory. */
  readonly bytes: Uint8Array
  /** The same. */
  readonly view: DataView

  constructor(memory: WasmMemory, exports: Exports) {
    this.memory = memory
    this.exports = exports
    this.bytes = new Uint8Array(memory.buffer)
    this.view = new DataView(memory.buffer)
  }

  /**
   * A core of the calling thread's own, on a fresh memory.
   * @throws UnsupportedHostError, InvalidMemorySizeError, MemoryRefusedError, OutOfSpaceError
   */
  static create(options: { maxBytes?: number } = {}): Core {
    const memory = createMemory(options)
    const core = new Core(memory, instantiate(compile(), memory))
    if (core.exports.trieInit(0) !== Status.OK) throw new OutOfSpaceError(memory.buffer.byteLength, CHUNK_SIZE)
    return core
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
