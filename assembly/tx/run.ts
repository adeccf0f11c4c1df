import {
  RECORD_CALL,
  RECORD_FINDINGS,
  RECORD_SYSTEM,
  RECORD_TRANSFERS,
  R_ACCESS_COUNT,
  R_ACCESS_LIST,
  R_BLOBS,
  R_BLOB_COUNT,
  R_FLAGS,
  R_GAS_LIMIT,
  R_NONCE,
  R_SENDER,
} from '../abi/transaction'
import { PRECOMPILE_THREW } from '../abi/refusals'
import { CODE_STORE_OUT_OF_GAS, RETURNED, STOPPED } from '../abi/halts'
import { B_COINBASE } from '../abi/blockEnv'
import { BERLIN, SHANGHAI } from '../abi/forks'
import { P_SYSTEM_STATE } from '../abi/ruleSet'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256FromBytes, u256IsZero, u256SetZero } from '../u256'
import {
  addBalance,
  journalReset,
  refund,
  see,
  setNonce,
  subBalance,
  touch,
  warmAccount,
  warmSlot,
} from '../journal/journal'
import { clearFindings, prepareFindings } from '../journal/findings'
import { flush } from '../journal/flush'
import { fork, keepsBalance } from '../fork'
import { txAccount, txSlot } from '../journal/txTable'
import { txAlloc, txMemoryInit, txMemoryReset } from '../journal/txMemory'
import { codeBytes, codeLength } from '../journal/txReads'
import { A_CODE } from '../journal/txRecords'
import { looked } from '../stm/look'
import { txEnd, txGas, txSuspend } from '../stm/txn'
import { blockEnv } from '../evm/blockEnv'
import {
  framesInit, framesReset, gasLeft, gasOfAllFrames, returnData, scratch, setGasLeft, setReturnLength,
} from '../evm/frames'
import { metersState, refundQuotient, stateGasOf } from '../evm/gas'
import { stateGasReset } from '../evm/stateGas'
import { clearUnpaidCode, unpaidCode } from '../evm/finish'
import { TRACING, traceEnd } from '../evm/trace'
import { hostRefusal, isAbort } from '../evm/status'
import { setTransferLogs } from '../evm/transferLog'
import { setTxEnv } from '../evm/txEnv'
import { applyAuthorisations } from './authorisations'
import { accountOf, clearCreated, created, enter } from './enter'
import { burnLogs } from './destroyed'
import { floorGas, intrinsicState } from './intrinsic'
import { enterMetered, gasUsedMetered, splitGas, usedExecution, usedState } from './metered'
import { applyOverrides } from './overrides'
import { traceAccounts, traceBegin } from './traceState'
import { executedOutcome, outcomeLength, invalidOutcome, noteBlockGas, toldOutcome } from './outcome'
import { effectivePrice, freePrices, multiply, refusal, tipPrice, txIntrinsic, upfront, validate } from './validity'

// One transaction from its record to its outcome. Between txBegin (made by the caller) and txEnd or txSuspend.

/** Prepares the calling instance as thread `id`; false when out of space. After threadInit. */
export function evmThreadInit(id: u32): bool {
  return txMemoryInit(id) && framesInit(id)
}

/** Address of a word that outlives execution: paid to the fee recipient. */
let fee: usize = 0

/**
 * Runs the transaction of `record` (abi/transaction.ts) in the block of setBlockEnv. OK: its outcome is
 * stored and its writes are published. BLOCKED, MISSING: it is suspended and will be handed out again. OUT_OF_SPACE,
 * MALFORMED: the block cannot be executed.
 */
export function runTransaction(record: usize): i32 {
  let status: i32 = beginState() ? perform(record) : OUT_OF_SPACE
  if (status == OK) status = finish(performed)
  return status == BLOCKED || status == MISSING ? txSuspend() : status
}

/** The transaction that runs is one of a block that is over: nothing of it counts. */
let replays: bool = false

/** Runs a transaction of a block that is over once more, after txReplay, to be traced: OK, or why it could not. */
export function replayTransaction(record: usize): i32 {
  replays = true
  const status: i32 = beginState() ? perform(record) : OUT_OF_SPACE
  replays = false
  return status
}

/** Forgets the previous transaction; false when out of space. */
export function beginState(): bool {
  if (!txMemoryReset() || !framesReset()) return false
  journalReset()
  return true
}

/** Outcome of the transaction that was performed last. */
export let performed: usize = 0

function leave(outcome: usize): i32 {
  performed = outcome
  return outcome == 0 ? OUT_OF_SPACE : OK
}

/** Runs the transaction over the records that there are, up to its outcome, in `performed`: OK, or why not. */
export function perform(record: usize): i32 {
  clearCreated()
  clearFindings()
  clearUnpaidCode()
  fee = txAlloc(32)
  const sender = accountOf(record + R_SENDER)
  if (sender == 0 || fee == 0) return OUT_OF_SPACE
  const flags = load<u32>(record, R_FLAGS)
  setTransferLogs(metersState, (flags & RECORD_TRANSFERS) != 0)
  if (flags & RECORD_SYSTEM) return system(record, sender)

  const asks = (flags & RECORD_CALL) != 0
  see(sender)
  let status = asks ? applyOverrides(record) : OK
  if (status == OK) status = validate(record, sender)
  if (status != OK) return status
  if (refusal != 0 && !looked) return leave(invalidOutcome(refusal))
  setTxEnv(sender, effectivePrice, record + load<u32>(record, R_BLOBS), load<u32>(record, R_BLOB_COUNT))
  if (TRACING) {
    status = traceBegin(record, sender)
    if (status != OK) return status
  }
  status = subBalance(sender, upfront)
  if (status == OK) status = setNonce(sender, load<u64>(record, R_NONCE) + 1)
  if (status == OK && fork >= BERLIN) status = warmUp(record, sender)
  if (status == OK && !metersState) status = applyAuthorisations(record)
  if (status != OK) return status

  const limit = load<i64>(record, R_GAS_LIMIT)
  setGasLeft(limit - txIntrinsic)
  if (metersState) splitGas()
  const end = metersState ? enterMetered(record, sender) : enter(record, sender)
  const lacking = hostRefusal(end)
  if (lacking != 0) return leave(hostOutcome(lacking))
  if (isAbort(end)) {
    txGas(<u64>max<i64>(limit - gasOfAllFrames(), 0))
    return end
  }
  const success = (end == STOPPED || end == RETURNED) && !unpaidCode
  const ofFrames = TRACING ? limit - txIntrinsic - gasLeft : 0

  let used = metersState ? gasUsedMetered(limit) : limit - gasLeft
  const executed = used - txIntrinsic
  const cap = used / refundQuotient
  used -= refund < cap ? refund : cap
  if (used < floorGas) used = floorGas // EIP-7623
  status = settle(sender, limit - used, used)
  if (status == OK && metersState && !keepsBalance) status = burnLogs()
  if (TRACING) {
    if (status == OK) status = traceAccounts()
    if (status == OK) traceEnd(end, ofFrames, used)
    if (replays) return status
  }
  if (status == OK) status = !asks ? flush() : flags & RECORD_FINDINGS ? prepareFindings() : OK
  if (status != OK) return status
  txGas(<u64>used)
  if (asks && success && created != 0 && !returnCode(created)) return OUT_OF_SPACE
  const failure = success ? 0 : unpaidCode ? CODE_STORE_OUT_OF_GAS : end
  const outcome = executedOutcome(failure, used, executed, refund, fee, success ? created : 0)
  return leave(metersState ? noteBlockGas(outcome, usedExecution, usedState, intrinsicState) : outcome)
}

/** Whether it counts that the host lacks something is known at the commit: as an outcome it is judged there. */
function hostOutcome(rule: u32): usize {
  return rule == PRECOMPILE_THREW ? toldOutcome(rule) : invalidOutcome(rule)
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
  see(coinbase)
  const nothing = u256IsZero(fee)
  if (!nothing) status = addBalance(coinbase, fee)
  return status == OK ? touch(coinbase, nothing) : status
}

/** A call by the protocol as a transaction of its own. */
function system(record: usize, sender: usize): i32 {
  const end = systemCall(record, sender)
  const lacking = hostRefusal(end)
  if (lacking != 0) return leave(hostOutcome(lacking))
  if (isAbort(end)) return end
  const success = end == STOPPED || end == RETURNED
  const used = load<i64>(record, R_GAS_LIMIT) - gasLeft
  u256SetZero(fee)
  const status = flush()
  if (status != OK) return status
  return leave(executedOutcome(success ? 0 : end, used, used, 0, fee, 0))
}

/**
 * A call by the protocol within what has begun already: it has no fees and does not count as a transaction of its
 * sender. Returns how it ended, or an abort status; its output is the return data.
 */
export function systemCall(record: usize, sender: usize): i32 {
  if (!freePrices()) return OUT_OF_SPACE
  setTransferLogs(metersState, false)
  setTxEnv(sender, effectivePrice, 0, 0)
  setGasLeft(load<i64>(record, R_GAS_LIMIT))
  if (metersState) stateGasReset(stateGasOf(P_SYSTEM_STATE))
  return enter(record, sender)
}

/** Ends the transaction with its outcome; 0: there was no space for it. */
export function finish(outcome: usize): i32 {
  if (outcome == 0) return OUT_OF_SPACE
  if (looked) return MISSING
  txEnd(outcome, outcomeLength)
  return OK
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
