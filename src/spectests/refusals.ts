// What an expected exception of a test allows as the reason of a refusal.

import { Refusal } from '../abi/core.generated.js'
import type { RefusalReason } from '../abi/outcome.js'

type Allowed = [wasm: readonly number[], ethereumjs: readonly RefusalReason[]]

/** @ethereumjs has no words of its own for most rules: these two stand for anything. */
const UNNAMED: readonly RefusalReason[] = ['INVALID_TRANSACTION', 'MALFORMED_TRANSACTION']

const TYPE: Allowed = [[Refusal.TYPE_NOT_SUPPORTED], ['TRANSACTION_TYPE_NOT_ACTIVE']]
const FUNDS: Allowed = [[Refusal.INSUFFICIENT_FUNDS], ['INSUFFICIENT_FUNDS']]
const BLOB_COUNT: Allowed = [[Refusal.TOO_MANY_BLOBS], []]

const EXCEPTIONS: Record<string, Allowed> = {
  INSUFFICIENT_ACCOUNT_FUNDS: FUNDS,
  GASLIMIT_PRICE_PRODUCT_OVERFLOW: FUNDS,
  INTRINSIC_GAS_TOO_LOW: [[Refusal.INTRINSIC_GAS_TOO_LOW], ['INTRINSIC_GAS_TOO_LOW']],
  INTRINSIC_GAS_BELOW_FLOOR_GAS_COST: [[Refusal.FLOOR_GAS_TOO_LOW], ['INTRINSIC_GAS_TOO_LOW']],
  SENDER_NOT_EOA: [[Refusal.SENDER_NOT_EOA], ['SENDER_HAS_CODE']],
  INSUFFICIENT_MAX_FEE_PER_GAS: [[Refusal.FEE_BELOW_BASE_FEE], ['FEE_CAP_BELOW_BASE_FEE']],
  PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS: [[Refusal.PRIORITY_ABOVE_MAX_FEE], []],
  INITCODE_SIZE_EXCEEDED: [[Refusal.TX_INIT_CODE_TOO_LONG], ['INIT_CODE_TOO_LARGE']],
  GAS_LIMIT_EXCEEDS_MAXIMUM: [[Refusal.GAS_LIMIT_ABOVE_CAP], ['TRANSACTION_GAS_LIMIT_TOO_HIGH']],
  GAS_ALLOWANCE_EXCEEDED: [[Refusal.GAS_LIMIT_ABOVE_BLOCK], []],
  NONCE_IS_MAX: [[Refusal.NONCE_IS_MAX], []],
  NONCE_MISMATCH_TOO_LOW: [[Refusal.NONCE_TOO_LOW], ['NONCE_MISMATCH']],
  NONCE_MISMATCH_TOO_HIGH: [[Refusal.NONCE_TOO_HIGH], ['NONCE_MISMATCH']],
  TYPE_1_TX_PRE_FORK: TYPE,
  TYPE_2_TX_PRE_FORK: TYPE,
  TYPE_3_TX_PRE_FORK: TYPE,
  TYPE_4_TX_PRE_FORK: TYPE,
  TYPE_3_TX_ZERO_BLOBS: [[Refusal.NO_BLOBS], []],
  TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH: [[Refusal.BLOB_HASH_VERSION], []],
  INSUFFICIENT_MAX_FEE_PER_BLOB_GAS: [[Refusal.BLOB_FEE_TOO_LOW], ['BLOB_FEE_CAP_TOO_LOW']],
  TYPE_3_TX_CONTRACT_CREATION: [[Refusal.BLOB_TX_CREATES], []],
  TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED: BLOB_COUNT,
  TYPE_3_TX_BLOB_COUNT_EXCEEDED: BLOB_COUNT,
  TYPE_4_TX_CONTRACT_CREATION: [[Refusal.SET_CODE_TX_CREATES], []],
  TYPE_4_EMPTY_AUTHORIZATION_LIST: [[Refusal.NO_AUTHORISATIONS], []],
}

/** Whether an engine refused for one of the expected reasons ('A|B'). Names without a rule here allow every reason. */
export function refusedAsExpected(expected: string, reason: number | RefusalReason): boolean {
  return namesOf(expected).some((name) => {
    const allowed = EXCEPTIONS[name]
    if (allowed === undefined) return true
    if (typeof reason === 'number') return allowed[0].includes(reason)
    return UNNAMED.includes(reason) || allowed[1].includes(reason)
  })
}

/** 'TransactionException.A|BlockException.B' -> A, B */
export function namesOf(expected: string): string[] {
  return expected.split('|').map((name) => name.split('.').at(-1) as string)
}

/** Codes of InvalidBlockError that an expected exception of a block allows. */
const BLOCK_EXCEPTIONS: Record<string, readonly string[]> = {
  INCORRECT_EXCESS_BLOB_GAS: ['INVALID_EXCESS_BLOB_GAS'],
  INVALID_REQUESTS: ['INVALID_REQUESTS_HASH'],
  INVALID_DEPOSIT_EVENT_LAYOUT: ['INVALID_DEPOSIT_LOG'],
  INVALID_GASLIMIT: ['INVALID_GAS_LIMIT'],
  SYSTEM_CONTRACT_CALL_FAILED: ['SYSTEM_CALL_FAILED'],
  SYSTEM_CONTRACT_EMPTY: ['SYSTEM_CALL_FAILED'],
  INVALID_WITHDRAWALS_ROOT: ['INVALID_WITHDRAWALS_ROOT'],
  INVALID_BASEFEE_PER_GAS: ['INVALID_BASE_FEE'],
  INVALID_BLOCK_ACCESS_LIST: ['INVALID_BLOCK_ACCESS_LIST'],
  INVALID_BAL_HASH: ['INVALID_BLOCK_ACCESS_LIST'],
  BLOCK_ACCESS_LIST_GAS_LIMIT_EXCEEDED: ['BLOCK_ACCESS_LIST_TOO_LONG'],
  // The header counts the blobs: it breaks its own rule first.
  TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED: ['INVALID_TRANSACTION', 'INVALID_BLOB_GAS_USED'],
  TYPE_3_TX_BLOB_COUNT_EXCEEDED: ['INVALID_TRANSACTION', 'INVALID_BLOB_GAS_USED'],
}

/** Whether a block was refused for one of the expected reasons. Names without a code here allow every reason. */
export function blockRefusedAsExpected(expected: string, code: string): boolean {
  return namesOf(expected).some((name) => {
    const allowed = BLOCK_EXCEPTIONS[name] ?? (name in EXCEPTIONS ? TRANSACTION_CODES : undefined)
    return allowed === undefined || allowed.includes(code)
  })
}

const TRANSACTION_CODES = ['INVALID_TRANSACTION']
