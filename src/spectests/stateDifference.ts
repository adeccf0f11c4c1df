import { bytesToHex } from '@ethereumjs/util'
import type { PlainState } from './plainState.js'

/** The first difference in words, undefined when the states are the same. */
export function firstDifference({ accounts: wanted }: PlainState, { accounts: got }: PlainState): string | undefined {
  for (const [address, account] of wanted) {
    const other = got.get(address)
    if (other === undefined) return `account ${address} is absent`
    for (const key of new Set([...account.storage.keys(), ...other.storage.keys()])) {
      const [a, b] = [other.storage.get(key), account.storage.get(key)]
      if (a !== b) return `slot ${number(key)} of ${address} is ${number(a)}, not ${number(b)}`
    }
    const [is, should] = [other, account].map(({ codeHash, nonce, balance }) => ({
      ...{ codeHash: bytesToHex(codeHash), nonce, balance },
    })) as [Told, Told]
    for (const field of ['codeHash', 'nonce', 'balance'] as const) {
      if (is[field] !== should[field]) return `${field} of ${address} is ${is[field]}, not ${should[field]}`
    }
  }
  for (const address of got.keys()) if (!wanted.has(address)) return `account ${address} should be absent`
  return undefined
}

interface Told {
  codeHash: string
  nonce: bigint
  balance: bigint
}

const number = (word = '0x0'): string => `0x${BigInt(word).toString(16)}`
