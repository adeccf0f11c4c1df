import { setImmediate } from 'node:timers/promises'
import { abortable } from './abortable.js'
import type { BlockRun } from './blockRun.js'

/** What the source said when it was asked. */
type Arrival = { readonly run: BlockRun } | { readonly error: unknown } | 'end'

/** How long the executor's thread waits for a block to come while the workers execute another, ms: for a file to be read. */
const PATIENCE = 0.5

/**
 * Reads the blocks to come: one beyond the block that was taken last, which is prepared while that one runs, or while the
 * consumer has its result.
 */
// Invariants: the source is asked only when it has answered; after `end` nothing is prepared any more.
export class Lookahead {
  readonly #source: AsyncIterator<unknown>
  readonly #admit: (item: unknown, index: number) => BlockRun
  readonly #prepare: (run: BlockRun) => void
  #count = 0
  /** The answer to the last question; undefined: all were taken. */
  #coming: Promise<Arrival> | undefined
  /** The same once it is there. */
  #arrived: Arrival | undefined
  /** No block is being executed: the next one is prepared as soon as it comes. */
  #resting = false
  /** The source has nothing more to say. */
  #finished = false
  #ended = false

  /**
   * @param admit checks an item, which is its turn to copy
   * @param prepare does what can be done of a block before its turn; never throws
   */
  constructor(
    blocks: AsyncIterable<unknown> | Iterable<unknown>,
    admit: (item: unknown, index: number) => BlockRun,
    prepare: (run: BlockRun) => void,
  ) {
    this.#source = itemsOf(blocks)
    this.#admit = admit
    this.#prepare = prepare
  }

  /**
   * The next block, undefined at the end. The one after it is asked for while it runs: copying that takes as long as other things
   * that no other thread can do meanwhile.
   * @throws what the source or `admit` throws, or the reason of a signal
   */
  async take(closing: AbortSignal, ending: AbortSignal): Promise<BlockRun | undefined> {
    this.#resting = false
    this.#coming ??= this.#ask()
    closing.throwIfAborted()
    ending.throwIfAborted()
    const arrival = this.#arrived ?? (await abortable(abortable(this.#coming, ending), closing))
    if (arrival === 'end') return undefined
    if ('error' in arrival) throw arrival.error
    this.#arrived = undefined
    this.#coming = undefined
    return arrival.run
  }

  /** While workers execute the block that was taken: asks for the one after it, and prepares it, if it comes. Never throws. */
  async prepare(): Promise<void> {
    this.#coming ??= this.#ask()
    const end = performance.now() + PATIENCE
    while (this.#arrived === undefined && performance.now() < end) await setImmediate()
    this.#prepareArrived()
  }

  /** The block that was taken is done. */
  rest(): void {
    this.#resting = true
    this.#coming ??= this.#ask()
    this.#prepareArrived()
  }

  /**
   * Gives up what was prepared, and has the source clean up. It is not waited for where it has not answered yet.
   * @throws what the source throws
   */
  async end(closing: AbortSignal): Promise<void> {
    this.#ended = true
    const arrived = this.#arrived
    if (typeof arrived === 'object' && 'run' in arrived) arrived.run.release()
    if (this.#finished) return
    const left = Promise.resolve(this.#source.return?.())
    left.catch(() => {})
    if (this.#coming === undefined || arrived !== undefined) await abortable(left, closing)
  }

  async #ask(): Promise<Arrival> {
    const arrival = await this.#answer()
    this.#arrived = arrival
    if (this.#resting) this.#prepareArrived()
    return arrival
  }

  async #answer(): Promise<Arrival> {
    let item: IteratorResult<unknown>
    try {
      item = await this.#source.next()
    } catch (error) {
      this.#finished = true
      return { error }
    }
    if (item.done) {
      this.#finished = true
      return 'end'
    }
    try {
      return { run: this.#admit(item.value, this.#count++) }
    } catch (error) {
      return { error }
    }
  }

  #prepareArrived(): void {
    if (!this.#ended && typeof this.#arrived === 'object' && 'run' in this.#arrived) this.#prepare(this.#arrived.run)
  }
}

/** Both kinds of iterables as one; nothing is read before it is asked for. */
async function* itemsOf(blocks: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<unknown, void, undefined> {
  yield* blocks
}
