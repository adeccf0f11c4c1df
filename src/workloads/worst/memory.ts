// Opcodes whose work goes by bytes: hashing, copying, logging.
import { Op } from '../../abi/registry.js'
import type { Assembler } from '../assembler.js'
import { loop, nameOf, type WorstCase } from './case.js'

const KB = 1024

const words = (bytes: number): number => Math.ceil(bytes / 32)

/** Gas of a memory of so many bytes (Yellow Paper, appendix H). */
function memoryGas(bytes: number): number {
  const count = words(bytes)
  return 3 * count + Math.floor((count * count) / 512)
}

/** Each hash goes back into what is hashed. */
function keccak(bytes: number, name: string): WorstCase {
  const gas = 30 + 6 * words(bytes) + 3 + 2 + 2 + 3
  return {
    name: `KECCAK256 of ${name}`,
    opcodes: [Op.KECCAK256],
    price: 30 + 6 * words(bytes),
    leastGas: 22_000 + memoryGas(bytes) + 8 * gas,
    code: () =>
      loop({
        // The memory is paid for before the loop.
        setup: (asm) => {
          asm.op(Op.PUSH0)
          asm.push(BigInt(bytes - 32))
          asm.op(Op.MSTORE)
        },
        body: (asm) => {
          asm.push(BigInt(bytes))
          asm.op(Op.PUSH0, Op.KECCAK256, Op.PUSH0, Op.MSTORE)
        },
        times: 50,
        gas,
      }),
  }
}

/** Pushes length, offset and destination. */
function copy(opcode: number, bytes: number, text: string, setup?: (asm: Assembler) => void): WorstCase {
  const source = opcode === Op.MCOPY ? 1 : 0
  return {
    name: `${nameOf(opcode)} of ${text}`,
    opcodes: [opcode],
    code: () =>
      loop({
        setup: (asm) => {
          setup?.(asm)
          // The memory is paid for before the loop.
          asm.op(Op.PUSH0)
          asm.push(BigInt(bytes + 32))
          asm.op(Op.MSTORE)
        },
        body: (asm) => {
          asm.push(BigInt(bytes))
          asm.op(Op.PUSH1, source, Op.PUSH0, opcode)
        },
        times: 50,
        gas: 3 + 3 * words(bytes) + 3 + 3 + 2,
      }),
    // Zeros cost 10 gas a byte at least (EIP-7623).
    ...(opcode === Op.CALLDATACOPY && { calldata: new Uint8Array(bytes), leastGas: 60_000 + 20 * bytes }),
  }
}

/** Return data of 16 KB: what the identity contract gives back. */
function callIdentity(asm: Assembler): void {
  asm.op(Op.PUSH0, Op.PUSH0)
  asm.push(BigInt(16 * KB))
  asm.op(Op.PUSH0, Op.PUSH1, 4, Op.GAS, Op.STATICCALL, Op.POP)
}

function log(topics: number, bytes: number, text: string): WorstCase {
  const opcode = Op.LOG0 + topics
  return {
    name: `${nameOf(opcode)} ${text}`,
    opcodes: [opcode],
    leastGas: 60_000 + memoryGas(bytes) + 10 * bytes,
    code: () =>
      loop({
        setup: (asm) => {
          asm.op(Op.PUSH0)
          asm.push(BigInt(bytes))
          asm.op(Op.MSTORE)
        },
        body: (asm, index) => {
          for (let topic = 0; topic < topics; topic++) asm.push(BigInt(1 + index + topic))
          asm.push(BigInt(bytes))
          asm.op(Op.PUSH0, opcode)
        },
        times: 50,
        gas: 375 + topics * (375 + 3) + 8 * bytes + 5,
      }),
  }
}

export const MEMORY: readonly WorstCase[] = [
  keccak(32, '32 bytes'),
  keccak(KB, '1 KB'),
  keccak(KB * KB, '1 MB'),
  copy(Op.MCOPY, 32, '32 bytes'),
  copy(Op.MCOPY, 32 * KB, '32 KB'),
  copy(Op.CALLDATACOPY, 32, '32 bytes'),
  copy(Op.CALLDATACOPY, 16 * KB, '16 KB'),
  copy(Op.CODECOPY, 24 * KB, '24 KB'),
  copy(Op.RETURNDATACOPY, 16 * KB, '16 KB', callIdentity),
  {
    name: 'MLOAD, MSTORE, MSTORE8',
    opcodes: [Op.MLOAD, Op.MSTORE, Op.MSTORE8],
    code: () =>
      loop({
        // Addresses are odd: no word lies on a boundary.
        body: (asm, index) => {
          asm.push(BigInt(1 + 2 * index))
          asm.op(Op.MLOAD)
          asm.push(BigInt(3 + 2 * index))
          asm.op(Op.MSTORE, Op.PUSH1, index & 255)
          asm.push(BigInt(5 + 2 * index))
          asm.op(Op.MSTORE8)
        },
        times: 200,
        gas: 21 + 1,
      }),
  },
  log(0, 0, 'of nothing'),
  log(1, 0, 'of nothing'),
  log(2, 0, 'of nothing'),
  log(3, 0, 'of nothing'),
  log(4, 0, 'of nothing'),
  log(4, 32 * KB, 'of 32 KB'),
]
