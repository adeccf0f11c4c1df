/** Hands values from one asynchronous function to another, one at a time: the giver waits until its value was taken. */
export class Handover<T> {
  #given: { value: T; taken: () => void } | undefined
  #ended: { error?: unknown } | undefined
  #closed = false
  #wake: (() => void) | undefined

  /** Resolves when the value was taken; to false when nobody wants any more. */
  async give(value: T): Promise<boolean> {
    if (this.#closed) return false
    await new Promise<void>((resolve) => {
      this.#given = { value, taken: resolve }
      this.#wake?.()
    })
    return !this.#closed
  }

  /** There is no other value; the taker's iteration throws `ended.error`, if there is one. */
  end(ended: { error?: unknown } = {}): void {
    this.#ended ??= ended
    this.#wake?.()
  }

  /** Nothing is taken any more. */
  close(): void {
    this.#closed = true
    this.#given?.taken()
  }

  async *values(): AsyncGenerator<T> {
    for (;;) {
      const given = this.#given
      if (given !== undefined && !(this.#ended !== undefined && 'error' in this.#ended)) {
        this.#given = undefined
        given.taken()
        yield given.value
      } else if (this.#ended !== undefined) {
        if ('error' in this.#ended) throw this.#ended.error
        return
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    }
  }
}
