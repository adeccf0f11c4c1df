import { Piscina } from 'piscina'
import { ParallevmError } from '../errors.js'
import type { WasmMemory } from '../wasm/host.js'
import type { BlockReport, MissingMessage, StartTask, Task, WorkerSetup } from './protocol.js'

/** A worker thread ended or threw in the middle of a block. The block failed, the state is as it was before. */
export class WorkerFailedError extends ParallevmError {
  constructor(message: string, options?: ErrorOptions) {
    super('WORKER_FAILED', message, options)
  }
}

const START_TIMEOUT_MS = 60_000
/** How long the others may take to notice that a block failed before all workers are replaced. */
const SETTLE_TIMEOUT_MS = 2_000

/** Transactions leave much short-lived garbage: a large nursery means that most of it is never copied. */
const YOUNG_GENERATION_MB = 64

/**
 * The workers of one executor: started once, used for all its blocks, one task each per block. When one dies all of them
 * are replaced, because the dead one may have held a lock in the shared memory; the caller then recovers that memory.
 */
export class WorkerPool {
  readonly size: number
  readonly #setup: WorkerSetup
  readonly #onMissing: (message: MissingMessage) => void
  #memory: WasmMemory
  #pool: Piscina<Task, BlockReport> | undefined
  #closed = false

  private constructor(
    size: number,
    setup: WorkerSetup,
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
    setup: WorkerSetup,
    memory: WasmMemory,
    onMissing: (message: MissingMessage) => void,
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(size, setup, memory, onMissing)
    await pool.#spawn()
    return pool
  }

  async #spawn(): Promise<void> {
    const pool = new Piscina<Task, BlockReport>({
      filename: new URL('./entry.js', import.meta.url).href,
      minThreads: this.size,
      maxThreads: this.size,
      workerData: this.#setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    this.#pool = pool
    pool.on('message', (message: MissingMessage) => this.#onMissing(message))
    // A worker's error also rejects its task; without a listener the event would end the process.
    pool.on('error', () => {})
    try {
      await this.attach(this.#memory)
    } catch (error) {
      await pool.destroy()
      throw error
    }
  }

  /** Moves all workers to another memory; no block may be running. */
  async attach(memory: WasmMemory): Promise<void> {
    this.#memory = memory
    const [taken, ready] = [new SharedArrayBuffer(4), new SharedArrayBuffer(4)]
    const task: StartTask = { kind: 'start', memory, workers: this.size, taken, ready }
    const starting = Promise.all(Array.from({ length: this.size }, () => this.#open().run(task)))
    let reports: BlockReport[]
    try {
      reports = await withTimeout(starting, START_TIMEOUT_MS, `${this.size} workers did not start`)
    } catch (error) {
      throw error instanceof ParallevmError
        ? error
        : new WorkerFailedError(`a worker did not start: ${error}`, { cause: error })
    }
    const failed = reports.find((report) => report.failure !== undefined)?.failure
    if (failed !== undefined) throw new ParallevmError(failed.code, failed.message)
  }

  #open(): Piscina<Task, BlockReport> {
    if (this.#pool === undefined || this.#closed) throw new WorkerFailedError('the workers are closed')
    return this.#pool
  }

  /**
   * Runs one block on all workers: `abort` is called at once when one of them fails, and must make the others return.
   * @throws WorkerFailedError; all workers are then stopped or replaced, and none touches the memory any more.
   */
  async run(task: Task, abort: () => void): Promise<BlockReport[]> {
    const pool = this.#open()
    const runs = Array.from({ length: this.size }, () => pool.run(task))
    let death: unknown
    for (const run of runs) {
      run.catch((error: unknown) => {
        death ??= error
        abort()
      })
    }
    const reports = await Promise.all(runs).catch(() => undefined)
    if (reports !== undefined) return reports
    await Promise.race([
      Promise.allSettled(runs),
      new Promise((resolve) => setTimeout(resolve, SETTLE_TIMEOUT_MS).unref()),
    ])
    await this.#replace()
    throw new WorkerFailedError(
      `a worker died while it executed the block: ${death instanceof Error ? death.message : death}`,
      {
        cause: death,
      },
    )
  }

  async #replace(): Promise<void> {
    await this.#pool?.destroy()
    if (!this.#closed) await this.#spawn()
  }

  /** Ends all workers, also in the middle of a block. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#pool?.destroy()
    this.#pool = undefined
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
