// The header of a block that is still to be built: what does not depend on its transactions.
import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, KECCAK256_RLP, KECCAK256_RLP_ARRAY } from '@ethereumjs/util'
import { type Header, headerOf } from '../../block/blockHeader.js'
import type { Keccak256 } from '../../block/bloom.js'
import { decodeHeader } from '../../block/decode.js'
import { formatOf, type RecordFormat } from '../../block/format.js'
import { baseFeeAfter, difficultyAfter, excessBlobGasAfter } from '../../block/headerRules.js'
import { padded32 } from '../../bytes.js'
import type { RunContext } from '../blockRun.js'
import { InvalidOptionsError } from '../errors.js'
import type { hashing } from '../hashing.js'
import type { CheckedBuildOptions } from './shapes.js'

const ZERO = new Uint8Array(32)

/** Names and values of a header, in its order. */
export type HeaderFields = Map<string, Uint8Array>

/** Of the parent its header is not known where the block takes the place of another one. */
interface Parent {
  header: Header | undefined
  hash: Uint8Array
}

export interface Draft {
  parent: Parent
  fields: HeaderFields
  /** RLP of each withdrawal; undefined where blocks have none. */
  withdrawals: Uint8Array[][] | undefined
}

/** What a block's header has from its parent. */
interface Derived {
  parent: Parent
  number: bigint
  gasLimit: bigint
  difficulty: bigint
  baseFee(common: Common): bigint
  excessBlobGas(common: Common): bigint
}

/** @throws InvalidOptionsError, InvalidBlockError when `parent` or `inPlaceOf` is no header, or what the rules say of it */
export function draftOf(
  { state, commons }: RunContext,
  options: CheckedBuildOptions,
  { keccak256, orderedRoot }: ReturnType<typeof hashing>,
): Draft {
  const from =
    options.inPlaceOf === undefined ? ofParent(state, commons, options, keccak256) : inPlace(commons, options)
  const { parent, number } = from
  const { timestamp } = options
  const common = commons.at(number, timestamp)
  const { header: format } = formatOf(common)
  const has = (name: string): boolean => format.fields.some((field) => field.name === name)
  refuseAbsent(options, has, common.hardfork())
  const merged = common.consensusType() === 'pos'
  const withdrawals = has('withdrawalsRoot') ? withdrawalsOf(options) : undefined
  const quantity = bigIntToUnpaddedBytes
  const gasLimit = options.gasLimit ?? from.gasLimit
  const difficulty = merged ? 0n : (options.difficulty ?? from.difficulty)
  const values: Record<string, Uint8Array> = {
    parentHash: parent.hash,
    ommersHash: KECCAK256_RLP_ARRAY,
    coinbase: options.feeRecipient ?? new Uint8Array(20),
    stateRoot: ZERO,
    transactionsRoot: KECCAK256_RLP,
    receiptsRoot: KECCAK256_RLP,
    logsBloom: new Uint8Array(256),
    difficulty: quantity(difficulty),
    number: quantity(number),
    gasLimit: quantity(gasLimit),
    gasUsed: quantity(gasLimit),
    timestamp: quantity(timestamp),
    extraData: options.extraData ?? new Uint8Array(0),
    mixHash: options.prevRandao === undefined ? ZERO : padded32(options.prevRandao),
    nonce: new Uint8Array(8),
    ...(has('baseFeePerGas') && { baseFeePerGas: quantity(from.baseFee(common)) }),
    ...(withdrawals && { withdrawalsRoot: orderedRoot(withdrawals.map((one) => RLP.encode(one))) }),
    blobGasUsed: quantity(0n),
    ...(has('excessBlobGas') && { excessBlobGas: quantity(from.excessBlobGas(common)) }),
    parentBeaconBlockRoot: padded32(options.parentBeaconBlockRoot ?? ZERO),
    requestsHash: ZERO,
    blockAccessListHash: ZERO,
    slotNumber: quantity(options.slotNumber ?? 0n),
  }
  const fields = inOrder(format, values)
  const derives = parent.header !== undefined && options.difficulty === undefined
  if (!merged && derives && common.consensusAlgorithm() === 'ethash') {
    const child = headerOf(decodeHeader(RLP.encode([...fields.values()]), commons))
    fields.set('difficulty', quantity(difficultyAfter(parent.header as Header, child)))
  }
  return { parent, fields, withdrawals }
}

function ofParent(
  { latest }: RunContext['state'],
  commons: RunContext['commons'],
  options: CheckedBuildOptions,
  keccak256: Keccak256,
): Derived {
  const given = options.parent === undefined ? undefined : decodeHeader(options.parent, commons)
  const parent = given === undefined ? latest : { header: headerOf(given), hash: keccak256(given.bytes) }
  if (parent === undefined) {
    throw new InvalidOptionsError(
      'options.parent',
      'no block was executed on this state: give the header of the parent',
    )
  }
  const { header, hash } = parent
  const { timestamp } = options
  if (timestamp <= header.timestamp) {
    throw new InvalidOptionsError('options.timestamp', `${timestamp} is not after the parent's ${header.timestamp}`)
  }
  const number = header.number + 1n
  return {
    parent: { header, hash },
    number,
    gasLimit: header.gasLimit,
    difficulty: header.difficulty,
    baseFee: (common) => baseFeeAfter(header, { common, number }),
    excessBlobGas: (common) => excessBlobGasAfter(header, common),
  }
}

function inPlace(commons: RunContext['commons'], { parent, inPlaceOf }: CheckedBuildOptions): Derived {
  if (parent !== undefined) {
    throw new InvalidOptionsError(
      'options.inPlaceOf',
      'the block has a parent or the place of another one: give one of them',
    )
  }
  const header = headerOf(decodeHeader(inPlaceOf as Uint8Array, commons))
  const { number, gasLimit, difficulty, baseFeePerGas, excessBlobGas } = header
  const own = (name: string, value: bigint | undefined): bigint => {
    if (value !== undefined) return value
    throw new InvalidOptionsError(
      'options.timestamp',
      `the header that gives the place is of a hardfork without ${name}`,
    )
  }
  return {
    parent: { header: undefined, hash: header.parentHash },
    ...{ number, gasLimit, difficulty },
    baseFee: () => own('a base fee', baseFeePerGas),
    excessBlobGas: () => own('excess blob gas', excessBlobGas),
  }
}

function inOrder({ fields }: RecordFormat, values: Record<string, Uint8Array>): HeaderFields {
  return new Map(fields.map(({ name }) => [name, values[name] as Uint8Array]))
}

/** @throws InvalidOptionsError */
function refuseAbsent(options: CheckedBuildOptions, has: (name: string) => boolean, hardfork: string): void {
  for (const [option, field] of [
    ['withdrawals', 'withdrawalsRoot'],
    ['parentBeaconBlockRoot', 'parentBeaconBlockRoot'],
    ['slotNumber', 'slotNumber'],
  ] as const) {
    if (options[option] === undefined || has(field)) continue
    throw new InvalidOptionsError(`options.${option}`, `blocks of ${hardfork} have none`)
  }
}

function withdrawalsOf({ withdrawals = [] }: CheckedBuildOptions): Uint8Array[][] {
  return withdrawals.map(({ index, validatorIndex, address, amount }) => [
    bigIntToUnpaddedBytes(index),
    bigIntToUnpaddedBytes(validatorIndex),
    address,
    bigIntToUnpaddedBytes(amount),
  ])
}
