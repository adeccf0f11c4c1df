import { setImmediate } from 'node:timers/promises'
import type { BlockRequest } from '../abi/blockRequest.js'
import { CHUNK_SIZE, EVM_THREAD_CHUNKS, SENDER_BATCH_LANES, Task } from '../abi/core.generated.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { ParkedPost } from './parkedPost.js'
import type { StageClock } from './stageClock.js'
import { type EngineEnd, keepRootAfter, type PostMissing, type WorkerEngine } from './workerEngine.js'

/** The core's own engine: this thread's part of a block runs inside the core. */
export class WasmEngine implements WorkerEngine {
  readonly #block: BlockCore
  readonly #parked: ParkedPost
  #request: BlockRequest | undefined

  /** @throws OutOfSpaceError */
  constructor(block: BlockCore, thread: number, post: PostMissing) {
    this.#block = block
    this.#parked = new ParkedPost(post)
    if (!block.exports.evmThreadInit(thread)) throw block.outOfSpace(EVM_THREAD_CHUNKS * CHUNK_SIZE)
  }

  async beginBlock(request: BlockRequest): Promise<void> {
    this.#request = request
    if (!this.#block.exports.enterBlock(request.pointer)) throw this.#block.outOfSpace(0)
  }

  recoverSenders(): void {
    this.#block.check(this.#block.exports.recoverSenders(), 'a transaction')
  }

  hashRest(): void {
    this.#block.check(this.#block.exports.hashRest(), 'the receipts')
  }

  async run(clock: StageClock): Promise<EngineEnd> {
    const { exports } = this.#block
    const request = this.#request as BlockRequest
    for (;;) {
      const answer = exports.runBlock()
      const index = exports.stoppedAt.value
      if (answer !== Task.FETCH) this.#parked.flush()
      if (answer === Task.DONE) return 'over'
      // Only of the executor's thread: it hears of a worker that died here, and the block then has failed.
      if (answer === Task.IDLE) await setImmediate()
      else if (answer === Task.FETCH) {
        // The transaction is parked already; what it misses stays noted until this thread's next one.
        this.#parked.add(request.serial, index, this.#block.allMissing(), this.#block.isSure())
      } else if (answer === Task.SENDERS) {
        this.#block.check(clock.during('senders', exports.recoverSome), 'a transaction')
      } else if (answer === Task.HASHING) {
        this.#block.check(clock.during('receipts', exports.hashSome), 'the receipts')
      } else if (answer === Task.KEYS) {
        clock.during('root', exports.hashKeys)
      } else if (answer === Task.AHEAD) {
        // No more than are recovered at once: a transaction that becomes ready must not wait for long.
        clock.during('ahead', () => exports.recoverAhead(SENDER_BATCH_LANES))
      } else if (answer === Task.RAN) {
        // Tasks 0 and count + 1 are the block's own work.
        clock.ran(index > 0 && index <= request.count ? index - 1 : undefined)
      } else if (answer === Task.WAIT) {
        if (!clock.during('waiting', exports.waitForTask)) await setImmediate()
      } else if (answer === Task.ROOT) keepRootAfter(this.#block, request, index)
      else return 'failed'
    }
  }
}
