// What may be asked of a state without changing it: calls, estimates, simulations, blocks to be built, traces.
import type { Block } from '@ethereumjs/block'
import type { RlpLike } from '../door/bytes.js'
import { check } from '../door/shape.js'
import { runAccessLists } from './accessLists.js'
import type { RunContext } from './blockRun.js'
import { runBuild } from './builder/build.js'
import { gather } from './builder/gather.js'
import { BUILD_OPTIONS } from './builder/shapes.js'
import type { BuildOptions, BuiltBlock, UnsealedBlock, UnsealedBuildOptions } from './builder/types.js'
import { CALL, CALL_OPTIONS, CALLS, ESTIMATE_OPTIONS, QUESTION_OPTIONS } from './callShapes.js'
import { runCalls, runEstimates } from './calls.js'
import type {
  AccessListResult,
  CallDetails,
  CallOptions,
  CallRequest,
  CallResult,
  EstimateOptions,
  GasEstimate,
} from './callTypes.js'
import { invalidOptions } from './errors.js'
import { BLOCK, BLOCKS } from './optionShapes.js'
import { runSimulations } from './simulate.js'
import { SIMULATE_OPTIONS, SIMULATIONS } from './simulateShapes.js'
import type { SimulateOptions, Simulation, SimulationRequest } from './simulateTypes.js'
import { traceObjects, traceSteps, traceTexts } from './trace.js'
import { traceCall } from './traceCall.js'
import { checkTrace, checkTraceCall, checkTraceSteps } from './traceShapes.js'
import type {
  TraceCallOptions,
  TraceOptions,
  TracerName,
  TracerResults,
  TraceStepsOptions,
  TraceText,
  TransactionTrace,
} from './traceTypes.js'

/** The questions that an executor answers. */
export abstract class Questions {
  /** Does the work on all threads, in turn with all else. @internal */
  protected abstract onThreads<T>(work: (context: RunContext) => Promise<T>): Promise<T>

  /**
   * What calls would come to on the state as it is, on all threads: eth_call for one or for thousands. Each sees the state and
   * what it supposes of it, none what another does, and nothing is changed. Runs in the engine `wasm`.
   *
   * @throws InvalidInputError, InvalidOptionsError naming what was given wrongly
   * @throws InvalidBlockError when `block` is no header of the chain
   * @throws MissingNodeError, MissingStateError, StateSourceError when the state source does not have what a call needs
   * @throws EngineUnavailableError, ParallevmError UNSUPPORTED where another engine would have to run
   * @throws WorkerFailedError, OutOfSpaceError, ExecutorClosedError
   * @example
   * const [{ returnData }] = await executor.call([{ to: token, data: balanceOf(holder) }])
   */
  async call(calls: Iterable<CallRequest>, options: CallOptions & CallDetails = {}): Promise<CallResult[]> {
    const asked = check(CALLS, calls, 'calls')
    const checked = check(CALL_OPTIONS, options, 'options', invalidOptions)
    return this.onThreads((context) => runCalls(context, asked, checked))
  }

  /**
   * The least gas limit with which each call succeeds, searched for as go-ethereum's eth_estimateGas does, on all threads.
   * @throws as call
   */
  async estimateGas(calls: Iterable<CallRequest>, options: EstimateOptions = {}): Promise<GasEstimate[]> {
    const asked = check(CALLS, calls, 'calls')
    const checked = check(ESTIMATE_OPTIONS, options, 'options', invalidOptions)
    return this.onThreads((context) => runEstimates(context, asked, checked))
  }

  /**
   * Of each call the access list with which it touches nothing cold, and what it comes to with it: eth_createAccessList.
   * @throws as call
   */
  async createAccessList(calls: Iterable<CallRequest>, options: CallOptions = {}): Promise<AccessListResult[]> {
    const asked = check(CALLS, calls, 'calls')
    const checked = check(QUESTION_OPTIONS, options, 'options', invalidOptions)
    return this.onThreads((context) => runAccessLists(context, asked, checked))
  }

  /**
   * Sequences of calls, each of which sees what those before it did, in blocks that follow one another: eth_simulateV1, for one
   * or for many at once, which know nothing of each other and run on all threads. Blocks have no work of their own and no
   * withdrawals; nothing is changed. Runs in the engine `wasm`.
   * @throws as call; InvalidOptionsError when a block cannot follow the one before it
   */
  async simulate(simulations: Iterable<SimulationRequest>, options: SimulateOptions = {}): Promise<Simulation[]> {
    const asked = check(SIMULATIONS, simulations, 'simulations')
    const checked = check(SIMULATE_OPTIONS, options, 'options', invalidOptions)
    return this.onThreads((context) => runSimulations(context, asked, checked))
  }

  /**
   * Builds a block on the state as it is: transactions in their order, executed on all threads, until the gas limit, the limits of
   * blobs and bytes, or the deadline; those that must not be in it are left out, and it is said why. The block is the one that
   * taking them one after another gives, with the block's own work, and `execute` accepts it. The state stays as it is unless
   * `keep` is set. With `root: false` it is built on any state, and comes as the fields of its header. Runs in the engine `wasm`.
   *
   * @param transactions EIP-2718 bytes, or transactions of @ethereumjs/tx; all that come before the deadline are put in order
   * @throws InvalidInputError, InvalidOptionsError naming what was given wrongly
   * @throws InvalidBlockError when no valid block has such a header, or the block's own work fails; WrongStateError when the
   * state is not that after the parent
   * @throws what the transactions' source throws, the signal's reason, and for the state and workers as execute
   * Whenever it throws the state is as before.
   */
  async build(
    transactions: AsyncIterable<RlpLike> | Iterable<RlpLike>,
    options: UnsealedBuildOptions,
  ): Promise<UnsealedBlock>
  async build(transactions: AsyncIterable<RlpLike> | Iterable<RlpLike>, options: BuildOptions): Promise<BuiltBlock>
  async build(
    transactions: AsyncIterable<RlpLike> | Iterable<RlpLike>,
    options: BuildOptions | UnsealedBuildOptions,
  ): Promise<BuiltBlock | UnsealedBlock> {
    const source = check(BLOCKS, transactions, 'transactions')
    const checked = check(BUILD_OPTIONS, options, 'options', invalidOptions)
    const deadline = performance.now() + (checked.deadline ?? Number.POSITIVE_INFINITY)
    const gathered = await gather(source, deadline, checked.signal)
    return this.onThreads((context) => runBuild(context, gathered, checked, deadline))
  }

  /**
   * Traces of a block's transactions on the state as it is, which stays as it is: the block is executed once, then the transactions
   * that are asked for run again on the values that each of them saw, on all threads. They come in order. Until the iteration ends
   * other calls wait.
   *
   * @throws InvalidInputError, InvalidOptionsError at once; in the iteration what `execute` throws, the reason of `signal`, and
   * ParallevmError UNSUPPORTED where another engine than `wasm` would have to run
   * @example
   * for await (const { hash, result } of executor.trace(block, { tracer: 'callTracer' })) console.log(hash, result.gasUsed)
   */
  trace<N extends TracerName>(
    block: Block | RlpLike,
    options: TraceOptions<N>,
  ): AsyncIterableIterator<TransactionTrace<N>> {
    const [bytes, checked] = [check(BLOCK, block, 'block'), checkTrace(options)]
    return traceObjects((work) => this.onThreads(work), bytes, checked) as AsyncGenerator<TransactionTrace<N>>
  }

  /** The same as text in JSON, in parts of bounded length: for traces that are larger than memory. @throws as trace */
  traceText(block: Block | RlpLike, options: TraceOptions): AsyncIterableIterator<TraceText> {
    const [bytes, checked] = [check(BLOCK, block, 'block'), checkTrace(options)]
    return traceTexts((work) => this.onThreads(work), bytes, checked)
  }

  /**
   * The trace of a call that changes nothing, as debug_traceCall: on the state as it is, with what is supposed of it.
   * @throws as call; ParallevmError CALL_REFUSED when the call is not executed
   * @example
   * const { calls } = await executor.traceCall({ to: router, data: swap }, { tracer: 'callTracer' })
   */
  async traceCall<N extends TracerName>(call: CallRequest, options: TraceCallOptions<N>): Promise<TracerResults[N]> {
    const [asked, checked] = [check(CALL, call, 'call'), checkTraceCall(options)]
    return (await this.onThreads((context) => traceCall(context, asked, checked))) as TracerResults[N]
  }

  /** Calls a function for each opcode of a block's transactions, on the caller's thread: slow. @throws as trace, and what `onStep` throws */
  async traceSteps(block: Block | RlpLike, options: TraceStepsOptions): Promise<void> {
    const [bytes, checked] = [check(BLOCK, block, 'block'), checkTraceSteps(options)]
    await traceSteps((work) => this.onThreads(work), bytes, checked)
  }
}
