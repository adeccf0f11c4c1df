// Fp12 against polynomials over Fp2 with w^6 = xi, by BigInt.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { element, FE, fp2, P, putElement } from '../../support/bn254Field.js'
import type { Pair } from '../../support/fieldsOfNumbers.js'
import { testModule } from '../../support/test-module.js'
import { Random, randomWord } from '../../support/words.js'

type Operation = (...args: number[]) => void
interface Exports {
  takeChunks(count: number): number
  fp12Mul: Operation
  fp12Sqr: Operation
  fp12SqrCyclotomic: Operation
  fp12Invert: Operation
  fp12Frobenius: Operation
  fp12MulByLine: Operation
  fp12MulByLines: Operation
  finalExponent: Operation
}
const { exports: wasm, memory } = testModule<Exports>('assembly/bn254/test-entry.ts')
const view = new DataView(memory.buffer)
const random = new Random(5)
const SIZE = 12 * FE
const A = wasm.takeChunks(1) >>> 0
const [B, OUT, SCRATCH] = [A + SIZE, A + 2 * SIZE, A + 3 * SIZE]
const CASES = 60

/** Coefficients of 1, w, ... w^5. */
type Fp12 = Pair[]
const XI: Pair = [9n, 1n]
const ZERO: Pair = [0n, 0n]
const ONE: Fp12 = [[1n, 0n], ZERO, ZERO, ZERO, ZERO, ZERO]

function multiply(a: Fp12, b: Fp12): Fp12 {
  const out: Fp12 = Array.from({ length: 6 }, () => ZERO)
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      const product = i + j < 6 ? fp2.mul(x, y) : fp2.mul(fp2.mul(x, y), XI)
      out[(i + j) % 6] = fp2.add(out[(i + j) % 6]!, product)
    })
  })
  return out
}

/** a^p: coefficients conjugated, w^p = xi^((p - 1) / 6) w. */
function frobenius(a: Fp12): Fp12 {
  const gamma = fp2.power(XI, (P - 1n) / 6n)
  return a.map(([real, imaginary], k) => fp2.mul([real, P - imaginary], fp2.power(gamma, BigInt(k))))
}

const times = (f: (x: Fp12) => Fp12, n: number, x: Fp12): Fp12 => (n === 0 ? x : times(f, n - 1, f(x)))
/** Where the coefficient of w^k is. */
const place = (k: number) => (k & 1) * 6 * FE + (k >> 1) * 2 * FE

function put(at: number, value: Fp12): Fp12 {
  value.forEach((pair, k) => {
    pair.forEach((x, part) => {
      putElement(view, at + place(k) + part * FE, x, BigInt(random.below(7)) - 3n)
    })
  })
  return value
}

function get(at: number): Fp12 {
  return Array.from(
    { length: 6 },
    (_, k) => [0, FE].map((part) => element(view, at + place(k) + part)) as unknown as Pair,
  )
}

function some(): Fp12 {
  return Array.from({ length: 6 }, () =>
    random.below(6) === 0 ? ZERO : [randomWord(random) % P, randomWord(random) % P],
  )
}

test('products, squares and inverses', () => {
  for (let i = 0; i < CASES; i++) {
    const [a, b] = [put(A, some()), put(B, some())]
    wasm.fp12Mul(A, B, OUT, SCRATCH)
    assert.equal(get(OUT), multiply(a, b))
    wasm.fp12Sqr(A, OUT, SCRATCH)
    assert.equal(get(OUT), multiply(a, a))
    wasm.fp12Invert(A, OUT, SCRATCH)
    if (a.some(([x, y]) => x + y !== 0n)) assert.equal(multiply(get(OUT), a), ONE)
    wasm.fp12Mul(A, B, A, SCRATCH)
    assert.equal(get(A), multiply(a, b), 'in place')
  }
})

/** A line at `at`: the coefficients of 1, w and v w. */
function putLine(at: number): Fp12 {
  const line = [0, 1, 2].map(
    (): Pair => (random.below(6) === 0 ? ZERO : [randomWord(random) % P, randomWord(random) % P]),
  )
  line.flat().forEach((x, i) => {
    putElement(view, at + i * FE, x, BigInt(random.below(7)) - 3n)
  })
  return [line[0]!, line[1]!, ZERO, line[2]!, ZERO, ZERO]
}

test('the sparse products with one line and two', () => {
  for (let i = 0; i < CASES; i++) {
    const [a, l, m] = [put(A, some()), putLine(B), putLine(B + 6 * FE)]
    wasm.fp12MulByLine(A, B, SCRATCH)
    assert.equal(get(A), multiply(a, l))
    put(A, a)
    wasm.fp12MulByLines(A, B, B + 6 * FE, SCRATCH)
    assert.equal(get(A), multiply(multiply(a, l), m))
  }
})

test("powers of p, squares in the cyclotomic subgroup, and the final exponent's result", () => {
  for (let i = 0; i < 8; i++) {
    const a = put(
      A,
      some().map((x) => (x === ZERO ? XI : x)),
    )
    for (const j of [1, 2, 3]) {
      wasm.fp12Frobenius(A, j, OUT)
      assert.equal(get(OUT), times(frobenius, j, a))
    }
    // a^((p^6 - 1)(p^2 + 1)) is in the subgroup.
    wasm.fp12Invert(A, OUT, SCRATCH)
    const unit = multiply(times(frobenius, 6, a), get(OUT))
    const c = put(A, multiply(times(frobenius, 2, unit), unit))
    wasm.fp12SqrCyclotomic(A, OUT, SCRATCH)
    assert.equal(get(OUT), multiply(c, c))
    wasm.fp12SqrCyclotomic(A, A, SCRATCH)
    assert.equal(get(A), multiply(c, c), 'in place')
    // A power of the order n: its p-th power is its power of p modulo n, which is 6 u^2.
    put(A, a)
    wasm.finalExponent(A, SCRATCH)
    const result = get(A)
    let power = ONE
    for (const bit of (6n * 4965661367192848881n ** 2n).toString(2)) {
      power = multiply(power, power)
      if (bit === '1') power = multiply(power, result)
    }
    assert.equal(frobenius(result), power)
  }
})

test.run()
