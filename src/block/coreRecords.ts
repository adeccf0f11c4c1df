// A block as the core's own engine takes it: what its transactions see of it, and its own work as steps. The same rules as
// in ethereumjs/blockWork.ts, with every parameter taken from the block's Common.

import { type Common, ConsensusType, Hardfork } from '@ethereumjs/common'
import { bigIntToAddressBytes, bigIntToBytes, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import type { BlockRecords } from '../abi/blockRequest.js'
import { type BlockStep, encodeSteps } from '../abi/blockSteps.js'
import type { Rules } from '../abi/core.generated.js'
import { type EvmBlock, encodeBlock, HARDFORK_RULES, parametersOf } from '../abi/evmRecords.js'
import { toBigInt } from '../bytes.js'
import { BLOCKHASH_WINDOW } from './ancestors.js'
import type { Header } from './blockHeader.js'
import { DAO_ACCOUNTS, DAO_REFUND_CONTRACT } from './daoFork.js'
import type { BlockBodyWork } from './decode.js'
import { blobGasPrice } from './headerRules.js'

/** EIP-4788; no parameter of @ethereumjs names it. */
const BEACON_ROOTS = hexToBytes('0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02')
const WITHDRAWAL_REQUEST = 1
const CONSOLIDATION_REQUEST = 2
const BUILDER_DEPOSIT_REQUEST = 3
const BUILDER_EXIT_REQUEST = 4

/** The block in the core's own terms, but for its withdrawals, which it reads itself. `hashes`: of ancestors, by number. */
export function blockRecordsOf(
  header: Header,
  uncles: BlockBodyWork['uncles'],
  hashes: ReadonlyMap<bigint, Uint8Array>,
): BlockRecords {
  return { env: envOf(header, hashes), stepsBefore: stepsBefore(header), stepsAfter: stepsAfter(header, uncles) }
}

function envOf(header: Header, hashes: ReadonlyMap<bigint, Uint8Array>): Uint8Array {
  return encodeBlock(environmentOf(header, hashes))
}

/** What the transactions of the block see of it. */
export function environmentOf(header: Header, hashes: ReadonlyMap<bigint, Uint8Array>): EvmBlock {
  const { common } = header
  const blobs = common.isActivatedEIP(4844)
  const mostBlobs = blobs ? common.getBlobGasSchedule().maxBlobGasPerBlock / common.param('blobGasPerBlob') : 0n
  return {
    ...rulesOf(common, header.gasLimit),
    slotNumber: header.slotNumber,
    maxBlobs: Number(mostBlobs),
    number: header.number,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    coinbase: header.coinbase.bytes,
    prevRandao: common.isActivatedEIP(4399) ? toBigInt(header.mixHash) : header.difficulty,
    baseFee: header.baseFeePerGas ?? 0n,
    blobBaseFee: blobs ? blobGasPrice(header.excessBlobGas!, common) : 0n,
    chainId: common.chainId(),
    blockHashes: ancestorsOf(header.number, hashes),
  }
}

/** Rules and their parameters, some of which depend on the block's gas limit. */
export function rulesOf(common: Common, gasLimit: bigint): Pick<EvmBlock, 'rules' | 'params'> {
  const hardfork = common.hardfork()
  return { rules: HARDFORK_RULES[hardfork] as Rules, params: parametersOf(hardfork, gasLimit) }
}

/** The parent's hash first; zeros stand for one that is not known. */
export function ancestorsOf(number: bigint, hashes: ReadonlyMap<bigint, Uint8Array>): Uint8Array[] {
  const list: Uint8Array[] = []
  let known = 0
  for (let n = number - 1n; n >= 0n && list.length < BLOCKHASH_WINDOW && known < hashes.size; n--) {
    const hash = hashes.get(n)
    if (hash !== undefined) known++
    list.push(hash ?? new Uint8Array(32))
  }
  return list
}

/** DAO fork (EIP-779), parent beacon root (EIP-4788), parent block hash (EIP-2935). */
function stepsBefore(header: Header): Uint8Array {
  const { common } = header
  const steps: BlockStep[] = []
  if (common.hardforkBlock(Hardfork.Dao) === header.number && common.hardfork() === Hardfork.Dao) {
    for (const hex of DAO_ACCOUNTS) steps.push({ kind: 'drain', address: hexToBytes(`0x${hex}`) })
    steps.push({ kind: 'pour', address: hexToBytes(`0x${DAO_REFUND_CONTRACT}`) })
  }
  // With state gas what a call may store has a price: it is made. Without, what it stores is known.
  if (common.isActivatedEIP(8037)) return encodeSteps(callsBefore(header))
  if (common.isActivatedEIP(4788)) {
    const length = common.param('historicalRootsLength')
    const index = header.timestamp % length
    const root = header.parentBeaconBlockRoot as Uint8Array
    steps.push({ kind: 'store', address: BEACON_ROOTS, key: word(index), value: word(header.timestamp) })
    steps.push({ kind: 'store', address: BEACON_ROOTS, key: word(index + length), value: root })
  }
  if (common.isActivatedEIP(2935)) {
    const address = bigIntToAddressBytes(common.param('historyStorageAddress'))
    const key = word((header.number - 1n) % common.param('historyServeWindow'))
    steps.push({ kind: 'store', address, key, value: header.parentHash })
  }
  return encodeSteps(steps)
}

function callsBefore({ common, parentHash, parentBeaconBlockRoot }: Header): BlockStep[] {
  const gas = common.param('systemCallGasLimit')
  const history = bigIntToAddressBytes(common.param('historyStorageAddress'))
  return [
    { kind: 'call', address: BEACON_ROOTS, input: parentBeaconBlockRoot as Uint8Array, gas },
    { kind: 'call', address: history, input: parentHash, gas },
  ]
}

/** Rewards of the block and its uncles, calls of system contracts (EIP-7002, EIP-7251, EIP-8282). */
function stepsAfter(header: Header, uncles: BlockBodyWork['uncles']): Uint8Array {
  const { common } = header
  const steps: BlockStep[] = []
  const credit = (address: Uint8Array, wei: bigint) => steps.push({ kind: 'credit', address, wei })
  if (common.consensusType() === ConsensusType.ProofOfWork) {
    const reward = common.param('minerReward')
    for (const uncle of uncles) {
      const share = ((uncle.number + 8n - header.number) * reward) / 8n
      if (share > 0n) credit(uncle.coinbase, share)
    }
    credit(header.coinbase.bytes, reward + (reward / 32n) * BigInt(uncles.length))
  }
  const request = (type: number, predeploy: string) =>
    steps.push({
      kind: 'request',
      address: bigIntToAddressBytes(common.param(predeploy)),
      type,
      caller: bigIntToAddressBytes(common.param('systemAddress')),
      gas: common.param('systemCallGasLimit'),
    })
  if (common.isActivatedEIP(7002)) request(WITHDRAWAL_REQUEST, 'withdrawalRequestPredeployAddress')
  if (common.isActivatedEIP(7251)) request(CONSOLIDATION_REQUEST, 'consolidationRequestPredeployAddress')
  if (common.isActivatedEIP(8282)) {
    request(BUILDER_DEPOSIT_REQUEST, 'builderDepositContractAddress')
    request(BUILDER_EXIT_REQUEST, 'builderExitContractAddress')
  }
  return encodeSteps(steps)
}

function word(value: bigint): Uint8Array {
  return setLengthLeft(bigIntToBytes(value), 32)
}
