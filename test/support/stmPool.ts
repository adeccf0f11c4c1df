// Real threads for tests of the scheduler.
import { Worker } from 'node:worker_threads'
import type { BlockCore } from '../../src/wasm/blockCore.js'
import type { WorkerBlock } from './stmWorker.js'

const EVENTS = ['', 'claim', 'executed', 'suspend', 'resume', 'abort', 'commit', 'retry at front', 'wait', 'fail']
EVENTS.push('give up', 'in order', 'try')
/** A block of a few transactions that takes longer is stuck. */
const PATIENCE = 8000

export class Pool {
  readonly workers: Worker[] = []
  readonly #host: BlockCore

  private constructor(host: BlockCore) {
    this.#host = host
  }

  /** Starts threads 1 to `threads` on the host's memory. */
  static async start(host: BlockCore, threads: number): Promise<Pool> {
    const pool = new Pool(host)
    for (let thread = 1; thread <= threads; thread++) {
      const workerData = { memory: host.core.memory, thread }
      pool.workers.push(new Worker(new URL('./stmWorker.js', import.meta.url), { workerData }))
    }
    await Promise.all(pool.workers.map((worker) => answerOf(worker)))
    return pool
  }

  /** All threads run the block that was begun. Their answers; throws with the schedule when they do not come. */
  async run(block: WorkerBlock): Promise<unknown[]> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${block.program.name}: stuck\n${this.schedule()}`)), PATIENCE)
    })
    const answers = this.workers.map((worker) => answerOf(worker))
    for (const worker of this.workers) worker.postMessage(block)
    try {
      return await Promise.race([Promise.all(answers), late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** All threads take part in the state root stage that was begun: their statuses. */
  async root(): Promise<unknown[]> {
    const answers = this.workers.map((worker) => answerOf(worker))
    for (const worker of this.workers) worker.postMessage('root')
    return Promise.all(answers)
  }

  /** The last events of all threads in the order they happened. */
  schedule(limit = 200): string {
    const { core, exports } = this.#host
    const events: [number, string][] = []
    for (let thread = 0; thread <= this.workers.length; thread++) {
      const ring = exports.ringOf(thread) >>> 0
      if (ring === 0) continue
      const cursor = core.u32(ring)
      for (let i = Math.max(0, cursor - 1024); i < cursor; i++) {
        const at = ring + 16 + (i % 1024) * 16
        const line = `thread ${thread} ${EVENTS[core.u32(at + 4)]} ${core.u32(at + 8)} (${core.u32(at + 12)})`
        events.push([core.u32(at), line])
      }
    }
    events.sort((a, b) => a[0] - b[0])
    const front = `front ${exports.blockFront()}, window ${exports.blockWindow()}`
    return [front, ...events.slice(-limit).map(([order, line]) => `${order} ${line}`)].join('\n')
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }
}

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', onMessage)
      worker.off('error', onError)
    }
    const onMessage = (message: unknown) => {
      settle()
      resolve(message)
    }
    const onError = (error: unknown) => {
      settle()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    worker.on('message', onMessage)
    worker.on('error', onError)
  })
}
