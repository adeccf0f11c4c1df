import { RETURNED, REVERTED, STOPPED } from '../abi/halts'
import {
  HALT_OPERAND, HALT_STATIC, HALT_WARM, HALT_WORDS, T_CALLEE, T_CHARGED_SIZE, T_COUNTS, T_COUNTS_SIZE, T_DATA_LENGTH,
  T_END_GAS, T_END_SIZE, T_END_STATUS, T_ENTER_SIZE, T_EXIT_GAS, T_EXIT_SIZE, T_EXIT_STATUS, T_FLAGS, T_FRAME_GAS,
  T_FROM, T_GAS, T_GAS_AFTER, T_GAS_USED, T_HALT_SIZE, T_HEIGHT, T_INPUT_LENGTH, T_LOG_ADDRESS, T_LOG_INDEX,
  T_LOG_SIZE, T_MEM_LENGTH, T_MEM_SIZE, T_OUTPUT_LENGTH, T_PC, T_PRECOMPILE, T_REFUND, T_RETURN_LENGTH, T_SELF,
  T_STATUS, T_STEP_SIZE, T_TARGET_SIZE, T_TOPICS, T_VALUE, T_WORDS, TE_CHARGED, TE_COUNTS, TE_END, TE_ENTER, TE_EXIT,
  TE_HALT, TE_LOG, TE_STEP, TE_TARGET, WANT_CALLS, WANT_COUNTS, WANT_LOGS, WANT_MEMORY, WANT_RETURN_DATA, WANT_STACK,
  WANT_STATE, WANT_STEPS,
} from '../abi/trace'
import { OK } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { u256Copy, u256SetZero } from '../u256'
import { logCount, refund } from '../journal/journal'
import {
  A_FLAGS, A_PRECOMPILE, LOG_ACCOUNT, LOG_BODY, LOG_DATA_LENGTH, LOG_TOPICS, S_FLAGS, SLOT_WARM, WARM,
} from '../journal/txRecords'
import { accountAddress, txAccount, txSlot } from '../journal/txTable'
import {
  current, F_CODE, F_DEPTH, F_FLAGS, F_MEM, F_MEM_SIZE, F_SELF, FRAME_CREATE, FRAME_STATIC, gasLeft, memoryBuffer,
  returnData, returnLength,
} from './frames'
import { stateSpilled } from './stateGas'
import { isAbort } from './status'
import { counts, COUNTS_SIZE, event, flushTrace, put, wanted } from './traceStream'
import { noteFacts } from './traceFacts'

// Tracing. Only the target `trace` defines TRACE; in every other build TRACING is a constant false, so that neither the
// calls below nor their imports are compiled. What the events hold: abi/trace.ts.
// Decision 9 (docs/adr/0009-traces-from-a-build-of-their-own.md).
// Decision 36 (docs/adr/0036-tracers-over-events.md).

// @ts-ignore: decorator
@inline
export const TRACING: bool = isDefined(TRACE)

// --- Steps -----------------------------------------------------------------------------------------------------------

/** The running step as it was before: op, place in the code, gas, top of the stack, its height, size of the memory. */
let stepOp: u32 = 0
let stepPc: u32 = 0
let stepGas: i64 = 0
let stepTop: usize = 0
let stepHeight: u32 = 0
let stepMemSize: u32 = 0
/** HALT_WARM, or 0. */
let stepWarm: u32 = 0
/** State gas that came from the frame's own gas. */
let stepSpilled: i64 = 0
/** Its gas is not settled yet. */
let stepOpen: bool = false

const SETTLES: u32 = WANT_STEPS | WANT_COUNTS

/** Before the opcode at `pc`. */
export function traceStep(frame: usize, pc: usize, sp: usize, bottom: usize, gas: i64): void {
  if (stepOpen && (wanted & WANT_COUNTS) != 0) settle(gas)
  stepOp = load<u8>(pc)
  stepPc = <u32>pc - load<u32>(frame, F_CODE)
  stepGas = gas
  stepTop = sp
  stepHeight = <u32>((sp - bottom) >> 5)
  stepMemSize = load<u32>(frame, F_MEM_SIZE)
  stepWarm = warmth(frame)
  stepSpilled = stateSpilled
  stepOpen = true
  if (wanted & WANT_STEPS) {
    const words: u32 = wanted & WANT_STACK ? stepHeight : 0
    tellStep(frame, words, wanted & WANT_RETURN_DATA ? returnLength : 0, wanted & WANT_MEMORY ? stepMemSize : 0)
  } else if ((wanted & WANT_STATE) != 0 && looksAtState(stepOp)) {
    tellStep(frame, min(stepHeight, 2), 0, 0)
  }
}

function tellStep(frame: usize, words: u32, returned: u32, memory: u32): void {
  const size = <usize>words * 32
  const at = event(TE_STEP, stepOp, load<u32>(frame, F_DEPTH), T_STEP_SIZE, size + returned + memory)
  fillStep(at, frame, words)
  store<u32>(at, returned, T_RETURN_LENGTH)
  store<u32>(at, memory, T_MEM_LENGTH)
  put(stepTop + 32 - size, size)
  put(returnData, returned)
  put(memoryBuffer + load<u32>(frame, F_MEM), memory)
}

function fillStep(at: usize, frame: usize, words: u32): void {
  store<u32>(at, stepPc, T_PC)
  store<u32>(at, stepMemSize, T_MEM_SIZE)
  store<i64>(at, stepGas, T_GAS)
  store<i64>(at, refund, T_REFUND)
  store<u32>(at, words, T_WORDS)
  store<u32>(at, stepHeight, T_HEIGHT)
  copyBytes(at + T_SELF, accountAddress(load<u32>(frame, F_SELF)), 20)
}

// @ts-ignore: decorator
@inline
function looksAtAccount(op: u32): bool {
  return op == 0x31 || op == 0x3b || op == 0x3c || op == 0x3f || op == 0xff
}

// @ts-ignore: decorator
@inline
function calls(op: u32): bool {
  return op == 0xf1 || op == 0xf2 || op == 0xf4 || op == 0xfa
}

function looksAtState(op: u32): bool {
  return op == 0x54 || op == 0x55 || looksAtAccount(op) || calls(op)
}

/** Whether what the step is about was warm, asked before the step makes it so. */
function warmth(frame: usize): u32 {
  const op = stepOp
  if (stepHeight == 0) return 0
  if (op == 0x54 || op == 0x55) {
    const slot = txSlot(load<u32>(frame, F_SELF), stepTop, 0)
    return slot != 0 && (load<u32>(slot, S_FLAGS) & SLOT_WARM) != 0 ? HALT_WARM : 0
  }
  const word = looksAtAccount(op) ? stepTop : calls(op) && stepHeight > 1 ? stepTop - 32 : 0
  if (word == 0) return 0
  const account = txAccount(word)
  return account != 0 && (load<u32>(account, A_FLAGS) & WARM) != 0 ? HALT_WARM : 0
}

/**
 * The gas that the step leaves its own frame with, told before a part of it goes to a callee and comes back, or where
 * state gas may be in it.
 */
export function traceCharged(gas: i64): void {
  if ((wanted & SETTLES) == 0) return
  if (wanted & WANT_COUNTS) settle(gas)
  if (wanted & WANT_STEPS) {
    const at = event(TE_CHARGED, stepOp, load<u32>(current, F_DEPTH), T_CHARGED_SIZE, 0)
    store<i64>(at, gas + stateSpilled - stepSpilled, T_GAS)
    store<i64>(at, refund, T_REFUND)
  }
}

function settle(gas: i64): void {
  if (!stepOpen) return
  stepOpen = false
  const at = counts + <usize>stepOp * 16
  store<u64>(at, load<u64>(at) + 1)
  store<i64>(at, load<i64>(at, 8) + stepGas - gas, 8)
}

/** The running step ends its frame, or with an abort status the run; before anything of the frame is undone. */
export function traceHalt(frame: usize, status: i32, gas: i64): void {
  if (wanted & WANT_COUNTS) settle(gas)
  const fine = status == STOPPED || status == RETURNED || status == REVERTED
  // What a creation is left with decides why it may fail when its code is to be paid for.
  const makes = status == RETURNED && (load<u32>(frame, F_FLAGS) & FRAME_CREATE) != 0
  if (fine && !makes && (wanted & WANT_STEPS) == 0) return
  const words = fine && status != REVERTED ? 0 : min(stepHeight, HALT_WORDS)
  const size = <usize>words * 32
  const at = event(TE_HALT, stepOp, load<u32>(frame, F_DEPTH), T_HALT_SIZE, size)
  fillStep(at, frame, words)
  store<u32>(at, <u32>status, T_STATUS)
  store<i64>(at, gas, T_GAS_AFTER)
  const isStatic: u32 = load<u32>(frame, F_FLAGS) & FRAME_STATIC ? HALT_STATIC : 0
  const operand: u32 = load<u8>(load<u32>(frame, F_CODE) + stepPc + 1)
  store<u32>(at, stepWarm | isStatic | (operand << HALT_OPERAND), T_FLAGS)
  noteFacts(at, fine || isAbort(status) ? 0 : frame, stepOp, stepTop, stepHeight)
  put(stepTop + 32 - size, size)
}

// --- Frames ----------------------------------------------------------------------------------------------------------

/** Opcodes that make frames. */
export const BY_CREATE: u32 = 0xf0
export const BY_CALL: u32 = 0xf1
export const BY_CALLCODE: u32 = 0xf2
export const BY_DELEGATECALL: u32 = 0xf4
export const BY_CREATE2: u32 = 0xf5
export const BY_STATICCALL: u32 = 0xfa
export const BY_SELFDESTRUCT: u32 = 0xff

/** A frame begins, or what counts as one. `value`: a word, 0 for none. */
export function traceEnter(
  op: u32, depth: u32, from: usize, to: usize, value: usize, input: usize, length: u32, gas: i64,
): void {
  if ((wanted & (WANT_CALLS | WANT_STATE)) == 0) return
  if ((wanted & WANT_CALLS) == 0) length = 0
  const at = event(TE_ENTER, op, depth, T_ENTER_SIZE, length)
  copyBytes(at + T_FROM, accountAddress(from), 20)
  copyBytes(at + T_CALLEE, accountAddress(to), 20)
  if (value == 0) u256SetZero(at + T_VALUE)
  else u256Copy(value, at + T_VALUE)
  store<i64>(at, gas, T_FRAME_GAS)
  store<u32>(at, length, T_INPUT_LENGTH)
  store<u32>(at, load<u32>(to, A_PRECOMPILE), T_PRECOMPILE)
  put(input, length)
}

/** A creation has found the address of what it may create. */
export function traceTarget(depth: u32, target: usize): void {
  if ((wanted & WANT_STATE) == 0) return
  const at = event(TE_TARGET, 0, depth, T_TARGET_SIZE, 0)
  copyBytes(at + T_CALLEE, accountAddress(target), 20)
}

/** It ended, with so much gas left. */
export function traceExit(status: i32, depth: u32, gas: i64, output: usize, length: u32): void {
  if ((wanted & WANT_CALLS) == 0) return
  const at = event(TE_EXIT, 0, depth, T_EXIT_SIZE, length)
  store<u32>(at, <u32>status, T_EXIT_STATUS)
  store<u32>(at, length, T_OUTPUT_LENGTH)
  store<i64>(at, gas, T_EXIT_GAS)
  put(output, length)
}

/** A precompiled contract returned, or with a status that is not OK failed; `gasLeft` is its own. */
export function tracePrecompile(status: i32, depth: u32): void {
  if (status == OK) traceExit(RETURNED, depth, gasLeft, returnData, returnLength)
  else traceExit(status, depth, 0, 0, 0)
}

/** The log that was added last. */
export function traceLog(log: usize): void {
  if ((wanted & WANT_LOGS) == 0) return
  const topics = load<u32>(log, LOG_TOPICS)
  const length = load<u32>(log, LOG_DATA_LENGTH)
  const more = <usize>topics * 32 + length
  const at = event(TE_LOG, 0, load<u32>(current, F_DEPTH), T_LOG_SIZE, more)
  copyBytes(at + T_LOG_ADDRESS, accountAddress(load<u32>(log, LOG_ACCOUNT)), 20)
  store<u32>(at, topics, T_TOPICS)
  store<u32>(at, length, T_DATA_LENGTH)
  store<u32>(at, logCount - 1, T_LOG_INDEX)
  put(log + LOG_BODY, more)
}

// --- The transaction -------------------------------------------------------------------------------------------------

/** The transaction's frames are about to run. */
export function traceClear(): void {
  stepOpen = false
  if (wanted & WANT_COUNTS) fillBytes(counts, 0, COUNTS_SIZE)
}

/**
 * The transaction is over. `gas`: of its frames, without the intrinsic gas and before refunds; `used`: of the receipt.
 */
export function traceEnd(status: i32, gas: i64, used: i64): void {
  if (wanted & WANT_COUNTS) {
    const at = event(TE_COUNTS, 0, 0, T_COUNTS_SIZE, 0)
    copyBytes(at + T_COUNTS, counts, COUNTS_SIZE)
  }
  const at = event(TE_END, 0, 0, T_END_SIZE, 0)
  store<u32>(at, <u32>status, T_END_STATUS)
  store<i64>(at, gas, T_END_GAS)
  store<i64>(at, used, T_GAS_USED)
  flushTrace()
}
