// The blocks that a simulation runs in: each follows the one before, as eth_simulateV1 has it.
import type { Common } from '@ethereumjs/common'
import { KECCAK256_RLP, KECCAK256_RLP_ARRAY } from '@ethereumjs/util'
import type { EvmBlock } from '../abi/evmRecords.js'
import type { Header } from '../block/blockHeader.js'
import { environmentOf } from '../block/coreRecords.js'
import { baseFeeAfter, excessBlobGasAfter } from '../block/headerRules.js'
import { padded32 } from '../bytes.js'
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
  header: Header
  hashes: ReadonlyMap<bigint, Uint8Array>
}

/** @throws InvalidOptionsError, InvalidBlockError as callBlock */
export function baseOf(context: RunContext, options: Options): Base {
  const { header, hashes } = seenHeader(context, options)
  const { common, environment } = callBlock(context, options)
  const { number, timestamp, gasLimit, coinbase, baseFee } = environment
  if (header !== undefined && options.blockOverrides === undefined) return { header, hashes }
  const data = { number, timestamp, gasLimit, coinbase: { bytes: coinbase }, ...feeOf(common, baseFee) }
  return { header: headerWith(common, data), hashes }
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
  parent: Header,
  common: Common,
  at: { number: bigint; timestamp: bigint },
  { blockOverrides: { coinbase, gasLimit, prevRandao, baseFeePerGas } = {} }: CheckedSimulatedBlock,
  validation: boolean,
  base: Header,
): Header | undefined {
  const pays = common.isActivatedEIP(1559)
  if (pays && validation && baseFeePerGas === undefined && parent !== base) return undefined
  const derived = validation && pays && parent === base ? baseFeeAfter(parent, { common, number: at.number }) : 0n
  const data = {
    ...at,
    gasLimit: gasLimit ?? parent.gasLimit,
    coinbase: coinbase === undefined ? parent.coinbase : { bytes: coinbase },
    ...(prevRandao !== undefined && common.isActivatedEIP(4399) && { mixHash: padded32(prevRandao) }),
    ...(!common.isActivatedEIP(4399) && { difficulty: parent.difficulty }),
    ...(pays && { baseFeePerGas: baseFeePerGas ?? derived }),
    ...(common.isActivatedEIP(4844) && {
      blobGasUsed: 0n,
      excessBlobGas: parent.excessBlobGas === undefined ? 0n : excessBlobGasAfter(parent, common),
    }),
  }
  return headerWith(common, data)
}

/** A header of which nobody sees more than these fields. */
function headerWith(common: Common, fields: Partial<Header>): Header {
  const none = new Uint8Array(32)
  return {
    common,
    parentHash: none,
    uncleHash: KECCAK256_RLP_ARRAY,
    coinbase: { bytes: new Uint8Array(20) },
    stateRoot: none,
    transactionsTrie: KECCAK256_RLP,
    receiptTrie: KECCAK256_RLP,
    logsBloom: new Uint8Array(256),
    difficulty: 0n,
    number: 0n,
    gasLimit: 0n,
    gasUsed: 0n,
    timestamp: 0n,
    extraData: new Uint8Array(0),
    mixHash: none,
    nonce: new Uint8Array(8),
    ...fields,
  }
}
