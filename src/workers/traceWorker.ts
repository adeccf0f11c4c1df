import { CHUNK_SIZE, EVM_THREAD_CHUNKS } from '../abi/core.generated.js'
import { ParallevmError } from '../errors.js'
import { tracerOf } from '../tracers/index.js'
import { Replayer } from '../tracers/replay.js'
import type { MakeTracer, TextTracer } from '../tracers/tracer.js'
import { type BlockCore, MissingStateError } from '../wasm/blockCore.js'
import type { WasmImports } from '../wasm/host.js'
import type { RowPort } from '../wasm/rowPort.js'
import { failureOf } from './blockParticipant.js'
import {
  FLOW_ABORT,
  FLOW_FETCHED,
  FLOW_TAKEN,
  type TraceBegin,
  type TraceNext,
  type TraceReply,
  type TraceTask,
} from './traceProtocol.js'

/** Characters of text that are told at once. */
const PART = 250_000
/** More than these are not told before the executor's thread has passed some on: the thread waits. */
const AHEAD = 8_000_000

interface Task {
  begin: TraceBegin
  make: MakeTracer
  flow: Int32Array
}

/** A worker thread as one that traces transactions of a block which it has executed with others. */
export class TraceWorker {
  readonly #worker: number
  readonly #thread: number
  readonly #block: BlockCore
  readonly #rows: RowPort
  readonly #imports: WasmImports
  readonly #post: (message: TraceReply) => void
  #replayer: Replayer | undefined
  #task: Task | undefined
  /** Why it could not begin. */
  #failure: unknown
  /** Characters that were told. */
  #told = 0

  /** `block`: the thread's instance of the core; `rows`: what that reads; `imports`: what it asks of this thread. */
  constructor(
    worker: number,
    thread: number,
    block: BlockCore,
    rows: RowPort,
    imports: WasmImports,
    post: (message: TraceReply) => void,
  ) {
    this.#worker = worker
    this.#thread = thread
    this.#block = block
    this.#rows = rows
    this.#imports = imports
    this.#post = post
  }

  do(task: TraceTask): void {
    if (task.kind === 'traceBegin') this.#begin(task)
    else if (task.kind === 'traceNext') this.#next(task)
    else this.#stop()
  }

  #begin(begin: TraceBegin): void {
    this.#failure = undefined
    this.#told = 0
    try {
      this.#task = { begin, make: tracerOf(begin.tracer, begin.config), flow: new Int32Array(begin.flow) }
      this.#rows.begin()
      const { memory } = this.#block.core
      this.#replayer ??= new Replayer(begin.module, memory, this.#thread, this.#imports)
      this.#replayer.begin(begin.request)
    } catch (error) {
      this.#failure = error
    }
  }

  #next({ index, txHash, logsBefore }: TraceNext): void {
    const tell = (text: string, last: boolean, error?: unknown): void => {
      const failure = error === undefined ? undefined : failureOf(error)
      this.#post({ kind: 'trace', worker: this.#worker, index, text, last, ...(failure && { failure }) })
      this.#told = (this.#told + text.length) | 0
    }
    try {
      if (this.#failure !== undefined) throw this.#failure
      const { begin, make, flow } = this.#task as Task
      const replayer = this.#replayer as Replayer
      let text = ''
      let told = false
      const write = (more: string): void => {
        text += more
        if (text.length < PART) return
        tell(text, false)
        told = true
        text = ''
        this.#waitForRoom(flow)
      }
      const context = { ...begin.block, txHash, txIndex: index, logsBefore, code: replayer.code }
      const attempt = (): TextTracer => {
        text = ''
        const tracer = make(context, write)
        replayer.run(index, tracer.wants, (type, view, bytes, at) => tracer.event(type, view, bytes, at))
        return tracer
      }
      const tracer = this.#fetching(attempt, () => begin.fetches && !told, flow)
      if (this.#rows.failure !== undefined) throw this.#rows.failure
      tell(text + tracer.finish(), true)
    } catch (error) {
      tell('', true, error)
    }
  }

  /** Tries again with each value that a tracer asks for and the block's execution did not. */
  #fetching(attempt: () => TextTracer, allowed: () => boolean, flow: Int32Array): TextTracer {
    for (;;) {
      try {
        return attempt()
      } catch (error) {
        if (!(error instanceof MissingStateError) || error.missing === undefined || !allowed()) throw error
        const fetched = Atomics.load(flow, FLOW_FETCHED)
        this.#post({ kind: 'traceMissing', worker: this.#worker, missing: error.missing })
        while (Atomics.load(flow, FLOW_FETCHED) === fetched) {
          if (Atomics.load(flow, FLOW_ABORT) !== 0) throw error
          Atomics.wait(flow, FLOW_FETCHED, fetched)
        }
      }
    }
  }

  /** Invariant: the executor's thread adds to FLOW_TAKEN what it passes on, and wakes this one; also when it gives up. */
  #waitForRoom(flow: Int32Array): void {
    for (;;) {
      if (Atomics.load(flow, FLOW_ABORT) !== 0)
        throw new ParallevmError('TRACE_ABORTED', 'nobody wants the trace any more')
      const taken = Atomics.load(flow, FLOW_TAKEN)
      if (((this.#told - taken) | 0) <= AHEAD) return
      Atomics.wait(flow, FLOW_TAKEN, taken)
    }
  }

  #stop(): void {
    try {
      this.#replayer?.end()
      this.#block.renew(this.#thread)
      if (!this.#block.exports.evmThreadInit(this.#thread)) throw this.#block.outOfSpace(EVM_THREAD_CHUNKS * CHUNK_SIZE)
    } finally {
      this.#task = undefined
      this.#post({ kind: 'traceOver', worker: this.#worker })
    }
  }
}
