import { setImmediate } from 'node:timers/promises'
import { BlockRequest } from '../abi/blockRequest.js'
import {
  FLAG_ASYNC,
  FLAG_CORE,
  FLAG_HOST,
  FLAG_ROOT,
  FLAG_SEQUENTIAL,
  SENDER_BATCH_LANES,
  SENDER_BATCH_MOST,
  Status,
} from '../abi/core.generated.js'
import { ParallevmError } from '../errors.js'
import { StateSourceError } from '../sources/errors.js'
import { type BlockCore, MissingStateError } from '../wasm/blockCore.js'
import { memoryView } from '../wasm/memoryView.js'
import type { RowPort } from '../wasm/rowPort.js'
import { beginRoot, rootWork } from '../wasm/stateRoot.js'
import { MalformedNodeError, MissingNodeError } from '../wasm/trieErrors.js'
import { MAX_WAIT_MS } from './doorbell.js'
import { HostFailure } from './hostFailure.js'
import type { BlockReport, WorkerFailure } from './report.js'
import type { SpanRing } from './spans.js'
import { StageClock } from './stageClock.js'
import type { WorkerEngine } from './workerEngine.js'

// Whether the root stage may be worked on. One worker begins it while the others wait for PHASE_PREPARED or PHASE_FAILED.
const PHASE_EXECUTING = 0
const PHASE_PREPARING = 1
const PHASE_PREPARED = 2
const PHASE_FAILED = 3

/** Id of the executor's own thread; the workers' run from 1. */
export const HOST_THREAD = 0
const FIRST_WORKER = 1

/** The engine that executes a block here: the core itself, or that of @ethereumjs. */
export type EngineFor = (wasm: boolean) => WorkerEngine | Promise<WorkerEngine>

/** One thread's part in executing blocks. */
export class BlockParticipant {
  readonly #thread: number
  readonly #block: BlockCore
  readonly #engineFor: EngineFor
  readonly #rows: RowPort
  readonly #clock: StageClock
  readonly #spans: boolean

  /** `thread`: id of `block`'s instance; `rows`: what that reads; `spans`: where to leave what it does when. */
  constructor(thread: number, block: BlockCore, engineFor: EngineFor, rows: RowPort, spans?: SpanRing) {
    this.#thread = thread
    this.#block = block
    this.#engineFor = engineFor
    this.#rows = rows
    this.#clock = new StageClock(spans)
    this.#spans = spans !== undefined
  }

  async run(pointer: number): Promise<BlockReport> {
    const clock = this.#clock
    let failure: WorkerFailure | undefined
    const request = new BlockRequest(memoryView(this.#block), pointer)
    // Before it waits a thread says what parked transactions wait for.
    this.#block.exports.setTellsWaits(this.#spans || (request.flags & FLAG_ASYNC) !== 0)
    this.#block.exports.setTellsRuns(this.#spans)
    this.#rows.begin()
    try {
      const engine = await this.#engineFor((request.flags & FLAG_CORE) !== 0)
      clock.begin('senders')
      await engine.beginBlock(request)
      // In order one thread executes, always the same one; the others help with senders and the root.
      const only = request.flags & FLAG_HOST ? HOST_THREAD : FIRST_WORKER
      const executes = !(request.flags & FLAG_SEQUENTIAL) || this.#thread === only
      if (!executes) engine.recoverSenders()
      clock.to('execution')
      const end = executes ? await engine.run(clock) : 'over'
      if (end === 'failed') this.#setPhase(request, PHASE_FAILED)
      clock.to('receipts')
      if (end === 'over') engine.hashRest()
      clock.to('root')
      if (request.flags & FLAG_ROOT) await this.#stateRoot(request, executes)
    } catch (error) {
      this.#block.exports.blockFail(HostFailure.WORKER)
      // The others may wait for a part of the root that this worker had taken.
      this.#block.exports.rootAbort(Status.OUT_OF_SPACE)
      this.#setPhase(request, PHASE_FAILED)
      failure = failureOf(error)
    }
    // Whatever came of it, this is the reason.
    if (this.#rows.failure !== undefined) failure = failureOf(new StateSourceError('a row', this.#rows.failure))
    clock.to(undefined)
    return { thread: this.#thread, ms: clock.ms, ...(failure && { failure }) }
  }

  /** Between blocks: recovers senders of the block that comes next until there are none left, or it is `called`. */
  async idle(called: () => boolean): Promise<void> {
    // The event loop has its turn, so that a message is heard: of another memory, which is then this thread's.
    this.#clock.to('ahead')
    while (!called() && this.#block.exports.recoverAhead(SENDER_BATCH_MOST)) await setImmediate()
    this.#clock.to(undefined)
  }

  /**
   * Every worker comes here, those that executed when all transactions are committed. Invariant: the one that takes the
   * phase from EXECUTING to PREPARING begins the stage alone; the others touch it only after PREPARED.
   */
  async #stateRoot(request: BlockRequest, executed: boolean): Promise<void> {
    const clock = this.#clock
    const recovers = (): boolean => this.#block.exports.recoverAhead(SENDER_BATCH_LANES) !== 0
    const { words, index } = request.phase
    if (executed && Atomics.compareExchange(words, index, PHASE_EXECUTING, PHASE_PREPARING) === PHASE_EXECUTING) {
      beginRoot(this.#block.core)
      this.#setPhase(request, PHASE_PREPARED)
    }
    for (let phase = Atomics.load(words, index); phase < PHASE_PREPARED; phase = Atomics.load(words, index)) {
      if (!clock.during('ahead', recovers))
        clock.during('waiting', () => Atomics.wait(words, index, phase, MAX_WAIT_MS))
      if (Atomics.load(words, index) >= PHASE_PREPARED) break
      // The executor's thread hears here that a worker has died which executes the block.
      await setImmediate()
      if (this.#block.exports.blockFailure() !== 0) return
    }
    if (Atomics.load(words, index) === PHASE_PREPARED) rootWork(this.#block.core)
  }

  #setPhase(request: BlockRequest, phase: number): void {
    const { words, index } = request.phase
    Atomics.store(words, index, phase)
    Atomics.notify(words, index)
  }
}

/** An error with what survives the way between threads. */
export function failureOf(error: unknown): WorkerFailure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const failure = {
    code: error instanceof ParallevmError ? error.code : 'WORKER_FAILED',
    message,
    ...(stack && { stack }),
  }
  if (error instanceof MissingStateError && error.missing !== undefined) return { ...failure, missing: error.missing }
  if (!(error instanceof MissingNodeError || error instanceof MalformedNodeError)) return failure
  return { ...failure, node: error.place }
}
