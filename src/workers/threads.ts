import { Worker } from 'node:worker_threads'
import { ParallevmError } from '../errors.js'
import { Doorbell } from './doorbell.js'
import { WorkerFailedError } from './errors.js'
import type { BlockMessage, StartTask, WorkerMessage, WorkerSetup } from './protocol.js'
import type { WorkerFailure } from './report.js'
import type { TraceReply, TraceTask } from './traceProtocol.js'
import { type WorkerScript, workerScript } from './workerScript.js'

/** What does not depend on the threads. */
export type PoolSetup = Omit<WorkerSetup, 'doorbell' | 'self'>

const START_TIMEOUT_MS = 60_000

/** Transactions leave much short-lived garbage: a large nursery means that most of it is never copied. */
const YOUNG_GENERATION_MB = 64

/** The threads of a pool from their start to their end. While no block runs, they do not keep the process alive. */
export class Threads {
  readonly doorbell: Doorbell
  /** Those that ended, for whatever reason. */
  readonly dead = new Set<Worker>()
  /** Of the first end. */
  cause: unknown
  readonly #workers: Worker[]
  /** Of the threads that start or move to another memory; by worker. */
  readonly #waiting = new Map<Worker, { resolve(failure?: WorkerFailure): void; reject(cause: unknown): void }>()

  private constructor(doorbell: Doorbell, workers: Worker[]) {
    this.doorbell = doorbell
    this.#workers = workers
  }

  /** Starts threads that wait for `attach`. `onExit` is called when one ends, `onMessage` with what concerns a block or a trace. */
  static async start(
    size: number,
    setup: PoolSetup,
    onMessage: (message: BlockMessage | TraceReply) => void,
    onExit: () => void,
  ): Promise<Threads> {
    const script = await workerScript()
    const doorbell = Doorbell.buffers(size)
    const workers = Array.from({ length: size }, (_, self) => startWorker(script, { ...setup, doorbell, self }))
    const threads = new Threads(new Doorbell(doorbell), workers)
    for (const worker of workers) threads.#listen(worker, onMessage, onExit)
    return threads
  }

  #listen(worker: Worker, onMessage: (message: BlockMessage | TraceReply) => void, onExit: () => void): void {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'started') this.#waiting.get(worker)?.resolve(message.failure)
      else onMessage(message)
    })
    worker.on('error', (error) => {
      this.cause ??= error
    })
    worker.once('exit', (code) => {
      this.dead.add(worker)
      this.cause ??= new Error(`it exited with code ${code}`)
      this.#waiting.get(worker)?.reject(this.cause)
      onExit()
    })
    // A listener of messages keeps the process alive: only after it does this hold.
    worker.unref()
  }

  /**
   * Gives all threads this memory; returns when they are ready for a block on it.
   * @throws WorkerFailedError, or the typed error of the engine or the set-up module
   */
  async attach(task: StartTask): Promise<void> {
    const starting = Promise.all(this.#workers.map((worker) => this.#start(worker, task)))
    let failures: (WorkerFailure | undefined)[]
    try {
      failures = await withTimeout(starting, START_TIMEOUT_MS, `${this.#workers.length} workers did not start`)
    } catch (error) {
      throw error instanceof ParallevmError
        ? error
        : new WorkerFailedError(`a worker did not start: ${error}`, { cause: error })
    } finally {
      this.#waiting.clear()
    }
    const failed = failures.find((failure) => failure !== undefined)
    if (failed !== undefined) throw new ParallevmError(failed.code, failed.message)
  }

  #start(worker: Worker, task: StartTask): Promise<WorkerFailure | undefined> {
    return new Promise((resolve, reject) => {
      if (this.dead.has(worker)) return reject(this.cause)
      this.#waiting.set(worker, { resolve, reject })
      worker.postMessage(task)
    })
  }

  /** What one of them is to trace. */
  tell(worker: number, task: TraceTask): void {
    this.#workers[worker]?.postMessage(task)
  }

  /** Ends all threads, also in the middle of a block. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

function startWorker({ source, eval: isText }: WorkerScript, workerData: WorkerSetup): Worker {
  const options = { eval: isText, workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } }
  // `node --input-type=module` would have the text read as a module, which it is not. Other flags are inherited: of those
  // that are named Node refuses V8's, though they hold for all threads anyway.
  const flags = process.execArgv.filter((flag) => !flag.startsWith('--input-type'))
  if (flags.length === process.execArgv.length) return new Worker(source, options)
  try {
    return new Worker(source, { ...options, execArgv: flags })
  } catch {
    return new Worker(source, { ...options, execArgv: [] })
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
