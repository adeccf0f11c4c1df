// Checks of a header that need no execution: against its parent, and against the rules of its hardfork.
import { type BlockHeader, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { ConsensusAlgorithm, ConsensusType, Hardfork } from '@ethereumjs/common'
import { bytesToHex, KECCAK256_RLP_ARRAY } from '@ethereumjs/util'
import { sameBytes } from '../bytes.js'
import type { DecodedHeader } from './decode.js'
import { InvalidBlockError } from './errors.js'

const MAX_EXTRA_DATA = 32
const MAX_GAS_LIMIT = 2n ** 63n - 1n
const MAX_WORD = 2n ** 256n - 1n

/** A header with the hash of its own bytes. */
export interface HashedHeader {
  header: BlockHeader
  hash: Uint8Array
}

/**
 * A header as @ethereumjs has it, under the rules of its hardfork (DAO extra data, gas used at most gas limit).
 *
 * @throws InvalidBlockError INVALID_HEADER
 */
export function headerOf({ fields, common }: DecodedHeader): BlockHeader {
  try {
    return createBlockHeaderFromBytesArray(fields as never, { common, skipConsensusFormatValidation: true })
  } catch (error) {
    throw new InvalidBlockError('INVALID_HEADER', (error as Error).message)
  }
}

/** Rules that concern the header alone. @throws InvalidBlockError */
export function checkHeader(header: BlockHeader): void {
  const { common } = header
  if (header.number === 0n) fail('INVALID_NUMBER', 'block 0 is where a chain begins: it is not executed')
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
  if (common.isActivatedEIP(4844)) checkBlobGas(header)
}

function checkBlobGas(header: BlockHeader): void {
  const { common } = header
  const used = header.blobGasUsed!
  const { maxBlobGasPerBlock: limit } = common.getBlobGasSchedule()
  if (used > limit) fail('INVALID_BLOB_GAS_USED', `blob gas used ${used} exceeds the limit ${limit}`)
  const blob = common.param('blobGasPerBlob')
  if (used % blob !== 0n) fail('INVALID_BLOB_GAS_USED', `blob gas used ${used} is no multiple of ${blob}`)
  checkBlobPrice(header)
}

/**
 * No chain gets where the price of blob gas exceeds 2^256 - 1: somebody would have had to pay nearly as much in the blocks
 * before. The price is e to the power of the excess over a constant (EIP-4844), and e^178 exceeds 2^256 already: there it is
 * not worked out, which would take time and memory without bound.
 */
function checkBlobPrice(header: BlockHeader): void {
  const excess = header.excessBlobGas!
  const { blobGasPriceUpdateFraction } = header.common.getBlobGasSchedule()
  if (excess > 178n * blobGasPriceUpdateFraction || header.getBlobGasPrice() > MAX_WORD) {
    fail('INVALID_EXCESS_BLOB_GAS', `the price of blob gas exceeds 2^256 - 1 at an excess of ${excess}`)
  }
}

/** Rules that concern the header and the parent that its parent hash names. @throws InvalidBlockError */
export function checkAgainstParent(header: BlockHeader, parent: BlockHeader): void {
  const { common } = header
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
    if (parent.excessBlobGas !== undefined) checkBlobPrice(parent)
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
    if (bombExponent(header) > 256n)
      fail('INVALID_DIFFICULTY', `no difficulty is high enough for block ${header.number}`)
    expectEqual('INVALID_DIFFICULTY', 'difficulty', header.difficulty, header.ethashCanonicalDifficulty(parent))
  }
}

/** The difficulty bomb is 2 to this power: above 2^256, which no header holds, it is not worked out. */
function bombExponent({ common, number }: BlockHeader): bigint {
  const delay = common.gteHardfork('byzantium') ? common.param('difficultyBombDelay') : 0n
  return (number - delay) / 100_000n - 2n
}

/** Base fee of a block behind `parent` (EIP-1559), wei. */
export function baseFeeAfter(parent: BlockHeader, { common, number }: Pick<BlockHeader, 'common' | 'number'>): bigint {
  if (number === common.hardforkBlock(Hardfork.London) || parent.baseFeePerGas === undefined) {
    return common.param('initialBaseFee')
  }
  return parent.calcNextBaseFee()
}

/** An uncle is a child of one of so many ancestors (Yellow Paper 11.1). */
export const GENERATIONS = 7

/**
 * Uncles (at most two, as decodeBlock sees to): different, no ancestors, children of an ancestor at most six generations up, and proper headers.
 * Rules that need ancestors are checked as far as `ancestors` (newest first, the parent at 0, at most GENERATIONS) reaches.
 *
 * @throws InvalidBlockError INVALID_UNCLES
 */
export function checkUncles(
  header: BlockHeader,
  uncles: readonly HashedHeader[],
  ancestors: readonly HashedHeader[],
): void {
  const hashes = uncles.map(({ hash }) => bytesToHex(hash))
  if (new Set(hashes).size !== hashes.length) fail('INVALID_UNCLES', 'an uncle is included twice')
  const generations = new Map(ancestors.map(({ header, hash }) => [bytesToHex(hash), header]))
  for (const [index, { header: uncle }] of uncles.entries()) {
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
    } else if (ancestors.length >= GENERATIONS) {
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
