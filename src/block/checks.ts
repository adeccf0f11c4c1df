// Checks of a block as a whole: that its body is the one its header commits to, that its transactions may be in it,
// and that executing it gave what the header says.

import type { Common } from '@ethereumjs/common'
import { bytesToHex } from '@ethereumjs/util'
import { OUTCOME_INVALID, OUTCOME_WORK } from '../abi/core.generated.js'
import type { InvalidOutcome, Outcome, OutcomeHead, OutcomeLog, WorkOutcome } from '../abi/outcome.js'
import { sameBytes } from '../bytes.js'
import { PrecompileError } from '../setup/precompiles.js'
import type { Header } from './blockHeader.js'
import type { Keccak256 } from './bloom.js'
import type { BlockBody } from './decode.js'
import { EngineError, InvalidBlockError } from './errors.js'
import type { TransactionSummary } from './readTransaction.js'
import { depositContract, depositRequest, requestsHash } from './requests.js'

/** Root of the trie that holds each value under the RLP of its index. */
export type OrderedRoot = (values: readonly Uint8Array[]) => Uint8Array

/**
 * The size of the block (EIP-7934).
 *
 * @param size bytes of the block's RLP
 * @throws InvalidBlockError INVALID_BLOCK_SIZE
 */
export function checkSize({ common }: Header, size: number): void {
  if (!common.isActivatedEIP(7934) || BigInt(size) <= common.param('maxRlpBlockSize')) return
  const message = `${size} bytes; at most ${common.param('maxRlpBlockSize')} are allowed`
  throw new InvalidBlockError('INVALID_BLOCK_SIZE', message)
}

/**
 * The roots of the body. `generate`: without that of the transactions, which is still to be made.
 *
 * @throws InvalidBlockError INVALID_TRANSACTIONS_ROOT, INVALID_UNCLES_HASH, INVALID_WITHDRAWALS_ROOT
 */
export function checkBody(
  header: Header,
  { transactions, unclesRlp, withdrawals }: BlockBody,
  { keccak256, orderedRoot }: { keccak256: Keccak256; orderedRoot: OrderedRoot },
  generate = false,
): void {
  if (!generate) {
    expectHash('INVALID_TRANSACTIONS_ROOT', 'transactions root', orderedRoot(transactions), header.transactionsTrie)
  }
  expectHash('INVALID_UNCLES_HASH', 'uncles hash', keccak256(unclesRlp), header.uncleHash)
  if (withdrawals !== undefined) {
    expectHash('INVALID_WITHDRAWALS_ROOT', 'withdrawals root', orderedRoot(withdrawals), header.withdrawalsRoot!)
  }
}

/** The blobs of all transactions are those that the header counts. @throws InvalidBlockError INVALID_BLOB_GAS_USED */
export function checkBlobs(header: Header, blobs: number): void {
  if (!header.common.isActivatedEIP(4844)) return
  const used = BigInt(blobs) * header.common.param('blobGasPerBlob')
  if (used === header.blobGasUsed) return
  throw new InvalidBlockError('INVALID_BLOB_GAS_USED', `header says ${header.blobGasUsed}, the blobs use ${used}`)
}

/** What the transactions of a block came to; index 0: the work before them, last: the work after. */
export interface Outcomes {
  head(index: number): OutcomeHead
  whole(index: number): Outcome
}

/**
 * Refuses blocks with a transaction that must not be in them. Transactions are judged in order, as in a sequential run:
 * first whether the gas left in the block suffices, then whether execution refused it.
 *
 * @returns the requests of the system contracts (EIP-7002, EIP-7251)
 * @throws InvalidBlockError INVALID_TRANSACTION, SYSTEM_CALL_FAILED
 */
export function acceptOutcomes(
  header: Header,
  summaries: readonly TransactionSummary[],
  outcomes: Outcomes,
): Uint8Array[] {
  workOf(outcomes.whole(0))
  const pool = new GasPool(header)
  for (const [index, { gasLimit }] of summaries.entries()) {
    const { kind, blockGas, beforehand } = outcomes.head(index + 1)
    pool.admit(gasLimit, beforehand, index)
    if (kind === OUTCOME_INVALID) refuse(outcomes.whole(index + 1) as InvalidOutcome, index)
    if (kind === OUTCOME_WORK) throw new TypeError(`outcome ${index + 1} is not that of a transaction`)
    pool.take(blockGas)
  }
  return systemRequests(outcomes.whole(summaries.length + 1))
}

/** The requests of the system contracts (EIP-7002, EIP-7251) in the outcome of the work after the transactions. */
export function systemRequests(outcome: Outcome): Uint8Array[] {
  return workOf(outcome).requests
}

/** What is left of a block's gas: from EIP-8037 on of two kinds, of which the second is state gas. */
class GasPool {
  #left: bigint
  #leftOfState: bigint
  /** Most gas of a transaction that is not state gas. */
  readonly #most: bigint | undefined

  constructor({ gasLimit, common }: Header) {
    this.#left = gasLimit
    this.#leftOfState = gasLimit
    if (common.isActivatedEIP(8037)) this.#most = common.param('maxTransactionGasLimit')
  }

  /** @throws InvalidBlockError INVALID_TRANSACTION */
  admit(gasLimit: bigint, beforehand: bigint, index: number): void {
    const own = gasLimit - beforehand
    const execution = this.#most !== undefined && this.#most < own ? this.#most : own
    if (execution > this.#left) refuseGas(index, execution, 'gas', this.#left)
    if (gasLimit > this.#leftOfState) refuseGas(index, gasLimit, 'state gas', this.#leftOfState)
  }

  take({ execution, state }: OutcomeHead['blockGas']): void {
    this.#left -= execution
    this.#leftOfState -= state
  }
}

function refuseGas(index: number, wanted: bigint, of: string, left: bigint): never {
  const message = `transaction ${index} may use ${wanted} ${of}, the block has ${left} left`
  throw new InvalidBlockError('INVALID_TRANSACTION', message, index)
}

function refuse(outcome: InvalidOutcome, index: number): never {
  refuseForHost(outcome, `transaction ${index}`)
  throw new InvalidBlockError('INVALID_TRANSACTION', `transaction ${index}, ${outcome.rule}: ${outcome.message}`, index)
}

function workOf(outcome: Outcome): WorkOutcome {
  if (outcome.kind === OUTCOME_INVALID) {
    refuseForHost(outcome, "the block's own work")
    throw new InvalidBlockError(outcome.rule, outcome.message)
  }
  if (outcome.kind !== OUTCOME_WORK) throw new TypeError('an outcome is not that of block work')
  return outcome
}

/** A hash that nobody supplied, or a contract of the chain's own that threw, says nothing about the block. */
function refuseForHost({ rule, message }: InvalidOutcome, where: string): void {
  if (rule === 'BLOCK_HASH_MISSING') throw new EngineError(rule, `${where}: ${message}`)
  if (rule === 'PRECOMPILE_THREW') throw new PrecompileError(`${where}: ${message}`)
}

/**
 * The requests of a block in the order of their types, empty ones left out (EIP-7685); undefined before Prague.
 *
 * @param system requests of the system contracts, from systemRequests
 * @param deposits logs of the deposit contract; others are looked at in vain
 * @throws InvalidBlockError INVALID_DEPOSIT_LOG
 */
export function requestsOf(
  common: Common,
  system: readonly Uint8Array[],
  deposits: Iterable<OutcomeLog>,
): Uint8Array[] | undefined {
  if (!common.isActivatedEIP(7685)) return undefined
  const requests = [...system]
  const contract = depositContract(common)
  if (contract !== undefined) {
    try {
      requests.unshift(depositRequest(deposits, contract))
    } catch (error) {
      throw new InvalidBlockError('INVALID_DEPOSIT_LOG', (error as Error).message)
    }
  }
  return requests.filter((request) => request.length > 1)
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

/**
 * @throws InvalidBlockError INVALID_GAS_USED, INVALID_BLOB_GAS_USED, INVALID_LOGS_BLOOM, INVALID_RECEIPTS_ROOT,
 * INVALID_REQUESTS_HASH, INVALID_STATE_ROOT
 */
export function checkResult(header: Header, result: ExecutionResult): void {
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
