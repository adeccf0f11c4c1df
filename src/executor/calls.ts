// Questions to the state: calls that change nothing, all at once on all threads.
// Decision 31 (docs/adr/0031-questions-are-a-block.md).
import { BlockMode, FLAG_ASYNC, FLAG_CORE, FLAG_HOST } from '../abi/core.generated.js'
import type { EvmBlock } from '../abi/evmRecords.js'
import { ParallevmError } from '../errors.js'
import { memoryView } from '../wasm/memoryView.js'
import type { RunContext } from './blockRun.js'
import { type CallBlock, callBlock } from './callBlock.js'
import { encodeCall, isFree, writeCalls } from './callRequests.js'
import { callResult } from './callResult.js'
import type { CheckedCall, CheckedCallOptions } from './callShapes.js'
import type { CallResult } from './callTypes.js'
import { runRequest } from './dispatch.js'

/** Calls that are in memory together: their results are copied out before the next ones. */
const AT_ONCE = 4096
/** So few are answered before another thread is awake. */
const FEW = 8

/**
 * What each call would come to on the state as it is, none seeing what another does.
 * @throws InvalidOptionsError, InvalidBlockError when the block of the calls is no header, EngineUnavailableError, ParallevmError
 * UNSUPPORTED, and as BlockExecutor.execute where the state lacks a value or a worker fails
 */
export async function runCalls(
  context: RunContext,
  calls: readonly CheckedCall[],
  options: CheckedCallOptions,
): Promise<CallResult[]> {
  const block = callBlock(context, options)
  const results = new Array<CallResult>(calls.length)
  // Those that pay nothing see no base fee (eth_call), which is the block's for all that run together.
  const free: number[] = []
  const others: number[] = []
  for (const [index, call] of calls.entries()) (!options.validation && isFree(call) ? free : others).push(index)
  for (const [indexes, environment] of [
    [free, { ...block.environment, baseFee: 0n }],
    [others, block.environment],
  ] as const) {
    for (let first = 0; first < indexes.length; first += AT_ONCE) {
      await runSome(context, calls, indexes.slice(first, first + AT_ONCE), { ...block, environment }, options, results)
    }
  }
  return results
}

async function runSome(
  { state, pool, chooser, timeline }: RunContext,
  calls: readonly CheckedCall[],
  indexes: readonly number[],
  { common, environment }: CallBlock,
  { overrides = [], validation = false }: CheckedCallOptions,
  results: CallResult[],
): Promise<void> {
  if (chooser.choose(common).engine !== 'wasm') throw notInCore(environment)
  const records = indexes.map((index) => encodeCall(calls[index] as CheckedCall, overrides, environment, validation))
  const { fetches } = state.capabilities
  const few = indexes.length <= FEW && !fetches
  const plan = { host: !fetches, threads: few ? 1 : pool.size }
  const flags = FLAG_CORE | (plan.host ? FLAG_HOST : 0) | (fetches ? FLAG_ASYNC : 0)
  const { block } = state
  state.own.checkKnown()
  state.catchUp()
  const serial = state.begin()
  try {
    block.blockBegin(records.length + 2, plan.threads, BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER)
    const request = { hardfork: common.hardfork(), flags, serial }
    const pointer = writeCalls(memoryView(block), records, environment, request)
    await runRequest(state, pool, plan, pointer, { spans: timeline.host })
    for (const [place, index] of indexes.entries()) results[index] = callResult(block.outcome(place + 1))
  } finally {
    timeline.host.to(undefined)
    state.drop()
  }
}

function notInCore({ number }: EvmBlock): ParallevmError {
  return new ParallevmError(
    'UNSUPPORTED',
    `calls on block ${number}: they run in the engine wasm, which does not have the rules of this block or this executor`,
  )
}
