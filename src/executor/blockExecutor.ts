import { availableParallelism } from 'node:os'
import type { Block } from '@ethereumjs/block'

import { ChainCommons } from '../block/common.js'
import { padded32 } from '../bytes.js'
import type { AddressLike, RlpLike, WordLike } from '../door/bytes.js'
import { list } from '../door/compounds.js'
import { check } from '../door/shape.js'
import { importSetup, placesOf } from '../setup/setupModule.js'
import { ADDRESS, invalidState, SOURCE, WORD } from '../sources/inputs.js'
import type { StateSource } from '../sources/source.js'
import type { AccountProof, BlockResult, StateAccount } from '../types.js'
import { WorkerPool } from '../workers/pool.js'
import type { MissingMessage } from '../workers/protocol.js'
import type { PoolSetup } from '../workers/threads.js'
import { BlockRun, type RunContext } from './blockRun.js'
import { OVERRIDES } from './callShapes.js'
import type { StateOverrides } from './callTypes.js'
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
import { Questions } from './questions.js'
import { RecentHashes } from './recentHashes.js'
import { SharedState } from './sharedState.js'
import { letGo, StateInMemory } from './stateInMemory.js'
import { StateReader } from './stateReader.js'
import { Timeline } from './timeline.js'
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
export class BlockExecutor extends Questions {
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
    super()
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
    const url = checked.workerSetup === undefined ? undefined : String(checked.workerSetup)
    const own = await importSetup(url)
    // With hash functions of its own every block falls back.
    const core = engine === 'wasm' && own.customCrypto === undefined
    const setup: PoolSetup = {
      engine: core ? engine : 'ethereumjs',
      rules,
      ...(timeline.buffers && { spans: timeline.buffers }),
      ...(url !== undefined && { setupModule: url }),
      precompiles: placesOf(own),
    }
    const memoryOptions = { maxMemory, chainId, precompiles: own.precompiles }
    let executor: BlockExecutor | undefined
    const onMissing = (message: MissingMessage): void => {
      if (executor !== undefined) executor.#onMissing(message)
    }
    const pool = await WorkerPool.start(threads, setup, onMissing)
    const ready = async (): Promise<SharedState> => {
      const state = await SharedState.create(checked.state, memoryOptions)
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
    const chooser = new EngineChooser(engine, rules, own.customCrypto !== undefined, checked.fallback ?? true)
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
      new StateInMemory(state, pool, memoryOptions, closing.signal),
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
    return this.onThreads((context) => run.execute(context, meanwhile))
  }

  /** In turn, and in another memory where this one gets full. What breaks while the executor is closed is that. @internal */
  protected onThreads<T>(work: (context: RunContext) => Promise<T>): Promise<T> {
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
