// The sequential oracle: plain JavaScript maps, nothing of the core.
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { StateDiff } from '../../src/types.js'
import type { StorageFate } from '../../src/wasm/txStatePort.js'
import { addressOf, CODES, keyOf, type PredicateState, type Program, randomFrom, runTransaction } from './stmProgram.js'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const EMPTY_HASH = hex(keccak_256(new Uint8Array(0)))

interface ModelAccount {
  address: string
  balance: bigint
  nonce: bigint
  code: Uint8Array
  exists: boolean
  slots: Map<string, string>
}

export class Model implements PredicateState {
  readonly accounts: ModelAccount[] = []
  readonly #byAddress = new Map<string, number>()
  readonly #slots: { account: number; key: string }[] = []
  readonly #slotIds = new Map<string, number>()

  account(address: Uint8Array): number {
    const key = hex(address)
    let id = this.#byAddress.get(key)
    if (id === undefined) {
      id = this.accounts.length
      const code = new Uint8Array(0)
      this.accounts.push({ address: key, balance: 0n, nonce: 0n, code, exists: false, slots: new Map() })
      this.#byAddress.set(key, id)
    }
    return id
  }
  slot(account: number, key: Uint8Array): number {
    const name = `${account} ${hex(key)}`
    let id = this.#slotIds.get(name)
    if (id === undefined) {
      id = this.#slots.length
      this.#slots.push({ account, key: hex(key) })
      this.#slotIds.set(name, id)
    }
    return id
  }
  exists(a: number): boolean {
    return this.accounts[a]!.exists || !this.isEmpty(a)
  }
  isEmpty(a: number): boolean {
    const account = this.accounts[a]!
    return account.balance === 0n && account.nonce === 0n && account.code.length === 0
  }
  balance(a: number): bigint {
    return this.accounts[a]!.balance
  }
  balanceAtLeast(a: number, wei: bigint): boolean {
    return this.accounts[a]!.balance >= wei
  }
  nonce(a: number): bigint {
    return this.accounts[a]!.nonce
  }
  code(a: number): Uint8Array {
    return this.accounts[a]!.code
  }
  codeHash(a: number): Uint8Array {
    return keccak_256(this.accounts[a]!.code)
  }
  storage(slot: number): Uint8Array {
    const { account, key } = this.#slots[slot]!
    return Buffer.from(this.accounts[account]!.slots.get(key) ?? '00'.repeat(32), 'hex')
  }
  setBalance(a: number, wei: bigint): void {
    this.accounts[a]!.balance = wei
  }
  credit(a: number, wei: bigint): void {
    this.accounts[a]!.balance = BigInt.asUintN(256, this.accounts[a]!.balance + wei)
  }
  setNonce(a: number, nonce: bigint): void {
    this.accounts[a]!.nonce = nonce
  }
  setCode(a: number, code: Uint8Array): void {
    this.accounts[a]!.code = code
  }
  /** Destroyed accounts of the running transaction: later writes to their slots do not count. */
  readonly #gone = new Set<number>()
  setLife(a: number, exists: boolean, storage: StorageFate): void {
    this.accounts[a]!.exists = exists
    if (storage !== 'keep') this.accounts[a]!.slots.clear()
    if (storage === 'destroyed') this.#gone.add(a)
  }
  setStorage(slot: number, value: Uint8Array): void {
    const { account, key } = this.#slots[slot]!
    if (!this.#gone.has(account)) this.accounts[account]!.slots.set(key, hex(value))
  }

  /** Runs the block in order; outcomes as hex. */
  run(program: Program): string[] {
    return program.txs.map((_, index) => {
      this.#gone.clear()
      const run = runTransaction(program, index, this)
      let step = run.next()
      while (!step.done) step = run.next()
      return hex(step.value)
    })
  }

  clone(): Model {
    const copy = new Model()
    for (const account of this.accounts) {
      const id = copy.account(Buffer.from(account.address, 'hex'))
      copy.accounts[id] = { ...account, slots: new Map(account.slots) }
    }
    return copy
  }

  /** As a block's end leaves it: whatever is not empty exists; what does not exist has no storage. */
  settle(): void {
    for (const [id, account] of this.accounts.entries()) {
      account.exists ||= !this.isEmpty(id)
      if (!account.exists) account.slots.clear()
    }
  }

  /** All that exists, in a form to compare. */
  dump(): Record<string, unknown> {
    const dump: Record<string, unknown> = {}
    for (const account of this.accounts) {
      if (!account.exists) continue
      const slots = [...account.slots].filter(([, value]) => /[^0]/.test(value)).sort()
      dump[account.address] = [account.balance.toString(), account.nonce.toString(), hex(account.code), slots]
    }
    return Object.fromEntries(Object.entries(dump).sort())
  }

  /** Applies a difference that the core made. */
  apply(diff: StateDiff): void {
    for (const change of diff) {
      const id = this.account(change.address)
      const account = this.accounts[id]!
      account.exists = change.exists
      account.balance = change.balance
      account.nonce = change.nonce
      if (change.code !== undefined) account.code = change.code
      else if (hex(change.codeHash) === EMPTY_HASH) account.code = new Uint8Array(0)
      if (change.storageCleared) account.slots.clear()
      for (const { key, value } of change.storage) account.slots.set(hex(key), hex(value))
    }
  }

  /** The state before the first block of a program. */
  static start(program: Program): Model {
    const random = randomFrom(program.seed ^ 0x5bd1e995)
    const model = new Model()
    for (let i = 0; i < program.accounts; i++) {
      const id = model.account(addressOf(i))
      if (random(4) === 0) continue
      const account = model.accounts[id]!
      account.exists = true
      account.balance = random(3) === 0 ? 0n : BigInt(random(100))
      account.nonce = BigInt(random(2))
      if (random(2) === 0) account.code = CODES[random(CODES.length)]!
      for (let k = 0; k < program.slots; k++) {
        if (random(2) === 0) account.slots.set(hex(keyOf(k)), random(5).toString(16).padStart(64, '0'))
      }
    }
    return model
  }
}
