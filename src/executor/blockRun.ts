import type { MemoryView } from '../abi/blockRequest.js'
import type { ChainCommons } from '../block/common.js'
import type { BlockResult } from '../types.js'
import { memoryView } from '../wasm/memoryView.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { type BlockInput, readInput } from './blockInput.js'
import type { OwnPlace } from './blockPlaces.js'
import { type BlockPlan, planBlock, type Wants, wantsOf } from './blockPlan.js'
import { writeBlockRequest } from './blockRequestOf.js'
import { resultOf } from './blockResult.js'
import { throwIfWrongBody } from './bodyCheck.js'
import { dispatch, type Share } from './dispatch.js'
import type { EngineChooser } from './engineChoice.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
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

/** A block as it was read, and what else was done of it before its turn. */
interface Prepared {
  readonly input: BlockInput
  /** The state in whose memory it lies. */
  readonly state: SharedState
  /** Undefined where there was none: then it lies nowhere. */
  readonly place: OwnPlace | undefined
  /** Pointer; 0: not written yet. */
  readonly request: number
}

type Meanwhile = Share['meanwhile']

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
    const { state } = context
    const place = state.places.open()
    if (place === undefined) return
    try {
      const input = this.#read(context, place)
      const plan = this.#plan(context, input, this.#options)
      const request = this.#write(context, place.memory, input, plan, this.#options, 0)
      if (plan.engine === 'wasm' && this.#options.senders === undefined) place.offer(request)
      this.#prepared = { input, state, place, request }
    } catch {
      place.release()
    }
  }

  /** Gives up what was taken for the block. */
  release(): void {
    this.#prepared?.place?.release()
    this.#prepared = undefined
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
      const { input } = this.#readNow(context)
      state.own.checkKnown()
      state.catchUp()
      if (wants.root) await abortable(state.own.checkUnchanged(), closing)
      checkStateBefore(state, input, verify, wants.root)
      try {
        const result = await this.#run(context, input, meanwhile)
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
  #readNow(context: RunContext): Prepared {
    const { state } = context
    if (this.#prepared?.state === state) return this.#prepared
    this.release()
    const place = state.places.open()
    try {
      this.#prepared = { input: this.#read(context, place), state, place, request: 0 }
    } catch (error) {
      place?.release()
      throw error
    }
    return this.#prepared
  }

  #read({ state, commons, verify }: RunContext, place: OwnPlace | undefined): BlockInput {
    return readInput(this.#bytes, this.#options, commons, hashing(state.block.core), verify, place)
  }

  #plan({ state, pool, chooser }: RunContext, input: BlockInput, options: CheckedExecuteOptions): BlockPlan {
    return planBlock(input, options, state.capabilities, pool.size, chooser)
  }

  async #run(context: RunContext, input: BlockInput, meanwhile: Meanwhile): Promise<BlockResult> {
    const { state, commons, verify, timeline, closing } = context
    const begun = performance.now()
    const sequential = verify === 'sequential' ? await this.#runFirst(context, input) : undefined
    const first = performance.now() - begun
    const { result, senders, plan } = await this.#once(context, input, this.#options, meanwhile)
    timeline.host.to('settle')
    result.stats.ms.verify = first
    const block = { input, bytes: this.#bytes, result, senders, sequential }
    await settle(state, result, plan, this.#wants, closing, () =>
      verifyResult(state, commons.rules, verify, block, closing),
    )
    if (this.#wants.advance) state.latest = input
    return result
  }

  /** The block in order, only to be compared with. */
  async #runFirst(context: RunContext, input: BlockInput): Promise<BlockResult> {
    const { result } = await this.#once(context, input, { ...this.#options, mode: 'sequential' })
    context.state.drop()
    return result
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(context: RunContext, input: BlockInput, options: CheckedExecuteOptions, meanwhile?: Meanwhile) {
    const { state, pool, verify, timeline, closing } = context
    const plan = this.#plan(context, input, options)
    const request = (serial: number): number => this.#requestOf(context, input, plan, options, serial)
    const share = { request, meanwhile, spans: timeline.host }
    const checkBody = (): void => {
      if (verify !== 'none') throwIfWrongBody(input, state.block.core)
    }
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

  /** The request of the block that runs, which may have been written before. */
  #requestOf(
    context: RunContext,
    input: BlockInput,
    plan: BlockPlan,
    options: CheckedExecuteOptions,
    serial: number,
  ): number {
    const { place, request } = this.#prepared as Prepared
    const memory = place?.memory ?? memoryView(context.state.block)
    // What was written before is for the block as it is wanted, not for a first run that it is compared with.
    if (request === 0 || options !== this.#options) return this.#write(context, memory, input, plan, options, serial)
    place?.begin(request, serial)
    return request
  }

  #write(
    { verify }: RunContext,
    memory: MemoryView,
    input: BlockInput,
    plan: BlockPlan,
    { senders }: CheckedExecuteOptions,
    serial: number,
  ): number {
    return writeBlockRequest(memory, input, plan, senders, verify !== 'none', serial)
  }
}
