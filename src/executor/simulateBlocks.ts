// The blocks that a simulation runs in: each follows the one before, as eth_simulateV1 has it.
import { type BlockHeader, createBlockHeader } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { Address } from '@ethereumjs/util'
import type { EvmBlock } from '../abi/evmRecords.js'
import { environmentOf } from '../block/coreRecords.js'
import { baseFeeAfter } from '../block/header.js'
import type { RunContext } from './blockRun.js'
import { callBlock, overridden, seenHeader } from './callBlock.js'
import { InvalidOptionsError } from './errors.js'
import type { CheckedSimulatedBlock, CheckedSimulation, SIMULATE_OPTIONS } from './simulateShapes.js'

/** Most blocks of a simulation, and seconds between them. */
const [MOST, SECONDS] = [256, 12n]

export interface PlannedBlock {
  request: CheckedSimulatedBlock
  common: Common
  environment: EvmBlock
}

type Options = ReturnType<typeof SIMULATE_OPTIONS.parse>

/** What simulations follow. */
export interface Base {
  header: BlockHeader
  hashes: ReadonlyMap<bigint, Uint8Array>
}

/** @throws InvalidOptionsError, InvalidBlockError as callBlock */
export function baseOf(context: RunContext, options: Options): Base {
  const { header, hashes } = seenHeader(context, options)
  const { common, environment } = callBlock(context, options)
  const { number, timestamp, gasLimit, coinbase, baseFee } = environment
  if (header !== undefined && options.blockOverrides === undefined) return { header, hashes }
  const data = { number, timestamp, gasLimit, coinbase: new Address(coinbase), ...feeOf(common, baseFee) }
  return { header: createBlockHeader(data, { common, skipConsensusFormatValidation: true }), hashes }
}

function feeOf(common: Common, baseFee: bigint): { baseFeePerGas?: bigint } {
  return common.isActivatedEIP(1559) ? { baseFeePerGas: baseFee } : {}
}

/** @throws InvalidOptionsError naming the block whose number or timestamp does not grow, or whose base fee nobody can know */
export function planSimulation(
  { commons }: RunContext,
  { blockStateCalls, validation = false }: CheckedSimulation,
  { header: base, hashes }: Base,
  name: string,
): PlannedBlock[] {
  const planned: PlannedBlock[] = []
  let parent = base
  const add = (request: CheckedSimulatedBlock, number: bigint, at: string): void => {
    const { blockOverrides: given = {} } = request
    const timestamp = given.timestamp ?? parent.timestamp + SECONDS
    if (timestamp <= parent.timestamp)
      throw new InvalidOptionsError(`${at}.timestamp`, `${timestamp} is not after ${parent.timestamp}`)
    const common = commons.at(number, timestamp)
    const header = headerAfter(parent, common, { number, timestamp }, request, validation, base)
    if (header === undefined) {
      const problem =
        'a block behind the first needs one where calls are validated: what those before use is not known yet'
      throw new InvalidOptionsError(`${at}.baseFeePerGas`, problem)
    }
    planned.push({ request, common, environment: overridden(common, environmentOf(header, hashes), given, hashes) })
    parent = header
  }
  for (const [index, request] of blockStateCalls.entries()) {
    const at = `${name}.blockStateCalls[${index}].blockOverrides`
    const number = request.blockOverrides?.number ?? parent.number + 1n
    if (number <= parent.number)
      throw new InvalidOptionsError(`${at}.number`, `${number} is not after ${parent.number}`)
    if (number - base.number > BigInt(MOST)) throw new InvalidOptionsError(`${at}.number`, `more than ${MOST} blocks`)
    while (parent.number + 1n < number) add({}, parent.number + 1n, at)
    add(request, number, at)
  }
  return planned
}

/** Undefined: its base fee depends on what is not known. */
function headerAfter(
  parent: BlockHeader,
  common: Common,
  at: { number: bigint; timestamp: bigint },
  { blockOverrides: { coinbase, gasLimit, prevRandao, baseFeePerGas } = {} }: CheckedSimulatedBlock,
  validation: boolean,
  base: BlockHeader,
): BlockHeader | undefined {
  const pays = common.isActivatedEIP(1559)
  if (pays && validation && baseFeePerGas === undefined && parent !== base) return undefined
  const derived = validation && pays && parent === base ? baseFeeAfter(parent, { common, number: at.number }) : 0n
  const data = {
    ...at,
    gasLimit: gasLimit ?? parent.gasLimit,
    coinbase: coinbase === undefined ? parent.coinbase : new Address(coinbase),
    ...(prevRandao !== undefined && common.isActivatedEIP(4399) && { mixHash: prevRandao }),
    ...(!common.isActivatedEIP(4399) && { difficulty: parent.difficulty }),
    ...(pays && { baseFeePerGas: baseFeePerGas ?? derived }),
    ...(common.isActivatedEIP(4844) && {
      blobGasUsed: 0n,
      excessBlobGas: parent.excessBlobGas === undefined ? 0n : parent.calcNextExcessBlobGas(common),
    }),
  }
  return createBlockHeader(data, { common, skipConsensusFormatValidation: true })
}
