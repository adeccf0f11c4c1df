// What the host needs of a transaction without decoding all of it: where the fields lie in its RLP.
import { RLP } from '@ethereumjs/rlp'
import { ParallevmError } from '../errors.js'

/** A transaction as it lies in a block body: bytes of a typed one (EIP-2718), the list of fields of a legacy one. */
export type BodyTransaction = Uint8Array | Uint8Array[]

export interface TransactionFacts {
  /** EIP-2718 type, 0 for a legacy transaction. */
  type: number
  gasLimit: bigint
  /** Number of blobs (EIP-4844). */
  blobs: number
}

export class MalformedTransactionError extends ParallevmError {
  constructor(message: string) {
    super('MALFORMED_TRANSACTION', message)
  }
}

const BLOB_TRANSACTION = 3
const BLOB_HASHES_FIELD = 10
const RLP_OF_HASH = 33

/** @throws MalformedTransactionError */
export function factsOf(body: BodyTransaction): TransactionFacts {
  if (!(body instanceof Uint8Array)) {
    if (body.length < 3) throw new MalformedTransactionError(`a legacy transaction of ${body.length} fields`)
    return { type: 0, gasLimit: integer(body[2]!), blobs: 0 }
  }
  const type = body[0]!
  if (type < 1 || type > 4) throw new MalformedTransactionError(`unknown transaction type ${type}`)
  const fields = new Fields(body, 1)
  const gasLimit = integer(fields.at(type === 1 ? 3 : 4))
  const blobs = type === BLOB_TRANSACTION ? fields.at(BLOB_HASHES_FIELD).length / RLP_OF_HASH : 0
  return { type, gasLimit, blobs }
}

/** Bytes whose trie root the header commits to. */
export function encodedTransaction(body: BodyTransaction): Uint8Array {
  return body instanceof Uint8Array ? body : RLP.encode(body)
}

/** Fields of an RLP list, in rising order. */
class Fields {
  private readonly bytes: Uint8Array
  private offset: number
  private index = 0

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes
    this.offset = this.header(start).start
  }

  /** Payload of a field. */
  at(index: number): Uint8Array {
    for (;;) {
      const { start, end } = this.header(this.offset)
      this.offset = end
      if (this.index++ === index) return this.bytes.subarray(start, end)
    }
  }

  private header(at: number): { start: number; end: number } {
    const prefix = this.bytes[at]
    if (prefix === undefined) throw new MalformedTransactionError('a typed transaction ends within its fields')
    if (prefix < 0x80) return this.range(at, 1)
    const short = prefix < 0xc0 ? prefix - 0x80 : prefix - 0xc0
    if (short <= 55) return this.range(at + 1, short)
    const size = short - 55
    let length = 0
    for (let i = 1; i <= size; i++) length = length * 256 + (this.bytes[at + i] ?? 0)
    return this.range(at + 1 + size, length)
  }

  private range(start: number, length: number): { start: number; end: number } {
    if (start + length > this.bytes.length) {
      throw new MalformedTransactionError(
        `a field of ${length} bytes reaches beyond a transaction of ${this.bytes.length}`,
      )
    }
    return { start, end: start + length }
  }
}

function integer(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}
