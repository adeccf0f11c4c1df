// Transactions of a block that has been executed and is not ended yet, run once more by workers that trace them.
import { B_FORK, Q_ENV } from '../abi/core.generated.js'
import type { TracerConfigs, TracerName } from '../tracers/shapes.js'
import type { MissingValue } from '../wasm/blockCore.js'
import type { WasmModule } from '../wasm/host.js'
import { WorkerFailedError } from '../workers/errors.js'
import type { WorkerFailure } from '../workers/report.js'
import type { TraceJob, TracePart } from '../workers/traceSession.js'
import type { RunContext } from './blockRun.js'
import { failureError } from './workerFailure.js'

export interface Replaying {
  module: WasmModule
  tracer: TracerName
  config: TracerConfigs[TracerName]
  /** Pointer to the block's request. */
  request: number
  /** 0x hex, 32 bytes. */
  blockHash: string
  blockNumber: bigint
  jobs: TraceJob[]
}

/**
 * Gives the parts of the traces in the order of the jobs, until `take` wants no more.
 * @throws MissingStateError, MissingNodeError, WorkerFailedError, StateSourceError
 */
export async function replayOnWorkers(
  { state, pool, closing }: RunContext,
  { module, tracer, config, request, blockHash, blockNumber, jobs }: Replaying,
  take: (part: TracePart) => Promise<boolean>,
): Promise<void> {
  const { core, exports } = state.block
  const rules = core.u32(core.u32(request + Q_ENV) + B_FORK)
  const block = { rules, blockHash, blockNumber: Number(blockNumber) }
  const failed = (failure: WorkerFailure): Error =>
    failure.missing ? state.missingError(failure.missing) : failureError(failure)
  try {
    const begin = { module, request, tracer, config, block, fetches: state.capabilities.fetches }
    const fetch = (missing: MissingValue) => state.reads.load(missing)
    await pool.trace(begin, jobs, fetch, async (session) => {
      for await (const part of session.parts(failed)) if (!(await take(part))) return
    })
  } catch (error) {
    closing.throwIfAborted()
    // All threads that could touch the memory are gone or newly started: locks of the dead ones are freed.
    if (error instanceof WorkerFailedError) exports.recover()
    throw error
  }
}
