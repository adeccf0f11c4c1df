// The constants of assembly/bls12381 from the one number X, and the facts that its comments rest on.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toBigInt } from '../../../src/bytes.js'
import { pointEvaluationSetup } from '../../../src/crypto/pointEvaluation.js'
import { ORDER, P, X } from '../../support/bls12381.js'
import { element, FE, fp2, R, rawValue } from '../../support/bls12381Field.js'
import { modulo, type Pair, power } from '../../support/fieldsOfNumbers.js'
import { testModule } from '../../support/test-module.js'

interface Global {
  readonly value: number
}
const names = [
  ...['X_WORD', 'ORDER', 'P_BYTES', 'HALF_P', 'ROOT_EXPONENT', 'P30', 'ONE_PLAIN', 'R_SQUARED', 'ONE', 'FOUR'],
  ...[
    'BETA_1',
    'BETA_2',
    'PSI',
    'FROBENIUS_1',
    'FROBENIUS_2',
    'FROBENIUS_3',
    'QUARTER',
    'G1_GENERATOR',
    'G2_NEGATIVE',
    'SECRET_G2',
  ],
  ...['CURVE_1', 'ROOT_1', 'CURVE_2', 'ROOT_2'],
  ...[1, 2].flatMap((g) => ['X', 'Y'].flatMap((c) => ['NUMERATOR', 'DENOMINATOR'].map((part) => `${c}_${part}_${g}`))),
]
const { exports, memory } = testModule<Record<string, Global>>('assembly/bls12381/test-entry.ts')
const wasm = exports as Readonly<Record<string, Global>>
const view = new DataView(memory.buffer)
const bytes = new Uint8Array(memory.buffer)
const at = (name: string): number => {
  if (!names.includes(name)) throw new Error(name)
  return wasm[name]!.value
}
/** Numbers of several bytes each, least significant first. */
const little = (from: number, length: number) => toBigInt(bytes.slice(from, from + length).reverse())
const fe = (name: string, index = 0) => element(view, at(name) + FE * index)
const pair = (name: string, index = 0): Pair => [fe(name, 2 * index), fe(name, 2 * index + 1)]
const { Fp2 } = bls12_381.fields
const XI: Pair = [1n, 1n]
const negative = ([a, b]: Pair): Pair => [modulo(-a, P), modulo(-b, P)]
const conjugate = ([a, b]: Pair): Pair => [a, modulo(-b, P)]
const inverse = (x: Pair): Pair => {
  const { c0, c1 } = Fp2.inv(Fp2.fromBigTuple([...x]))
  return [c0, c1]
}

test('numbers', () => {
  assert.is(P, ((X + 1n) ** 2n * (X ** 4n - X ** 2n + 1n)) / 3n - X)
  assert.is(ORDER, X ** 4n - X ** 2n + 1n)
  assert.is(little(at('X_WORD'), 32), X)
  assert.is(BigInt.asUintN(64, wasm.X!.value as unknown as bigint), X)
  assert.is(little(at('ORDER'), 32), ORDER)
  assert.is(toBigInt(bytes.slice(at('P_BYTES'), at('P_BYTES') + 48)), P)
  assert.is(toBigInt(bytes.slice(at('HALF_P'), at('HALF_P') + 48)), (P - 1n) / 2n)
  assert.is(P % 4n, 3n)
  assert.is(little(at('ROOT_EXPONENT'), 48), (P - 3n) / 4n)
  assert.is(((P - 3n) / 4n).toString(2).length, 379)
  let p30 = 0n
  for (let i = 12; i >= 0; i--) p30 = (p30 << 30n) + BigInt(view.getUint32(at('P30') + 4 * i, true))
  assert.is(p30, P)
  assert.is((BigInt(wasm.P30_INVERSE!.value) * P) % (1n << 30n), 1n)
})

test('elements are what their names say', () => {
  assert.equal(pair('ONE'), [1n, 0n])
  assert.is(rawValue(view, at('ONE_PLAIN')), 1n)
  assert.is(fe('R_SQUARED'), R % P)
  assert.equal(pair('FOUR'), fp2.mul([4n, 0n], XI))
  assert.is(fe('FOUR'), 4n)
  assert.equal(fp2.mul(pair('QUARTER'), [4n, 0n]), [1n, 0n])
  for (const [j, name] of ['FROBENIUS_1', 'FROBENIUS_2', 'FROBENIUS_3'].entries()) {
    for (let k = 1; k < 6; k++) {
      assert.equal(pair(name, k - 1), fp2.power(XI, (BigInt(k) * (P ** BigInt(j + 1) - 1n)) / 6n), `${name}, ${k}`)
    }
  }
})

test('endomorphisms: X^2 (x, y) = (beta x, -y) and psi (x, y) = -X (x, y)', () => {
  const { Point: G1 } = bls12_381.G1
  const { Point: G2 } = bls12_381.G2
  for (const k of [1n, 5n, ORDER - 3n]) {
    const p = G1.BASE.multiply(k)
    const a = p.toAffine()
    const b = p.multiply((X * X) % ORDER).toAffine()
    assert.equal([b.x, b.y], [(fe('BETA_1') * a.x) % P, P - a.y])
    const q = G2.BASE.multiply(k)
    const c = q.toAffine()
    const d = q.multiply((X * X) % ORDER).toAffine()
    assert.equal([d.x.c0, d.x.c1], [(fe('BETA_2') * c.x.c0) % P, (fe('BETA_2') * c.x.c1) % P])
    assert.equal([d.y.c0, d.y.c1], negative([c.y.c0, c.y.c1]))
    const e = q.multiply(ORDER - X).toAffine()
    assert.equal([e.x.c0, e.x.c1], fp2.mul(conjugate([c.x.c0, c.x.c1]), pair('PSI', 0)))
    assert.equal([e.y.c0, e.y.c1], fp2.mul(conjugate([c.y.c0, c.y.c1]), pair('PSI', 1)))
  }
  assert.equal(fp2.mul(pair('PSI', 0), fp2.power(XI, (P - 1n) / 3n)), [1n, 0n])
  assert.equal(fp2.mul(pair('PSI', 1), fp2.power(XI, (P - 1n) / 2n)), [1n, 0n])
})

test('the criteria for the groups: what they make zero has order r', () => {
  // phi^2 + phi + 1 = 0 on G1's curve, where phi (x, y) = (beta x, y) and the criterion is phi = -X^2: its norm is r.
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))
  const [points1, points2] = [ORDER * ((X + 1n) ** 2n / 3n), ORDER * bls12_381.G2.Point.CURVE().h]
  assert.is(gcd(X ** 4n - X ** 2n + 1n, points1), ORDER)
  // psi^2 - t psi + p = 0 on the twist, t = 1 - X: the norm of psi + X.
  const t = 1n - X
  assert.is(gcd(X * X + X * t + P, points2), ORDER)
  assert.is(points1 % 2n, 1n, 'no point has y = 0')
  assert.is(points2 % 2n, 1n)
  for (const points of [points1, points2]) assert.is.not((points / ORDER) % ORDER, 0n)
})

test('the final exponent is three times (p^12 - 1) / r', () => {
  const x = -X
  const hard = (x - 1n) ** 2n * (x + P) * (x * x + P * P - 1n) + 3n
  assert.is((P ** 6n - 1n) * (P ** 2n + 1n) * hard, (3n * (P ** 12n - 1n)) / ORDER)
  assert.is.not(ORDER % 3n, 0n)
})

test('points of the trusted setup', () => {
  const setup = pointEvaluationSetup()
  const numbers = Array.from({ length: 10 }, (_, i) => toBigInt(setup.subarray(64 * i, 64 * i + 64)))
  assert.equal(
    [0, 1].map((i) => fe('G1_GENERATOR', i)),
    numbers.slice(0, 2),
  )
  const multiple = bls12_381.G1.Point.BASE.multiply(X).toAffine()
  assert.equal(
    [2, 3].map((i) => fe('G1_GENERATOR', i)),
    [multiple.x, multiple.y],
  )
  assert.equal(
    [0, 1, 2, 3].map((i) => fe('G2_NEGATIVE', i)),
    numbers.slice(2, 6),
  )
  assert.equal(
    [0, 1, 2, 3].map((i) => fe('SECRET_G2', i)),
    numbers.slice(6),
  )
})

type Polynomial = (x: Pair) => Pair
const polynomial = (name: string, count: number, monic: boolean, width: 1 | 2): Polynomial => {
  const coefficients = Array.from({ length: count }, (_, i): Pair => (width === 2 ? pair(name, i) : [fe(name, i), 0n]))
  if (monic) coefficients.push([1n, 0n])
  return (x) => coefficients.reduceRight((sum, c) => fp2.add(fp2.mul(sum, x), c), [0n, 0n] as Pair)
}

test('maps: curves, roots, and isogenies from one curve to the other', () => {
  for (const [g, width, counts] of [
    [1, 1, [12, 10, 16, 15]],
    [2, 2, [4, 2, 4, 3]],
  ] as const) {
    const number = (i: number): Pair => (width === 2 ? pair(`CURVE_${g}`, i) : [fe(`CURVE_${g}`, i), 0n])
    const [a, b, z, ratio, special] = [0, 1, 2, 3, 4].map(number) as [Pair, Pair, Pair, Pair, Pair]
    if (g === 1) {
      // RFC 9380, section 8.8.1; those of 8.8.2 are short.
      assert.is(a[0], 0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1dn)
      assert.is(
        b[0],
        0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0n,
      )
      assert.is(z[0], 11n)
      assert.is(fe('ROOT_1') ** 2n % P, P - 11n)
    } else {
      assert.equal([a, b, z], [[0n, 240n], [1012n, 1012n], negative([2n, 1n])])
      assert.is(fe('ROOT_2') ** 2n % P, P - 5n)
      assert.is(fe('ROOT_2', 1) * 2n, P + 1n)
      assert.is(power(5n, (P - 1n) / 2n, P), P - 1n, 'the norm of Z is no square')
    }
    assert.equal(fp2.mul(ratio, a), negative(b))
    assert.equal(fp2.mul(special, fp2.mul(z, a)), b)
    // y^2 = x^3 + A x + B goes to y^2 = x^3 + 4, or 4 (1 + i), whatever x is.
    const [xn, xd, yn, yd] = ['X_NUMERATOR', 'X_DENOMINATOR', 'Y_NUMERATOR', 'Y_DENOMINATOR'].map((name, i) =>
      polynomial(`${name}_${g}`, counts[i]!, i % 2 === 1, width),
    ) as [Polynomial, Polynomial, Polynomial, Polynomial]
    const places: Pair[] = [
      [2n, 0n],
      [12345678n, 0n],
      [P - 9n, 0n],
    ]
    if (width === 2) places.push([3n, 4n], [P - 1n, 77n])
    for (const x of places) {
      const square = fp2.add(fp2.add(fp2.power(x, 3n), fp2.mul(a, x)), b)
      const imageX = fp2.mul(xn(x), inverse(xd(x)))
      const ratioY = fp2.mul(yn(x), inverse(yd(x)))
      const right = fp2.add(fp2.power(imageX, 3n), width === 2 ? pair('FOUR') : [4n, 0n])
      assert.equal(fp2.mul(square, fp2.mul(ratioY, ratioY)), right, `G${g}`)
    }
  }
})

test.run()
