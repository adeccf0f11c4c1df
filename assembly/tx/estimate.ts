import { B_GAS_LIMIT } from '../abi/blockEnv'
import { AMSTERDAM } from '../abi/forks'
import { FLOOR_GAS_TOO_LOW, INSUFFICIENT_FUNDS, INTRINSIC_GAS_TOO_LOW } from '../abi/refusals'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import {
  OUTCOME_INVALID, OUTCOME_SUCCESS, O_CODE, O_ESTIMATE, O_EXECUTION_GAS, O_GAS_USED, O_KIND,
  RECORD_CREATE, R_DATA_LENGTH, R_ERROR_RATIO, R_FLAGS, R_GAS_LIMIT, R_MAX_FEE, R_SENDER, R_TO, R_VALUE,
} from '../abi/transaction'
import { fork } from '../fork'
import { needBalance, needCodeHash } from '../journal/txReads'
import { A_BALANCE, A_CODE } from '../journal/txRecords'
import { looked } from '../stm/look'
import { blockAlloc, txSuspend } from '../stm/txn'
import { u256Div, u256FitsU64, u256IsZero, u256Lt, u256Sub } from '../u256'
import { blockEnv } from '../evm/blockEnv'
import { maxTxGas } from '../evm/gas'
import { accountOf } from './enter'
import { floorGas } from './intrinsic'
import { invalidOutcome } from './outcome'
import { applyOverrides } from './overrides'
import { beginState, finish, perform, performed } from './run'
import { txIntrinsic } from './validity'

// The least gas limit with which a transaction succeeds, searched for as go-ethereum does (eth_estimateGas), in one
// task: each attempt begins anew on the same state.

const PLAIN: u64 = 21000
const STIPEND: u64 = 2300

/** A status as of runTransaction. The outcome is that of the last attempt that tells, with O_ESTIMATE. */
export function runEstimate(record: usize): i32 {
  // What an attempt sets in the record must not be what the next run of this task begins with.
  const given = load<u64>(record, R_GAS_LIMIT)
  let status = search(record)
  store<u64>(record, given, R_GAS_LIMIT)
  if (status == OK) status = finish(found)
  return status == BLOCKED || status == MISSING ? txSuspend() : status
}

let found: usize = 0

function settle(outcome: usize, gas: u64): i32 {
  found = outcome
  if (outcome != 0) store<u64>(outcome, gas, O_ESTIMATE)
  return outcome == 0 ? OUT_OF_SPACE : OK
}

/** Of the last attempt: whether it succeeded; whether no gas limit would have helped. */
let fails: bool = false
let hopeless: bool = false

function attempt(record: usize, gas: u64): i32 {
  store<u64>(record, gas, R_GAS_LIMIT)
  if (!beginState()) return OUT_OF_SPACE
  const status = perform(record)
  if (status != OK) return status
  if (looked) return MISSING
  const kind = load<u8>(performed, O_KIND)
  fails = kind != OUTCOME_SUCCESS
  const rule = load<u8>(performed, O_CODE)
  hopeless = kind == OUTCOME_INVALID && rule != INTRINSIC_GAS_TOO_LOW && rule != FLOOR_GAS_TOO_LOW
  return OK
}

/** What the sender can pay at most, and whether there is only wei to move. */
let allowance: u64 = 0
let plain: bool = false

function look(record: usize): i32 {
  if (!beginState()) return OUT_OF_SPACE
  let status = applyOverrides(record)
  if (status != OK) return status
  allowance = u64.MAX_VALUE
  plain = false
  if (!u256IsZero(record + R_MAX_FEE)) {
    const sender = accountOf(record + R_SENDER)
    const rest = blockAlloc(32)
    if (sender == 0 || rest == 0) return OUT_OF_SPACE
    status = needBalance(sender)
    if (status != OK) return status
    if (!u256IsZero(record + R_VALUE) && !u256Lt(record + R_VALUE, sender + A_BALANCE)) allowance = 0
    else {
      u256Sub(sender + A_BALANCE, record + R_VALUE, rest)
      u256Div(rest, record + R_MAX_FEE, rest)
      if (u256FitsU64(rest)) allowance = load<u64>(rest)
    }
  }
  if (load<u32>(record, R_DATA_LENGTH) != 0 || load<u32>(record, R_FLAGS) & RECORD_CREATE) return OK
  const target = accountOf(record + R_TO)
  if (target == 0) return OUT_OF_SPACE
  status = needCodeHash(target)
  plain = load<u32>(target, A_CODE) == 0
  return status
}

function search(record: usize): i32 {
  let high = load<u64>(record, R_GAS_LIMIT)
  if (high < PLAIN) high = load<u64>(blockEnv, B_GAS_LIMIT)
  if (fork < AMSTERDAM) high = min(high, maxTxGas)
  let status = look(record)
  if (status != OK) return looked ? MISSING : status
  if (allowance == 0) return settle(invalidOutcome(INSUFFICIENT_FUNDS), 0)
  high = min(high, allowance)
  if (plain) {
    status = attempt(record, PLAIN)
    if (status != OK) return status
    if (!fails) return settle(performed, load<u64>(performed, O_GAS_USED))
  }
  status = attempt(record, high)
  if (status != OK) return status
  // An invalid limit is told as one that does not suffice.
  if (fails) return settle(performed, high)
  let best = performed
  let low = load<u64>(best, O_GAS_USED) - 1
  const peak = max(load<u64>(best, O_EXECUTION_GAS) + <u64>txIntrinsic, <u64>floorGas)
  const hopeful = ((peak + STIPEND) * 64) / 63
  if (hopeful < high) {
    status = attempt(record, hopeful)
    if (status != OK) return status
    if (hopeless) return settle(performed, hopeful)
    if (fails) low = hopeful
    else {
      high = hopeful
      best = performed
    }
  }
  const ratio = load<f64>(record, R_ERROR_RATIO)
  while (low + 1 < high) {
    if (ratio > 0 && <f64>(high - low) / <f64>high < ratio) break
    const middle = min(low + ((high - low) >> 1), low * 2)
    status = attempt(record, middle)
    if (status != OK) return status
    if (hopeless) return settle(performed, middle)
    if (fails) low = middle
    else {
      high = middle
      best = performed
    }
  }
  return settle(best, high)
}
