import type { Span } from '../types.js'
import { SpanRing, Spans } from '../workers/spans.js'

/** What the executor's thread does besides taking part in a block. */
export type HostSpans = Spans<'prepare' | 'next' | 'waiting' | 'result' | 'settle'>

/** What the threads of an executor do when, where that is wanted. */
export class Timeline {
  /** One a thread, its own one first. */
  readonly buffers: readonly SharedArrayBuffer[] | undefined
  /** Of the executor's thread. */
  readonly host: HostSpans
  readonly #rings: readonly SpanRing[]

  constructor(wanted: boolean, workers: number) {
    this.buffers = wanted ? Array.from({ length: workers + 1 }, () => SpanRing.buffer()) : undefined
    this.#rings = this.buffers?.map((buffer) => new SpanRing(buffer)) ?? []
    this.host = new Spans(this.#rings[0])
  }

  /** What they did since the last call; undefined where it is not wanted. */
  take(): Span[] | undefined {
    if (this.buffers === undefined) return undefined
    return this.#rings.flatMap((ring, thread) => ring.take(thread))
  }
}
