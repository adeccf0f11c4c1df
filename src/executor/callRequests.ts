// Calls as the core takes them: a block of questions in shared memory.
import { type MemoryView, writeRequest } from '../abi/blockRequest.js'
import { D_SIZE, D_TX_COUNT, Q_RECORDS, R_SENDER } from '../abi/core.generated.js'
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
  const count = records.length
  const addresses = records.map((record) => {
    const at = memory.blockAlloc(record.length)
    memory.bytes(at, record.length).set(record)
    return at
  })
  const senders = new Uint8Array(20 * count)
  for (const [index, record] of records.entries()) senders.set(record.subarray(R_SENDER, R_SENDER + 20), 20 * index)
  const request = writeRequest(memory, {
    block: putParts(memory, count),
    senders,
    senderBatch: 1,
    checksBody: false,
    blockHashes: new Map(),
    hardfork,
    flags,
    serial,
    records: { env: encodeBlock(block), stepsBefore: NOTHING, stepsAfter: NOTHING },
  })
  // The bytes are records already: nothing is decoded.
  memory.words(memory.words(request + Q_RECORDS, 1)[0] as number, count).set(addresses)
  return request
}

/** The parts of a block of which only the number of transactions is ever asked for; its address. */
function putParts(memory: MemoryView, count: number): number {
  const parts = memory.blockAlloc(D_SIZE)
  const words = memory.words(parts, D_SIZE / 4).fill(0)
  words[D_TX_COUNT / 4] = count
  return parts
}
