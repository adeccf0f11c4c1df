import {
  WORK_CALL,
  WORK_CREDIT,
  WORK_DRAIN,
  WORK_POUR,
  WORK_REQUEST,
  STEP_A,
  STEP_ADDRESS,
  STEP_B,
  STEP_KIND,
  STEP_SIZE,
  STEP_TYPE,
  WORK_STORE,
} from '../abi/steps'
import {
  D_WITHDRAWAL_COUNT, D_WITHDRAWAL_TABLE, WITHDRAWAL_AMOUNT, WITHDRAWAL_RECIPIENT, WITHDRAWAL_SIZE,
} from '../abi/blockParts'
import {
  O_SIZE, RECORD_SYSTEM, R_DATA, R_DATA_LENGTH, R_FLAGS, R_GAS_LIMIT, R_SENDER, R_SIZE, R_TO,
} from '../abi/transaction'
import { SYSTEM_CALL_FAILED, SYSTEM_CONTRACT_ABSENT } from '../abi/refusals'
import { RETURNED, STOPPED } from '../abi/halts'
import { LENGTH_PREFIX } from '../abi/slices'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { u256Add, u256Copy, u256FromBytes, u256IsZero } from '../u256'
import { flush } from '../journal/flush'
import { addBalance, see, setSlot, subBalance, touch } from '../journal/journal'
import { needBalance, needCode, needCodeHash, needSlot } from '../journal/txReads'
import { A_BALANCE, A_CODE } from '../journal/txRecords'
import { txSlot } from '../journal/txTable'
import { blockAlloc, txSuspend } from '../stm/txn'
import { returnData, returnLength, scratch } from '../evm/frames'
import { hostRefusal, isAbort } from '../evm/status'
import { invalidOutcome, workOutcome } from '../tx/outcome'
import { accountOf } from '../tx/enter'
import { beginState, finish, systemCall } from '../tx/run'

// The block's own work, before its transactions and after them: a list of steps that the host derived from the rules of
// the fork (abi/steps.ts). Each list is one pseudo transaction.
// Decision 3 (docs/adr/0003-block-work-is-transactions.md).

const WEI_PER_GWEI: u64 = 1_000_000_000

/** The sender of calls by the protocol, 20 bytes. */
const SYSTEM_SENDER: usize = memory.data<u8>([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
])

/** Requests so far, newest first: u32 previous, u32 length, then type byte and data. */
let requests: usize = 0
let requestCount: u32 = 0
let requestBytes: usize = 0
/** Why the block is invalid, 0 while it is not. */
let failure: u32 = 0

/**
 * Runs `count` steps as the running transaction, after the withdrawals of `block` (abi/blockParts.ts; 0: none). A
 * status as of runTransaction.
 */
export function runWork(steps: usize, count: u32, block: usize): i32 {
  const status = work(steps, count, block)
  return status == BLOCKED || status == MISSING ? txSuspend() : status
}

function work(steps: usize, count: u32, block: usize): i32 {
  if (!beginState()) return OUT_OF_SPACE
  requests = 0
  requestCount = 0
  requestBytes = 0
  failure = 0
  const drained = blockAlloc(32)
  if (drained == 0) return OUT_OF_SPACE
  fillBytes(drained, 0, 32)
  const paid = block == 0 ? OK : withdraw(load<u32>(block, D_WITHDRAWAL_TABLE), load<u32>(block, D_WITHDRAWAL_COUNT))
  if (paid != OK) return paid
  for (let step = steps; count > 0; count--) {
    const status = run(step, drained)
    if (status != OK) return status
    if (failure != 0) return finish(invalidOutcome(failure))
    step += STEP_SIZE
  }
  const status = flush()
  return status == OK ? finish(outcome()) : status
}

function run(step: usize, drained: usize): i32 {
  const account = accountOf(step + STEP_ADDRESS)
  if (account == 0) return OUT_OF_SPACE
  see(account)
  const word = scratch + 256
  switch (load<u32>(step, STEP_KIND)) {
    case WORK_STORE:
      return storeWord(account, step)
    case WORK_CREDIT:
      u256FromBytes(step + STEP_A, word)
      return credit(account, word)
    case WORK_DRAIN: {
      let status = needBalance(account)
      if (status != OK) return status
      u256Copy(account + A_BALANCE, word)
      u256Add(drained, word, drained)
      status = subBalance(account, word)
      return status == OK ? touch(account, true) : status
    }
    case WORK_POUR:
      return u256IsZero(drained) ? OK : addBalance(account, drained)
    case WORK_REQUEST:
      return request(account, step)
    case WORK_CALL:
      return call(account, step)
    default:
      return OK
  }
}

/** EIP-4895. */
function withdraw(table: usize, count: u32): i32 {
  const word = scratch + 256
  fillBytes(word, 0, 32)
  for (let own = table; count > 0; count--) {
    const account = accountOf(load<u32>(own, WITHDRAWAL_RECIPIENT))
    if (account == 0) return OUT_OF_SPACE
    see(account)
    const gwei = load<u64>(own, WITHDRAWAL_AMOUNT)
    const low = (gwei & 0xffff_ffff) * WEI_PER_GWEI
    const high = (gwei >> 32) * WEI_PER_GWEI + (low >> 32)
    store<u64>(word, (low & 0xffff_ffff) | (high << 32))
    store<u64>(word, high >> 32, 8)
    const status = credit(account, word)
    if (status != OK) return status
    own += WITHDRAWAL_SIZE
  }
  return OK
}

/** Nothing still touches the account. */
function credit(account: usize, word: usize): i32 {
  const nothing = u256IsZero(word)
  const status = nothing ? OK : addBalance(account, word)
  return status == OK ? touch(account, nothing) : status
}

function storeWord(account: usize, step: usize): i32 {
  let status = needCodeHash(account)
  if (status != OK || load<u32>(account, A_CODE) == 0) return status
  const word = scratch + 256
  u256FromBytes(step + STEP_A, word)
  const slot = txSlot(account, word, 0)
  if (slot == 0) return OUT_OF_SPACE
  status = needSlot(slot)
  if (status != OK) return status
  u256FromBytes(step + STEP_B, word)
  return setSlot(slot, word)
}

/** EIP-4788, EIP-2935: the call may fail. */
function call(account: usize, step: usize): i32 {
  const status = needCode(account)
  if (status != OK || load<u32>(account, A_CODE) == 0) return status
  const record = callRecord(step, SYSTEM_SENDER, 32)
  if (record == 0) return OUT_OF_SPACE
  store<u32>(record, <u32>R_SIZE, R_DATA)
  store<u32>(record, 32, R_DATA_LENGTH)
  copyBytes(record + R_SIZE, step + STEP_A, 32)
  const sender = accountOf(SYSTEM_SENDER)
  if (sender == 0) return OUT_OF_SPACE
  const end = systemCall(record, sender)
  return isAbort(end) ? end : OK
}

/** Record of a call by the protocol, with room for `input` bytes behind it; 0 when out of space. */
function callRecord(step: usize, sender: usize, input: usize): usize {
  const record = blockAlloc(R_SIZE + input)
  if (record == 0) return 0
  fillBytes(record, 0, R_SIZE + input)
  store<u32>(record, RECORD_SYSTEM, R_FLAGS)
  copyBytes(record + R_SENDER, sender, 20)
  copyBytes(record + R_TO, step + STEP_ADDRESS, 20)
  u256FromBytes(step + STEP_B, scratch)
  store<u64>(record, load<u64>(scratch), R_GAS_LIMIT)
  return record
}

/** EIP-7002, EIP-7251, EIP-8282: the call must not fail. */
function request(account: usize, step: usize): i32 {
  const status = needCode(account)
  if (status != OK) return status
  if (load<u32>(account, A_CODE) == 0) {
    failure = SYSTEM_CONTRACT_ABSENT
    return OK
  }
  const record = callRecord(step, step + STEP_A + 12, 0)
  if (record == 0) return OUT_OF_SPACE
  const sender = accountOf(record + R_SENDER)
  if (sender == 0) return OUT_OF_SPACE
  const end = systemCall(record, sender)
  const lacking = hostRefusal(end)
  if (lacking != 0) {
    failure = lacking
    return OK
  }
  if (isAbort(end)) return end
  if (end != STOPPED && end != RETURNED) {
    failure = SYSTEM_CALL_FAILED
    return OK
  }
  return keepRequest(load<u32>(step, STEP_TYPE))
}

/** The return data is gone with the next call. */
function keepRequest(type: u32): i32 {
  const at = blockAlloc(9 + <usize>returnLength)
  if (at == 0) return OUT_OF_SPACE
  store<u32>(at, <u32>requests)
  store<u32>(at, returnLength + 1, 4)
  store<u8>(at, type, 8)
  copyBytes(at + 9, returnData, returnLength)
  requests = at
  requestCount += 1
  requestBytes += 5 + <usize>returnLength
  return OK
}

function outcome(): usize {
  const at = workOutcome(requestCount, requestBytes)
  if (at == 0) return 0
  let end = at + O_SIZE + requestBytes
  for (let kept = requests; kept != 0; kept = load<u32>(kept)) {
    const size: usize = LENGTH_PREFIX + <usize>load<u32>(kept, 4)
    end -= size
    copyBytes(end, kept + 4, size)
  }
  return at
}
