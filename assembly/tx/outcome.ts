import {
  REASON_CODE_STORE_OUT_OF_GAS, REASON_CODE_TOO_LONG, REASON_CREATE_COLLISION, REASON_INIT_CODE_TOO_LONG,
  REASON_INVALID_CODE, REASON_INVALID_JUMP, REASON_INVALID_OPCODE, REASON_NONE, REASON_OTHER, REASON_OUT_OF_GAS,
  REASON_REVERT, REASON_STACK_OVERFLOW, REASON_STACK_UNDERFLOW, REASON_STATIC_STATE_CHANGE, RULE_BLOB_FEE_CAP_TOO_LOW,
  RULE_BLOCK_HASH_MISSING, RULE_FEE_CAP_BELOW_BASE_FEE, RULE_INIT_CODE_TOO_LARGE, RULE_INSUFFICIENT_FUNDS,
  RULE_INTRINSIC_GAS_TOO_LOW, RULE_INVALID_TRANSACTION, RULE_MALFORMED_TRANSACTION, RULE_NO_ROOM_LEFT,
  RULE_NONCE_MISMATCH, RULE_PRECOMPILE_THREW, RULE_SENDER_HAS_CODE, RULE_SYSTEM_CALL_FAILED,
  RULE_TRANSACTION_GAS_LIMIT_TOO_HIGH, RULE_TRANSACTION_TYPE_NOT_ACTIVE,
} from '../abi/reasons'
import {
  OLOG_BODY,
  OLOG_DATA_LENGTH,
  OLOG_TOPICS,
  OUTCOME_FAILED,
  OUTCOME_HAS_BLOOM,
  OUTCOME_HAS_CREATED,
  OUTCOME_INVALID,
  OUTCOME_SUCCESS,
  OUTCOME_WORK,
  O_BLOB_GAS,
  O_BLOCK_GAS,
  O_CODE,
  O_CREATED,
  O_EXECUTION_GAS,
  O_FEE,
  O_FINDINGS,
  O_FLAGS,
  O_GAS_USED,
  O_KIND,
  O_LENGTH,
  O_LOG_COUNT,
  O_PRICE,
  O_REASON,
  O_REFUND,
  O_RETURN_LENGTH,
  O_SIZE,
  O_STATE_BEFOREHAND,
  O_STATE_GAS,
} from '../abi/transaction'
import { TYPE_NOT_SUPPORTED } from '../abi/refusals'
import { REVERTED } from '../abi/halts'
import { copyBytes, fillBytes } from '../mem/bulk'
import { u256Copy } from '../u256'
import { findingsLength, writeFindings } from '../journal/findings'
import { lastLog, logCount } from '../journal/journal'
import { LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_PREVIOUS, LOG_TOPICS } from '../journal/txRecords'
import { accountAddress } from '../journal/txTable'
import { blockAlloc } from '../stm/txn'
import { returnData, returnLength } from '../evm/frames'
import { bloomAdd, bloomBegin, bloomEnd } from './bloom'
import { blobGas, effectivePrice } from './validity'

/** Length in bytes of the record made last. */
export let outcomeLength: u32 = 0

const BLOOM: usize = 256

/** REASON_* for the statuses of abi/halts.ts from REVERTED on. */
const REASONS: usize = memory.data<u8>([
  REASON_REVERT, REASON_NONE, REASON_NONE, REASON_NONE, REASON_NONE, REASON_OUT_OF_GAS, REASON_STACK_UNDERFLOW,
  REASON_STACK_OVERFLOW, REASON_INVALID_JUMP, REASON_INVALID_OPCODE, REASON_STATIC_STATE_CHANGE, REASON_OUT_OF_GAS,
  REASON_CODE_TOO_LONG, REASON_INVALID_CODE, REASON_CREATE_COLLISION, REASON_INIT_CODE_TOO_LONG, REASON_OTHER,
  REASON_CODE_STORE_OUT_OF_GAS,
])
/** RULE_* for abi/refusals.ts from TYPE_NOT_SUPPORTED on. */
const RULES: usize = memory.data<u8>([
  RULE_TRANSACTION_TYPE_NOT_ACTIVE, RULE_INVALID_TRANSACTION, RULE_TRANSACTION_GAS_LIMIT_TOO_HIGH,
  RULE_TRANSACTION_GAS_LIMIT_TOO_HIGH, RULE_INTRINSIC_GAS_TOO_LOW, RULE_INTRINSIC_GAS_TOO_LOW,
  RULE_FEE_CAP_BELOW_BASE_FEE, RULE_INVALID_TRANSACTION, RULE_NONCE_MISMATCH, RULE_NONCE_MISMATCH,
  RULE_NONCE_MISMATCH, RULE_SENDER_HAS_CODE, RULE_INSUFFICIENT_FUNDS, RULE_INIT_CODE_TOO_LARGE,
  RULE_INVALID_TRANSACTION, RULE_INVALID_TRANSACTION, RULE_INVALID_TRANSACTION, RULE_BLOB_FEE_CAP_TOO_LOW,
  RULE_INVALID_TRANSACTION, RULE_INVALID_TRANSACTION, RULE_INVALID_TRANSACTION, RULE_MALFORMED_TRANSACTION,
  RULE_SYSTEM_CALL_FAILED, RULE_SYSTEM_CALL_FAILED, RULE_BLOCK_HASH_MISSING, RULE_NO_ROOM_LEFT, RULE_NO_ROOM_LEFT,
  RULE_NO_ROOM_LEFT, RULE_NO_ROOM_LEFT, RULE_PRECOMPILE_THREW,
])

function begin(kind: u32, size: usize): usize {
  const at = blockAlloc(size)
  if (at == 0) return 0
  fillBytes(at, 0, O_SIZE)
  store<u8>(at, <u8>kind, O_KIND)
  store<u32>(at, <u32>size, O_LENGTH)
  outcomeLength = <u32>size
  return at
}

/** Outcome of a refused transaction, or of block work that makes the block invalid; 0 when out of space. */
export function invalidOutcome(rule: u32): usize {
  return refused(rule, 0)
}

/** The same with the return data as the reason in words. */
export function toldOutcome(rule: u32): usize {
  const at = refused(rule, returnLength)
  if (at == 0) return 0
  store<u32>(at, returnLength, O_RETURN_LENGTH)
  copyBytes(at + O_SIZE, returnData, returnLength)
  return at
}

function refused(rule: u32, words: usize): usize {
  const at = begin(OUTCOME_INVALID, O_SIZE + words)
  if (at == 0) return 0
  store<u8>(at, load<u8>(RULES + rule - TYPE_NOT_SUPPORTED), O_REASON)
  store<u8>(at, <u8>rule, O_CODE)
  return at
}

/**
 * Outcome of block work with room for `count` requests, `size` bytes in all, behind its header; 0 when out of space.
 */
export function workOutcome(count: u32, size: usize): usize {
  const at = begin(OUTCOME_WORK, O_SIZE + size)
  if (at != 0) store<u32>(at, count, O_LOG_COUNT)
  return at
}

/**
 * Outcome of an executed transaction with its logs, return data and findings; 0 when out of space. `failure`: 0 or the
 * status it failed with; `executed`: gas of the EVM alone; `refund`: its counter; `fee`: address of a word; `created`:
 * TxAccount or 0. To the gas used by its block it adds `gasUsed`: noteBlockGas.
 */
export function executedOutcome(
  failure: i32,
  gasUsed: i64,
  executed: i64,
  refund: i64,
  fee: usize,
  created: usize,
): usize {
  let logs: usize = 0
  for (let log = lastLog; log != 0; log = load<u32>(log, LOG_PREVIOUS)) logs += logSize(log)
  const bloom: usize = logs == 0 ? 0 : BLOOM
  const size = O_SIZE + bloom + returnLength + logs + findingsLength
  const at = begin(failure == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILED, size)
  if (at == 0) return 0
  if (failure != 0) store<u8>(at, load<u8>(REASONS + failure - REVERTED), O_REASON)
  store<u8>(at, <u8>failure, O_CODE)
  store<u64>(at, <u64>gasUsed, O_GAS_USED)
  store<u64>(at, <u64>executed, O_EXECUTION_GAS)
  store<u64>(at, <u64>refund, O_REFUND)
  store<u64>(at, <u64>gasUsed, O_BLOCK_GAS)
  store<u64>(at, blobGas, O_BLOB_GAS)
  u256Copy(effectivePrice, at + O_PRICE)
  u256Copy(fee, at + O_FEE)
  store<u32>(at, logCount, O_LOG_COUNT)
  store<u32>(at, returnLength, O_RETURN_LENGTH)
  if (created != 0) {
    copyBytes(at + O_CREATED, accountAddress(created), 20)
    store<u8>(at, OUTCOME_HAS_CREATED, O_FLAGS)
  }
  const body = at + O_SIZE
  copyBytes(body + bloom, returnData, returnLength)
  if (findingsLength != 0) {
    store<u32>(at, <u32>findingsLength, O_FINDINGS)
    writeFindings(body + bloom + returnLength + logs)
  }
  if (logs == 0) return at
  store<u8>(at, load<u8>(at, O_FLAGS) | OUTCOME_HAS_BLOOM, O_FLAGS)
  if (!bloomBegin(body)) return 0
  // The list is newest first: written from the end.
  let end = body + bloom + returnLength + logs
  for (let log = lastLog; log != 0; log = load<u32>(log, LOG_PREVIOUS)) {
    const length = logSize(log)
    end -= length
    writeLog(log, end, length)
  }
  bloomEnd()
  return at
}

/**
 * For an executed outcome, 0 for none: it adds these to the two sums that the block's gas is the larger of (EIP-8037).
 */
export function noteBlockGas(outcome: usize, execution: i64, state: i64, beforehand: i64): usize {
  if (outcome != 0) {
    store<u64>(outcome, <u64>execution, O_BLOCK_GAS)
    store<u64>(outcome, <u64>state, O_STATE_GAS)
    store<u64>(outcome, <u64>beforehand, O_STATE_BEFOREHAND)
  }
  return outcome
}

function logSize(log: usize): usize {
  return OLOG_BODY + (<usize>load<u32>(log, LOG_TOPICS) << 5) + load<u32>(log, LOG_DATA_LENGTH)
}

function writeLog(log: usize, at: usize, length: usize): void {
  const topics = load<u32>(log, LOG_TOPICS)
  copyBytes(at, accountAddress(load<u32>(log, LOG_ACCOUNT)), 20)
  store<u32>(at, topics, OLOG_TOPICS)
  store<u32>(at, load<u32>(log, LOG_DATA_LENGTH), OLOG_DATA_LENGTH)
  copyBytes(at + OLOG_BODY, log + LOG_BODY, length - OLOG_BODY)
  bloomAdd(at, 20)
  for (let i: u32 = 0; i < topics; i++) bloomAdd(at + OLOG_BODY + (<usize>i << 5), 32)
}
