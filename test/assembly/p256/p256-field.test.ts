// The field of P-256, its constants and its points against BigInt and noble. PARALLEVM_FIELD_CASES: cases of each operation.
import { p256 } from '@noble/curves/nist.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notReduced, rawValue } from '../../support/bn254Field.js'
import { modulo, power } from '../../support/fieldsOfNumbers.js'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

interface Global {
  readonly value: number
}
type Operation = (...args: (number | bigint)[]) => number
const CONSTANTS = [
  'P',
  'N',
  'P30',
  'N30',
  'P30_INVERSE',
  'N30_INVERSE',
  'ONE',
  'R_SQUARED',
  'ONE_PLAIN',
  'B',
  'GENERATOR',
]
type Constant = (typeof CONSTANTS)[number]
const { exports, memory } = testModule<Record<string, unknown>>('assembly/p256/test-entry.ts')
const wasm = exports as Record<string, Operation>
const constant = (name: Constant) => (exports[name] as Global).value
const view = new DataView(memory.buffer)
const random = new Random(256)
const CASES = Number(process.env.PARALLEVM_FIELD_CASES ?? 1500)
const { Point } = p256
const [p, n] = [Point.Fp.ORDER, Point.Fn.ORDER]
const R = 1n << 261n
const R_INVERSE = power(R, p - 2n, p)
const FE = 40
const A = wasm.takeChunks!(1) >>> 0
const [B, C, OUT] = [1, 2, 3].map((i) => A + 256 * i) as [number, number, number]
wasm.setStack!(A + 8192)

const stands = (at: number) => modulo(rawValue(view, at) * R_INVERSE, p)
const word = (at: number) => [3, 2, 1, 0].reduce((x, j) => (x << 64n) + view.getBigUint64(at + 8 * j, true), 0n)
const putWord = (at: number, x: bigint) => {
  for (let j = 0; j < 4; j++) view.setBigUint64(at + 8 * j, BigInt.asUintN(64, x >> BigInt(64 * j)), true)
}

/** What a reduced element stands for: limbs centred, below `bound` p. */
function element(at: number, bound = 4n): bigint {
  const value = rawValue(view, at)
  assert.ok(value < bound * p && value > -bound * p, `${value}`)
  assert.not((notReduced(view, at) ?? '').startsWith('limb'))
  return modulo(value * R_INVERSE, p)
}

/** An element of a weight; below p / 2 for each part when `small`. */
function put(at: number, weight = 1): bigint {
  const limbs = new Array<number>(9).fill(0)
  for (let i = 0; i < weight; i++) {
    const least = modulo(randomWord(random) * R, p)
    let rest = (2n * least > p ? least - p : least) + BigInt(random.below(3) - 1) * p
    for (let j = 0; j < 9; j++) {
      const limb = j === 8 ? rest : BigInt.asIntN(29, rest)
      limbs[j]! += Number(limb)
      rest = (rest - limb) >> 29n
    }
  }
  limbs.forEach((limb, j) => {
    view.setInt32(at + 4 * j, limb, true)
  })
  return stands(at)
}

test('constants', () => {
  assert.is(word(constant('P')), p)
  assert.is(p, 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n)
  assert.is((p + 1n) >> 29n, 2n ** 227n - 2n ** 195n + 2n ** 163n + 2n ** 67n)
  assert.is(word(constant('N')), n)
  const limbs = (at: number) =>
    Array.from({ length: 9 }, (_, i) => BigInt(view.getUint32(at + 4 * (8 - i), true))).reduce((x, y) => (x << 30n) + y)
  assert.is(limbs(constant('P30')), p)
  assert.is(limbs(constant('N30')), n)
  assert.is((BigInt(constant('P30_INVERSE')) * p) % (1n << 30n), 1n)
  assert.is((BigInt(constant('N30_INVERSE')) * n) % (1n << 30n), 1n)
  assert.is(element(constant('ONE')), 1n)
  assert.is(element(constant('R_SQUARED')), R % p)
  assert.is(rawValue(view, constant('ONE_PLAIN')), 1n)
  assert.is(element(constant('B')), Point.CURVE().b)
  for (let i = 0; i < 64; i++) {
    const { x, y } = Point.BASE.multiply(BigInt(2 * i + 1)).toAffine()
    const at = constant('GENERATOR') + 2 * FE * i
    assert.equal([element(at), element(at + FE)], [x, y], `${2 * i + 1} G`)
  }
})

test('products, squares, sums of products', () => {
  for (let i = 0; i < CASES; i++) {
    const [a, b] = [put(A, 2), put(B, 2)]
    wasm.feMul!(A, B, OUT)
    assert.is(element(OUT), modulo(a * b, p))
    wasm.feSqr!(A, OUT)
    assert.is(element(OUT), modulo(a * a, p))
    const c = put(C, 2)
    wasm.feMulSub!(A, B, C, OUT)
    assert.is(stands(OUT), modulo(a * b - c, p))
    wasm.feSqrSub!(A, C, OUT)
    assert.is(stands(OUT), modulo(a * a - c, p))
    wasm.feMul!(A, B, A)
    assert.is(element(A), modulo(a * b, p), 'in place')
  }
})

test('all limbs at their bounds', () => {
  for (const [m, k] of [
    [1, 1],
    [3, 3],
    [2, 6],
  ] as const) {
    for (const sign of [1, -1]) {
      for (let j = 0; j < 9; j++) {
        view.setInt32(A + 4 * j, j === 8 ? m << 24 : m * (2 ** 28 + 4), true)
        view.setInt32(B + 4 * j, sign * (j === 8 ? k << 24 : k * (2 ** 28 + 4)), true)
      }
      wasm.feMul!(A, B, OUT)
      assert.is(stands(OUT), modulo(stands(A) * stands(B), p))
      assert.not((notReduced(view, OUT) ?? '').startsWith('limb'))
      if (m !== 3) continue
      wasm.feSqr!(A, OUT)
      assert.is(stands(OUT), modulo(stands(A) ** 2n, p))
    }
  }
})

test('settled elements, words, inverses', () => {
  for (let i = 0; i < CASES; i++) {
    const a = put(A, 1 + random.below(3))
    wasm.feSettle!(A, OUT)
    assert.is(element(OUT), a)
    const raw = rawValue(view, OUT)
    assert.ok(raw * 100n < 51n * p && raw * 100n > -51n * p)
    const x = i < 4 ? [0n, 1n, p - 1n, MASK % p][i]! : randomWord(random) % p
    putWord(B, x)
    wasm.feFromWord!(B, OUT)
    assert.is(element(OUT), x)
    wasm.feInvert!(OUT, C)
    assert.is(element(C), power(x, p - 2n, p))
  }
})

/** OUT = k times the generator, with a Z that is not 1 when k is not -1, 0 or 1. */
function putPoint(k: number): void {
  wasm.setInfinity!(OUT)
  for (let i = 0; i < Math.abs(k); i++) addPoint(1, k < 0)
}
function addPoint(k: number, negative: boolean): void {
  const { x, y } = Point.BASE.multiply(BigInt(k)).toAffine()
  for (const [at, value] of [
    [A, x],
    [A + FE, y],
  ] as const) {
    putWord(B, value)
    wasm.feFromWord!(B, at)
  }
  wasm.pointAdd!(OUT, A, A + FE, negative ? 1 : 0)
}
function expectPoint(k: number, what: string): void {
  assert.is(wasm.isInfinity!(OUT) === 1, k === 0, what)
  if (k === 0) return
  const { x, y } = Point.BASE.multiply(modulo(BigInt(k), n)).toAffine()
  const [X, Y, Z] = [0, 1, 2].map((i) => element(OUT + FE * i)) as [bigint, bigint, bigint]
  const z = power(Z, p - 2n, p)
  assert.equal([modulo(X * z * z, p), modulo(Y * z * z * z, p)], [x, y], what)
}

test('sums and differences of small multiples of the generator', () => {
  for (let a = -4; a <= 4; a++) {
    for (let b = 1; b <= 4; b++) {
      for (const negative of [false, true]) {
        putPoint(a)
        addPoint(b, negative)
        expectPoint(negative ? a - b : a + b, `${a} ${negative ? '-' : '+'} ${b}`)
      }
    }
    putPoint(a)
    wasm.pointDouble!(OUT)
    expectPoint(2 * a, `twice ${a}`)
  }
})

test.run()
