import { availableParallelism } from 'node:os'
import type { Block } from '@ethereumjs/block'

import { ChainCommons } from '../block/common.js'
import { padded32 } from '../bytes.js'
import type { AddressLike, RlpLike, WordLike } from '../door/bytes.js'
import { list } from '../door/compounds.js'
import { check } from '../door/shape.js'
import { ADDRESS, invalidState, SOURCE, WORD } from '../sources/inputs.js'
import type { StateSource } from '../sources/source.js'
import type { AccountProof, BlockResult, StateAccount } from '../types.js'
import { WorkerPool } from '../workers/pool.js'
import type { MissingMessage } from '../workers/protocol.js'
import type { PoolSetup } from '../workers/threads.js'
import { runAccessLists } from './accessLists.js'
import { BlockRun, type RunContext } from './blockRun.js'
import { runBuild } from './builder/build.js'
import { gather } from './builder/gather.js'
import { BUILD_OPTIONS } from './builder/shapes.js'
import type { BuildOptions, BuiltBlock } from './builder/types.js'
import { CALL_OPTIONS, CALLS, ESTIMATE_OPTIONS, OVERRIDES, QUESTION_OPTIONS } from './callShapes.js'
import { runCalls, runEstimates } from './calls.js'
import type {
  AccessListResult,
  CallDetails,
  CallOptions,
  CallRequest,
  CallResult,
  EstimateOptions,
  GasEstimate,
  StateOverrides,
} from './callTypes.js'
import { chainRulesOf } from './chainRules.js'
import { revertTo, setAccounts } from './development.js'
import { EngineChooser } from './engineChoice.js'
import { ExecutorClosedError, invalidOptions } from './errors.js'
import { Lookahead } from './lookahead.js'
import {
  BLOCK,
  BLOCK_COUNT,
  BLOCKS,
  type CheckedCreateOptions,
  CREATE_OPTIONS,
  checkItem,
  EXECUTE_ALL_OPTIONS,
  EXECUTE_OPTIONS,
  MAX_THREADS,
} from './optionShapes.js'
import type {
  BlockExecutorOptions,
  BlockWithOptions,
  ExecuteAllOptions,
  ExecuteOptions,
  VerifyMode,
} from './options.js'
import { pipeline } from './pipeline.js'
import { RecentHashes } from './recentHashes.js'
import { SharedState } from './sharedState.js'
import { runSimulations } from './simulate.js'
import { SIMULATE_OPTIONS, SIMULATIONS } from './simulateShapes.js'
import type { SimulateOptions, Simulation, SimulationRequest } from './simulateTypes.js'
import { letGo, StateInMemory } from './stateInMemory.js'
import { StateReader } from './stateReader.js'
import { Timeline } from './timeline.js'
import { traceObjects, traceSteps, traceTexts } from './trace.js'
import { checkTrace, checkTraceSteps } from './traceShapes.js'
import type { TraceOptions, TracerName, TraceStepsOptions, TraceText, TransactionTrace } from './traceTypes.js'
import { refuseStore } from './writeAccounts.js'

const DEFAULT_MAX_MEMORY = 2 ** 31

/**
 * Executes blocks one after another, each on all worker threads, over one state.
 *
 * @example
 * const executor = await BlockExecutor.create({ chain: 'mainnet', state: witnessState({ root, nodes, codes }) })
 * const { receipts, stateRoot } = await executor.execute(blockRlp)
 * await executor.close()
 */
export class BlockExecutor {
  readonly #commons: ChainCommons
  readonly #chooser: EngineChooser
  readonly #verify: VerifyMode
  readonly #pool: WorkerPool
  readonly #timeline: Timeline
  /** Of an executor with the same rules. */
  readonly #likeThis: Omit<BlockExecutorOptions, 'state'>
  /** What executes blocks once more for their witness. */
  #second: BlockExecutor | undefined
  /** Of the blocks that were given. */
  readonly #recent = new RecentHashes()
  readonly #memory: StateInMemory
  /** Calls run in the order they are made. */
  #queue: Promise<unknown> = Promise.resolve()
  /** Aborted by `close`. */
  readonly #closing: AbortController

  private constructor(
    commons: ChainCommons,
    chooser: EngineChooser,
    verify: VerifyMode,
    pool: WorkerPool,
    timeline: Timeline,
    memory: StateInMemory,
    closing: AbortController,
    likeThis: Omit<BlockExecutorOptions, 'state'>,
  ) {
    this.#commons = commons
    this.#chooser = chooser
    this.#verify = verify
    this.#pool = pool
    this.#timeline = timeline
    this.#memory = memory
    this.#closing = closing
    this.#likeThis = likeThis
  }

  /**
   * Starts the workers and loads the state.
   * @throws InvalidOptionsError, InvalidStateError, UnsupportedHostError, OutOfSpaceError, WorkerFailedError, or what the state source throws
   */
  static async create(options: BlockExecutorOptions): Promise<BlockExecutor> {
    const checked = check(CREATE_OPTIONS, options, 'options', invalidOptions)
    try {
      return await BlockExecutor.#create(options, checked)
    } catch (error) {
      await letGo(checked.state)
      throw error
    }
  }

  static async #create(options: BlockExecutorOptions, checked: CheckedCreateOptions): Promise<BlockExecutor> {
    const threads = checked.threads ?? Math.min(availableParallelism(), MAX_THREADS)
    const engine = checked.engine ?? 'wasm'
    const maxMemory = checked.maxMemory ?? DEFAULT_MAX_MEMORY
    const rules = chainRulesOf(checked)
    const chainId = BigInt(rules.chain.chainId)
    const timeline = new Timeline(checked.timeline ?? false, threads)
    // With a set-up module every block falls back: the workers import it at once, so that a bad one is told here.
    const core = engine === 'wasm' && checked.workerSetup === undefined
    const setup: PoolSetup = {
      engine: core ? engine : 'ethereumjs',
      rules,
      ...(timeline.buffers && { spans: timeline.buffers }),
      ...(checked.workerSetup !== undefined && { setupModule: String(checked.workerSetup) }),
    }
    let executor: BlockExecutor | undefined
    const onMissing = (message: MissingMessage): void => {
      if (executor !== undefined) executor.#onMissing(message)
    }
    const pool = await WorkerPool.start(threads, setup, onMissing)
    const ready = async (): Promise<SharedState> => {
      const state = await SharedState.create(checked.state, maxMemory, chainId)
      const attached = pool.attach(state.task)
      attached.catch(() => {})
      // This thread gets ready for the first block while the workers do.
      if (core && !state.capabilities.fetches) await state.host(timeline.host.ring)
      await attached
      return state
    }
    const state = await ready().catch(async (error) => {
      await pool.close()
      throw error
    })
    const chooser = new EngineChooser(engine, rules, checked.workerSetup !== undefined, checked.fallback ?? true)
    const verify = checked.verify ?? 'header'
    const closing = new AbortController()
    const { state: _, timeline: __, common, ...like } = options
    const likeThis = { ...like, ...(common && { common: common.copy() }), hardfork: rules.hardfork }
    executor = new BlockExecutor(
      new ChainCommons(rules),
      chooser,
      verify,
      pool,
      timeline,
      new StateInMemory(state, pool, maxMemory, chainId, closing.signal),
      closing,
      likeThis,
    )
    return executor
  }

  /** Worker threads. */
  get threads(): number {
    return this.#pool.size
  }

  /**
   * Executes a block on the state as it is now.
   *
   * Block and options are copied: they may be changed while it runs.
   *
   * @param block an @ethereumjs/block Block, or the RLP of [header, transactions, uncles, withdrawals?]
   * @throws InvalidInputError, InvalidOptionsError naming what was given wrongly
   * @throws InvalidBlockError naming the rule that the block breaks
   * @throws MissingNodeError, MissingStateError when the state source does not have what the block needs
   * @throws DifferenceError when a verifying run disagrees
   * @throws EngineUnavailableError with `fallback: false`
   * @throws StateSourceError when a source fails, StateChangedError when somebody else has changed the state that it keeps
   * @throws StateUnknownError when a source could neither keep a block nor take it back: every block then, until setState
   * @throws WorkerFailedError, OutOfSpaceError, ExecutorClosedError
   * Whenever it throws it is as if the block had never been given; it, or another one, can be given next.
   */
  async execute(block: Block | RlpLike, options: ExecuteOptions = {}): Promise<BlockResult> {
    // Now rather than when the block's turn comes: until then the caller may change what he gave.
    const bytes = check(BLOCK, block, 'block')
    const checked = check(EXECUTE_OPTIONS, options, 'options', invalidOptions)
    return this.#run(new BlockRun(bytes, checked))
  }

  /**
   * Executes blocks that follow one another: as a loop of `execute` over them. While a block is executed, and while the
   * caller has its result, the next one is decoded and checked, and threads with nothing else to do recover its senders.
   *
   * A block is executed when its result is asked for; the source is read one block further. The first block that fails ends
   * the iteration with what `execute` throws, the state being that after the block before it. Ended early, it leaves the
   * state after the last result. Calls of `execute` and `setState` come between two blocks.
   *
   * @param blocks each as `execute` takes it, or with options of its own
   * @throws InvalidInputError, InvalidOptionsError at once; in the iteration also what `blocks` throws
   * @example
   * for await (const { number, stateRoot } of executor.executeAll(blocks)) console.log(number, stateRoot)
   */
  executeAll(
    blocks: AsyncIterable<Block | RlpLike | BlockWithOptions> | Iterable<Block | RlpLike | BlockWithOptions>,
    options: ExecuteAllOptions = {},
  ): AsyncIterableIterator<BlockResult> {
    const source = check(BLOCKS, blocks, 'blocks')
    const all = check(EXECUTE_ALL_OPTIONS, options, 'options', invalidOptions)
    const admit = (item: unknown, index: number): BlockRun => {
      const { bytes, options } = checkItem(item, all, index)
      return new BlockRun(bytes, options)
    }
    const lookahead = new Lookahead(source, admit, (run) => this.#prepare(run))
    return pipeline(lookahead, (run, meanwhile) => this.#run(run, meanwhile), this.#closing.signal)
  }

  #prepare(run: BlockRun): void {
    if (this.#closing.signal.aborted) return
    this.#timeline.host.to('next')
    run.prepare(this.#context())
    this.#timeline.host.to(undefined)
  }

  #run(run: BlockRun, meanwhile?: () => Promise<void>): Promise<BlockResult> {
    return this.#onThreads((context) => run.execute(context, meanwhile))
  }

  /** In turn, and in another memory where this one gets full. What breaks while the executor is closed is that. */
  #onThreads<T>(work: (context: RunContext) => Promise<T>): Promise<T> {
    return this.#enqueue(async () => {
      try {
        return await this.#memory.within(() => work(this.#context()))
      } catch (error) {
        this.#closing.signal.throwIfAborted()
        throw error
      }
    })
  }

  get #state(): SharedState {
    return this.#memory.state
  }

  #context(): RunContext {
    return {
      state: this.#state,
      pool: this.#pool,
      commons: this.#commons,
      chooser: this.#chooser,
      verify: this.#verify,
      recent: this.#recent,
      replay: (source, bytes, options) => this.#replay(source, bytes, options),
      timeline: this.#timeline,
      closing: this.#closing.signal,
    }
  }

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
    return this.#onThreads((context) => runCalls(context, asked, checked))
  }

  /**
   * The least gas limit with which each call succeeds, searched for as go-ethereum's eth_estimateGas does, on all threads.
   * @throws as call
   */
  async estimateGas(calls: Iterable<CallRequest>, options: EstimateOptions = {}): Promise<GasEstimate[]> {
    const asked = check(CALLS, calls, 'calls')
    const checked = check(ESTIMATE_OPTIONS, options, 'options', invalidOptions)
    return this.#onThreads((context) => runEstimates(context, asked, checked))
  }

  /**
   * Of each call the access list with which it touches nothing cold, and what it comes to with it: eth_createAccessList.
   * @throws as call
   */
  async createAccessList(calls: Iterable<CallRequest>, options: CallOptions = {}): Promise<AccessListResult[]> {
    const asked = check(CALLS, calls, 'calls')
    const checked = check(QUESTION_OPTIONS, options, 'options', invalidOptions)
    return this.#onThreads((context) => runAccessLists(context, asked, checked))
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
    return this.#onThreads((context) => runSimulations(context, asked, checked))
  }

  /**
   * Builds a block on the state as it is: transactions in their order, executed on all threads, until the gas limit, the limits of
   * blobs and bytes, or the deadline; those that must not be in it are left out, and it is said why. The block is the one that
   * taking them one after another gives, with the block's own work, and `execute` accepts it. The state stays as it is unless
   * `keep` is set. Runs in the engine `wasm`.
   *
   * @param transactions EIP-2718 bytes, or transactions of @ethereumjs/tx; all that come before the deadline are put in order
   * @throws InvalidInputError, InvalidOptionsError naming what was given wrongly
   * @throws InvalidBlockError when no valid block has such a header, or the block's own work fails; WrongStateError when the
   * state is not that after the parent
   * @throws what the transactions' source throws, the signal's reason, and for the state and workers as execute
   * Whenever it throws the state is as before.
   */
  async build(transactions: AsyncIterable<RlpLike> | Iterable<RlpLike>, options: BuildOptions): Promise<BuiltBlock> {
    const source = check(BLOCKS, transactions, 'transactions')
    const checked = check(BUILD_OPTIONS, options, 'options', invalidOptions)
    const deadline = performance.now() + (checked.deadline ?? Number.POSITIVE_INFINITY)
    const gathered = await gather(source, deadline, checked.signal)
    return this.#onThreads((context) => runBuild(context, gathered, checked, deadline))
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
    return traceObjects((work) => this.#onThreads(work), bytes, checked) as AsyncGenerator<TransactionTrace<N>>
  }

  /** The same as text in JSON, in parts of bounded length: for traces that are larger than memory. @throws as trace */
  traceText(block: Block | RlpLike, options: TraceOptions): AsyncIterableIterator<TraceText> {
    const [bytes, checked] = [check(BLOCK, block, 'block'), checkTrace(options)]
    return traceTexts((work) => this.#onThreads(work), bytes, checked)
  }

  /** Calls a function for each opcode of a block's transactions, on the caller's thread: slow. @throws as trace, and what `onStep` throws */
  async traceSteps(block: Block | RlpLike, options: TraceStepsOptions): Promise<void> {
    const [bytes, checked] = [check(BLOCK, block, 'block'), checkTraceSteps(options)]
    await traceSteps((work) => this.#onThreads(work), bytes, checked)
  }

  /**
   * An account in the state after the last block; undefined when there is none. As the three below, in turn with blocks.
   * @param address 20 bytes
   * @throws MissingNodeError, MissingStateError when the state does not have it; StateSourceError, StateChangedError
   */
  async getAccount(address: AddressLike): Promise<StateAccount | undefined> {
    const at = check(ADDRESS, address, 'address')
    return this.#enqueue(() => this.#reader().account(at))
  }

  /**
   * The value of a slot, 32 bytes, zero when there is none.
   * @param key at most 32 bytes, or a number
   * @throws as getAccount
   */
  async getStorage(address: AddressLike, key: WordLike): Promise<Uint8Array> {
    const [at, slot] = [check(ADDRESS, address, 'address'), check(WORD, key, 'key')]
    return this.#enqueue(() => this.#reader().storage(at, padded32(slot)))
  }

  /** The code of an account, empty when it has none. @throws as getAccount */
  async getCode(address: AddressLike): Promise<Uint8Array> {
    const at = check(ADDRESS, address, 'address')
    return this.#enqueue(() => this.#reader().code(at))
  }

  /**
   * A Merkle proof (EIP-1186) of an account and some of its slots, also of what is not there. Over a memory state the first one
   * after blocks with `root: false` makes the tries.
   * @throws as getAccount; ParallevmError UNSUPPORTED over a state without tries
   */
  async getProof(address: AddressLike, keys: Iterable<WordLike> = []): Promise<AccountProof> {
    const at = check(ADDRESS, address, 'address')
    const slots = check(list('slot keys', WORD), keys, 'keys').map(padded32)
    return this.#enqueue(() => this.#reader().proof(at, slots))
  }

  #reader(): StateReader {
    this.#state.own.checkKnown()
    this.#state.catchUp()
    return new StateReader(this.#state, this.#closing.signal)
  }

  /**
   * Replaces the state by another one; the workers stay. The old state stays when this throws. The source is read when the
   * blocks before are done.
   * @throws InvalidStateError, OutOfSpaceError, ExecutorClosedError, or what the source throws
   */
  async setState(source: StateSource): Promise<void> {
    const checked = check(SOURCE, source, 'source', invalidState)
    return this.#enqueue(() => this.#memory.replace(checked))
  }

  /**
   * Changes accounts between blocks, all of them or, when it throws, none: for tests and development. An account that is empty
   * afterwards does not exist (EIP-161).
   * @param accounts by address, what is to be different: as the overrides of `call`
   * @throws InvalidInputError; ParallevmError UNSUPPORTED over a state store; as getAccount
   */
  async setAccounts(accounts: StateOverrides): Promise<void> {
    const checked = check(OVERRIDES, accounts, 'accounts')
    return this.#enqueue(() => setAccounts(this.#context(), checked))
  }

  /**
   * Remembers the state as it is, until `revertTo` this snapshot or an earlier one, or `setState`. Blocks and `setAccounts` then
   * note what they change.
   * @returns its number
   * @throws ParallevmError UNSUPPORTED over a state store, which has `revert`
   */
  async snapshot(): Promise<number> {
    return this.#enqueue(async () => {
      refuseStore(this.#state)
      return this.#state.snapshots.take(this.#state.latest)
    })
  }

  /**
   * Takes the state back to a snapshot, which is gone then, as are those taken after it.
   * @throws ParallevmError CANNOT_REVERT when it is not open, or where values are lost: a storage was cleared since that only a
   * memory state knows as a whole
   */
  async revertTo(snapshot: number): Promise<void> {
    const id = check(BLOCK_COUNT, snapshot, 'snapshot')
    return this.#enqueue(() => revertTo(this.#context(), id))
  }

  /**
   * Takes the last blocks back: the state is then that before them. Values in memory that they did not change stay.
   * @param blocks how many, from 0 on
   * @throws ParallevmError CANNOT_REVERT when the state is no store or has forgotten them; StoreError, ExecutorClosedError
   */
  async revert(blocks: number): Promise<void> {
    const count = check(BLOCK_COUNT, blocks, 'blocks', invalidOptions)
    return this.#enqueue(async () => this.#state.revert(count))
  }

  /**
   * Ends the workers, also in the middle of a block: the execution that runs then throws ExecutorClosedError. Values that a
   * state source has not answered are no longer waited for; a write that has begun is, so that its state is whole.
   */
  async close(): Promise<void> {
    this.#closing.abort(new ExecutorClosedError())
    await this.#pool.close()
    await this.#queue.catch(() => {})
    await this.#state.source.detach?.()
  }

  /** Bytes of shared memory in use. */
  get memoryUsed(): number {
    return this.#state.used
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      this.#closing.signal.throwIfAborted()
      return work()
    })
    this.#queue = result.catch(() => {})
    return result
  }

  /** On one thread, with a memory of its own. */
  async #replay(source: StateSource, bytes: Uint8Array, options: ExecuteOptions): Promise<BlockResult> {
    if (this.#second === undefined) {
      this.#second = await BlockExecutor.create({ ...this.#likeThis, threads: 1, state: source })
      this.#closing.signal.addEventListener('abort', () => void this.#second?.close())
    } else await this.#second.setState(source)
    return await this.#second.execute(bytes, options)
  }

  #onMissing(message: MissingMessage): void {
    this.#state.reads.answer(message)
  }
}
