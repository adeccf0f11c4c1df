import { ParallevmError } from '../errors.js'
import { memoryView } from '../executor/memory.js'
import {
  BlockRequest,
  FLAG_ASYNC,
  FLAG_ROOT,
  FLAG_SEQUENTIAL,
  FLAG_TX_ROOTS,
  SENDER_INVALID,
  SENDER_UNKNOWN,
} from '../executor/request.js'
import { Suspended } from '../state/txState.js'
import { type BlockCore, requireDiff, Task } from '../wasm/blockCore.js'
import { prepareRoot, rootResult, rootWork } from '../wasm/stateRoot.js'
import type { CoreTxState } from '../wasm/txState.js'
import type { BlockReport, MissingMessage, WorkerFailure } from './protocol.js'

/** What a worker asks of an engine. Both engines answer with the outcome bytes of receipts/outcome.ts. */
export interface WorkerEngine {
  beginBlock(request: BlockRequest): Promise<void>
  /** Sender of a transaction from its signature; undefined when the signature is not valid. */
  recoverSender(index: number): Uint8Array | undefined
  /** Runs pseudo-transaction 0, transaction `index` - 1, or the pseudo-transaction after the last one. */
  execute(state: CoreTxState, index: number): Promise<Uint8Array>
}

/** Signatures taken at a time: large enough that the shared counter is quiet, small enough to share the work evenly. */
const SENDERS_PER_BATCH = 4

// Phases of the root stage. One worker makes the difference while the others wait for PHASE_PREPARED or PHASE_FAILED.
const PHASE_EXECUTING = 0
const PHASE_PREPARING = 1
const PHASE_PREPARED = 2
const PHASE_FAILED = 3

/** Code given to blockFail for errors of the host's side; those of the core are its status codes. */
export const FAILED_BY_WORKER = 100

/** One thread's part in executing blocks. */
export class BlockWorker {
  readonly #thread: number
  readonly #block: BlockCore
  readonly #state: CoreTxState
  readonly #engine: WorkerEngine
  readonly #post: (message: MissingMessage) => void

  constructor(
    thread: number,
    block: BlockCore,
    state: CoreTxState,
    engine: WorkerEngine,
    post: (message: MissingMessage) => void,
  ) {
    this.#thread = thread
    this.#block = block
    this.#state = state
    this.#engine = engine
    this.#post = post
  }

  async run(pointer: number): Promise<BlockReport> {
    const ms = { senders: 0, execution: 0, root: 0 }
    const report: BlockReport = { thread: this.#thread, ms }
    const request = new BlockRequest(memoryView(this.#block), pointer)
    try {
      const start = performance.now()
      await this.#engine.beginBlock(request)
      this.#senders(request)
      const recovered = performance.now()
      ms.senders = recovered - start
      const executes = !(request.flags & FLAG_SEQUENTIAL) || request.takeExecution()
      if (executes && !(await this.#execute(request))) this.#setPhase(request, PHASE_FAILED)
      const executed = performance.now()
      ms.execution = executed - recovered
      if (request.flags & FLAG_ROOT) this.#stateRoot(request, executes)
      ms.root = performance.now() - executed
    } catch (error) {
      this.#block.exports.blockFail(FAILED_BY_WORKER)
      this.#setPhase(request, PHASE_FAILED)
      report.failure = failureOf(error)
    }
    return report
  }

  #senders(request: BlockRequest): void {
    for (;;) {
      const first = request.takeSenders(SENDERS_PER_BATCH)
      if (first >= request.count) return
      for (let i = first; i < Math.min(first + SENDERS_PER_BATCH, request.count); i++) this.#sender(request, i)
    }
  }

  /** True when the transaction has a sender. */
  #sender(request: BlockRequest, index: number): boolean {
    if (request.senderState(index) === SENDER_UNKNOWN) request.setSender(index, this.#engine.recoverSender(index))
    return request.senderState(index) !== SENDER_INVALID
  }

  /** False when the block failed elsewhere. */
  async #execute(request: BlockRequest): Promise<boolean> {
    for (;;) {
      const index = this.#block.nextTask()
      if (index === Task.DONE) return true
      if (index < 0) return false
      // Another worker may still be recovering it: doing it twice is cheaper than waiting.
      if (index > 0 && index <= request.count) this.#sender(request, index - 1)
      this.#state.begin(index)
      try {
        this.#block.txEnd(await this.#engine.execute(this.#state, index))
      } catch (error) {
        if (!(error instanceof Suspended)) throw error
        this.#suspend(index, error.reason === 'missing' && (request.flags & FLAG_ASYNC) !== 0)
        continue
      }
      if (request.flags & FLAG_TX_ROOTS && index > 0 && index <= request.count) this.#txRoot(request, index - 1)
    }
  }

  #suspend(index: number, fetch: boolean): void {
    // Asked for before the transaction is given up: afterwards another thread may run it again.
    const missing = fetch ? this.#block.lastMissing() : undefined
    this.#block.exports.txSuspend()
    if (missing !== undefined) this.#post({ index, missing })
  }

  /** Root of the state after a transaction (receipts before EIP-658); sequential mode only. */
  #txRoot(request: BlockRequest, index: number): void {
    const { core } = this.#block
    requireDiff(this.#block)
    prepareRoot(core)
    rootWork(core)
    const root = rootResult(core)
    core.bytes.set(root, request.txRootAt(index))
  }

  /**
   * Every worker comes here, those that executed when all transactions are committed. Invariant: the one that takes the
   * phase from EXECUTING to PREPARING makes the difference alone; the others touch it only after PREPARED.
   */
  #stateRoot(request: BlockRequest, executed: boolean): void {
    const { words, index } = request.phase
    if (executed && Atomics.compareExchange(words, index, PHASE_EXECUTING, PHASE_PREPARING) === PHASE_EXECUTING) {
      requireDiff(this.#block)
      prepareRoot(this.#block.core)
      this.#setPhase(request, PHASE_PREPARED)
    }
    for (let phase = Atomics.load(words, index); phase < PHASE_PREPARED; phase = Atomics.load(words, index)) {
      Atomics.wait(words, index, phase)
    }
    if (Atomics.load(words, index) === PHASE_PREPARED) rootWork(this.#block.core)
  }

  #setPhase(request: BlockRequest, phase: number): void {
    const { words, index } = request.phase
    Atomics.store(words, index, phase)
    Atomics.notify(words, index)
  }
}

function failureOf(error: unknown): WorkerFailure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: error instanceof ParallevmError ? error.code : 'WORKER_FAILED', message, ...(stack && { stack }) }
}
