// What comes out of a transition: result, state and body in the JSON of go-ethereum's `evm t8n`.
import { genWithdrawalsTrieRoot } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { bigIntToHex, bytesToHex, createWithdrawal } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { requestsHash } from '../block/requests.js'
import type { Hex } from '../spectests/json.js'
import type { PlainState } from '../spectests/plainState.js'
import type { ExecutedReceipt } from '../types.js'
import type { Environment } from './inputs.js'
import type { Transition } from './shapes.js'
import { blobsOf, createdAddress, hashOf, type TransactionItem } from './transactions.js'

/** An account; what it does not have is left out. */
export interface OutputAccount {
  code?: Hex
  storage?: Record<string, Hex>
  balance: Hex
  nonce?: Hex
}

/** Quantities and bytes as 0x hex. */
export interface Output {
  /** The state after the block, by address. */
  alloc: Record<string, OutputAccount>
  result: Record<string, unknown>
  /** RLP of the list of the transactions in the block. */
  body: Hex
}

/** go-ethereum's name for the block: it has no hash yet. */
const BLOCK_HASH = `0x1337${'00'.repeat(30)}` as Hex

export async function outputOf(transition: Transition): Promise<Output> {
  return {
    alloc: allocOf(transition.state),
    result: await resultOf(transition),
    body: bytesToHex(RLP.encode([...transition.included] as never)),
  }
}

async function resultOf({ env, header, included, rejected, result }: Transition): Promise<Record<string, unknown>> {
  const { common, baseFeePerGas, excessBlobGas } = header
  const { generated, stateRoot, receiptsRoot, logsBloom, receipts, gasUsed, requests, blockAccessList } = result
  const logs = receipts.flatMap((receipt) => receipt.logs.map(({ address, topics, data }) => [address, topics, data]))
  return {
    stateRoot: hexOf(stateRoot),
    txRoot: hexOf(generated?.transactionsRoot),
    receiptsRoot: hexOf(receiptsRoot),
    logsHash: bytesToHex(keccak_256(RLP.encode(logs as never))),
    logsBloom: bytesToHex(logsBloom),
    receipts: receiptsOf(receipts, included, header),
    ...(rejected.size > 0 && { rejected: rejectedOf(rejected) }),
    currentDifficulty: common.isActivatedEIP(3675) ? null : bigIntToHex(header.difficulty),
    gasUsed: bigIntToHex(gasUsed),
    ...(baseFeePerGas !== undefined && { currentBaseFee: bigIntToHex(baseFeePerGas) }),
    ...(env.withdrawals && { withdrawalsRoot: await withdrawalsRoot(env.withdrawals) }),
    ...(excessBlobGas !== undefined && {
      currentExcessBlobGas: bigIntToHex(excessBlobGas),
      blobGasUsed: bigIntToHex(header.blobGasUsed as bigint),
    }),
    ...(requests && { requestsHash: bytesToHex(requestsHash(requests)) }),
    requests: requests?.map((request) => bytesToHex(request)) ?? null,
    ...(blockAccessList && {
      blockAccessList: bytesToHex(blockAccessList.rlp),
      blockAccessListHash: bytesToHex(blockAccessList.hash),
    }),
  }
}

function rejectedOf(rejected: ReadonlyMap<number, string>): { index: number; error: string }[] {
  return [...rejected].sort(([a], [b]) => a - b).map(([index, error]) => ({ index, error }))
}

function withdrawalsRoot(withdrawals: NonNullable<Environment['withdrawals']>): Promise<Hex> {
  return genWithdrawalsTrieRoot(withdrawals.map((one) => createWithdrawal(one))).then(bytesToHex)
}

function receiptsOf(
  receipts: readonly ExecutedReceipt[],
  transactions: readonly TransactionItem[],
  header: Transition['header'],
): Record<string, unknown>[] {
  const blobGas = header.common.isActivatedEIP(4844) ? header.common.param('blobGasPerBlob') : 0n
  let logIndex = 0
  return receipts.map((receipt, index) => {
    const item = transactions[index] as TransactionItem
    const place = { transactionHash: bytesToHex(hashOf(item)), transactionIndex: bigIntToHex(BigInt(index)) }
    const block = { blockHash: BLOCK_HASH, blockNumber: bigIntToHex(header.number) }
    const blobs = BigInt(blobsOf(item)) * blobGas
    return {
      ...(receipt.type !== 0 && { type: bigIntToHex(BigInt(receipt.type)) }),
      root: receipt.stateRoot === undefined ? '0x' : bytesToHex(receipt.stateRoot),
      // Before Byzantium nobody keeps it.
      ...(receipt.status !== undefined && { status: bigIntToHex(BigInt(receipt.status)) }),
      cumulativeGasUsed: bigIntToHex(receipt.cumulativeGasUsed),
      logsBloom: bytesToHex(receipt.logsBloom),
      logs: receipt.logs.map(({ address, topics, data }) => ({
        address: bytesToHex(address),
        topics: topics.map((topic) => bytesToHex(topic)),
        data: bytesToHex(data),
        ...block,
        ...place,
        blockTimestamp: bigIntToHex(header.timestamp),
        logIndex: bigIntToHex(BigInt(logIndex++)),
        removed: false,
      })),
      ...place,
      contractAddress: bytesToHex(createdAddress(item, header.common) ?? new Uint8Array(20)),
      gasUsed: bigIntToHex(receipt.gasUsed),
      effectiveGasPrice: null,
      ...(blobs > 0n && { blobGasUsed: bigIntToHex(blobs), blobGasPrice: bigIntToHex(header.getBlobGasPrice()) }),
      ...block,
    }
  })
}

/** Sorted, as go-ethereum writes it. */
function allocOf({ accounts }: PlainState): Record<string, OutputAccount> {
  const sorted = [...accounts].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    sorted.map(([address, { code, storage, balance, nonce }]) => [
      address,
      {
        ...(code.length > 0 && { code: bytesToHex(code) }),
        ...(storage.size > 0 && { storage: Object.fromEntries([...storage].sort()) as Record<string, Hex> }),
        balance: bigIntToHex(balance),
        ...(nonce > 0n && { nonce: bigIntToHex(nonce) }),
      },
    ]),
  )
}

function hexOf(bytes: Uint8Array | undefined): Hex | null {
  return bytes === undefined ? null : bytesToHex(bytes)
}
