// The header of the block that an environment describes, with what executing it gives left empty.
import { type BlockHeader, createBlockHeader } from '@ethereumjs/block'
import { type Common, ConsensusType } from '@ethereumjs/common'
import { KECCAK256_RLP_ARRAY } from '@ethereumjs/util'
import { baseFeeAfter, bombExponent, difficultyAfter, excessBlobGasAfter } from '../block/headerRules.js'
import { toBytes } from '../bytes.js'
import { invalidInput } from '../door/errors.js'
import type { Environment } from './inputs.js'

/**
 * @param blobGasUsed by the transactions
 * @throws InvalidInputError for an environment that lacks what the rules ask for
 */
export function headerOf(env: Environment, common: Common, blobGasUsed: bigint): BlockHeader {
  const number = env.currentNumber
  const blobs = common.isActivatedEIP(4844)
  return header(common, {
    parentHash: parentHash(env),
    coinbase: env.currentCoinbase,
    number,
    timestamp: env.currentTimestamp,
    gasLimit: env.currentGasLimit,
    ...seal(env, common),
    ...(common.isActivatedEIP(1559) && { baseFeePerGas: baseFee(env, common) }),
    ...(common.isActivatedEIP(4895) && { withdrawalsRoot: new Uint8Array(32) }),
    ...(blobs && { excessBlobGas: excessBlobGas(env, common), blobGasUsed }),
    ...(common.isActivatedEIP(4788) && { parentBeaconBlockRoot: needed(env, 'parentBeaconBlockRoot', common) }),
    ...(common.isActivatedEIP(7685) && { requestsHash: new Uint8Array(32) }),
    ...(common.isActivatedEIP(7928) && { blockAccessListHash: new Uint8Array(32) }),
    ...(common.isActivatedEIP(7843) && { slotNumber: needed(env, 'slotNumber', common) }),
  })
}

/** An uncle is only its number and who is paid for it. */
export function uncleOf(env: Environment, common: Common, delta: bigint, coinbase: Uint8Array): BlockHeader {
  return header(common, { number: env.currentNumber - delta, coinbase, gasLimit: env.currentGasLimit })
}

/** As BLOCKHASH sees it; zeros where it is not given. */
export function parentHash({ currentNumber, blockHashes = [] }: Environment): Uint8Array {
  return blockHashes.find(([number]) => number === currentNumber - 1n)?.[1] ?? new Uint8Array(32)
}

function header(common: Common, data: Parameters<typeof createBlockHeader>[0]): BlockHeader {
  return createBlockHeader(data, { common, skipConsensusFormatValidation: true })
}

function seal(env: Environment, common: Common): { difficulty: bigint; mixHash: Uint8Array } {
  if (common.consensusType() === ConsensusType.ProofOfStake) {
    if (env.currentDifficulty) throw invalidInput('env.currentDifficulty', 'is 0 after the merge; leave it out')
    return { difficulty: 0n, mixHash: toBytes(needed(env, 'currentRandom', common), 32) }
  }
  return { difficulty: env.currentDifficulty ?? difficulty(env, common), mixHash: new Uint8Array(32) }
}

/** A power of two beyond which a header has no room for the difficulty. */
const LARGEST_BOMB = 255n

/** Yellow Paper 4.3.4. */
function difficulty(env: Environment, common: Common): bigint {
  const { parentDifficulty, parentTimestamp = 0n, currentTimestamp, currentNumber } = env
  if (parentDifficulty === undefined) throw missing('currentDifficulty', 'parentDifficulty', common)
  if (currentTimestamp <= parentTimestamp) {
    throw invalidInput('env.currentTimestamp', `is ${currentTimestamp}, not after the parent's ${parentTimestamp}`)
  }
  const given = env.parentUncleHash
  const uncleHash = given === undefined || given.every((byte) => byte === 0) ? KECCAK256_RLP_ARRAY : given
  const block = { common, number: currentNumber, timestamp: currentTimestamp }
  if (bombExponent(block) > LARGEST_BOMB) throw invalidInput('env.currentNumber', 'has a difficulty beyond 256 bits')
  return difficultyAfter({ timestamp: parentTimestamp, difficulty: parentDifficulty, uncleHash }, block)
}

/** EIP-1559. */
function baseFee(env: Environment, common: Common): bigint {
  const { currentBaseFee, parentBaseFee, parentGasUsed = 0n, parentGasLimit = 0n, currentNumber } = env
  if (currentBaseFee !== undefined) return currentBaseFee
  if (parentBaseFee === undefined)
    throw missing('currentBaseFee', 'parentBaseFee, parentGasUsed, parentGasLimit', common)
  if (parentGasLimit < 2n)
    throw invalidInput('env.parentGasLimit', `is ${parentGasLimit}: the base fee follows from half of it`)
  const parent = { common, baseFeePerGas: parentBaseFee, gasUsed: parentGasUsed, gasLimit: parentGasLimit }
  return baseFeeAfter(parent, { common, number: currentNumber })
}

/** EIP-4844, EIP-7918. */
function excessBlobGas(env: Environment, common: Common): bigint {
  const { currentExcessBlobGas, parentExcessBlobGas, parentBlobGasUsed, parentBaseFee } = env
  if (currentExcessBlobGas !== undefined) return currentExcessBlobGas
  if (parentExcessBlobGas === undefined || parentBlobGasUsed === undefined) {
    throw missing('currentExcessBlobGas', 'parentExcessBlobGas and parentBlobGasUsed', common)
  }
  const parent = { excessBlobGas: parentExcessBlobGas, blobGasUsed: parentBlobGasUsed, baseFeePerGas: parentBaseFee }
  return excessBlobGasAfter(parent, common)
}

function needed<K extends keyof Environment>(env: Environment, field: K, common: Common): NonNullable<Environment[K]> {
  const value = env[field]
  if (value === undefined) throw invalidInput(`env.${field}`, `is missing; blocks of ${common.hardfork()} have it`)
  return value as NonNullable<Environment[K]>
}

function missing(field: string, parents: string, common: Common) {
  return invalidInput(`env.${field}`, `is missing; blocks of ${common.hardfork()} need it, or ${parents}`)
}
