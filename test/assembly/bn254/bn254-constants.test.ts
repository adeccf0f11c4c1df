// The constants of assembly/bn254 from the one number u, and the facts that its comments rest on.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { element, fp2, N, P, R, rawValue, U } from '../../support/bn254Field.js'
import { modulo, type Pair, power } from '../../support/fieldsOfNumbers.js'
import { testModule } from '../../support/test-module.js'

interface Global {
  readonly value: number
}
type Name =
  | 'P'
  | 'N'
  | 'P30'
  | 'ONE'
  | 'R_SQUARED'
  | 'ONE_PLAIN'
  | 'THREE'
  | 'BETA'
  | 'A1'
  | 'B1'
  | 'A2'
  | 'SPLIT_A'
  | 'SPLIT_B'
  | 'U'
  | 'ATE_LOOP'
  | 'ZERO_2'
  | 'ONE_2'
  | 'MULTIPLES'
  | 'TWIST_B'
  | 'TWIST_3B'
  | 'FROBENIUS_1'
  | 'FROBENIUS_2'
  | 'FROBENIUS_3'
const { exports: wasm, memory } = testModule<Record<Name | 'P30_INVERSE', Global>>('assembly/bn254/test-entry.ts')
const view = new DataView(memory.buffer)

/** `count` limbs of `bits` bits each, from i32 or u64. */
function limbs(at: number, count: number, bits: bigint, size: 4 | 8): bigint {
  let value = 0n
  for (let i = count - 1; i >= 0; i--) {
    value =
      (value << bits) + (size === 4 ? BigInt(view.getInt32(at + 4 * i, true)) : view.getBigUint64(at + 8 * i, true))
  }
  return value
}
const word = (name: Name) => limbs(wasm[name].value, 4, 64n, 8)
const XI: Pair = [9n, 1n]
const rounded = (x: bigint, y: bigint) => (2n * x + y) / (2n * y)

test('numbers', () => {
  assert.is(P, 36n * U ** 4n + 36n * U ** 3n + 24n * U ** 2n + 6n * U + 1n)
  assert.is(word('P'), P)
  assert.is(word('N'), N)
  assert.is(word('U'), U)
  assert.is(word('ATE_LOOP'), 6n * U + 2n)
  assert.is(limbs(wasm.P30.value, 9, 30n, 4), P)
  assert.is((BigInt(wasm.P30_INVERSE.value) * P) % (1n << 30n), 1n)
})

test('elements are what their names say, and reduced', () => {
  const seen = (name: Name, index = 0) => element(view, wasm[name].value + 40 * index)
  assert.is(seen('ONE'), 1n)
  assert.is(seen('THREE'), 3n)
  assert.is(seen('R_SQUARED'), R % P)
  assert.is((seen('ONE_PLAIN') * R) % P, 1n)
  assert.equal([seen('ONE_2'), seen('ONE_2', 1)], [1n, 0n])
  assert.equal([seen('ZERO_2'), seen('ZERO_2', 1)], [0n, 0n])
  for (let i = -12; i <= 12; i++) {
    assert.is(rawValue(view, wasm.MULTIPLES.value + 40 * (i + 12)), BigInt(4 * i) * P)
  }
  const pair = (name: Name, index = 0): Pair => [seen(name, 2 * index), seen(name, 2 * index + 1)]
  assert.equal(fp2.mul(pair('TWIST_B'), XI), [3n, 0n])
  assert.equal(fp2.mul(pair('TWIST_3B'), XI), [9n, 0n])
  for (const [j, name] of (['FROBENIUS_1', 'FROBENIUS_2', 'FROBENIUS_3'] as const).entries()) {
    for (let k = 1; k < 6; k++) {
      const expected = fp2.power(XI, (BigInt(k) * (P ** BigInt(j + 1) - 1n)) / 6n)
      assert.equal(pair(name, k - 1), expected, `${name}, ${k}`)
      if (j === 1) assert.is(expected[1], 0n, 'real')
    }
  }
})

test('endomorphism: a cube root of one, and a short basis of its lattice', () => {
  const beta = element(view, wasm.BETA.value)
  assert.is(power(beta, 3n, P), 1n)
  assert.is.not(beta, 1n)
  const [a1, b1, a2] = [word('A1'), word('B1'), word('A2')]
  assert.equal([a1, b1, a2], [2n * U + 1n, 6n * U * U + 2n * U, 6n * U * U + 4n * U + 1n])
  // lambda from the first vector, a1 - b1 lambda = 0; which of the two roots belongs to beta, bn254-contracts.test.ts sees.
  const lambda = (a1 * power(b1, N - 2n, N)) % N
  assert.is(power(lambda, 3n, N), 1n)
  assert.is.not(lambda, 1n)
  assert.is(modulo(a2 + a1 * lambda, N), 0n)
  assert.is(a1 * a1 + a2 * b1, N, 'the basis is one of the whole lattice')
  assert.is(word('SPLIT_A'), rounded(a1 << 320n, N))
  assert.is(word('SPLIT_B'), rounded(b1 << 320n, N))
  assert.ok((a1 + a2) * (2n ** 64n + 1n) < 2n ** (126n + 65n), 'the bound in scalar.ts')
})

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b)
}

const t = 6n * U * U + 1n
/** How many points the twist has over Fp2. */
const POINTS = N * (2n * P - N)

/** Norm of f = sum of coefficient j times psi^j, where psi^2 = t psi - p: what f makes zero, this makes zero. */
function norm(...coefficients: bigint[]): bigint {
  const [a, b] = coefficients.reduceRight<[bigint, bigint]>(([c, d], x) => [x - P * d, c + t * d], [0n, 0n])
  return a * a + a * b * t + b * b * P
}

test('the criterion for G2: what it makes zero has order n', () => {
  assert.is(P + 1n - t, N)
  const loop = 6n * U + 2n
  assert.is(gcd(norm(loop, 1n, -1n, 1n), POINTS), N)
  assert.is((2n * P - N) % N === 0n, false, 'n divides the number of points once')
  assert.is(modulo(loop + P - P * P + P ** 3n, N), 0n, 'on G2 psi is p')
})

/** Digits -1, 0 and 1, the lowest first, no two neighbours of which are other than 0. */
function nonAdjacent(n: bigint): bigint[] {
  if (n === 0n) return []
  const digit = n & 1n ? 2n - (n & 3n) : 0n
  return [digit, ...nonAdjacent((n - digit) / 2n)]
}

test('no step of the loop is exceptional, whatever point of the twist it is for', () => {
  const loop = 6n * U + 2n
  const [highest, ...digits] = nonAdjacent(loop).reverse()
  let multiple = highest!
  for (const digit of digits) {
    assert.is(gcd(multiple, POINTS), 1n, 'doubled: not infinity')
    multiple *= 2n
    if (digit === 0n) continue
    for (const other of [1n, -1n])
      assert.is(gcd(multiple + other, POINTS), 1n, 'added to: not the point or its negative')
    multiple += digit
  }
  assert.is(multiple, loop)
  for (const steps of [[loop], [loop, 1n], [loop, -1n], [loop, 1n, 1n], [loop, 1n, -1n]]) {
    assert.is(gcd(norm(...steps), POINTS), 1n)
  }
})

test('the final exponent is a multiple of (p^12 - 1) / n, and n does not divide what is more', () => {
  const easy = (P ** 6n - 1n) * (P ** 2n + 1n)
  // The exponents of assembly/bn254/finalExponent.ts, step by step.
  const y1 = -2n * U
  const y3 = 6n * U
  const y4 = 6n * U * U
  const y6 = 12n * U ** 3n
  const y8 = y6 + y4 + y3
  const y9 = y8 + y1
  const hard = y8 + y4 + 1n + y9 * P + y8 * P ** 2n + (y9 - 1n) * P ** 3n
  const whole = (P ** 12n - 1n) / N
  assert.is((easy * hard) % whole, 0n)
  assert.is.not(((easy * hard) / whole) % N, 0n)
})

test.run()
