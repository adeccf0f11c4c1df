// MODEXP as a precompiled contract: input, forks, and the ways that short operands take. Long ones: bignum/power.test.ts.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBigInt, toBytes } from '../../../src/bytes.js'
import { word } from '../../support/evmScenario.js'
import { callOutputs } from '../../support/precompileCalls.js'
import { modularPower } from '../../support/u256-ops.js'
import { MASK, Random, randomWord } from '../../support/words.js'

const outputs = (inputs: Uint8Array[], rules?: Rules) => callOutputs(Precompile.MODEXP, inputs, rules)

function inputOf(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  return Buffer.concat([base, exponent, modulus].map((x) => word(BigInt(x.length))).concat([base, exponent, modulus]))
}

/** `length` bytes at `offset`; what lies beyond the end of `bytes` reads as zero. */
function padded(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  const out = new Uint8Array(length)
  out.set(bytes.subarray(offset, offset + length))
  return out
}

/** What EIP-198 says that the output is. */
function expected(input: Uint8Array): string {
  const [b, e, m] = [0, 32, 64].map((at) => Number(toBigInt(padded(input, at, 32)))) as [number, number, number]
  const number = (at: number, length: number) => toBigInt(padded(input, 96 + at, length))
  return hex(toBytes(modularPower(number(0, b), number(b, e), number(b + e, m)), m))
}

function check(inputs: Uint8Array[], rules?: Rules): void {
  const actual = outputs(inputs, rules)
  inputs.forEach((input, i) => {
    assert.is(actual[i], expected(input), hex(input))
  })
}

const P256K = (1n << 256n) - (1n << 32n) - 977n

test('the examples of EIP-198', () => {
  const three = inputOf(Uint8Array.of(3), word(P256K - 1n), word(P256K))
  const zero = inputOf(new Uint8Array(0), word(P256K - 1n), word(P256K))
  const cut = Buffer.concat([word(1n), word(2n), word(32n), Buffer.from('03ffff80', 'hex')])
  const padding = Buffer.concat([cut, new Uint8Array(31), Buffer.from('07', 'hex')])
  assert.equal(outputs([three, zero]), [hex(word(1n)), hex(word(0n))])
  check([three, zero, cut, padding])
  // The third: no gas pays for a base of 2^256 - 1 bytes with an exponent.
  const huge = Buffer.concat([word(0n), word(32n), word(MASK), word(MASK - 1n), word(MASK - 2n)])
  // Without base and modulus, an exponent of any length costs nothing and gives nothing.
  const nothing = Buffer.concat([word(0n), word(MASK), word(0n)])
  assert.equal(outputs([huge, nothing]), ['failed', ''])
})

/** Those of assembly/evm/fermat.ts: the orders and the fields of BN254, secp256k1 and P-256, the order of BLS12-381. */
const PRIMES = [
  0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n,
  0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
  0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n,
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  P256K,
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
]

test('inverses by the exponent p - 2, and what only looks like one', () => {
  const random = new Random(21)
  const inputs: Uint8Array[] = []
  for (const p of PRIMES) {
    const bases = [0n, 1n, 2n, p - 1n, p, p + 1n, MASK, ...Array.from({ length: 12 }, () => randomWord(random))]
    for (const base of bases) inputs.push(inputOf(word(base & MASK), word(p - 2n), word(p)))
    for (const exponent of [p - 1n, p - 3n, (p + 1n) / 4n, p - 2n - (1n << 64n), p - 2n - (1n << 128n)]) {
      inputs.push(inputOf(word(7n), word(exponent), word(p)))
    }
    // No prime: 3 divides one of three neighbours, 2 the others.
    for (const m of [p - 1n, p - 2n, p - 4n, p ^ (1n << 70n), p ^ (1n << 140n), p ^ (1n << 200n)]) {
      inputs.push(inputOf(word(9n), word(m - 2n), word(m)))
    }
    inputs.push(inputOf(toBytes(5n, 40), word(p - 2n), word(p)))
  }
  check(inputs)
})

test('words: every parity of the modulus', () => {
  const random = new Random(22)
  const inputs: Uint8Array[] = []
  for (let twos = 0; twos < 256; twos++) {
    const modulus = ((randomWord(random) | 1n) << BigInt(twos)) & MASK
    inputs.push(inputOf(word(randomWord(random)), word(randomWord(random)), word(modulus)))
    inputs.push(inputOf(word(randomWord(random) & ~1n), Uint8Array.of(random.below(256)), word(modulus)))
  }
  check(inputs)
})

test('lengths on both sides of a word, inputs cut off anywhere', () => {
  const random = new Random(23)
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))
  const lengths = [0, 1, 31, 32, 33, 64, 100]
  const inputs: Uint8Array[] = [new Uint8Array(0), new Uint8Array(96), word(1n)]
  for (const b of lengths) {
    for (const e of [0, 1, 3, 32, 33, 40]) {
      for (const m of lengths) {
        const input = inputOf(bytes(b), bytes(e), bytes(m))
        inputs.push(random.below(3) === 0 ? input.subarray(0, 96 + random.below(input.length - 95)) : input)
      }
    }
  }
  check(inputs)
})

test('words to powers of up to 1024 bytes: every parity, zeros in front, cut off', () => {
  const random = new Random(24)
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))
  const inputs: Uint8Array[] = []
  for (const length of [33, 34, 63, 64, 65, 96, 200, 1023, 1024, 1025]) {
    for (let i = 0; i < 12; i++) {
      const exponent = bytes(length)
      if (i % 3 === 1) exponent.fill(0, 0, random.below(length + 1))
      if (i % 3 === 2) exponent.fill(0, 1)
      const modulus = ((randomWord(random) | 1n) << BigInt(i < 6 ? 0 : random.below(256))) & MASK
      const base = i % 2 === 0 ? randomWord(random) & ~1n : randomWord(random)
      const input = inputOf(toBytes(base, 32), exponent, i === 5 ? bytes(random.below(33)) : toBytes(modulus, 32))
      inputs.push(i === 4 ? input.subarray(0, 96 + 32 + random.below(length + 33)) : input)
    }
  }
  check(inputs)
})

test('operands of more than 1024 bytes fail from Osaka on (EIP-7823)', () => {
  const one = Uint8Array.of(1)
  const [most, more] = [1024, 1025].map((length) => new Uint8Array(length).fill(3)) as [Uint8Array, Uint8Array]
  const within = [inputOf(most, one, one), inputOf(one, one, most)]
  const beyond = [inputOf(more, one, one), inputOf(one, more, one), inputOf(one, one, more)]
  check(within, Rules.OSAKA)
  check([...within, ...beyond])
  assert.equal(outputs(beyond, Rules.OSAKA), ['failed', 'failed', 'failed'])
})

test('tens of kilobytes, megabytes of zeros that are not there', () => {
  const long = new Uint8Array(30_000).fill(0xab)
  const cut = Buffer.concat([word(1n), word(1n << 20n), word(8n), Buffer.from('02', 'hex')])
  check([
    inputOf(long, Uint8Array.of(2), Uint8Array.of(0xff, 0xfe)),
    inputOf(Uint8Array.of(2), Uint8Array.of(3), long),
    inputOf(long, Uint8Array.of(1), long.subarray(1)),
    cut,
    Buffer.concat([word(1n), word(1n), word(20_000n), Buffer.from('0203', 'hex')]),
    Buffer.concat([word(20_000n), word(1n), word(1n), Buffer.from('0203', 'hex')]),
  ])
})

test.run()
