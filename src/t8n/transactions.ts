// The transactions of a transition as they lie in a block: a list of fields for legacy ones, bytes for typed ones (EIP-2718).

import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesOf } from '../block/body.js'
import { FieldReader } from '../blockFiles/json.js'
import { transactionToRlp } from '../blockFiles/rpcTransaction.js'
import { anyBytes, bytes } from '../door/bytes.js'
import { invalidInput } from '../door/errors.js'
import { check } from '../door/shape.js'
import { messageOf } from '../errors.js'
import { signUnsigned } from '../workloads/transaction.js'

/** An item of the transactions of a block. */
export type TransactionItem = Uint8Array | Uint8Array[]

const FEE_MARKET_TYPE = 2
const BLOB_TYPE = 3
/** Position of blobVersionedHashes (EIP-4844). */
const BLOB_HASHES = 10

/**
 * A list of transactions as JSON, or the RLP of one as hex. In JSON those with a `secretKey` and without a signature are signed:
 * with the chain's id (EIP-155), unless `protected` is false.
 * @throws InvalidInputError
 */
export function transactionsOf(txs: unknown, chainId: bigint): TransactionItem[] {
  if (typeof txs === 'string') return listOf(check(anyBytes('the RLP of a list of transactions'), txs, 'txs'))
  if (!Array.isArray(txs)) throw invalidInput('txs', 'expected an array of transactions, or the RLP of a list as hex')
  const read = new FieldReader('txs')
  return txs.map((tx, index) => {
    const fields = read.object(tx, `[${index}]`)
    const { secretKey } = fields
    const unsigned = ['v', 'r', 's'].every((name) => Number(fields[name] ?? 0) === 0)
    const item = decoded(
      transactionToRlp({ ...(unsigned && { v: 0, r: 0, s: 0 }), ...present(fields) }, read, `[${index}]`),
    )
    if (secretKey === undefined || !unsigned) return item
    const key = check(bytes(32), secretKey, `txs[${index}].secretKey`)
    return decoded(signUnsigned(item, key, fields.protected === false ? undefined : chainId))
  })
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

/** Numbers in it as bytes. */
function decoded(item: unknown): TransactionItem {
  return item instanceof Uint8Array ? item : (RLP.decode(RLP.encode(item as never)) as Uint8Array[])
}

function listOf(rlp: Uint8Array): TransactionItem[] {
  let list: unknown
  try {
    list = rlp.length === 0 ? [] : RLP.decode(rlp)
  } catch (cause) {
    throw invalidInput('txs', `is no RLP: ${messageOf(cause)}`, { cause })
  }
  if (!Array.isArray(list)) throw invalidInput('txs', 'is the RLP of bytes, not of a list of transactions')
  return list as TransactionItem[]
}

/** keccak-256 of the transaction's own bytes. */
export function hashOf(item: TransactionItem): Uint8Array {
  return keccak_256(bytesOf(item))
}

/** 0 for what cannot be decoded: whoever executes it says so. */
export function blobsOf(item: TransactionItem): number {
  if (!(item instanceof Uint8Array) || item[0] !== BLOB_TYPE) return 0
  try {
    const hashes = (RLP.decode(item.subarray(1)) as unknown[])[BLOB_HASHES]
    return Array.isArray(hashes) ? hashes.length : 0
  } catch {
    return 0
  }
}

/** Where a valid transaction without recipient puts its contract; undefined for one with a recipient. */
export function createdAddress(item: TransactionItem, common: Common): Uint8Array | undefined {
  // Those after EIP-1559 have a recipient always.
  if (item instanceof Uint8Array && (item[0] as number) > FEE_MARKET_TYPE) return undefined
  const tx = createTxFromBlockBodyData(item as never, { common })
  if (tx.to !== undefined) return undefined
  const nonce = tx.nonce === 0n ? new Uint8Array(0) : tx.nonce
  return keccak_256(RLP.encode([tx.getSenderAddress().bytes, nonce] as never)).subarray(12)
}
