import { type ExecutedOutcome, OUTCOME_SUCCESS } from '../abi/outcome.js'
import type { ExecutedReceipt } from '../types.js'
import { BLOOM_BYTES, bloomOf, type Keccak256, mergeBloom } from './bloom.js'

export interface BlockReceipts {
  receipts: ExecutedReceipt[]
  /** Gas used by the block. */
  gasUsed: bigint
  /** Blob gas used by the block (EIP-4844). */
  blobGasUsed: bigint
  /** 256 bytes. */
  logsBloom: Uint8Array
}

/**
 * Receipts of a block from the outcomes of its transactions, in order.
 *
 * @param types EIP-2718 type of each transaction
 * @param stateRoots state root after each transaction: before Byzantium receipts hold it instead of the status (EIP-658)
 */
export function buildReceipts(
  outcomes: readonly ExecutedOutcome[],
  types: readonly number[],
  keccak256: Keccak256,
  stateRoots?: readonly Uint8Array[],
): BlockReceipts {
  const logsBloom = new Uint8Array(BLOOM_BYTES)
  let gasUsed = 0n
  let blobGasUsed = 0n
  const receipts = outcomes.map((outcome, index) => {
    gasUsed += outcome.gasUsed
    blobGasUsed += outcome.blobGasUsed
    const bloom = outcome.bloom ?? bloomOf(outcome.logs, keccak256)
    mergeBloom(logsBloom, bloom)
    const receipt: ExecutedReceipt = {
      type: types[index]!,
      gasUsed: outcome.gasUsed,
      cumulativeGasUsed: gasUsed,
      logsBloom: bloom,
      logs: outcome.logs.map(([address, topics, data]) => ({ address, topics, data })),
    }
    if (stateRoots === undefined) receipt.status = outcome.kind === OUTCOME_SUCCESS ? 1 : 0
    else receipt.stateRoot = stateRoots[index]!
    if (outcome.createdAddress !== undefined) receipt.contractAddress = outcome.createdAddress
    return receipt
  })
  return { receipts, gasUsed, blobGasUsed, logsBloom }
}
