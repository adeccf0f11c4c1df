// What a read finds: which transaction's value, and whether it is the one of block order.
import { POLICY } from './policy.js'
import type { TracedTransaction } from './trace.js'

/**
 * Who made a value, and whether with the right inputs: the number of the transaction whose value it is in block order, `BASE` for the
 * value before the block, or a number below that of an execution that had read something else.
 */
export type Value = number
export const BASE: Value = -1

interface Version {
  transaction: number
  value: Value
  /** It will be executed again. */
  estimate: boolean
}

export class Versions {
  readonly #locations = new Map<number, Version[]>()
  /** By transaction: the values that its reads find in block order. */
  readonly #right: readonly (readonly Value[])[]
  readonly #targets: readonly string[]
  /** `target`: of those that change it, undefined where that of the reader was another one. */
  readonly #crowded = new Map<number, { score: number; target: string | undefined }>()
  #wrong = BASE
  /** The last comparison that did not hold met a location of which that was not known. */
  learned = false

  constructor(transactions: readonly TracedTransaction[]) {
    const last = new Map<number, number>()
    this.#right = transactions.map(({ reads, changes }, index) => {
      const right = reads.map(({ location }) => last.get(location) ?? BASE)
      for (const location of changes) last.set(location, index)
      return right
    })
    for (const location of last.keys()) this.#locations.set(location, [])
    this.#targets = transactions.map(({ target }) => target)
  }

  /** What a read of transaction `reader` finds; the transaction to wait for where that is an estimate. */
  read(location: number, reader: number): { value: Value } | { waitFor: number } {
    const versions = this.#locations.get(location)
    const version = versions?.[below(versions, reader)]
    if (version === undefined) return { value: BASE }
    return version.estimate ? { waitFor: version.transaction } : { value: version.value }
  }

  /** Whether these reads of a transaction find the same values now; what will be made again is given the benefit of the doubt. */
  holds(reads: TracedTransaction['reads'], seen: readonly Value[], reader: number): boolean {
    let hold = true
    this.learned = false
    for (const [index, value] of seen.entries()) {
      const { location } = reads[index]!
      const now = this.read(location, reader)
      if ('waitFor' in now || now.value === value) continue
      hold = false
      this.#readTooEarly(location, reader)
    }
    return hold
  }

  #readTooEarly(location: number, reader: number): void {
    const score = this.#crowded.get(location)?.score ?? 0
    if (score === 0) this.learned = true
    const target = this.#targets[reader]!
    const same = target !== '' && this.#targets[this.#newest(location, reader)] === target
    const raised = Math.min(POLICY.MOST_SCORE, score + POLICY.OF_CONFLICT)
    this.#crowded.set(location, { score: raised, target: same ? target : undefined })
  }

  /** Transaction after transaction changes it: whoever reads it waits for lower ones (decision 42). */
  isCrowded(location: number): boolean {
    return (this.#crowded.get(location)?.score ?? 0) > 0
  }

  /** Whether the transaction `lower` may be one of those that change a crowded location. */
  mayChange(location: number, lower: number): boolean {
    const target = this.#crowded.get(location)?.target
    return target === undefined || this.#targets[lower] === target
  }

  #newest(location: number, reader: number): number {
    const versions = this.#locations.get(location)
    return versions?.[below(versions, reader)]?.transaction ?? BASE
  }

  /** A reader has waited for transactions from `lowest` on. */
  waited(location: number, reader: number, lowest: number): void {
    const { score, target } = this.#crowded.get(location) ?? { score: 0, target: undefined }
    const changed = this.#newest(location, reader) >= lowest
    const next = changed ? Math.min(POLICY.MOST_SCORE, score + 1) : Math.max(0, score - 1)
    this.#crowded.set(location, { score: next, target })
  }

  /** The value that an execution writes that has read these. */
  made(transaction: number, seen: readonly Value[]): Value {
    const right = this.#right[transaction]!
    return seen.every((value, index) => value === right[index]) ? transaction : --this.#wrong
  }

  /** True when it is another value than before. */
  write(location: number, transaction: number, value: Value): boolean {
    const versions = this.#locations.get(location)!
    const at = below(versions, transaction + 1)
    const old = versions[at]
    if (old?.transaction !== transaction) {
      versions.splice(at + 1, 0, { transaction, value, estimate: false })
      return true
    }
    const changed = old.value !== value
    old.value = value
    old.estimate = false
    return changed
  }

  estimate(location: number, transaction: number): void {
    const versions = this.#locations.get(location)!
    const version = versions[below(versions, transaction + 1)]
    if (version?.transaction === transaction) version.estimate = true
  }
}

/** Index of the last version below a transaction, -1: there is none. */
function below(versions: readonly Version[], transaction: number): number {
  let from = 0
  let to = versions.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (versions[middle]!.transaction < transaction) from = middle + 1
    else to = middle
  }
  return from - 1
}
