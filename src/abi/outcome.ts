// What executing one transaction came to, as bytes: workers leave it in shared memory, the host makes receipts of it.
// Integers and words are little-endian. Layout:
//
//    0 u8       kind (OUTCOME_*)
//    1 u8       reason: EXECUTION_ERRORS index when failed, INVALID_RULES index when invalid, else 0
//    2 u8       flags: 1 created address present, 2 bloom present
//    3 u8       the reason in the core's own terms (assembly/evm/status.ts, assembly/tx/invalid.ts); else 0
//    4 u32      length of all
//    8 u64      gas used
//   16 u64      blob gas used
//   24 32 bytes effective gas price, wei
//   56 32 bytes paid to the fee recipient, wei
//   88 20 bytes address of the created contract, then 4 zero bytes
//  112 u32      number of logs (of requests for block work)
//  116 u32      length of the return data (of the message of an invalid transaction, UTF-8)
//  120          bloom, 256 bytes, if present
//               return data
//               logs: address 20, u32 number of topics, u32 length of the data, topics 32 each, data
//               or requests: u32 length, then type byte and data

import { ParallevmError } from '../errors.js'
import { REFUSAL_TEXTS } from './refusals.js'

/** The transaction failed and was reverted; it still pays. */
export const OUTCOME_FAILED = 0
export const OUTCOME_SUCCESS = 1
/** The transaction must not be in the block. */
export const OUTCOME_INVALID = 2
/** Not a transaction: the block's own work before or after the transactions. */
export const OUTCOME_WORK = 3

export const OUTCOME_HEADER = 120
const CREATED = 1
const BLOOM = 2

/** Why an execution failed, as @ethereumjs/evm words it. Index 0: none; an error not in the list counts as the last. */
export const EXECUTION_ERRORS = [
  '',
  'out of gas',
  'code store out of gas',
  'code size to deposit exceeds maximum code size',
  'stack underflow',
  'stack overflow',
  'invalid JUMP',
  'invalid opcode',
  'value out of range',
  'revert',
  'static state change',
  'internal error',
  'create collision',
  'stop',
  'refund exhausted',
  'value overflow',
  'insufficient balance',
  'invalid bytecode deployed',
  'initcode exceeds max initcode size',
  'invalid input length',
  'invalid EOF format',
  'point not on curve',
  'input is empty',
  'fp point not in field',
  'kzg commitment does not match versioned hash',
  'kzg inputs invalid',
  'kzg proof invalid',
  'other',
] as const
export type ExecutionErrorName = (typeof EXECUTION_ERRORS)[number]

/** Rules a transaction can break. */
export const INVALID_RULES = [
  'INVALID_TRANSACTION',
  'MALFORMED_TRANSACTION',
  'INTRINSIC_GAS_TOO_LOW',
  'FEE_CAP_BELOW_BASE_FEE',
  'SENDER_HAS_CODE',
  'INSUFFICIENT_FUNDS',
  'NONCE_MISMATCH',
  'BLOB_FEE_CAP_TOO_LOW',
  'TRANSACTION_TYPE_NOT_ACTIVE',
  'TRANSACTION_GAS_LIMIT_TOO_HIGH',
  'INIT_CODE_TOO_LARGE',
  'SYSTEM_CALL_FAILED',
  'BLOCK_HASH_MISSING',
] as const
export type InvalidRule = (typeof INVALID_RULES)[number]

/** A log as @ethereumjs has it: address, topics, data. */
export type OutcomeLog = [address: Uint8Array, topics: Uint8Array[], data: Uint8Array]

export interface ExecutedOutcome {
  kind: typeof OUTCOME_FAILED | typeof OUTCOME_SUCCESS
  /** Empty when it succeeded. */
  error: ExecutionErrorName
  /** Gas used, refund taken off. */
  gasUsed: bigint
  /** Blob gas (EIP-4844). */
  blobGasUsed: bigint
  /** wei per gas. */
  effectiveGasPrice: bigint
  /** wei paid to the fee recipient. */
  minerValue: bigint
  /** Address of the contract that a creation transaction made, 20 bytes. */
  createdAddress?: Uint8Array
  returnData: Uint8Array
  logs: OutcomeLog[]
  /** Of the logs, 256 bytes; absent when the worker did not compute it. */
  bloom?: Uint8Array
}

export interface InvalidOutcome {
  kind: typeof OUTCOME_INVALID
  rule: InvalidRule
  message: string
}

export interface WorkOutcome {
  kind: typeof OUTCOME_WORK
  /** EIP-7685 requests, type byte and data; empty ones included. */
  requests: Uint8Array[]
}

export type Outcome = ExecutedOutcome | InvalidOutcome | WorkOutcome

/** Bytes that do not decode: shared memory was overwritten, or two versions of the package are mixed. */
export class OutcomeError extends ParallevmError {}

export function executionErrorName(message: string): ExecutionErrorName {
  const known = EXECUTION_ERRORS.indexOf(message as ExecutionErrorName)
  return known > 0 ? EXECUTION_ERRORS[known]! : 'other'
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const NOTHING = new Uint8Array(0)

export function encodeOutcome(outcome: Outcome): Uint8Array {
  if (outcome.kind === OUTCOME_INVALID) {
    const message = encoder.encode(outcome.message)
    const bytes = frame(outcome.kind, INVALID_RULES.indexOf(outcome.rule), 0, message.length, 0, message.length)
    bytes.set(message, OUTCOME_HEADER)
    return bytes
  }
  if (outcome.kind === OUTCOME_WORK) {
    const size = outcome.requests.reduce((sum, request) => sum + 4 + request.length, 0)
    const bytes = frame(outcome.kind, 0, 0, size, outcome.requests.length, 0)
    const view = new DataView(bytes.buffer)
    let at = OUTCOME_HEADER
    for (const request of outcome.requests) {
      view.setUint32(at, request.length, true)
      bytes.set(request, at + 4)
      at += 4 + request.length
    }
    return bytes
  }
  return encodeExecuted(outcome)
}

function encodeExecuted(outcome: ExecutedOutcome): Uint8Array {
  const { createdAddress, bloom, returnData, logs } = outcome
  let size = (bloom === undefined ? 0 : 256) + returnData.length
  for (const [, topics, data] of logs) size += 28 + 32 * topics.length + data.length
  const flags = (createdAddress === undefined ? 0 : CREATED) | (bloom === undefined ? 0 : BLOOM)
  const reason = EXECUTION_ERRORS.indexOf(outcome.error)
  const bytes = frame(outcome.kind, reason, flags, size, logs.length, returnData.length)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(8, outcome.gasUsed, true)
  view.setBigUint64(16, outcome.blobGasUsed, true)
  setWord(view, 24, outcome.effectiveGasPrice)
  setWord(view, 56, outcome.minerValue)
  if (createdAddress !== undefined) bytes.set(createdAddress, 88)
  let at = OUTCOME_HEADER
  if (bloom !== undefined) {
    bytes.set(bloom, at)
    at += 256
  }
  bytes.set(returnData, at)
  at += returnData.length
  for (const [address, topics, data] of logs) {
    bytes.set(address, at)
    view.setUint32(at + 20, topics.length, true)
    view.setUint32(at + 24, data.length, true)
    at += 28
    for (const topic of topics) {
      bytes.set(topic, at)
      at += 32
    }
    bytes.set(data, at)
    at += data.length
  }
  return bytes
}

function frame(kind: number, reason: number, flags: number, body: number, count: number, data: number): Uint8Array {
  const bytes = new Uint8Array(OUTCOME_HEADER + body)
  const view = new DataView(bytes.buffer)
  bytes[0] = kind
  bytes[1] = reason
  bytes[2] = flags
  view.setUint32(4, bytes.length, true)
  view.setUint32(112, count, true)
  view.setUint32(116, data, true)
  return bytes
}

/**
 * Decodes an outcome; what it returns does not refer to `bytes`, which may lie in shared memory.
 *
 * @throws OutcomeError MALFORMED_OUTCOME
 */
export function decodeOutcome(bytes: Uint8Array): Outcome {
  // A copy first: shared memory cannot be handed to TextDecoder, and receipts outlive the block's memory.
  const own = bytes.slice()
  const view = new DataView(own.buffer)
  const kind = own[0]
  if (own.length < OUTCOME_HEADER || view.getUint32(4, true) !== own.length || kind! > OUTCOME_WORK) {
    throw malformed(own)
  }
  const count = view.getUint32(112, true)
  const length = view.getUint32(116, true)
  if (kind === OUTCOME_INVALID) {
    const text = decoder.decode(own.subarray(OUTCOME_HEADER, OUTCOME_HEADER + length))
    const message = text || (REFUSAL_TEXTS[own[3]!] ?? `refused by rule ${own[3]} of the core`)
    return { kind, rule: INVALID_RULES[own[1]!] ?? 'INVALID_TRANSACTION', message }
  }
  let at = OUTCOME_HEADER
  const take = (size: number): Uint8Array => {
    if (at + size > own.length) throw malformed(own)
    at += size
    return own.subarray(at - size, at)
  }
  if (kind === OUTCOME_WORK) {
    const requests: Uint8Array[] = []
    for (let i = 0; i < count; i++) {
      const size = view.getUint32(at, true)
      at += 4
      requests.push(take(size))
    }
    return { kind, requests }
  }
  const flags = own[2]!
  const bloom = flags & BLOOM ? take(256) : undefined
  const returnData = length === 0 ? NOTHING : take(length)
  const logs: OutcomeLog[] = []
  for (let i = 0; i < count; i++) {
    if (at + 28 > own.length) throw malformed(own)
    const topicCount = view.getUint32(at + 20, true)
    const dataLength = view.getUint32(at + 24, true)
    const address = take(20)
    at += 8
    const topics: Uint8Array[] = []
    for (let t = 0; t < topicCount; t++) topics.push(take(32))
    logs.push([address, topics, take(dataLength)])
  }
  const outcome: ExecutedOutcome = {
    kind: kind as ExecutedOutcome['kind'],
    error: EXECUTION_ERRORS[own[1]!] ?? 'other',
    gasUsed: view.getBigUint64(8, true),
    blobGasUsed: view.getBigUint64(16, true),
    effectiveGasPrice: getWord(view, 24),
    minerValue: getWord(view, 56),
    returnData,
    logs,
  }
  if (flags & CREATED) outcome.createdAddress = own.subarray(88, 108)
  if (bloom !== undefined) outcome.bloom = bloom
  return outcome
}

function malformed(bytes: Uint8Array): OutcomeError {
  return new OutcomeError('MALFORMED_OUTCOME', `an outcome of ${bytes.length} bytes does not decode`)
}

function setWord(view: DataView, at: number, value: bigint): void {
  for (let rest = value; rest > 0n; rest >>= 64n, at += 8) view.setBigUint64(at, rest & 0xffffffffffffffffn, true)
}

function getWord(view: DataView, at: number): bigint {
  let value = 0n
  for (let limb = 3; limb >= 0; limb--) value = (value << 64n) | view.getBigUint64(at + 8 * limb, true)
  return value
}
