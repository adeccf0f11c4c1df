import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256IsZero, u256ToBytes } from '../u256'
import { lastLog, setLastLog } from '../journal/journal'
import { txAlloc } from '../journal/txMemory'
import { A_WORD, LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_PREVIOUS, LOG_TOPICS } from '../journal/txRecords'
import { txAccount } from '../journal/txTable'
import { TRACING, traceLog } from './trace'

/** 0xffff...fffe as a word, whose logs these are. */
const SYSTEM_ADDRESS: usize = memory.data<u64>([0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffff, 0])
/** keccak-256 of Transfer(address,address,uint256). */
const TRANSFER: usize = memory.data<u8>([
  0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
  0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
])

/** keccak-256 of Burn(address,uint256). */
const BURN: usize = memory.data<u8>([
  0xcc, 0x16, 0xf5, 0xdb, 0xb4, 0x87, 0x32, 0x80, 0x81, 0x5c, 0x1e, 0xe0, 0x9d, 0xbd, 0x06, 0x73,
  0x6c, 0xff, 0xcc, 0x18, 0x44, 0x12, 0xcf, 0x7a, 0x71, 0xa0, 0xfd, 0xb7, 0x5d, 0x39, 0x7c, 0xa5,
])

/** ERC-7528: whose logs they are where no rule of the fork asks for them. */
const ETHER: usize = memory.data<u64>([0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee, 0xeeeeeeee, 0])

/** Whether wei that move are logged: EIP-7708, or because who asks wants it. */
export let logsTransfers: bool = false
let transferOwner: usize = SYSTEM_ADDRESS

/** Of the transaction that begins. `byRule`: its block's rules log transfers. */
export function setTransferLogs(byRule: bool, asked: bool): void {
  logsTransfers = byRule || asked
  transferOwner = byRule ? SYSTEM_ADDRESS : ETHER
}

/** The log of wei that went from one account to another (EIP-7708). `wei`: a word. OK or OUT_OF_SPACE. */
export function transferLog(from: usize, to: usize, wei: usize): i32 {
  if (from == to || u256IsZero(wei)) return OK
  const log = systemLog(transferOwner, TRANSFER, 3, from, wei)
  if (log == 0) return OUT_OF_SPACE
  u256ToBytes(to + A_WORD, log + LOG_BODY + 64)
  if (TRACING) traceLog(log)
  return OK
}

/** The log of wei that are burnt with an account. */
export function burnLog(account: usize, wei: usize): i32 {
  return u256IsZero(wei) || systemLog(SYSTEM_ADDRESS, BURN, 2, account, wei) != 0 ? OK : OUT_OF_SPACE
}

/**
 * A log of the account `by` whose first topics are an event and an account, and whose data is a word; 0 when out of
 * space.
 */
function systemLog(by: usize, event: usize, topics: u32, account: usize, wei: usize): usize {
  const data = LOG_BODY + 32 * <usize>topics
  const log = txAlloc(data + 32)
  const owner = txAccount(by)
  if (log == 0 || owner == 0) return 0
  store<u32>(log, <u32>lastLog, LOG_PREVIOUS)
  store<u32>(log, <u32>owner, LOG_ACCOUNT)
  store<u32>(log, topics, LOG_TOPICS)
  store<u32>(log, 32, LOG_DATA_LENGTH)
  copyBytes(log + LOG_BODY, event, 32)
  u256ToBytes(account + A_WORD, log + LOG_BODY + 32)
  u256ToBytes(wei, log + data)
  setLastLog(log)
  return log
}
