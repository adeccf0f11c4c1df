// KZG_POINT_EVALUATION (EIP-4844): the room alone, against what noble makes of the trusted setup.
// PARALLEVM_BLS12381_CASES: a fifth as many evaluations.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBytes } from '../../../src/bytes.js'
import { pointEvaluationSetup } from '../../../src/crypto/pointEvaluation.js'
import { blsG1, blsG2, ORDER, outsideG1, P } from '../../support/bls12381.js'
import { blsContract } from '../../support/bls12381Contract.js'
import { evaluationInput, linearEvaluation, SECRET_G1 } from '../../support/pointEvaluation.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { Random, randomWord } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_BLS12381_CASES ?? 300)
const ID = Precompile.KZG_POINT_EVALUATION
const random = new Random(4844)
const contract = blsContract(random)
const { Point } = bls12_381.G1
const scalar = () => randomWord(random) % ORDER
const output = concatBytes(toBytes(4096n, 32), toBytes(ORDER, 32))
const infinity = hexToBytes(`c0${'00'.repeat(47)}`)

/** The same as @ethereumjs/evm; whether the call succeeds. */
async function holds(input: Uint8Array): Promise<boolean> {
  const actual = contract(ID, input)
  const expected = await referencePrecompile(ID, input)
  assert.equal(actual && hex(actual), expected && hex(expected), hex(input))
  if (actual !== undefined) assert.equal(hex(actual), hex(output))
  return actual !== undefined
}

test('the point of G1 that evaluations are made with is of the same secret as that of G2', () => {
  const { Fp12 } = bls12_381.fields
  const secret = pointEvaluationSetup().subarray(384)
  const [x0, x1, y0, y1] = [0, 1, 2, 3].map((i) => BigInt(`0x${hex(secret.subarray(64 * i, 64 * i + 64))}`))
  const { Fp2 } = bls12_381.fields
  const G2 = bls12_381.G2.Point
  const g2 = G2.fromAffine({ x: Fp2.fromBigTuple([x0!, x1!]), y: Fp2.fromBigTuple([y0!, y1!]) })
  assert.ok(Fp12.eql(bls12_381.pairing(SECRET_G1, G2.BASE), bls12_381.pairing(Point.BASE, g2)))
})

test('random evaluations, right and wrong', async () => {
  for (let i = 0; i < CASES / 5; i++) {
    const wrong = i % 2 === 0 ? 0n : scalar() || 1n
    const input = linearEvaluation(scalar(), scalar(), scalar(), wrong)
    const good = i < 4 ? await holds(input) : contract(ID, input) !== undefined
    assert.is(good, wrong === 0n, hex(input))
  }
})

test('zeros: the constant polynomial, the zero polynomial, evaluations at and to zero', async () => {
  const k = scalar()
  for (const [a, c, z] of [
    [0n, 0n, 0n],
    [0n, 0n, k],
    [0n, k, 0n],
    [0n, k, k],
    [k, 0n, 0n],
    [k, k, 0n],
    [k, 0n, k],
    [1n, ORDER - k, k],
    [ORDER - 1n, 1n, ORDER - 1n],
  ] as const) {
    assert.ok(await holds(linearEvaluation(a, c, z)), `${a} x + ${c} at ${z}`)
    assert.not(await holds(linearEvaluation(a, c, z, 1n)))
  }
  assert.not(await holds(evaluationInput(infinity, 1n, 0n, Point.BASE.toBytes())))
  assert.not(await holds(evaluationInput(Point.BASE.toBytes(), 1n, 0n, infinity)))
})

test('numbers that are none of the scalar field, versions, lengths', async () => {
  const good = linearEvaluation(3n, 5n, 7n)
  assert.ok(await holds(good))
  for (const at of [32, 64]) {
    const value = at === 32 ? 7n : 26n
    for (const other of [value + ORDER, ORDER, (1n << 256n) - 1n]) {
      const broken = good.slice()
      broken.set(toBytes(other, 32), at)
      assert.not(await holds(broken))
    }
  }
  for (let at = 0; at < 192; at += 5) {
    const broken = good.slice()
    broken[at]! ^= 1 << random.below(8)
    assert.not(await holds(broken), `byte ${at}`)
  }
  for (const length of [0, 1, 191]) assert.not(await holds(good.subarray(0, length)))
  assert.not(await holds(concatBytes(good, new Uint8Array(1))))
})

test('encodings of points that are none', async () => {
  const commitment = Point.BASE.multiply(5n).toBytes()
  const [flags, rest] = [commitment[0]!, commitment.subarray(1)]
  const x = (value: bigint, flag: number) => {
    const bytes = toBytes(value, 48)
    bytes[0]! |= flag
    return bytes
  }
  const broken = [
    concatBytes(Uint8Array.of(flags & 0x7f), rest),
    concatBytes(Uint8Array.of(flags | 0x40), rest),
    concatBytes(Uint8Array.of(flags ^ 0x20), rest),
    hexToBytes(`e0${'00'.repeat(47)}`),
    hexToBytes(`40${'00'.repeat(47)}`),
    hexToBytes(`00${'00'.repeat(47)}`),
    hexToBytes(`c0${'00'.repeat(46)}01`),
    hexToBytes(`c1${'00'.repeat(47)}`),
    ...[0n, 1n, 4n, P - 1n, P, P + 1n].flatMap((value) => [x(value, 0x80), x(value, 0xa0)]),
    new Uint8Array(48).fill(0xff),
    // On the curve, but outside the group.
    ...outsideG1(6).map((point) => x(point.toAffine().x, 0x80)),
  ]
  for (const point of broken) {
    assert.not(await holds(evaluationInput(point, 9n, 5n, infinity)), hex(point))
    assert.not(await holds(evaluationInput(commitment, 9n, 5n, point)), hex(point))
  }
  assert.ok(await holds(evaluationInput(commitment, 9n, 5n, infinity)))
})

test('the other sign of a commitment is another commitment', async () => {
  for (let i = 1n; i < 12n; i++) {
    const input = linearEvaluation(i, 0n, 2n)
    assert.ok(await holds(input))
    assert.ok(await holds(linearEvaluation(ORDER - i, 0n, 2n)))
  }
})

test('in turns with contracts on G2', () => {
  const evaluation = linearEvaluation(8n, 9n, 10n)
  const pair = concatBytes(blsG1(2n), blsG2(3n), blsG1(-6n), blsG2(1n))
  for (let i = 0; i < 3; i++) {
    assert.equal(contract(ID, evaluation), output)
    assert.equal(contract(Precompile.BLS12_PAIRING_CHECK, pair), toBytes(1n, 32))
    assert.equal(contract(Precompile.BLS12_G2ADD, concatBytes(blsG2(2n), blsG2(3n))), blsG2(5n))
  }
})

test.run()
