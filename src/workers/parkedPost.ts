import type { MissingValue } from '../wasm/blockCore.js'
import type { Parked } from './protocol.js'
import type { PostMissing } from './workerEngine.js'

/** A message costs both sides some ten microseconds, and what comes in one message can be asked for in one request. */
const MOST = 64
/** Milliseconds: nobody waits for a source that long only because more may be found. */
const LONGEST = 0.25

/** Tells the executor's thread what parked transactions wait for: several at once. To be flushed before the thread waits. */
export class ParkedPost {
  readonly #post: PostMissing
  #block = 0
  #parked: Parked[] = []
  #since = 0

  constructor(post: PostMissing) {
    this.#post = post
  }

  add(block: number, index: number, missing: MissingValue[], sure: boolean): void {
    if (missing.length === 0) return
    const now = performance.now()
    if (this.#parked.length === 0) this.#since = now
    this.#block = block
    this.#parked.push({ index, missing, sure })
    if (this.#parked.length === MOST || now - this.#since > LONGEST) this.flush()
  }

  flush(): void {
    if (this.#parked.length === 0) return
    this.#post({ kind: 'missing', block: this.#block, parked: this.#parked })
    this.#parked = []
  }
}
