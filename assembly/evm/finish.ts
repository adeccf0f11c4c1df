import { CODE_STORE_OUT_OF_GAS, CODE_TOO_LONG, INVALID_CODE, RETURNED, REVERTED, STOPPED } from '../abi/halts'
import { HOMESTEAD, LONDON } from '../abi/forks'
import { P_CODE_WORD, P_STATE_ACCOUNT, P_STATE_BYTE } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256Copy, u256SetU64, u256SetZero } from '../u256'
import { internCode } from '../state/code'
import { revertTo, setCode } from '../journal/journal'
import { fork } from '../fork'
import { A_WORD } from '../journal/txRecords'
import {
  F_DEPTH,
  F_FLAGS,
  F_GAS,
  F_LAST_LOG,
  F_LOG_COUNT,
  F_MEM,
  F_OUT,
  F_OUT_LENGTH,
  F_REFUND,
  F_SELF,
  F_SP,
  F_UNDO,
  FRAME_CHARGED,
  FRAME_CREATE,
  gasLeft,
  memoryBuffer,
  parentOf,
  returnData,
  returnLength,
  setCurrent,
  setGasLeft,
  setReturnLength,
} from './frames'
import { maxCode, metersState, param, stateGasOf, wordsOf } from './gas'
import { charge, memoryPointer, memoryRange, rangeLength, rangeOffset } from './memory'
import { chargeState, popStateGas, refundState, undoState } from './stateGas'
import { TRACING, traceExit } from './trace'

// The end of a frame: its changes stay or are undone, a creation gets its code, the caller gets gas, output and the
// result on its stack.

const DEPOSIT: i64 = 200 // gas a byte of code

/** The transaction's own creation could not pay for its code and stays without (Frontier): clients report a failure. */
export let unpaidCode: bool = false

export function clearUnpaidCode(): void {
  unpaidCode = false
}

/**
 * Ends the frame with `gasLeft` and, for RETURN and REVERT, the return data in place. OK when the caller (`current`)
 * goes on, an abort status, or for the transaction's first frame its final status.
 */
export function finishFrame(frame: usize, status: i32): i32 {
  if (status == STOPPED) setReturnLength(0)
  // What a creation returns is gone when it has become code.
  const output = TRACING ? outputOf(status) : 0
  if (load<u32>(frame, F_FLAGS) & FRAME_CREATE && (status == STOPPED || status == RETURNED)) {
    status = deposit(frame)
    if (status == OUT_OF_SPACE) return status
  }
  const success = status == STOPPED || status == RETURNED
  if (!success) {
    const logs = load<u32>(frame, F_LOG_COUNT)
    revertTo(load<u32>(frame, F_UNDO), load<i64>(frame, F_REFUND), load<u32>(frame, F_LAST_LOG), logs)
    if (status != REVERTED) {
      setGasLeft(0)
      setReturnLength(0)
    }
    if (metersState) undoState(status == REVERTED, load<u32>(frame, F_DEPTH) == 0)
  }
  if (TRACING) traceExit(status, load<u32>(frame, F_DEPTH), gasLeft, returnData, output)
  if (load<u32>(frame, F_DEPTH) == 0) return status
  const parent = parentOf(frame)
  const result: usize = load<u32>(parent, F_SP)
  if (load<u32>(frame, F_FLAGS) & FRAME_CREATE) {
    if (success) u256Copy(<usize>load<u32>(frame, F_SELF) + A_WORD, result)
    else u256SetZero(result)
  } else {
    u256SetU64(success ? 1 : 0, result)
    let length = load<u32>(frame, F_OUT_LENGTH)
    if (length > returnLength) length = returnLength
    if (length != 0) {
      copyBytes(memoryBuffer + load<u32>(parent, F_MEM) + load<u32>(frame, F_OUT), returnData, length)
    }
  }
  setGasLeft(gasLeft + load<i64>(parent, F_GAS))
  if (metersState) {
    popStateGas(parent)
    if (!success && load<u32>(frame, F_FLAGS) & FRAME_CHARGED) refundState(stateGasOf(P_STATE_ACCOUNT))
  }
  store<i64>(parent, gasLeft, F_GAS)
  setCurrent(parent)
  return OK
}

/** Bytes of what the frame gave back. */
function outputOf(status: i32): u32 {
  return status == RETURNED || status == REVERTED ? returnLength : 0
}

/** What the init code returned becomes the code of the contract. */
function deposit(frame: usize): i32 {
  const length = returnLength
  if (length > maxCode) return CODE_TOO_LONG
  // EIP-3541.
  if (fork >= LONDON && length != 0 && load<u8>(returnData) == 0xef) return INVALID_CODE
  if (metersState) {
    const paid = charge(param(P_CODE_WORD) * wordsOf(length)) && chargeState(param(P_STATE_BYTE) * <i64>length)
    return paid ? install(frame, length) : CODE_STORE_OUT_OF_GAS
  }
  const cost = DEPOSIT * <i64>length
  if (gasLeft < cost) {
    // Before EIP-2 a contract whose code cannot be paid for was created without code.
    if (fork >= HOMESTEAD) return CODE_STORE_OUT_OF_GAS
    if (load<u32>(frame, F_DEPTH) == 0) unpaidCode = true
    setReturnLength(0)
    return RETURNED
  }
  setGasLeft(gasLeft - cost)
  return install(frame, length)
}

function install(frame: usize, length: u32): i32 {
  if (length != 0) {
    const code = internCode(returnData, length, 0)
    if (code == 0) return OUT_OF_SPACE
    const status = setCode(load<u32>(frame, F_SELF), code)
    if (status != OK) return status
  }
  // A successful creation leaves no return data.
  setReturnLength(0)
  return RETURNED
}

/**
 * RETURN and REVERT: the output becomes the return data. `how`: RETURNED or REVERTED, given back when it went through.
 */
export function opReturn(frame: usize, sp: usize, how: i32): i32 {
  const status = memoryRange(frame, sp, sp - 32)
  if (status != OK) return status
  if (!setReturnLength(rangeLength)) return OUT_OF_SPACE
  copyBytes(returnData, memoryPointer(frame, rangeOffset), rangeLength)
  return how
}
