// Calls, creations and ends of contracts.
import { Op } from '../../abi/registry.js'
import { toBytes } from '../../bytes.js'
import { Assembler } from '../assembler.js'
import { loop, nameOf, type WorstCase } from './case.js'
import { accounts, longCode } from './state.js'

const COLD_ACCOUNT = 2600
/** Address of a contract that is there to be called. */
const CALLEE = 0xca11ee
/** The longest init code there may be (EIP-3860). */
const INIT_CODE = 49_152

/** A call of the account whose number is on the stack, with all the gas there is. */
function callNumber(asm: Assembler): void {
  asm.op(Op.PUSH0, Op.PUSH0, Op.PUSH0, Op.PUSH0, Op.PUSH0, Op.DUP6, Op.GAS, Op.CALL, Op.POP)
}
const CALL_GAS = 5 * 2 + 3 + 2 + 2

/** Init code that jumps over all of itself, where each has a word of its own. */
function creation(opcode: number, gas: number): WorstCase {
  return {
    name: `${nameOf(opcode)}, init code of 48 KB`,
    opcodes: [opcode],
    leastGas: 150_000,
    code: () =>
      loop({
        setup: (asm) => {
          const end = INIT_CODE - 2
          const word = new Uint8Array(32)
          word.set([Op.PUSH2, end >> 8, end & 255, Op.JUMP])
          asm.op(Op.PUSH32, ...word, Op.PUSH0, Op.MSTORE)
          asm.push(BigInt((Op.JUMPDEST << 8) | Op.STOP))
          asm.push(BigInt(INIT_CODE - 32))
          asm.op(Op.MSTORE, Op.PUSH0)
        },
        body: (asm) => {
          asm.op(Op.PUSH1, 1, Op.ADD, Op.DUP1, Op.PUSH1, 32, Op.MSTORE)
          if (opcode === Op.CREATE2) asm.op(Op.DUP1)
          asm.push(BigInt(INIT_CODE))
          asm.op(Op.PUSH0, Op.PUSH0, opcode, Op.POP)
        },
        gas,
      }),
  }
}

/** Words of init code cost 2 each (EIP-3860), and 6 more to be hashed. */
const INIT_WORDS = INIT_CODE / 32
const CREATE_GAS = 32_000 + 2 * INIT_WORDS + 60

/** Rounds through all ways to call `callee`, which returns or reverts with 24 KB. */
function ending(opcode: number): WorstCase {
  return {
    name: `${nameOf(opcode)} of 24 KB`,
    opcodes: [opcode],
    code: ({ world }) => {
      const address = toBytes(BigInt(CALLEE), 20)
      world.state.set(address, { code: Uint8Array.of(Op.PUSH2, 0x60, 0, Op.PUSH0, opcode) })
      return loop({
        setup: (asm) => asm.push(BigInt(CALLEE)),
        body: callNumber,
        gas: CALL_GAS + 100 + 5 + 3 * 768 + (768 * 768) / 512 + COLD_ACCOUNT,
      })
    },
  }
}

/** Every frame calls the same code again while there is gas: most of them are hundreds of frames deep. */
function deep(): WorstCase {
  return {
    name: 'CALL of itself, deep',
    opcodes: [Op.CALL],
    code: () => {
      const asm = new Assembler()
      asm.op(Op.JUMPDEST)
      // The gas that the call leaves to the caller (EIP-150) must bring it to its end.
      asm.push(4000n)
      asm.op(Op.GAS, Op.GT)
      const hole = asm.jumpHole(Op.JUMPI)
      asm.op(Op.STOP)
      asm.fillHole(hole)
      asm.op(...PLAIN, Op.ADDRESS, Op.GAS, Op.CALL, Op.POP, Op.PUSH0, Op.JUMP)
      return asm.finish()
    },
  }
}

/** Output, input and value of a call: nothing. */
const PLAIN = [Op.PUSH0, Op.PUSH0, Op.PUSH0, Op.PUSH0, Op.PUSH0]

function calls(): WorstCase {
  const opcodes: number[] = [Op.CALL, Op.CALLCODE, Op.DELEGATECALL, Op.STATICCALL]
  return {
    name: 'calls of an empty account',
    opcodes,
    code: () =>
      loop({
        body: (asm, index) => {
          const op = opcodes[index % opcodes.length]!
          const operands = op === Op.CALL || op === Op.CALLCODE ? PLAIN : PLAIN.slice(1)
          asm.op(...operands, Op.ORIGIN, Op.GAS, op, Op.POP)
        },
        times: 48,
        gas: 100 + 16,
      }),
  }
}

export const CALLS: readonly WorstCase[] = [
  calls(),
  deep(),
  ending(Op.RETURN),
  ending(Op.REVERT),
  accounts('JUMPDEST analysis of 24 KB codes', [Op.JUMPDEST], COLD_ACCOUNT + CALL_GAS + 12, callNumber, (number) => ({
    code: longCode(number),
  })),
  creation(Op.CREATE, CREATE_GAS),
  creation(Op.CREATE2, CREATE_GAS + 6 * INIT_WORDS),
  accounts(nameOf(Op.SELFDESTRUCT), [Op.SELFDESTRUCT], COLD_ACCOUNT + CALL_GAS + 5002, callNumber, () => ({
    code: Uint8Array.of(Op.ORIGIN, Op.SELFDESTRUCT),
  })),
  {
    name: 'SELFDESTRUCT in init code',
    opcodes: [Op.SELFDESTRUCT],
    code: () =>
      loop({
        setup: (asm) => {
          asm.op(Op.PUSH2, Op.ORIGIN, Op.SELFDESTRUCT, Op.PUSH0, Op.MSTORE)
        },
        body: (asm) => asm.op(Op.PUSH1, 2, Op.PUSH1, 30, Op.PUSH0, Op.CREATE, Op.POP),
        gas: 32_000 + 5002 + COLD_ACCOUNT + 20,
      }),
  },
]
