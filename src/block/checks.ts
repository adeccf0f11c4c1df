// Checks of a block as a whole: that its body is the one its header commits to, that its transactions may be in it,
// and that executing it gave what the header says.
import type { BlockHeader } from '@ethereumjs/block'
import { type Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import {
  type ExecutedOutcome,
  type InvalidOutcome,
  OUTCOME_INVALID,
  OUTCOME_WORK,
  type Outcome,
  type OutcomeLog,
  type WorkOutcome,
} from '../abi/outcome.js'
import type { ExecutedReceipt } from '../types.js'
import type { Keccak256 } from './bloom.js'
import { type BodyTransaction, encodedTransaction, factsOf, type TransactionFacts } from './body.js'
import { sameBytes } from './bytes.js'
import { encodeReceipt } from './encodeReceipt.js'
import { EngineError, InvalidBlockError } from './errors.js'
import type { OrderedRoot } from './orderedRoot.js'
import { depositRequest, requestsHash } from './requests.js'

/** The parts of a block as its RLP has them. */
export interface BlockBody {
  transactions: readonly BodyTransaction[]
  /** Fields of each uncle's header. */
  uncles: readonly Uint8Array[][]
  /** Fields of each withdrawal; undefined when the block has no such list. */
  withdrawals: readonly Uint8Array[][] | undefined
}

/**
 * The roots of the body, the list of withdrawals being there when it must, and the size of the block (EIP-7934).
 *
 * @param size bytes of the block's RLP
 * @throws InvalidBlockError INVALID_TRANSACTIONS_ROOT, INVALID_UNCLES_HASH, INVALID_WITHDRAWALS_ROOT, INVALID_BLOCK_SIZE
 */
export function checkBody(
  header: BlockHeader,
  body: BlockBody,
  size: number,
  hashing: { keccak256: Keccak256; orderedRoot: OrderedRoot },
): void {
  const { common } = header
  if (common.isActivatedEIP(7934) && BigInt(size) > common.param('maxRlpBlockSize')) {
    throw new InvalidBlockError(
      'INVALID_BLOCK_SIZE',
      `${size} bytes; at most ${common.param('maxRlpBlockSize')} are allowed`,
    )
  }
  const transactions = hashing.orderedRoot(body.transactions.map(encodedTransaction))
  expectHash('INVALID_TRANSACTIONS_ROOT', 'transactions root', transactions, header.transactionsTrie)
  expectHash(
    'INVALID_UNCLES_HASH',
    'uncles hash',
    hashing.keccak256(RLP.encode(body.uncles as never)),
    header.uncleHash,
  )
  if (common.isActivatedEIP(4895) !== (body.withdrawals !== undefined)) {
    const has = body.withdrawals === undefined ? 'lacks' : 'has'
    throw new InvalidBlockError(
      'INVALID_WITHDRAWALS_ROOT',
      `a block of ${common.hardfork()} ${has} a list of withdrawals`,
    )
  }
  if (body.withdrawals !== undefined) {
    const root = hashing.orderedRoot(body.withdrawals.map((fields) => RLP.encode(fields)))
    expectHash('INVALID_WITHDRAWALS_ROOT', 'withdrawals root', root, header.withdrawalsRoot!)
  }
}

/**
 * What the host has to know of every transaction.
 *
 * @throws InvalidBlockError INVALID_TRANSACTION, INVALID_BLOB_GAS_USED when the blobs are not those the header counts
 */
export function transactionFacts(header: BlockHeader, transactions: readonly BodyTransaction[]): TransactionFacts[] {
  let blobs = 0
  const facts = transactions.map((body, index) => {
    try {
      const fact = factsOf(body)
      blobs += fact.blobs
      return fact
    } catch (error) {
      throw new InvalidBlockError('INVALID_TRANSACTION', `transaction ${index}: ${(error as Error).message}`, index)
    }
  })
  if (header.common.isActivatedEIP(4844)) {
    const used = BigInt(blobs) * header.common.param('blobGasPerBlob')
    if (used !== header.blobGasUsed) {
      throw new InvalidBlockError('INVALID_BLOB_GAS_USED', `header says ${header.blobGasUsed}, the blobs use ${used}`)
    }
  }
  return facts
}

/**
 * Takes the outcomes of a block apart (index 0: work before, then the transactions, last: work after), refusing blocks
 * with a transaction that must not be in them. Transactions are judged in order, as in a sequential run: first whether
 * the gas left in the block suffices, then whether execution refused it.
 *
 * @throws InvalidBlockError INVALID_TRANSACTION, SYSTEM_CALL_FAILED
 */
export function acceptOutcomes(
  header: BlockHeader,
  facts: readonly TransactionFacts[],
  outcomes: readonly Outcome[],
): { executed: ExecutedOutcome[]; requests: Uint8Array[] } {
  workOf(outcomes[0]!)
  let gasUsed = 0n
  const executed = facts.map(({ gasLimit }, index) => {
    const left = header.gasLimit - gasUsed
    if (gasLimit > left) {
      const message = `transaction ${index} may use ${gasLimit} gas, the block has ${left} left`
      throw new InvalidBlockError('INVALID_TRANSACTION', message, index)
    }
    const outcome = outcomes[index + 1]!
    if (outcome.kind === OUTCOME_INVALID) {
      refuseUnknownHash(outcome, `transaction ${index}`)
      throw new InvalidBlockError(
        'INVALID_TRANSACTION',
        `transaction ${index}, ${outcome.rule}: ${outcome.message}`,
        index,
      )
    }
    if (outcome.kind === OUTCOME_WORK) throw new TypeError(`outcome ${index + 1} is not that of a transaction`)
    gasUsed += outcome.gasUsed
    return outcome
  })
  return { executed, requests: workOf(outcomes[facts.length + 1]!).requests }
}

function workOf(outcome: Outcome): WorkOutcome {
  if (outcome.kind === OUTCOME_INVALID) {
    refuseUnknownHash(outcome, "the block's own work")
    throw new InvalidBlockError(outcome.rule, outcome.message)
  }
  if (outcome.kind !== OUTCOME_WORK) throw new TypeError('an outcome is not that of block work')
  return outcome
}

/** A hash that nobody supplied says nothing about the block. */
function refuseUnknownHash({ rule, message }: InvalidOutcome, where: string): void {
  if (rule === 'BLOCK_HASH_MISSING') throw new EngineError(rule, `${where}: ${message}`)
}

/**
 * The requests of a block in the order of their types, empty ones left out (EIP-7685); undefined before Prague.
 *
 * @param system requests of the system contracts, from acceptOutcomes
 * @throws InvalidBlockError INVALID_DEPOSIT_LOG
 */
export function requestsOf(
  common: Common,
  receipts: readonly ExecutedReceipt[],
  system: readonly Uint8Array[],
): Uint8Array[] | undefined {
  if (!common.isActivatedEIP(7685)) return undefined
  const requests = [...system]
  if (common.isActivatedEIP(6110)) requests.unshift(deposits(common, receipts))
  return requests.filter((request) => request.length > 1)
}

function deposits(common: Common, receipts: readonly ExecutedReceipt[]): Uint8Array {
  const chain = (common as unknown as { _chainParams: { depositContractAddress?: `0x${string}` } })._chainParams
  const contract = hexToBytes(chain.depositContractAddress ?? Mainnet.depositContractAddress!)
  const logs = receipts.flatMap((receipt) =>
    receipt.logs.map(({ address, topics, data }): OutcomeLog => [address, topics, data]),
  )
  try {
    return depositRequest(logs, contract)
  } catch (error) {
    throw new InvalidBlockError('INVALID_DEPOSIT_LOG', (error as Error).message)
  }
}

export interface ExecutionResult {
  gasUsed: bigint
  blobGasUsed: bigint
  logsBloom: Uint8Array
  receiptsRoot: Uint8Array
  /** As requestsOf gives them. */
  requests: readonly Uint8Array[] | undefined
  /** Undefined when it was not computed. */
  stateRoot?: Uint8Array
}

export function receiptsRootOf(receipts: readonly ExecutedReceipt[], orderedRoot: OrderedRoot): Uint8Array {
  return orderedRoot(receipts.map(encodeReceipt))
}

/**
 * @throws InvalidBlockError INVALID_GAS_USED, INVALID_BLOB_GAS_USED, INVALID_LOGS_BLOOM, INVALID_RECEIPTS_ROOT,
 * INVALID_REQUESTS_HASH, INVALID_STATE_ROOT
 */
export function checkResult(header: BlockHeader, result: ExecutionResult): void {
  if (result.gasUsed !== header.gasUsed) {
    throw new InvalidBlockError('INVALID_GAS_USED', `header says ${header.gasUsed}, execution used ${result.gasUsed}`)
  }
  if (header.blobGasUsed !== undefined && result.blobGasUsed !== header.blobGasUsed) {
    const message = `header says ${header.blobGasUsed}, execution used ${result.blobGasUsed}`
    throw new InvalidBlockError('INVALID_BLOB_GAS_USED', message)
  }
  if (!sameBytes(result.logsBloom, header.logsBloom)) {
    throw new InvalidBlockError('INVALID_LOGS_BLOOM', "the header's logs bloom is not that of the logs")
  }
  expectHash('INVALID_RECEIPTS_ROOT', 'receipts root', result.receiptsRoot, header.receiptTrie)
  if (result.requests !== undefined) {
    expectHash('INVALID_REQUESTS_HASH', 'requests hash', requestsHash(result.requests), header.requestsHash!)
  }
  if (result.stateRoot !== undefined) expectHash('INVALID_STATE_ROOT', 'state root', result.stateRoot, header.stateRoot)
}

function expectHash(code: string, name: string, computed: Uint8Array, header: Uint8Array): void {
  if (sameBytes(computed, header)) return
  throw new InvalidBlockError(code, `${name}: header says ${bytesToHex(header)}, computed ${bytesToHex(computed)}`)
}
