import type { ChainCommons } from '../block/common.js'
import type { BlockResult } from '../types.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { type BlockInput, readInput } from './blockInput.js'
import { type BlockPlan, planBlock, type Wants, wantsOf } from './blockPlan.js'
import { resultOf } from './blockResult.js'
import { BodyCheck } from './bodyCheck.js'
import { dispatch, type Share } from './dispatch.js'
import type { EngineChooser } from './engineChoice.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import type { AheadRequest } from './requestsAhead.js'
import { abandon, settle } from './settle.js'
import type { SharedState } from './sharedState.js'
import { endStages } from './stats.js'
import type { Timeline } from './timeline.js'
import { checkStateBefore, verifyResult } from './verification.js'

/** What an executor runs a block with. */
export interface RunContext {
  readonly state: SharedState
  readonly pool: WorkerPool
  readonly commons: ChainCommons
  readonly chooser: EngineChooser
  readonly verify: VerifyMode
  readonly timeline: Timeline
  /** Aborted when the executor is closed. */
  readonly closing: AbortSignal
}

/** What was done of a block before its turn. */
interface Prepared {
  readonly input: BlockInput
  /** The state that the rest is for. */
  readonly state: SharedState
  readonly ahead: AheadRequest | undefined
}

type Aside = Pick<Share, 'ahead' | 'meanwhile'> & { body?: BodyCheck | undefined }

/** One block on its way through the executor. */
export class BlockRun {
  readonly #bytes: Uint8Array
  readonly #options: CheckedExecuteOptions
  readonly #wants: Wants
  #prepared: Prepared | undefined

  constructor(bytes: Uint8Array, options: CheckedExecuteOptions) {
    this.#bytes = bytes
    this.#options = options
    this.#wants = wantsOf(options)
  }

  /**
   * Does what needs no state, before the block's turn. Whatever is wrong with the block is told by `execute`, which meets it
   * again. To be followed by `execute` or `release`.
   */
  prepare(context: RunContext): void {
    if (this.#prepared !== undefined) return
    try {
      const { state } = context
      const input = this.#read(context)
      this.#bodyOf(context, input)?.throwIfWrong()
      const ahead = state.ahead.write(input, this.#plan(context, input, this.#options), this.#options.senders)
      this.#prepared = { input, state, ahead }
    } catch {}
  }

  /** Gives up what `prepare` has taken. */
  release(): void {
    this.#prepared?.ahead?.release()
    this.#prepared = undefined
  }

  /**
   * @param meanwhile what the executor's thread does while workers execute the block; never throws
   * @throws with source and memory as they were before, or the source known to be lost
   */
  async execute(context: RunContext, meanwhile?: () => Promise<void>): Promise<BlockResult> {
    const { state, verify, timeline, closing } = context
    const wants = this.#wants
    const start = performance.now()
    timeline.host.to('prepare')
    try {
      const prepared = this.#prepared?.input
      const input = prepared ?? this.#read(context)
      const body = prepared === undefined ? this.#bodyOf(context, input) : undefined
      state.own.checkKnown()
      state.catchUp()
      if (wants.root) await abortable(state.own.checkUnchanged(), closing)
      checkStateBefore(state, input, verify, wants.root)
      try {
        const result = await this.#run(context, input, { body, meanwhile })
        endStages(result.stats.ms, performance.now() - start)
        timeline.host.to(undefined)
        const spans = timeline.take()
        if (spans !== undefined) result.stats.timeline = spans
        return result
      } catch (error) {
        await abandon(state, error, wants, closing)
        throw error
      }
    } finally {
      timeline.host.to(undefined)
      this.release()
    }
  }

  #read({ state, commons, verify }: RunContext): BlockInput {
    return readInput(this.#bytes, this.#options, commons, hashing(state.block.core), verify)
  }

  /** Undefined where nobody wants to know. */
  #bodyOf({ state, verify }: RunContext, input: BlockInput): BodyCheck | undefined {
    return verify === 'none' ? undefined : new BodyCheck(input, state.block)
  }

  #plan({ state, pool, chooser }: RunContext, input: BlockInput, options: CheckedExecuteOptions): BlockPlan {
    return planBlock(input, options, state.capabilities, pool.size, chooser)
  }

  async #run(context: RunContext, input: BlockInput, { body, meanwhile }: Aside): Promise<BlockResult> {
    const { state, commons, verify, timeline, closing } = context
    const begun = performance.now()
    const sequential = verify === 'sequential' ? await this.#runFirst(context, input, { body }) : undefined
    const first = performance.now() - begun
    // Written for another state where that was replaced meanwhile.
    const ahead = this.#prepared?.state === state ? this.#prepared.ahead : undefined
    const { result, senders, plan } = await this.#once(context, input, this.#options, { body, ahead, meanwhile })
    timeline.host.to('settle')
    result.stats.ms.verify = first
    const accessList = this.#options.blockAccessList
    const block = { input, bytes: this.#bytes, result, senders, sequential, accessList }
    await settle(state, result, plan, this.#wants, closing, () =>
      verifyResult(state, commons.rules, verify, block, closing),
    )
    return result
  }

  /** The block in order, only to be compared with. */
  async #runFirst(context: RunContext, input: BlockInput, aside: Aside): Promise<BlockResult> {
    const { result } = await this.#once(context, input, { ...this.#options, mode: 'sequential' }, aside)
    context.state.drop()
    return result
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(context: RunContext, input: BlockInput, options: CheckedExecuteOptions, { body, ...share }: Aside) {
    const { state, pool, timeline, closing } = context
    const plan = this.#plan(context, input, options)
    const meanwhile = async (): Promise<void> => {
      body?.meanwhile()
      await share.meanwhile?.()
    }
    const whole = { ...share, meanwhile, senders: options.senders, spans: timeline.host }
    const dispatched = await dispatch(state, pool, input, plan, whole).catch((error) => {
      body?.throwIfWrong()
      throw error
    })
    body?.throwIfWrong()
    timeline.host.to('result')
    const result = await resultOf(state, input, plan, dispatched, closing)
    const senders = (): Uint8Array[] => input.block.transactions.map((_, index) => dispatched.request.sender(index))
    return { result, senders, plan }
  }
}
