import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { ParallevmError } from '../errors.js'
import type { WasmMemory } from '../wasm/host.js'
import { Doorbell } from './doorbell.js'
import type { MissingMessage, StartTask, WorkerMessage, WorkerSetup } from './protocol.js'
import type { BlockReport, WorkerFailure } from './report.js'

/** A worker thread ended or threw in the middle of a block. The block failed, the state is as it was before. */
export class WorkerFailedError extends ParallevmError {
  constructor(message: string, options?: ErrorOptions) {
    super('WORKER_FAILED', message, options)
  }
}

/** What does not depend on the threads. */
export type PoolSetup = Omit<WorkerSetup, 'bell' | 'taken'>

const START_TIMEOUT_MS = 60_000
/** How long the others may take to notice that a block failed before all workers are replaced. */
const SETTLE_TIMEOUT_MS = 2_000

/** Transactions leave much short-lived garbage: a large nursery means that most of it is never copied. */
const YOUNG_GENERATION_MB = 64

/** The threads of a pool from their start to their end. */
interface Threads {
  pool: Piscina<StartTask, WorkerFailure | undefined>
  bell: Doorbell
  dead: Set<Worker>
  /** Of the dead. */
  cause: unknown
}

/** The block that is being executed. */
interface Running {
  failures: Map<number, WorkerFailure>
  abort(): void
  /** Called again whenever it might be over. */
  settle(): void
}

/**
 * The workers of one executor: started once, used for all its blocks. When one dies all of them are replaced, because the
 * dead one may have held a lock in the shared memory; the caller then recovers that memory.
 */
export class WorkerPool {
  readonly size: number
  readonly #setup: PoolSetup
  readonly #onMissing: (message: MissingMessage) => void
  #memory: WasmMemory
  #threads: Threads | undefined
  #running: Running | undefined
  #closed = false

  private constructor(
    size: number,
    setup: PoolSetup,
    memory: WasmMemory,
    onMissing: (message: MissingMessage) => void,
  ) {
    this.size = size
    this.#setup = setup
    this.#memory = memory
    this.#onMissing = onMissing
  }

  /** @throws WorkerFailedError, or the typed error of the engine or the set-up module */
  static async start(
    size: number,
    setup: PoolSetup,
    memory: WasmMemory,
    onMissing: (message: MissingMessage) => void,
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(size, setup, memory, onMissing)
    await pool.#spawn()
    return pool
  }

  async #spawn(): Promise<void> {
    const bell = Doorbell.buffers(this.size)
    const pool = new Piscina<StartTask, WorkerFailure | undefined>({
      filename: new URL('./entry.js', import.meta.url).href,
      minThreads: this.size,
      maxThreads: this.size,
      // A worker that waits for a task must hear the doorbell.
      atomics: 'disabled',
      workerData: { ...this.#setup, bell, taken: new SharedArrayBuffer(4) } satisfies WorkerSetup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    const threads: Threads = { pool, bell: new Doorbell(bell), dead: new Set(), cause: undefined }
    this.#threads = threads
    pool.on('message', (message: WorkerMessage) => this.#hear(message))
    // A worker's error also rejects its task; without a listener the event would end the process.
    pool.on('error', (error) => {
      threads.cause ??= error
    })
    for (const worker of pool.threads) worker.once('exit', (code) => this.#onExit(threads, worker, code))
    try {
      await this.attach(this.#memory)
    } catch (error) {
      await pool.destroy()
      throw error
    }
  }

  #onExit(threads: Threads, worker: Worker, code: number): void {
    threads.dead.add(worker)
    threads.cause ??= new Error(`it exited with code ${code}`)
    if (this.#threads !== threads || this.#running === undefined) return
    this.#running.abort()
    this.#running.settle()
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === 'missing') {
      this.#onMissing(message)
      return
    }
    if (message.kind === 'failure') this.#running?.failures.set(message.worker, message.failure)
    this.#running?.settle()
  }

  /** Moves all workers to another memory; no block may be running. */
  async attach(memory: WasmMemory): Promise<void> {
    this.#memory = memory
    const task: StartTask = { memory, workers: this.size, ready: new SharedArrayBuffer(4) }
    const { pool } = this.#open()
    const starting = Promise.all(Array.from({ length: this.size }, () => pool.run(task)))
    let failures: (WorkerFailure | undefined)[]
    try {
      failures = await withTimeout(starting, START_TIMEOUT_MS, `${this.size} workers did not start`)
    } catch (error) {
      throw error instanceof ParallevmError
        ? error
        : new WorkerFailedError(`a worker did not start: ${error}`, { cause: error })
    }
    const failed = failures.find((failure) => failure !== undefined)
    if (failed !== undefined) throw new ParallevmError(failed.code, failed.message)
  }

  #open(): Threads {
    if (this.#threads === undefined || this.#closed) throw new WorkerFailedError('the workers are closed')
    return this.#threads
  }

  /**
   * Runs one block on the first `participants` workers, which may be none: `abort` is called at once when one of them dies, and must make the
   * others return.
   * @throws WorkerFailedError; all workers are then stopped or replaced, and none touches the memory any more.
   */
  async run(request: number, participants: number, abort: () => void): Promise<BlockReport[]> {
    if (participants === 0) return []
    // One that died while there was no block held no lock.
    if (this.#open().dead.size > 0) await this.#replace()
    const threads = this.#open()
    const failures = new Map<number, WorkerFailure>()
    const over = new Promise<void>((resolve) => {
      const settle = (): void => {
        if (this.#closed || threads.dead.size > 0 || isOver(threads.bell, participants, failures)) resolve()
      }
      this.#running = { failures, abort, settle }
    })
    // Piscina lets the process end while its threads have no task: something must keep it until they are done.
    const alive = setInterval(() => {}, 2 ** 31 - 1)
    try {
      threads.bell.ring(request, participants)
      await over
    } finally {
      this.#running = undefined
      clearInterval(alive)
    }
    if (this.#closed) throw new WorkerFailedError('the workers were closed while they executed the block')
    if (threads.dead.size === 0) return reportsOf(threads.bell, participants, failures)
    await settled(threads)
    await this.#replace()
    const { cause } = threads
    throw new WorkerFailedError(
      `a worker died while it executed the block: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    )
  }

  async #replace(): Promise<void> {
    await this.#threads?.pool.destroy()
    if (!this.#closed) await this.#spawn()
  }

  /** Ends all workers, also in the middle of a block. */
  async close(): Promise<void> {
    this.#closed = true
    this.#running?.abort()
    await this.#threads?.pool.destroy()
    this.#threads = undefined
    this.#running?.settle()
  }
}

/** Messages of different threads come in any order: a failure may be heard of after the block is done. */
function isOver(bell: Doorbell, participants: number, failures: ReadonlyMap<number, WorkerFailure>): boolean {
  if (bell.left > 0) return false
  for (let worker = 0; worker < participants; worker++) {
    if (bell.report(worker).failed && !failures.has(worker)) return false
  }
  return true
}

function reportsOf(bell: Doorbell, participants: number, failures: ReadonlyMap<number, WorkerFailure>): BlockReport[] {
  return Array.from({ length: participants }, (_, worker) => {
    const { failed, ...ms } = bell.report(worker)
    const failure = failures.get(worker)
    return { thread: worker + 1, ms, ...(failed && failure && { failure }) }
  })
}

/** Waits until those that live have left the block, but not for long. */
async function settled({ bell, dead }: Threads): Promise<void> {
  for (let waited = 0; bell.left > dead.size && waited < SETTLE_TIMEOUT_MS; waited += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function withTimeout<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WorkerFailedError(`${what} within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
