import type { MissingValue } from '../wasm/blockCore.js'
import { type Doorbell, MAX_WAIT_MS } from './doorbell.js'
import { WorkerFailedError } from './errors.js'
import type { BlockMessage, MissingMessage, StartTask } from './protocol.js'
import type { BlockReport, WorkerFailure } from './report.js'
import { type PoolSetup, Threads } from './threads.js'
import type { TraceBegin, TraceReply } from './traceProtocol.js'
import { type TraceJob, TraceSession } from './traceSession.js'

/** How long the others may take to notice that a block failed before all workers are replaced. */
const SETTLE_TIMEOUT_MS = 2_000

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
  /** Undefined: they have had no memory yet. */
  #task: StartTask | undefined
  #threads: Threads | undefined
  #running: Running | undefined
  #tracing: TraceSession | undefined
  #closed = false
  /** Never rings. While it is referenced the process stays alive. */
  readonly #alive = setInterval(() => {}, 2 ** 31 - 1).unref()

  private constructor(size: number, setup: PoolSetup, onMissing: (message: MissingMessage) => void) {
    this.size = size
    this.#setup = setup
    this.#onMissing = onMissing
  }

  /**
   * Starts the workers, which wait for their memory: while they load their code the caller can fill it.
   * @throws WorkerFailedError
   */
  static async start(
    size: number,
    setup: PoolSetup,
    onMissing: (message: MissingMessage) => void,
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(size, setup, onMissing)
    await pool.#spawn()
    return pool
  }

  async #spawn(): Promise<void> {
    const threads: Threads = await Threads.start(
      this.size,
      this.#setup,
      (message) => this.#hear(message),
      () => this.#onExit(threads),
    )
    if (this.#closed) return await threads.end()
    this.#threads = threads
  }

  #onExit(threads: Threads): void {
    if (this.#threads !== threads) return
    this.#tracing?.fail(
      new WorkerFailedError(`a worker died while it traced: ${threads.cause}`, { cause: threads.cause }),
    )
    if (this.#running === undefined) return
    this.#running.abort()
    this.#running.settle()
  }

  #hear(message: BlockMessage | TraceReply): void {
    if (message.kind === 'trace' || message.kind === 'traceMissing' || message.kind === 'traceOver') {
      this.#tracing?.hear(message)
      return
    }
    if (message.kind === 'missing') {
      this.#onMissing(message)
      return
    }
    if (message.kind === 'failure') this.#running?.failures.set(message.worker, message.failure)
    this.#running?.settle()
  }

  /**
   * Moves all workers to a memory; no block may be running.
   * @throws WorkerFailedError, or the typed error of the engine or the set-up module
   */
  async attach(task: StartTask): Promise<void> {
    this.#task = task
    // One that died while there was no block is not missed by anybody yet.
    if (this.#open().dead.size > 0) await this.#replace()
    else await this.#open().attach(task)
  }

  #open(): Threads {
    if (this.#threads === undefined || this.#closed) throw new WorkerFailedError('the workers are closed')
    return this.#threads
  }

  /**
   * Runs one block on the first `participants` workers, which may be none: `abort` is called at once when one of them dies,
   * and must make the others return; `mend` when some that died before the block have been replaced, to free what they may
   * have held.
   * @throws WorkerFailedError; all workers are then stopped or replaced, and none touches the memory any more.
   */
  async run(request: number, participants: number, abort: () => void, mend: () => void): Promise<BlockReport[]> {
    if (participants === 0) return []
    if (this.#open().dead.size > 0) {
      await this.#replace()
      mend()
    }
    const threads = this.#open()
    const failures = new Map<number, WorkerFailure>()
    const over = new Promise<void>((resolve) => {
      const settle = (): void => {
        if (this.#closed || threads.dead.size > 0 || isOver(threads.doorbell, participants, failures)) resolve()
      }
      this.#running = { failures, abort, settle }
    })
    // The threads do not keep the process alive: something must until they are done.
    this.#alive.ref()
    try {
      threads.doorbell.ring(request, participants)
      await over
    } finally {
      this.#running = undefined
      this.#alive.unref()
    }
    if (this.#closed) throw new WorkerFailedError('the workers were closed while they executed the block')
    if (threads.dead.size === 0) return reportsOf(threads.doorbell, participants, failures)
    await settled(threads)
    await this.#replace()
    const { cause } = threads
    throw new WorkerFailedError(
      `a worker died while it executed the block: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    )
  }

  /**
   * Has workers trace transactions of the block that has been executed and is not ended, while `use` takes what comes of it;
   * `fetch` brings in what one misses.
   * No block may run meanwhile.
   * @throws WorkerFailedError when a worker died: all are then replaced, and none touches the memory any more; what `use` throws
   */
  async trace<T>(
    begin: Omit<TraceBegin, 'kind' | 'flow'>,
    jobs: TraceJob[],
    fetch: (missing: MissingValue) => Promise<void>,
    use: (session: TraceSession) => Promise<T>,
  ): Promise<T> {
    const session = new TraceSession(this.#open(), this.size, begin, jobs, fetch)
    this.#tracing = session
    this.#alive.ref()
    try {
      return await use(session)
    } finally {
      try {
        await session.stop()
      } catch (error) {
        await this.#replace()
        // biome-ignore lint/correctness/noUnsafeFinally: the death of a worker is the reason for whatever else failed
        throw error
      } finally {
        this.#tracing = undefined
        this.#alive.unref()
      }
    }
  }

  /**
   * For a caller that has done its own part of the block, and has nothing to do before the workers have: sleeping until they
   * are done is over sooner than their message comes. It does not hear of a worker that died meanwhile: hence the bound.
   */
  waitBriefly(): void {
    if (this.#running === undefined || this.#threads === undefined) return
    this.#threads.doorbell.waitForAll(MAX_WAIT_MS)
    this.#running.settle()
  }

  /** Replaces all workers by new ones on this memory; no block may be running. @throws as start */
  async restart(task: StartTask): Promise<void> {
    this.#task = task
    await this.#replace()
  }

  async #replace(): Promise<void> {
    await this.#threads?.end()
    if (this.#closed) return
    await this.#spawn()
    const threads = this.#threads
    if (this.#closed || threads === undefined || this.#task === undefined) return
    try {
      await threads.attach(this.#task)
    } catch (error) {
      await threads.end()
      throw error
    }
  }

  /** Ends all workers, also in the middle of a block. */
  async close(): Promise<void> {
    this.#closed = true
    this.#running?.abort()
    this.#tracing?.fail(new WorkerFailedError('the workers were closed while they traced'))
    await this.#threads?.end()
    this.#threads = undefined
    this.#running?.settle()
    clearInterval(this.#alive)
  }
}

/** Messages of different threads come in any order: a failure may be heard of after the block is done. */
function isOver(doorbell: Doorbell, participants: number, failures: ReadonlyMap<number, WorkerFailure>): boolean {
  if (doorbell.left > 0) return false
  for (let worker = 0; worker < participants; worker++) {
    if (doorbell.report(worker).failed && !failures.has(worker)) return false
  }
  return true
}

function reportsOf(
  doorbell: Doorbell,
  participants: number,
  failures: ReadonlyMap<number, WorkerFailure>,
): BlockReport[] {
  return Array.from({ length: participants }, (_, worker) => {
    const { failed, ...ms } = doorbell.report(worker)
    const failure = failures.get(worker)
    return { thread: worker + 1, ms, ...(failed && failure && { failure }) }
  })
}

/** Waits until those that live have left the block, but not for long. */
async function settled({ doorbell, dead }: Threads): Promise<void> {
  for (let waited = 0; doorbell.left > dead.size && waited < SETTLE_TIMEOUT_MS; waited += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
