// A block and its ancestors as they were given: taken apart, and refused as far as that takes no execution.
import type { BlockHeader } from '@ethereumjs/block'
import { checkBlobs, checkBody, checkSize } from '../block/checks.js'
import {
  type DecodedBlock,
  type DecodedHeader,
  decodeBlock,
  decodeHeader,
  readParentHash,
  type Schedule,
} from '../block/decode.js'
import { InvalidBlockError } from '../block/errors.js'
import {
  checkAgainstParent,
  checkHeader,
  checkParentHash,
  checkUncles,
  GENERATIONS,
  type HashedHeader,
  headerOf,
} from '../block/header.js'
import { FormatError } from '../block/rlp.js'
import { InvalidOptionsError } from './errors.js'
import type { hashing } from './hashing.js'
import type { ExecuteOptions, VerifyMode } from './options.js'

export interface BlockInput {
  block: DecodedBlock
  header: BlockHeader
  /** Of the header's own bytes. */
  hash: Uint8Array
  /** Of the ancestors that BLOCKHASH can ask for. */
  blockHashes: Map<bigint, Uint8Array>
}

/**
 * @throws InvalidBlockError naming the rule that the block breaks
 * @throws InvalidOptionsError when an ancestor is no header
 */
export function readInput(
  bytes: Uint8Array,
  options: ExecuteOptions,
  schedule: Schedule,
  hashes: ReturnType<typeof hashing>,
  verify: VerifyMode,
): BlockInput {
  const block = decodeBlock(bytes, schedule)
  const header = headerOf(block.header)
  checkHeader(header)
  checkSize(header, bytes.length)
  checkBlobs(header, block.facts)
  const hash = hashes.keccak256(block.header.bytes)
  if (verify !== 'none') {
    checkBody(header, block, hashes)
    checkFamily(header, block, options.parentHeaders ?? [], schedule, hashes)
  }
  return { block, header, hash, blockHashes: blockHashesOf(header, options) }
}

/** Parent and uncles. */
function checkFamily(
  header: BlockHeader,
  { uncles }: DecodedBlock,
  parentHeaders: readonly Uint8Array[],
  schedule: Schedule,
  { keccak256 }: ReturnType<typeof hashing>,
): void {
  const hashed = (decoded: DecodedHeader): HashedHeader => ({
    header: headerOf(decoded),
    hash: keccak256(decoded.bytes),
  })
  const [parent] = parentHeaders
  if (parent !== undefined) checkParentHash(header, keccak256(parent))
  // Only uncles need more than the parent.
  const wanted = parentHeaders.slice(0, uncles.length > 0 ? GENERATIONS : 1)
  const ancestors = wanted.map((rlp, index) => {
    try {
      return hashed(decodeHeader(rlp, schedule))
    } catch (error) {
      if (!(error instanceof InvalidBlockError)) throw error
      throw new InvalidBlockError('INVALID_ANCESTOR', `parentHeaders[${index}]: ${error.message}`)
    }
  })
  if (ancestors[0] !== undefined) checkAgainstParent(header, ancestors[0].header)
  if (uncles.length > 0) checkUncles(header, uncles.map(hashed), ancestors)
}

/** Hashes that BLOCKHASH can ask for: those given, those of the ancestors given, and the parent's from the header. */
function blockHashesOf(
  header: BlockHeader,
  { blockHashes, parentHeaders = [] }: ExecuteOptions,
): Map<bigint, Uint8Array> {
  const hashes = new Map(blockHashes)
  let child = header.parentHash
  let number = header.number - 1n
  for (const [index, rlp] of parentHeaders.entries()) {
    hashes.set(number, child)
    child = parentHashOf(rlp, index)
    number--
  }
  if (number >= 0n) hashes.set(number, child)
  return hashes
}

function parentHashOf(rlp: Uint8Array, index: number): Uint8Array {
  try {
    return readParentHash(rlp)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    throw new InvalidOptionsError(`parentHeaders[${index}] is not the RLP of a header: ${error.message}`)
  }
}
