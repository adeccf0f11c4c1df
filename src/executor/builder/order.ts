import { addressKey } from '../../block/bytes.js'
import type { Candidate } from './types.js'

export type Order = (a: Candidate, b: Candidate) => number

const byTip: Order = (a, b) =>
  a.effectiveTip === b.effectiveTip ? a.index - b.index : a.effectiveTip > b.effectiveTip ? -1 : 1

/** The order in which candidates are tried: of the next one of each sender always that which comes first. */
export function inOrder(candidates: readonly Candidate[], order: Order = byTip): Candidate[] {
  const senders = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const name = addressKey(candidate.sender)
    const own = senders.get(name)
    if (own === undefined) senders.set(name, [candidate])
    else own.push(candidate)
  }
  // Of two with one nonce the second can only be left out.
  const byNonce: Order = (a, b) => (a.nonce === b.nonce ? order(a, b) : a.nonce < b.nonce ? -1 : 1)
  const heads = new Heap((a: Queue, b: Queue) => order(a.head, b.head))
  for (const own of senders.values()) heads.add(new Queue(own.sort(byNonce)))
  const ordered: Candidate[] = []
  for (let first = heads.first; first !== undefined; first = heads.first) {
    ordered.push(first.head)
    if (first.next()) heads.sink()
    else heads.drop()
  }
  return ordered
}

class Queue {
  readonly #all: readonly Candidate[]
  #at = 0

  constructor(all: readonly Candidate[]) {
    this.#all = all
  }

  get head(): Candidate {
    return this.#all[this.#at] as Candidate
  }

  next(): boolean {
    return ++this.#at < this.#all.length
  }
}

/** A binary heap with the first one at the top. */
class Heap<T> {
  readonly #items: T[] = []
  readonly #order: (a: T, b: T) => number

  constructor(order: (a: T, b: T) => number) {
    this.#order = order
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    const items = this.#items
    let at = items.push(item) - 1
    for (let up = (at - 1) >> 1; at > 0 && this.#before(at, up); up = (at - 1) >> 1) {
      this.#swap(at, up)
      at = up
    }
  }

  /** The first one is another than it was. */
  sink(): void {
    const { length } = this.#items
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= length) return
      const least = left + 1 < length && this.#before(left + 1, left) ? left + 1 : left
      if (!this.#before(least, at)) return
      this.#swap(at, least)
      at = least
    }
  }

  /** Takes the first one away. */
  drop(): void {
    const last = this.#items.pop() as T
    if (this.#items.length === 0) return
    this.#items[0] = last
    this.sink()
  }

  #before(a: number, b: number): boolean {
    return this.#order(this.#items[a] as T, this.#items[b] as T) < 0
  }

  #swap(a: number, b: number): void {
    const items = this.#items
    const item = items[a] as T
    items[a] = items[b] as T
    items[b] = item
  }
}
