import { OUT_OF_GAS, PUSHED, STATIC_VIOLATION, STOPPED } from '../abi/halts'
import { EXIT_BALANCE, EXIT_DEPTH } from '../abi/trace'
import { PRAGUE, SPURIOUS_DRAGON } from '../abi/forks'
import { P_CALL_REPAID, P_CALL_VALUE, P_STATE_ACCOUNT } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256Copy, u256FitsU64, u256IsZero, u256Lt, u256SetU64, u256SetZero } from '../u256'
import {
  addBalance, checkpoint, lastLog, logCount, lookAt, refund, revertTo, see, subBalance, touch,
} from '../journal/journal'
import { fork } from '../fork'
import { answer, codeBytes, codeLength, needBalance, needCode, needDead } from '../journal/txReads'
import { A_BALANCE, A_CODE, A_FLAGS, A_PRECOMPILE, CODE_KNOWN } from '../journal/txRecords'
import { txTurn } from '../stm/txn'
import { jumpsOf, runnable } from './analysis'
import { accessAccount, accessed } from './environment'
import { delegateWord, isDelegation } from './delegation'
import {
  F_BITMAP,
  F_CALLER,
  F_CODE,
  F_CODE_LENGTH,
  F_CODE_RECORD,
  F_DEPTH,
  F_FLAGS,
  F_GAS,
  F_INPUT,
  F_INPUT_LENGTH,
  F_LAST_LOG,
  F_LOG_COUNT,
  F_MEM,
  F_MEM_SIZE,
  F_OUT,
  F_OUT_LENGTH,
  F_PC,
  F_REFUND,
  F_RUN,
  F_SELF,
  F_SP,
  F_UNDO,
  F_VALUE,
  FRAME_CHARGED,
  FRAME_STATIC,
  frameAt,
  gasLeft,
  MAX_DEPTH,
  returnData,
  returnLength,
  setCurrent,
  setGasLeft,
  setReturnLength,
} from './frames'
import { all64th, gasCall, metersState, param, stateGasOf } from './gas'
import { charge, memoryPointer, memoryRange, rangeLength, rangeOffset } from './memory'
import { callPrecompile } from './precompiles'
import { chargeState, pushStateGas, refundState } from './stateGas'
import { isAbort } from './status'
import {
  BY_CALL, BY_CALLCODE, BY_DELEGATECALL, BY_STATICCALL, TRACING, traceCharged, traceEnter, traceExit,
  tracePrecompile,
} from './trace'
import { logsTransfers, transferLog } from './transferLog'

export const CALL: u32 = 0
export const CALLCODE: u32 = 1
export const DELEGATECALL: u32 = 2
export const STATICCALL: u32 = 3

const VALUE_TRANSFER: i64 = 9000
const NEW_ACCOUNT: i64 = 25000
const STIPEND: i64 = 2300

/**
 * CALL and its kin. PUSHED: the callee's frame is `current`; OK: done at once (no code, a precompile, or refused), with
 * the result on the stack.
 */
export function opCall(frame: usize, sp: usize, kind: u32): i32 {
  const hasValue = kind <= CALLCODE
  const value = sp - 64
  const input = hasValue ? sp - 96 : sp - 64
  const transfers = hasValue && !u256IsZero(value)
  const isStatic = load<u32>(frame, F_FLAGS) & FRAME_STATIC
  if (kind == CALL && transfers && isStatic) return STATIC_VIOLATION

  let status = memoryRange(frame, input, input - 32)
  if (status != OK) return status
  const inputOffset = rangeOffset
  const inputLength = rangeLength
  status = memoryRange(frame, input - 64, input - 96)
  if (status != OK) return status
  const outOffset = rangeOffset
  const outLength = rangeLength

  status = accessAccount(sp - 32, gasCall)
  if (status != OK) return status
  const target = accessed
  if (transfers && !charge(metersState ? param(P_CALL_VALUE) : VALUE_TRANSFER)) return OUT_OF_GAS
  lookAt(target)
  if (kind == CALL && !metersState && (transfers || fork < SPURIOUS_DRAGON)) {
    status = needDead(target)
    if (status != OK) return status
    if (answer && !charge(NEW_ACCOUNT)) return OUT_OF_GAS
  }
  // The account whose code runs.
  let source = target
  if (fork >= PRAGUE && load<u32>(target, A_PRECOMPILE) == 0) {
    status = needCode(target)
    if (status != OK) return status
    const code: usize = load<u32>(target, A_CODE)
    if (isDelegation(code)) {
      status = accessAccount(delegateWord(code), gasCall)
      if (status != OK) return status
      source = accessed
      see(source)
    }
  }
  // The callee's account begins to exist: state gas, after all other (EIP-8037).
  let charged: u32 = 0
  if (metersState && kind == CALL && transfers) {
    status = needDead(target)
    if (status != OK) return status
    if (answer) {
      if (!chargeState(stateGasOf(P_STATE_ACCOUNT))) return OUT_OF_GAS
      if (param(P_CALL_REPAID) != 0) charged = FRAME_CHARGED
    }
  }

  status = txTurn()
  if (status != OK) return status
  const requested = u256FitsU64(sp) ? load<u64>(sp) : u64.MAX_VALUE
  let gas = gasLeft
  if (all64th) {
    gas -= gas >> 6 // EIP-150
    if (<u64>gas > requested) gas = <i64>requested
  } else {
    if (<u64>gas < requested) return OUT_OF_GAS
    gas = <i64>requested
  }
  setGasLeft(gasLeft - gas)
  if (TRACING) traceCharged(gasLeft)
  if (transfers) gas += STIPEND

  const result = input - 96
  store<u32>(frame, <u32>result, F_SP)
  setReturnLength(0)
  const self: usize = load<u32>(frame, F_SELF)
  const depth = load<u32>(frame, F_DEPTH) + 1
  if (TRACING) {
    const passed = hasValue ? value : kind == DELEGATECALL ? frame + F_VALUE : 0
    traceEnter(opOf(kind), depth, self, target, passed, memoryPointer(frame, inputOffset), inputLength, gas)
  }
  let refused = depth > MAX_DEPTH
  if (transfers && !refused) {
    status = needBalance(self)
    if (status != OK) return status
    refused = u256Lt(self + A_BALANCE, value)
  }
  if (refused) {
    if (TRACING) traceExit(depth > MAX_DEPTH ? EXIT_DEPTH : EXIT_BALANCE, depth, gas, 0, 0)
    setGasLeft(gasLeft + gas)
    if (charged) refundState(stateGasOf(P_STATE_ACCOUNT))
    u256SetZero(result)
    return OK
  }

  const precompile = load<u32>(target, A_PRECOMPILE)
  let code: usize = 0
  if (precompile == 0) {
    status = needCode(source)
    if (status != OK) return status
    code = load<u32>(source, A_CODE)
  }

  const child = frameAt(depth)
  if (child == 0) return OUT_OF_SPACE
  markCheckpoint(child)
  if (kind == CALL) {
    if (transfers) {
      status = subBalance(self, value)
      if (status == OK) status = addBalance(target, value)
      if (status == OK && logsTransfers) status = transferLog(self, target, value)
      if (status != OK) return status
    }
    // An account with code is neither empty nor absent.
    if ((load<u32>(target, A_FLAGS) & CODE_KNOWN) == 0 || load<u32>(target, A_CODE) == 0) {
      status = touch(target, !transfers)
      if (status != OK) return status
    }
  } else if (kind == STATICCALL && code == 0) {
    status = touch(target, true)
    if (status != OK) return status
  }

  if (precompile != 0) {
    const outside = gasLeft
    setGasLeft(gas)
    status = callPrecompile(precompile, memoryPointer(frame, inputOffset), inputLength)
    if (isAbort(status)) return status
    if (TRACING) tracePrecompile(status, depth)
    if (status != OK) {
      revertFrame(child)
      setReturnLength(0)
      setGasLeft(outside)
      if (charged) refundState(stateGasOf(P_STATE_ACCOUNT))
      u256SetZero(result)
      return OK
    }
    setGasLeft(outside + gasLeft)
    const length = outLength < returnLength ? outLength : returnLength
    copyBytes(memoryPointer(frame, outOffset), returnData, length)
    u256SetU64(1, result)
    return OK
  }
  if (code == 0) {
    if (TRACING) traceExit(STOPPED, depth, gas, 0, 0)
    setGasLeft(gasLeft + gas)
    u256SetU64(1, result)
    return OK
  }

  store<i64>(frame, gasLeft, F_GAS)
  if (metersState) pushStateGas(frame)
  const keepsSelf = kind == CALLCODE || kind == DELEGATECALL
  store<u32>(child, <u32>(keepsSelf ? self : target), F_SELF)
  store<u32>(child, kind == DELEGATECALL ? load<u32>(frame, F_CALLER) : <u32>self, F_CALLER)
  if (hasValue) u256Copy(value, child + F_VALUE)
  else if (kind == DELEGATECALL) u256Copy(frame + F_VALUE, child + F_VALUE)
  else u256SetZero(child + F_VALUE)
  store<u32>(child, (kind == STATICCALL ? FRAME_STATIC : isStatic) | charged, F_FLAGS)
  const base = load<u32>(frame, F_MEM)
  store<u32>(child, base + load<u32>(frame, F_MEM_SIZE), F_MEM)
  store<u32>(child, base + inputOffset, F_INPUT)
  store<u32>(child, inputLength, F_INPUT_LENGTH)
  store<u32>(child, outOffset, F_OUT)
  store<u32>(child, outLength, F_OUT_LENGTH)
  enterCode(child, code, gas)
  return PUSHED
}

/** The opcode of a kind of call. */
function opOf(kind: u32): u32 {
  if (kind == CALL) return BY_CALL
  if (kind == CALLCODE) return BY_CALLCODE
  return kind == DELEGATECALL ? BY_DELEGATECALL : BY_STATICCALL
}

/** Points a frame at the code of a record and makes it the running one. */
export function enterCode(frame: usize, code: usize, gas: i64): void {
  const run = runnable(code)
  store<u32>(frame, <u32>codeBytes(code), F_CODE)
  store<u32>(frame, <u32>run, F_RUN)
  store<u32>(frame, <u32>run, F_PC)
  store<u32>(frame, codeLength(code), F_CODE_LENGTH)
  store<u32>(frame, <u32>code, F_CODE_RECORD)
  store<u32>(frame, <u32>jumpsOf(code, run), F_BITMAP)
  store<u32>(frame, 0, F_MEM_SIZE)
  store<i64>(frame, gas, F_GAS)
  setCurrent(frame)
}

/** What a failure of the frame goes back to. */
export function markCheckpoint(frame: usize): void {
  store<u32>(frame, checkpoint(), F_UNDO)
  store<u32>(frame, <u32>lastLog, F_LAST_LOG)
  store<u32>(frame, logCount, F_LOG_COUNT)
  store<i64>(frame, refund, F_REFUND)
}

export function revertFrame(frame: usize): void {
  const count = load<u32>(frame, F_LOG_COUNT)
  revertTo(load<u32>(frame, F_UNDO), load<i64>(frame, F_REFUND), load<u32>(frame, F_LAST_LOG), count)
}
