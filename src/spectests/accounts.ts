// The accounts of a test, and what a block's difference makes of them.
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import type { StateDiff } from '../types.js'
import { keccak256 } from '../wasm/keccak.js'
import { type Hex, type TestState, word } from './json.js'

export interface PlainAccount {
  nonce: bigint
  /** wei. */
  balance: bigint
  /** keccak-256 of the code, hex. */
  codeHash: string
  /** Without zeros. */
  storage: Map<bigint, bigint>
}

/** By address in lower-case hex. */
export type PlainState = Map<string, PlainAccount>

export function plainState(state: TestState): PlainState {
  const accounts: PlainState = new Map()
  for (const [address, { nonce, balance, code, storage }] of Object.entries(state)) {
    const slots = Object.entries(storage).map(([key, value]): [bigint, bigint] => [word(key), word(value)])
    accounts.set(address.toLowerCase(), {
      nonce: word(nonce),
      balance: word(balance),
      codeHash: bytesToHex(keccak256(hexToBytes(code))),
      storage: new Map(slots.filter(([, value]) => value !== 0n)),
    })
  }
  return accounts
}

/** Changes `state` as a block did. */
export function applyDiff(state: PlainState, diff: StateDiff): void {
  for (const change of diff) {
    const address = bytesToHex(change.address)
    if (!change.exists) {
      state.delete(address)
      continue
    }
    const storage = change.storageCleared ? undefined : state.get(address)?.storage
    const account: PlainAccount = {
      nonce: change.nonce,
      balance: change.balance,
      codeHash: bytesToHex(change.codeHash),
      storage: storage ?? new Map(),
    }
    for (const { key, value } of change.storage) {
      if (value.some((byte) => byte !== 0)) account.storage.set(word(bytesToHex(key)), word(bytesToHex(value)))
      else account.storage.delete(word(bytesToHex(key)))
    }
    state.set(address, account)
  }
}

/** The first difference in words, undefined when the states are the same. */
export function firstDifference(wanted: PlainState, got: PlainState): string | undefined {
  for (const [address, account] of wanted) {
    const other = got.get(address)
    if (other === undefined) return `account ${address} is absent`
    for (const key of new Set([...account.storage.keys(), ...other.storage.keys()])) {
      const [a, b] = [other.storage.get(key) ?? 0n, account.storage.get(key) ?? 0n]
      if (a !== b) return `slot ${hex(key)} of ${address} is ${hex(a)}, not ${hex(b)}`
    }
    for (const field of ['codeHash', 'nonce', 'balance'] as const) {
      if (other[field] !== account[field]) return `${field} of ${address} is ${other[field]}, not ${account[field]}`
    }
  }
  for (const address of got.keys()) if (!wanted.has(address)) return `account ${address} should be absent`
  return undefined
}

function hex(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
