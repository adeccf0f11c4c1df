// How far above the front transactions are taken: assembly/stm/window.ts, with the same verdicts and numbers (decision 14).
import { POLICY } from './policy.js'

const { max, min } = Math
const fade = (weight: number): number => weight - (weight >> POLICY.FADE_SHIFT)

/** What is known of a transaction when it is committed. Costs are in units of 1,024 gas. */
export interface Committed {
  cost: number
  incarnation: number
  aborts: number
  beganAtFront: boolean
}

export class Window {
  /** In sixteenths. */
  #window: number
  readonly #most: number
  readonly #threads: number
  #gained = 0
  #wasted = 0
  #left = 0
  #length = 0

  constructor(threads: number) {
    this.#threads = threads
    this.#most = (threads === 1 ? 1 : threads * POLICY.MOST_PER_THREAD) << 4
    this.#window = (threads === 1 ? 1 : threads * POLICY.FIRST_PER_THREAD) << 4
  }

  get size(): number {
    return this.#window >> 4
  }

  /** Only the transaction at the front is executed. */
  get inOrder(): boolean {
    return this.#window === 1 << 4
  }

  judge({ cost, incarnation, aborts, beganAtFront }: Committed): void {
    if (this.#left !== 0) this.#order(cost)
    else if (incarnation !== 0) {
      if (!beganAtFront) this.#gain(cost)
      this.#waste(aborts * cost + (incarnation - aborts) * POLICY.SUSPENSION, aborts !== 0)
    } else if (beganAtFront) this.#set(this.#window + POLICY.GROW_AT_FRONT)
    else {
      this.#gain(cost)
      this.#set(this.#window + POLICY.GROW_SPECULATIVE)
    }
  }

  /** An execution was given up at the front. */
  givenUp(cost: number): void {
    if (this.#left === 0) this.#waste(cost, true)
  }

  #gain(cost: number): void {
    this.#gained = fade(this.#gained) + cost
    this.#wasted = fade(this.#wasted)
    this.#length -= min(this.#length, cost)
  }

  #waste(cost: number, narrower: boolean): void {
    const gained = this.#gained
    const wasted = fade(this.#wasted) + cost
    this.#gained = fade(gained)
    this.#wasted = wasted
    if (wasted > gained + POLICY.PATIENCE) {
      this.#length = max(min(this.#length, POLICY.LONGEST) * 2 ** POLICY.LONGER_SHIFT, POLICY.ORDER_PER_WASTE * wasted)
      this.#left = this.#length
      this.#set(1 << 4)
    } else if (narrower) this.#set(max(1 << 4, this.#window - (this.#window >> POLICY.SHRINK_SHIFT)))
  }

  #order(cost: number): void {
    if (cost < this.#left) {
      this.#left -= cost
      return
    }
    this.#left = 0
    this.#gained = 0
    this.#wasted = POLICY.DOUBT_OF_TRY
    this.#set((this.#threads * POLICY.TRY_PER_THREAD) << 4)
  }

  #set(window: number): void {
    this.#window = min(window, this.#most)
  }
}
