import { OUT_OF_GAS, STATIC_VIOLATION } from '../abi/halts'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256ToBytes } from '../u256'
import { lastLog, setLastLog } from '../journal/journal'
import { txAlloc } from '../journal/txMemory'
import { LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_PREVIOUS, LOG_TOPICS } from '../journal/txRecords'
import { F_FLAGS, F_SELF, FRAME_STATIC } from './frames'
import { charge, memoryPointer, memoryRange, rangeLength, rangeOffset } from './memory'
import { TRACING, traceLog } from './trace'

/** LOG0 to LOG4: a record in the transaction's memory, newest first in a list, so that a revert drops it in O(1). */
export function opLog(frame: usize, sp: usize, topics: u32): i32 {
  if (load<u32>(frame, F_FLAGS) & FRAME_STATIC) return STATIC_VIOLATION
  const status = memoryRange(frame, sp, sp - 32)
  if (status != OK) return status
  if (!charge(375 + 375 * <i64>topics + 8 * <i64>rangeLength)) return OUT_OF_GAS
  const log = txAlloc(LOG_BODY + <usize>topics * 32 + rangeLength)
  if (log == 0) return OUT_OF_SPACE
  store<u32>(log, <u32>lastLog, LOG_PREVIOUS)
  store<u32>(log, load<u32>(frame, F_SELF), LOG_ACCOUNT)
  store<u32>(log, topics, LOG_TOPICS)
  store<u32>(log, rangeLength, LOG_DATA_LENGTH)
  let at = log + LOG_BODY
  let word = sp - 64
  for (let i: u32 = 0; i < topics; i++) {
    u256ToBytes(word, at)
    at += 32
    word -= 32
  }
  copyBytes(at, memoryPointer(frame, rangeOffset), rangeLength)
  setLastLog(log)
  if (TRACING) traceLog(log)
  return OK
}
