import { RLP } from '@ethereumjs/rlp'
import { FIRST_LIST } from './readTransaction.js'

/** A transaction as it lies in a block body: bytes of a typed one (EIP-2718), the list of fields of a legacy one. */
export type BodyTransaction = Uint8Array | Uint8Array[]

/** Its EIP-2718 bytes. */
export function bytesOf(item: BodyTransaction): Uint8Array {
  return item instanceof Uint8Array ? item : RLP.encode(item)
}

/** From the EIP-2718 bytes, which are RLP. */
export function bodyOf(transaction: Uint8Array): BodyTransaction {
  return (transaction[0] as number) >= FIRST_LIST ? (RLP.decode(transaction) as Uint8Array[]) : transaction
}
