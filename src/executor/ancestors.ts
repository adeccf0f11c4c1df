import type { BlockHeader } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { bytesToBigInt, bytesToHex } from '@ethereumjs/util'
import type { Keccak256 } from '../block/bloom.js'
import { sameBytes } from '../block/bytes.js'
import type { ChainCommons } from '../block/common.js'
import { InvalidBlockError } from '../block/errors.js'
import { decodeHeader } from '../block/header.js'
import { ParallevmError } from '../errors.js'
import { InvalidOptionsError } from './errors.js'
import type { CheckedExecuteOptions } from './optionShapes.js'

/** BLOCKHASH reaches that far (Yellow Paper 9.4, H.2). */
const REACH = 256
const HEADER_FIELDS = 15

/** What is known of a block's ancestors. */
export interface Ancestors {
  /** Fields of their headers as given, newest first. */
  headers: Uint8Array[][]
  /** By number: those given, those of the headers given, and the parent's from the block's own header. */
  hashes: Map<bigint, Uint8Array>
  /** The parent's as it was given, if it was. */
  parentHash: Uint8Array | undefined
}

/**
 * Takes the ancestors of a block out of the options. Whether the first is the parent is a question to the block
 * (checkParent); those further up must follow one another, as nothing else vouches for the hashes in them.
 *
 * @throws InvalidOptionsError
 */
export function ancestorsOf(header: BlockHeader, options: CheckedExecuteOptions, keccak256: Keccak256): Ancestors {
  const { number } = header
  const hashes = new Map<bigint, Uint8Array>()
  const add = (field: string, at: bigint, hash: Uint8Array): void => {
    if (at >= number || at < number - BigInt(REACH)) return
    const known = hashes.get(at)
    if (known !== undefined && !sameBytes(known, hash)) {
      const problem = `block ${at} has the hash ${bytesToHex(hash)} here and ${bytesToHex(known)} elsewhere`
      throw new InvalidOptionsError(field, problem)
    }
    hashes.set(at, hash)
  }
  if (number > 0n) hashes.set(number - 1n, header.parentHash)
  const headers = (options.parentHeaders ?? []).slice(0, REACH).map((rlp, i) => {
    const field = `options.parentHeaders[${i}]`
    const at = number - 1n - BigInt(i)
    if (at < 0n) throw new InvalidOptionsError(field, `block ${number} has no more than ${number} ancestors`)
    // The hash of the first is the header's parent hash, which is in the list already.
    if (i > 0 && !sameBytes(keccak256(rlp), hashes.get(at)!)) {
      const problem = `expected the header with the hash ${bytesToHex(hashes.get(at)!)}, the parent of the one before`
      throw new InvalidOptionsError(field, `${problem}, got that of ${bytesToHex(keccak256(rlp))}`)
    }
    const fields = fieldsOf(rlp, field)
    if (at > 0n) add(field, at - 1n, fields[0]!)
    return fields
  })
  let parentHash: Uint8Array | undefined
  for (const [at, hash] of options.blockHashes ?? []) {
    if (at === number - 1n) parentHash = hash
    else add('options.blockHashes', at, hash)
  }
  return { headers, hashes, parentHash }
}

/** @throws InvalidBlockError INVALID_PARENT_HASH */
export function checkParent(header: BlockHeader, { parentHash }: Ancestors): void {
  if (parentHash === undefined || sameBytes(parentHash, header.parentHash)) return
  throw new InvalidBlockError(
    'INVALID_PARENT_HASH',
    `parent hash ${bytesToHex(header.parentHash)}, block ${header.number - 1n} has ${bytesToHex(parentHash)}`,
  )
}

function fieldsOf(rlp: Uint8Array, field: string): Uint8Array[] {
  let fields: unknown
  try {
    fields = RLP.decode(rlp)
  } catch (cause) {
    throw new InvalidOptionsError(field, `expected the RLP of a header: ${(cause as Error).message}`, { cause })
  }
  const isHeader =
    Array.isArray(fields) &&
    fields.length >= HEADER_FIELDS &&
    fields.every((value) => value instanceof Uint8Array) &&
    fields[0]?.length === 32
  if (!isHeader) throw new InvalidOptionsError(field, 'expected the RLP of a header, a list of 15 or more byte strings')
  return fields as Uint8Array[]
}

/** The ancestors' headers, the first `count` of them. @throws InvalidOptionsError when one is no header of its hardfork */
export function decodeAncestors({ headers }: Ancestors, count: number, commons: ChainCommons): BlockHeader[] {
  return headers.slice(0, count).map((fields, i) => {
    try {
      return decodeHeader(fields, commons.at(bytesToBigInt(fields[8]!), bytesToBigInt(fields[11]!)))
    } catch (cause) {
      if (!(cause instanceof ParallevmError)) throw cause
      throw new InvalidOptionsError(`options.parentHeaders[${i}]`, cause.message, { cause })
    }
  })
}
