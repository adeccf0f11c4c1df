// Who waits for whom in a block: what each transaction reads that others change, and the longest chain of such.
import type { Address } from '@ethereumjs/util'
import { hex } from '../bytes.js'
import { FlatStateManager } from './flatState.js'

/** What a transaction reads and changes. Locations are numbered in the order in which the block touches them. */
export interface Touches {
  /** At the first time: when that is, as a share of the time that the transaction takes, 0 to 1. */
  reads: { location: number; at: number }[]
  /** Those that have another value after it than before. */
  changes: number[]
  /** Whom it calls, hex; empty for a creation. */
  target: string
}

interface Touched {
  location: number
  address: Address
  key: Uint8Array
  /** Value before the running transaction; hex. */
  before: string
  /** Milliseconds since its start. */
  at: number
}

/**
 * A state that notes, for each transaction that is executed in order, which slots it reads and which it changes. SSTORE reads, for
 * its gas depends on the value. Balances are no part of it: credits commute. The nonce of its sender is read and changed by each.
 * Decision 35 (docs/adr/0035-what-the-suite-of-defi-measures.md).
 */
export class WatchedState extends FlatStateManager {
  readonly #locations = new Map<string, number>()
  /** Of the running transaction. */
  readonly #touched = new Map<string, Touched>()
  readonly #all: Touches[] = []
  #since = 0

  override async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const value = await super.getStorage(address, key)
    const id = hex(address.bytes) + hex(key)
    if (!this.#touched.has(id)) {
      const at = performance.now() - this.#since
      this.#touched.set(id, { location: this.#number(id), address, key, before: hex(value), at })
    }
    return value
  }

  /** The transaction that is executed now has ended; the next begins. */
  async ended(sender: Uint8Array, to: Uint8Array | undefined): Promise<void> {
    const ms = performance.now() - this.#since
    const nonce = this.#number(hex(sender))
    const reads = [{ location: nonce, at: 0 }]
    const changes = [nonce]
    for (const { location, address, key, before, at } of this.#touched.values()) {
      reads.push({ location, at: at / ms })
      if (hex(await super.getStorage(address, key)) !== before) changes.push(location)
    }
    this.#all.push({ reads, changes, target: to === undefined ? '' : hex(to) })
    this.begin()
  }

  /** What was done until now is no transaction's. */
  begin(): void {
    this.#touched.clear()
    this.#since = performance.now()
  }

  /** One a transaction that has ended. */
  get touches(): readonly Touches[] {
    return this.#all
  }

  #number(id: string): number {
    const known = this.#locations.get(id)
    if (known !== undefined) return known
    this.#locations.set(id, this.#locations.size)
    return this.#locations.size - 1
  }
}

/**
 * The longest chain of transactions each of which reads a location that the one before it changed last, in whatever the weights are
 * counted in.
 */
export function longestChain(
  touches: readonly Pick<Touches, 'reads' | 'changes'>[],
  weights: readonly number[],
): number {
  /** Where the chain ends that ends with the last change of a location. */
  const ends = new Map<number, number>()
  let longest = 0
  for (const [index, { reads, changes }] of touches.entries()) {
    const start = reads.reduce((latest, { location }) => Math.max(latest, ends.get(location) ?? 0), 0)
    const end = start + weights[index]!
    for (const location of changes) ends.set(location, end)
    longest = Math.max(longest, end)
  }
  return longest
}
