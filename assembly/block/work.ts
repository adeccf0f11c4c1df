import { copyBytes, fillBytes } from '../mem/bulk'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../mem/layout'
import { u256Add, u256Copy, u256FromBytes, u256IsZero } from '../u256'
import { flush } from '../journal/flush'
import { addBalance, setSlot, subBalance, touch } from '../journal/journal'
import { needBalance, needCode, needSlot } from '../journal/txReads'
import { A_BALANCE, A_CODE } from '../journal/txRecords'
import { txSlot } from '../journal/txTable'
import { blockAlloc, txSuspend } from '../stm/txn'
import { returnData, returnLength, scratch } from '../evm/frames'
import { HASH_MISSING, isAbort, RETURNED, STOPPED } from '../evm/status'
import { BLOCK_HASH_MISSING, SYSTEM_CALL_FAILED, SYSTEM_CONTRACT_ABSENT } from '../tx/invalid'
import { O_SIZE, R_GAS_LIMIT, R_SENDER, R_SIZE, R_TO, REQUEST_SYSTEM, R_FLAGS } from '../tx/layout'
import { refusedOutcome, workOutcome } from '../tx/outcome'
import { accountOf, beginState, finish, systemCall } from '../tx/run'

// The block's own work, before its transactions and after them: a list of steps that the host derived from the rules of
// the fork (src/executor/blockSteps.ts). Each list is one pseudo transaction.
//
//   step: u32 kind, u32 request type, 20 bytes address, 4 unused, word, word; 96 bytes in all; words as 32 bytes in wire order

const STEP_KIND: usize = 0
const STEP_TYPE: usize = 4
const STEP_ADDRESS: usize = 8
const STEP_A: usize = 32
const STEP_B: usize = 64
const STEP_SIZE: usize = 96

/** Sets slot A to B if the account has code (EIP-4788, EIP-2935). */
const STORE: u32 = 1
/** Adds A wei (EIP-4895, rewards). */
const CREDIT: u32 = 2
/** Takes all wei (EIP-779); they go to the account of the next POUR. */
const DRAIN: u32 = 3
const POUR: u32 = 4
/** Calls the contract as the system address, which is the last 20 bytes of A, with B gas; its output is a request. */
const REQUEST: u32 = 5

/** Requests so far, newest first: u32 previous, u32 length, then type byte and data. */
let requests: usize = 0
let requestCount: u32 = 0
let requestBytes: usize = 0
/** Why the block is invalid, 0 while it is not. */
let failure: u32 = 0

/** Runs `count` steps as the running transaction. A status as of runTransaction. */
export function runWork(steps: usize, count: u32): i32 {
  const status = work(steps, count)
  if (status == BLOCKED || status == MISSING) txSuspend()
  return status
}

function work(steps: usize, count: u32): i32 {
  if (!beginState()) return OUT_OF_SPACE
  requests = 0
  requestCount = 0
  requestBytes = 0
  failure = 0
  const drained = blockAlloc(32)
  if (drained == 0) return OUT_OF_SPACE
  fillBytes(drained, 0, 32)
  for (let step = steps; count > 0; count--) {
    const status = run(step, drained)
    if (status != OK) return status
    if (failure != 0) return finish(refusedOutcome(failure))
    step += STEP_SIZE
  }
  const status = flush()
  return status == OK ? finish(outcome()) : status
}

function run(step: usize, drained: usize): i32 {
  const account = accountOf(step + STEP_ADDRESS)
  if (account == 0) return OUT_OF_SPACE
  const word = scratch + 256
  switch (load<u32>(step, STEP_KIND)) {
    case STORE:
      return storeWord(account, step)
    case CREDIT: {
      u256FromBytes(step + STEP_A, word)
      const nothing = u256IsZero(word)
      const status = nothing ? OK : addBalance(account, word)
      return status == OK ? touch(account, nothing) : status
    }
    case DRAIN: {
      let status = needBalance(account)
      if (status != OK) return status
      u256Copy(account + A_BALANCE, word)
      u256Add(drained, word, drained)
      status = subBalance(account, word)
      return status == OK ? touch(account, true) : status
    }
    case POUR:
      return u256IsZero(drained) ? OK : addBalance(account, drained)
    case REQUEST:
      return request(account, step)
    default:
      return OK
  }
}

function storeWord(account: usize, step: usize): i32 {
  let status = needCode(account)
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

/** EIP-7002, EIP-7251: the call must not fail. */
function request(account: usize, step: usize): i32 {
  const status = needCode(account)
  if (status != OK) return status
  if (load<u32>(account, A_CODE) == 0) {
    failure = SYSTEM_CONTRACT_ABSENT
    return OK
  }
  const call = blockAlloc(R_SIZE)
  if (call == 0) return OUT_OF_SPACE
  fillBytes(call, 0, R_SIZE)
  store<u32>(call, REQUEST_SYSTEM, R_FLAGS)
  copyBytes(call + R_SENDER, step + STEP_A + 12, 20)
  copyBytes(call + R_TO, step + STEP_ADDRESS, 20)
  u256FromBytes(step + STEP_B, scratch)
  store<u64>(call, load<u64>(scratch), R_GAS_LIMIT)
  const sender = accountOf(call + R_SENDER)
  if (sender == 0) return OUT_OF_SPACE
  const end = systemCall(call, sender)
  if (end == HASH_MISSING) {
    failure = BLOCK_HASH_MISSING
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
    const size: usize = 4 + <usize>load<u32>(kept, 4)
    end -= size
    copyBytes(end, kept + 4, size)
  }
  return at
}
