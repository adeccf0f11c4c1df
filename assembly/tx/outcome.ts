import { lastLog, logCount } from '../state/journal'
import { LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_PREVIOUS, LOG_TOPICS } from '../state/txRecords'
import { accountAddress } from '../state/txTable'
import { blockAlloc } from '../stm/txn'
import { returnData, returnLength } from '../evm/frames'
import { blobGas } from './validity'
import { O_BLOB_GAS, O_CREATED, O_ERROR, O_GAS_USED, O_LOG_COUNT, O_LOGS, O_REFUND, O_RETURN } from './layout'
import { O_RETURN_LENGTH, O_SIZE, O_STATUS, OLOG_BODY, OLOG_DATA_LENGTH, OLOG_LENGTH, OLOG_TOPICS } from './layout'
import { OUTCOME_REFUSED } from './layout'

/** Length in bytes of the record made last. */
export let outcomeLength: u32 = 0

/** Outcome of a refused transaction; 0 when out of space. */
export function refusedOutcome(rule: u32): usize {
  const at = blockAlloc(O_SIZE)
  if (at == 0) return 0
  memory.fill(at, 0, O_SIZE)
  store<u32>(at, OUTCOME_REFUSED, O_STATUS)
  store<u32>(at, rule, O_ERROR)
  outcomeLength = <u32>O_SIZE
  return at
}

/** Outcome of an executed transaction with its logs and return data; 0 when out of space. `created`: TxAccount or 0. */
export function executedOutcome(status: u32, error: u32, gasUsed: i64, refunded: i64, created: usize): usize {
  let logs: usize = 0
  for (let log = lastLog; log != 0; log = load<u32>(log, LOG_PREVIOUS)) logs += logSize(log)
  const size = O_SIZE + logs + returnLength
  const at = blockAlloc(size)
  if (at == 0) return 0
  memory.fill(at, 0, O_SIZE)
  store<u32>(at, status, O_STATUS)
  store<u32>(at, error, O_ERROR)
  store<u64>(at, <u64>gasUsed, O_GAS_USED)
  store<u64>(at, <u64>refunded, O_REFUND)
  store<u64>(at, blobGas, O_BLOB_GAS)
  store<u32>(at, <u32>O_SIZE, O_LOGS)
  store<u32>(at, logCount, O_LOG_COUNT)
  store<u32>(at, <u32>(O_SIZE + logs), O_RETURN)
  store<u32>(at, returnLength, O_RETURN_LENGTH)
  if (created != 0) memory.copy(at + O_CREATED, accountAddress(created), 20)
  // The list is newest first: written from the end.
  let end = at + O_SIZE + logs
  for (let log = lastLog; log != 0; log = load<u32>(log, LOG_PREVIOUS)) {
    const length = logSize(log)
    end -= length
    writeLog(log, end, length)
  }
  memory.copy(at + O_SIZE + logs, returnData, returnLength)
  outcomeLength = <u32>size
  return at
}

function logSize(log: usize): usize {
  return OLOG_BODY + (((<usize>load<u32>(log, LOG_TOPICS) << 5) + load<u32>(log, LOG_DATA_LENGTH) + 3) & ~3)
}

function writeLog(log: usize, at: usize, length: usize): void {
  memory.copy(at, accountAddress(load<u32>(log, LOG_ACCOUNT)), 20)
  store<u32>(at, load<u32>(log, LOG_TOPICS), OLOG_TOPICS)
  store<u32>(at, load<u32>(log, LOG_DATA_LENGTH), OLOG_DATA_LENGTH)
  store<u32>(at, <u32>length, OLOG_LENGTH)
  memory.copy(at + OLOG_BODY, log + LOG_BODY, length - OLOG_BODY)
}
