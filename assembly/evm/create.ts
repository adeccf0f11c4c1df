import { CREATE_COLLISION, INIT_CODE_TOO_LONG, OUT_OF_GAS, PUSHED, STATIC_VIOLATION } from '../abi/halts'
import { BERLIN, SHANGHAI, SPURIOUS_DRAGON } from '../abi/forks'
import { P_STATE_ACCOUNT } from '../abi/ruleSet'
import { EXIT_BALANCE, EXIT_DEPTH, EXIT_NONCE } from '../abi/trace'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { u256Copy, u256FromBytes, u256IsZero, u256Lt, u256SetZero, u256ToBytes } from '../u256'
import { addBalance, markCreated, see, setNonce, subBalance, warmAccount } from '../journal/journal'
import { fork } from '../fork'
import { accountAddress, txAccount } from '../journal/txTable'
import { answer, needBalance, needCodeHash, needDead, needNonce, needStorage } from '../journal/txReads'
import { A_BALANCE, A_CODE, A_NONCE } from '../journal/txRecords'
import { markCheckpoint } from './calls'
import {
  current,
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
  F_MEM,
  F_MEM_SIZE,
  F_OUT_LENGTH,
  F_PC,
  F_RUN,
  F_SELF,
  F_SP,
  F_VALUE,
  FRAME_CHARGED,
  FRAME_CREATE,
  FRAME_STATIC,
  frameAt,
  gasLeft,
  initCodeBuffer,
  MAX_DEPTH,
  scratch,
  setCurrent,
  setGasLeft,
  setReturnLength,
} from './frames'
import { all64th, createsAtLook, gasCreate, maxInitCode, metersState, stateGasOf, wordsOf } from './gas'
import { analyse, bitmapSize } from './jumpdests'
import { charge, memoryPointer, memoryRange, rangeLength, rangeOffset } from './memory'
import { chargeState, pushStateGas, refundState } from './stateGas'
import { BY_CREATE, BY_CREATE2, TRACING, traceCharged, traceEnter, traceExit, traceTarget } from './trace'
import { logsTransfers, transferLog } from './transferLog'

/** CREATE and CREATE2. PUSHED: the init code's frame is `current`; OK: refused, with 0 on the stack. */
export function opCreate(frame: usize, sp: usize, salted: bool): i32 {
  if (load<u32>(frame, F_FLAGS) & FRAME_STATIC) return STATIC_VIOLATION
  let status = memoryRange(frame, sp - 32, sp - 64)
  if (status != OK) return status
  const length = rangeLength
  if (length > maxInitCode) return INIT_CODE_TOO_LONG
  const words = wordsOf(length)
  let cost = gasCreate
  if (fork >= SHANGHAI) cost += 2 * words // EIP-3860
  if (salted) cost += 6 * words
  if (!charge(cost)) return OUT_OF_GAS
  let charged: u32 = 0
  if (metersState && !createsAtLook) {
    if (!chargeState(stateGasOf(P_STATE_ACCOUNT))) return OUT_OF_GAS
    charged = FRAME_CHARGED
  }
  if (TRACING && !createsAtLook) traceCharged(gasLeft)
  const initCode = memoryPointer(frame, rangeOffset)

  const result = salted ? sp - 96 : sp - 64
  store<u32>(frame, <u32>result, F_SP)
  setReturnLength(0)
  const self: usize = load<u32>(frame, F_SELF)
  const depth = load<u32>(frame, F_DEPTH) + 1
  if (TRACING) {
    // Told before it is known whether it may begin.
    status = traceCreation(self, sp, salted, initCode, length, depth, !metersState)
    if (status != OK) return status
  }
  let refused = depth > MAX_DEPTH
  if (!refused && !u256IsZero(sp)) {
    status = needBalance(self)
    if (status != OK) return status
    refused = u256Lt(self + A_BALANCE, sp)
  }
  if (!refused) {
    status = needNonce(self)
    if (status != OK) return status
    refused = load<u64>(self, A_NONCE) == u64.MAX_VALUE // EIP-2681
  }
  if (refused) {
    if (TRACING) traceRefusal(self, sp, depth)
    if (charged) refundState(stateGasOf(P_STATE_ACCOUNT))
    u256SetZero(result)
    return OK
  }
  const nonce = load<u64>(self, A_NONCE)
  if (salted) saltedAddress(self, sp - 96, initCode, length)
  else createAddress(accountAddress(self), nonce)
  const target = txAccount(scratch)
  if (target == 0) return OUT_OF_SPACE
  see(target)
  if (createsAtLook) {
    status = needDead(target)
    if (status != OK) return status
    if (answer) {
      if (!chargeState(stateGasOf(P_STATE_ACCOUNT))) return OUT_OF_GAS
      charged = FRAME_CHARGED
    }
    if (TRACING) traceCharged(gasLeft)
  }
  if (TRACING) {
    if (metersState) status = traceCreation(self, sp, salted, initCode, length, depth, true)
    if (status != OK) return status
  }
  status = setNonce(self, nonce + 1)
  if (status == OK && fork >= BERLIN) status = warmAccount(target)
  if (status != OK) return status

  const gas = all64th ? gasLeft - (gasLeft >> 6) : gasLeft
  setGasLeft(gasLeft - gas)
  store<i64>(frame, gasLeft, F_GAS)
  const base = load<u32>(frame, F_MEM) + load<u32>(frame, F_MEM_SIZE)
  status = enterInitCode(depth, self, target, sp, initCode, length, base, gas)
  if (status == CREATE_COLLISION) {
    if (TRACING) traceExit(status, depth, 0, 0, 0)
    if (charged) refundState(stateGasOf(P_STATE_ACCOUNT))
    u256SetZero(result)
    return OK
  }
  if (metersState && status == PUSHED) {
    pushStateGas(frame)
    store<u32>(current, FRAME_CREATE | charged, F_FLAGS)
  }
  return status
}

/** Of `gasLeft`, what a creation would get that is traced (EIP-150). */
function forwarded(): i64 {
  return all64th ? gasLeft - (gasLeft >> 6) : gasLeft
}

/** Tells why a creation whose frame was told of did not begin. */
function traceRefusal(self: usize, value: usize, depth: u32): void {
  // Where state gas is metered nothing was told of it.
  if (metersState) return
  const poor = !u256IsZero(value) && u256Lt(self + A_BALANCE, value)
  traceExit(depth > MAX_DEPTH ? EXIT_DEPTH : poor ? EXIT_BALANCE : EXIT_NONCE, depth, forwarded(), 0, 0)
}

/** Tells of the frame of a creation, or when it does not begin yet of its address. OK, or an abort status. */
function traceCreation(
  self: usize, sp: usize, salted: bool, initCode: usize, length: u32, depth: u32, begins: bool,
): i32 {
  const status = needNonce(self)
  if (status != OK) return status
  if (salted) saltedAddress(self, sp - 96, initCode, length)
  else createAddress(accountAddress(self), load<u64>(self, A_NONCE))
  const target = txAccount(scratch)
  if (target == 0) return OUT_OF_SPACE
  if (begins) traceEnter(salted ? BY_CREATE2 : BY_CREATE, depth, self, target, sp, initCode, length, forwarded())
  else traceTarget(depth, target)
  return OK
}

/**
 * Pushes the frame that runs init code for `target`. PUSHED, CREATE_COLLISION when the address is taken (nothing has
 * changed then, the gas is lost), or an abort status. `memoryBase`: offset of its memory.
 */
export function enterInitCode(
  depth: u32, creator: usize, target: usize, value: usize, initCode: usize, length: u32, memoryBase: u32, gas: i64,
): i32 {
  let status = needNonce(target)
  if (status == OK) status = needCodeHash(target)
  if (status != OK) return status
  if (load<u64>(target, A_NONCE) != 0 || load<u32>(target, A_CODE) != 0) return CREATE_COLLISION
  status = needStorage(target)
  if (status != OK) return status
  if (answer) return CREATE_COLLISION
  const child = frameAt(depth)
  if (child == 0) return OUT_OF_SPACE
  const bitmapAt = ((<usize>length + 33 + 15) & ~15)
  const code = initCodeBuffer(child, bitmapAt + bitmapSize(length))
  if (code == 0) return OUT_OF_SPACE
  copyBytes(code, initCode, length)
  fillBytes(code + length, 0, 33)
  analyse(code, length, code + bitmapAt)

  markCheckpoint(child)
  status = markCreated(target)
  if (status == OK && fork >= SPURIOUS_DRAGON) status = setNonce(target, 1) // EIP-161
  if (status == OK && !u256IsZero(value)) {
    status = subBalance(creator, value)
    if (status == OK) status = addBalance(target, value)
    if (status == OK && logsTransfers) status = transferLog(creator, target, value)
  }
  if (status != OK) return status
  store<u32>(child, <u32>code, F_CODE)
  store<u32>(child, <u32>code, F_RUN)
  store<u32>(child, <u32>code, F_PC)
  store<u32>(child, length, F_CODE_LENGTH)
  store<u32>(child, <u32>(code + bitmapAt), F_BITMAP)
  store<u32>(child, 0, F_CODE_RECORD)
  store<u32>(child, <u32>target, F_SELF)
  store<u32>(child, <u32>creator, F_CALLER)
  u256Copy(value, child + F_VALUE)
  store<u32>(child, FRAME_CREATE, F_FLAGS)
  store<u32>(child, memoryBase, F_MEM)
  store<u32>(child, 0, F_MEM_SIZE)
  store<u32>(child, memoryBase, F_INPUT)
  store<u32>(child, 0, F_INPUT_LENGTH)
  store<u32>(child, 0, F_OUT_LENGTH)
  store<i64>(child, gas, F_GAS)
  setCurrent(child)
  return PUSHED
}

/** scratch = the word of keccak256(rlp([address, nonce]))[12:]. */
export function createAddress(address: usize, nonce: u64): void {
  const at = scratch
  store<u8>(at, 0x94, 1)
  copyBytes(at + 2, address, 20)
  let length: u32 = 21
  if (nonce == 0) {
    store<u8>(at, 0x80, 22)
    length += 1
  } else if (nonce < 0x80) {
    store<u8>(at, <u8>nonce, 22)
    length += 1
  } else {
    const bytes = <u32>(71 - clz(nonce)) >> 3
    store<u8>(at, <u8>(0x80 + bytes), 22)
    for (let i: u32 = 0; i < bytes; i++) store<u8>(at + 23 + i, <u8>(nonce >> (<u64>(bytes - 1 - i) * 8)))
    length += 1 + bytes
  }
  store<u8>(at, <u8>(0xc0 + length))
  hashToAddress(at, length + 1)
}

/** scratch = the word of keccak256(0xff ++ address ++ salt ++ keccak256(init code))[12:] (EIP-1014). */
function saltedAddress(creator: usize, salt: usize, initCode: usize, length: u32): void {
  const at = scratch
  store<u8>(at, 0xff)
  copyBytes(at + 1, accountAddress(creator), 20)
  u256ToBytes(salt, at + 21)
  keccak256(initCode, length, at + 53)
  hashToAddress(at, 85)
}

function hashToAddress(input: usize, length: u32): void {
  keccak256(input, length, input + 128)
  u256FromBytes(input + 128, scratch)
  store<u32>(scratch, 0, 20)
  store<u64>(scratch, 0, 24)
}
