import type { MissingValue } from '../wasm/blockCore.js'
import { WorkerFailedError } from './errors.js'
import type { WorkerFailure } from './report.js'
import type { Threads } from './threads.js'
import {
  FLOW_ABORT,
  FLOW_FETCHED,
  FLOW_SIZE,
  FLOW_TAKEN,
  type TraceBegin,
  type TraceMessage,
  type TraceNext,
  type TraceReply,
} from './traceProtocol.js'

/** A part of the text of a transaction's trace. */
export interface TracePart {
  index: number
  text: string
  last: boolean
}

export type TraceJob = Omit<TraceNext, 'kind'>

/** What came of a transaction and was not passed on. */
interface Waiting {
  parts: TraceMessage[]
  wake: (() => void) | undefined
}

/** Workers while they trace transactions of a block. From `begin` until `stop` they execute nothing. */
export class TraceSession {
  readonly #threads: Threads
  readonly #flows: Int32Array[]
  readonly #jobs: TraceJob[]
  readonly #fetch: (missing: MissingValue) => Promise<void>
  readonly #waiting = new Map<number, Waiting>()
  #next = 0
  /** Workers that have not said that they are over. */
  #left: number
  #over: (() => void) | undefined
  #failure: unknown

  /** @param fetch brings in what a transaction misses */
  constructor(
    threads: Threads,
    size: number,
    begin: Omit<TraceBegin, 'kind' | 'flow'>,
    jobs: TraceJob[],
    fetch: (missing: MissingValue) => Promise<void>,
  ) {
    this.#threads = threads
    this.#jobs = jobs
    this.#fetch = fetch
    const workers = Math.min(size, jobs.length)
    this.#left = workers
    this.#flows = Array.from({ length: workers }, () => new Int32Array(new SharedArrayBuffer(FLOW_SIZE)))
    for (const job of jobs) this.#waiting.set(job.index, { parts: [], wake: undefined })
    for (const [worker, flow] of this.#flows.entries()) {
      threads.tell(worker, { kind: 'traceBegin', ...begin, flow: flow.buffer as SharedArrayBuffer })
      this.#give(worker)
    }
  }

  #give(worker: number): void {
    const job = this.#jobs[this.#next]
    if (job === undefined) return
    this.#next++
    this.#threads.tell(worker, { kind: 'traceNext', ...job })
  }

  hear(message: TraceReply): void {
    if (message.kind === 'traceMissing') {
      const flow = this.#flows[message.worker] as Int32Array
      const go = (): void => {
        Atomics.add(flow, FLOW_FETCHED, 1)
        Atomics.notify(flow, FLOW_FETCHED)
      }
      this.#fetch(message.missing).then(go, (error) => this.fail(error))
      return
    }
    if (message.kind === 'traceOver') {
      this.#left--
      this.#over?.()
      return
    }
    const waiting = this.#waiting.get(message.index) as Waiting
    waiting.parts.push(message)
    waiting.wake?.()
    if (message.last) this.#give(message.worker)
  }

  /** A worker died, or all are being ended, or nobody wants the rest: what waits for a part throws. */
  fail(cause: unknown): void {
    this.#failure ??= cause
    for (const flow of this.#flows) giveUp(flow)
    for (const { wake } of this.#waiting.values()) wake?.()
    this.#over?.()
  }

  /**
   * All parts, in order. What is not asked for yet is bounded: a worker that is far ahead waits.
   * @param failed makes the error of a worker's failure
   */
  async *parts(failed: (failure: WorkerFailure) => Error): AsyncGenerator<TracePart> {
    for (const { index } of this.#jobs) {
      const waiting = this.#waiting.get(index) as Waiting
      for (let last = false; !last; ) {
        while (waiting.parts.length === 0) await this.#arrival(waiting)
        const { text, failure, worker, ...part } = waiting.parts.shift() as TraceMessage
        if (failure !== undefined) throw failed(failure)
        const flow = this.#flows[worker] as Int32Array
        Atomics.add(flow, FLOW_TAKEN, text.length)
        Atomics.notify(flow, FLOW_TAKEN)
        last = part.last
        yield { index, text, last }
      }
      this.#waiting.delete(index)
    }
  }

  async #arrival(waiting: Waiting): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    await new Promise<void>((resolve) => {
      waiting.wake = resolve
    })
    waiting.wake = undefined
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Returns when the workers execute blocks again, or have died. @throws WorkerFailedError when one has */
  async stop(): Promise<void> {
    for (const [worker, flow] of this.#flows.entries()) {
      giveUp(flow)
      this.#threads.tell(worker, { kind: 'traceStop' })
    }
    this.#jobs.length = this.#next
    while (this.#left > 0 && this.#threads.dead.size === 0) {
      await new Promise<void>((resolve) => {
        this.#over = resolve
      })
    }
    if (this.#threads.dead.size > 0) {
      throw new WorkerFailedError(`a worker died while it traced: ${this.#threads.cause}`, {
        cause: this.#threads.cause,
      })
    }
  }
}

/** Whatever the worker waits for, it does not come. */
function giveUp(flow: Int32Array): void {
  Atomics.store(flow, FLOW_ABORT, 1)
  Atomics.notify(flow, FLOW_TAKEN)
  Atomics.notify(flow, FLOW_FETCHED)
}
