import { parentPort, workerData } from 'node:worker_threads'
import { initPrecompiles } from '../crypto/curves.js'
import { ParallevmError } from '../errors.js'
import { BlockCore } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import { hostPrecompile } from '../wasm/hostPrecompile.js'
import { instantiate } from '../wasm/instance.js'
import { BlockParticipant } from './blockParticipant.js'
import { Doorbell } from './doorbell.js'
import type { StartTask, WorkerMessage, WorkerSetup } from './protocol.js'
import type { WorkerFailure } from './report.js'
import { WasmEngine } from './wasmEngine.js'
import type { WorkerEngine } from './workerEngine.js'

// The module that piscina runs in each worker thread. Piscina starts and ends threads; blocks come through the doorbell.

const setup = workerData as WorkerSetup
const bell = new Doorbell(setup.bell)
const self = Atomics.add(new Int32Array(setup.taken), 0, 1)
/** Id of this thread in the core: 0 is the executor's own thread. */
const thread = self + 1
let worker: BlockParticipant | undefined

/** Why the worker could not start, if it could not. */
export default async function run(task: StartTask): Promise<WorkerFailure | undefined> {
  let failure: WorkerFailure | undefined
  try {
    const first = worker === undefined
    worker = await start(task)
    if (first) void serve()
  } catch (error) {
    const { message } = error as Error
    failure = { code: error instanceof ParallevmError ? error.code : 'WORKER_SETUP_FAILED', message }
  }
  arrive(task)
  return failure
}

/** An error here ends the thread. */
async function serve(): Promise<void> {
  for (let heard = 0; ; ) {
    heard = await bell.nextRing(self, heard)
    const report = await (worker as BlockParticipant).run(bell.answer(self))
    if (report.failure !== undefined) post({ kind: 'failure', worker: self, failure: report.failure })
    if (bell.done(self, report)) post({ kind: 'done' })
  }
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message)
}

async function start({ memory }: StartTask): Promise<BlockParticipant> {
  await initPrecompiles()
  const imports = { env: { hostPrecompile: hostPrecompile(() => core) } }
  const core: Core = new Core(memory, instantiate(setup.module, memory, imports))
  const block = new BlockCore(core, thread)
  // Modules of @ethereumjs are large: a worker whose blocks all run in the core never loads them.
  const load = async (): Promise<WorkerEngine> =>
    await (await import('./ethereumjsEngine.js')).createEthereumjsEngine(setup, block, post)
  if (setup.engine === 'ethereumjs') {
    const engine = await load()
    return new BlockParticipant(thread, block, () => engine)
  }
  const wasm = new WasmEngine(block, thread, post)
  let other: Promise<WorkerEngine> | undefined
  return new BlockParticipant(thread, block, (inCore) => {
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
