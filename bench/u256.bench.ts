// Nanoseconds an operation of assembly/u256, on full 256-bit, 128-bit and 64-bit operands (second operand half as long for
// the divisions); with the same third operand each time, with powers of two as divisors, with a second operand below 32. The dispatcher's switch and loop are part of the time: `iszero` shows about how much that is.
// The argument selects operations by name.
import { testModule } from '../test/support/test-module.js'
import { OPERATIONS, REPEATED, type U256Exports } from '../test/support/u256-ops.js'
import { Random } from '../test/support/words.js'

const { exports: wasm, memory } = testModule<U256Exports>('assembly/u256/test-entry.ts')
const only = process.argv[2] ?? ''
const COUNT = 256
const base = (wasm.freeBase() + 63) & ~63
const output = base + COUNT * 96
const inputs = new BigUint64Array(memory.buffer, base, COUNT * 12)
const random = new Random(7)

/** Fills `limbs` limbs of operand `at`, the rest zero; the top bit is set so that every operand has its full length. */
function fill(at: number, limbs: number): void {
  for (let i = 0; i < COUNT; i++) {
    for (let j = 0; j < 4; j++) {
      const top = j === limbs - 1 ? 1n << 63n : 0n
      inputs[i * 12 + at * 4 + j] = j < limbs ? random.limb() | top : 0n
    }
  }
}

function measure(op: number): string {
  const rounds = ['exp', 'modular power'].includes(OPERATIONS[op]!.name) ? 20 : 4_000
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 7; i++) {
    const start = process.hrtime.bigint()
    wasm.u256TestRepeat(op, rounds, COUNT, base, output)
    best = Math.min(best, Number(process.hrtime.bigint() - start) / (rounds * COUNT))
  }
  return best.toFixed(1).padStart(9)
}

const divisions = new Set(['div', 'sdiv', 'mod', 'smod'])
/** Makes operand `at` the same in all records. */
function repeat(at: number): void {
  for (let i = 1; i < COUNT; i++) inputs.copyWithin(i * 12 + at * 4, at * 4, at * 4 + 4)
}

/** Makes operand `at` a power of two above 2^64. */
function powers(at: number): void {
  for (let i = 0; i < COUNT; i++) {
    const bit = 64 + random.below(192)
    for (let j = 0; j < 4; j++) inputs[i * 12 + at * 4 + j] = bit >> 6 === j ? 1n << BigInt(bit & 63) : 0n
  }
}

/** Makes operand `at` a number below 32. */
function small(at: number): void {
  for (let i = 0; i < COUNT; i++) {
    for (let j = 0; j < 4; j++) inputs[i * 12 + at * 4 + j] = j === 0 ? BigInt(random.below(32)) : 0n
  }
}

interface Shape {
  title: string
  /** Limbs of the operands. */
  a: number
  b: number
  divisor: number
  adjust?: () => void
}

const shapes: Shape[] = [
  { title: '256', a: 4, b: 4, divisor: 2 },
  { title: '256/256', a: 4, b: 4, divisor: 4 },
  { title: '256/64', a: 4, b: 4, divisor: 1 },
  { title: '128', a: 2, b: 2, divisor: 1 },
  { title: '64', a: 1, b: 1, divisor: 1 },
  { title: 'same c', a: 4, b: 4, divisor: 2, adjust: () => repeat(2) },
  { title: '2^k', a: 4, b: 4, divisor: 2, adjust: () => [1, 2].forEach(powers) },
  { title: '64, b<32', a: 1, b: 1, divisor: 1, adjust: () => small(1) },
]
console.log(`${'ns/operation'.padEnd(14)}${shapes.map((x) => x.title.padStart(9)).join('')}`)
OPERATIONS.forEach(({ name }, op) => {
  if (!name.includes(only) || REPEATED.has(name)) return
  const row = shapes.map(({ a, b, divisor, adjust }) => {
    fill(0, a)
    fill(1, divisions.has(name) ? divisor : b)
    fill(2, b)
    // Moduli of modular powers are odd in practice.
    for (let i = 0; i < COUNT; i++) inputs[i * 12 + 8]! |= 1n
    adjust?.()
    return measure(op)
  })
  console.log(name.padEnd(14) + row.join(''))
})
