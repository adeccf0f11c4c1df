import { BlockRequest } from '../abi/blockRequest.js'
import { BlockMode, Status } from '../abi/core.generated.js'
import { StateSourceError } from '../sources/errors.js'
import { type ClosedBlock, closeBlock } from '../wasm/closeBlock.js'
import { checkListMet, ListRefusal } from '../wasm/givenList.js'
import { memoryView } from '../wasm/memoryView.js'
import { HostFailure } from '../workers/hostFailure.js'
import type { WorkerPool } from '../workers/pool.js'
import type { BlockReport } from '../workers/report.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import { type Given, guidedBy } from './guide.js'
import type { SharedState } from './sharedState.js'
import type { HostSpans } from './timeline.js'
import { failureError } from './workerFailure.js'

/** A block that all threads have finished, and what it came to. */
export interface Dispatch {
  reports: BlockReport[]
  request: BlockRequest
  closed: ClosedBlock
  /** Addresses and slots of the access list that the block was executed from, which is true. */
  listItems?: number
}

/** What the host has, and does, for a block besides its input and plan. */
export interface Share extends Given {
  /** The block's request, from now on that of the running block; a pointer. @throws OutOfSpaceError */
  readonly request: (serial: number) => number
  /** What this thread is doing. */
  readonly spans: HostSpans
}

/**
 * Has all threads of the plan execute the block, up to their outcomes in memory.
 * @throws WorkerFailedError, OutOfSpaceError, MissingNodeError, MissingStateError, StateSourceError, or what an engine threw
 */
export async function dispatch(
  state: SharedState,
  pool: WorkerPool,
  input: BlockInput,
  plan: BlockPlan,
  share: Share,
): Promise<Dispatch> {
  if (plan.root === 'core') state.openTries()
  const pointer = begin(state, input, plan, share)
  const reports = await guidedBy(state, input, plan, share, (meanwhile) =>
    runRequest(state, pool, plan, pointer, { spans: share.spans, meanwhile }),
  )
  share.spans.to('result')
  const listItems = plan.mode === 'list' ? checkListMet(state.block) : undefined
  const closed = closeBlock(state.block, pointer)
  const request = new BlockRequest(memoryView(state.block), pointer)
  return { reports, request, closed, ...(listItems !== undefined && { listItems }) }
}

/** Has all threads execute a block that has begun. @throws as dispatch */
export async function runRequest(
  state: SharedState,
  pool: WorkerPool,
  plan: Pick<BlockPlan, 'host' | 'threads'>,
  pointer: number,
  share: Pick<Share, 'spans' | 'meanwhile'>,
): Promise<BlockReport[]> {
  const reports = await runThreads(state, pool, plan, pointer, share)
  throwFailure(state, reports)
  return reports
}

/** Begins the block in the core; a pointer to its request. */
function begin(state: SharedState, input: BlockInput, plan: BlockPlan, share: Share): number {
  const { header, block } = input
  const core = state.block
  const parallel = plan.mode !== 'sequential'
  const keys = plan.root === 'core' ? BlockMode.KEYS : 0
  const guided = plan.mode === 'list' ? BlockMode.GUIDED : 0
  const mode = parallel ? BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER | keys | guided : BlockMode.SEQUENTIAL
  const serial = state.begin()
  core.blockBegin(block.count + 2, parallel ? plan.threads : 1, mode)
  if (parallel && plan.mode !== 'list') core.setFeeRecipient(header.coinbase.bytes)
  return share.request(serial)
}

async function runThreads(
  state: SharedState,
  pool: WorkerPool,
  { host: hostToo, threads }: Pick<BlockPlan, 'host' | 'threads'>,
  pointer: number,
  { spans, meanwhile }: Pick<Share, 'spans' | 'meanwhile'>,
): Promise<BlockReport[]> {
  const { exports } = state.block.core
  const abort = (): void => {
    exports.blockFail(HostFailure.DEATH)
    exports.rootAbort(Status.OUT_OF_SPACE)
  }
  const mend = (): void => {
    exports.freeLocks()
    exports.aheadReset()
  }
  try {
    const host = hostToo ? await state.host(spans.ring) : undefined
    const workers = pool.run(pointer, host === undefined ? threads : threads - 1, abort, mend)
    // Awaited below: it must not count as unhandled while the host's thread is still busy.
    workers.catch(() => {})
    spans.to(undefined)
    await meanwhile?.()
    const own = host === undefined ? [] : [await host.run(pointer)]
    spans.to('waiting')
    if (host !== undefined) pool.waitBriefly()
    return [...own, ...(await workers)]
  } catch (error) {
    // All threads that could touch the memory are gone or newly started: locks of the dead ones are freed.
    exports.recover()
    exports.aheadReset()
    throw error
  }
}

/** Why the block failed, if it did. A source that failed is the reason for whatever the threads say. */
function throwFailure(state: SharedState, reports: readonly BlockReport[]): void {
  const { block: core, reads } = state
  const failed = reports.find(({ failure }) => failure !== undefined)?.failure
  if (reads.failure !== undefined) throw reads.failure
  if (state.rows.failure !== undefined) throw new StateSourceError('a row', state.rows.failure)
  if (failed?.missing !== undefined) throw state.missingError(failed.missing)
  if (failed !== undefined) throw failureError(failed)
  const code = core.exports.blockFailure()
  if (code === Status.MISGUIDED) throw new ListRefusal('a transaction did not do what it claims')
  if (code === Status.MISSING) throw state.missingError(state.frontMissing())
  if (code !== 0) core.check(code, 'the state before the block')
}
