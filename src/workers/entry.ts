import { isDeepStrictEqual } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { ParallevmError } from '../errors.js'
import { importSetup, placesOf, type Setup, WorkerSetupError } from '../setup/setupModule.js'
import type { ReaderSpec, RowReader } from '../sources/rows.js'
import { openReader } from '../store/openReader.js'
import { BlockCore } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import { instantiate } from '../wasm/instance.js'
import { RowPort } from '../wasm/rowPort.js'
import { threadImports } from '../wasm/threadImports.js'
import { BlockParticipant } from './blockParticipant.js'
import { Doorbell } from './doorbell.js'
import type { StartTask, WorkerMessage, WorkerSetup } from './protocol.js'
import type { WorkerFailure } from './report.js'
import { SpanRing } from './spans.js'
import type { TraceTask } from './traceProtocol.js'
import { TraceWorker } from './traceWorker.js'
import { WasmEngine } from './wasmEngine.js'
import type { WorkerEngine } from './workerEngine.js'

// The module that each worker thread runs. Messages tell it of a memory to work on; blocks come through the doorbell.

const setup = workerData as WorkerSetup
const doorbell = new Doorbell(setup.doorbell)
const { self } = setup
/** Id of this thread in the core: 0 is the executor's own thread. */
const thread = self + 1
const spans = setup.spans && new SpanRing(setup.spans[thread] as SharedArrayBuffer)
/** Of the user's set-up module. */
let own: Setup | undefined
let worker: BlockParticipant | undefined
/** Traces transactions of blocks on the same memory. */
let tracer: TraceWorker | undefined
/** Kept from one memory to the next over the same rows. */
let opened: { spec: ReaderSpec; reader: RowReader } | undefined

parentPort?.on('message', async (task: StartTask | TraceTask) => {
  if ('kind' in task) {
    tracer?.do(task)
    return
  }
  const failure = await begin(task)
  post({ kind: 'started', ...(failure && { failure }) })
})

/** Why the worker could not start, if it could not. */
async function begin(task: StartTask): Promise<WorkerFailure | undefined> {
  try {
    const first = worker === undefined
    worker = await start(task)
    if (first) void serve()
    return undefined
  } catch (error) {
    const { message } = error as Error
    return { code: error instanceof ParallevmError ? error.code : 'WORKER_SETUP_FAILED', message }
  }
}

/** An error here ends the thread. */
async function serve(): Promise<void> {
  for (let heard = 0; ; ) {
    heard = await doorbell.nextRing(self, heard)
    const participant = worker as BlockParticipant
    const report = await participant.run(doorbell.answer(self))
    if (report.failure !== undefined) post({ kind: 'failure', worker: self, failure: report.failure })
    if (doorbell.done(self, report)) post({ kind: 'done' })
    await participant.idle(() => doorbell.rung(self, heard) || worker !== participant)
  }
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message)
}

async function start({ module, memory, rows }: StartTask): Promise<BlockParticipant> {
  own ??= await ownSetup()
  const port = new RowPort(memory)
  port.reader = rows && (await rowsOfThread(rows))
  const imports = threadImports(memory, port, own.precompiles)
  const core = new Core(memory, instantiate(module, memory, imports))
  const block = new BlockCore(core, thread)
  tracer = new TraceWorker(self, thread, block, port, imports, post)
  // Modules of @ethereumjs are large: a worker whose blocks all run in the core never loads them.
  const load = async (): Promise<WorkerEngine> =>
    await (await import('./ethereumjsEngine.js')).createEthereumjsEngine(setup.rules, own as Setup, block, post)
  if (setup.engine === 'ethereumjs') {
    const engine = await load()
    return new BlockParticipant(thread, block, () => engine, port, spans)
  }
  const wasm = new WasmEngine(block, thread, post)
  let other: Promise<WorkerEngine> | undefined
  const engineFor = (inCore: boolean): WorkerEngine | Promise<WorkerEngine> => {
    if (inCore) return wasm
    other ??= load()
    return other
  }
  return new BlockParticipant(thread, block, engineFor, port, spans)
}

/** What this thread's functions are; it knows them by the places that they have for the executor. @throws WorkerSetupError */
async function ownSetup(): Promise<Setup> {
  const { setupModule: url, precompiles } = setup
  const imported = await importSetup(url)
  if (placesOf(imported) === precompiles) return imported
  throw new WorkerSetupError(url as string, 'exports other `customPrecompiles` in another thread')
}

async function rowsOfThread(spec: ReaderSpec): Promise<RowReader> {
  if (opened !== undefined && isDeepStrictEqual(opened.spec, spec)) return opened.reader
  opened?.reader.close()
  opened = undefined
  opened = { spec, reader: await openReader(spec) }
  return opened.reader
}
