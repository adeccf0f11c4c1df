import { parentPort, workerData } from 'node:worker_threads'
import { initPrecompiles } from '../crypto/curves.js'
import { ParallevmError } from '../errors.js'
import { hostPrecompile } from '../ethereumjs/hostPrecompile.js'
import { BlockCore } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import { instantiate } from '../wasm/instance.js'
import { BlockWorker } from './blockWorker.js'
import type { BlockReport, MissingMessage, StartTask, Task, WorkerSetup } from './protocol.js'
import { WasmEngine } from './wasmEngine.js'
import type { WorkerEngine } from './workerEngine.js'

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
  await initPrecompiles()
  const imports = { env: { hostPrecompile: hostPrecompile(() => core) } }
  const core: Core = new Core(memory, instantiate(setup.module, memory, imports))
  const block = new BlockCore(core, thread)
  const post = (message: MissingMessage): void => parentPort?.postMessage(message)
  // Modules of @ethereumjs are large: a worker whose blocks all run in the core never loads them.
  const load = async (): Promise<WorkerEngine> =>
    await (await import('./ethereumjsEngine.js')).createEthereumjsEngine(setup, block, post)
  if (setup.engine === 'ethereumjs') {
    const engine = await load()
    return new BlockWorker(thread, block, () => engine)
  }
  const wasm = new WasmEngine(block, thread, post)
  let other: Promise<WorkerEngine> | undefined
  return new BlockWorker(thread, block, (inCore) => {
    if (inCore) return wasm
    other ??= load()
    return other
  })
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
