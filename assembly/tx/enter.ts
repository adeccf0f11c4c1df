import { RECORD_CREATE, R_DATA, R_DATA_LENGTH, R_FLAGS, R_NONCE, R_TO, R_VALUE } from '../abi/transaction'
import { CREATE_COLLISION, PUSHED, RETURNED, STOPPED } from '../abi/halts'
import { BERLIN, PRAGUE } from '../abi/forks'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256Copy, u256IsZero } from '../u256'
import { addBalance, see, subBalance, touch, warmAccount } from '../journal/journal'
import { fork } from '../fork'
import { accountAddress, txAccount } from '../journal/txTable'
import { needCode } from '../journal/txReads'
import { A_CODE, A_PRECOMPILE } from '../journal/txRecords'
import { wordFromAddress } from '../u256/address'
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
  gasLeft,
  memoryBuffer,
  reserveMemory,
  scratch,
  setGasLeft,
  setReturnLength,
} from '../evm/frames'
import { interpret } from '../evm/interpreter'
import { callPrecompile } from '../evm/precompiles'
import { isAbort } from '../evm/status'
import { BY_CALL, BY_CREATE, TRACING, traceEnter, traceExit, tracePrecompile } from '../evm/trace'
import { logsTransfers, transferLog } from '../evm/transferLog'

// The first frame of a transaction.

/** TxAccount of the contract that the transaction creates, else 0. */
export let created: usize = 0

export function clearCreated(): void {
  created = 0
}

/** TxAccount of an address in wire order; 0 when out of space. */
export function accountOf(address: usize): usize {
  wordFromAddress(address, scratch)
  return txAccount(scratch)
}

/** TxAccount of what the transaction calls or creates; 0 when out of space. */
export function targetOf(record: usize, sender: usize): usize {
  if ((load<u32>(record, R_FLAGS) & RECORD_CREATE) == 0) return accountOf(record + R_TO)
  createAddress(accountAddress(sender), load<u64>(record, R_NONCE))
  created = txAccount(scratch)
  return created
}

/** Runs the transaction's call or creation with `gasLeft`. Returns how its first frame ended, or an abort status. */
export function enter(record: usize, sender: usize): i32 {
  const data = record + load<u32>(record, R_DATA)
  const length = load<u32>(record, R_DATA_LENGTH)
  const value = record + R_VALUE
  if (load<u32>(record, R_FLAGS) & RECORD_CREATE) {
    if (targetOf(record, sender) == 0) return OUT_OF_SPACE
    see(created)
    if (fork >= BERLIN) {
      const status = warmAccount(created)
      if (status != OK) return status
    }
    if (TRACING) traceEnter(BY_CREATE, 0, sender, created, value, data, length, gasLeft)
    const status = enterInitCode(0, sender, created, value, data, length, 0, gasLeft)
    if (status == CREATE_COLLISION) {
      setGasLeft(0)
      if (TRACING) traceExit(status, 0, 0, 0, 0)
    }
    return status == PUSHED ? interpret() : status
  }
  return enterCall(record, sender, data, length, value)
}

function enterCall(record: usize, sender: usize, data: usize, length: u32, value: usize): i32 {
  const target = accountOf(record + R_TO)
  const frame = frameAt(0)
  if (target == 0 || frame == 0) return OUT_OF_SPACE
  see(target)
  let status: i32 = fork >= BERLIN ? warmAccount(target) : OK
  let code: usize = 0
  const precompile = load<u32>(target, A_PRECOMPILE)
  if (status == OK && precompile == 0) {
    status = needCode(target)
    code = load<u32>(target, A_CODE)
    if (status == OK && fork >= PRAGUE && isDelegation(code)) {
      const delegate = delegateOf(code)
      if (delegate == 0) return OUT_OF_SPACE
      see(delegate)
      status = warmAccount(delegate)
      if (status == OK) status = needCode(delegate)
      code = load<u32>(delegate, A_CODE)
    }
  }
  if (status != OK) return status
  if (TRACING) traceEnter(BY_CALL, 0, sender, target, value, data, length, gasLeft)
  markCheckpoint(frame)
  const nothing = u256IsZero(value)
  if (!nothing) {
    status = subBalance(sender, value)
    if (status == OK) status = addBalance(target, value)
    if (status == OK && logsTransfers) status = transferLog(sender, target, value)
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
    if (TRACING) tracePrecompile(status, 0)
    if (status == OK) return RETURNED
    revertFrame(frame)
    setGasLeft(0)
    setReturnLength(0)
    return status
  }
  if (code == 0) {
    if (TRACING) traceExit(STOPPED, 0, gasLeft, 0, 0)
    return STOPPED
  }
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
