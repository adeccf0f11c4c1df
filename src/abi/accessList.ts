// A block's access list (EIP-7928) from its RLP.
import { RLP } from '@ethereumjs/rlp'
import { padded32, toBigInt } from '../bytes.js'
import type { AccountAccess } from '../types.js'

type Change = [index: Uint8Array, value: Uint8Array]
type Account = [
  address: Uint8Array,
  changed: [key: Uint8Array, changes: Change[]][],
  read: Uint8Array[],
  balances: Change[],
  nonces: Change[],
  codes: Change[],
]

/**
 * The list as objects.
 *
 * @param rlp of a list that is one: what execution made, or what has its hash
 */
export function decodeAccessList(rlp: Uint8Array): AccountAccess[] {
  return (RLP.decode(rlp) as unknown as Account[]).map(([address, changed, read, balances, nonces, codes]) => ({
    address,
    storageChanges: changed.map(([key, changes]) => ({
      key: padded32(key),
      changes: changes.map(([index, value]) => ({ index: number(index), value: padded32(value) })),
    })),
    storageReads: read.map(padded32),
    balanceChanges: balances.map(([index, balance]) => ({ index: number(index), balance: toBigInt(balance) })),
    nonceChanges: nonces.map(([index, nonce]) => ({ index: number(index), nonce: toBigInt(nonce) })),
    codeChanges: codes.map(([index, code]) => ({ index: number(index), code })),
  }))
}

function number(bytes: Uint8Array): number {
  return Number(toBigInt(bytes))
}
