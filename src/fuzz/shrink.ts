// Makes a block that differs small: fewer transactions, shorter programs, fewer accounts and slots.
import { bytesToHex } from '@ethereumjs/util'
import type { PlainState } from '../spectests/plainState.js'
import type { Finding, Fuzzer } from './fuzzer.js'

/** Executions spent on it. */
const MAX_TRIES = 400

/** The smallest case found that still differs, although perhaps in another way. */
export async function shrink(fuzzer: Fuzzer, finding: Finding): Promise<Finding> {
  const shrinker = new Shrinker(fuzzer, finding)
  // A difference that does not come again (a race) is kept as it is.
  if (!(await shrinker.try(finding))) return finding
  await shrinker.transactions()
  await shrinker.accounts()
  await shrinker.codes()
  await shrinker.slots()
  return shrinker.best
}

function aboutRefusal(difference: string): boolean {
  return /refuse|all accept/.test(difference)
}

class Shrinker {
  readonly #fuzzer: Fuzzer
  best: Finding
  #tries = 0

  constructor(fuzzer: Fuzzer, finding: Finding) {
    this.#fuzzer = fuzzer
    this.best = finding
  }

  /** Keeps the candidate when it differs, too. */
  async try(candidate: Finding): Promise<boolean> {
    if (this.#tries++ >= MAX_TRIES) return false
    const verdict = await this.#fuzzer.differs(candidate.state, candidate.block)
    if (verdict?.kind !== this.best.kind || verdict.against !== this.best.against) return false
    // Removing something may make the block invalid, for reasons that come in another order: that is not the difference.
    if (aboutRefusal(verdict.difference) && !aboutRefusal(this.best.difference)) return false
    this.best = { ...candidate, ...verdict }
    return true
  }

  async #change(change: (state: PlainState) => void): Promise<boolean> {
    const state = this.best.state.copy()
    change(state)
    return this.try({ ...this.best, state })
  }

  /** The last transactions first, then earlier ones; a sender's nonce moves to where the rest begins. */
  async transactions(): Promise<void> {
    for (let i = this.best.block.transactions.length - 1; i >= 0; i--) {
      const { block } = this.best
      const without = {
        ...block,
        transactions: block.transactions.filter((_, index) => index !== i),
        senders: block.senders.filter((_, index) => index !== i),
        ...(block.fault && { fault: { ...block.fault, index: block.fault.index - (i < block.fault.index ? 1 : 0) } }),
      }
      const address = block.senders[i] as Uint8Array
      const earlier = block.senders.slice(0, i).some((sender) => bytesToHex(sender) === bytesToHex(address))
      const state = this.best.state.copy()
      const account = state.accounts.get(bytesToHex(address))
      // The first of a sender goes when its nonce is taken for granted; one in the middle cannot.
      if (!earlier && account !== undefined) account.nonce++
      await this.try({ ...this.best, state, block: without })
    }
  }

  async accounts(): Promise<void> {
    for (const address of [...this.best.state.accounts.keys()])
      await this.#change((state) => state.accounts.delete(address))
  }

  /** Cuts a program in the middle, and puts JUMPDEST, which does nothing, in place of each of its parts. */
  async codes(): Promise<void> {
    for (const [address, { code }] of [...this.best.state.accounts]) {
      for (let length = code.length >> 1; length >= 1; length >>= 1) {
        const end = this.#codeOf(address).length - length
        if (end > 0) await this.#change((state) => this.#set(state, address, this.#codeOf(address).slice(0, end)))
      }
      for (let size = 16; size >= 1; size >>= 2) {
        for (let at = 0; at < this.#codeOf(address).length; at += size) {
          const changed = this.#codeOf(address).slice()
          if (changed.subarray(at, at + size).every((byte) => byte === 0x5b)) continue
          changed.fill(0x5b, at, at + size)
          await this.#change((state) => this.#set(state, address, changed))
        }
      }
    }
  }

  #codeOf(address: string): Uint8Array {
    return this.best.state.accounts.get(address)?.code ?? new Uint8Array(0)
  }

  #set(state: PlainState, address: string, code: Uint8Array): void {
    const { nonce = 0n, balance = 0n, storage } = state.accounts.get(address) ?? {}
    const account = state.set(Buffer.from(address.slice(2), 'hex'), { nonce, balance, code })
    if (storage !== undefined) account.storage = storage
  }

  async slots(): Promise<void> {
    for (const [address, { storage }] of [...this.best.state.accounts]) {
      if (storage.size > 0) await this.#change((state) => state.accounts.get(address)?.storage.clear())
    }
  }
}
