import { INVALID_JUMP, INVALID_OPCODE, OUT_OF_GAS, PUSHED, RETURNED, REVERTED, STOPPED } from '../abi/halts'
import {
  B_BASE_FEE, B_BLOB_BASE_FEE, B_CHAIN_ID, B_COINBASE,
  B_GAS_LIMIT, B_NUMBER, B_PREVRANDAO, B_SLOT_NUMBER, B_TIMESTAMP,
} from '../abi/blockEnv'
import {
  AMSTERDAM, BYZANTIUM, CANCUN, CONSTANTINOPLE, HOMESTEAD, ISTANBUL, LONDON, OSAKA, SHANGHAI,
} from '../abi/forks'
import { OK, OUT_OF_SPACE } from '../abi/status'
import {
  u256Add, u256AddMod, u256AddU64, u256Exp, u256Mul, u256MulMod, u256Sub,
  u256Div, u256Mod, u256Sdiv, u256Smod,
  u256Eq, u256Gt, u256IsZero, u256Lt, u256Sgt, u256Slt,
  u256And, u256Byte, u256ByteLength, u256Clz, u256Not, u256Or, u256Xor,
  shiftLeft, shiftRight, u256Ones, u256Sar, u256Shl, u256Shr, u256SignExtend,
  u256Copy, u256FitsU64, u256FromBytes, u256SetU64, u256SetZero, u256ToBytes,
} from '../u256'
import { fork } from '../fork'
import { needBalance } from '../journal/txReads'
import { A_BALANCE, A_WORD } from '../journal/txRecords'
import { bitmapOf, doPlace, jumpTarget } from './analysis'
import { blockEnv } from './blockEnv'
import { CALL, CALLCODE, DELEGATECALL, opCall, STATICCALL } from './calls'
import { opCalldataCopy, opCalldataLoad, opCodeCopy, opKeccak, opMcopy, opReturnDataCopy } from './copy'
import { opCreate } from './create'
import { opBalance, opBlobHash, opBlockHash, opExtCodeCopy, opExtCodeHash, opExtCodeSize } from './environment'
import { finishFrame, opReturn } from './finish'
import {
  current, gasLeft, memoryBuffer, returnLength, setGasLeft,
  F_BITMAP, F_BOTTOM, F_CALLER, F_CODE, F_CODE_LENGTH, F_GAS, F_INPUT_LENGTH,
  F_MEM, F_MEM_SIZE, F_PC, F_RUN, F_SELF, F_SP, F_VALUE,
} from './frames'
import { gasExpByte } from './gas'
import { opLog } from './logs'
import { memoryAt, memoryUpTo } from './memory'
import { opSelfdestruct } from './selfdestruct'
import { gasPrice, origin } from './txEnv'
import { isSet } from './fuse'
import { isAbort } from './status'
import { opSload, opSstore, opTload, opTstore } from './storage'
import { pair, pushBytes, single, swap } from './stack'
import { fails, full, haltReason, unfit } from './checks'
import {
  R_DUP_ADD, R_DUP_AND, R_DUP_DUP, R_DUP_DUP_ADD, R_DUP_DUP_SUB, R_DUP_ISZERO_JUMPI, R_DUP_JUMP, R_DUP_JUMPI,
  R_DUP_MLOAD, R_DUP_MSTORE, R_DUP_MSTORE_PUSH_ADD, R_DUP_PUSH_ADD, R_DUP_PUSH_ADD_MLOAD, R_DUP_SWAP, R_EQ_JUMPI,
  R_GT_ISZERO_JUMPI, R_GT_JUMPI, R_ISZERO_JUMPI, R_JUMP, R_JUMPI, R_LT_ISZERO_JUMPI, R_LT_JUMPI, R_ONES, R_ONES_AND,
  R_ONES_DUP_AND, R_POPS, R_POPS_JUMP, R_PUSH20_AND, R_PUSH2_DUP_DUP, R_PUSH_ADD, R_PUSH_DUP, R_PUSH_DUP_ADD,
  R_PUSH_DUP_ADD_MSTORE, R_PUSH_DUP_DUP, R_PUSH_DUP_MLOAD, R_PUSH_MLOAD, R_PUSH_MSTORE, R_PUSH_PUSH, R_PUSH_SHL,
  R_PUSH_SHR, R_SELECT, R_SWAP_DUP, R_SWAP_DUP_MSTORE, R_SWAP_JUMP, R_SWAP_POP, R_SWAP_SWAP, R_SWAP_SWAP_POPS_JUMP,
  R_SWAP_SWAP_SWAP, ROWS, ROWS_END,
} from './rows'
import { TRACING, traceHalt, traceStep } from './trace'

// The interpreter: one loop over the opcodes of all frames. pc, stack pointer, gas and the frame's memory are locals;
// the stack grows upwards in words of 32 bytes, `sp` is its top and `bottom` the place below the first word.
//
// A case either ends with `continue` (done), or with `break`: then `status` says how it went. Status 0 after an
// operation outside the loop means go on with what it changed in `gasLeft` and in the frame; UNSET means that the gas
// or stack check in the case failed.
// Decision 5 (docs/adr/0005-interpreter-in-one-loop.md).

const UNSET: i32 = -1

/**
 * Runs from the frame `current` until the first frame of the transaction ends. Returns its status, or an abort status.
 */
export function interpret(): i32 {
  let frame: usize = current
  let pc: usize = load<u32>(frame, F_PC)
  let sp: usize = load<u32>(frame, F_SP)
  let bottom: usize = load<u32>(frame, F_BOTTOM)
  let gas: i64 = load<i64>(frame, F_GAS)
  let mem: usize = memoryBuffer + load<u32>(frame, F_MEM)
  let memSize: u64 = load<u32>(frame, F_MEM_SIZE)
  let fused: usize = fusedCode(frame)

  while (true) {
    let status: i32 = UNSET
    const op = <u32>load<u8>(pc)
    if (TRACING) traceStep(frame, pc, sp, bottom, gas)
    pc += 1
    switch (op) {
      case 0x00: // STOP
        setGasLeft(gas)
        status = STOPPED
        break
      case 0x01: // ADD
        if (fails(gas -= 3, sp - bottom, 64)) break
        u256Add(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x02: // MUL
        if (fails(gas -= 5, sp - bottom, 64)) break
        u256Mul(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x03: // SUB
        if (fails(gas -= 3, sp - bottom, 64)) break
        u256Sub(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x04: // DIV
        if (fails(gas -= 5, sp - bottom, 64)) break
        u256Div(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x05: // SDIV
        if (fails(gas -= 5, sp - bottom, 64)) break
        u256Sdiv(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x06: // MOD
        if (fails(gas -= 5, sp - bottom, 64)) break
        u256Mod(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x07: // SMOD
        if (fails(gas -= 5, sp - bottom, 64)) break
        u256Smod(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x08: // ADDMOD
        if (fails(gas -= 8, sp - bottom, 96)) break
        u256AddMod(sp, sp - 32, sp - 64, sp - 64)
        sp -= 64
        continue
      case 0x09: // MULMOD
        if (fails(gas -= 8, sp - bottom, 96)) break
        u256MulMod(sp, sp - 32, sp - 64, sp - 64)
        sp -= 64
        continue
      case 0x0a: // EXP
        if (sp - bottom < 64) break
        if ((gas -= 10 + gasExpByte * <i64>u256ByteLength(sp - 32)) < 0) break
        u256Exp(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x0b: // SIGNEXTEND
        if (fails(gas -= 5, sp - bottom, 64)) break
        u256SignExtend(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x10: // LT
        if (fails(gas -= 3, sp - bottom, 64)) break
        sp -= 32
        u256SetU64(u64(u256Lt(sp + 32, sp)), sp)
        continue
      case 0x11: // GT
        if (fails(gas -= 3, sp - bottom, 64)) break
        sp -= 32
        u256SetU64(u64(u256Gt(sp + 32, sp)), sp)
        continue
      case 0x12: // SLT
        if (fails(gas -= 3, sp - bottom, 64)) break
        sp -= 32
        u256SetU64(u64(u256Slt(sp + 32, sp)), sp)
        continue
      case 0x13: // SGT
        if (fails(gas -= 3, sp - bottom, 64)) break
        sp -= 32
        u256SetU64(u64(u256Sgt(sp + 32, sp)), sp)
        continue
      case 0x14: // EQ
        if (fails(gas -= 3, sp - bottom, 64)) break
        sp -= 32
        u256SetU64(u64(u256Eq(sp + 32, sp)), sp)
        continue
      case 0x15: // ISZERO
        if (fails(gas -= 3, sp - bottom, 32)) break
        u256SetU64(u64(u256IsZero(sp)), sp)
        continue
      case 0x16: // AND
        if (fails(gas -= 3, sp - bottom, 64)) break
        u256And(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x17: // OR
        if (fails(gas -= 3, sp - bottom, 64)) break
        u256Or(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x18: // XOR
        if (fails(gas -= 3, sp - bottom, 64)) break
        u256Xor(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x19: // NOT
        if (fails(gas -= 3, sp - bottom, 32)) break
        u256Not(sp, sp)
        continue
      case 0x1a: // BYTE
        if (fails(gas -= 3, sp - bottom, 64)) break
        u256Byte(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x1b: // SHL (EIP-145)
        if (fork < CONSTANTINOPLE || fails(gas -= 3, sp - bottom, 64)) break
        u256Shl(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x1c: // SHR
        if (fork < CONSTANTINOPLE || fails(gas -= 3, sp - bottom, 64)) break
        u256Shr(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x1d: // SAR
        if (fork < CONSTANTINOPLE || fails(gas -= 3, sp - bottom, 64)) break
        u256Sar(sp, sp - 32, sp - 32)
        sp -= 32
        continue
      case 0x1e: // CLZ (EIP-7939)
        if (fork < OSAKA || fails(gas -= 5, sp - bottom, 32)) break
        u256Clz(sp, sp)
        continue
      case 0x20: // KECCAK256
        if (sp - bottom < 64) break
        setGasLeft(gas)
        status = opKeccak(frame, sp)
        sp -= 32
        break
      case 0x30: // ADDRESS
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(<usize>load<u32>(frame, F_SELF) + A_WORD, sp)
        continue
      case 0x31: // BALANCE
        if (sp - bottom < 32) break
        setGasLeft(gas)
        status = opBalance(sp)
        break
      case 0x32: // ORIGIN
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(origin + A_WORD, sp)
        continue
      case 0x33: // CALLER
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(<usize>load<u32>(frame, F_CALLER) + A_WORD, sp)
        continue
      case 0x34: // CALLVALUE
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(frame + F_VALUE, sp)
        continue
      case 0x35: // CALLDATALOAD
        if (fails(gas -= 3, sp - bottom, 32)) break
        opCalldataLoad(frame, sp)
        continue
      case 0x36: // CALLDATASIZE
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>load<u32>(frame, F_INPUT_LENGTH), sp)
        continue
      case 0x37: // CALLDATACOPY
        if (sp - bottom < 96) break
        setGasLeft(gas)
        status = opCalldataCopy(frame, sp)
        sp -= 96
        break
      case 0x38: // CODESIZE
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>load<u32>(frame, F_CODE_LENGTH), sp)
        continue
      case 0x39: // CODECOPY
        if (sp - bottom < 96) break
        setGasLeft(gas)
        status = opCodeCopy(frame, sp)
        sp -= 96
        break
      case 0x3a: // GASPRICE
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(gasPrice, sp)
        continue
      case 0x3b: // EXTCODESIZE
        if (sp - bottom < 32) break
        setGasLeft(gas)
        status = opExtCodeSize(sp)
        break
      case 0x3c: // EXTCODECOPY
        if (sp - bottom < 128) break
        setGasLeft(gas)
        status = opExtCodeCopy(frame, sp)
        sp -= 128
        break
      case 0x3d: // RETURNDATASIZE (EIP-211)
        if (fork < BYZANTIUM || full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>returnLength, sp)
        continue
      case 0x3e: // RETURNDATACOPY
        if (fork < BYZANTIUM || sp - bottom < 96) break
        setGasLeft(gas)
        status = opReturnDataCopy(frame, sp)
        sp -= 96
        break
      case 0x3f: // EXTCODEHASH (EIP-1052)
        if (fork < CONSTANTINOPLE || sp - bottom < 32) break
        setGasLeft(gas)
        status = opExtCodeHash(sp)
        break
      case 0x40: // BLOCKHASH
        if (fails(gas -= 20, sp - bottom, 32)) break
        setGasLeft(gas)
        status = opBlockHash(sp)
        break
      case 0x41: // COINBASE
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(blockEnv + B_COINBASE, sp)
        continue
      case 0x42: // TIMESTAMP
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(load<u64>(blockEnv, B_TIMESTAMP), sp)
        continue
      case 0x43: // NUMBER
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(load<u64>(blockEnv, B_NUMBER), sp)
        continue
      case 0x44: // DIFFICULTY, PREVRANDAO (EIP-4399)
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(blockEnv + B_PREVRANDAO, sp)
        continue
      case 0x45: // GASLIMIT
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(load<u64>(blockEnv, B_GAS_LIMIT), sp)
        continue
      case 0x46: // CHAINID (EIP-1344)
        if (fork < ISTANBUL || full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(blockEnv + B_CHAIN_ID, sp)
        continue
      case 0x47: // SELFBALANCE (EIP-1884)
        if (fork < ISTANBUL || full(gas -= 5, sp - bottom)) break
        sp += 32
        setGasLeft(gas)
        status = needBalance(load<u32>(frame, F_SELF))
        u256Copy(<usize>load<u32>(frame, F_SELF) + A_BALANCE, sp)
        break
      case 0x48: // BASEFEE (EIP-3198)
        if (fork < LONDON || full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(blockEnv + B_BASE_FEE, sp)
        continue
      case 0x49: // BLOBHASH (EIP-4844)
        if (fork < CANCUN || fails(gas -= 3, sp - bottom, 32)) break
        opBlobHash(sp)
        continue
      case 0x4a: // BLOBBASEFEE (EIP-7516)
        if (fork < CANCUN || full(gas -= 2, sp - bottom)) break
        sp += 32
        u256Copy(blockEnv + B_BLOB_BASE_FEE, sp)
        continue
      case 0x4b: // SLOTNUM (EIP-7843)
        if (fork < AMSTERDAM || full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(load<u64>(blockEnv, B_SLOT_NUMBER), sp)
        continue
      case 0x50: // POP
        if (fails(gas -= 2, sp - bottom, 32)) break
        sp -= 32
        continue
      case 0x51: { // MLOAD
        if (fails(gas -= 3, sp - bottom, 32)) break
        const at = load<u64>(sp)
        if (isBeyond(sp, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, sp, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256FromBytes(mem + <usize>at, sp)
        continue
      }
      case 0x52: { // MSTORE
        if (fails(gas -= 3, sp - bottom, 64)) break
        const at = load<u64>(sp)
        if (isBeyond(sp, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, sp, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256ToBytes(sp - 32, mem + <usize>at)
        sp -= 64
        continue
      }
      case 0x53: { // MSTORE8
        if (fails(gas -= 3, sp - bottom, 64)) break
        const at = load<u64>(sp)
        if (isBeyond(sp, at, 1, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, sp, 1)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        store<u8>(mem + <usize>at, load<u8>(sp - 32))
        sp -= 64
        continue
      }
      case 0x54: // SLOAD
        if (sp - bottom < 32) break
        setGasLeft(gas)
        status = opSload(frame, sp)
        break
      case 0x55: // SSTORE
        if (sp - bottom < 64) break
        setGasLeft(gas)
        status = opSstore(frame, sp)
        sp -= 64
        break
      case 0x56: { // JUMP, with the gas of the JUMPDEST, which is a step of its own in a trace
        if (fails(gas -= TRACING ? 8 : 9, sp - bottom, 32)) break
        let bitmap: usize = load<u32>(frame, F_BITMAP)
        if (bitmap == 0) bitmap = bitmapOf(frame)
        const to = jumpTarget(frame, bitmap, sp)
        sp -= 32
        if (to <= 1) {
          status = to == 0 ? INVALID_JUMP : OUT_OF_SPACE
          break
        }
        pc = TRACING ? to - 1 : to
        continue
      }
      case 0x57: { // JUMPI
        if (fails(gas -= 10, sp - bottom, 64)) break
        sp -= 64
        if (u256IsZero(sp + 32)) continue
        let bitmap: usize = load<u32>(frame, F_BITMAP)
        if (bitmap == 0) bitmap = bitmapOf(frame)
        const to = jumpTarget(frame, bitmap, sp + 64)
        if (to <= 1) {
          status = to == 0 ? INVALID_JUMP : OUT_OF_SPACE
          break
        }
        pc = TRACING ? to - 1 : to
        if (!TRACING && (gas -= 1) < 0) break
        continue
      }
      case 0x58: // PC
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>(pc - 1 - load<u32>(frame, F_RUN)), sp)
        continue
      case 0x59: // MSIZE
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(memSize, sp)
        continue
      case 0x5a: // GAS
        if (full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>gas, sp)
        continue
      case 0x5b: // JUMPDEST
        if ((gas -= 1) < 0) break
        continue
      case 0x5c: // TLOAD (EIP-1153)
        if (fork < CANCUN || sp - bottom < 32) break
        setGasLeft(gas)
        status = opTload(frame, sp)
        break
      case 0x5d: // TSTORE
        if (fork < CANCUN || sp - bottom < 64) break
        setGasLeft(gas)
        status = opTstore(frame, sp)
        sp -= 64
        break
      case 0x5e: // MCOPY (EIP-5656)
        if (fork < CANCUN || sp - bottom < 96) break
        setGasLeft(gas)
        status = opMcopy(frame, sp)
        sp -= 96
        break
      case 0x5f: // PUSH0 (EIP-3855)
        if (fork < SHANGHAI || full(gas -= 2, sp - bottom)) break
        sp += 32
        u256SetZero(sp)
        continue
      case 0x60: // PUSH1
        if (full(gas -= 3, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>load<u8>(pc), sp)
        pc += 1
        continue
      // What follows is not looked at here, but when a row is made: decision 45, and for here
      // decision 13 (docs/adr/0013-tiers-and-superinstructions.md).
      case 0x61: // PUSH2
        if (full(gas -= 3, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>bswap<u16>(load<u16>(pc)), sp)
        pc += 2
        continue
      case 0x62: // PUSH3
        if (full(gas -= 3, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>(bswap<u32>(load<u32>(pc)) >> 8), sp)
        pc += 3
        continue
      case 0x63: // PUSH4
        if (full(gas -= 3, sp - bottom)) break
        sp += 32
        u256SetU64(<u64>bswap<u32>(load<u32>(pc)), sp)
        pc += 4
        continue
      case 0x64: case 0x65: case 0x66: case 0x67: case 0x68: case 0x69: case 0x6a: case 0x6b:
      case 0x6c: case 0x6d: case 0x6e: case 0x6f: case 0x70: case 0x71: case 0x72: case 0x73:
      case 0x74: case 0x75: case 0x76: case 0x77: case 0x78: case 0x79: case 0x7a: case 0x7b:
      case 0x7c: case 0x7d:
      case 0x7e: { // PUSH5 to PUSH31
        if (full(gas -= 3, sp - bottom)) break
        sp += 32
        pushBytes(pc, op - 0x5f, sp)
        pc += op - 0x5f
        continue
      }
      case 0x7f: // PUSH32
        if (full(gas -= 3, sp - bottom)) break
        sp += 32
        u256FromBytes(pc, sp)
        pc += 32
        continue
      case 0x80: case 0x81: case 0x82: case 0x83: case 0x84: case 0x85: case 0x86: case 0x87:
      case 0x88: case 0x89: case 0x8a: case 0x8b: case 0x8c: case 0x8d: case 0x8e:
      case 0x8f: { // DUP1 to DUP16
        const depth = <usize>(op - 0x80) << 5
        if (full(gas -= 3, sp - bottom) || sp - bottom <= depth) break
        sp += 32
        u256Copy(sp - 32 - depth, sp)
        continue
      }
      case 0x90: case 0x91: case 0x92: case 0x93: case 0x94: case 0x95: case 0x96: case 0x97:
      case 0x98: case 0x99: case 0x9a: case 0x9b: case 0x9c: case 0x9d: case 0x9e:
      case 0x9f: { // SWAP1 to SWAP16
        const other = sp - (<usize>(op - 0x8f) << 5)
        if (fails(gas -= 3, sp - bottom, sp - other + 32)) break
        swap(sp, other)
        continue
      }
      case 0xa0: case 0xa1: case 0xa2: case 0xa3:
      case 0xa4: { // LOG0 to LOG4
        const pop = <usize>(op - 0xa0 + 2) << 5
        if (sp - bottom < pop) break
        setGasLeft(gas)
        status = opLog(frame, sp, op - 0xa0)
        sp -= pop
        break
      }
      // Rows of opcodes (rows.ts): all or nothing of each.
      case R_JUMP: {
        if (unfit(fused, gas, 12, sp - bottom, 0, 32)) break
        gas -= 12
        pc = landing(frame, fused, load<u16>(pc))
        continue
      }
      case R_DUP_JUMP: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 15, sp - bottom, n, 64)) break
        gas -= 15
        sp += 32
        u256Copy(sp - n, sp)
        pc = landing(frame, fused, load<u16>(pc, 1))
        continue
      }
      case R_JUMPI: {
        if (unfit(fused, gas, 13, sp - bottom, 32, 32)) break
        gas -= 13
        sp -= 32
        if (u256IsZero(sp + 32)) {
          pc += 3
          continue
        }
        pc = landing(frame, fused, load<u16>(pc))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_DUP_JUMPI: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 16, sp - bottom, n, 64)) break
        gas -= 16
        if (u256IsZero(sp + 32 - n)) {
          pc += 4
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 1))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_ISZERO_JUMPI: {
        if (unfit(fused, gas, 16, sp - bottom, 32, 32)) break
        gas -= 16
        sp -= 32
        if (!(u256IsZero(sp + 32))) {
          pc += 4
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 1))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_DUP_ISZERO_JUMPI: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 19, sp - bottom, n, 64)) break
        gas -= 19
        if (!(u256IsZero(sp + 32 - n))) {
          pc += 5
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 2))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_EQ_JUMPI: {
        if (unfit(fused, gas, 16, sp - bottom, 64, 0)) break
        gas -= 16
        sp -= 64
        if (!(u256Eq(sp + 64, sp + 32))) {
          pc += 4
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 1))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_LT_JUMPI: {
        if (unfit(fused, gas, 16, sp - bottom, 64, 0)) break
        gas -= 16
        sp -= 64
        if (!(u256Lt(sp + 64, sp + 32))) {
          pc += 4
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 1))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_GT_JUMPI: {
        if (unfit(fused, gas, 16, sp - bottom, 64, 0)) break
        gas -= 16
        sp -= 64
        if (!(u256Gt(sp + 64, sp + 32))) {
          pc += 4
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 1))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_LT_ISZERO_JUMPI: {
        if (unfit(fused, gas, 19, sp - bottom, 64, 0)) break
        gas -= 19
        sp -= 64
        if (u256Lt(sp + 64, sp + 32)) {
          pc += 5
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 2))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_GT_ISZERO_JUMPI: {
        if (unfit(fused, gas, 19, sp - bottom, 64, 0)) break
        gas -= 19
        sp -= 64
        if (u256Gt(sp + 64, sp + 32)) {
          pc += 5
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 2))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_SELECT: {
        if (unfit(fused, gas, 22, sp - bottom, 32, 64)) break
        gas -= 22
        if (!(load<u64>(sp) == <u64>load<u32>(pc, 1) && u256FitsU64(sp))) {
          pc += 10
          continue
        }
        pc = landing(frame, fused, load<u16>(pc, 7))
        status = OUT_OF_GAS
        if ((gas -= 1) < 0) break
        continue
      }
      case R_POPS: {
        const n = <usize>load<u8>(pc)
        const cost = <i64>n << 1
        if (unfit(fused, gas, cost, sp - bottom, n << 5, 0)) break
        gas -= cost
        sp -= n << 5
        pc += n - 1
        continue
      }
      case R_POPS_JUMP: {
        const n = <usize>load<u8>(pc) << 5
        const cost = <i64>(n >> 4) + 9
        if (unfit(fused, gas, cost, sp - bottom, n + 32, 0)) break
        gas -= cost
        sp -= n + 32
        const to = jumpTarget(frame, load<u32>(frame, F_BITMAP), sp + 32)
        status = INVALID_JUMP
        if (to == 0) break
        pc = to
        continue
      }
      case R_SWAP_JUMP: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 12, sp - bottom, n + 32, 0)) break
        gas -= 12
        const to = jumpTarget(frame, load<u32>(frame, F_BITMAP), sp - n)
        u256Copy(sp, sp - n)
        sp -= 32
        status = INVALID_JUMP
        if (to == 0) break
        pc = to
        continue
      }
      case R_SWAP_SWAP_POPS_JUMP: {
        const both = <usize>load<u8>(pc)
        const first = ((both & 15) << 5) + 32
        const second = ((both >> 4) << 5) + 32
        const n = <usize>load<u8>(pc, 1) << 5
        const cost = <i64>(n >> 4) + 15
        if (unfit(fused, gas, cost, sp - bottom, max(max(first, second), n) + 32, 0)) break
        gas -= cost
        swap(sp, sp - first)
        swap(sp, sp - second)
        sp -= n + 32
        const to = jumpTarget(frame, load<u32>(frame, F_BITMAP), sp + 32)
        status = INVALID_JUMP
        if (to == 0) break
        pc = to
        continue
      }
      case R_DUP_DUP: {
        const both = <usize>load<u8>(pc)
        const first = (both & 15) << 5
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 6, sp - bottom, max(first + 32, second), 64)) break
        gas -= 6
        u256Copy(sp - first, sp + 32)
        sp += 64
        u256Copy(sp - 32 - second, sp)
        pc += 1
        continue
      }
      case R_DUP_DUP_ADD: {
        const both = <usize>load<u8>(pc)
        const first = (both & 15) << 5
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 9, sp - bottom, max(first + 32, second), 64)) break
        gas -= 9
        u256Copy(sp - first, sp + 32)
        sp += 32
        u256Add(sp - second, sp, sp)
        pc += 2
        continue
      }
      case R_DUP_DUP_SUB: {
        const both = <usize>load<u8>(pc)
        const first = (both & 15) << 5
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 9, sp - bottom, max(first + 32, second), 64)) break
        gas -= 9
        u256Copy(sp - first, sp + 32)
        sp += 32
        u256Sub(sp - second, sp, sp)
        pc += 2
        continue
      }
      case R_SWAP_SWAP: {
        const both = <usize>load<u8>(pc)
        const first = ((both & 15) << 5) + 32
        const second = ((both >> 4) << 5) + 32
        if (unfit(fused, gas, 6, sp - bottom, max(first, second) + 32, 0)) break
        gas -= 6
        swap(sp, sp - first)
        swap(sp, sp - second)
        pc += 1
        continue
      }
      case R_SWAP_SWAP_SWAP: {
        const both = <usize>load<u8>(pc)
        const first = ((both & 15) << 5) + 32
        const second = ((both >> 4) << 5) + 32
        const third = (<usize>load<u8>(pc, 1) << 5) + 32
        if (unfit(fused, gas, 9, sp - bottom, max(max(first, second), third) + 32, 0)) break
        gas -= 9
        swap(sp, sp - first)
        swap(sp, sp - second)
        swap(sp, sp - third)
        pc += 2
        continue
      }
      case R_SWAP_DUP: {
        const both = <usize>load<u8>(pc)
        const first = ((both & 15) << 5) + 32
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 6, sp - bottom, max(first, second) + 32, 32)) break
        gas -= 6
        swap(sp, sp - first)
        sp += 32
        u256Copy(sp - 32 - second, sp)
        pc += 1
        continue
      }
      case R_DUP_SWAP: {
        const both = <usize>load<u8>(pc)
        const first = (both & 15) << 5
        const second = ((both >> 4) << 5) + 32
        if (unfit(fused, gas, 6, sp - bottom, max(first + 32, second), 32)) break
        gas -= 6
        sp += 32
        u256Copy(sp - 32 - first, sp)
        swap(sp, sp - second)
        pc += 1
        continue
      }
      case R_SWAP_POP: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 5, sp - bottom, n + 32, 0)) break
        gas -= 5
        u256Copy(sp, sp - n)
        sp -= 32
        pc += 1
        continue
      }
      case R_DUP_AND: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 6, sp - bottom, n, 32)) break
        gas -= 6
        u256And(sp, sp + 32 - n, sp)
        pc += 1
        continue
      }
      case R_DUP_ADD: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 6, sp - bottom, n, 32)) break
        gas -= 6
        u256Add(sp, sp + 32 - n, sp)
        pc += 1
        continue
      }
      case R_DUP_MLOAD: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 6, sp - bottom, n, 32)) break
        gas -= 6
        const word = sp + 32 - n
        const at = load<u64>(word)
        if (isBeyond(word, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, word, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        sp += 32
        u256FromBytes(mem + <usize>at, sp)
        pc += 1
        continue
      }
      case R_DUP_MSTORE: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 6, sp - bottom, n, 32)) break
        gas -= 6
        const word = sp + 32 - n
        const at = load<u64>(word)
        if (isBeyond(word, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, word, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256ToBytes(sp, mem + <usize>at)
        sp -= 32
        pc += 1
        continue
      }
      case R_DUP_MSTORE_PUSH_ADD: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 12, sp - bottom, max(n, 64), 32)) break
        gas -= 12
        const word = sp + 32 - n
        const at = load<u64>(word)
        if (isBeyond(word, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, word, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256ToBytes(sp, mem + <usize>at)
        sp -= 32
        u256AddU64(sp, <u64>load<u8>(pc, 2), sp)
        pc += 4
        continue
      }
      case R_SWAP_DUP_MSTORE: {
        const both = <usize>load<u8>(pc)
        const first = ((both & 15) << 5) + 32
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 9, sp - bottom, max(first, second) + 32, 32)) break
        gas -= 9
        swap(sp, sp - first)
        const word = sp - second
        const at = load<u64>(word)
        if (isBeyond(word, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, word, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256ToBytes(sp, mem + <usize>at)
        sp -= 32
        pc += 2
        continue
      }
      case R_DUP_PUSH_ADD: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 9, sp - bottom, n, 64)) break
        gas -= 9
        sp += 32
        u256AddU64(sp - n, <u64>load<u8>(pc, 1), sp)
        pc += 3
        continue
      }
      case R_DUP_PUSH_ADD_MLOAD: {
        const n = <usize>load<u8>(pc) << 5
        if (unfit(fused, gas, 12, sp - bottom, n, 64)) break
        gas -= 12
        sp += 32
        u256AddU64(sp - n, <u64>load<u8>(pc, 1), sp)
        const at = load<u64>(sp)
        if (isBeyond(sp, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, sp, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256FromBytes(mem + <usize>at, sp)
        pc += 4
        continue
      }
      case R_PUSH_PUSH: {
        if (unfit(fused, gas, 6, sp - bottom, 0, 64)) break
        gas -= 6
        sp += 64
        u256SetU64(<u64>load<u8>(pc), sp - 32)
        u256SetU64(<u64>load<u8>(pc, 1), sp)
        pc += 3
        continue
      }
      case R_PUSH_DUP: {
        const depth = (<usize>load<u8>(pc, 1) << 5) - 32
        if (unfit(fused, gas, 6, sp - bottom, depth, 64)) break
        gas -= 6
        sp += 64
        u256SetU64(<u64>load<u8>(pc), sp - 32)
        u256Copy(sp - 32 - depth, sp)
        pc += 2
        continue
      }
      case R_PUSH_DUP_DUP: {
        const both = <usize>load<u8>(pc, 1)
        const first = (both & 15) << 5
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 9, sp - bottom, max(first, max(second, 32) - 32), 96)) break
        gas -= 9
        sp += 96
        u256SetU64(<u64>load<u8>(pc), sp - 64)
        u256Copy(sp - 64 - first, sp - 32)
        u256Copy(sp - 32 - second, sp)
        pc += 3
        continue
      }
      case R_PUSH_DUP_MLOAD: {
        const depth = (<usize>load<u8>(pc, 1) << 5) - 32
        if (unfit(fused, gas, 9, sp - bottom, depth, 64)) break
        gas -= 9
        sp += 64
        u256SetU64(<u64>load<u8>(pc), sp - 32)
        const word = sp - 32 - depth
        const at = load<u64>(word)
        if (isBeyond(word, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, word, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256FromBytes(mem + <usize>at, sp)
        pc += 3
        continue
      }
      case R_PUSH_DUP_ADD: {
        const depth = (<usize>load<u8>(pc, 1) << 5) - 32
        if (unfit(fused, gas, 9, sp - bottom, depth, 64)) break
        gas -= 9
        sp += 32
        u256AddU64(sp - depth, <u64>load<u8>(pc), sp)
        pc += 3
        continue
      }
      case R_PUSH_DUP_ADD_MSTORE: {
        const depth = (<usize>load<u8>(pc, 1) << 5) - 32
        if (unfit(fused, gas, 12, sp - bottom, max(depth, 32), 64)) break
        gas -= 12
        const word = sp + 32
        u256AddU64(word - depth, <u64>load<u8>(pc), word)
        const at = load<u64>(word)
        if (isBeyond(word, at, 32, memSize)) {
          setGasLeft(gas)
          if ((status = memoryAt(frame, word, 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256ToBytes(sp, mem + <usize>at)
        sp -= 32
        pc += 4
        continue
      }
      case R_PUSH_ADD: {
        if (unfit(fused, gas, 6, sp - bottom, 32, 32)) break
        gas -= 6
        u256AddU64(sp, <u64>load<u8>(pc), sp)
        pc += 2
        continue
      }
      case R_PUSH_SHL: {
        if (fork < CONSTANTINOPLE || unfit(fused, gas, 6, sp - bottom, 32, 32)) break
        gas -= 6
        shiftLeft(sp, <u64>load<u8>(pc), sp)
        pc += 2
        continue
      }
      case R_PUSH_SHR: {
        if (fork < CONSTANTINOPLE || unfit(fused, gas, 6, sp - bottom, 32, 32)) break
        gas -= 6
        shiftRight(sp, <u64>load<u8>(pc), sp)
        pc += 2
        continue
      }
      case R_PUSH_MLOAD: {
        if (unfit(fused, gas, 6, sp - bottom, 0, 32)) break
        gas -= 6
        const at = <u64>load<u8>(pc)
        if (at + 32 > memSize) {
          setGasLeft(gas)
          if ((status = memoryUpTo(frame, at + 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        sp += 32
        u256FromBytes(mem + <usize>at, sp)
        pc += 2
        continue
      }
      case R_PUSH_MSTORE: {
        if (unfit(fused, gas, 6, sp - bottom, 32, 32)) break
        gas -= 6
        const at = <u64>load<u8>(pc)
        if (at + 32 > memSize) {
          setGasLeft(gas)
          if ((status = memoryUpTo(frame, at + 32)) != 0) break
          gas = gasLeft
          mem = memoryBuffer + load<u32>(frame, F_MEM)
          memSize = load<u32>(frame, F_MEM_SIZE)
        }
        u256ToBytes(sp, mem + <usize>at)
        sp -= 32
        pc += 2
        continue
      }
      case R_PUSH2_DUP_DUP: {
        const both = <usize>load<u8>(pc, 2)
        const first = (both & 15) << 5
        const second = (both >> 4) << 5
        if (unfit(fused, gas, 9, sp - bottom, max(first, max(second, 32) - 32), 96)) break
        gas -= 9
        sp += 96
        u256SetU64(<u64>load<u16>(pc), sp - 64)
        u256Copy(sp - 64 - first, sp - 32)
        u256Copy(sp - 32 - second, sp)
        pc += 4
        continue
      }
      case R_PUSH20_AND: {
        if (unfit(fused, gas, 6, sp - bottom, 32, 32)) break
        gas -= 6
        pushBytes(pc, 20, sp + 32)
        u256And(sp + 32, sp, sp)
        pc += 21
        continue
      }
      case R_ONES: {
        if (fork < CONSTANTINOPLE || unfit(fused, gas, 15, sp - bottom, 0, 96)) break
        gas -= 15
        sp += 32
        u256Copy(u256Ones(load<u8>(pc)), sp)
        pc += 7
        continue
      }
      case R_ONES_AND: {
        if (fork < CONSTANTINOPLE || unfit(fused, gas, 18, sp - bottom, 32, 96)) break
        gas -= 18
        u256And(u256Ones(load<u8>(pc)), sp, sp)
        pc += 8
        continue
      }
      case R_ONES_DUP_AND: {
        const depth = (<usize>load<u8>(pc, 1) << 5) - 32
        if (fork < CONSTANTINOPLE || unfit(fused, gas, 21, sp - bottom, depth, 96)) break
        gas -= 21
        sp += 32
        u256And(u256Ones(load<u8>(pc)), sp - depth, sp)
        pc += 9
        continue
      }
      case 0xe6: { // DUPN (EIP-8024): behind the code lie zeros, which are its immediate at the end
        if (fork < AMSTERDAM || full(gas -= 3, sp - bottom)) break
        const depth = single(load<u8>(pc))
        if (depth == 0) status = INVALID_OPCODE
        if (depth == 0 || sp - bottom < depth) break
        sp += 32
        u256Copy(sp - depth, sp)
        pc += 1
        continue
      }
      case 0xe7: { // SWAPN
        if (fork < AMSTERDAM || (gas -= 3) < 0) break
        const depth = single(load<u8>(pc))
        if (depth == 0) status = INVALID_OPCODE
        if (depth == 0 || sp - bottom < depth + 32) break
        swap(sp, sp - depth)
        pc += 1
        continue
      }
      case 0xe8: { // EXCHANGE
        if (fork < AMSTERDAM || (gas -= 3) < 0) break
        const both = pair(load<u8>(pc))
        if (both == 0) status = INVALID_OPCODE
        const near = <usize>(both >> 16)
        const far = <usize>(both & 0xffff)
        if (both == 0 || sp - bottom < far + 32) break
        swap(sp - near, sp - far)
        pc += 1
        continue
      }
      case 0xf0: // CREATE
        if (sp - bottom < 96) break
        setGasLeft(gas)
        store<u32>(frame, <u32>pc, F_PC)
        status = opCreate(frame, sp, false)
        sp = load<u32>(frame, F_SP)
        break
      case 0xf1: // CALL
        if (sp - bottom < 224) break
        setGasLeft(gas)
        store<u32>(frame, <u32>pc, F_PC)
        status = opCall(frame, sp, CALL)
        sp = load<u32>(frame, F_SP)
        break
      case 0xf2: // CALLCODE
        if (sp - bottom < 224) break
        setGasLeft(gas)
        store<u32>(frame, <u32>pc, F_PC)
        status = opCall(frame, sp, CALLCODE)
        sp = load<u32>(frame, F_SP)
        break
      case 0xf3: // RETURN
        if (sp - bottom < 64) break
        setGasLeft(gas)
        status = opReturn(frame, sp, RETURNED)
        break
      case 0xf4: // DELEGATECALL (EIP-7)
        if (fork < HOMESTEAD || sp - bottom < 192) break
        setGasLeft(gas)
        store<u32>(frame, <u32>pc, F_PC)
        status = opCall(frame, sp, DELEGATECALL)
        sp = load<u32>(frame, F_SP)
        break
      case 0xf5: // CREATE2 (EIP-1014)
        if (fork < CONSTANTINOPLE || sp - bottom < 128) break
        setGasLeft(gas)
        store<u32>(frame, <u32>pc, F_PC)
        status = opCreate(frame, sp, true)
        sp = load<u32>(frame, F_SP)
        break
      case 0xfa: // STATICCALL (EIP-214)
        if (fork < BYZANTIUM || sp - bottom < 192) break
        setGasLeft(gas)
        store<u32>(frame, <u32>pc, F_PC)
        status = opCall(frame, sp, STATICCALL)
        sp = load<u32>(frame, F_SP)
        break
      case 0xfd: // REVERT (EIP-140)
        if (fork < BYZANTIUM || sp - bottom < 64) break
        setGasLeft(gas)
        status = opReturn(frame, sp, REVERTED)
        break
      case 0xff: // SELFDESTRUCT
        if (sp - bottom < 32) break
        setGasLeft(gas)
        status = opSelfdestruct(frame, sp)
        break
      default:
        status = INVALID_OPCODE
        break
    }
    if (!TRACING && status == UNSET && op >= ROWS && op < ROWS_END) {
      // Some opcode of the row fails: it does so where all are written out.
      if (fused != 0) {
        pc = pc - 1 - fused + load<u32>(frame, F_CODE)
        continue
      }
      status = INVALID_OPCODE
    }
    if (status == OK) {
      gas = gasLeft
      mem = memoryBuffer + load<u32>(frame, F_MEM)
      memSize = load<u32>(frame, F_MEM_SIZE)
      continue
    }
    if (status != PUSHED) {
      if (TRACING && (status == UNSET || status == INVALID_JUMP || status == INVALID_OPCODE)) setGasLeft(gas)
      if (status == UNSET) status = haltReason(op, gas, sp - bottom)
      if (TRACING) traceHalt(frame, status, gasLeft)
      if (!isAbort(status)) status = finishFrame(frame, status)
      if (status != OK) return status
    }
    frame = current
    pc = load<u32>(frame, F_PC)
    sp = load<u32>(frame, F_SP)
    bottom = load<u32>(frame, F_BOTTOM)
    gas = load<i64>(frame, F_GAS)
    mem = memoryBuffer + load<u32>(frame, F_MEM)
    memSize = load<u32>(frame, F_MEM_SIZE)
    fused = fusedCode(frame)
  }
}

/** Where the frame's program counter lies when that is in a copy with fused operations, else 0. */
// @ts-ignore: decorator
@inline
function fusedCode(frame: usize): usize {
  const run: usize = load<u32>(frame, F_RUN)
  return run == load<u32>(frame, F_CODE) ? 0 : run
}

/** Where the program counter goes on that a row leads to a destination of the frame's copy. */
// @ts-ignore: decorator
@inline
function landing(frame: usize, fused: usize, place: u32): usize {
  if (!isSet(load<u32>(frame, F_BITMAP), place)) doPlace(frame, place)
  return fused + place + 1
}

/** Whether `size` bytes from the offset in a word on, whose lowest limb is `at`, do not lie in the frame's memory. */
// @ts-ignore: decorator
@inline
function isBeyond(word: usize, at: u64, size: u64, memSize: u64): bool {
  return (load<u64>(word, 8) | load<u64>(word, 16) | load<u64>(word, 24) | (at >> 32)) != 0 || at + size > memSize
}
