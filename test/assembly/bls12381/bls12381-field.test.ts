// The field of BLS12-381 and its extensions against BigInt: elements of all weights that are allowed, every limb at its bound.
// PARALLEVM_FIELD_CASES: cases of each operation.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hex, toBytes } from '../../../src/bytes.js'
import { P, X } from '../../support/bls12381.js'
import { element, FE, fp2, putElement, R, R_INVERSE, rawValue } from '../../support/bls12381Field.js'
import { modulo, type Pair, power } from '../../support/fieldsOfNumbers.js'
import { testModule } from '../../support/test-module.js'
import { Random } from '../../support/words.js'

type Operation = (...args: number[]) => number
const { exports: wasm, memory } = testModule<Record<string, Operation>>('assembly/bls12381/test-entry.ts')
const view = new DataView(memory.buffer)
const random = new Random(381)
const CASES = Number(process.env.PARALLEVM_FIELD_CASES ?? 1500)
const A = wasm.takeChunks!(2) >>> 0
const [B, C, D, OUT, WIDE] = [1, 2, 3, 4, 6].map((i) => A + 2048 * i) as [number, number, number, number, number]
wasm.setStack!(A + 65536)

function some(): bigint {
  const special = [0n, 1n, 2n, P - 1n, P - 2n, R % P, (P - 1n) / 2n]
  if (random.below(8) === 0) return special[random.below(special.length)]!
  let x = 0n
  for (let i = 0; i < 7; i++) x = (x << 64n) | random.limb()
  return x % P
}

/** The value of limbs as they are, times 1 / R. */
const stands = (at: number) => modulo(rawValue(view, at) * R_INVERSE, P)

/** An element of a weight: what some sum could be, or all limbs at a bound. What it stands for. */
function put(at: number, weight = 1): bigint {
  if (random.below(4) === 0) {
    const sign = random.below(2) === 0 ? 1 : -1
    const alternate = random.below(2) === 0
    for (let i = 0; i < 13; i++)
      view.setInt32(at + 4 * i, (alternate && i & 1 ? -sign : sign) * weight * (2 ** 27 + 16), true)
    view.setInt32(at + 52, sign * weight * 3 * 106513, true)
    view.setBigInt64(at + 56, 0n, true)
    return stands(at)
  }
  let sum = 0n
  const limbs = new Array<number>(16).fill(0)
  for (let i = 0; i < weight; i++) {
    putElement(view, at, some(), BigInt(random.below(7)) - 3n)
    const sign = random.below(3) === 0 ? -1 : 1
    for (let j = 0; j < 16; j++) limbs[j]! += sign * view.getInt32(at + 4 * j, true)
    sum += BigInt(sign) * stands(at)
  }
  limbs.forEach((limb, j) => {
    view.setInt32(at + 4 * j, limb, true)
  })
  return modulo(sum, P)
}
const put2 = (at: number, weight = 1): Pair => [put(at, weight), put(at + FE, weight)]
const get2 = (at: number): Pair => [element(view, at), element(view, at + FE)]
const sub2 = ([a, b]: Pair, [c, d]: Pair): Pair => [modulo(a - c, P), modulo(b - d, P)]

test('products and squares', () => {
  for (let i = 0; i < CASES; i++) {
    const [m, n] = [
      [1, 1],
      [1, 14],
      [4, 8],
      [5, 6],
    ][random.below(4)] as [number, number]
    const [a, b] = [put(A, m), put(B, n)]
    wasm.feMul!(A, B, OUT)
    assert.is(element(view, OUT), modulo(a * b, P))
    const c = put(C, 1 + random.below(5))
    wasm.feSqr!(C, OUT)
    assert.is(element(view, OUT), modulo(c * c, P))
    wasm.feMul!(C, C, C)
    assert.is(element(view, C), modulo(c * c, P), 'in place')
  }
})

test('sums of products', () => {
  for (let i = 0; i < CASES; i++) {
    const [a, b, c, d] = [put(A, 3), put(B, 2), put(C, 5), put(D, 4)]
    wasm.feMulSubMul!(A, B, C, D, OUT)
    assert.is(element(view, OUT), modulo(a * b - c * d, P))
    const e = put(D)
    wasm.feSqrSub!(A, 2, D, OUT)
    assert.is(modulo(rawValue(view, OUT) * R_INVERSE, P), modulo(a * a - 2n * e, P))
  }
})

test('the largest sum of products that can be reduced', () => {
  // Weight 32: eight products of weight 4, all limbs at their bounds.
  for (const sign of [1, -1]) {
    for (let i = 0; i < 14; i++) {
      const limb = i === 13 ? 2 * 3 * 106513 : 2 * (2 ** 27 + 16)
      view.setInt32(A + 4 * i, limb, true)
      view.setInt32(B + 4 * i, sign * limb, true)
    }
    for (const at of [A, B]) view.setBigInt64(at + 56, 0n, true)
    wasm.wideMul!(A, B, WIDE)
    for (let k = 0; k < 28; k++) {
      const column = view.getBigInt64(WIDE + 8 * k, true) * 8n
      assert.is(BigInt.asIntN(64, column), column, 'a column of 64 bits')
      view.setBigInt64(WIDE + 8 * k, column, true)
    }
    wasm.reduce!(WIDE, OUT)
    assert.is(element(view, OUT), modulo(8n * stands(A) * stands(B), P))
  }
})

test('settled elements, zero in every form, inverses', () => {
  for (let i = 0; i < CASES; i++) {
    const value = put(A)
    wasm.feSettle!(A, OUT)
    assert.is(element(view, OUT), value)
    const raw = rawValue(view, OUT)
    assert.ok(raw * 100n < 51n * P && raw * 100n > -51n * P)
    assert.is(wasm.feIsZero!(A), value === 0n ? 1 : 0)
    if (i >= CASES / 5) continue
    const b = put(B, 2)
    wasm.feInvert!(B, OUT)
    assert.is(element(view, OUT), power(b, P - 2n, P))
    const c = put2(C, 2)
    wasm.fp2Invert!(C, OUT)
    if (c[0] + c[1] !== 0n) assert.equal(fp2.mul(get2(OUT), c), [1n, 0n])
  }
  for (let k = -6n; k <= 6n; k++) {
    for (const value of [0n, 1n, P - 1n, 1n << 28n, 1n << 300n]) {
      putElement(view, A, value * R_INVERSE, k)
      assert.is(wasm.feIsZero!(A), value === 0n ? 1 : 0, `${value} + ${k} p`)
    }
  }
})

test('bytes in and out', () => {
  const bytes = new Uint8Array(memory.buffer)
  for (let i = 0; i < CASES; i++) {
    const value = i < 4 ? [0n, 1n, P - 1n, (P - 1n) / 2n][i]! : some()
    bytes.set(toBytes(value, 48), B + 1)
    assert.is(wasm.feFromBytes!(B + 1, A), 1)
    assert.is(element(view, A), value)
    const sum = put(C, 2)
    for (const [at, number] of [
      [A, value],
      [C, sum],
    ] as const) {
      wasm.feToBytes!(at, OUT + 1)
      assert.equal(hex(bytes.slice(OUT + 1, OUT + 49)), hex(toBytes(number, 48)))
      assert.is(wasm.feIsLarger!(at), number > (P - 1n) / 2n ? 1 : 0)
      assert.is(wasm.feIsOdd!(at), Number(number & 1n))
    }
  }
  for (const value of [P, P + 1n, 2n * P, (1n << 384n) - 1n]) {
    bytes.set(toBytes(value, 48), B)
    assert.is(wasm.feFromBytes!(B, A), 0)
  }
})

test('roots', () => {
  for (let i = 0; i < CASES / 10; i++) {
    const a = put(A)
    const square = a === 0n || power(a, (P - 1n) / 2n, P) === 1n
    assert.is(wasm.feSqrt!(A, OUT), square ? 1 : 0)
    if (square) assert.is(modulo(element(view, OUT) ** 2n, P), a)
    // A square in Fp2 from either root of its norm; now and then real, imaginary or zero.
    const root: Pair = [random.below(6) === 0 ? 0n : some(), random.below(6) === 0 ? 0n : some()]
    const [x, y] = fp2.mul(root, root)
    putElement(view, B, x)
    putElement(view, B + FE, y)
    const norm = modulo(root[0] ** 2n + root[1] ** 2n, P)
    for (const s of [norm, P - norm]) {
      putElement(view, C, s)
      wasm.fp2RootFrom!(B, C, OUT)
      assert.equal(fp2.mul(get2(OUT), get2(OUT)), [x, y])
    }
  }
})

test('products in Fp2', () => {
  for (let i = 0; i < CASES; i++) {
    const [m, n] = [
      [1, 1],
      [2, 7],
      [4, 4],
    ][random.below(3)] as [number, number]
    const [a, b] = [put2(A, m), put2(B, n)]
    wasm.fp2Mul!(A, B, OUT)
    assert.equal(get2(OUT), fp2.mul(a, b))
    wasm.fp2Sqr!(A, OUT)
    assert.equal(get2(OUT), fp2.mul(a, a))
    const [c, d, e, f] = [put2(A, 2), put2(B, 3), put2(C, 2), put2(D, 4)]
    wasm.fp2MulSubMul!(A, B, C, D, OUT)
    assert.equal(get2(OUT), sub2(fp2.mul(c, d), fp2.mul(e, f)))
    const g = put2(D)
    wasm.fp2SqrSub!(A, 1, D, OUT)
    assert.equal([stands(OUT), stands(OUT + FE)], sub2(fp2.mul(c, c), g))
    wasm.fp2Norm!(A, OUT)
    assert.is(element(view, OUT), modulo(c[0] ** 2n + c[1] ** 2n, P))
  }
})

/** Coefficients of 1, w, ... w^5, w^6 = 1 + i. */
type Fp12 = Pair[]
const ZERO: Pair = [0n, 0n]
const place = (k: number) => (k & 1) * 6 * FE + (k >> 1) * 2 * FE

function multiply(a: Fp12, b: Fp12): Fp12 {
  const out: Fp12 = Array.from({ length: 6 }, () => ZERO)
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      const product = i + j < 6 ? fp2.mul(x, y) : fp2.mul(fp2.mul(x, y), [1n, 1n])
      out[(i + j) % 6] = fp2.add(out[(i + j) % 6]!, product)
    })
  })
  return out
}

/** a^p: coefficients conjugated, w^p = xi^((p - 1) / 6) w. */
function frobenius(a: Fp12): Fp12 {
  const gamma = fp2.power([1n, 1n], (P - 1n) / 6n)
  return a.map(([real, imaginary], k) => fp2.mul([real, modulo(-imaginary, P)], fp2.power(gamma, BigInt(k))))
}
const times = (f: (x: Fp12) => Fp12, n: number, x: Fp12): Fp12 => (n === 0 ? x : times(f, n - 1, f(x)))
const put12 = (at: number): Fp12 => Array.from({ length: 6 }, (_, k) => put2(at + place(k)))
const get12 = (at: number): Fp12 => Array.from({ length: 6 }, (_, k) => get2(at + place(k)))

/** A line at `at`: the coefficients of 1, v and v w. */
function putLine(at: number): Fp12 {
  const [a, b, c] = [0, 1, 2].map((i) => put2(at + 2 * i * FE)) as [Pair, Pair, Pair]
  return [a, ZERO, b, c, ZERO, ZERO]
}

test('Fp12 against polynomials', () => {
  for (let i = 0; i < Math.ceil(CASES / 25); i++) {
    const [a, b] = [put12(A), put12(B)]
    wasm.fp12Mul!(A, B, OUT)
    assert.equal(get12(OUT), multiply(a, b))
    wasm.fp12Sqr!(A, OUT)
    assert.equal(get12(OUT), multiply(a, a))
    wasm.fp12Invert!(A, OUT)
    assert.equal(multiply(get12(OUT), a), [[1n, 0n], ZERO, ZERO, ZERO, ZERO, ZERO])
    wasm.fp12Mul!(A, B, A)
    assert.equal(get12(A), multiply(a, b), 'in place')
    const [c, l, m] = [put12(A), putLine(B), putLine(C)]
    new Uint8Array(memory.buffer).copyWithin(OUT, A, A + 12 * FE)
    wasm.fp12MulByLine!(A, B)
    assert.equal(get12(A), multiply(c, l))
    wasm.fp12MulByLines!(OUT, B, C)
    assert.equal(get12(OUT), multiply(multiply(c, l), m))
  }
})

test("powers of p, squares in the cyclotomic subgroup, and the final exponent's result", () => {
  for (let i = 0; i < 6; i++) {
    const a = put12(A)
    for (const j of [1, 2, 3]) {
      wasm.fp12Frobenius!(A, j, OUT)
      assert.equal(get12(OUT), times(frobenius, j, a))
    }
    // a^((p^6 - 1)(p^2 + 1)) is in the subgroup.
    wasm.fp12Invert!(A, OUT)
    const unit = multiply(times(frobenius, 6, a), get12(OUT))
    const c = multiply(times(frobenius, 2, unit), unit)
    c.forEach(([x, y], k) => {
      putElement(view, A + place(k), x, BigInt(random.below(3)) - 1n)
      putElement(view, A + place(k) + FE, y, BigInt(random.below(3)) - 1n)
    })
    wasm.fp12SqrCyclotomic!(A, OUT)
    assert.equal(get12(OUT), multiply(c, c))
    wasm.fp12SqrCyclotomic!(A, A)
    assert.equal(get12(A), multiply(c, c), 'in place')
    wasm.power!(A, OUT)
    let expected = get12(A)
    const unitary = expected
    for (const bit of X.toString(2).slice(1)) {
      expected = multiply(expected, expected)
      if (bit === '1') expected = multiply(expected, unitary)
    }
    assert.equal(get12(OUT), expected)
    // A power of the order r: its p-th power is its power of p modulo r, which is -X.
    put12(B)
    wasm.finalExponent!(B)
    const result = get12(B)
    let product: Fp12 = [[1n, 0n], ZERO, ZERO, ZERO, ZERO, ZERO]
    for (const bit of X.toString(2)) {
      product = multiply(product, product)
      if (bit === '1') product = multiply(product, result)
    }
    assert.equal(multiply(frobenius(result), product), [[1n, 0n], ZERO, ZERO, ZERO, ZERO, ZERO])
  }
})

test('the power X of one, whose compressed squares lack what is divided by', () => {
  const one: Fp12 = [[1n, 0n], ZERO, ZERO, ZERO, ZERO, ZERO]
  one.forEach((pair, k) => {
    pair.forEach((x, part) => {
      putElement(view, A + place(k) + part * FE, x)
    })
  })
  wasm.power!(A, OUT)
  assert.equal(get12(OUT), one)
  wasm.finalExponent!(A)
  assert.equal(get12(A), one)
})

test.run()
