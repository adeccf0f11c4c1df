// What the executor knows of a block, in the shapes of @ethereumjs/vm.
import type { Block } from '@ethereumjs/block'
import { EVMError, type Log } from '@ethereumjs/evm'
import { Blob4844Tx, type TypedTransaction } from '@ethereumjs/tx'
import { Address, createCLRequest } from '@ethereumjs/util'
import { Bloom, type RunBlockResult as LibraryResult, type RunTxResult, type TxReceipt } from '@ethereumjs/vm'
import type { ExecutedOutcome } from '../abi/outcome.js'
import { requestsHash } from '../block/requests.js'
import { lazily } from '../executor/lazily.js'
import { outcomesOf } from '../executor/outcomes.js'
import type { BlockResult } from '../types.js'
import type { RunBlockResult } from './types.js'

/** EIP-7623 and before: types of the requests that a block has from Prague on, in order. */
const REQUEST_TYPES = [0, 1, 2]

/** The result of a block; receipts and results are made when they are first read. */
export function resultOf(block: Block, result: BlockResult): RunBlockResult {
  const { logsBloom, gasUsed, stateRoot, receiptsRoot, requests, stats } = result
  if (stateRoot === undefined || receiptsRoot === undefined) throw new TypeError('a block was executed without roots')
  let made: RunTxResult[] | undefined
  const results = (): RunTxResult[] => {
    made ??= transactionResults(block, result)
    return made
  }
  const known: Omit<RunBlockResult, 'results' | 'receipts'> = {
    logsBloom,
    stateRoot,
    gasUsed,
    receiptsRoot,
    preimages: new Map(),
    parallevm: { engine: 'parallevm', stats },
  }
  if (requests !== undefined) {
    known.requestsHash = requestsHash(requests)
    known.requests = allRequests(requests)
  }
  return lazily(known, { results, receipts: () => results().map(({ receipt }) => receipt) })
}

/** The library lists those of each type, with nothing in them when there are none. */
function allRequests(requests: readonly Uint8Array[]): NonNullable<LibraryResult['requests']> {
  return REQUEST_TYPES.map((type) => {
    return createCLRequest(requests.find((request) => request[0] === type) ?? new Uint8Array([type]))
  })
}

function transactionResults(block: Block, result: BlockResult): RunTxResult[] {
  let cumulativeBlockGasUsed = 0n
  return outcomesOf(result).map((outcome, index) => {
    cumulativeBlockGasUsed += outcome.gasUsed
    return transactionResult(block, block.transactions[index] as TypedTransaction, outcome, cumulativeBlockGasUsed)
  })
}

function transactionResult(
  block: Block,
  tx: TypedTransaction,
  outcome: ExecutedOutcome,
  cumulativeBlockGasUsed: bigint,
): RunTxResult {
  const { gasUsed, effectiveGasPrice, minerValue, createdAddress, executionGas, gasRefund, returnData } = outcome
  const logs: Log[] = outcome.logs
  const bloom = new Bloom(outcome.bloom, block.common)
  const blob = tx instanceof Blob4844Tx
  const receipt: TxReceipt = {
    ...(blob && { blobGasUsed: outcome.blobGasUsed, blobGasPrice: block.header.getBlobGasPrice() }),
    status: outcome.error === '' ? 1 : 0,
    cumulativeBlockGasUsed,
    bitvector: bloom.bitvector,
    logs,
  }
  return {
    execResult: {
      returnValue: returnData,
      executionGasUsed: executionGas,
      gasRefund,
      logs,
      ...(outcome.error !== '' && { exceptionError: new EVMError(outcome.error as never) }),
    },
    ...(createdAddress && { createdAddress: new Address(createdAddress) }),
    bloom,
    amountSpent: gasUsed * effectiveGasPrice,
    receipt,
    totalGasSpent: gasUsed,
    blockGasSpent: gasUsed,
    gasRefund,
    minerValue,
    ...(blob && { blobGasUsed: outcome.blobGasUsed }),
  }
}
