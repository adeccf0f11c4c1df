import { Presets, SingleBar } from 'cli-progress'

/** A bar on standard error when a person is watching; nothing otherwise, so that logs and pipes stay clean. */
export class Progress {
  readonly #bar: SingleBar | undefined

  constructor(steps: number) {
    if (!process.stderr.isTTY || steps === 0) return
    this.#bar = new SingleBar(
      { format: '{bar} {value}/{total} {what}', stream: process.stderr, clearOnComplete: true, hideCursor: true },
      Presets.shades_classic,
    )
    this.#bar.start(steps, 0, { what: '' })
  }

  /** Says what is running now. */
  show(what: string): void {
    this.#bar?.update({ what })
  }

  step(): void {
    this.#bar?.increment()
  }

  stop(): void {
    this.#bar?.stop()
  }
}
