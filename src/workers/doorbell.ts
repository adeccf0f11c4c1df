import type { BlockReport } from './report.js'

// How the workers hear of a block and tell that they are done, through shared words instead of messages: a message costs the
// executor's thread some ten microseconds for each worker, this one call whatever their number.
//
// Only worker 0 is rung by the executor, and each worker rings two others. By then the executor's thread sleeps, and its
// core is free: woken all at once, two workers are often queued on one core while another is about to become idle, and stay
// there for milliseconds.
//
// Invariants: request and participants are written before the first ring, reports before the count goes down, and the
// executor writes only when the count is 0 (or a worker died). So each is read by one side while the other leaves it alone.
//
// Decision 10 (docs/adr/0010-waking-threads.md).

const REQUEST = 0
const PARTICIPANTS = 1
/** Workers that are not done with the block. */
const LEFT = 2
/** One word for each worker: rises with every ring. */
const RINGS = 3

/** f64 of a report: milliseconds of the stages, and 1 when the worker failed. */
const REPORT_SIZE = 6

/** Bound of a wait between two looks at the event loop. */
export const MAX_WAIT_MS = 5

export interface DoorbellBuffers {
  words: SharedArrayBuffer
  reports: SharedArrayBuffer
}

export class Doorbell {
  readonly #words: Int32Array
  readonly #reports: Float64Array

  constructor({ words, reports }: DoorbellBuffers) {
    this.#words = new Int32Array(words)
    this.#reports = new Float64Array(reports)
  }

  static buffers(workers: number): DoorbellBuffers {
    return {
      words: new SharedArrayBuffer(4 * (RINGS + workers)),
      reports: new SharedArrayBuffer(8 * REPORT_SIZE * workers),
    }
  }

  /** The executor: calls workers 0 to participants - 1 to the block whose request lies there. */
  ring(request: number, participants: number): void {
    this.#words[REQUEST] = request
    this.#words[PARTICIPANTS] = participants
    Atomics.store(this.#words, LEFT, participants)
    this.#ring(0)
  }

  #ring(worker: number): void {
    Atomics.add(this.#words, RINGS + worker, 1)
    Atomics.notify(this.#words, RINGS + worker)
  }

  /** A worker: the ring that comes after those it has `heard`; its number. The thread's event loop runs meanwhile. */
  async nextRing(worker: number, heard: number): Promise<number> {
    for (;;) {
      const rings = Atomics.load(this.#words, RINGS + worker)
      if (rings !== heard) return rings
      await Atomics.waitAsync(this.#words, RINGS + worker, heard).value
    }
  }

  /** Whether there was a ring after those that the worker has `heard`. */
  rung(worker: number, heard: number): boolean {
    return Atomics.load(this.#words, RINGS + worker) !== heard
  }

  /** A worker that was rung: rings those behind it, and takes the pointer to the request. */
  answer(worker: number): number {
    const participants = this.#words[PARTICIPANTS] as number
    for (let other = 2 * worker + 1; other <= 2 * worker + 2; other++) if (other < participants) this.#ring(other)
    return (this.#words[REQUEST] as number) >>> 0
  }

  /** A worker is done with the block. Whether it is the last one. */
  done(worker: number, { ms, failure }: BlockReport): boolean {
    const { senders, execution, receipts, root, ahead } = ms
    this.#reports.set([senders, execution, receipts, root, ahead, failure === undefined ? 0 : 1], REPORT_SIZE * worker)
    const last = Atomics.sub(this.#words, LEFT, 1) === 1
    if (last) Atomics.notify(this.#words, LEFT)
    return last
  }

  /** The executor: waits until all are done, but not longer than `ms`. */
  waitForAll(ms: number): void {
    const end = performance.now() + ms
    for (let left = this.left; left > 0 && performance.now() < end; left = this.left) {
      Atomics.wait(this.#words, LEFT, left, end - performance.now())
    }
  }

  /** Workers that are not done. */
  get left(): number {
    return Atomics.load(this.#words, LEFT)
  }

  /** What a worker said when it was done. */
  report(worker: number): BlockReport['ms'] & { failed: boolean } {
    const at = REPORT_SIZE * worker
    const ms = (stage: number): number => this.#reports[at + stage] as number
    return { senders: ms(0), execution: ms(1), receipts: ms(2), root: ms(3), ahead: ms(4), failed: ms(5) === 1 }
  }
}
