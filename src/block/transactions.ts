import type { Common } from '@ethereumjs/common'
import { createTxFromBlockBodyData, type TypedTransaction } from '@ethereumjs/tx'
import { Address } from '@ethereumjs/util'
import type { BodyTransaction } from './body.js'

export type { BodyTransaction }

/**
 * Decodes a transaction of a block. Its sender is recovered from the signature whenever it is asked for: see `withSender`.
 *
 * @throws Error of @ethereumjs/tx when the bytes are no transaction that the hardfork allows
 */
export function decodeTransaction(body: BodyTransaction, common: Common): TypedTransaction {
  return createTxFromBlockBodyData(body, { common, freeze: false }) as TypedTransaction
}

/** The transaction with a sender that is known, so that no signature is recovered. */
export function withSender(tx: TypedTransaction, sender: Uint8Array): TypedTransaction {
  const address = new Address(sender)
  tx.getSenderAddress = () => address
  return tx
}
