// Checks of a header that need no execution: against its parent, and against the rules of its hardfork.
import { type BlockHeader, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { type Common, ConsensusAlgorithm, ConsensusType, Hardfork } from '@ethereumjs/common'
import { bytesToHex, KECCAK256_RLP_ARRAY } from '@ethereumjs/util'
import { sameBytes } from './bytes.js'
import { InvalidBlockError } from './errors.js'

const MAX_EXTRA_DATA = 32
const MAX_GAS_LIMIT = 2n ** 63n - 1n

/**
 * Decodes a header under the rules of its hardfork (fields present or absent, lengths, DAO extra data, gas used
 * at most gas limit).
 *
 * @param fields as in its RLP
 * @throws InvalidBlockError INVALID_HEADER
 */
export function decodeHeader(fields: Uint8Array[], common: Common): BlockHeader {
  // Absent optional fields would be filled with defaults: the hash of such a header is not that of the bytes.
  const expected = fieldCount(common)
  if (fields.length !== expected) {
    throw new InvalidBlockError(
      'INVALID_HEADER',
      `a header of ${common.hardfork()} has ${expected} fields, this one has ${fields.length}; check the hardfork`,
    )
  }
  try {
    return createBlockHeaderFromBytesArray(fields as never, { common, skipConsensusFormatValidation: true })
  } catch (error) {
    throw new InvalidBlockError('INVALID_HEADER', (error as Error).message)
  }
}

function fieldCount(common: Common): number {
  const optional: [eip: number, fields: number][] = [
    [1559, 1],
    [4895, 1],
    [4844, 2],
    [4788, 1],
    [7685, 1],
  ]
  return optional.reduce((sum, [eip, fields]) => sum + (common.isActivatedEIP(eip) ? fields : 0), 15)
}

/** Rules that concern the header alone. @throws InvalidBlockError */
export function checkHeader(header: BlockHeader): void {
  const { common } = header
  if (header.gasLimit > MAX_GAS_LIMIT) fail('INVALID_GAS_LIMIT', `gas limit ${header.gasLimit} exceeds 2^63 - 1`)
  if (header.extraData.length > MAX_EXTRA_DATA && common.consensusType() !== ConsensusType.ProofOfAuthority) {
    fail('INVALID_EXTRA_DATA', `extra data of ${header.extraData.length} bytes; at most ${MAX_EXTRA_DATA} are allowed`)
  }
  if (common.consensusType() === ConsensusType.ProofOfStake) {
    if (header.difficulty !== 0n)
      fail('INVALID_DIFFICULTY', `difficulty ${header.difficulty} after the merge; it must be 0`)
    if (header.nonce.some((byte) => byte !== 0)) fail('INVALID_NONCE', 'the nonce after the merge must be zero')
    if (!sameBytes(header.uncleHash, KECCAK256_RLP_ARRAY))
      fail('INVALID_UNCLES', 'a block after the merge has no uncles')
  }
  if (common.isActivatedEIP(4844)) checkBlobGas(header, common)
}

function checkBlobGas(header: BlockHeader, common: Common): void {
  const used = header.blobGasUsed!
  const { maxBlobGasPerBlock: limit } = common.getBlobGasSchedule()
  if (used > limit) fail('INVALID_BLOB_GAS_USED', `blob gas used ${used} exceeds the limit ${limit}`)
  const blob = common.param('blobGasPerBlob')
  if (used % blob !== 0n) fail('INVALID_BLOB_GAS_USED', `blob gas used ${used} is no multiple of ${blob}`)
}

/** Rules that concern the header and its parent. @throws InvalidBlockError */
export function checkAgainstParent(header: BlockHeader, parent: BlockHeader): void {
  const { common } = header
  if (!sameBytes(header.parentHash, parent.hash())) {
    fail(
      'INVALID_PARENT_HASH',
      `parent hash ${bytesToHex(header.parentHash)}, the parent given has ${bytesToHex(parent.hash())}`,
    )
  }
  if (header.number !== parent.number + 1n) fail('INVALID_NUMBER', `number ${header.number} after ${parent.number}`)
  if (header.timestamp <= parent.timestamp) {
    fail('INVALID_TIMESTAMP', `timestamp ${header.timestamp} is not after the parent's ${parent.timestamp}`)
  }
  try {
    header.validateGasLimit(parent)
  } catch (error) {
    fail('INVALID_GAS_LIMIT', (error as Error).message)
  }
  if (common.isActivatedEIP(1559))
    expectEqual('INVALID_BASE_FEE', 'base fee', header.baseFeePerGas!, baseFeeAfter(parent, header))
  if (common.isActivatedEIP(4844)) {
    expectEqual(
      'INVALID_EXCESS_BLOB_GAS',
      'excess blob gas',
      header.excessBlobGas!,
      parent.calcNextExcessBlobGas(common),
    )
  }
  if (
    common.consensusType() === ConsensusType.ProofOfWork &&
    common.consensusAlgorithm() === ConsensusAlgorithm.Ethash
  ) {
    expectEqual('INVALID_DIFFICULTY', 'difficulty', header.difficulty, header.ethashCanonicalDifficulty(parent))
  }
}

function baseFeeAfter(parent: BlockHeader, header: BlockHeader): bigint {
  const { common } = header
  if (header.number === common.hardforkBlock(Hardfork.London) || parent.baseFeePerGas === undefined) {
    return common.param('initialBaseFee')
  }
  return parent.calcNextBaseFee()
}

/**
 * Uncles: at most two, different, no ancestors, children of an ancestor at most six generations up, and proper headers.
 * Rules that need ancestors are checked as far as `ancestors` (newest first, the parent at 0) reaches.
 *
 * @throws InvalidBlockError INVALID_UNCLES
 */
export function checkUncles(
  header: BlockHeader,
  uncles: readonly BlockHeader[],
  ancestors: readonly BlockHeader[],
): void {
  if (uncles.length > 2) fail('INVALID_UNCLES', `${uncles.length} uncles; at most 2 are allowed`)
  const hashes = uncles.map((uncle) => bytesToHex(uncle.hash()))
  if (new Set(hashes).size !== hashes.length) fail('INVALID_UNCLES', 'an uncle is included twice')
  const generations = new Map(ancestors.slice(0, 7).map((ancestor) => [bytesToHex(ancestor.hash()), ancestor]))
  for (const [index, uncle] of uncles.entries()) {
    if (generations.has(hashes[index]!)) fail('INVALID_UNCLES', `uncle ${hashes[index]} is an ancestor of the block`)
    const depth = header.number - uncle.number
    if (depth < 1n || depth > 6n)
      fail('INVALID_UNCLES', `uncle ${uncle.number} is ${depth} generations up; 1 to 6 are allowed`)
    const parent = generations.get(bytesToHex(uncle.parentHash))
    if (parent !== undefined) {
      try {
        checkHeader(uncle)
        checkAgainstParent(uncle, parent)
      } catch (error) {
        fail('INVALID_UNCLES', `uncle ${hashes[index]}: ${(error as Error).message}`)
      }
    } else if (ancestors.length >= 7) {
      fail('INVALID_UNCLES', `the parent of uncle ${hashes[index]} is no ancestor of the block`)
    }
  }
}

function expectEqual(code: string, name: string, is: bigint, wanted: bigint): void {
  if (is !== wanted) fail(code, `${name} ${is}, the rules give ${wanted}`)
}

function fail(code: string, message: string): never {
  throw new InvalidBlockError(code, message)
}
