import type { MemoryView } from '../abi/blockRequest.js'
import type { ChainCommons } from '../block/common.js'
import type { BlockResult } from '../types.js'
import { memoryView } from '../wasm/memoryView.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { addHashes, type FindBlockHash, isHashMissing } from './blockHashes.js'
import { type BlockInput, comparesBody, readInput } from './blockInput.js'
import type { OwnPlace } from './blockPlaces.js'
import { type BlockPlan, planBlock, type Wants, wantsOf } from './blockPlan.js'
import { writeBlockRequest } from './blockRequestOf.js'
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
import type { Timeline } from './timeline.js'
import { checkStateBefore, verifyResult } from './verification.js'
import { makeWitness, type Replay } from './witnessMaker.js'

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
    const { state, timeline, closing } = context
    const verify = this.#verify(context)
    const wants = this.#wants
    const start = performance.now()
    timeline.host.to('prepare')
    try {
      const { input } = this.#readNow(context)
      state.own.checkKnown()
      state.catchUp()
      if (wants.root) await abortable(state.own.checkUnchanged(), closing)
      checkStateBefore(state, input, verify, wants.root)
      const result = await this.#despiteHashes(input, context, () => this.#run(context, input, meanwhile))
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
    input: BlockInput,
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
        await abortable(addHashes(input, findBlockHash as FindBlockHash), closing)
        // The request that was written lacks them.
        this.#prepared = { ...(this.#prepared as Prepared), request: 0 }
      }
    }
  }

  #verify({ verify }: RunContext): VerifyMode {
    return this.#options.verify ?? verify
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

  #read(context: RunContext, place: OwnPlace | undefined): BlockInput {
    const { state, commons, recent } = context
    const verify = this.#verify(context)
    return readInput(this.#bytes, this.#options, commons, hashing(state.block.core), verify, recent, place)
  }

  #plan({ state, pool, chooser }: RunContext, input: BlockInput, options: CheckedExecuteOptions): BlockPlan {
    return planBlock(input, options, state.capabilities, pool.size, chooser)
  }

  async #run(context: RunContext, input: BlockInput, meanwhile: Meanwhile): Promise<BlockResult> {
    const { state, commons, timeline, closing } = context
    const verify = this.#verify(context)
    const begun = performance.now()
    const sequential = verify === 'sequential' ? await this.#runFirst(context, input) : undefined
    const first = performance.now() - begun
    const { result, senders, plan } = await this.#once(context, input, this.#options, meanwhile)
    timeline.host.to('settle')
    result.stats.ms.verify = first
    const generate = this.#options.generate ?? false
    const block = { input, bytes: this.#bytes, result, senders, sequential, generate }
    await settle(state, result, plan, this.#wants, closing, async () => {
      await verifyResult(state, commons.rules, verify, block, closing)
      if (this.#options.witness === true) result.witness = await this.#witness(context, input, result, senders())
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
  async #runFirst(context: RunContext, input: BlockInput): Promise<BlockResult> {
    const { result } = await this.#once(context, input, { ...this.#options, mode: 'sequential' })
    context.state.drop()
    return result
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(context: RunContext, input: BlockInput, options: CheckedExecuteOptions, meanwhile?: Meanwhile) {
    const { state, pool, timeline, closing } = context
    const { generate = false } = this.#options
    const plan = this.#plan(context, input, options)
    const request = (serial: number): number => this.#requestOf(context, input, plan, options, serial)
    const share = { request, meanwhile, spans: timeline.host }
    const checkBody = (): void => {
      if (comparesBody(this.#verify(context))) throwIfWrongBody(input, state.block.core, generate)
    }
    const dispatched = await dispatch(state, pool, input, plan, share).catch((error) => {
      checkBody()
      throw error
    })
    if (generate || !dispatched.closed.body) checkBody()
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
    context: RunContext,
    memory: MemoryView,
    input: BlockInput,
    plan: BlockPlan,
    { senders }: CheckedExecuteOptions,
    serial: number,
  ): number {
    // A header that is to be generated does not have the roots of its body.
    const checksBody = comparesBody(this.#verify(context)) && !this.#options.generate
    return writeBlockRequest(memory, input, plan, senders, checksBody, serial)
  }
}
