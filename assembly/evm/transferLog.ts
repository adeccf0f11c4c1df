import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256IsZero, u256ToBytes } from '../u256'
import { lastLog, setLastLog } from '../journal/journal'
import { txAlloc } from '../journal/txMemory'
import { A_WORD, LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_PREVIOUS, LOG_TOPICS } from '../journal/txRecords'
import { txAccount } from '../journal/txTable'

/** 0xffff...fffe as a word, whose logs these are. */
const SYSTEM_ADDRESS: usize = memory.data<u64>([0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffff, 0])
/** keccak-256 of Transfer(address,address,uint256). */
const TRANSFER: usize = memory.data<u8>([
  0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
  0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
])

/** The log of wei that went from one account to another (EIP-7708). `wei`: a word. OK or OUT_OF_SPACE. */
export function transferLog(from: usize, to: usize, wei: usize): i32 {
  if (from == to || u256IsZero(wei)) return OK
  const log = txAlloc(LOG_BODY + 4 * 32)
  const owner = txAccount(SYSTEM_ADDRESS)
  if (log == 0 || owner == 0) return OUT_OF_SPACE
  store<u32>(log, <u32>lastLog, LOG_PREVIOUS)
  store<u32>(log, <u32>owner, LOG_ACCOUNT)
  store<u32>(log, 3, LOG_TOPICS)
  store<u32>(log, 32, LOG_DATA_LENGTH)
  copyBytes(log + LOG_BODY, TRANSFER, 32)
  u256ToBytes(from + A_WORD, log + LOG_BODY + 32)
  u256ToBytes(to + A_WORD, log + LOG_BODY + 64)
  u256ToBytes(wei, log + LOG_BODY + 96)
  setLastLog(log)
  return OK
}
