// The JSON of the transition tools ("t8n") that clients bring: a state, an environment and transactions in; results, the
// transactions that were refused, and the whole state after them out.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { Rules } from '../../abi/core.generated.js'
import { ChainCommons } from '../../block/common.js'
import { forkOf } from '../../spectests/forks.js'
import { type Hex, type TestState, word } from '../../spectests/json.js'
import { PlainState } from '../../spectests/plainState.js'
import { type FuzzBlock, hashesBefore } from '../blocks.js'
import { Field, type Item } from '../header.js'
import type { Answer, OracleReceipt } from './oracle.js'

/** An account without code, say, lacks the field. */
type T8nState = Record<Hex, Partial<TestState[Hex]>>

/** geth and the Python specification do not name all fields alike. */
export interface T8nReceipt {
  /** geth. */
  status?: Hex
  root?: Hex
  logsBloom?: Hex
  /** Python. */
  succeeded?: boolean
  post_state?: Hex
  bloom?: Hex
  cumulativeGasUsed: Hex
  logs: { address: Hex; topics: Hex[]; data: Hex }[]
}

export interface T8nResult {
  stateRoot: Hex
  receiptsRoot: Hex
  logsBloom: Hex
  gasUsed: Hex
  receipts: T8nReceipt[]
  rejected?: { index: number; error: string }[] | null
  requests?: Hex[] | null
  /** RLP; geth, from Amsterdam on. */
  blockAccessList?: Hex
  /** Python: the block as a whole is refused. */
  blockException?: string
}

export interface T8nResponse {
  alloc: T8nState
  result: T8nResult
}

export interface T8nRequest {
  alloc: TestState
  env: Record<string, unknown>
  /** RLP of the list of transactions. */
  txs: Hex
}

/** Everything is said, so that nothing is derived from a parent. */
export function t8nRequest(state: PlainState, block: FuzzBlock): T8nRequest {
  return { alloc: state.toTest(), env: environment(block), txs: bytesToHex(RLP.encode(block.transactions as never)) }
}

function environment(block: FuzzBlock): Record<string, unknown> {
  const { header, fork, withdrawals } = block
  const level = forkOf(fork).rules
  const number = (field: number): Hex => quantity(header[field] as bigint)
  const bytes = (field: number): Hex => bytesToHex(header[field] as Uint8Array)
  const hashes = [...hashesBefore(block)].map(([n, hash]) => [quantity(n), bytesToHex(hash)])
  return {
    currentCoinbase: bytes(Field.COINBASE),
    currentGasLimit: number(Field.GAS_LIMIT),
    currentNumber: number(Field.NUMBER),
    currentTimestamp: number(Field.TIMESTAMP),
    blockHashes: Object.fromEntries(hashes),
    ...(level >= Rules.PARIS
      ? { currentRandom: bytes(Field.MIX_HASH) }
      : { currentDifficulty: number(Field.DIFFICULTY) }),
    ...(level >= Rules.LONDON && { currentBaseFee: number(Field.BASE_FEE) }),
    ...(withdrawals && { withdrawals: withdrawals.map((item) => withdrawal(item as Item[])) }),
    ...(level >= Rules.CANCUN && {
      currentExcessBlobGas: number(Field.EXCESS_BLOB_GAS),
      parentBeaconBlockRoot: bytes(Field.BEACON_ROOT),
    }),
    ...(level >= Rules.AMSTERDAM && { slotNumber: number(Field.SLOT_NUMBER) }),
  }
}

function withdrawal([index, validator, address, amount]: Item[]) {
  return {
    index: quantity(index as bigint),
    validatorIndex: quantity(validator as bigint),
    address: bytesToHex(address as Uint8Array),
    amount: quantity(amount as bigint),
  }
}

/** What the block's producer is paid, in wei; undefined since there is none to be paid. */
export function blockReward({ fork, rules }: FuzzBlock): bigint | undefined {
  if (forkOf(fork).rules >= Rules.PARIS) return undefined
  return new ChainCommons(rules).at(1n, 1n).param('minerReward')
}

export function t8nAnswer({ alloc, result }: T8nResponse): Answer {
  const { rejected, blockException, requests, blockAccessList } = result
  if (rejected?.length) {
    // The tools go on after a transaction that must not be there; the block is refused because of the first.
    const first = rejected.reduce((a, b) => (b.index < a.index ? b : a))
    return { kind: 'refused', transaction: first.index, reason: first.error }
  }
  if (blockException !== undefined) return { kind: 'refused', reason: blockException }
  return {
    kind: 'outcome',
    receipts: result.receipts.map(receiptOf),
    gasUsed: word(result.gasUsed),
    logsBloom: hexToBytes(result.logsBloom),
    receiptsRoot: hexToBytes(result.receiptsRoot),
    stateRoot: hexToBytes(result.stateRoot),
    ...(requests && { requests: requests.map(hexToBytes).filter(({ length }) => length > 1) }),
    ...(blockAccessList && { accessList: hexToBytes(blockAccessList) }),
    change: { state: stateOf(alloc) },
  }
}

function receiptOf(receipt: T8nReceipt): OracleReceipt {
  const root = receipt.root ?? receipt.post_state
  const hasRoot = root !== undefined && root !== '0x'
  const succeeded = receipt.succeeded ?? word(receipt.status) === 1n
  return {
    ...(hasRoot ? { stateRoot: hexToBytes(root) } : { status: succeeded ? 1 : 0 }),
    cumulativeGasUsed: word(receipt.cumulativeGasUsed),
    logsBloom: hexToBytes((receipt.logsBloom ?? receipt.bloom) as Hex),
    logs: receipt.logs.map(({ address, topics, data }) => ({
      address: hexToBytes(address),
      topics: topics.map(hexToBytes),
      data: hexToBytes(data),
    })),
  }
}

function stateOf(alloc: T8nState): PlainState {
  const state = new PlainState()
  for (const [address, { nonce, balance, code = '0x', storage }] of Object.entries(alloc)) {
    const fields = { nonce: word(nonce), balance: word(balance), code: hexToBytes(code) }
    const account = state.set(hexToBytes(address as Hex), fields)
    for (const [key, value] of Object.entries(storage ?? {})) {
      if (word(value) !== 0n) account.storage.set(wordOf(key), wordOf(value))
    }
  }
  return state
}

function wordOf(hex: string): Hex {
  return `0x${word(hex).toString(16).padStart(64, '0')}`
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
