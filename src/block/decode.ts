import type { BlockHeader } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { bytesToBigInt } from '@ethereumjs/util'
import type { BodyTransaction } from './body.js'
import type { BlockBody } from './checks.js'
import { InvalidBlockError } from './errors.js'

/** What the work of a block before and after its transactions needs of its uncles and withdrawals. */
export interface BlockBodyWork {
  uncles: readonly { number: bigint; coinbase: Uint8Array }[]
  /** `amount` in gwei (EIP-4895). */
  withdrawals: readonly { address: Uint8Array; amount: bigint }[]
}

/** What the block's own work needs of the block. */
export interface BlockWorkInput extends BlockBodyWork {
  header: BlockHeader
}

export interface DecodedBlock extends BlockBody {
  /** Fields of the header. */
  header: Uint8Array[]
  number: bigint
  /** Seconds. */
  timestamp: bigint
}

const MIN_HEADER_FIELDS = 15

/**
 * Takes the RLP of [header, transactions, uncles, withdrawals?] apart.
 *
 * @throws InvalidBlockError MALFORMED_BLOCK
 */
export function decodeBlock(blockRlp: Uint8Array): DecodedBlock {
  let parts: unknown
  try {
    parts = RLP.decode(blockRlp)
  } catch (error) {
    throw new InvalidBlockError('MALFORMED_BLOCK', `the block is not RLP: ${(error as Error).message}`)
  }
  if (!Array.isArray(parts) || parts.length < 3 || parts.length > 4 || !parts.every(Array.isArray)) {
    throw new InvalidBlockError(
      'MALFORMED_BLOCK',
      'the block is not RLP of [header, transactions, uncles, withdrawals?]',
    )
  }
  const [header, transactions, uncles, withdrawals] = parts as [
    Uint8Array[],
    BodyTransaction[],
    Uint8Array[][],
    Uint8Array[][] | undefined,
  ]
  if (!fieldsOf(header, MIN_HEADER_FIELDS)) throw malformed('the header')
  if (!uncles.every((uncle) => fieldsOf(uncle, MIN_HEADER_FIELDS))) throw malformed('an uncle')
  if (withdrawals?.every((withdrawal) => fieldsOf(withdrawal, 4) && withdrawal[2]!.length === 20) === false) {
    throw malformed('a withdrawal')
  }
  if (!transactions.every((body) => body instanceof Uint8Array || fieldsOf(body, 9))) throw malformed('a transaction')
  const [number, timestamp] = [bytesToBigInt(header[8]!), bytesToBigInt(header[11]!)]
  return { header, transactions, uncles, withdrawals, number, timestamp }
}

export function workInputOf(body: BlockBody): BlockBodyWork {
  return {
    uncles: body.uncles.map((uncle) => ({ number: bytesToBigInt(uncle[8]!), coinbase: uncle[2]! })),
    withdrawals: (body.withdrawals ?? []).map((fields) => ({ address: fields[2]!, amount: bytesToBigInt(fields[3]!) })),
  }
}

function fieldsOf(item: unknown, count: number): boolean {
  return Array.isArray(item) && item.length >= count && item.every((field) => field instanceof Uint8Array)
}

function malformed(what: string): InvalidBlockError {
  return new InvalidBlockError('MALFORMED_BLOCK', `${what} is not a list of the fields it must have`)
}
