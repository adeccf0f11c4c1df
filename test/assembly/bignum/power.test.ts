import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hex, toBigInt, toBytes } from '../../../src/bytes.js'
import { testModule } from '../../support/test-module.js'
import { modularPower } from '../../support/u256-ops.js'
import { Random } from '../../support/words.js'

// Modular powers of long numbers against BigInt. PARALLEVM_MODEXP_CASES: random cases.
const CASES = Number(process.env.PARALLEVM_MODEXP_CASES ?? 4000)

interface PowerExports {
  freeBase(): number
  powerTest(
    input: number,
    present: number,
    baseLength: number,
    exponentLength: number,
    modulusLength: number,
    out: number,
    work: number,
  ): number
}
const { exports: wasm, memory } = testModule<PowerExports>('assembly/bignum/test-entry.ts')
const ROOM = 1 << 18
// Off any alignment, as input and return data can be.
const input = wasm.freeBase() + 1003
const out = input + ROOM
const work = (out + ROOM + 15) & ~15
const bytes = new Uint8Array(memory.buffer)

/** Compares one case, of which only the first `present` bytes are in memory and junk lies around everything. */
function check(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array, present?: number): void {
  const all = Buffer.concat([base, exponent, modulus])
  const there = present ?? all.length
  bytes.fill(0xa5, input - 64, input + all.length + 64)
  bytes.set(all.subarray(0, there), input)
  bytes.fill(0x5a, out - 64, out + modulus.length + 64)
  const [b, e] = [base.length, exponent.length]
  const size = wasm.powerTest(input, there, b, e, modulus.length, out, work)
  assert.ok(size > 0 && work + size < bytes.length, `${size} bytes of work`)
  const seen = Buffer.from(all)
  seen.fill(0, there)
  const expected = modularPower(
    toBigInt(seen.subarray(0, b)),
    toBigInt(seen.subarray(b, b + e)),
    toBigInt(seen.subarray(b + e)),
  )
  const actual = toBigInt(bytes.slice(out, out + modulus.length))
  if (actual !== expected) {
    const text = [base, exponent, modulus].map(hex).join(' ')
    assert.is(actual.toString(16), expected.toString(16), `${text}, ${there} bytes of it`)
  }
  assert.ok(
    bytes.slice(out - 64, out).every((x) => x === 0x5a),
    'written before the output',
  )
  assert.ok(
    bytes.slice(out + modulus.length, out + modulus.length + 64).every((x) => x === 0x5a),
    'written after the output',
  )
  // What `work` has is undefined: the next case must not read it.
  bytes.fill(0xff, work, work + size)
}

/** Bytes that visit the edges: random, all ones, one bit, few bits, runs of ones and zeros, leading and trailing zeros. */
function operand(random: Random, length: number): Uint8Array {
  const data = new Uint8Array(length)
  if (length === 0) return data
  const kind = random.below(10)
  for (let i = 0; i < length; i++) data[i] = kind === 0 ? 0xff : random.below(256)
  if (kind === 1 || kind === 2) data.fill(0)
  if (kind === 1) data[random.below(length)] = 1 << random.below(8)
  if (kind === 2) for (let i = 0; i < 4; i++) data[random.below(length)] = 1 << random.below(8)
  if (kind === 3) {
    for (let i = 0; i < length; i += 12) data.fill(random.below(2) * 0xff, i, i + 1 + random.below(12))
  }
  if (kind === 4) data.fill(0, 0, random.below(length))
  if (kind === 5) data.fill(0, random.below(length))
  return data
}

const LENGTHS = [0, 1, 2, 7, 8, 9, 31, 32, 33, 48, 64, 65, 96, 127, 128, 129, 192, 255, 256, 257]

function length(random: Random): number {
  return random.below(2) === 0 ? LENGTHS[random.below(LENGTHS.length)]! : random.below(140)
}

function modulusOf(random: Random, size: number): Uint8Array {
  const modulus = operand(random, size)
  if (size > 0 && random.below(2) === 0) modulus[size - 1]! |= 1
  // A high power of two as a factor: the last bytes zero, or all but a few bits.
  if (random.below(6) === 0) modulus.fill(0, size - random.below(size + 1))
  return modulus
}

test('random operands of every shape up to 257 bytes', () => {
  const random = new Random(11)
  for (let i = 0; i < CASES; i++) {
    const size = length(random)
    const base = operand(random, random.below(3) === 0 ? length(random) : size)
    // Exponents of all lengths; long ones take BigInt milliseconds.
    const exponent = operand(random, random.below(8) === 0 ? size : random.below(12))
    const modulus = modulusOf(random, size)
    const total = base.length + exponent.length + modulus.length
    check(base, exponent, modulus, random.below(10) === 0 ? random.below(total + 1) : total)
  }
})

test('long operands: every width of limbs that EIP-7823 leaves, and some beyond', () => {
  const random = new Random(12)
  // Up to 28 limbs of 29 bits, 124 of 28, 508 of 27, 2044 of 26, then 25 (a modulus of 6632 bytes and more).
  for (const size of [431, 432, 433, 434, 435, 512, 777, 1023, 1024, 1708, 1714, 1720, 2048, 6630, 6640, 6650, 8192]) {
    for (const parity of [0, 1]) {
      for (const filled of [true, false]) {
        const modulus = filled ? new Uint8Array(size).fill(0xff) : operand(random, size)
        modulus[0]! |= 0x80
        modulus[size - 1] = (modulus[size - 1]! & 0xfe) | parity
        const base = filled ? new Uint8Array(size).fill(0xff) : operand(random, size)
        if (filled) base[size - 1] = 0xfd - parity
        check(base, Uint8Array.of(1, 0, 1), modulus)
        if (size < 600) check(base, operand(random, 40), modulus)
      }
    }
  }
})

test('where straight lines begin and end, and where limbs become narrower: the least and the greatest moduli', () => {
  const random = new Random(16)
  for (const bits of [345, 346, 347, 348, 407, 492, 493, 494, 512, 516, 517, 518, 519, 520, 809, 810, 811]) {
    const size = (bits + 7) >> 3
    const top = 1n << BigInt(bits)
    const middle = toBigInt(operand(random, size)) % (top >> 1n)
    for (const modulus of [top - 1n, top / 2n + 1n, top - (1n << 29n) - 1n, (top / 2n + middle) | 1n, top - 2n]) {
      const bytes = toBytes(modulus, size)
      for (const base of [modulus - 1n, modulus + 1n, top - 1n, top / 2n, middle]) {
        check(toBytes(base, size + 1), operand(random, random.below(40)), bytes)
      }
      check(operand(random, 300), new Uint8Array(70).fill(0xff), bytes)
    }
  }
})

test('windows of every width', () => {
  const random = new Random(17)
  for (const size of [33, 64, 66, 130]) {
    for (const length of [2, 3, 4, 9, 10, 29, 30, 83, 84, 223, 224, 225, 575, 576, 577]) {
      const exponent = operand(random, length)
      exponent[0]! |= 0x80
      check(operand(random, size), exponent, modulusOf(random, size))
    }
  }
})

test('a full exponent for each size class', () => {
  const random = new Random(13)
  for (const size of [64, 128, 256]) {
    for (const shift of [0, 3, size * 4]) {
      const modulus = operand(random, size)
      modulus.fill(0, size - (shift >> 3))
      modulus[0]! |= 0x80
      const exponent = Uint8Array.from({ length: size }, () => random.below(256) | 0x80)
      check(operand(random, size), exponent, modulus)
    }
  }
})

test('lengths that do not match: long bases, long exponents, moduli of one byte, all zeros', () => {
  const random = new Random(14)
  const full = (count: number, value = 0xff) => new Uint8Array(count).fill(value)
  for (const size of [1, 3, 4, 32, 33, 100]) {
    check(full(20_000), Uint8Array.of(5), operand(random, size))
    check(operand(random, 5000), Uint8Array.of(3), full(size))
    check(Uint8Array.of(3), full(100_000, 0), full(size))
    check(Uint8Array.of(3), Buffer.concat([full(10_000, 0), Uint8Array.of(9)]), full(size))
    check(full(size, 0), full(size, 0), full(size))
    check(full(size), full(size), full(size, 0))
    check(full(size), full(size), Buffer.concat([full(size, 0), Uint8Array.of(1)]))
    // The modulus is cut off: its missing bytes are zeros.
    check(full(size), full(2), full(3 * size), 2 * size + 2)
    check(full(size), full(2), full(3 * size), size + 2)
    check(full(3 * size), full(2), full(size), size)
  }
  for (const [b, e, m] of [
    [0, 0, 0],
    [0, 0, 5],
    [0, 5, 40],
    [40, 0, 40],
    [40, 40, 0],
  ] as const) {
    check(full(b), full(e), full(m))
  }
})

test('powers that are 0 though the base is not: the modulus is a power of a factor of the base', () => {
  const random = new Random(15)
  for (const size of [2, 14, 16, 17, 33, 64]) {
    for (const factor of [operand(random, size), new Uint8Array(size).fill(0xff), new Uint8Array(size).fill(3)]) {
      const root = toBigInt(factor)
      for (const twos of [0n, 1n, 40n]) {
        const modulus = toBytes((root * root) << twos, 2 * size + 5)
        check(factor, Uint8Array.of(2), modulus)
        check(toBytes(root << 20n, size + 3), Uint8Array.of(7), modulus)
      }
    }
  }
})

test('every power of two as modulus, and every odd number below it', () => {
  for (let k = 0; k < 300; k++) {
    const modulus = Buffer.from((1n << BigInt(k)).toString(16).padStart(80, '0'), 'hex')
    const odd = Buffer.from(((1n << BigInt(k)) - 1n).toString(16).padStart(80, '0'), 'hex')
    for (const base of [2, 3, 6]) {
      for (const exponent of [1, 2, k, 255]) {
        check(Uint8Array.of(base), Uint8Array.of(exponent >> 8, exponent), modulus)
        check(Uint8Array.of(base), Uint8Array.of(exponent >> 8, exponent), odd)
      }
    }
  }
})

test.run()
