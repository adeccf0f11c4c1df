// What threads did when, passed on through shared memory: each thread writes a ring of its own.
import type { Span } from '../types.js'

const STAGES = [
  'senders',
  'execution',
  'receipts',
  'root',
  'ahead',
  'waiting',
  'prepare',
  'next',
  'result',
  'settle',
] as const satisfies readonly Span['stage'][]

/** Spans that a ring holds: older ones are lost when nobody reads them. */
const CAPACITY = 8192
/** f64 of a span: stage, start, end, transaction. */
const SPAN_SIZE = 4
/** No transaction. */
const NONE = -1
/** f64 before the first span; the first word counts those ever written. */
const HEAD = 1

/** The ring of a thread. Invariant: one thread writes; the count rises after a span is written. */
export class SpanRing {
  readonly #count: Int32Array
  readonly #spans: Float64Array
  #read = 0

  constructor(buffer: SharedArrayBuffer) {
    this.#count = new Int32Array(buffer, 0, 1)
    this.#spans = new Float64Array(buffer)
  }

  static buffer(): SharedArrayBuffer {
    return new SharedArrayBuffer(8 * (HEAD + SPAN_SIZE * CAPACITY))
  }

  /** Times are those of this thread's performance.now(). */
  add(stage: Span['stage'], start: number, end: number, transaction = NONE): void {
    const count = this.#count[0] as number
    const at = HEAD + SPAN_SIZE * (count % CAPACITY)
    const { timeOrigin } = performance
    this.#spans.set([STAGES.indexOf(stage), timeOrigin + start, timeOrigin + end, transaction], at)
    Atomics.store(this.#count, 0, count + 1)
  }

  /** Those that were added since the last call, in the times of the thread that asks. */
  take(thread: number): Span[] {
    const count = Atomics.load(this.#count, 0)
    const spans: Span[] = []
    for (let index = Math.max(this.#read, count - CAPACITY); index < count; index++) {
      const at = HEAD + SPAN_SIZE * (index % CAPACITY)
      const [stage = 0, start = 0, end = 0, transaction = NONE] = this.#spans.subarray(at, at + SPAN_SIZE)
      const { timeOrigin } = performance
      spans.push({
        thread,
        stage: STAGES[stage] as Span['stage'],
        start: start - timeOrigin,
        end: end - timeOrigin,
        ...(transaction !== NONE && { transaction }),
      })
    }
    this.#read = count
    return spans
  }
}

/** Says what a thread is doing: where that is wanted, it leaves spans behind. */
export class Spans<S extends Span['stage']> {
  /** Where it leaves them. */
  readonly ring: SpanRing | undefined
  #doing: S | undefined
  #since = 0

  constructor(ring: SpanRing | undefined) {
    this.ring = ring
  }

  /** From now on; undefined: nothing. */
  to(stage: S | undefined): void {
    this.next(stage)
  }

  /** The same; what it did until now was for this transaction. */
  protected next(stage: S | undefined, transaction?: number): void {
    const now = performance.now()
    if (this.#doing !== undefined) this.ended(this.#doing, this.#since, now, transaction)
    this.#doing = stage
    this.#since = now
  }

  protected ended(stage: S, since: number, now: number, transaction?: number): void {
    this.ring?.add(stage, since, now, transaction)
  }
}
