// Calls as the core takes them: a block of questions in shared memory.
import { type MemoryView, writeRequest } from '../abi/blockRequest.js'
import { Q_RECORDS, Q_TXS, R_SENDER, SLICE_ADDRESS, SLICE_SIZE } from '../abi/core.generated.js'
import { type EvmBlock, type EvmTransaction, encodeBlock, encodeTransaction } from '../abi/evmRecords.js'
import type { AccountOverride } from '../abi/overrideRecords.js'
import type { CheckedCall, CheckedOverrides } from './callShapes.js'

const NOBODY = new Uint8Array(20)
const NOTHING = new Uint8Array(0)

/** A call without a price pays nothing, and sees no base fee. */
export function isFree({ gasPrice, maxFeePerGas }: CheckedCall): boolean {
  return (gasPrice ?? 0n) === 0n && (maxFeePerGas ?? 0n) === 0n
}

function overridesOf(all: CheckedOverrides): AccountOverride[] {
  return all.map(([address, override]) => ({ address, ...override }))
}

/** The record of a call. `overrides`: what all calls suppose. */
export function encodeCall(
  call: CheckedCall,
  overrides: CheckedOverrides,
  { gasLimit, chainId }: EvmBlock,
  validation: boolean,
): Uint8Array {
  const { from = NOBODY, to, data = NOTHING, value = 0n, gas = gasLimit, gasPrice, maxFeePerGas, accessList } = call
  const dynamic = maxFeePerGas !== undefined || call.maxPriorityFeePerGas !== undefined
  const tx: EvmTransaction = {
    type: dynamic ? 2 : accessList === undefined ? 0 : 1,
    sender: from,
    to,
    nonce: call.nonce ?? 0n,
    gasLimit: gas,
    value,
    maxFeePerGas: gasPrice ?? maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: call.maxPriorityFeePerGas,
    data,
    accessList: accessList?.map(({ address, storageKeys }) => ({ address, keys: storageKeys })),
    chainId,
    question: validation ? 'checked' : 'unchecked',
    overrides: [...overridesOf(overrides), ...overridesOf(call.overrides ?? [])],
  }
  return encodeTransaction(tx)
}

/** Writes the request of a block whose transactions are these records; a pointer. @throws OutOfSpaceError */
export function writeCalls(
  memory: MemoryView,
  records: readonly Uint8Array[],
  block: EvmBlock,
  { hardfork, flags, serial }: { hardfork: string; flags: number; serial: number },
): number {
  const senders = new Uint8Array(20 * records.length)
  for (const [index, record] of records.entries()) senders.set(record.subarray(R_SENDER, R_SENDER + 20), 20 * index)
  const request = writeRequest(memory, {
    transactions: records,
    senders,
    senderBatch: 1,
    blockHashes: new Map(),
    hardfork,
    flags,
    serial,
    records: { env: encodeBlock(block), stepsBefore: NOTHING, stepsAfter: NOTHING },
  })
  // The bytes are records already: nothing is decoded.
  const at = (field: number): number => memory.words(request + field, 1)[0] as number
  const slices = memory.words(at(Q_TXS), (records.length * SLICE_SIZE) / 4)
  const decoded = memory.words(at(Q_RECORDS), records.length)
  for (let index = 0; index < records.length; index++) {
    decoded[index] = slices[(index * SLICE_SIZE + SLICE_ADDRESS) / 4] as number
  }
  return request
}
