// Who waits for whom in a block: the longest chain of transactions each of which reads what the one before wrote.
import type { Address } from '@ethereumjs/util'
import { hex } from '../bytes.js'
import { FlatStateManager } from './flatState.js'

interface Slot {
  /** Of the last transaction that changed it. */
  writer: number
  /** Value before the running transaction, if that touched it; hex. */
  before: string
  touchedBy: number
}

/**
 * A state that notes, for each transaction that is executed in order, which slots it reads and which it changes. SSTORE reads, for
 * its gas depends on the value. Balances are no part of it: credits commute. Transactions of one sender follow one another.
 * Decision 35 (docs/adr/0035-what-the-suite-of-defi-measures.md).
 */
export class WatchedState extends FlatStateManager {
  readonly #slots = new Map<string, Slot>()
  readonly #places = new Map<string, [address: Address, key: Uint8Array]>()
  readonly #lastOf = new Map<string, number>()
  readonly #touched: string[] = []
  /** Gas from the start of the block to the end of each transaction, along the longest chain to it. */
  readonly #ends: number[] = []
  #start = 0

  override async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const value = await super.getStorage(address, key)
    this.#touch(address, key, value)
    return value
  }

  /** The transaction that is executed now has ended. */
  async ended(sender: Uint8Array, gas: number): Promise<void> {
    const index = this.#ends.length
    const name = hex(sender)
    const start = Math.max(this.#start, this.#ends[this.#lastOf.get(name) ?? -1] ?? 0)
    this.#lastOf.set(name, index)
    this.#ends.push(start + gas)
    for (const id of this.#touched) {
      const slot = this.#slots.get(id) as Slot
      const [address, key] = this.#places.get(id) as [Address, Uint8Array]
      if (hex(await super.getStorage(address, key)) !== slot.before) slot.writer = index
    }
    this.#touched.length = 0
    this.#start = 0
  }

  /** What the block does before its transactions is nobody's. */
  begin(): void {
    this.#touched.length = 0
    this.#start = 0
    this.#slots.clear()
  }

  /** Gas of the longest chain. */
  get longestChain(): number {
    return this.#ends.reduce((longest, end) => Math.max(longest, end), 0)
  }

  #touch(address: Address, key: Uint8Array, value: Uint8Array): void {
    const id = hex(address.bytes) + hex(key)
    let slot = this.#slots.get(id)
    if (slot === undefined) {
      slot = { writer: -1, before: '', touchedBy: -1 }
      this.#slots.set(id, slot)
      this.#places.set(id, [address, key])
    }
    if (slot.touchedBy === this.#ends.length) return
    slot.touchedBy = this.#ends.length
    slot.before = hex(value)
    this.#touched.push(id)
    this.#start = Math.max(this.#start, this.#ends[slot.writer] ?? 0)
  }
}
