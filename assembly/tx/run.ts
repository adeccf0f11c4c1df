import {
  RECORD_CALL,
  RECORD_CREATE,
  RECORD_SYSTEM,
  R_ACCESS_COUNT,
  R_ACCESS_LIST,
  R_BLOBS,
  R_BLOB_COUNT,
  R_DATA,
  R_DATA_LENGTH,
  R_FLAGS,
  R_GAS_LIMIT,
  R_NONCE,
  R_SENDER,
  R_TO,
  R_VALUE,
} from '../abi/transaction'
import { BLOCK_HASH_MISSING } from '../abi/refusals'
import { CODE_STORE_OUT_OF_GAS, CREATE_COLLISION, HASH_MISSING, PUSHED, RETURNED, STOPPED } from '../abi/halts'
import { B_COINBASE } from '../abi/blockEnv'
import { BERLIN, PRAGUE, SHANGHAI } from '../abi/forks'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256Copy, u256FromBytes, u256IsZero, u256SetZero } from '../u256'
import {
  addBalance,
  journalReset,
  refund,
  setNonce,
  subBalance,
  touch,
  warmAccount,
  warmSlot,
} from '../journal/journal'
import { flush } from '../journal/flush'
import { fork } from '../fork'
import { accountAddress, txAccount, txSlot } from '../journal/txTable'
import { txAlloc, txMemoryInit, txMemoryReset } from '../journal/txMemory'
import { codeBytes, codeLength, needCode } from '../journal/txReads'
import { A_CODE, A_PRECOMPILE } from '../journal/txRecords'
import { wordFromAddress } from '../u256/address'
import { looked } from '../stm/look'
import { txEnd, txGas, txSuspend } from '../stm/txn'
import { blockEnv } from '../evm/blockEnv'
import { enterCode, markCheckpoint, revertFrame } from '../evm/calls'
import { createAddress, enterInitCode } from '../evm/create'
import { delegateOf, isDelegation } from '../evm/delegation'
import {
  F_CALLER,
  F_FLAGS,
  F_INPUT,
  F_INPUT_LENGTH,
  F_MEM,
  F_OUT_LENGTH,
  F_SELF,
  F_VALUE,
  frameAt,
  framesInit,
  framesReset,
  gasLeft,
  gasOfAllFrames,
  memoryBuffer,
  reserveMemory,
  returnData,
  scratch,
  setGasLeft,
  setReturnLength,
} from '../evm/frames'
import { refundQuotient } from '../evm/gas'
import { interpret } from '../evm/interpreter'
import { callPrecompile } from '../evm/precompiles'
import { clearUnpaidCode, unpaidCode } from '../evm/finish'
import { TRACING, traceEnd } from '../evm/trace'
import { isAbort } from '../evm/status'
import { setTxEnv } from '../evm/txEnv'
import { applyAuthorisations } from './authorisations'
import { floorGas } from './intrinsic'
import { applyOverrides } from './overrides'
import { executedOutcome, outcomeLength, invalidOutcome } from './outcome'
import { effectivePrice, freePrices, multiply, refusal, tipPrice, txIntrinsic, upfront, validate } from './validity'

// One transaction from its record to its outcome. Between txBegin (made by the caller) and txEnd or txSuspend.

/** Prepares the calling instance as thread `id`; false when out of space. After threadInit. */
export function evmThreadInit(id: u32): bool {
  return txMemoryInit(id) && framesInit(id)
}

/** TxAccount of the contract that the transaction creates, else 0. */
let created: usize = 0
/** Address of a word that outlives execution: paid to the fee recipient. */
let fee: usize = 0

/**
 * Runs the transaction of `record` (abi/transaction.ts) in the block of setBlockEnv. OK: its outcome is
 * stored and its writes are published. BLOCKED, MISSING: it is suspended and will be handed out again. OUT_OF_SPACE,
 * MALFORMED: the block cannot be executed.
 */
export function runTransaction(record: usize): i32 {
  const status = execute(record)
  return status == BLOCKED || status == MISSING ? txSuspend() : status
}

/** Forgets the previous transaction; false when out of space. */
export function beginState(): bool {
  if (!txMemoryReset() || !framesReset()) return false
  journalReset()
  return true
}

function execute(record: usize): i32 {
  if (!beginState()) return OUT_OF_SPACE
  created = 0
  clearUnpaidCode()
  fee = txAlloc(32)
  const sender = accountOf(record + R_SENDER)
  if (sender == 0 || fee == 0) return OUT_OF_SPACE
  if (load<u32>(record, R_FLAGS) & RECORD_SYSTEM) return system(record, sender)

  const asks = (load<u32>(record, R_FLAGS) & RECORD_CALL) != 0
  let status = asks ? applyOverrides(record) : OK
  if (status == OK) status = validate(record, sender)
  if (status != OK) return status
  if (refusal != 0 && !looked) return finish(invalidOutcome(refusal))
  setTxEnv(sender, effectivePrice, record + load<u32>(record, R_BLOBS), load<u32>(record, R_BLOB_COUNT))
  status = subBalance(sender, upfront)
  if (status == OK) status = setNonce(sender, load<u64>(record, R_NONCE) + 1)
  if (status == OK && fork >= BERLIN) status = warmUp(record, sender)
  if (status == OK) status = applyAuthorisations(record)
  if (status != OK) return status

  const limit = load<i64>(record, R_GAS_LIMIT)
  setGasLeft(limit - txIntrinsic)
  const end = enter(record, sender)
  // Whether this counts is known only at the commit: as an outcome it is judged there.
  if (end == HASH_MISSING) return finish(invalidOutcome(BLOCK_HASH_MISSING))
  if (isAbort(end)) {
    txGas(<u64>max<i64>(limit - gasOfAllFrames(), 0))
    return end
  }
  const success = (end == STOPPED || end == RETURNED) && !unpaidCode
  if (TRACING) traceEnd(end, limit - txIntrinsic - gasLeft)

  let used = limit - gasLeft
  const executed = used - txIntrinsic
  const cap = used / refundQuotient
  used -= refund < cap ? refund : cap
  if (used < floorGas) used = floorGas // EIP-7623
  status = settle(sender, limit - used, used)
  if (status == OK && !asks) status = flush()
  if (status != OK) return status
  txGas(<u64>used)
  if (asks && success && created != 0 && !returnCode(created)) return OUT_OF_SPACE
  const failure = success ? 0 : unpaidCode ? CODE_STORE_OUT_OF_GAS : end
  return finish(executedOutcome(failure, used, executed, refund, fee, success ? created : 0))
}

/** Who asks what a creation would come to is told the contract's code. False when out of space. */
function returnCode(account: usize): bool {
  const code: usize = load<u32>(account, A_CODE)
  const length = codeLength(code)
  if (!setReturnLength(length)) return false
  copyBytes(returnData, codeBytes(code), length)
  return true
}

/** Unused gas back to the sender, the tip (then in `fee`) to the fee recipient. */
function settle(sender: usize, unused: i64, used: i64): i32 {
  multiply(effectivePrice, <u64>unused, fee)
  let status = addBalance(sender, fee)
  if (status != OK) return status
  const coinbase = txAccount(blockEnv + B_COINBASE)
  if (coinbase == 0) return OUT_OF_SPACE
  multiply(tipPrice, <u64>used, fee)
  const nothing = u256IsZero(fee)
  if (!nothing) status = addBalance(coinbase, fee)
  return status == OK ? touch(coinbase, nothing) : status
}

/** A call by the protocol as a transaction of its own. */
function system(record: usize, sender: usize): i32 {
  const end = systemCall(record, sender)
  if (isAbort(end)) return end
  const success = end == STOPPED || end == RETURNED
  const used = load<i64>(record, R_GAS_LIMIT) - gasLeft
  u256SetZero(fee)
  const status = flush()
  if (status != OK) return status
  return finish(executedOutcome(success ? 0 : end, used, used, 0, fee, 0))
}

/**
 * A call by the protocol within what has begun already: it has no fees and does not count as a transaction of its
 * sender. Returns how it ended, or an abort status; its output is the return data.
 */
export function systemCall(record: usize, sender: usize): i32 {
  if (!freePrices()) return OUT_OF_SPACE
  setTxEnv(sender, effectivePrice, 0, 0)
  setGasLeft(load<i64>(record, R_GAS_LIMIT))
  return enter(record, sender)
}

/** Ends the transaction with its outcome; 0: there was no space for it. */
export function finish(outcome: usize): i32 {
  if (outcome == 0) return OUT_OF_SPACE
  if (looked) return MISSING
  txEnd(outcome, outcomeLength)
  return OK
}

/** TxAccount of an address in wire order; 0 when out of space. */
export function accountOf(address: usize): usize {
  wordFromAddress(address, scratch)
  return txAccount(scratch)
}

/** What is warm from the start (EIP-2929, 2930, 3651); precompiles are by themselves. */
function warmUp(record: usize, sender: usize): i32 {
  let status = warmAccount(sender)
  if (status == OK && fork >= SHANGHAI) {
    const coinbase = txAccount(blockEnv + B_COINBASE)
    if (coinbase == 0) return OUT_OF_SPACE
    status = warmAccount(coinbase)
  }
  let entry = record + load<u32>(record, R_ACCESS_LIST)
  for (let i = load<u32>(record, R_ACCESS_COUNT); i > 0 && status == OK; i--) {
    const account = accountOf(entry)
    if (account == 0) return OUT_OF_SPACE
    status = warmAccount(account)
    let keys = load<u32>(entry, 20)
    entry += 24
    for (; keys > 0 && status == OK; keys--) {
      u256FromBytes(entry, scratch)
      const slot = txSlot(account, scratch, 0)
      if (slot == 0) return OUT_OF_SPACE
      status = warmSlot(slot)
      entry += 32
    }
  }
  return status
}

/** Runs the transaction's call or creation with `gasLeft`. Returns how its first frame ended, or an abort status. */
function enter(record: usize, sender: usize): i32 {
  const data = record + load<u32>(record, R_DATA)
  const length = load<u32>(record, R_DATA_LENGTH)
  const value = record + R_VALUE
  if (load<u32>(record, R_FLAGS) & RECORD_CREATE) {
    createAddress(accountAddress(sender), load<u64>(record, R_NONCE))
    created = txAccount(scratch)
    if (created == 0) return OUT_OF_SPACE
    if (fork >= BERLIN) {
      const status = warmAccount(created)
      if (status != OK) return status
    }
    const status = enterInitCode(0, sender, created, value, data, length, 0, gasLeft)
    if (status == CREATE_COLLISION) setGasLeft(0)
    return status == PUSHED ? interpret() : status
  }
  return enterCall(record, sender, data, length, value)
}

function enterCall(record: usize, sender: usize, data: usize, length: u32, value: usize): i32 {
  const target = accountOf(record + R_TO)
  const frame = frameAt(0)
  if (target == 0 || frame == 0) return OUT_OF_SPACE
  let status: i32 = fork >= BERLIN ? warmAccount(target) : OK
  let code: usize = 0
  const precompile = load<u32>(target, A_PRECOMPILE)
  if (status == OK && precompile == 0) {
    status = needCode(target)
    code = load<u32>(target, A_CODE)
    if (status == OK && fork >= PRAGUE && isDelegation(code)) {
      const delegate = delegateOf(code)
      if (delegate == 0) return OUT_OF_SPACE
      status = warmAccount(delegate)
      if (status == OK) status = needCode(delegate)
      code = load<u32>(delegate, A_CODE)
    }
  }
  if (status != OK) return status
  markCheckpoint(frame)
  const nothing = u256IsZero(value)
  if (!nothing) {
    status = subBalance(sender, value)
    if (status == OK) status = addBalance(target, value)
  }
  if (status == OK) status = touch(target, nothing)
  if (status != OK) return status
  // Calldata is the first thing in the memory buffer, so that every frame's input is an offset in it.
  const base = (length + 31) & ~31
  if (!reserveMemory(0, base)) return OUT_OF_SPACE
  copyBytes(memoryBuffer, data, length)
  if (precompile != 0) {
    status = callPrecompile(precompile, memoryBuffer, length)
    if (isAbort(status)) return status
    if (status == OK) return RETURNED
    revertFrame(frame)
    setGasLeft(0)
    setReturnLength(0)
    return status
  }
  if (code == 0) return STOPPED
  store<u32>(frame, <u32>target, F_SELF)
  store<u32>(frame, <u32>sender, F_CALLER)
  u256Copy(value, frame + F_VALUE)
  store<u32>(frame, 0, F_FLAGS)
  store<u32>(frame, base, F_MEM)
  store<u32>(frame, 0, F_INPUT)
  store<u32>(frame, length, F_INPUT_LENGTH)
  store<u32>(frame, 0, F_OUT_LENGTH)
  enterCode(frame, code, gasLeft)
  return interpret()
}
