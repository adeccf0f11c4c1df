import { BLOOM_BYTES } from '../block/bloom.js'
import type { ExecutedLog, ExecutedReceipt } from '../types.js'

// RLP (Yellow Paper, appendix B) of receipts without the core, for cases that are saved and for comparing with the core's.

const STRING = 0x80
const LIST = 0xc0
const HASH = 32
const ADDRESS = 20
const BLOOM_SIZE = headerSize(BLOOM_BYTES) + BLOOM_BYTES

/** Bytes whose trie root the header commits to: RLP, after the type byte for typed transactions (EIP-2718). */
export function encodeReceipt(receipt: ExecutedReceipt): Uint8Array {
  const { type, stateRoot, status, logs, logsBloom } = receipt
  const gas = bigEndian(receipt.cumulativeGasUsed)
  const logsLength = logs.reduce((sum, log) => sum + listSize(logLength(log)), 0)
  const outcomeSize = stateRoot === undefined ? 1 : 1 + HASH
  const length = outcomeSize + stringSize(gas) + BLOOM_SIZE + listSize(logsLength)
  const typed = type === 0 ? 0 : 1
  const out = new Uint8Array(typed + listSize(length))
  if (typed === 1) out[0] = type
  let at = putHeader(out, typed, length, LIST)
  if (stateRoot !== undefined) at = putString(out, at, stateRoot)
  else out[at++] = status === 1 ? 1 : STRING
  at = putString(out, at, gas)
  at = putString(out, at, logsBloom)
  at = putHeader(out, at, logsLength, LIST)
  for (const log of logs) at = putLog(out, at, log)
  return out
}

/** Length of the payload of a log's list. */
function logLength({ topics, data }: ExecutedLog): number {
  return 1 + ADDRESS + listSize(topics.length * (1 + HASH)) + stringSize(data)
}

function putLog(out: Uint8Array, start: number, log: ExecutedLog): number {
  let at = putHeader(out, start, logLength(log), LIST)
  at = putString(out, at, log.address)
  at = putHeader(out, at, log.topics.length * (1 + HASH), LIST)
  for (const topic of log.topics) at = putString(out, at, topic)
  return putString(out, at, log.data)
}

function headerSize(length: number): number {
  if (length <= 55) return 1
  let size = 2
  for (let rest = length >>> 8; rest > 0; rest >>>= 8) size++
  return size
}

function listSize(length: number): number {
  return headerSize(length) + length
}

function stringSize(bytes: Uint8Array): number {
  return isItself(bytes) ? 1 : headerSize(bytes.length) + bytes.length
}

/** One byte below 0x80 has no header. */
function isItself(bytes: Uint8Array): boolean {
  return bytes.length === 1 && (bytes[0] as number) < STRING
}

function putHeader(out: Uint8Array, at: number, length: number, base: number): number {
  const size = headerSize(length)
  if (size === 1) {
    out[at] = base + length
    return at + 1
  }
  out[at] = base + 55 + size - 1
  for (let i = 1; i < size; i++) out[at + i] = length >>> (8 * (size - 1 - i))
  return at + size
}

function putString(out: Uint8Array, start: number, bytes: Uint8Array): number {
  const at = isItself(bytes) ? start : putHeader(out, start, bytes.length, STRING)
  out.set(bytes, at)
  return at + bytes.length
}

/** Without leading zeros; nothing for 0. */
function bigEndian(value: bigint): Uint8Array {
  const hex = value.toString(16)
  return value === 0n ? new Uint8Array(0) : Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
}
