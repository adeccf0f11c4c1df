// Opcodes that work on the stack alone, on full words that are new each time.
import { Rules } from '../../abi/core.generated.js'
import { baseGas, OPCODES, Op } from '../../abi/registry.js'
import type { Assembler } from '../assembler.js'
import { Random } from '../random.js'
import { loop, nameOf, type WorstCase } from './case.js'

/** A random number of so many bits, the highest one set. */
type Bits = number

type Numbers = (bits: Bits) => bigint

/** The same for each name, whatever was asked before. */
function numbersFor(name: string): Numbers {
  const random = new Random(1, name)
  return (bits) => number(random, bits)
}

function number(random: Random, bits: Bits): bigint {
  let value = 1n
  let length = 1
  for (; length < bits; length += 32) value = (value << 32n) | BigInt(random.u32())
  return value >> BigInt(length - bits)
}

/** Operands are pushed anew for each: the first of `bits` is on top. `more` is gas beyond the opcode's own. */
function operation(opcode: number, bits: (index: number) => Bits[], more = 0): WorstCase {
  const row = OPCODES.find(({ code }) => code === opcode)!
  const { name, pops } = row
  return {
    name,
    opcodes: [opcode],
    code: () => {
      const next = numbersFor(name)
      return loop({
        body: (asm, index) => {
          for (const each of bits(index).reverse()) asm.push(next(each))
          asm.op(opcode, Op.POP)
        },
        times: 200,
        gas: baseGas(row, Rules.OSAKA) + more + 3 * pops + 2,
      })
    },
  }
}

/** Divisors of two, three and four limbs of 64 bits, never near the dividend. */
const DIVISOR_BITS = [65, 96, 128, 129, 160, 192]
const quotient = (index: number): Bits[] => [256, DIVISOR_BITS[index % DIVISOR_BITS.length]!]

/** A round through several opcodes, with random words under them. */
function mixed(name: string, opcodes: readonly number[]): WorstCase {
  const body = (next: Numbers) => (asm: Assembler, index: number) => {
    const opcode = opcodes[index % opcodes.length]!
    const { pops } = OPCODES.find(({ code }) => code === opcode)!
    for (let i = 1; i < pops; i++) asm.push(next(256))
    if (SMALL_FIRST.has(opcode)) asm.push(BigInt(index % 31))
    else if (pops > 0) asm.push(next(256))
    asm.op(opcode, Op.POP)
  }
  return { name, opcodes, code: () => loop({ body: body(numbersFor(name)), times: 240, gas: 26 }) }
}

/** They take a small number first. */
const SMALL_FIRST: ReadonlySet<number> = new Set<number>([
  ...[Op.SHL, Op.SHR, Op.SAR, Op.BYTE, Op.SIGNEXTEND, Op.BLOBHASH, Op.CALLDATALOAD],
])

/** Opcodes that push what they are asked for, at the price of two gas or a little more. */
const ENVIRONMENT = OPCODES.filter(
  ({ code, pops, pushes, since }) => code < Op.PUSH0 && pops === 0 && pushes === 1 && since <= Rules.OSAKA,
).map(({ code }) => code)

const family = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n)

export const ARITHMETIC: readonly WorstCase[] = [
  operation(Op.MUL, () => [256, 256]),
  ...[Op.DIV, Op.SDIV, Op.MOD, Op.SMOD].map((opcode) => operation(opcode, quotient)),
  ...[Op.ADDMOD, Op.MULMOD].map((opcode) => operation(opcode, (index) => [256, ...quotient(index)])),
  { ...operation(Op.MULMOD, () => [256, 256, 256]), name: `${nameOf(Op.MULMOD)}, modulus of 256 bits` },
  // EIP-160: 50 a byte of the exponent.
  operation(Op.EXP, () => [256, 256], 32 * 50),
  mixed('ADD, SUB', [Op.ADD, Op.SUB]),
  mixed('comparisons', [Op.LT, Op.GT, Op.SLT, Op.SGT, Op.EQ, Op.ISZERO]),
  mixed('bits and shifts', [
    ...[Op.AND, Op.OR, Op.XOR, Op.NOT, Op.BYTE, Op.SHL, Op.SHR, Op.SAR, Op.CLZ, Op.SIGNEXTEND],
  ]),
  mixed('environment', [...ENVIRONMENT, Op.BLOBHASH, Op.CALLDATALOAD]),
  {
    name: nameOf(Op.BLOCKHASH),
    opcodes: [Op.BLOCKHASH],
    code: () =>
      loop({
        body: (asm) => asm.op(Op.PUSH1, 1, Op.NUMBER, Op.SUB, Op.BLOCKHASH, Op.POP),
        times: 200,
        gas: 30,
      }),
  },
  {
    name: 'PUSH, DUP, SWAP, POP',
    opcodes: [Op.PUSH0, ...family(Op.PUSH1, 32), ...family(Op.DUP1, 16), ...family(Op.SWAP1, 16), Op.POP],
    code: () => {
      const next = numbersFor('stack')
      return loop({
        body: (asm) => {
          asm.op(Op.PUSH0)
          for (let bytes = 1; bytes <= 32; bytes++) asm.push(next(8 * bytes))
          for (let n = 0; n < 16; n++) asm.op(Op.DUP1 + n, Op.SWAP1 + n)
          asm.op(...Array<number>(49).fill(Op.POP))
        },
        times: 16,
        gas: 2 + 3 * 64 + 2 * 49,
      })
    },
  },
  {
    name: 'JUMP, JUMPI',
    opcodes: [Op.JUMP, Op.JUMPI, Op.JUMPDEST],
    code: () =>
      loop({
        body: (asm) => {
          asm.fillHole(asm.jumpHole(Op.JUMP))
          asm.op(Op.PUSH1, 1)
          asm.fillHole(asm.jumpHole(Op.JUMPI))
        },
        times: 500,
        gas: 12 + 17,
      }),
  },
]
