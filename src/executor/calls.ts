// Questions to the state: calls that change nothing, all at once on all threads.
// Decision 31 (docs/adr/0031-questions-are-a-block.md).
import { BlockMode, FLAG_ASYNC, FLAG_CORE, FLAG_HOST, RECORD_ESTIMATE, RECORD_FINDINGS } from '../abi/core.generated.js'
import type { EvmBlock } from '../abi/evmRecords.js'
import { diffOf } from '../abi/findings.js'
import { ParallevmError } from '../errors.js'
import { packAnswers } from '../wasm/answers.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { accessedBy } from './accessed.js'
import type { RunContext } from './blockRun.js'
import { type CallBlock, callBlock } from './callBlock.js'
import { type Asking, isFree, writeCalls } from './callRequests.js'
import { AnswerReader } from './callResult.js'
import type { CheckedCall, CheckedCallDetails, CheckedCallOptions, CheckedEstimateOptions } from './callShapes.js'
import type { CallResult, GasEstimate } from './callTypes.js'
import { runRequest } from './dispatch.js'
import { lazily } from './lazily.js'

/** Calls that are in memory together: their results are copied out before the next ones. */
const AT_ONCE = 4096
/** So few are answered before another thread is awake. */
const FEW = 8
/** As go-ethereum has it. */
const ERROR_RATIO = 0.015

/**
 * What each call would come to on the state as it is, none seeing what another does.
 * @throws InvalidOptionsError, InvalidBlockError when the block of the calls is no header, EngineUnavailableError, ParallevmError
 * UNSUPPORTED, and as BlockExecutor.execute where the state lacks a value or a worker fails
 */
export async function runCalls(
  context: RunContext,
  calls: readonly CheckedCall[],
  options: CheckedCallOptions & CheckedCallDetails,
): Promise<CallResult[]> {
  const { accessList = false, stateDiff = false } = options
  if (!accessList && !stateDiff) return ask(context, calls, options, { flags: 0 }, (reader) => reader.result())
  return ask(context, calls, options, { flags: RECORD_FINDINGS }, (reader, call) => {
    const { result, findings } = reader.answer()
    if (findings.length === 0) return result
    return lazily(result, {
      ...(accessList && { accessList: () => accessedBy(call, result, findings) }),
      ...(stateDiff && { stateDiff: () => diffOf(findings) }),
    })
  })
}

/** The least gas limit with which each call succeeds. @throws as runCalls */
export async function runEstimates(
  context: RunContext,
  calls: readonly CheckedCall[],
  options: CheckedEstimateOptions,
): Promise<GasEstimate[]> {
  const how = { flags: RECORD_ESTIMATE, errorRatio: options.errorRatio ?? ERROR_RATIO }
  return ask(context, calls, options, how, (reader) => {
    const { result, estimate } = reader.answer()
    const { gasUsed: _, logs: __, createdAddress: ___, ...rest } = result
    return { ...rest, gas: estimate }
  })
}

/** Reads the next answer, which is that to the call. */
type Read<T> = (reader: AnswerReader, call: CheckedCall) => T

async function ask<T>(
  context: RunContext,
  calls: readonly CheckedCall[],
  options: CheckedCallOptions,
  how: Pick<Asking, 'flags' | 'errorRatio'>,
  read: Read<T>,
): Promise<T[]> {
  const { overrides = [], validation = false } = options
  const block = callBlock(context, options)
  const asking = { overrides, validation, ...how }
  const results = new Array<T>(calls.length)
  // Those that pay nothing see no base fee (eth_call), which is the block's for all that run together.
  const [free, others] = validation ? [[], [...calls.keys()]] : split(calls)
  for (const [indexes, environment] of [
    [free, { ...block.environment, baseFee: 0n }],
    [others, block.environment],
  ] as const) {
    for (let first = 0; first < indexes.length; first += AT_ONCE) {
      const some = indexes.slice(first, first + AT_ONCE)
      const asked = some.map((index) => calls[index] as CheckedCall)
      const reader = await askSome(context, asked, { ...block, environment }, asking)
      for (let place = 0; place < some.length; place++) {
        results[some[place] as number] = read(reader, asked[place] as CheckedCall)
      }
    }
  }
  return results
}

function split(calls: readonly CheckedCall[]): [free: number[], others: number[]] {
  const [free, others]: [number[], number[]] = [[], []]
  for (let index = 0; index < calls.length; index++) (isFree(calls[index] as CheckedCall) ? free : others).push(index)
  return [free, others]
}

function askSome(
  context: RunContext,
  calls: readonly CheckedCall[],
  { common, environment }: CallBlock,
  asking: Asking,
): Promise<AnswerReader> {
  requireCore(context, common, environment)
  return runQuestions(context, calls.length, (block, flags, serial) =>
    writeCalls(block, calls, environment, asking, { hardfork: common.hardfork(), flags, serial }),
  )
}

/** @throws ParallevmError UNSUPPORTED, EngineUnavailableError */
export function requireCore({ chooser }: RunContext, common: CallBlock['common'], { number }: EvmBlock): void {
  if (chooser.choose(common).engine === 'wasm') return
  throw new ParallevmError(
    'UNSUPPORTED',
    `calls on block ${number}: they run in the engine wasm, which does not have the rules of this block or this executor`,
  )
}

/**
 * Runs a block of so many questions, of which nothing is kept; their answers.
 * @param write writes its request, a pointer
 * @param inspect looks at its packed answers and its request, while it is in memory
 */
export async function runQuestions(
  { state, pool, timeline }: RunContext,
  count: number,
  write: (block: BlockCore, flags: number, serial: number) => number,
  inspect?: (answers: Uint8Array, request: number) => Promise<void>,
): Promise<AnswerReader> {
  const { fetches } = state.capabilities
  const few = count <= FEW && !fetches
  const plan = { host: !fetches, threads: few ? 1 : pool.size }
  const flags = FLAG_CORE | (plan.host ? FLAG_HOST : 0) | (fetches ? FLAG_ASYNC : 0)
  const { block } = state
  state.own.checkKnown()
  state.catchUp()
  const serial = state.begin()
  try {
    block.blockBegin(count + 2, plan.threads, BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER)
    const pointer = write(block, flags, serial)
    await runRequest(state, pool, plan, pointer, { spans: timeline.host })
    const answers = packAnswers(block, count)
    await inspect?.(answers, pointer)
    return new AnswerReader(answers)
  } finally {
    timeline.host.to(undefined)
    state.drop()
  }
}
