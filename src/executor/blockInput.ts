// A block and its ancestors as they were given: taken apart, and refused as far as that takes no execution.
import { checkGivenList } from '../block/accessList.js'
import { type Ancestor, ancestorHashes, BLOCKHASH_WINDOW, provenAncestors } from '../block/ancestors.js'
import { type Header, headerOf } from '../block/blockHeader.js'
import { checkBlobs, checkSize } from '../block/checks.js'
import { type ReadBlock, readParts } from '../block/coreBlock.js'
import { type DecodedHeader, decodeHeader, type Schedule } from '../block/decode.js'
import { InvalidBlockError } from '../block/errors.js'
import { checkAgainstParent, checkHeader, checkUncles, GENERATIONS, type HashedHeader } from '../block/header.js'
import type { BlockPlace } from '../wasm/readBlock.js'
import { InvalidOptionsError } from './errors.js'
import type { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import type { RecentHashes } from './recentHashes.js'

export interface BlockInput {
  /** As it was given. */
  bytes: Uint8Array
  block: ReadBlock
  header: Header
  /** Of the header's own bytes. */
  hash: Uint8Array
  /** Proven, when its header was given. */
  parent: Ancestor | undefined
  /** What BLOCKHASH may believe. */
  blockHashes: Map<bigint, Uint8Array>
}

/**
 * All but the roots of the body: bodyCheck.ts.
 *
 * @param place memory for the block, where it is to be read by the core
 * @throws InvalidBlockError naming the rule that the block breaks
 * @throws InvalidAncestorsError when what was given as ancestors are not those of the block
 * @throws InvalidOptionsError when senders lack
 */
export function readInput(
  bytes: Uint8Array,
  options: CheckedExecuteOptions,
  schedule: Schedule,
  hashes: ReturnType<typeof hashing>,
  verify: VerifyMode,
  recent: RecentHashes,
  place?: BlockPlace,
): BlockInput {
  const block = readParts(bytes, schedule, place)
  requireSenders(block, options)
  const header = headerOf(block.header)
  checkHeader(header)
  checkSize(header, bytes.length)
  checkBlobs(header, block.blobs)
  const hash = hashes.keccak256(block.header.bytes)
  // Those beyond are not looked at.
  const given = (options.parentHeaders ?? []).slice(0, BLOCKHASH_WINDOW)
  const ancestors = provenAncestors(header, given, hashes.keccak256)
  const blockHashes = ancestorHashes(header, ancestors, options.blockHashes)
  recent.add(header, hash)
  recent.complete(header, blockHashes)
  if (comparesBody(verify)) {
    checkFamily(header, block, given, schedule, hashes)
    if (options.blockAccessList !== undefined && header.blockAccessListHash !== undefined) {
      checkGivenList(header, options.blockAccessList, hashes.keccak256)
    }
  }
  return { bytes, block, header, hash, parent: ancestors[0], blockHashes }
}

/** Whether the block's body and ancestors are compared with its header. */
export function comparesBody(verify: VerifyMode): boolean {
  return verify !== 'none' && verify !== 'result'
}

/** Before anything is written: what is one for each transaction must be as many. @throws InvalidOptionsError */
function requireSenders({ count }: ReadBlock, { senders }: CheckedExecuteOptions): void {
  if (senders === undefined || senders.length === 20 * count) return
  const problem = `expected ${count} addresses, one a transaction, got ${senders.length / 20}`
  throw new InvalidOptionsError('options.senders', problem)
}

/** Parent and uncles. `parentHeaders` are proven to be the block's ancestors. */
function checkFamily(
  header: Header,
  { uncles }: ReadBlock,
  parentHeaders: readonly Uint8Array[],
  schedule: Schedule,
  { keccak256 }: ReturnType<typeof hashing>,
): void {
  const hashed = (decoded: DecodedHeader): HashedHeader => ({
    header: headerOf(decoded),
    hash: keccak256(decoded.bytes),
  })
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
