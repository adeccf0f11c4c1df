// A transaction of a block before anything is executed: its format, its signature and its blobs, as far as the bytes tell.
import { type BlockFormat, fieldIndex, TRANSACTION_TYPES } from './format.js'
import { FormatError, type Walker } from './rlp.js'

/** What the host has to know of a transaction. */
export interface TransactionSummary {
  /** EIP-2718 type, 0 for a legacy transaction. */
  type: number
  gasLimit: bigint
  /** Number of blobs (EIP-4844). */
  blobs: number
}

/** The hardfork does not have transactions of this type. */
export class UnknownTypeError extends FormatError {}

const LEGACY = 0
/** First byte of an RLP list. */
export const FIRST_LIST = 0xc0
const BLOB_TRANSACTION = 3
const HASH_VERSION = 1
/** A hash of 32 bytes with its length. */
const HASH_ITEM = 33
const GAS_LIMIT = Array.from({ length: TRANSACTION_TYPES }, (_, type) => fieldIndex(type, 'gasLimit'))
const BLOB_HASHES = fieldIndex(BLOB_TRANSACTION, 'blobVersionedHashes')
const V = fieldIndex(LEGACY, 'v')

/** Order of secp256k1, and half of it: r and s lie between zero and these (Yellow Paper, appendix F; EIP-2). */
const ORDER = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex')
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex')

/**
 * Reads the EIP-2718 bytes in [at, end).
 *
 * @throws UnknownTypeError
 * @throws FormatError
 */
export function readTransaction(walker: Walker, at: number, end: number, format: BlockFormat): TransactionSummary {
  if (at === end) throw new FormatError('is empty')
  const first = walker.bytes[at] as number
  const isLegacy = first >= FIRST_LIST
  const type = isLegacy ? LEGACY : first
  // Zero stands for a legacy transaction in receipts; none begins with it.
  const record = first === LEGACY ? undefined : format.transactions[type]
  if (record === undefined) throw new UnknownTypeError(`type ${type} is none that the hardfork has (EIP-2718)`)
  walker.enter(isLegacy ? at : at + 1, end)
  walker.fields(record, walker.start, walker.end, true)
  checkSignature(walker, record.fields.length, format.lowS)
  if (isLegacy) checkV(walker.span(V), format.replayProtection)
  const gasLimit = integer(walker.span(GAS_LIMIT[type] as number))
  return { type, gasLimit, blobs: type === BLOB_TRANSACTION ? blobsOf(walker, format.maxBlobs) : 0 }
}

/** r and s are the last two fields of every type. */
function checkSignature({ bytes, spans }: Walker, fields: number, lowS: boolean): void {
  for (const [field, name, bound] of [
    [fields - 2, '.r', ORDER],
    [fields - 1, '.s', lowS ? HALF_ORDER : ORDER],
  ] as const) {
    const [start, end] = [spans[2 * field] as number, spans[2 * field + 1] as number]
    if (end === start) throw new FormatError('is zero, which no signature has').under(name)
    if (end - start === 32 && exceeds(bytes, start, bound)) {
      throw new FormatError(`is too high for a signature${lowS ? ' (EIP-2)' : ''}`).under(name)
    }
  }
}

/** Half the order itself is allowed, the order is not. */
function exceeds(bytes: Uint8Array, start: number, bound: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (bytes[start + i] as number) - (bound[i] as number)
    if (difference !== 0) return difference > 0
  }
  return bound === ORDER
}

/** 27 and 28; with the chain in it 35 and more (EIP-155). Whether it is the right chain is a rule of the execution. */
function checkV(bytes: Uint8Array, replayProtection: boolean): void {
  const v = integer(bytes)
  if (v === 27n || v === 28n || (replayProtection && v >= 35n)) return
  throw new FormatError(`is ${v}; ${replayProtection ? '27, 28 or 35 and more' : '27 or 28'} is wanted`).under('.v')
}

function blobsOf(walker: Walker, most: bigint): number {
  const start = walker.spans[2 * BLOB_HASHES] as number
  const end = walker.spans[2 * BLOB_HASHES + 1] as number
  const count = (end - start) / HASH_ITEM
  const fail = (problem: string): never => {
    throw new FormatError(problem).under('.blobVersionedHashes')
  }
  if (count === 0) fail('is empty: a blob transaction has blobs (EIP-4844)')
  if (count > most) fail(`has ${count} hashes; at most ${most} are allowed`)
  for (let i = 0; i < count; i++) {
    const version = walker.bytes[start + HASH_ITEM * i + 1]
    if (version !== HASH_VERSION) fail(`[${i}] has version ${version}, the only one known is ${HASH_VERSION}`)
  }
  return count
}

export function integer(bytes: Uint8Array): bigint {
  // Most fit a double exactly.
  if (bytes.length <= 6) {
    let value = 0
    for (const byte of bytes) value = value * 256 + byte
    return BigInt(value)
  }
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}
