// Blocks that follow one another: the transactions of one generated block, dealt out to several.
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { requestsHash } from '../../src/block/requests.js'
import type { PreState } from '../../src/blockFiles/index.js'
import { BlockExecutor, memoryState, type StateSource } from '../../src/index.js'
import { orderedRoot } from '../../src/wasm/orderedRoot.js'
import { generateWorkload, type WorkloadKind } from '../../src/workloads/index.js'

// Fields of a header.
const [PARENT_HASH, STATE_ROOT, TRANSACTIONS_ROOT, RECEIPTS_ROOT, BLOOM, NUMBER] = [0, 3, 4, 5, 6, 8]
const [GAS_LIMIT, GAS_USED, TIMESTAMP, BASE_FEE, WITHDRAWALS_ROOT, BLOB_GAS_USED, REQUESTS_HASH] = [
  9, 10, 11, 15, 16, 17, 20,
]
const LIMIT = 200_000_000n
const BLOB_GAS = 131_072n
const BLOB_TYPE = 3
const BLOB_HASHES = 10
const SECONDS = 12n

export interface WorkloadChain {
  /** RLP with the right roots. */
  blocks: Uint8Array[]
  /** 20 bytes a transaction, of each block. */
  senders: Uint8Array[][]
  stateRoots: Uint8Array[]
  preState: PreState & { kind: 'flat' }
  common: Common
  /** A new source of the state before the first block. */
  state: () => StateSource
}

/**
 * @param gas of all blocks together
 * @param sizes transactions of each block, as shares of them all
 */
export async function workloadChain(kind: WorkloadKind, gas: number, sizes: readonly number[]): Promise<WorkloadChain> {
  const { blockRlp, senders = [], preState } = await generateWorkload({ kind, gas, withRoots: false })
  if (preState.kind !== 'flat') throw new Error('a workload without roots has a flat state')
  const common = new Common({ chain: Mainnet, hardfork: 'osaka' })
  const state = () => memoryState(preState.accounts, preState.codes)
  const [template, all] = RLP.decode(blockRlp) as unknown as [Uint8Array[], Transaction[]]
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  const chain: WorkloadChain = { blocks: [], senders: [], stateRoots: [], preState, common, state }
  const executor = await BlockExecutor.create({ state: state(), verify: 'none' })
  try {
    let [first, share] = [0, 0]
    let parent = template[PARENT_HASH] as Uint8Array
    let baseFee = integer(template[BASE_FEE])
    for (const [index, size] of sizes.entries()) {
      share += size
      const end = Math.round((share / whole) * all.length)
      const transactions = all.slice(first, end)
      const draft = header(template, index, parent, transactions).with(BASE_FEE, quantity(baseFee))
      const body = [transactions, [], []]
      const own = senders.slice(first, end)
      const result = await executor.execute(encode([draft, ...body]), { senders: own })
      const { stateRoot, receiptsRoot, logsBloom, gasUsed, requests = [] } = result
      const sealed = draft
        .with(STATE_ROOT, stateRoot as Uint8Array)
        .with(TRANSACTIONS_ROOT, orderedRoot(transactions.map((tx) => (Array.isArray(tx) ? encode(tx) : tx))))
        .with(RECEIPTS_ROOT, receiptsRoot as Uint8Array)
        .with(BLOOM, logsBloom)
        .with(GAS_USED, quantity(gasUsed))
        .with(REQUESTS_HASH, requestsHash(requests))
      chain.blocks.push(encode([sealed, ...body]))
      chain.senders.push(own)
      chain.stateRoots.push(stateRoot as Uint8Array)
      parent = keccak_256(encode(sealed))
      first = end
      baseFee = nextBaseFee(baseFee, gasUsed)
    }
  } finally {
    await executor.close()
  }
  return chain
}

type Transaction = Uint8Array | Uint8Array[]

function header(
  template: Uint8Array[],
  index: number,
  parent: Uint8Array,
  transactions: readonly Transaction[],
): Uint8Array[] {
  const later = (field: number, by: bigint): Uint8Array => quantity(integer(template[field]) + by)
  return template
    .with(PARENT_HASH, parent)
    .with(NUMBER, later(NUMBER, BigInt(index)))
    .with(TIMESTAMP, later(TIMESTAMP, BigInt(index) * SECONDS))
    .with(GAS_LIMIT, quantity(LIMIT))
    .with(WITHDRAWALS_ROOT, orderedRoot([]))
    .with(BLOB_GAS_USED, quantity(BLOB_GAS * BigInt(transactions.reduce((sum, tx) => sum + blobsOf(tx), 0))))
}

/** EIP-1559, of blocks that use less than half of their limit. */
function nextBaseFee(baseFee: bigint, gasUsed: bigint): bigint {
  const target = LIMIT / 2n
  return baseFee - (baseFee * (target - gasUsed)) / target / 8n
}

function integer(bytes: Uint8Array | undefined): bigint {
  return BigInt(`0x${Buffer.from(bytes ?? []).toString('hex')}`)
}

function blobsOf(transaction: Transaction): number {
  if (Array.isArray(transaction) || transaction[0] !== BLOB_TYPE) return 0
  return ((RLP.decode(transaction.subarray(1)) as Uint8Array[])[BLOB_HASHES] as Uint8Array).length
}

function quantity(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  return new Uint8Array(Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex'))
}

function encode(value: unknown): Uint8Array {
  return RLP.encode(value as never)
}
