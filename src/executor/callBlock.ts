import type { Common } from '@ethereumjs/common'
import type { EvmBlock } from '../abi/evmRecords.js'
import { headerOf } from '../block/blockHeader.js'
import { ancestorsOf, environmentOf, rulesOf } from '../block/coreRecords.js'
import { decodeHeader } from '../block/decode.js'
import { toBigInt } from '../bytes.js'
import type { RunContext } from './blockRun.js'
import type { CheckedCallOptions } from './callShapes.js'
import { InvalidOptionsError } from './errors.js'

/** The block that calls see. */
export interface CallBlock {
  common: Common
  environment: EvmBlock
}

/** Where neither a header nor an override says: as much as blocks of mainnet have. */
const GAS_LIMIT = 60_000_000n

/** @throws InvalidOptionsError when nothing tells the block; InvalidBlockError when its header is none */
export function callBlock({ state, commons }: RunContext, options: CheckedCallOptions): CallBlock {
  const { block, blockOverrides: given = {}, blockHashes = [] } = options
  const header = block === undefined ? state.latest?.header : headerOf(decodeHeader(block, commons))
  const number = given.number ?? header?.number
  const timestamp = given.timestamp ?? header?.timestamp
  if (number === undefined || timestamp === undefined) {
    throw new InvalidOptionsError(
      'options.block',
      'no block was executed on this state: give the header that calls are to see, or number and timestamp as blockOverrides',
    )
  }
  const common = commons.at(number, timestamp)
  const own = block === undefined ? (state.latest?.blockHashes ?? []) : []
  const hashes = new Map([...own, ...blockHashes])
  const from = header === undefined ? unknown(common) : environmentOf(header, hashes)
  const { prevRandao, coinbase, gasLimit = from.gasLimit, baseFeePerGas, blobBaseFee } = given
  return {
    common,
    environment: {
      ...from,
      ...rulesOf(common, gasLimit),
      number,
      timestamp,
      gasLimit,
      blockHashes: ancestorsOf(number, hashes),
      ...(coinbase !== undefined && { coinbase }),
      ...(prevRandao !== undefined && { prevRandao: toBigInt(prevRandao) }),
      ...(baseFeePerGas !== undefined && { baseFee: baseFeePerGas }),
      ...(blobBaseFee !== undefined && { blobBaseFee }),
    },
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
