import { MASK } from './words.js'

/** The test entry of assembly/u256. */
export interface U256Exports {
  freeBase(): number
  u256TestBatch(op: number, count: number, inputs: number, outputs: number, alias: number): void
  u256TestRepeat(op: number, rounds: number, count: number, inputs: number, output: number): void
}

export interface Operation {
  name: string
  /** Operands read: aliasing `out` with more than these makes no sense. */
  operands: number
  oracle: (a: bigint, b: bigint, c: bigint) => bigint
}

const signed = (x: bigint) => BigInt.asIntN(256, x)
const flag = (x: boolean) => (x ? 1n : 0n)
const abs = (x: bigint) => (x < 0n ? -x : x)
const bitLength = (x: bigint) => (x === 0n ? 0n : BigInt(x.toString(2).length))

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) & MASK
    square = (square * square) & MASK
  }
  return result
}

/** Of numbers of any length. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus === 0n) return 0n
  let result = 1n % modulus
  let square = base % modulus
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function reverse(x: bigint): bigint {
  return BigInt(`0x${(x.toString(16).padStart(64, '0').match(/../g) ?? []).reverse().join('')}`)
}

function signExtend(index: bigint, x: bigint): bigint {
  return index > 30n ? x : BigInt.asUintN(256, BigInt.asIntN(Number(index) * 8 + 8, x))
}

/** In the order of the dispatcher's operation numbers. Operands in EVM stack order. */
export const OPERATIONS: Operation[] = [
  { name: 'add', operands: 2, oracle: (a, b) => a + b },
  { name: 'sub', operands: 2, oracle: (a, b) => a - b },
  { name: 'mul', operands: 2, oracle: (a, b) => a * b },
  { name: 'div', operands: 2, oracle: (a, b) => (b === 0n ? 0n : a / b) },
  { name: 'sdiv', operands: 2, oracle: (a, b) => (b === 0n ? 0n : signed(a) / signed(b)) },
  { name: 'mod', operands: 2, oracle: (a, b) => (b === 0n ? 0n : a % b) },
  { name: 'smod', operands: 2, oracle: (a, b) => (b === 0n ? 0n : signed(a) % abs(signed(b))) },
  { name: 'addmod', operands: 3, oracle: (a, b, c) => (c === 0n ? 0n : (a + b) % c) },
  { name: 'mulmod', operands: 3, oracle: (a, b, c) => (c === 0n ? 0n : (a * b) % c) },
  { name: 'exp', operands: 2, oracle: power },
  { name: 'signextend', operands: 2, oracle: signExtend },
  { name: 'lt', operands: 2, oracle: (a, b) => flag(a < b) },
  { name: 'gt', operands: 2, oracle: (a, b) => flag(a > b) },
  { name: 'slt', operands: 2, oracle: (a, b) => flag(signed(a) < signed(b)) },
  { name: 'sgt', operands: 2, oracle: (a, b) => flag(signed(a) > signed(b)) },
  { name: 'eq', operands: 2, oracle: (a, b) => flag(a === b) },
  { name: 'iszero', operands: 1, oracle: (a) => flag(a === 0n) },
  { name: 'and', operands: 2, oracle: (a, b) => a & b },
  { name: 'or', operands: 2, oracle: (a, b) => a | b },
  { name: 'xor', operands: 2, oracle: (a, b) => a ^ b },
  { name: 'not', operands: 1, oracle: (a) => ~a },
  { name: 'byte', operands: 2, oracle: (a, b) => (a > 31n ? 0n : (b >> (8n * (31n - a))) & 0xffn) },
  { name: 'shl', operands: 2, oracle: (a, b) => (a > 255n ? 0n : b << a) },
  { name: 'shr', operands: 2, oracle: (a, b) => (a > 255n ? 0n : b >> a) },
  { name: 'sar', operands: 2, oracle: (a, b) => signed(b) >> (a > 255n ? 255n : a) },
  { name: 'clz', operands: 1, oracle: (a) => 256n - bitLength(a) },
  { name: 'reverse', operands: 1, oracle: reverse },
  { name: 'bit length', operands: 1, oracle: bitLength },
  { name: 'byte length', operands: 1, oracle: (a) => (bitLength(a) + 7n) / 8n },
  { name: 'mul 512', operands: 0, oracle: (a, b) => a * b },
  { name: 'add carry', operands: 2, oracle: (a, b) => flag(a + b > MASK) },
  { name: 'sub borrow', operands: 2, oracle: (a, b) => flag(a < b) },
  { name: 'fits u64', operands: 1, oracle: (a) => flag(a < 1n << 64n) },
  { name: 'modular power', operands: 3, oracle: modularPower },
  { name: 'short bytes', operands: 0, oracle: (a, b) => reverse(a) >> (8n * (32n - ((b & 255n) % 33n))) },
  { name: 'copy', operands: 1, oracle: (a) => a },
  { name: 'from bytes', operands: 1, oracle: reverse },
  { name: 'to bytes', operands: 1, oracle: reverse },
  { name: 'set u64', operands: 1, oracle: (a) => a & ((1n << 64n) - 1n) },
  { name: 'set zero', operands: 1, oracle: () => 0n },
  // The modulus of the record before: the second and later times its reciprocal is known.
  { name: 'mulmod same modulus', operands: 3, oracle: (a, b, c) => (c === 0n ? 0n : (a * b) % c) },
]
/** Operations that get the same third operand many times in a row. */
export const REPEATED = new Set(['mulmod same modulus'])
/** Operations with a two-word result. */
export const WIDE = new Set(['mul 512'])
/** Operations whose first operand is an amount or index: small values are the interesting ones. */
export const INDEXED = new Set(['signextend', 'byte', 'shl', 'shr', 'sar'])
