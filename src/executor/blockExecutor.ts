import { availableParallelism } from 'node:os'
import type { Block } from '@ethereumjs/block'
import { Common, Holesky, Hoodi, Mainnet, Sepolia } from '@ethereumjs/common'

import { ChainCommons, type ChainRules, rulesOf } from '../block/common.js'
import type { StateSource } from '../sources/source.js'
import type { BlockResult } from '../types.js'
import type { WasmMemory } from '../wasm/host.js'
import { compile } from '../wasm/instance.js'
import { WorkerPool } from '../workers/pool.js'
import type { MissingMessage } from '../workers/protocol.js'
import { BlockRun } from './blockRun.js'
import { EngineChooser } from './engineChoice.js'
import { ExecutorClosedError, InvalidOptionsError } from './errors.js'
import type { BlockExecutorOptions, ExecuteOptions, VerifyMode } from './options.js'
import { SharedState } from './sharedState.js'

const CHAINS = { mainnet: Mainnet, sepolia: Sepolia, holesky: Holesky, hoodi: Hoodi }
const DEFAULT_MAX_MEMORY = 2 ** 31
const MAX_THREADS = 63

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
  readonly #maxMemory: number
  readonly #pool: WorkerPool
  #state: SharedState
  /** The memory of the state before: the next one goes there. Idle workers would not let go of a dropped one for long. */
  #spare: WasmMemory | undefined
  /** Calls run in the order they are made. */
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  private constructor(
    commons: ChainCommons,
    chooser: EngineChooser,
    verify: VerifyMode,
    maxMemory: number,
    pool: WorkerPool,
    state: SharedState,
  ) {
    this.#commons = commons
    this.#chooser = chooser
    this.#verify = verify
    this.#maxMemory = maxMemory
    this.#pool = pool
    this.#state = state
  }

  /**
   * Starts the workers and loads the state.
   * @throws InvalidOptionsError, UnsupportedHostError, OutOfSpaceError, WorkerFailedError, or what the state source throws
   */
  static async create(options: BlockExecutorOptions): Promise<BlockExecutor> {
    const threads = options.threads ?? Math.min(availableParallelism(), MAX_THREADS)
    if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
      throw new InvalidOptionsError(`threads is ${threads}: give an integer from 1 to ${MAX_THREADS}`)
    }
    const engine = options.engine ?? 'ethereumjs'
    if (engine !== 'ethereumjs' && engine !== 'wasm') {
      throw new InvalidOptionsError(`there is no engine '${engine}': use 'wasm' or 'ethereumjs'`)
    }
    const maxMemory = options.maxMemory ?? DEFAULT_MAX_MEMORY
    const rules = chainRulesOf(options)
    const state = await SharedState.create(options.state, maxMemory)
    const setup = {
      module: compile(),
      engine,
      rules,
      ...(options.workerSetup !== undefined && { setupModule: String(options.workerSetup) }),
    }
    let executor: BlockExecutor | undefined
    const onMissing = (message: MissingMessage): void => executor?.onMissing(message)
    // This thread gets ready for the first block while the workers do.
    const host = engine === 'wasm' && state.source.kind !== 'async' ? state.host() : undefined
    host?.catch(() => {})
    const pool = await WorkerPool.start(threads, setup, state.memory, onMissing)
    await host?.catch(async (error) => {
      await pool.close()
      throw error
    })
    const chooser = new EngineChooser(engine, rules, options.workerSetup !== undefined, options.fallback ?? true)
    executor = new BlockExecutor(new ChainCommons(rules), chooser, options.verify ?? 'header', maxMemory, pool, state)
    return executor
  }

  /** Worker threads. */
  get threads(): number {
    return this.#pool.size
  }

  /**
   * Executes a block on the state as it is now.
   *
   * @param block an @ethereumjs/block Block, or the RLP of [header, transactions, uncles, withdrawals?]
   * @throws InvalidBlockError naming the rule that the block breaks
   * @throws MissingNodeError, MissingStateError when the state source does not have what the block needs
   * @throws DifferenceError when a verifying run disagrees
   * @throws EngineUnavailableError with `fallback: false`
   * @throws WorkerFailedError, OutOfSpaceError, ExecutorClosedError
   * The state is unchanged whenever it throws.
   */
  execute(block: Block | Uint8Array, options: ExecuteOptions = {}): Promise<BlockResult> {
    return this.#enqueue(async () => {
      const bytes = block instanceof Uint8Array ? block : block.serialize()
      const run = new BlockRun(this.#state, this.#pool, this.#commons, this.#chooser, this.#verify)
      try {
        return await run.execute(bytes, options)
      } catch (error) {
        if (this.#closed) throw new ExecutorClosedError()
        throw error
      }
    })
  }

  /** Replaces the state by another one; the workers stay. The old state stays when this throws. */
  setState(source: StateSource): Promise<void> {
    return this.#enqueue(async () => {
      const state = await SharedState.create(source, this.#maxMemory, this.#spare)
      await this.#pool.attach(state.memory)
      this.#spare = this.#state.memory
      this.#state = state
    })
  }

  /** Ends the workers, also in the middle of a block: the execution that runs then throws ExecutorClosedError. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#pool.close()
    await this.#queue.catch(() => {})
  }

  /** Bytes of shared memory in use. */
  get memoryUsed(): number {
    return this.#state.used
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      if (this.#closed) throw new ExecutorClosedError()
      return work()
    })
    this.#queue = result.catch(() => {})
    return result
  }

  private onMissing(message: MissingMessage): void {
    this.#state.fetch(message)
  }
}

function chainRulesOf({ common, chain, workerSetup }: BlockExecutorOptions): ChainRules {
  if (common !== undefined && chain !== undefined) throw new InvalidOptionsError('give `common` or `chain`, not both')
  if (common !== undefined) {
    if (workerSetup === undefined && Object.keys(common.customCrypto).length > 0) {
      throw new InvalidOptionsError(
        `the Common has customCrypto (${Object.keys(common.customCrypto).join(', ')}), whose functions cannot be sent to a ` +
          'worker: put them into a module that exports `customCrypto`, and give its URL as workerSetup',
      )
    }
    return rulesOf(common)
  }
  const config = CHAINS[chain ?? 'mainnet']
  if (config === undefined) {
    throw new InvalidOptionsError(`unknown chain '${chain}': use ${Object.keys(CHAINS).join(', ')}, or pass a Common`)
  }
  return rulesOf(new Common({ chain: config }))
}
