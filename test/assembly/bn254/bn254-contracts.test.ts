// The precompiled contracts on BN254 against noble: the room alone, in memory whose every byte has been something else.
// PARALLEVM_BN254_CASES: random additions and multiplications; a tenth as many pairings.
import { bn254 } from '@noble/curves/bn254.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BN254_WORK } from '../../../src/abi/core.generated.js'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBigInt, toBytes } from '../../../src/bytes.js'
import { bnG1, bnG2, encodeG1, ORDER, outsideG2 } from '../../support/bn254.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_BN254_CASES ?? 1000)
const { BN254_ADD: ADD, BN254_MUL: MUL, BN254_PAIRING: PAIRING } = Precompile
const P = bn254.fields.Fp.ORDER

interface Exports {
  takeChunks(count: number): number
  bn254(id: number, input: number, length: number, out: number, work: number): number
}
const { exports: wasm, memory } = testModule<Exports>('assembly/bn254/test-entry.ts')
const bytes = new Uint8Array(memory.buffer)
const work = wasm.takeChunks(1) >>> 0
const out = work + BN254_WORK + 64
/** Off any alignment, as input can be. */
const at = out + 1024 + 3
const random = new Random(19)
const word = (x: bigint) => toBytes(x, 32)

function contract(id: number, input: Uint8Array): Uint8Array | undefined {
  bytes.fill(random.below(256), work, work + BN254_WORK)
  bytes.fill(0xa5, work + BN254_WORK, at + input.length + 64)
  bytes.set(input, at)
  const written = wasm.bn254(id, at, input.length, out, work)
  assert.ok(
    bytes.subarray(work + BN254_WORK, out).every((x) => x === 0xa5),
    'written behind the working memory',
  )
  assert.ok(
    bytes.subarray(out + 64, out + 128).every((x) => x === 0xa5),
    'written behind the output',
  )
  assert.equal(hex(bytes.slice(at, at + input.length)), hex(input), 'the input is left alone')
  return written < 0 ? undefined : bytes.slice(out, out + written)
}

/** The same as @ethereumjs/evm; what both return. */
async function same(id: number, input: Uint8Array): Promise<Uint8Array | undefined> {
  const actual = contract(id, input)
  const expected = await referencePrecompile(id, input)
  assert.equal(actual && hex(actual), expected && hex(expected), `0x0${id}: ${hex(input)}`)
  return actual
}

const scalar = () => randomWord(random) % ORDER

test('random additions and multiplications', () => {
  const { Point } = bn254.G1
  let [p, q] = [Point.BASE, Point.BASE.multiply(12345n)]
  for (let i = 0; i < CASES; i++) {
    const k = randomWord(random)
    const product = contract(MUL, concatBytes(encodeG1(p), word(k)))!
    assert.equal(hex(product), hex(encodeG1(p.multiplyUnsafe(k % ORDER))), `${hex(encodeG1(p))} times ${k}`)
    const sum = contract(ADD, concatBytes(encodeG1(p), encodeG1(q)))!
    const next = p.add(q)
    assert.equal(hex(sum), hex(encodeG1(next)), `${hex(encodeG1(p))} and ${hex(encodeG1(q))}`)
    ;[p, q] = [q, next.is0() ? Point.BASE : next]
  }
})

test('additions and multiplications at the edges', async () => {
  const k = scalar()
  for (const [a, b] of [
    [0n, 0n],
    [0n, k],
    [k, 0n],
    [k, k],
    [k, -k],
    [k, k + 1n],
    [1n, 2n],
    [2n, -1n],
  ] as const) {
    await same(ADD, concatBytes(bnG1(a), bnG1(b)))
  }
  const edges = [
    0n,
    1n,
    2n,
    3n,
    ORDER - 2n,
    ORDER - 1n,
    ORDER,
    ORDER + 1n,
    2n * ORDER,
    5n * ORDER - 1n,
    MASK,
    1n << 255n,
  ]
  const lambda = ORDER - 1n - bn254.fields.Fr.pow(5n, (ORDER - 1n) / 3n)
  for (const s of [...edges, lambda, ORDER - lambda, lambda - 1n, 31n, 32n, 33n, 1n << 127n, (1n << 128n) - 1n]) {
    await same(MUL, concatBytes(bnG1(k), word(s)))
    await same(MUL, concatBytes(bnG1(0n), word(s)))
  }
})

test('what is no point', async () => {
  const good = bnG1(3n)
  const coordinates = [0n, 1n, 2n, 3n, P - 2n, P - 1n, P, P + 1n, P + 2n, 2n * P, 1n << 254n, MASK]
  for (const x of coordinates) {
    for (const y of coordinates) {
      const point = concatBytes(word(x), word(y))
      await same(ADD, concatBytes(point, good))
      await same(ADD, concatBytes(good, point))
      await same(MUL, concatBytes(point, word(5n)))
    }
  }
  for (const i of [0, 1]) {
    // The same point modulo p: no valid encoding.
    const shifted = good.slice()
    shifted.set(word(toBigInt(good.subarray(32 * i, 32 * i + 32)) + P), 32 * i)
    assert.is(await same(MUL, concatBytes(shifted, word(0n))), undefined)
  }
})

test('any length: zeros are missing, what is too much is not looked at', async () => {
  const two = concatBytes(bnG1(7n), bnG1(8n), new Uint8Array(20).fill(0xff))
  for (const length of [0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 129, 148]) {
    await same(ADD, two.subarray(0, length))
    await same(MUL, two.subarray(0, length))
  }
  const pair = concatBytes(bnG1(1n), bnG2(1n), bnG1(-1n), bnG2(1n), new Uint8Array(1))
  for (const length of [0, 1, 64, 191, 192, 193, 383, 384, 385]) {
    const output = await same(PAIRING, pair.subarray(0, length))
    assert.is(output?.at(-1), length % 192 !== 0 ? undefined : length === 192 ? 0 : 1)
  }
})

test('random pairings: those that make one, and those that do not', () => {
  for (let i = 0; i < CASES / 10; i++) {
    const count = 1 + random.below(4)
    const pairs: Uint8Array[] = []
    let sum = 0n
    for (let j = 0; j < count; j++) {
      // Now and then a point at infinity.
      const [a, b] = [0, 0].map(() => (random.below(8) === 0 ? 0n : scalar())) as [bigint, bigint]
      pairs.push(bnG1(a), bnG2(b))
      sum += a * b
    }
    const wrong = BigInt(random.below(2))
    const c = scalar() || 1n
    const rest = (wrong - sum) * bn254.fields.Fr.inv(c)
    const output = contract(PAIRING, concatBytes(...pairs, bnG1(rest), bnG2(c)))
    assert.is(output && toBigInt(output), 1n - wrong)
  }
})

test('more pairs than a loop takes', () => {
  for (const count of [15, 16, 17, 31, 32, 33, 40]) {
    const pairs = Array.from({ length: count - 1 }, (_, i) => concatBytes(bnG1(BigInt(i)), bnG2(BigInt(i % 5))))
    const sum = pairs.reduce((s, _, i) => s + BigInt(i * (i % 5)), 0n)
    for (const wrong of [0n, 1n]) {
      const output = contract(PAIRING, concatBytes(...pairs, bnG1(wrong - sum), bnG2(1n)))
      assert.is(output && toBigInt(output), 1n - wrong, `${count} pairs`)
    }
    // One bad pair at either end of a loop.
    const outside = outsideG2(9)[0]!
    for (const place of [0, Math.min(15, count - 1), count - 1]) {
      const broken = pairs.toSpliced(place, 0, concatBytes(bnG1(2n), outside))
      assert.is(contract(PAIRING, concatBytes(...broken)), undefined)
    }
  }
})

test('points of the twist outside the group, fields of G2 that are none', async () => {
  const outside = [...outsideG2(60), ...outsideG2(20, 1n)]
  assert.ok(outside.length > 30)
  for (const [i, point] of outside.entries()) {
    const input = concatBytes(bnG1(BigInt(i & 1)), point)
    assert.is(i < 4 ? await same(PAIRING, input) : contract(PAIRING, input), undefined)
  }
  const pair = concatBytes(bnG1(1n), bnG2(1n))
  for (let i = 0; i < 6; i++) {
    const value = toBigInt(pair.subarray(32 * i, 32 * i + 32))
    for (const other of [value + P, P, P + 1n, MASK, 0n, value ^ 1n]) {
      const broken = pair.slice()
      broken.set(word(other), 32 * i)
      assert.is(await same(PAIRING, broken), undefined)
    }
  }
  // Infinity on one side does not excuse what is wrong on the other.
  assert.is(await same(PAIRING, concatBytes(word(1n), word(1n), bnG2(0n))), undefined)
  assert.is((await same(PAIRING, concatBytes(bnG1(0n), bnG2(5n))))?.at(-1), 1)
  assert.is((await same(PAIRING, concatBytes(bnG1(5n), bnG2(0n))))?.at(-1), 1)
})

/** Multiples of points of the twist by the order of the group and all but one of the cofactor's factors: of small order. */
test('points whose order is a factor of the cofactor', () => {
  const cofactor = 2n * P - ORDER
  const factors = [10069n, 5864401n, 1875725156269n, 197620364512881247228717050342013327560683201906968909n]
  assert.is(
    factors.reduce((x, y) => x * y),
    cofactor,
  )
  const { Point } = bn254.G2
  for (const encoded of outsideG2(12)) {
    const [b, a, d, c] = [0, 1, 2, 3].map((i) => toBigInt(encoded.subarray(32 * i, 32 * i + 32))) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ]
    const { Fp2 } = bn254.fields
    const point = Point.fromAffine({ x: Fp2.fromBigTuple([a, b]), y: Fp2.fromBigTuple([c, d]) })
    for (const factor of [...factors, cofactor]) {
      let multiple = Point.ZERO
      for (const bit of ((ORDER * cofactor) / factor).toString(2)) {
        multiple = multiple.double()
        if (bit === '1') multiple = multiple.add(point)
      }
      if (multiple.is0()) continue
      const { x, y } = multiple.toAffine()
      const input = concatBytes(bnG1(1n), word(x.c1), word(x.c0), word(y.c1), word(y.c0))
      assert.is(contract(PAIRING, input), undefined, `order ${factor}`)
    }
  }
})

test.run()
