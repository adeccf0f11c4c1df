// Arithmetic of BN254's fields against BigInt, with limbs at the bounds that assembly/bn254/field.ts allows.
// PARALLEVM_FIELD_CASES: cases an operation.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { element, FE, fp2, notReduced, P, putElement, R, rawValue } from '../../support/bn254Field.js'
import { modulo, type Pair, power } from '../../support/fieldsOfNumbers.js'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_FIELD_CASES ?? 1500)

type Operation = (...args: number[]) => number
const NAMES = [
  'feMul',
  'feSqr',
  'feSqrSub',
  'feMulSubMul',
  'feMulSubSqr8',
  'feSettle',
  'feInvert',
  'feFromWord',
  'feToWord',
  'feIsZero',
  'fp2Mul',
  'fp2Sqr',
  'fp2MulAdd',
  'fp2SubTwo',
  'fp2Combine',
  'fp2AddSettled',
  'fp2XiAdd',
  'split',
] as const
interface Exports extends Record<(typeof NAMES)[number], Operation> {
  takeChunks(count: number): number
}
const { exports: wasm, memory } = testModule<Exports>('assembly/bn254/test-entry.ts')
const base = wasm.takeChunks(1) >>> 0
const view = new DataView(memory.buffer)
const [A, B, C, D, OUT, SCRATCH] = [0, 2, 4, 6, 8, 10].map((i) => base + i * FE) as [
  number,
  number,
  number,
  number,
  number,
  number,
]
const R_INVERSE = power(R, P - 2n, P)
const random = new Random(7)

/**
 * Limbs of weight m at `at`: random ones, or all at the bound with any signs, with limb 8 as 4 m p allows. What they stand
 * for.
 */
function put(at: number, m: number): bigint {
  const bound = m * (2 ** 28 + 4)
  const kind = random.below(4)
  const top = m * Number((4n * P) >> 232n)
  for (let i = 0; i < 9; i++) {
    const most = i === 8 ? top - 1 : bound
    const sign = kind === 0 ? 1 : kind === 1 ? -1 : random.below(2) === 0 ? 1 : -1
    const size = kind === 3 ? random.below(most) : most
    view.setInt32(at + 4 * i, sign * size, true)
  }
  return modulo(rawValue(view, at) * R_INVERSE, P)
}

/** Runs it on new operands, then again with `out` in the place of each operand. */
function cases(
  name: string,
  weights: number[],
  size: 1 | 2,
  run: (args: number[], out: number) => void,
  oracle: (x: Pair[]) => Pair,
): void {
  for (let i = 0; i < CASES; i++) {
    const places = [A, B, C, D].slice(0, weights.length)
    for (const out of [OUT, ...places]) {
      const values = places.map((at, k): Pair => [put(at, weights[k]!), put(at + FE, weights[k]!)])
      run(places, out)
      const expected = oracle(values)
      for (let part = 0; part < size; part++) {
        const problem = notReduced(view, out + part * FE)
        if (problem !== undefined) assert.unreachable(`${name}: ${problem}`)
        assert.is(modulo(rawValue(view, out + part * FE) * R_INVERSE, P), modulo(expected[part]!, P), name)
      }
    }
  }
}

const real = (x: bigint): Pair => [x, 0n]
/** Whether it is below so many tenths of p in size. */
const below = (x: bigint, tenths: bigint): boolean => 10n * x < tenths * P && -10n * x < tenths * P

test('products and squares of any weights that may be', () => {
  for (const [m, n] of [
    [1, 1],
    [2, 7],
    [3, 4],
    [7, 2],
  ] as const) {
    cases(
      'feMul',
      [m, n],
      1,
      ([a, b], out) => wasm.feMul(a!, b!, out),
      ([a, b]) => real(a![0] * b![0]),
    )
  }
  for (const m of [1, 2, 3])
    cases(
      'feSqr',
      [m],
      1,
      ([a], out) => wasm.feSqr(a!, out),
      ([a]) => real(a![0] ** 2n),
    )
  for (const [k, l, m, n] of [
    [1, 1, 1, 1],
    [3, 2, 1, 7],
    [2, 3, 2, 4],
    [7, 1, 1, 7],
  ] as const) {
    cases(
      'feMulSubMul',
      [k, l, m, n],
      1,
      ([a, b, c, d], out) => wasm.feMulSubMul(a!, b!, c!, d!, out),
      ([a, b, c, d]) => real(a![0] * b![0] - c![0] * d![0]),
    )
  }
})

test('a b - 8 c^2', () => {
  for (const [k, l, m] of [
    [3, 2, 1],
    [2, 3, 1],
    [6, 1, 1],
  ] as const) {
    cases(
      'feMulSubSqr8',
      [k, l, m],
      1,
      ([a, b, c], out) => wasm.feMulSubSqr8(a!, b!, c!, out),
      ([a, b, c]) => real(a![0] * b![0] - 8n * c![0] ** 2n),
    )
  }
})

test('products in Fp2', () => {
  for (const [m, n] of [
    [1, 1],
    [1, 3],
    [2, 3],
    [3, 2],
  ] as const) {
    cases(
      'fp2Mul',
      [m, n],
      2,
      ([a, b], out) => wasm.fp2Mul(a!, b!, out),
      ([a, b]) => fp2.mul(a!, b!),
    )
  }
  for (const m of [1, 2])
    cases(
      'fp2Sqr',
      [m],
      2,
      ([a], out) => wasm.fp2Sqr(a!, out),
      ([a]) => fp2.mul(a!, a!),
    )
})

test('linear terms: settled results, and sums under a product', () => {
  const linear = (name: string, weights: number[], factors: bigint[], run: (args: number[], out: number) => void) =>
    cases(name, weights, 2, run, (x) =>
      x.reduce<Pair>(([re, im], [a, b], i) => [re + factors[i]! * a, im + factors[i]! * b], [0n, 0n]),
    )
  linear('fp2SubTwo', [1, 1, 4], [1n, -1n, -1n], ([a, b, c], out) => wasm.fp2SubTwo(a!, b!, c!, out))
  linear('fp2AddSettled', [2, 3], [1n, 1n], ([a, b], out) => wasm.fp2AddSettled(a!, b!, out))
  for (const [n, m] of [
    [1, -3],
    [3, 2],
    [3, -2],
    [1, 4],
  ] as const) {
    linear('fp2Combine', [1, 1], [BigInt(n), BigInt(m)], ([a, b], out) => wasm.fp2Combine(n, a!, m, b!, out))
  }
  cases(
    'fp2XiAdd',
    [1, 1],
    2,
    ([a, b], out) => wasm.fp2XiAdd(a!, b!, out),
    ([a, b]) => fp2.add(fp2.mul(a!, [9n, 1n]), b!),
  )
  for (let i = 0; i < CASES; i++) {
    for (const at of [A, B]) for (const part of [0, FE]) put(at + part, 1)
    wasm.fp2XiAdd(A, B, OUT)
    for (const part of [0, FE]) assert.ok(below(rawValue(view, OUT + part), 21n), 'settled: below 2.1 p')
  }
  for (let i = 0; i < CASES; i++) {
    put(A, 1 + random.below(7))
    wasm.feSettle(A, OUT)
    assert.ok(below(rawValue(view, OUT), 6n))
  }
  // The sum has to stay below 4 p: terms that are small, as their callers have them.
  for (let i = 0; i < CASES; i++) {
    const [a, b] = [
      [put(A, 2), put(A + FE, 2)],
      [put(B, 2), put(B + FE, 2)],
    ] as [Pair, Pair]
    const c: Pair = [randomWord(random) % P, randomWord(random) % P]
    c.forEach((x, part) => {
      putElement(view, C + part * FE, x, BigInt(random.below(3)) - 1n)
    })
    wasm.fp2MulAdd(A, B, C, OUT)
    assert.equal([element(view, OUT), element(view, OUT + FE)], fp2.add(fp2.mul(a, b), c))
    wasm.feSqrSub(A, C, C + FE, OUT)
    const square = modulo(a[0] * a[0] - c[0] - 2n * c[1], P)
    assert.is(modulo(rawValue(view, OUT) * R_INVERSE, P), square)
  }
})

const SPECIAL = [0n, 1n, 2n, P - 1n, P, P + 1n, 2n * P, 5n * P, MASK, (1n << 254n) - 1n, R % P]

test('words in and out, inverses, zero in every form', () => {
  const put256 = (at: number, x: bigint) => {
    for (let j = 0; j < 4; j++) view.setBigUint64(at + 8 * j, BigInt.asUintN(64, x >> BigInt(64 * j)), true)
  }
  const get256 = (at: number) => [3, 2, 1, 0].reduce((x, j) => (x << 64n) + view.getBigUint64(at + 8 * j, true), 0n)
  for (let i = 0; i < CASES; i++) {
    const x = i < SPECIAL.length ? SPECIAL[i]! : randomWord(random)
    put256(A, x)
    wasm.feFromWord(A, B)
    assert.is(element(view, B), x % P)
    wasm.feToWord(B, C, SCRATCH)
    assert.is(get256(C), x % P)
    const value = put(B, 1 + random.below(2))
    wasm.feToWord(B, C, SCRATCH)
    assert.is(get256(C), value)
    wasm.feInvert(B, C, SCRATCH)
    assert.is(element(view, C), power(value, P - 2n, P))
  }
  for (let k = -12n; k <= 12n; k++) {
    for (const [value, zero] of [
      [0n, 1],
      [1n, 0],
      [1n << 29n, 0],
      [1n << 200n, 0],
      [-1n, 0],
    ] as const) {
      putElement(view, A, value * R_INVERSE, k)
      assert.is(wasm.feIsZero(A, SCRATCH), zero, `${value} + ${k} p`)
    }
  }
})

test('scalars are split into two of 126 bits', () => {
  const N = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n
  const [a1, b1] = [2n * 4965661367192848881n + 1n, 147946756881789319000765030803803410728n]
  const lambda = (a1 * power(b1, N - 2n, N)) % N
  const signed = (at: number) =>
    BigInt.asIntN(
      256,
      [3, 2, 1, 0].reduce((x, j) => (x << 64n) + view.getBigUint64(at + 8 * j, true), 0n),
    )
  for (let i = 0; i < CASES; i++) {
    const k =
      i < 12 ? [0n, 1n, N - 1n, N, N + 1n, MASK, lambda, N - lambda, a1, b1, 5n * N, N >> 1n][i]! : randomWord(random)
    for (let j = 0; j < 4; j++) view.setBigUint64(A + 8 * j, BigInt.asUintN(64, k >> BigInt(64 * j)), true)
    wasm.split(A, B, C, SCRATCH)
    const [k1, k2] = [signed(B), signed(C)]
    assert.is(modulo(k1 + k2 * lambda - k, N), 0n)
    for (const part of [k1, k2]) assert.ok(part < 1n << 126n && part > -(1n << 126n))
  }
})

test.run()
