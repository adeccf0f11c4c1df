// A block as eth_getBlockByNumber returns it, to the parts of its RLP.
import { RLP } from '@ethereumjs/rlp'
import type { FieldReader, JsonObject } from './json.js'
import { transactionToRlp } from './rpcTransaction.js'

/** Bytes of a field, or a quantity of any size. */
type Kind = number | 'bytes' | 'quantity'

/** The fields of a header in the order of its RLP (Yellow Paper 4.4.3), by the names of JSON-RPC. */
export const HEADER_FIELDS: readonly [name: string, kind: Kind][] = [
  ['parentHash', 32],
  ['sha3Uncles', 32],
  ['miner', 20],
  ['stateRoot', 32],
  ['transactionsRoot', 32],
  ['receiptsRoot', 32],
  ['logsBloom', 256],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'bytes'],
  ['mixHash', 32],
  ['nonce', 8],
  // Appended in this order: EIP-1559, EIP-4895, EIP-4844 (two), EIP-4788, EIP-7685, EIP-7928, EIP-7843. A field needs all
  // before it.
  ['baseFeePerGas', 'quantity'],
  ['withdrawalsRoot', 32],
  ['blobGasUsed', 'quantity'],
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 32],
  ['requestsHash', 32],
  ['blockAccessListHash', 32],
  ['slotNumber', 'quantity'],
]
const ALWAYS = 15

/** @throws FixtureError */
export function headerFields(block: JsonObject, read: FieldReader): (Uint8Array | bigint)[] {
  const appended = HEADER_FIELDS.slice(ALWAYS).filter(([name]) => block[name] !== undefined && block[name] !== null)
  return HEADER_FIELDS.slice(0, ALWAYS + appended.length).map(([name, kind]) => {
    if (kind === 'quantity') return read.quantity(block[name], name)
    return kind === 'bytes' ? read.bytes(block[name], name) : read.bytes(block[name], name, kind)
  })
}

/** @throws FixtureError */
export function headerToRlp(block: JsonObject, read: FieldReader): Uint8Array {
  return RLP.encode(headerFields(block, read))
}

/**
 * RLP of the block, whose transactions are given in full. `uncles`: headers, which JSON-RPC gives by themselves.
 * @throws FixtureError
 */
export function blockToRlp(block: JsonObject, read: FieldReader, uncles: readonly JsonObject[] = []): Uint8Array {
  const transactions = read.array(block.transactions, 'transactions').map((item, i) => {
    const field = `transactions[${i}]`
    return transactionToRlp(read.object(item, field), read, field)
  })
  const parts = [headerFields(block, read), transactions, uncles.map((uncle) => headerFields(uncle, read))]
  const paid =
    block.withdrawals === undefined || block.withdrawals === null ? [] : [withdrawals(block.withdrawals, read)]
  return RLP.encode([...parts, ...paid] as Parameters<typeof RLP.encode>[0])
}

/** EIP-4895. @throws FixtureError */
function withdrawals(value: unknown, read: FieldReader): (Uint8Array | bigint)[][] {
  return read.array(value, 'withdrawals').map((item, i) => {
    const field = `withdrawals[${i}]`
    const withdrawal = read.object(item, field)
    return [
      read.quantity(withdrawal.index, `${field}.index`),
      read.quantity(withdrawal.validatorIndex, `${field}.validatorIndex`),
      read.bytes(withdrawal.address, `${field}.address`, 20),
      read.quantity(withdrawal.amount, `${field}.amount`),
    ]
  })
}
