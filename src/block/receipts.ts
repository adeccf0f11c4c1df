import { OUTCOME_SUCCESS } from '../abi/core.generated.js'
import type { ExecutedOutcome } from '../abi/outcome.js'
import type { ExecutedReceipt } from '../types.js'
import { BLOOM_BYTES } from './bloom.js'

/**
 * Receipts of a block from the outcomes of its transactions, in order.
 *
 * @param types EIP-2718 type of each transaction
 * @param holds what they hold before the gas (EIP-658): the status, or before Byzantium the state root after each
 * transaction, or nothing where that was not made
 */
export function buildReceipts(
  outcomes: readonly ExecutedOutcome[],
  types: readonly number[],
  holds: 'status' | 'nothing' | readonly Uint8Array[] = 'status',
): ExecutedReceipt[] {
  let cumulativeGasUsed = 0n
  return outcomes.map((outcome, index) => {
    cumulativeGasUsed += outcome.gasUsed
    const receipt: ExecutedReceipt = {
      type: types[index]!,
      gasUsed: outcome.gasUsed,
      cumulativeGasUsed,
      logsBloom: outcome.bloom ?? new Uint8Array(BLOOM_BYTES),
      logs: outcome.logs.map(([address, topics, data]) => ({ address, topics, data })),
    }
    if (holds === 'status') receipt.status = outcome.kind === OUTCOME_SUCCESS ? 1 : 0
    else if (holds !== 'nothing') receipt.stateRoot = holds[index]!
    if (outcome.createdAddress !== undefined) receipt.contractAddress = outcome.createdAddress
    return receipt
  })
}
