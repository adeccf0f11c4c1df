import { copyBytes, fillBytes } from '../mem/bulk'
import { u256Copy } from '../u256'
import { lastLog, logCount } from '../journal/journal'
import { LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_PREVIOUS, LOG_TOPICS } from '../journal/txRecords'
import { accountAddress } from '../journal/txTable'
import { blockAlloc } from '../stm/txn'
import { returnData, returnLength } from '../evm/frames'
import { REVERTED } from '../evm/status'
import { bloomAdd, bloomBegin, bloomEnd } from './bloom'
import { TYPE_NOT_SUPPORTED } from './invalid'
import { blobGas, effectivePrice } from './validity'
import { O_BLOB_GAS, O_CODE, O_CREATED, O_FEE, O_FLAGS } from './layout'
import { O_GAS_USED, O_KIND, O_LENGTH, O_LOG_COUNT, O_PRICE } from './layout'
import { O_REASON, O_RETURN_LENGTH, O_SIZE, OLOG_BODY, OLOG_DATA_LENGTH, OLOG_TOPICS, OUTCOME_FAILED } from './layout'
import { OUTCOME_HAS_BLOOM, OUTCOME_HAS_CREATED, OUTCOME_REFUSED, OUTCOME_SUCCESS, OUTCOME_WORK } from './layout'

/** Length in bytes of the record made last. */
export let outcomeLength: u32 = 0

const BLOOM: usize = 256

/** Index in EXECUTION_ERRORS of src/abi/outcome.ts for the statuses of evm/status.ts from REVERTED on. */
const FAILURES: usize = memory.data<u8>([9, 0, 0, 0, 0, 1, 4, 5, 6, 7, 10, 1, 3, 17, 12, 18, 27, 2])
/** Index in INVALID_RULES for the rules of tx/invalid.ts from TYPE_NOT_SUPPORTED on. */
const RULES: usize = memory.data<u8>([8, 0, 9, 9, 2, 2, 3, 0, 6, 6, 6, 4, 5, 10, 0, 0, 0, 7, 0, 0, 0, 1, 11, 11, 12])

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
export function refusedOutcome(rule: u32): usize {
  const at = begin(OUTCOME_REFUSED, O_SIZE)
  if (at == 0) return 0
  store<u8>(at, load<u8>(RULES + rule - TYPE_NOT_SUPPORTED), O_REASON)
  store<u8>(at, <u8>rule, O_CODE)
  return at
}

/** Outcome of block work with room for `count` requests, `size` bytes in all, behind its header; 0 when out of space. */
export function workOutcome(count: u32, size: usize): usize {
  const at = begin(OUTCOME_WORK, O_SIZE + size)
  if (at != 0) store<u32>(at, count, O_LOG_COUNT)
  return at
}

/**
 * Outcome of an executed transaction with its logs and return data; 0 when out of space. `failure`: 0 or the status it
 * failed with; `fee`: address of a word; `created`: TxAccount or 0.
 */
export function executedOutcome(failure: i32, gasUsed: i64, fee: usize, created: usize): usize {
  let logs: usize = 0
  for (let log = lastLog; log != 0; log = load<u32>(log, LOG_PREVIOUS)) logs += logSize(log)
  const bloom: usize = logs == 0 ? 0 : BLOOM
  const at = begin(failure == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILED, O_SIZE + bloom + returnLength + logs)
  if (at == 0) return 0
  if (failure != 0) store<u8>(at, load<u8>(FAILURES + failure - REVERTED), O_REASON)
  store<u8>(at, <u8>failure, O_CODE)
  store<u64>(at, <u64>gasUsed, O_GAS_USED)
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
