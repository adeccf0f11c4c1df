// A block's RLP, written in one piece: a block of many transactions is written for each pass over them.
import { RLP } from '@ethereumjs/rlp'
import type { Draft } from './draft.js'

/** RLP of a block with these transactions, each as its EIP-2718 bytes. */
export function blockOf({ fields, withdrawals }: Draft, transactions: readonly Uint8Array[]): Uint8Array {
  const header = RLP.encode([...fields.values()])
  const rest = [[], ...(withdrawals ? [withdrawals] : [])].map((part) => RLP.encode(part as never))
  let body = 0
  for (const bytes of transactions) body += itemSize(bytes)
  const length = rest.reduce((sum, part) => sum + part.length, header.length + headSize(body) + body)
  const out = new Uint8Array(headSize(length) + length)
  let at = writeHead(out, 0, LIST, length)
  out.set(header, at)
  at = writeHead(out, at + header.length, LIST, body)
  for (const bytes of transactions) {
    if (!isWhole(bytes)) at = writeHead(out, at, STRING, bytes.length)
    out.set(bytes, at)
    at += bytes.length
  }
  for (const part of rest) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const [STRING, LIST] = [0x80, 0xc0]

/** A legacy transaction is a list, one below 0x80 an item too; the others are wrapped in a string. */
export function isWhole(bytes: Uint8Array): boolean {
  const first = bytes[0] as number
  return first >= LIST || (bytes.length === 1 && first < STRING)
}

/** Bytes of a list with its head, as that says; of a byte that is no list's: 1. */
export function sizeOfList(bytes: Uint8Array): number {
  const first = bytes[0] as number
  if (first < LIST) return 1
  const size = first - LIST - 55
  if (size <= 0) return 1 + first - LIST
  // More digits than any length has, and those that are not there, are of no list that ends where the bytes do.
  let length = 0
  for (let i = 1; i <= size; i++) length = 256 * length + (bytes[i] ?? 0)
  return 1 + size + length
}

function itemSize(bytes: Uint8Array): number {
  return isWhole(bytes) ? bytes.length : headSize(bytes.length) + bytes.length
}

function headSize(length: number): number {
  return length < 56 ? 1 : 1 + sizeOf(length)
}

/** Bytes of a number. */
function sizeOf(value: number): number {
  return Math.ceil((32 - Math.clz32(value)) / 8)
}

/** Returns where the payload begins. */
function writeHead(out: Uint8Array, at: number, kind: number, length: number): number {
  if (length < 56) {
    out[at] = kind + length
    return at + 1
  }
  const size = sizeOf(length)
  out[at] = kind + 55 + size
  for (let i = 0; i < size; i++) out[at + size - i] = (length >>> (8 * i)) & 0xff
  return at + 1 + size
}
