import { OUT_OF_GAS, STATIC_VIOLATION } from '../abi/halts'
import { BERLIN, ISTANBUL } from '../abi/forks'
import { P_STATE_SLOT, P_STORE_COLD, P_STORE_FIRST, P_STORE_OTHER, P_STORE_RESTORE } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { u256Copy, u256Eq, u256IsZero } from '../u256'
import { addRefund, setSlot, warmSlot } from '../journal/journal'
import { fork } from '../fork'
import { txSlot } from '../journal/txTable'
import { needSlot } from '../journal/txReads'
import { S_BEFORE, S_FLAGS, S_VALUE, SLOT_TRANSIENT, SLOT_WARM } from '../journal/txRecords'
import { looked } from '../stm/look'
import { capGas, F_FLAGS, F_SELF, FRAME_STATIC, gasLeft } from './frames'
import {
  COLD_SLOT, gasSload, metersState, netMetering, param, refundClear, stateGasOf, WARM_ACCESS, warmth,
} from './gas'
import { charge } from './memory'
import { chargeState, refundState } from './stateGas'
import { TRACING, traceCharged } from './trace'

// Storage and transient storage.

/** SSTORE needs more than this (EIP-2200): a callee with only the stipend cannot store. */
const STIPEND: i64 = 2300
const SET: i64 = 20000
const RESET: i64 = 5000

export function opSload(frame: usize, sp: usize): i32 {
  const slot = txSlot(load<u32>(frame, F_SELF), sp, 0)
  if (slot == 0) return OUT_OF_SPACE
  if (!warmth) {
    if (!charge(gasSload)) return OUT_OF_GAS
  } else if (load<u32>(slot, S_FLAGS) & SLOT_WARM) {
    if (!charge(WARM_ACCESS)) return OUT_OF_GAS
  } else {
    if (!charge(COLD_SLOT)) return OUT_OF_GAS
    const status = warmSlot(slot)
    if (status != OK) return status
  }
  const status = needSlot(slot)
  if (looked) capGas()
  if (status == OK) u256Copy(slot + S_VALUE, sp)
  return status
}

export function opSstore(frame: usize, sp: usize): i32 {
  if (load<u32>(frame, F_FLAGS) & FRAME_STATIC) return STATIC_VIOLATION
  if (fork >= ISTANBUL && gasLeft <= STIPEND) return OUT_OF_GAS
  const slot = txSlot(load<u32>(frame, F_SELF), sp, 0)
  if (slot == 0) return OUT_OF_SPACE
  if (warmth && (load<u32>(slot, S_FLAGS) & SLOT_WARM) == 0) {
    if (!charge(metersState ? param(P_STORE_COLD) : COLD_SLOT)) return OUT_OF_GAS
    const status = warmSlot(slot)
    if (status != OK) return status
  }
  const status = needSlot(slot)
  if (status != OK) return status
  const value = sp - 32
  if (metersState) {
    if (!chargeStore(slot, value)) return OUT_OF_GAS
  } else if (!charge(netMetering() ? netCost(slot, value) : flatCost(slot, value))) return OUT_OF_GAS
  if (TRACING && metersState) traceCharged(gasLeft)
  return u256Eq(slot + S_VALUE, value) ? OK : setSlot(slot, value)
}

function flatCost(slot: usize, value: usize): i64 {
  if (u256IsZero(slot + S_VALUE)) return u256IsZero(value) ? RESET : SET
  if (u256IsZero(value)) addRefund(refundClear)
  return RESET
}

/** EIP-1283, 2200, 2929 and 3529 have one form: the cost of a change follows the value before the transaction. */
function netCost(slot: usize, value: usize): i64 {
  const noop: i64 = fork >= BERLIN ? WARM_ACCESS : fork >= ISTANBUL ? 800 : 200
  const reset: i64 = fork >= BERLIN ? RESET - COLD_SLOT : RESET
  const now = slot + S_VALUE
  const before = slot + S_BEFORE
  if (u256Eq(now, value)) return noop
  const wasZero = u256IsZero(before)
  if (u256Eq(now, before)) {
    if (wasZero) return SET
    if (u256IsZero(value)) addRefund(refundClear)
    return reset
  }
  if (!wasZero) {
    if (u256IsZero(now)) addRefund(-refundClear)
    else if (u256IsZero(value)) addRefund(refundClear)
  }
  if (u256Eq(before, value)) addRefund((wasZero ? SET : reset) - noop)
  return noop
}

/** Net metering with state gas for a slot that begins to exist (EIP-8037, EIP-8038). False when it cannot be paid. */
function chargeStore(slot: usize, value: usize): bool {
  const now = slot + S_VALUE
  const before = slot + S_BEFORE
  if (u256Eq(now, value)) return charge(param(P_STORE_OTHER))
  const wasZero = u256IsZero(before)
  if (u256Eq(now, before)) {
    if (!charge(param(P_STORE_FIRST))) return false
    if (wasZero) return chargeState(stateGasOf(P_STATE_SLOT))
    if (u256IsZero(value)) addRefund(refundClear)
    return true
  }
  if (!wasZero) {
    if (u256IsZero(now)) addRefund(-refundClear)
    else if (u256IsZero(value)) addRefund(refundClear)
  }
  if (u256Eq(before, value)) {
    if (wasZero) refundState(stateGasOf(P_STATE_SLOT))
    addRefund(param(P_STORE_RESTORE))
  }
  return charge(param(P_STORE_OTHER))
}

/** EIP-1153. */
export function opTload(frame: usize, sp: usize): i32 {
  if (!charge(WARM_ACCESS)) return OUT_OF_GAS
  const slot = txSlot(load<u32>(frame, F_SELF), sp, SLOT_TRANSIENT)
  if (slot == 0) return OUT_OF_SPACE
  u256Copy(slot + S_VALUE, sp)
  return OK
}

export function opTstore(frame: usize, sp: usize): i32 {
  if (load<u32>(frame, F_FLAGS) & FRAME_STATIC) return STATIC_VIOLATION
  if (!charge(WARM_ACCESS)) return OUT_OF_GAS
  const slot = txSlot(load<u32>(frame, F_SELF), sp, SLOT_TRANSIENT)
  return slot == 0 ? OUT_OF_SPACE : setSlot(slot, sp - 32)
}
