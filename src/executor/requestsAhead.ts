import type { MemoryView } from '../abi/blockRequest.js'
import { Q_SERIAL } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { memoryView } from '../wasm/memoryView.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import { writeBlockRequest } from './blockRequestOf.js'

/** A request that was written before the turn of its block. */
export interface AheadRequest {
  /** The block's turn has come: threads take its senders as those of the running block. Its pointer. */
  begin(serial: number): number
  /** The block is over, or never comes. */
  release(): void
}

/**
 * Requests of blocks that are not begun yet, each in a place of its own: that of the running block and that of the next one
 * (assembly/block/ahead.ts).
 * Decision 21 (docs/adr/0021-the-next-block-meanwhile.md).
 */
export class RequestsAhead {
  readonly #block: BlockCore
  readonly #free = [true, true]

  constructor(block: BlockCore) {
    this.#block = block
  }

  /**
   * Writes the request of a block, and has threads that are idle recover its senders where they are not given.
   * @returns undefined where there is no place or no memory for it: it is written when the block's turn comes
   */
  write(input: BlockInput, plan: BlockPlan, senders: Uint8Array | undefined): AheadRequest | undefined {
    const { core, exports } = this.#block
    // A thread may still be in the place of a block that is over: it was not needed for it.
    const place = this.#free.findIndex((free, index) => free && exports.aheadOpen(index))
    if (place < 0) return undefined
    let pointer: number
    try {
      pointer = writeBlockRequest(this.#memoryOf(place), input, plan, senders, 0)
    } catch (error) {
      exports.aheadOpen(place)
      if (error instanceof OutOfSpaceError) return undefined
      throw error
    }
    this.#free[place] = false
    if (plan.engine === 'wasm' && senders === undefined) exports.aheadOffer(pointer, place)
    return {
      begin: (serial) => {
        exports.aheadWithdraw(pointer, place)
        core.view.setUint32(pointer + Q_SERIAL, serial, true)
        return pointer
      },
      release: () => {
        exports.aheadWithdraw(pointer, place)
        this.#free[place] = true
      },
    }
  }

  #memoryOf(place: number): MemoryView {
    const block = this.#block
    return {
      ...memoryView(block),
      blockAlloc(size) {
        const at = block.exports.aheadAlloc(place, size) >>> 0
        if (at === 0) throw block.outOfSpace(size)
        return at
      },
    }
  }
}
