import { ParallevmError } from '../errors.js'
import type { StateSource } from '../sources/source.js'
import type { WasmMemory } from '../wasm/host.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { type MemoryOptions, SharedState } from './sharedState.js'

/** Of this thread, or as a worker told it. */
const isOutOfSpace = (error: unknown): boolean => error instanceof ParallevmError && error.code === 'OUT_OF_SPACE'

/** Of a source that no executor has after all; why that is so is told rather than what this comes to. */
export async function letGo(source: StateSource): Promise<void> {
  await source.detach?.().catch(() => {})
}

/** The state that an executor works on, in the memory that its threads share, and how it gets into another one. */
export class StateInMemory {
  #state: SharedState
  readonly #pool: WorkerPool
  readonly #options: MemoryOptions
  readonly #closing: AbortSignal
  /** The memory of the state before: the next one goes there. Idle workers would not let go of a dropped one for long. */
  // Decision 7 (docs/adr/0007-states-and-memories.md).
  #spare: WasmMemory | undefined

  constructor(state: SharedState, pool: WorkerPool, options: MemoryOptions, closing: AbortSignal) {
    this.#state = state
    this.#pool = pool
    this.#options = options
    this.#closing = closing
  }

  get state(): SharedState {
    return this.#state
  }

  /**
   * Does something with the state. What is in memory of a state store can be read again: of two memories each has half of what
   * may be used, and the work is done again in a fresh one when it did not fit into what was left.
   */
  // Decision 26 (docs/adr/0026-a-state-on-disk.md).
  async within<T>(work: () => Promise<T>): Promise<T> {
    const state = this.#state
    if (!state.capabilities.rows) return await work()
    if (2 * state.used > this.#options.maxMemory) await this.#move(state.source)
    try {
      return await work()
    } catch (error) {
      if (!isOutOfSpace(error) || this.#state !== state) throw error
      await this.#move(state.source)
      return await work()
    }
  }

  /** Puts another state into the place of this one, which stays when it throws. */
  async replace(source: StateSource): Promise<void> {
    const before = this.#state.source
    try {
      await this.#move(source)
    } catch (error) {
      if (before !== source) await letGo(source)
      throw error
    }
    if (before !== source) await before.detach?.()
  }

  /** Has all threads work on another memory, with this source. The old one stays when this throws. */
  async #move(source: StateSource): Promise<void> {
    const created = SharedState.create(source, this.#options, this.#spare)
    const state = await abortable(created, this.#closing)
    try {
      await this.#pool.attach(state.task)
    } catch (error) {
      this.#closing.throwIfAborted()
      // Some of the workers may be on the new memory already.
      await this.#pool.restart(this.#state.task)
      throw error
    }
    // The same state in another memory is after the same block.
    if (this.#state.source === source) state.latest = this.#state.latest
    this.#spare = this.#state.memory
    this.#state = state
  }
}
