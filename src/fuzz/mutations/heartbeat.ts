// What the thread that executes changed blocks shares with the one that watches it: a thread that hangs answers nothing.
import type { MutationPlace, MutationWatcher } from './mutationFuzzer.js'

/** Int32 positions. Written by the executing thread, but for STOP. */
const BEATS = 0
const STOP = 1
const SUBJECT = 2
const MUTANT = 3
const LENGTH = 4
const HEAD_BYTES = 5 * 4
/** Longer blocks are kept up to here: the seed still makes them. */
const MOST_BYTES = 2 ** 22

export class Heartbeat implements MutationWatcher {
  readonly buffer: SharedArrayBuffer
  readonly #head: Int32Array
  readonly #bytes: Uint8Array

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(HEAD_BYTES + MOST_BYTES)) {
    this.buffer = buffer
    this.#head = new Int32Array(buffer, 0, HEAD_BYTES / 4)
    this.#bytes = new Uint8Array(buffer, HEAD_BYTES)
  }

  /**
   * Called by the executing thread before each execution. The watcher reads place and bytes only once the beats stand still:
   * the atomic beat, written after them, is all the order that takes.
   */
  next({ subject, mutant }: MutationPlace, bytes: Uint8Array): boolean {
    this.#head[SUBJECT] = subject
    this.#head[MUTANT] = mutant
    this.#head[LENGTH] = Math.min(bytes.length, MOST_BYTES)
    this.#bytes.set(bytes.subarray(0, MOST_BYTES))
    Atomics.add(this.#head, BEATS, 1)
    return !this.stopped
  }

  /** Changes as long as the executing thread is alive. */
  get beats(): number {
    return Atomics.load(this.#head, BEATS)
  }

  stop(): void {
    Atomics.store(this.#head, STOP, 1)
  }

  get stopped(): boolean {
    return Atomics.load(this.#head, STOP) !== 0
  }

  /** What is being executed. */
  get current(): { place: MutationPlace; bytes: Uint8Array } {
    const [subject, mutant, length] = [SUBJECT, MUTANT, LENGTH].map((at) => Atomics.load(this.#head, at))
    return {
      place: { subject: subject as number, mutant: mutant as number },
      bytes: this.#bytes.slice(0, length),
    }
  }
}
