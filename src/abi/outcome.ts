// What executing one transaction came to, as bytes: workers leave it in shared memory, the host makes receipts of it. The layout
// is that of assembly/abi/transaction.ts.

import { ParallevmError } from '../errors.js'
import * as abi from './core.generated.js'
import {
  type OUTCOME_FAILED,
  OUTCOME_INVALID,
  type OUTCOME_SUCCESS,
  OUTCOME_WORK,
  Reason,
  RefusalReason as RefusalNumber,
} from './core.generated.js'
import { REFUSAL_TEXTS } from './refusals.js'
import { getWord, putWord } from './word256.js'

/** Why an execution failed, as @ethereumjs/evm words it. An error that is not in the list counts as the last. */
const REASON_TEXTS = {
  NONE: '',
  OUT_OF_GAS: 'out of gas',
  CODE_STORE_OUT_OF_GAS: 'code store out of gas',
  CODE_TOO_LONG: 'code size to deposit exceeds maximum code size',
  STACK_UNDERFLOW: 'stack underflow',
  STACK_OVERFLOW: 'stack overflow',
  INVALID_JUMP: 'invalid JUMP',
  INVALID_OPCODE: 'invalid opcode',
  OUT_OF_RANGE: 'value out of range',
  REVERT: 'revert',
  STATIC_STATE_CHANGE: 'static state change',
  INTERNAL_ERROR: 'internal error',
  CREATE_COLLISION: 'create collision',
  STOP: 'stop',
  REFUND_EXHAUSTED: 'refund exhausted',
  VALUE_OVERFLOW: 'value overflow',
  INSUFFICIENT_BALANCE: 'insufficient balance',
  INVALID_CODE: 'invalid bytecode deployed',
  INIT_CODE_TOO_LONG: 'initcode exceeds max initcode size',
  INVALID_INPUT_LENGTH: 'invalid input length',
  INVALID_EOF: 'invalid EOF format',
  POINT_NOT_ON_CURVE: 'point not on curve',
  EMPTY_INPUT: 'input is empty',
  POINT_NOT_IN_FIELD: 'fp point not in field',
  KZG_COMMITMENT: 'kzg commitment does not match versioned hash',
  KZG_INPUTS: 'kzg inputs invalid',
  KZG_PROOF: 'kzg proof invalid',
  OTHER: 'other',
} as const satisfies Record<keyof typeof Reason, string>
export type ExecutionErrorName = (typeof REASON_TEXTS)[keyof typeof Reason]

/** By the number that an outcome carries. */
export const EXECUTION_ERRORS = byNumber(Reason).map((name) => REASON_TEXTS[name])

/** Rules a transaction can break, by the number that an outcome carries. */
export const REFUSAL_REASONS = byNumber(RefusalNumber)
export type RefusalReason = keyof typeof RefusalNumber

function byNumber<Name extends string>(numbers: Readonly<Record<Name, number>>): Name[] {
  const names: Name[] = []
  for (const name of Object.keys(numbers) as Name[]) names[numbers[name]] = name
  return names
}

/** A log as @ethereumjs has it: address, topics, data. */
export type OutcomeLog = [address: Uint8Array, topics: Uint8Array[], data: Uint8Array]

export interface ExecutedOutcome {
  kind: typeof OUTCOME_FAILED | typeof OUTCOME_SUCCESS
  /** Empty when it succeeded. */
  error: ExecutionErrorName
  /** Gas used, refund taken off. */
  gasUsed: bigint
  /** What it adds to the gas used by the block, and to its state gas; left out, `gasUsed` and none (EIP-7778, EIP-8037). */
  blockGas?: { execution: bigint; state: bigint }
  /** Blob gas (EIP-4844). */
  blobGasUsed: bigint
  /** wei per gas. */
  effectiveGasPrice: bigint
  /** wei paid to the fee recipient. */
  minerValue: bigint
  /** Gas that the EVM used: without the transaction's own, and before the refund. */
  executionGas: bigint
  /** What the refund counter came to, before it is limited (EIP-3529). */
  gasRefund: bigint
  /** Address of the contract that a creation transaction made, 20 bytes. */
  createdAddress?: Uint8Array
  returnData: Uint8Array
  logs: OutcomeLog[]
  /** Of the logs, 256 bytes; absent when the worker did not compute it. */
  bloom?: Uint8Array
}

export interface InvalidOutcome {
  kind: typeof OUTCOME_INVALID
  rule: RefusalReason
  message: string
}

export interface WorkOutcome {
  kind: typeof OUTCOME_WORK
  /** EIP-7685 requests, type byte and data; empty ones included. */
  requests: Uint8Array[]
}

export type Outcome = ExecutedOutcome | InvalidOutcome | WorkOutcome

/** What decides whether the transaction may be in its block. */
export interface OutcomeHead {
  /** OUTCOME_*. */
  kind: number
  /** What it adds to the gas used by the block, and to its state gas; 0 unless it was executed. */
  blockGas: { execution: bigint; state: bigint }
  /** State gas that was charged beforehand, in the rule sets that do so. */
  beforehand: bigint
}

/** Bytes that do not decode: shared memory was overwritten, or two versions of the package are mixed. */
export class OutcomeError extends ParallevmError {}

export function executionErrorName(message: string): ExecutionErrorName {
  const known = EXECUTION_ERRORS.indexOf(message as ExecutionErrorName)
  return known > 0 ? EXECUTION_ERRORS[known]! : 'other'
}

/** A bloom lies before the return data (OUTCOME_HAS_BLOOM). */
const BLOOM_SIZE = 256
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const NOTHING = new Uint8Array(0)

export function encodeOutcome(outcome: Outcome): Uint8Array {
  if (outcome.kind === OUTCOME_INVALID) {
    const message = encoder.encode(outcome.message)
    const bytes = frame(outcome.kind, REFUSAL_REASONS.indexOf(outcome.rule), 0, message.length, 0, message.length)
    bytes.set(message, abi.O_SIZE)
    return bytes
  }
  if (outcome.kind === OUTCOME_WORK) {
    const size = outcome.requests.reduce((sum, request) => sum + abi.LENGTH_PREFIX + request.length, 0)
    const bytes = frame(outcome.kind, 0, 0, size, outcome.requests.length, 0)
    const view = new DataView(bytes.buffer)
    let at = abi.O_SIZE
    for (const request of outcome.requests) {
      view.setUint32(at, request.length, true)
      bytes.set(request, at + abi.LENGTH_PREFIX)
      at += abi.LENGTH_PREFIX + request.length
    }
    return bytes
  }
  return encodeExecuted(outcome)
}

function encodeExecuted(outcome: ExecutedOutcome): Uint8Array {
  const { createdAddress, bloom, returnData, logs } = outcome
  let size = (bloom === undefined ? 0 : BLOOM_SIZE) + returnData.length
  for (const [, topics, data] of logs) size += abi.OLOG_BODY + 32 * topics.length + data.length
  const flags =
    (createdAddress === undefined ? 0 : abi.OUTCOME_HAS_CREATED) | (bloom === undefined ? 0 : abi.OUTCOME_HAS_BLOOM)
  const reason = EXECUTION_ERRORS.indexOf(outcome.error)
  const bytes = frame(outcome.kind, reason, flags, size, logs.length, returnData.length)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(abi.O_GAS_USED, outcome.gasUsed, true)
  view.setBigUint64(abi.O_BLOCK_GAS, outcome.blockGas?.execution ?? outcome.gasUsed, true)
  view.setBigUint64(abi.O_STATE_GAS, outcome.blockGas?.state ?? 0n, true)
  view.setBigUint64(abi.O_BLOB_GAS, outcome.blobGasUsed, true)
  putWord(view, abi.O_PRICE, outcome.effectiveGasPrice)
  putWord(view, abi.O_FEE, outcome.minerValue)
  view.setBigUint64(abi.O_EXECUTION_GAS, outcome.executionGas, true)
  view.setBigUint64(abi.O_REFUND, outcome.gasRefund, true)
  if (createdAddress !== undefined) bytes.set(createdAddress, abi.O_CREATED)
  let at = abi.O_SIZE
  if (bloom !== undefined) {
    bytes.set(bloom, at)
    at += BLOOM_SIZE
  }
  bytes.set(returnData, at)
  at += returnData.length
  for (const [address, topics, data] of logs) {
    bytes.set(address, at)
    view.setUint32(at + abi.OLOG_TOPICS, topics.length, true)
    view.setUint32(at + abi.OLOG_DATA_LENGTH, data.length, true)
    at += abi.OLOG_BODY
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
  const bytes = new Uint8Array(abi.O_SIZE + body)
  const view = new DataView(bytes.buffer)
  bytes[abi.O_KIND] = kind
  bytes[abi.O_REASON] = reason
  bytes[abi.O_FLAGS] = flags
  view.setUint32(abi.O_LENGTH, bytes.length, true)
  view.setUint32(abi.O_LOG_COUNT, count, true)
  view.setUint32(abi.O_RETURN_LENGTH, data, true)
  return bytes
}

/**
 * Decodes an outcome; what it returns does not refer to `bytes`, which may lie in shared memory.
 *
 * @throws OutcomeError MALFORMED_OUTCOME
 */
export function decodeOutcome(bytes: Uint8Array): Outcome {
  // A copy first: shared memory cannot be handed to TextDecoder, and receipts outlive the block's memory.
  return decodeOwn(bytes.slice())
}

/**
 * Decodes the outcomes of executed transactions, one behind the other; what it returns refers to `bytes`.
 *
 * @throws OutcomeError MALFORMED_OUTCOME
 */
export function decodeExecuted(bytes: Uint8Array): ExecutedOutcome[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const outcomes: ExecutedOutcome[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = at + abi.O_SIZE > bytes.length ? 0 : view.getUint32(at + abi.O_LENGTH, true)
    const outcome = decodeOwn(bytes.subarray(at, at + length))
    if (outcome.kind === OUTCOME_INVALID || outcome.kind === OUTCOME_WORK) throw malformed(bytes)
    outcomes.push(outcome)
    at += length
  }
  return outcomes
}

/** EIP-2718 types of the transactions whose outcomes these are, one behind the other. */
export function executedTypes(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const types: number[] = []
  for (let at = 0; at < bytes.length; at += view.getUint32(at + abi.O_LENGTH, true)) {
    types.push(view.getUint32(at + abi.O_TYPE, true))
  }
  return types
}

function decodeOwn(own: Uint8Array): Outcome {
  const view = new DataView(own.buffer, own.byteOffset, own.byteLength)
  const kind = own[abi.O_KIND]
  if (own.length < abi.O_SIZE || view.getUint32(abi.O_LENGTH, true) !== own.length || kind! > OUTCOME_WORK) {
    throw malformed(own)
  }
  const count = view.getUint32(abi.O_LOG_COUNT, true)
  const length = view.getUint32(abi.O_RETURN_LENGTH, true)
  if (kind === OUTCOME_INVALID) {
    return { kind, rule: REFUSAL_REASONS[own[abi.O_REASON]!] ?? 'INVALID_TRANSACTION', message: refusalText(own) }
  }
  let at = abi.O_SIZE
  const take = (size: number): Uint8Array => {
    if (at + size > own.length) throw malformed(own)
    at += size
    return own.subarray(at - size, at)
  }
  if (kind === OUTCOME_WORK) {
    const requests: Uint8Array[] = []
    for (let i = 0; i < count; i++) {
      const size = view.getUint32(at, true)
      at += abi.LENGTH_PREFIX
      requests.push(take(size))
    }
    return { kind, requests }
  }
  const flags = own[abi.O_FLAGS]!
  const bloom = flags & abi.OUTCOME_HAS_BLOOM ? take(BLOOM_SIZE) : undefined
  const returnData = length === 0 ? NOTHING : take(length)
  const logs: OutcomeLog[] = []
  for (let i = 0; i < count; i++) {
    if (at + abi.OLOG_BODY > own.length) throw malformed(own)
    const topicCount = view.getUint32(at + abi.OLOG_TOPICS, true)
    const dataLength = view.getUint32(at + abi.OLOG_DATA_LENGTH, true)
    const address = take(20)
    at += abi.OLOG_BODY - 20
    const topics: Uint8Array[] = []
    for (let t = 0; t < topicCount; t++) topics.push(take(32))
    logs.push([address, topics, take(dataLength)])
  }
  const outcome: ExecutedOutcome = {
    kind: kind as ExecutedOutcome['kind'],
    error: EXECUTION_ERRORS[own[abi.O_REASON]!] ?? 'other',
    gasUsed: view.getBigUint64(abi.O_GAS_USED, true),
    blobGasUsed: view.getBigUint64(abi.O_BLOB_GAS, true),
    effectiveGasPrice: getWord(view, abi.O_PRICE),
    minerValue: getWord(view, abi.O_FEE),
    executionGas: view.getBigUint64(abi.O_EXECUTION_GAS, true),
    gasRefund: view.getBigUint64(abi.O_REFUND, true),
    returnData,
    logs,
  }
  if (flags & abi.OUTCOME_HAS_CREATED) outcome.createdAddress = own.subarray(abi.O_CREATED, abi.O_CREATED + 20)
  if (bloom !== undefined) outcome.bloom = bloom
  return outcome
}

/** Why the transaction with this outcome was refused, in words. */
export function refusalText(own: Uint8Array): string {
  const view = new DataView(own.buffer, own.byteOffset, own.byteLength)
  const length = view.getUint32(abi.O_RETURN_LENGTH, true)
  // A copy: shared memory cannot be handed to TextDecoder.
  const told = decoder.decode(own.slice(abi.O_SIZE, abi.O_SIZE + length))
  return told || (REFUSAL_TEXTS[own[abi.O_CODE]!] ?? `refused by rule ${own[abi.O_CODE]} of the core`)
}

function malformed(bytes: Uint8Array): OutcomeError {
  return new OutcomeError('MALFORMED_OUTCOME', `an outcome of ${bytes.length} bytes does not decode`)
}
