// What threads do for a block besides its transactions: senders, hashing of body and receipts. As block/senders.ts and hashing.ts of the
// core deal it out.
import { SENDER_BATCH_LANES } from '../abi/core.generated.js'
import type { Clock, ThreadSteps } from './clock.js'
import { type Costs, POLICY } from './policy.js'
import type { OtherWork } from './scheduler.js'
import type { BlockTrace } from './trace.js'

/** Transactions of a group that is hashed as one. */
const GROUP = 16
/** Groups that a thread takes while it waits for a transaction. */
const GROUPS_MEANWHILE = 2

/** Milliseconds of a thread. */
export interface Spent {
  senders: number
  receipts: number
  /** Senders of the next block. */
  ahead: number
}

/** Senders that are recovered before a block's turn: they are taken in order. */
export interface Ahead {
  /** When those are known that were taken before this block began. */
  known: readonly number[]
  /** When those of the next block are; added to. */
  next: number[]
  /** From when on the next block is there. */
  from: number
}

export class Stages implements OtherWork {
  readonly spent: readonly Spent[]
  readonly #clock: Clock
  readonly #costs: Costs
  readonly #count: number
  readonly #batch: number
  /** Of a signature, and of a group. */
  readonly #sender: number
  readonly #group: number
  #cursor = 0
  /** When the sender of a transaction is known. */
  readonly #known: number[]
  /** Groups that nobody has taken: of the body, and of receipts. */
  #body: number
  #receipts: number

  readonly #ahead: Ahead | undefined

  constructor(clock: Clock, trace: BlockTrace, costs: Costs, threads: number, batch: number, ahead?: Ahead) {
    this.#clock = clock
    this.#costs = costs
    this.#count = trace.transactions.length
    this.#batch = batch
    this.spent = Array.from({ length: threads }, () => ({ senders: 0, receipts: 0, ahead: 0 }))
    const groups = Math.ceil(this.#count / GROUP)
    this.#body = groups
    this.#receipts = groups
    this.#sender = trace.senders / this.#count
    this.#group = (trace.receipts * costs.receiptsDivided) / (2 * groups)
    this.#ahead = ahead
    this.#known = [...(ahead?.known ?? [])]
    this.#cursor = trace.senders === 0 ? this.#count : this.#known.length
  }

  due(thread: number, execution: number): number | undefined {
    return this.#cursor < Math.min(this.#count, execution + POLICY.AHEAD) ? this.#recover(thread) : undefined
  }

  meanwhile(thread: number, front: number): number | undefined {
    if (this.#cursor < this.#count) return this.#recover(thread)
    const committed = this.#receiptGroups(front)
    const groups = Math.min(GROUPS_MEANWHILE, this.#body > 0 ? this.#body : committed)
    return groups > 0 ? this.#hash(thread, groups) : this.#recoverNext(thread)
  }

  missing(index: number): number {
    const known = this.#known[index - 1]
    return known !== undefined && known > this.#clock.now ? this.#costs.single * this.#sender : 0
  }

  /** A thread that does not execute: senders, until none is left. */
  *recoverAll(thread: number): ThreadSteps {
    while (this.#cursor < this.#count) yield this.#recover(thread)
  }

  /** What nobody has hashed, as far as it is committed. */
  *hashRest(thread: number, front: number): ThreadSteps {
    for (;;) {
      const left = this.#body > 0 ? this.#body : this.#receiptGroups(front)
      if (left === 0) return
      const share = Math.floor((this.#body + this.#receipts) / this.spent.length)
      yield this.#hash(thread, Math.max(1, Math.min(GROUP, share, left)))
    }
  }

  #recover(thread: number): number {
    const end = Math.min(this.#cursor + this.#batch, this.#count)
    const ms = (end - this.#cursor) * this.#sender
    while (this.#cursor < end) this.#known[this.#cursor++] = this.#clock.now + ms
    this.spent[thread]!.senders += ms
    return ms
  }

  /** A few senders of the next block. */
  #recoverNext(thread: number): number | undefined {
    const ahead = this.#ahead
    if (ahead === undefined || this.#clock.now < ahead.from) return undefined
    const count = Math.min(SENDER_BATCH_LANES, this.#count - ahead.next.length)
    if (count === 0 || this.#sender === 0) return undefined
    const ms = count * this.#sender
    for (let sender = 0; sender < count; sender++) ahead.next.push(this.#clock.now + ms)
    this.spent[thread]!.ahead += ms
    return ms
  }

  /** Groups all of whose transactions are committed: transaction i is, once the front is i + 2. */
  #receiptGroups(front: number): number {
    if (front > this.#count) return this.#receipts
    const taken = Math.ceil(this.#count / GROUP) - this.#receipts
    return Math.max(0, Math.floor((front - 1) / GROUP) - taken)
  }

  #hash(thread: number, groups: number): number {
    if (this.#body > 0) this.#body -= groups
    else this.#receipts -= groups
    const ms = groups * this.#group
    this.spent[thread]!.receipts += ms
    return ms
  }
}
