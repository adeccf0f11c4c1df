// Calls as the core takes them: a block of questions in shared memory.
import { type BlockRecords, type MemoryView, writeRequest } from '../abi/blockRequest.js'
import { CallWriter, plainSize, recordRoom } from '../abi/callRecords.js'
import {
  Q_RECORDS,
  Q_SENDERS,
  R_SENDER,
  RECORD_CALL,
  RECORD_HAS_CHAIN_ID,
  RECORD_UNCHECKED,
} from '../abi/core.generated.js'
import { type EvmBlock, type EvmTransaction, encodeBlock, transactionSize } from '../abi/evmRecords.js'
import type { AccountOverride } from '../abi/overrideRecords.js'
import { putParts } from '../wasm/answers.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { memoryView } from '../wasm/memoryView.js'
import { authorisationsOf } from './authorisations.js'
import type { CheckedCall, CheckedOverrides } from './callShapes.js'

const NOBODY = new Uint8Array(20)
const NOTHING = new Uint8Array(0)

/** How calls are asked. */
export interface Asking {
  validation: boolean
  /** What all calls suppose. */
  overrides: CheckedOverrides
  /** RECORD_* flags beside those of every question. */
  flags: number
  errorRatio?: number | undefined
}

/** A call without a price pays nothing, and sees no base fee. */
export function isFree({ gasPrice, maxFeePerGas }: CheckedCall): boolean {
  return (gasPrice ?? 0n) === 0n && (maxFeePerGas ?? 0n) === 0n
}

export function overridesOf(all: CheckedOverrides): AccountOverride[] {
  return all.map(([address, override]) => ({ address, ...override }))
}

function isPlain(call: CheckedCall, { overrides, errorRatio }: Asking): boolean {
  return (
    overrides.length === 0 &&
    errorRatio === undefined &&
    call.overrides === undefined &&
    call.accessList === undefined &&
    call.authorizationList === undefined &&
    call.maxFeePerGas === undefined &&
    call.maxPriorityFeePerGas === undefined &&
    call.nonce === undefined
  )
}

/** A call as a transaction that nobody signed. */
export function transactionOf(call: CheckedCall, { gasLimit, chainId }: EvmBlock, asking: Asking): EvmTransaction {
  const { from = NOBODY, to, data = NOTHING, value = 0n, gas = gasLimit, gasPrice, maxFeePerGas, accessList } = call
  const dynamic = maxFeePerGas !== undefined || call.maxPriorityFeePerGas !== undefined
  const authorisations = call.authorizationList && authorisationsOf(call.authorizationList)
  return {
    type: authorisations !== undefined ? 4 : dynamic ? 2 : accessList === undefined ? 0 : 1,
    sender: from,
    to,
    nonce: call.nonce ?? 0n,
    gasLimit: gas,
    value,
    maxFeePerGas: gasPrice ?? maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: call.maxPriorityFeePerGas ?? (authorisations && gasPrice),
    data,
    accessList: accessList?.map(({ address, storageKeys }) => ({ address, keys: storageKeys })),
    authorisations,
    chainId,
    question: asking.validation ? 'checked' : 'unchecked',
    overrides: [...overridesOf(asking.overrides), ...overridesOf(call.overrides ?? [])],
    flags: asking.flags,
    errorRatio: asking.errorRatio,
  }
}

interface Request {
  hardfork: string
  flags: number
  serial: number
}

/** Writes the request of a block whose transactions are these calls; a pointer. @throws OutOfSpaceError */
export function writeCalls(
  block: BlockCore,
  calls: readonly CheckedCall[],
  environment: EvmBlock,
  asking: Asking,
  request: Request,
): number {
  const count = calls.length
  const memory = memoryView(block)
  const writer = new CallWriter(block.core.bytes)
  const others = new Map<number, EvmTransaction>()
  const offsets = new Uint32Array(count)
  let size = 0
  for (let index = 0; index < count; index++) {
    const call = calls[index] as CheckedCall
    offsets[index] = size
    if (isPlain(call, asking)) size += recordRoom(plainSize(call))
    else {
      const tx = transactionOf(call, environment, asking)
      others.set(index, tx)
      size += recordRoom(transactionSize(tx))
    }
  }
  const records = memory.blockAlloc(Math.max(size, 1))
  memory.bytes(records, size).fill(0)
  const flags = asking.flags | RECORD_CALL | RECORD_HAS_CHAIN_ID | (asking.validation ? 0 : RECORD_UNCHECKED)
  const frame = { gasLimit: environment.gasLimit, chainId: environment.chainId, flags }
  for (let index = 0; index < count; index++) {
    const at = records + (offsets[index] as number)
    const other = others.get(index)
    if (other === undefined) writer.plain(at, calls[index] as CheckedCall, frame)
    else writer.any(at, other)
  }
  const pointer = writeQuestions(memory, count, encodeBlock(environment), request)
  const words = memory.words(memory.words(pointer + Q_RECORDS, 1)[0] as number, count)
  for (let index = 0; index < count; index++) words[index] = records + (offsets[index] as number)
  putSenders(block, pointer, words)
  return pointer
}

/** The request of so many tasks, whose records and senders are still to be put. */
export function writeQuestions(memory: MemoryView, count: number, env: Uint8Array, request: Request): number {
  const records: BlockRecords = { env, stepsBefore: NOTHING, stepsAfter: NOTHING }
  return writeRequest(memory, {
    block: putParts(memory, count),
    senders: new Uint8Array(20 * count),
    senderBatch: 1,
    checksBody: false,
    blockHashes: new Map(),
    ...request,
    records,
  })
}

/** The bytes are records already, and the core copies their senders from where those of other blocks are. */
export function putSenders({ core: { bytes, view } }: BlockCore, pointer: number, records: Int32Array): void {
  const senders = view.getUint32(pointer + Q_SENDERS, true)
  for (let index = 0; index < records.length; index++) {
    const from = ((records[index] as number) >>> 0) + R_SENDER
    for (let i = 0, to = senders + 20 * index; i < 20; i++) bytes[to + i] = bytes[from + i] as number
  }
}
