// Traces of a block's transactions: the block is executed, and while its versions are in memory each transaction that is asked for
// runs once more on them.
// Decision 36 (docs/adr/0036-tracers-over-events.md).

import type { BlockRequest } from '../abi/blockRequest.js'
import { CHUNK_SIZE, EVM_THREAD_CHUNKS } from '../abi/core.generated.js'
import { hex } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import { Replayer } from '../tracers/replay.js'
import type { TracerName, TracerResults } from '../tracers/shapes.js'
import type { BlockResult } from '../types.js'
import type { WasmModule } from '../wasm/host.js'
import { compileTracing, stepStream, WANTS_OF_STEPS } from '../wasm/tracing.js'
import { HOST_THREAD } from '../workers/blockParticipant.js'
import type { TraceJob } from '../workers/traceSession.js'
import type { BlockInput } from './blockInput.js'
import { BlockRun, type Inspect, type RunContext } from './blockRun.js'
import { InvalidOptionsError } from './errors.js'
import { Handover } from './handover.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import { replayOnWorkers } from './replaying.js'
import type { SharedState } from './sharedState.js'
import type { CheckedTrace, CheckedTraceBlock, CheckedTraceSteps } from './traceShapes.js'
import type { TraceText, TransactionTrace } from './traceTypes.js'

/** Runs a block in the executor's turn. */
export type InTurn = (work: (context: RunContext) => Promise<unknown>) => Promise<unknown>

/** The texts of the traces, part by part. @throws as BlockExecutor.trace */
export async function* traceTexts(inTurn: InTurn, bytes: Uint8Array, options: CheckedTrace): AsyncGenerator<TraceText> {
  const { signal } = options
  const handover = new Handover<TraceText>()
  const abort = (): void => {
    handover.end({ error: signal?.reason })
    handover.close()
  }
  if (signal?.aborted) throw signal.reason
  signal?.addEventListener('abort', abort)
  const module = await compileTracing()
  const done = traced(inTurn, bytes, options, (context, input, result, request) =>
    onWorkers(context, input, result, request, module, options, handover),
  ).then(
    () => handover.end(),
    (error) => handover.end({ error }),
  )
  try {
    yield* handover.values()
  } finally {
    signal?.removeEventListener('abort', abort)
    handover.close()
    await done
  }
}

/** The traces as objects. @throws as BlockExecutor.trace */
export async function* traceObjects(
  inTurn: InTurn,
  bytes: Uint8Array,
  options: CheckedTrace,
): AsyncGenerator<TransactionTrace> {
  let parts: string[] = []
  for await (const { index, hash, text, last } of traceTexts(inTurn, bytes, options)) {
    parts.push(text)
    if (!last) continue
    const whole = parts.join('')
    parts = []
    const result = (options.tracer === 'eip3155' ? whole : JSON.parse(whole)) as TracerResults[TracerName]
    yield { index, hash, result }
  }
}

/** Executes the block for what `inspect` makes of it, and drops it. */
async function traced(inTurn: InTurn, bytes: Uint8Array, options: CheckedTraceBlock, inspect: Inspect): Promise<void> {
  const { transactions: _, signal: __, ...rest } = options
  // What fails here is kept from whoever tries a block again that did not fit into memory: parts of it were told.
  let failed: { error: unknown } | undefined
  const keepingFailure: Inspect = async (...block) => {
    try {
      await inspect(...block)
    } catch (error) {
      failed = { error }
    }
  }
  await inTurn((context) => new BlockRun(bytes, executed(context, rest), keepingFailure).execute(context))
  if (failed !== undefined) throw failed.error
}

/** Versions of all transactions beside each other, no tries, and nothing that stays. */
function executed({ verify }: RunContext, options: Omit<CheckedExecuteOptions, 'mode'>): CheckedExecuteOptions {
  const compared = verify === 'none' || verify === 'result' ? verify : 'header'
  return { ...options, mode: 'parallel', root: false, advance: false, verify: compared }
}

async function onWorkers(
  context: RunContext,
  input: BlockInput,
  result: BlockResult,
  request: BlockRequest,
  module: WasmModule,
  { tracer, config, transactions }: CheckedTrace,
  handover: Handover<TraceText>,
): Promise<void> {
  refuseOtherEngine(result)
  const indexes = chosen(request, transactions)
  const withLog = tracer === 'callTracer' && (config as { withLog?: boolean }).withLog === true
  const logsBefore = logCounts(result, withLog)
  const { keccak256 } = hashing(context.state.block.core)
  const jobs = indexes.map((index): TraceJob => {
    const hash = `0x${hex(keccak256(request.transaction(index)))}`
    return { index, txHash: hash, logsBefore: logsBefore(index) }
  })
  if (jobs.length === 0) return
  const hashes = new Map(jobs.map(({ index, txHash }) => [index, txHash]))
  const block = { request: request.pointer, blockHash: `0x${hex(input.hash)}`, blockNumber: input.header.number }
  await replayOnWorkers(context, { module, tracer, config, ...block, jobs }, (part) =>
    handover.give({ ...part, hash: hashes.get(part.index) as string }),
  )
}

/** Calls a function for each step, on this thread. @throws as BlockExecutor.traceSteps */
export async function traceSteps(inTurn: InTurn, bytes: Uint8Array, options: CheckedTraceSteps): Promise<void> {
  const { onStep, signal, ...rest } = options
  signal?.throwIfAborted()
  const module = await compileTracing()
  await traced(inTurn, bytes, rest, async ({ state, closing }, _, result, request) => {
    refuseOtherEngine(result)
    const replayer = new Replayer(module, state.memory, HOST_THREAD, state.imports)
    try {
      replayer.begin(request.pointer)
      for (const index of chosen(request, options.transactions)) {
        const steps = stepStream({ step: (step) => onStep(step, index), end: () => {} })
        replayer.run(index, WANTS_OF_STEPS, (type, view, buffer, at) => steps.tell(type, view, buffer, at))
        // The event loop has its turn.
        await new Promise(setImmediate)
        signal?.throwIfAborted()
        closing.throwIfAborted()
      }
    } finally {
      replayer.end()
      renewHost(state)
    }
  })
}

/** The executor's own instance is its thread again. @throws OutOfSpaceError */
function renewHost({ block }: SharedState): void {
  block.renew(HOST_THREAD)
  if (!block.exports.evmThreadInit(HOST_THREAD)) throw block.outOfSpace(EVM_THREAD_CHUNKS * CHUNK_SIZE)
}

/** @throws InvalidOptionsError */
function chosen({ count }: BlockRequest, transactions: readonly number[] | undefined): number[] {
  const indexes = transactions ?? Array.from({ length: count }, (_, index) => index)
  const place = indexes.findIndex((index) => index >= count)
  if (place < 0) return [...new Set(indexes)]
  throw new InvalidOptionsError(`options.transactions[${place}]`, `the block has ${count} transactions, from 0 on`)
}

/** Logs of the block before a transaction. */
function logCounts({ receipts }: BlockResult, wanted: boolean): (index: number) => number {
  if (!wanted) return () => 0
  const before: number[] = []
  let sum = 0
  for (const { logs } of receipts) {
    before.push(sum)
    sum += logs.length
  }
  return (index) => before[index] as number
}

function refuseOtherEngine({ number, stats }: BlockResult): void {
  if (stats.engine === 'wasm') return
  throw new ParallevmError(
    'UNSUPPORTED',
    `traces of block ${number}: they come from the engine wasm, which does not have the rules of this block or this executor`,
  )
}
