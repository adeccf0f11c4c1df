import { Presets, SingleBar } from 'cli-progress'

/** A bar on standard error when a person is watching; nothing otherwise, so that logs and pipes stay clean. */
export class Progress {
  readonly #bar: SingleBar | undefined

  constructor(steps: number) {
    if (!process.stderr.isTTY || steps === 0) return
    this.#bar = new SingleBar(
      {
        format: '{bar} {value}/{total} {what}',
        stream: process.stderr,
        clearOnComplete: true,
        // The terminal stays as it is: whatever ends the process, there is nothing to give back. The bar cuts its lines itself.
        hideCursor: false,
        linewrap: true,
      },
      Presets.shades_classic,
    )
    this.#bar.start(steps, 0, { what: '' })
  }

  /** Says what is running now. */
  show(what: string): void {
    this.#bar?.update({ what })
  }

  /** Says how far it is. */
  at(steps: number, what: string): void {
    this.#bar?.update(steps, { what })
  }

  step(): void {
    this.#bar?.increment()
  }

  stop(): void {
    this.#bar?.stop()
  }
}
