// Time, for threads that are generators: what each does takes as long as it says.

/** So many milliseconds pass; or the thread sleeps until it is woken. */
export type Step = number | 'sleep'
export type ThreadSteps = Generator<Step, void, void>

/**
 * Runs threads side by side: always the one whose next step comes first, of several the one with the lowest number. What a thread does
 * between two steps takes no time, and no other does anything meanwhile.
 */
export class Clock {
  now = 0
  /** When the next step of each thread comes; Infinity: it sleeps, or has ended. */
  readonly #next: number[] = []
  readonly #sleeping = new Set<number>()

  /** @param starts when each of them begins */
  run(threads: readonly ThreadSteps[], starts: readonly number[]): void {
    this.#next.splice(0, Infinity, ...starts)
    for (;;) {
      const next = this.#next
      let thread = 0
      for (let other = 1; other < next.length; other++) if (next[other]! < next[thread]!) thread = other
      const time = next[thread]!
      if (time === Number.POSITIVE_INFINITY) break
      this.now = time
      const { done, value } = threads[thread]!.next()
      if (done !== true && value !== 'sleep') {
        next[thread] = time + value
        continue
      }
      next[thread] = Number.POSITIVE_INFINITY
      if (done !== true) this.#sleeping.add(thread)
    }
    if (this.#sleeping.size > 0) throw new Error(`threads ${[...this.#sleeping]} sleep, and nobody wakes them`)
  }

  wake(thread: number, after: number): void {
    if (!this.#sleeping.delete(thread)) return
    this.#next[thread] = this.now + after
  }
}
