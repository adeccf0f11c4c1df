import type { ChainCommons } from '../block/common.js'
import type { BlockResult } from '../types.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { type BlockInput, readInput } from './blockInput.js'
import { planBlock, type Wants, wantsOf } from './blockPlan.js'
import { resultOf } from './blockResult.js'
import { dispatch } from './dispatch.js'
import type { EngineChooser } from './engineChoice.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import { abandon, settle } from './settle.js'
import type { SharedState } from './sharedState.js'
import { endStages } from './stats.js'
import { checkStateBefore, verifyResult } from './verification.js'

/** What an executor runs a block with. */
export interface RunContext {
  readonly state: SharedState
  readonly pool: WorkerPool
  readonly commons: ChainCommons
  readonly chooser: EngineChooser
  readonly verify: VerifyMode
  /** Aborted when the executor is closed. */
  readonly closing: AbortSignal
}

/** One block on its way through the executor. */
export class BlockRun {
  readonly #context: RunContext
  readonly #bytes: Uint8Array
  readonly #options: CheckedExecuteOptions
  readonly #wants: Wants

  constructor(context: RunContext, bytes: Uint8Array, options: CheckedExecuteOptions) {
    this.#context = context
    this.#bytes = bytes
    this.#options = options
    this.#wants = wantsOf(options)
  }

  /** @throws with source and memory as they were before, or the source known to be lost */
  async execute(): Promise<BlockResult> {
    const { state, commons, verify, closing } = this.#context
    const wants = this.#wants
    const start = performance.now()
    const input = readInput(this.#bytes, this.#options, commons, hashing(state.block.core), verify)
    state.own.checkKnown()
    if (wants.root) await abortable(state.own.checkUnchanged(), closing)
    checkStateBefore(state, input, verify, wants.root)
    try {
      const result = await this.#run(input)
      endStages(result.stats.ms, performance.now() - start)
      return result
    } catch (error) {
      await abandon(state, error, wants, closing)
      throw error
    }
  }

  async #run(input: BlockInput): Promise<BlockResult> {
    const { state, commons, verify, closing } = this.#context
    const begun = performance.now()
    const sequential = verify === 'sequential' ? await this.#runFirst(input) : undefined
    const first = performance.now() - begun
    const { result, senders, plan } = await this.#once(input, this.#options)
    result.stats.ms.verify = first
    const block = { input, bytes: this.#bytes, result, senders, sequential }
    await settle(state, result, plan, this.#wants, closing, () =>
      verifyResult(state, commons.rules, verify, block, closing),
    )
    return result
  }

  /** The block in order, only to be compared with. */
  async #runFirst(input: BlockInput): Promise<BlockResult> {
    const { result } = await this.#once(input, { ...this.#options, mode: 'sequential' })
    this.#context.state.drop()
    return result
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(input: BlockInput, options: CheckedExecuteOptions) {
    const { state, pool, chooser, closing } = this.#context
    const plan = planBlock(input, options, state.capabilities, pool.size, chooser)
    const dispatched = await dispatch(state, pool, input, plan, options.senders)
    const result = await resultOf(state, input, plan, dispatched, closing)
    const senders = (): Uint8Array[] => input.block.transactions.map((_, index) => dispatched.request.sender(index))
    return { result, senders, plan }
  }
}
