// Additions, sums of multiples and pairings on BLS12-381 against noble and mcl: the room alone.
// PARALLEVM_BLS12381_CASES: random additions; a fifth as many sums of multiples and pairings.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBigInt, toBytes } from '../../../src/bytes.js'
import {
  blsG1,
  blsG2,
  COFACTOR_1,
  COFACTOR_2,
  element,
  encodeG1,
  encodeG2,
  ORDER,
  outsideG1,
  outsideG2,
  P,
  times,
  X,
} from '../../support/bls12381.js'
import { blsContract } from '../../support/bls12381Contract.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { MASK, Random, randomWord } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_BLS12381_CASES ?? 300)
const { BLS12_G1ADD, BLS12_G1MSM, BLS12_G2ADD, BLS12_G2MSM, BLS12_PAIRING_CHECK: PAIRING } = Precompile
const random = new Random(2537)
const contract = blsContract(random)
const { Point: G1 } = bls12_381.G1
const { Point: G2 } = bls12_381.G2
const word = (x: bigint) => toBytes(x, 32)
const scalar = () => randomWord(random) % ORDER

/** The same as @ethereumjs/evm; what both return. */
async function same(id: number, input: Uint8Array): Promise<Uint8Array | undefined> {
  const actual = contract(id, input)
  const expected = await referencePrecompile(id, input)
  assert.equal(actual && hex(actual), expected && hex(expected), `0x${id.toString(16)}: ${hex(input)}`)
  return actual
}

/** Both groups, so that what holds for one is asked of the other. */
const GROUPS = [
  { add: BLS12_G1ADD, msm: BLS12_G1MSM, of: blsG1, size: 128, outside: outsideG1(30).map(encodeG1) },
  { add: BLS12_G2ADD, msm: BLS12_G2MSM, of: blsG2, size: 256, outside: outsideG2(30).map(encodeG2) },
]

test('random additions', () => {
  let [p, q] = [G1.BASE, G1.BASE.multiply(12345n)]
  let [r, s] = [G2.BASE, G2.BASE.multiply(12345n)]
  for (let i = 0; i < CASES; i++) {
    const [g1, g2] = [p.add(q), r.add(s)]
    assert.equal(contract(BLS12_G1ADD, concatBytes(encodeG1(p), encodeG1(q))), encodeG1(g1))
    assert.equal(contract(BLS12_G2ADD, concatBytes(encodeG2(r), encodeG2(s))), encodeG2(g2))
    ;[p, q] = [q, g1]
    ;[r, s] = [s, g2]
  }
})

test('additions at the edges, in the group and outside it', async () => {
  const k = scalar()
  for (const { add, of, outside } of GROUPS) {
    for (const [a, b] of [
      [0n, 0n],
      [0n, k],
      [k, 0n],
      [k, k],
      [k, -k],
      [k, k + 1n],
      [1n, 2n],
    ] as const) {
      await same(add, concatBytes(of(a), of(b)))
    }
    for (const [i, point] of outside.slice(0, 4).entries()) {
      assert.ok(await same(add, concatBytes(point, point)))
      assert.ok(await same(add, concatBytes(point, outside[i + 1]!)))
      assert.ok(await same(add, concatBytes(of(k), point)))
    }
  }
})

test('random sums of multiples', () => {
  for (let i = 0; i < CASES / 5; i++) {
    const count = 1 + random.below(5)
    const parts = [G1.BASE, G2.BASE].map((base) => {
      let sum = 0n
      const pairs = Array.from({ length: count }, () => {
        // Now and then a point at infinity, and the same point again.
        const [a, k] = [random.below(8) === 0 ? BigInt(random.below(3)) : scalar(), randomWord(random)]
        sum += a * k
        return [base === G1.BASE ? blsG1(a) : blsG2(a), word(k)]
      })
      return { input: concatBytes(...pairs.flat()), sum }
    })
    assert.equal(contract(BLS12_G1MSM, parts[0]!.input), blsG1(parts[0]!.sum))
    assert.equal(contract(BLS12_G2MSM, parts[1]!.input), blsG2(parts[1]!.sum))
  }
})

test('multiples at the edges', async () => {
  const k = scalar()
  const powers = [0, 1, 2, 3].flatMap((i) => [X ** BigInt(i) - 1n, X ** BigInt(i), X ** BigInt(i) + 1n])
  const edges = [0n, 1n, 2n, 15n, 16n, ORDER - 1n, ORDER, ORDER + 1n, 2n * ORDER, MASK, 1n << 255n, (1n << 64n) - 1n]
  for (const { msm, of } of GROUPS) {
    for (const s of [...edges, ...powers, ORDER - X, X ** 4n % ORDER, ORDER - X ** 2n]) {
      assert.equal(contract(msm, concatBytes(of(k), word(s))), of(k * s), `times ${s}`)
      assert.equal(contract(msm, concatBytes(of(0n), word(s))), of(0n))
    }
    // Sums that pass through the point at infinity.
    await same(msm, concatBytes(of(k), word(5n), of(-k), word(5n)))
    await same(msm, concatBytes(of(k), word(5n), of(k), word(ORDER - 5n), of(1n), word(1n)))
    await same(msm, concatBytes(of(1n), word(X), of(X), word(ORDER - 1n)))
  }
})

test('more points than are summed at once', () => {
  for (const count of [15, 16, 17, 31, 32, 33, 65, 130]) {
    for (const { msm, of, outside, size } of GROUPS) {
      if (size === 256 && count > 70) continue
      const numbers = Array.from({ length: count }, () => BigInt(random.below(50)))
      const scalars = numbers.map(() => randomWord(random))
      const pairs = numbers.map((a, i) => concatBytes(of(a), word(scalars[i]!)))
      const sum = numbers.reduce((s, a, i) => s + a * scalars[i]!, 0n)
      assert.equal(contract(msm, concatBytes(...pairs)), of(sum), `${count} points`)
      for (const place of [0, Math.min(15, count - 1), count]) {
        const broken = pairs.toSpliced(place, 0, concatBytes(outside[5]!, word(0n)))
        assert.is(contract(msm, concatBytes(...broken)), undefined)
      }
    }
  }
})

test('points outside the group: no multiples, no pairings', async () => {
  for (const { msm, outside, size } of GROUPS) {
    for (const [i, point] of outside.entries()) {
      const input = concatBytes(point, word(BigInt(i)))
      assert.is(i < 3 ? await same(msm, input) : contract(msm, input), undefined)
      const pair = size === 128 ? concatBytes(point, blsG2(BigInt(i & 1))) : concatBytes(blsG1(BigInt(i & 1)), point)
      assert.is(i < 3 ? await same(PAIRING, pair) : contract(PAIRING, pair), undefined)
    }
  }
})

test('points whose order is a factor of a cofactor', () => {
  const primes1 = [3n, 11n, 10177n, 859267n, 52437899n]
  assert.is(
    primes1.slice(1).reduce((n, p) => n * p * p, 3n),
    COFACTOR_1,
  )
  for (const [i, point] of outsideG1(6).entries()) {
    for (const prime of primes1) {
      const small = times(point, G1.ZERO, (ORDER * COFACTOR_1) / prime)
      if (small.is0()) continue
      assert.is(contract(BLS12_G1MSM, concatBytes(encodeG1(small), word(0n))), undefined, `order ${prime}`)
      assert.is(contract(PAIRING, concatBytes(encodeG1(small), blsG2(BigInt(i)))), undefined)
      // Added to a point of the group.
      const mixed = small.add(G1.BASE)
      assert.is(contract(BLS12_G1MSM, concatBytes(encodeG1(mixed), word(1n))), undefined)
    }
  }
  const primes2 = [13n, 23n, 2713n, 11953n, 262069n]
  for (const point of outsideG2(6)) {
    for (const prime of [...primes2, 169n, COFACTOR_2]) {
      assert.is(COFACTOR_2 % prime, 0n)
      const small = times(point, G2.ZERO, (ORDER * COFACTOR_2) / prime)
      if (small.is0()) continue
      assert.is(contract(BLS12_G2MSM, concatBytes(encodeG2(small), word(0n))), undefined, `order ${prime}`)
      assert.is(contract(PAIRING, concatBytes(blsG1(1n), encodeG2(small))), undefined, `order ${prime}`)
      assert.is(contract(PAIRING, concatBytes(blsG1(0n), encodeG2(small))), undefined, `order ${prime}`)
      const mixed = small.add(G2.BASE)
      assert.is(contract(PAIRING, concatBytes(blsG1(1n), encodeG2(mixed))), undefined)
    }
  }
})

test('fields that are none', async () => {
  const values = [P - 1n, P, P + 1n, 2n * P, (1n << 384n) - 1n, 1n << 384n, (1n << 512n) - 1n, 0n]
  for (const { add, msm, of, size } of GROUPS) {
    const good = concatBytes(of(3n), of(4n))
    for (let i = 0; i < size / 64; i++) {
      for (const value of [...values, toBigInt(good.subarray(64 * i, 64 * i + 64)) + P]) {
        const broken = good.slice()
        broken.set(element(value), 64 * i)
        assert.is(await same(add, broken), undefined)
        assert.is(contract(add, concatBytes(of(4n), broken.subarray(0, size))), undefined)
        assert.is(contract(msm, concatBytes(broken.subarray(0, size), word(0n))), undefined)
        const pair = size === 128 ? [broken.subarray(0, size), blsG2(0n)] : [blsG1(0n), broken.subarray(0, size)]
        assert.is(contract(PAIRING, concatBytes(...pair)), undefined)
      }
    }
    // One bit among the sixteen bytes that are zero.
    for (const at of [0, 15, 64, 79]) {
      const broken = good.slice()
      broken[at] = 1
      assert.is(await same(add, broken), undefined)
    }
    const zero = concatBytes(element(1n << 400n), new Uint8Array(size - 64))
    assert.is(await same(add, concatBytes(zero, of(1n))), undefined, 'not the point at infinity')
  }
})

test('lengths', async () => {
  for (const { add, msm, of, size } of GROUPS) {
    const input = concatBytes(of(7n), of(8n), new Uint8Array(size))
    for (const length of [0, 1, size, 2 * size - 1, 2 * size, 2 * size + 1, 3 * size]) {
      assert.is((await same(add, input.subarray(0, length)))?.length, length === 2 * size ? size : undefined)
    }
    const pair = concatBytes(of(7n), word(8n))
    for (const length of [0, 1, size, size + 31, size + 32]) {
      assert.is((await same(msm, pair.subarray(0, length)))?.length, length === size + 32 ? size : undefined)
    }
  }
  const pair = concatBytes(blsG1(1n), blsG2(1n), blsG1(-1n), blsG2(1n), new Uint8Array(1))
  for (const [length, last] of [
    [0, undefined],
    [1, undefined],
    [383, undefined],
    [384, 0],
    [385, undefined],
    [768, 1],
    [769, undefined],
  ] as const) {
    assert.is((await same(PAIRING, pair.subarray(0, length)))?.at(-1), last)
  }
})

/** Pairs whose product is the generator's pairing to the power `wrong`. */
function pairs(count: number, number: () => bigint, wrong: bigint): Uint8Array[] {
  let sum = 0n
  const made = Array.from({ length: count - 1 }, () => {
    const [a, b] = [number(), number()]
    sum += a * b
    return concatBytes(blsG1(a), blsG2(b))
  })
  return [...made, concatBytes(blsG1(wrong - sum), blsG2(1n))]
}

test('random pairings: those that make one, and those that do not', async () => {
  const number = () => (random.below(8) === 0 ? 0n : scalar())
  for (let i = 0; i < CASES / 5; i++) {
    const wrong = BigInt(random.below(2))
    const input = concatBytes(...pairs(1 + random.below(5), number, wrong))
    const output = i < 4 ? await same(PAIRING, input) : contract(PAIRING, input)
    assert.is(output && toBigInt(output), 1n - wrong)
  }
})

test('more pairs than a loop takes', () => {
  for (const count of [15, 16, 17, 33]) {
    for (const wrong of [0n, 1n]) {
      const output = contract(PAIRING, concatBytes(...pairs(count, () => BigInt(random.below(5)), wrong)))
      assert.is(output && toBigInt(output), 1n - wrong, `${count} pairs`)
    }
    for (const place of [0, Math.min(15, count - 1), count - 1]) {
      const broken = pairs(count, () => 2n, 0n).toSpliced(place, 0, concatBytes(blsG1(2n), GROUPS[1]!.outside[3]!))
      assert.is(contract(PAIRING, concatBytes(...broken)), undefined)
    }
  }
})

test.run()
