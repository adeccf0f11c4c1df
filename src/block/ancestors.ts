// What is known of a block's ancestors. A header is believed because the header after it, and at last the block, names its
// hash; nothing else about it can be checked.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { sameBytes, toBigInt } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { Keccak256 } from './bloom.js'
import { InvalidBlockError } from './errors.js'
import { NUMBER, PARENT_HASH, STATE_ROOT } from './format.js'

/** Ancestors that BLOCKHASH can ask for. */
export const BLOCKHASH_WINDOW = 256

/** What was given as a block's ancestors are not its ancestors. Says nothing about the block. */
export class InvalidAncestorsError extends ParallevmError {
  /** Index of the wrong header in `parentHeaders`; undefined when an entry of `blockHashes` is wrong. */
  readonly index: number | undefined
  constructor(problem: string, index?: number) {
    super('INVALID_ANCESTORS', `${problem}; give the ancestors of this very block, newest first`)
    this.index = index
  }
}

/** A proven ancestor. */
export interface Ancestor {
  hash: Uint8Array
  number: bigint
  stateRoot: Uint8Array
  /** As in its RLP. */
  fields: Uint8Array[]
}

/** What of a block its ancestors are proven against. */
export interface Descendant {
  number: bigint
  parentHash: Uint8Array
}

/** Index of the first header (RLP, newest first) that is not the one named as parent by what comes before it; -1: none. */
export function brokenLink(parentHash: Uint8Array, headers: readonly Uint8Array[], keccak256: Keccak256): number {
  return followLinks(parentHash, headers, keccak256).broken
}

/** The fields of the headers up to the broken link. */
function followLinks(parentHash: Uint8Array, headers: readonly Uint8Array[], keccak256: Keccak256) {
  const fields: Uint8Array[][] = []
  let wanted = parentHash
  for (const [index, rlp] of headers.entries()) {
    if (!sameBytes(keccak256(rlp), wanted)) return { fields, broken: index }
    const own = fieldsOf(rlp, index)
    fields.push(own)
    wanted = own[PARENT_HASH] as Uint8Array
  }
  return { fields, broken: -1 }
}

/**
 * The headers (RLP, newest first) as ancestors: a chain of hashes that ends in the block's parent hash, with numbers that
 * fall by one.
 *
 * @throws InvalidAncestorsError; InvalidBlockError INVALID_NUMBER when it is the block whose number is wrong
 */
export function provenAncestors(block: Descendant, headers: readonly Uint8Array[], keccak256: Keccak256): Ancestor[] {
  const { fields: each, broken } = followLinks(block.parentHash, headers, keccak256)
  if (broken >= 0) {
    const child = broken === 0 ? `block ${block.number}` : `header ${broken - 1}`
    const hash = bytesToHex(keccak256(headers[broken] as Uint8Array))
    throw new InvalidAncestorsError(
      `header ${broken} has the hash ${hash}, which is not the parent of ${child}`,
      broken,
    )
  }
  let child = block
  return each.map((fields, index) => {
    const number = toBigInt(fields[NUMBER] as Uint8Array)
    if (number + 1n !== child.number) {
      if (index === 0) throw new InvalidBlockError('INVALID_NUMBER', `number ${block.number} after ${number}`)
      throw new InvalidAncestorsError(`header ${index} has number ${number}, its child has ${child.number}`, index)
    }
    const ancestor = { hash: child.parentHash, number, stateRoot: fields[STATE_ROOT] as Uint8Array, fields }
    child = { number, parentHash: fields[PARENT_HASH] as Uint8Array }
    return ancestor
  })
}

function fieldsOf(rlp: Uint8Array, index: number): Uint8Array[] {
  let fields: unknown
  try {
    fields = RLP.decode(rlp)
  } catch (error) {
    throw new InvalidAncestorsError(`header ${index} is not RLP (${(error as Error).message})`, index)
  }
  if (!Array.isArray(fields) || fields.length < 15 || !fields.every((field) => field instanceof Uint8Array)) {
    throw new InvalidAncestorsError(`header ${index} is not a list of 15 or more fields`, index)
  }
  return fields
}

/**
 * Hashes for BLOCKHASH by number: the parent's, which the block names, those of `ancestors` and the parent of the last of
 * them are proven; what else is in `given` is believed, and an entry that contradicts a proof is refused.
 *
 * @throws InvalidAncestorsError
 */
export function ancestorHashes(
  block: Descendant,
  ancestors: readonly Ancestor[],
  given: Iterable<readonly [number: bigint, hash: Uint8Array]> = [],
): Map<bigint, Uint8Array> {
  const oldest = ancestors.at(-1)
  const next = oldest?.fields[PARENT_HASH] ?? block.parentHash
  const hashes = new Map(ancestors.map(({ number, hash }) => [number, hash]))
  if ((oldest?.number ?? block.number) > 0n) hashes.set((oldest?.number ?? block.number) - 1n, next)
  for (const [number, hash] of given) {
    if (number >= block.number || number < block.number - BigInt(BLOCKHASH_WINDOW)) continue
    if (hash.length !== 32) throw new InvalidAncestorsError(`blockHashes has ${hash.length} bytes for block ${number}`)
    const proven = hashes.get(number)
    if (proven === undefined) hashes.set(number, hash)
    else if (!sameBytes(proven, hash)) {
      throw new InvalidAncestorsError(
        `blockHashes says ${bytesToHex(hash)} for block ${number}, whose hash is ${bytesToHex(proven)}`,
      )
    }
  }
  return hashes
}
