import type { Schedule } from '../block/decode.js'
import { memoryView } from '../wasm/memoryView.js'
import { type BlockInput, comparesBody, readInput } from './blockInput.js'
import type { OwnPlace } from './blockPlaces.js'
import type { BlockPlan } from './blockPlan.js'
import { writeBlockRequest } from './blockRequestOf.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import type { RecentHashes } from './recentHashes.js'
import type { SharedState } from './sharedState.js'

/** A block that was read, and what was written of it before its turn. To be released. */
export class TakenBlock {
  readonly input: BlockInput
  /** The state in whose memory it lies. */
  readonly state: SharedState
  /** Undefined where there was none: then it lies nowhere yet. */
  readonly #place: OwnPlace | undefined
  readonly #options: CheckedExecuteOptions
  readonly #checksBody: boolean
  /** Of the block as it is wanted; 0: not written yet. */
  #ahead = 0
  /** The same: how it is executed. */
  #plan: BlockPlan | undefined

  private constructor(
    input: BlockInput,
    state: SharedState,
    place: OwnPlace | undefined,
    options: CheckedExecuteOptions,
    checksBody: boolean,
  ) {
    this.input = input
    this.state = state
    this.#place = place
    this.#options = options
    this.#checksBody = checksBody
  }

  /** @throws as readInput */
  static read(
    bytes: Uint8Array,
    options: CheckedExecuteOptions,
    state: SharedState,
    schedule: Schedule,
    verify: VerifyMode,
    recent: RecentHashes,
  ): TakenBlock {
    const place = state.places.open()
    try {
      const input = readInput(bytes, options, schedule, hashing(state.block.core), verify, recent, place)
      // A header that is to be generated does not have the roots of its body.
      const checksBody = comparesBody(verify) && !options.generate
      return new TakenBlock(input, state, place, options, checksBody)
    } catch (error) {
      place?.release()
      throw error
    }
  }

  /** How the block is executed with these options, by `make`, which is called once for those that it was read with. */
  plan(options: CheckedExecuteOptions, make: () => BlockPlan): BlockPlan {
    if (options !== this.#options) return make()
    this.#plan ??= make()
    return this.#plan
  }

  /**
   * Before the block's turn: writes its request, and has threads that are idle recover its senders where they are not given.
   * @throws OutOfSpaceError
   */
  writeAhead(plan: BlockPlan): void {
    if (this.#place === undefined) return
    this.#ahead = writeBlockRequest(this.#place.memory, this.input, plan, this.#options.senders, this.#checksBody, 0)
    if (plan.engine === 'wasm' && this.#options.senders === undefined) this.#place.offer(this.#ahead)
  }

  /**
   * The request of the block that runs; a pointer.
   * @param first for a run that the block is compared with
   * @throws OutOfSpaceError
   */
  request(plan: BlockPlan, first: boolean, serial: number): number {
    if (this.#ahead !== 0 && !first) {
      this.#place?.begin(this.#ahead, serial)
      return this.#ahead
    }
    const memory = this.#place?.memory ?? memoryView(this.state.block)
    return writeBlockRequest(memory, this.input, plan, this.#options.senders, this.#checksBody, serial)
  }

  /** What was written before the block's turn does not hold any more; the block has begun. */
  forgetAhead(): void {
    this.#ahead = 0
  }

  release(): void {
    this.#place?.release()
  }
}
