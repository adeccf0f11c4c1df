// A state as plain accounts: of tests, of a run of random blocks, of a transition.
import { MerklePatriciaTrie, type MPTOpts } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { Account, bigIntToUnpaddedBytes, bytesToHex, hexToBytes, KECCAK256_RLP } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { PreStateReader } from '../reference/flatState.js'
import type { MemoryAccount } from '../sources/inputs.js'
import { memoryState } from '../sources/memory.js'
import type { StateSource } from '../sources/source.js'
import type { StateDiff, StateDiffAccount } from '../types.js'
import { bytes32, type Hex, type TestState, word } from './json.js'

export interface PlainAccount {
  nonce: bigint
  /** wei. */
  balance: bigint
  code: Uint8Array
  codeHash: Uint8Array
  /** Key to value, 32 bytes each as hex; no zeros. */
  storage: Map<string, string>
}

const NO_CODE = new Uint8Array(0)

export class PlainState implements PreStateReader {
  readonly accounts = new Map<string, PlainAccount>()
  readonly #codes = new Map<string, Uint8Array>()

  /** Of a test. @throws UnusableTestError */
  static of(test: TestState): PlainState {
    const state = new PlainState()
    for (const [address, { nonce, balance, code, storage }] of Object.entries(test)) {
      const fields = { nonce: word(nonce), balance: word(balance), code: hexToBytes(code) }
      const account = state.set(hexToBytes(address.toLowerCase() as Hex), fields)
      for (const [key, value] of Object.entries(storage)) {
        if (word(value) !== 0n) account.storage.set(bytesToHex(bytes32(key as Hex)), bytesToHex(bytes32(value)))
      }
    }
    return state
  }

  set(address: Uint8Array, fields: { nonce?: bigint; balance?: bigint; code?: Uint8Array }): PlainAccount {
    const { nonce = 0n, balance = 0n, code = NO_CODE } = fields
    const account = { nonce, balance, code, codeHash: this.#keep(code), storage: new Map<string, string>() }
    this.accounts.set(bytesToHex(address), account)
    return account
  }

  #keep(code: Uint8Array): Uint8Array {
    const hash = keccak_256(code)
    this.#codes.set(bytesToHex(hash), code)
    return hash
  }

  copy(): PlainState {
    const copy = new PlainState()
    for (const [address, account] of this.accounts) {
      Object.assign(copy.set(hexToBytes(address as Hex), account), { storage: new Map(account.storage) })
    }
    return copy
  }

  /** As another one is. */
  become(other: PlainState): void {
    this.accounts.clear()
    for (const [address, account] of other.copy().accounts) this.accounts.set(address, account)
  }

  account(address: Uint8Array): Account | undefined {
    const account = this.accounts.get(bytesToHex(address))
    return account && new Account(account.nonce, account.balance, KECCAK256_RLP, account.codeHash)
  }

  storage(address: Uint8Array, key: Uint8Array): Uint8Array {
    const value = this.accounts.get(bytesToHex(address))?.storage.get(bytesToHex(key))
    return value === undefined ? NO_CODE : trimmed(hexToBytes(value as Hex))
  }

  hasStorage(address: Uint8Array): boolean {
    return (this.accounts.get(bytesToHex(address))?.storage.size ?? 0) > 0
  }

  code(hash: Uint8Array): Uint8Array {
    return this.#codes.get(bytesToHex(hash)) ?? NO_CODE
  }

  apply(diff: StateDiff): void {
    for (const change of diff) {
      if (change.code !== undefined) this.#keep(change.code)
      const address = bytesToHex(change.address)
      const account = this.changed(change)
      if (account === undefined) this.accounts.delete(address)
      else this.accounts.set(address, account)
    }
  }

  /** An account as it is after a change, undefined when it is gone then. */
  changed(change: StateDiffAccount): PlainAccount | undefined {
    if (!change.exists) return undefined
    const { nonce, balance, codeHash, code = this.code(codeHash) } = change
    const before = change.storageCleared ? undefined : this.accounts.get(bytesToHex(change.address))
    const storage = new Map(before?.storage)
    for (const { key, value } of change.storage) {
      if (value.some((byte) => byte !== 0)) storage.set(bytesToHex(key), bytesToHex(value))
      else storage.delete(bytesToHex(key))
    }
    return { nonce, balance, codeHash, code, storage }
  }

  source(): StateSource {
    const { accounts, codes } = this.whole()
    return memoryState(accounts, codes)
  }

  /** Every account, with its storage, and the codes. */
  whole(): { accounts: MemoryAccount[]; codes: Uint8Array[] } {
    const accounts = [...this.accounts].map(([address, { nonce, balance, codeHash, storage }]): MemoryAccount => {
      const slots = [...storage].map(([key, value]) => [hexToBytes(key as Hex), hexToBytes(value as Hex)] as const)
      return { address: hexToBytes(address as Hex), nonce, balance, codeHash, storage: slots }
    })
    return { accounts, codes: [...this.accounts.values()].map(({ code }) => code) }
  }

  /** By @ethereumjs/mpt. `trie`: makes each of the tries. */
  async root(trie = (options: MPTOpts) => new MerklePatriciaTrie(options)): Promise<Uint8Array> {
    const accounts = trie({ useKeyHashing: true })
    for (const [address, { nonce, balance, codeHash, storage }] of this.accounts) {
      const slots = trie({ useKeyHashing: true })
      for (const [key, value] of storage) {
        await slots.put(hexToBytes(key as Hex), RLP.encode(trimmed(hexToBytes(value as Hex))))
      }
      await accounts.put(hexToBytes(address as Hex), new Account(nonce, balance, slots.root(), codeHash).serialize())
    }
    return accounts.root()
  }

  toTest(): TestState {
    const hex = (value: bigint): Hex => `0x${value.toString(16)}`
    const state: TestState = {}
    for (const [address, { nonce, balance, code, storage }] of this.accounts) {
      state[address as Hex] = {
        nonce: hex(nonce),
        balance: hex(balance),
        code: bytesToHex(code),
        storage: Object.fromEntries(storage) as Record<Hex, Hex>,
      }
    }
    return state
  }
}

function trimmed(value: Uint8Array): Uint8Array {
  return bigIntToUnpaddedBytes(BigInt(bytesToHex(value)))
}
