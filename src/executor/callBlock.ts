import type { Common } from '@ethereumjs/common'
import type { EvmBlock } from '../abi/evmRecords.js'
import { type Header, headerOf } from '../block/blockHeader.js'
import { ancestorsOf, environmentOf, rulesOf } from '../block/coreRecords.js'
import { decodeHeader } from '../block/decode.js'
import { toBigInt } from '../bytes.js'
import type { RunContext } from './blockRun.js'
import type { CheckedBlockOverrides, CheckedCallOptions } from './callShapes.js'
import { InvalidOptionsError } from './errors.js'

/** The block that calls see. */
export interface CallBlock {
  common: Common
  environment: EvmBlock
}

/** Where neither a header nor an override says: as much as blocks of mainnet have. */
const GAS_LIMIT = 60_000_000n

/** The header that calls are told, or that of the last block; and hashes of blocks that are known. */
export function seenHeader(
  { state, commons }: RunContext,
  { block, blockHashes = [] }: Pick<CheckedCallOptions, 'block' | 'blockHashes'>,
): { header: Header | undefined; hashes: Map<bigint, Uint8Array> } {
  const header = block === undefined ? state.latest?.header : headerOf(decodeHeader(block, commons))
  const own = block === undefined ? (state.latest?.blockHashes ?? []) : []
  return { header, hashes: new Map([...own, ...blockHashes]) }
}

/** @throws InvalidOptionsError when nothing tells the block; InvalidBlockError when its header is none */
export function callBlock(
  context: RunContext,
  options: Pick<CheckedCallOptions, 'block' | 'blockOverrides' | 'blockHashes'>,
): CallBlock {
  const { blockOverrides: given = {} } = options
  const { header, hashes } = seenHeader(context, options)
  const number = given.number ?? header?.number
  const timestamp = given.timestamp ?? header?.timestamp
  if (number === undefined || timestamp === undefined) {
    throw new InvalidOptionsError(
      'options.block',
      'no block was executed on this state: give the header that calls are to see, or number and timestamp as blockOverrides',
    )
  }
  const common = context.commons.at(number, timestamp)
  const from = header === undefined ? unknown(common) : environmentOf(header, hashes)
  return { common, environment: overridden(common, { ...from, number, timestamp }, given, hashes) }
}

/** The block with the fields that are given otherwise, under the rules of its number and timestamp. */
export function overridden(
  common: Common,
  from: Omit<EvmBlock, 'rules' | 'params'>,
  { prevRandao, coinbase, gasLimit = from.gasLimit, baseFeePerGas, blobBaseFee }: CheckedBlockOverrides,
  hashes: ReadonlyMap<bigint, Uint8Array>,
): EvmBlock {
  return {
    ...from,
    ...rulesOf(common, gasLimit),
    gasLimit,
    blockHashes: ancestorsOf(from.number, hashes),
    ...(coinbase !== undefined && { coinbase }),
    ...(prevRandao !== undefined && { prevRandao: toBigInt(prevRandao) }),
    ...(baseFeePerGas !== undefined && { baseFee: baseFeePerGas }),
    ...(blobBaseFee !== undefined && { blobBaseFee }),
  }
}

function unknown(common: Common): Omit<EvmBlock, 'rules' | 'params'> {
  return {
    maxBlobs: 0,
    number: 0n,
    timestamp: 0n,
    gasLimit: GAS_LIMIT,
    coinbase: new Uint8Array(20),
    prevRandao: 0n,
    baseFee: 0n,
    blobBaseFee: common.isActivatedEIP(4844) ? common.param('minBlobGas') : 0n,
    chainId: common.chainId(),
    blockHashes: [],
  }
}
