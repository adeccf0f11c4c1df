import type { ChainCommons } from '../block/common.js'
import type { BlockResult } from '../types.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import type { BlockInput } from './blockInput.js'
import { type BlockPlan, planBlock, type Wants, wantsOf } from './blockPlan.js'
import { resultOf } from './blockResult.js'
import { throwIfWrongBody } from './bodyCheck.js'
import { dispatch, type Share } from './dispatch.js'
import type { EngineChooser } from './engineChoice.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import { abandon, settle } from './settle.js'
import type { SharedState } from './sharedState.js'
import { endStages } from './stats.js'
import { TakenBlock } from './takenBlock.js'
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

type Meanwhile = Share['meanwhile']

/** One block on its way through the executor. */
export class BlockRun {
  readonly #bytes: Uint8Array
  readonly #options: CheckedExecuteOptions
  readonly #wants: Wants
  #taken: TakenBlock | undefined

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
    if (this.#taken !== undefined) return
    try {
      this.#taken = this.#read(context)
      this.#taken.writeAhead(this.#plan(context, this.#taken.input, this.#options))
    } catch {
      this.release()
    }
  }

  /** Gives up what was taken for the block. */
  release(): void {
    this.#taken?.release()
    this.#taken = undefined
  }

  /**
   * @param meanwhile what the executor's thread does while workers execute the block; never throws
   * @throws with source and memory as they were before, or the source known to be lost
   */
  async execute(context: RunContext, meanwhile?: Meanwhile): Promise<BlockResult> {
    const { state, verify, timeline, closing } = context
    const wants = this.#wants
    const start = performance.now()
    timeline.host.to('prepare')
    try {
      const taken = this.#readNow(context)
      const { input } = taken
      state.own.checkKnown()
      state.catchUp()
      if (wants.root) await abortable(state.own.checkUnchanged(), closing)
      checkStateBefore(state, input, verify, wants.root)
      try {
        const result = await this.#run(context, taken, meanwhile)
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

  /** What was prepared, unless it lies in the memory of a state that was replaced meanwhile; else the block is read now. */
  #readNow(context: RunContext): TakenBlock {
    if (this.#taken?.state === context.state) return this.#taken
    this.release()
    this.#taken = this.#read(context)
    return this.#taken
  }

  #read({ state, commons, verify }: RunContext): TakenBlock {
    return TakenBlock.read(this.#bytes, this.#options, state, commons, verify)
  }

  #plan({ state, pool, chooser }: RunContext, input: BlockInput, options: CheckedExecuteOptions): BlockPlan {
    return planBlock(input, options, state.capabilities, pool.size, chooser)
  }

  async #run(context: RunContext, taken: TakenBlock, meanwhile: Meanwhile): Promise<BlockResult> {
    const { state, commons, verify, timeline, closing } = context
    const { input } = taken
    const begun = performance.now()
    const sequential = verify === 'sequential' ? await this.#runFirst(context, taken) : undefined
    const first = performance.now() - begun
    const { result, senders, plan } = await this.#once(context, taken, this.#options, meanwhile)
    timeline.host.to('settle')
    result.stats.ms.verify = first
    const block = { input, bytes: this.#bytes, result, senders, sequential }
    await settle(state, result, plan, this.#wants, closing, () =>
      verifyResult(state, commons.rules, verify, block, closing),
    )
    return result
  }

  /** The block in order, only to be compared with. */
  async #runFirst(context: RunContext, taken: TakenBlock): Promise<BlockResult> {
    const { result } = await this.#once(context, taken, { ...this.#options, mode: 'sequential' })
    context.state.drop()
    return result
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(context: RunContext, taken: TakenBlock, options: CheckedExecuteOptions, meanwhile?: Meanwhile) {
    const { state, pool, verify, timeline, closing } = context
    const { input } = taken
    const plan = this.#plan(context, input, options)
    const request = (serial: number): number => taken.request(plan, options !== this.#options, serial)
    const checkBody = (): void => {
      if (verify !== 'none') throwIfWrongBody(input, state.block.core)
    }
    const share = { request, meanwhile, spans: timeline.host }
    const dispatched = await dispatch(state, pool, input, plan, share).catch((error) => {
      checkBody()
      throw error
    })
    if (!dispatched.closed.body) checkBody()
    const result = await resultOf(state, input, plan, dispatched, closing)
    const senders = (): Uint8Array[] =>
      Array.from({ length: input.block.count }, (_, index) => dispatched.request.sender(index))
    return { result, senders, plan }
  }
}
