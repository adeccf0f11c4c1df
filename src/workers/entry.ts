import { parentPort, workerData } from 'node:worker_threads'
import { ParallevmError } from '../errors.js'
import { BlockCore } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import { instantiate } from '../wasm/instance.js'
import { CoreTxState } from '../wasm/txState.js'
import { BlockWorker } from './blockWorker.js'
import { createWorkerEngine } from './engine.js'
import type { BlockReport, StartTask, Task, WorkerSetup } from './protocol.js'

// The module that piscina runs in each worker thread.

const setup = workerData as WorkerSetup
let worker: BlockWorker | undefined

export default async function run(task: Task): Promise<BlockReport> {
  if (task.kind === 'block') {
    if (worker === undefined) throw new ParallevmError('WORKER_FAILED', 'the worker got a block before it was started')
    return await worker.run(task.request)
  }
  const report: BlockReport = { thread: 0, ms: { senders: 0, execution: 0, root: 0 } }
  try {
    worker = await start(task)
  } catch (error) {
    const { message } = error as Error
    report.failure = { code: error instanceof ParallevmError ? error.code : 'WORKER_SETUP_FAILED', message }
  }
  arrive(task)
  return report
}

async function start({ memory, taken }: StartTask): Promise<BlockWorker> {
  const thread = Atomics.add(new Int32Array(taken), 0, 1) + 1
  const core = new Core(memory, instantiate(setup.module, memory))
  const block = new BlockCore(core, thread)
  const engine = await createWorkerEngine(setup, core)
  return new BlockWorker(thread, block, new CoreTxState(block), engine, (message) => parentPort?.postMessage(message))
}

/** Holds this worker until all have started, so that piscina gives each of them exactly one start task. */
function arrive({ workers, ready }: StartTask): void {
  const count = new Int32Array(ready)
  if (Atomics.add(count, 0, 1) + 1 >= workers) {
    Atomics.notify(count, 0)
    return
  }
  for (let seen = Atomics.load(count, 0); seen < workers; seen = Atomics.load(count, 0))
    Atomics.wait(count, 0, seen, 1000)
}
