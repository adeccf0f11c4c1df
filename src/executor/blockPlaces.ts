import type { MemoryView } from '../abi/blockRequest.js'
import { Q_SERIAL } from '../abi/core.generated.js'
import type { BlockCore } from '../wasm/blockCore.js'
import type { Core } from '../wasm/core.js'
import { memoryView } from '../wasm/memoryView.js'
import type { BlockPlace } from '../wasm/readBlock.js'

/** Memory for a block from its bytes to its request, which outlives executions of it. To be released. */
export class OwnPlace implements BlockPlace {
  readonly core: Core
  readonly number: number
  readonly memory: MemoryView
  readonly #block: BlockCore
  readonly #left: () => void
  #offered = 0

  constructor(block: BlockCore, number: number, left: () => void) {
    this.core = block.core
    this.number = number
    this.#block = block
    this.#left = left
    this.memory = {
      ...memoryView(block),
      blockAlloc(size) {
        const at = block.exports.aheadAlloc(number, size) >>> 0
        if (at === 0) throw block.outOfSpace(size)
        return at
      },
    }
  }

  /** Has threads that are idle recover the senders of the block with this request, which comes later. */
  offer(request: number): void {
    this.#offered = request
    this.#block.exports.aheadOffer(request, this.number)
  }

  /** The turn of the block with this request has come: threads take its senders as those of the running block. */
  begin(request: number, serial: number): void {
    this.#withdraw()
    this.core.view.setUint32(request + Q_SERIAL, serial, true)
  }

  /** The block is over, or never comes. */
  release(): void {
    this.#withdraw()
    this.#left()
  }

  #withdraw(): void {
    if (this.#offered !== 0) this.#block.exports.aheadWithdraw(this.#offered, this.number)
    this.#offered = 0
  }
}

/**
 * Places for the running block and for the next one (assembly/block/ahead.ts).
 * Decisions 21 and 23 (docs/adr/0021-the-next-block-meanwhile.md, docs/adr/0023-a-block-is-its-bytes.md).
 */
export class BlockPlaces {
  readonly #block: BlockCore
  readonly #free = [true, true]

  constructor(block: BlockCore) {
    this.#block = block
  }

  /** An empty place; undefined where there is none: a thread may still be in that of a block that is over. */
  open(): OwnPlace | undefined {
    const { exports } = this.#block
    const number = this.#free.findIndex((free, index) => free && exports.aheadOpen(index))
    if (number < 0) return undefined
    this.#free[number] = false
    // Nothing else: the memory may be that of another state by then. It is emptied when it is opened again.
    return new OwnPlace(this.#block, number, () => {
      this.#free[number] = true
    })
  }
}
