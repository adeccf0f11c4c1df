// What a case of the suite is, and the loop that all of its programs are.
import { OPCODES, Op } from '../../abi/registry.js'
import { Assembler } from '../assembler.js'
import type { World } from '../world.js'

/** A block that is full of one thing, at its worst. */
export interface WorstCase {
  name: string
  /** What it is about: the address of a precompiled contract, or opcodes. */
  precompile?: number
  opcodes?: readonly number[]
  /** Gas of what it is about, done once; given where native code is known to do the same. */
  price?: number
  /** Gas without which a transaction does nothing of it. */
  leastGas?: number
  /** Code of the contract that every transaction calls; writes what it needs to the state. */
  code(site: Site): Uint8Array
  /** After the transaction's number, a word. */
  calldata?: Uint8Array
  accessList?(site: Site, transaction: number): [address: Uint8Array, keys: Uint8Array[]][]
}

export interface Site {
  world: World
  /** Of the contract. */
  address: Uint8Array
  transactions: number
  /** Gas of each transaction, what it costs before its first opcode included. */
  gas: number
}

interface Loop {
  setup?(asm: Assembler): void
  /** One time; `index` counts them. The stack is as deep after it as before. */
  body(asm: Assembler, index: number): void
  /** How often the body stands in the loop, if a round of that costs little enough. */
  times?: number
  /** Gas of one body, or a little more. */
  gas: number
}

/** Gas of the test at the loop's end, and of what follows it. */
const RESERVE = 200

/** The first round is not preceded by a test, and a block may be small. */
const MOST_GAS_OF_ROUND = 20_000

/** A program that goes on while there is gas for another round. */
export function loop({ setup, body, times: most = 1, gas }: Loop): Uint8Array {
  const times = Math.max(1, Math.min(most, Math.floor(MOST_GAS_OF_ROUND / gas)))
  const asm = new Assembler()
  setup?.(asm)
  const start = asm.length
  asm.op(Op.JUMPDEST)
  for (let index = 0; index < times; index++) body(asm, index)
  asm.push(BigInt(Math.ceil(gas * times) + RESERVE))
  asm.op(Op.GAS, Op.GT, Op.PUSH2, start >> 8, start & 255, Op.JUMPI, Op.STOP)
  return asm.finish()
}

/** Numbers from a start of its own in each transaction, `perTransaction` apart: each body has the next one on the stack. */
export function counting(
  perTransaction: number,
  { body, gas }: Pick<Loop, 'body' | 'gas'>,
  setup?: (asm: Assembler) => void,
): Uint8Array {
  return loop({
    setup: (asm) => {
      setup?.(asm)
      asm.push(FIRST)
      asm.push(BigInt(perTransaction))
      asm.op(Op.PUSH0, Op.CALLDATALOAD, Op.MUL, Op.ADD)
    },
    body: (asm, index) => {
      body(asm, index)
      asm.op(Op.PUSH1, 1, Op.ADD)
    },
    gas: gas + 6,
  })
}

export function nameOf(opcode: number): string {
  return OPCODES.find(({ code }) => code === opcode)!.name
}

/** No address or slot of anything else. */
export const FIRST = 0x1000_0000_0000n

/** Numbers that `counting` comes to, by bodies of at least `gas`. */
export function* numbers({ transactions }: Site, perTransaction: number): Generator<bigint> {
  for (let index = 0; index < transactions * perTransaction; index++) yield FIRST + BigInt(index)
}

/** How many bodies of `gas` a transaction has at most. */
export function bodies(site: Site, gas: number): number {
  return Math.ceil(site.gas / gas)
}
