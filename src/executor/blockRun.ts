import type { BlockRequest } from '../abi/blockRequest.js'
import type { ChainCommons } from '../block/common.js'
import { messageOf } from '../errors.js'
import type { BlockResult } from '../types.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { addHashes, type FindBlockHash, isHashMissing } from './blockHashes.js'
import { type BlockInput, comparesBody } from './blockInput.js'
import { type BlockPlan, planBlock, type Wants, wantsOf } from './blockPlan.js'
import { resultOf } from './blockResult.js'
import { throwIfWrongBody } from './bodyCheck.js'
import { dispatch, type Share } from './dispatch.js'
import type { EngineChooser } from './engineChoice.js'
import { generatedBlock } from './generated.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import type { RecentHashes } from './recentHashes.js'
import { abandon, settle } from './settle.js'
import type { SharedState } from './sharedState.js'
import { endStages } from './stats.js'
import { TakenBlock } from './takenBlock.js'
import type { Timeline } from './timeline.js'
import { checkStateBefore, verifyResult } from './verification.js'
import { makeWitness, type Replay } from './witnessMaker.js'
import { isWorkerFailure } from './workerFailure.js'

/** What an executor runs a block with. */
export interface RunContext {
  readonly state: SharedState
  readonly pool: WorkerPool
  readonly commons: ChainCommons
  readonly chooser: EngineChooser
  readonly verify: VerifyMode
  readonly recent: RecentHashes
  readonly replay: Replay
  readonly timeline: Timeline
  /** Aborted when the executor is closed. */
  readonly closing: AbortSignal
}

type Meanwhile = Share['meanwhile']

/** Looks at a block that has been executed, before it is kept or dropped: its versions are still in memory. */
export type Inspect = (
  context: RunContext,
  input: BlockInput,
  result: BlockResult,
  request: BlockRequest,
) => Promise<void>

/** One block on its way through the executor. */
export class BlockRun {
  readonly #bytes: Uint8Array
  readonly #options: CheckedExecuteOptions
  readonly #wants: Wants
  readonly #inspect: Inspect | undefined
  #taken: TakenBlock | undefined

  constructor(bytes: Uint8Array, options: CheckedExecuteOptions, inspect?: Inspect) {
    this.#inspect = inspect
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
      const taken = this.#read(context)
      this.#taken = taken
      taken.writeAhead(this.#plan(context, taken, this.#options))
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
    const { state, timeline, closing } = context
    const verify = this.#verify(context)
    const wants = this.#wants
    const start = performance.now()
    timeline.host.to('prepare')
    try {
      const taken = this.#readNow(context)
      const { input } = taken
      state.own.checkKnown()
      state.catchUp()
      if (wants.root && state.own.hasRoot) await abortable(state.own.checkUnchanged(), closing)
      checkStateBefore(state, input, verify, wants.root)
      const result = await this.#despiteHashes(taken, context, () => this.#run(context, taken, meanwhile))
      endStages(result.stats.ms, performance.now() - start)
      timeline.host.to(undefined)
      const spans = timeline.take()
      if (spans !== undefined) result.stats.timeline = spans
      return result
    } finally {
      timeline.host.to(undefined)
      this.release()
    }
  }

  /** Runs the block, and once more with the hashes that the caller finds where one was missing. */
  async #despiteHashes(
    taken: TakenBlock,
    { state, closing }: RunContext,
    run: () => Promise<BlockResult>,
  ): Promise<BlockResult> {
    const { findBlockHash } = this.#options
    for (let again = findBlockHash !== undefined; ; again = false) {
      try {
        return await run()
      } catch (error) {
        await abandon(state, error, this.#wants, closing)
        if (!again || !isHashMissing(error)) throw error
        await abortable(addHashes(taken.input, findBlockHash as FindBlockHash), closing)
        // The request that was written lacks them.
        taken.forgetAhead()
      }
    }
  }

  #verify({ verify }: RunContext): VerifyMode {
    return this.#options.verify ?? verify
  }

  /** What was prepared, unless it lies in the memory of a state that was replaced meanwhile; else the block is read now. */
  #readNow(context: RunContext): TakenBlock {
    if (this.#taken?.state === context.state) return this.#taken
    this.release()
    this.#taken = this.#read(context)
    return this.#taken
  }

  #read(context: RunContext): TakenBlock {
    const { state, commons, recent } = context
    return TakenBlock.read(this.#bytes, this.#options, state, commons, this.#verify(context), recent)
  }

  #plan({ state, pool, chooser }: RunContext, taken: TakenBlock, options: CheckedExecuteOptions): BlockPlan {
    return taken.plan(options, () =>
      planBlock(taken.input, options, state.capabilities, pool.size, chooser, this.#inspect !== undefined),
    )
  }

  async #run(context: RunContext, taken: TakenBlock, meanwhile: Meanwhile): Promise<BlockResult> {
    const { state, commons, timeline, closing } = context
    const verify = this.#verify(context)
    const { input } = taken
    const begun = performance.now()
    const sequential = verify === 'sequential' ? await this.#runFirst(context, taken) : undefined
    const first = performance.now() - begun
    const { result, senders, plan, request } = await this.#fromList(context, taken, meanwhile)
    timeline.host.to('settle')
    result.stats.ms.verify = first
    const { generate = false, blockAccessList: accessList } = this.#options
    const block = { input, bytes: this.#bytes, result, senders, sequential, generate, accessList }
    await settle(state, result, plan, this.#wants, closing, async () => {
      await verifyResult(state, commons.rules, verify, block, closing)
      if (this.#options.witness === true) result.witness = await this.#witness(context, input, result, senders())
      await this.#inspect?.(context, input, result, request)
    })
    if (this.#wants.advance) state.latest = input
    if (generate) {
      Object.assign(result, generatedBlock(this.#bytes, input, result, hashing(state.block.core)))
      context.recent.add(input.header, result.hash)
    }
    return result
  }

  /** While the tries are still those before the block. */
  #witness({ state, replay, closing }: RunContext, input: BlockInput, result: BlockResult, senders: Uint8Array[]) {
    const parentHeaders = this.#options.parentHeaders ?? []
    return abortable(makeWitness(state, { input, bytes: this.#bytes, result, senders, parentHeaders }, replay), closing)
  }

  /** The block in order, only to be compared with. */
  async #runFirst(context: RunContext, taken: TakenBlock): Promise<BlockResult> {
    const { result } = await this.#once(context, taken, { ...this.#options, mode: 'sequential' })
    context.state.drop()
    return result
  }

  /** Executes the block from its list, where there is one, and once more without where that list is not true. */
  async #fromList(context: RunContext, taken: TakenBlock, meanwhile: Meanwhile) {
    const { state, closing } = context
    try {
      return await this.#once(context, taken, this.#options, meanwhile)
    } catch (error) {
      const fromList = this.#plan(context, taken, this.#options).mode === 'list'
      if (!fromList || closing.aborted || isWorkerFailure(error)) throw error
      // Whatever it is, what the list says untruly may be the reason.
      await abandon(state, error, this.#wants, closing)
      const { blockAccessList: _, ...without } = this.#options
      const once = await this.#once(context, taken, without)
      once.result.stats.listRefused = messageOf(error)
      return once
    }
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(context: RunContext, taken: TakenBlock, options: CheckedExecuteOptions, meanwhile?: Meanwhile) {
    const { state, pool, timeline, closing } = context
    const { generate = false } = this.#options
    const { input } = taken
    const plan = this.#plan(context, taken, options)
    const request = (serial: number): number => taken.request(plan, options !== this.#options, serial)
    const checkBody = (): void => {
      if (comparesBody(this.#verify(context))) throwIfWrongBody(input, state.block.core, generate)
    }
    const list = options.blockAccessList
    const share = { request, meanwhile, spans: timeline.host, list, closing }
    const dispatched = await dispatch(state, pool, input, plan, share).catch((error) => {
      checkBody()
      throw error
    })
    if (generate || !dispatched.closed.body) checkBody()
    const result = await resultOf(state, input, plan, dispatched, list, closing)
    const senders = (): Uint8Array[] =>
      Array.from({ length: input.block.count }, (_, index) => dispatched.request.sender(index))
    return { result, senders, plan, request: dispatched.request }
  }
}
