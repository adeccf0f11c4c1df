import type { BlockReport } from './report.js'
import { Spans } from './spans.js'

type Stage = keyof BlockReport['ms']

/** The time that a thread takes for each stage of a block, and for those that it does between. */
export class StageClock extends Spans<Stage | 'waiting'> {
  #ms = nothing()
  /** What the thread is in the middle of. */
  #stage: Stage = 'senders'

  /** A block begins. */
  begin(stage: Stage): void {
    this.#ms = nothing()
    this.to(stage)
  }

  override to(stage: Stage | 'waiting' | undefined): void {
    super.to(stage)
    if (stage !== undefined && stage !== 'waiting') this.#stage = stage
  }

  /** Milliseconds since `begin`. */
  get ms(): BlockReport['ms'] {
    return this.#ms
  }

  /** An execution of this transaction, or of the block's own work, has ended; the next may follow. */
  ran(transaction: number | undefined): void {
    this.next('execution', transaction)
  }

  /** Does something else meanwhile, or waits: that counts for what the thread is in the middle of. */
  during<T>(stage: Stage | 'waiting', work: () => T): T {
    const before = this.#stage
    this.to(stage)
    try {
      return work()
    } finally {
      this.to(before)
    }
  }

  protected override ended(stage: Stage | 'waiting', since: number, now: number, transaction?: number): void {
    super.ended(stage, since, now, transaction)
    this.#ms[stage === 'waiting' ? this.#stage : stage] += now - since
  }
}

const nothing = (): BlockReport['ms'] => ({ senders: 0, execution: 0, receipts: 0, root: 0, ahead: 0 })
