// Points of BN254 that a block multiplies again and again (assembly/evm/pointMemo.ts), against noble: the first times, when
// tables are made, and the later ones, which use them.
import { concatBytes } from '@noble/curves/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBigInt, toBytes } from '../../../src/bytes.js'
import { bnG1, ORDER } from '../../support/bn254.js'
import { callOutputs } from '../../support/precompileCalls.js'
import { Random } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_BN254_CASES ?? 1000)
const random = new Random(29)

const EDGES = [
  0n,
  1n,
  2n,
  15n,
  16n,
  17n,
  1n << 63n,
  (1n << 64n) - 1n,
  1n << 64n,
  (1n << 64n) + 1n,
  1n << 127n,
  1n << 128n,
]
  .flatMap((k) => [k, ORDER - k, ORDER + k])
  .concat((1n << 256n) - 1n)

const word = () => toBigInt(Uint8Array.from({ length: 32 }, () => random.below(256)))
const scalar = () => (random.below(3) === 0 ? EDGES[random.below(EDGES.length)]! : word())

/** Multiplies the points of these multiples of the generator, one after the other, in one block. */
function check(multiples: bigint[], scalars: bigint[]): void {
  const points = new Map(multiples.map((k) => [k, bnG1(k)]))
  const inputs = multiples.map((k, i) => concatBytes(points.get(k)!, toBytes(scalars[i]!, 32)))
  const expected = multiples.map((k, i) => hex(bnG1(k * scalars[i]!)))
  const actual = callOutputs(Precompile.BN254_MUL, inputs)
  for (const [i, output] of actual.entries()) assert.is(output, expected[i], `${multiples[i]} times ${scalars[i]}`)
}

test('each of some points by random numbers and those at edges, in any order', () => {
  for (let left = CASES; left > 0; left -= 200) {
    const points = [1n, 2n, ORDER - 1n, 0n, word(), word(), word()]
    const multiples = Array.from({ length: 200 }, () => points[random.below(points.length)]!)
    check(multiples, multiples.map(scalar))
  }
})

test('one point by every number at an edge, at every time', () => {
  for (const first of [1, 2, 3]) {
    const scalars = [...Array.from({ length: first }, word), ...EDGES]
    check(Array<bigint>(scalars.length).fill(7n), scalars)
  }
})

test('more points than there is room for, four times', () => {
  const points = Array.from({ length: 160 }, (_, k) => BigInt(k + 1))
  const multiples = [...points, ...points, ...points, ...points]
  check(multiples, multiples.map(scalar))
})

test('what is no point stays none, and a point that is cut off or has more behind it is what its bytes say', () => {
  const bad = concatBytes(bnG1(5n).slice(0, 63), Uint8Array.of(1), toBytes(3n, 32))
  const good = concatBytes(bnG1(5n), toBytes(3n << 248n, 32))
  const rows = [bad, good, good.slice(0, 65), good.slice(0, 64), good.slice(0, 63), concatBytes(good, good)]
  const results = ['failed', hex(bnG1(5n * (3n << 248n))), hex(bnG1(5n * (3n << 248n))), hex(bnG1(0n)), 'failed']
  const outputs = [...results, results[1]!]
  const order = Array.from({ length: 60 }, () => random.below(rows.length))
  const inputs = order.map((index) => rows[index]!)
  assert.equal(
    callOutputs(Precompile.BN254_MUL, inputs),
    order.map((index) => outputs[index]),
  )
})

test('a point that is multiplied again takes less time', () => {
  const time = (points: bigint[]): number => {
    const inputs = points.map((k) => concatBytes(bnG1(k), toBytes(word(), 32)))
    const start = process.cpuUsage()
    callOutputs(Precompile.BN254_MUL, inputs)
    const { user, system } = process.cpuUsage(start)
    return user + system
  }
  const same = Array<bigint>(600).fill(9n)
  const others = same.map((_, k) => BigInt(k + 1))
  const times = (points: bigint[]) => Math.min(...[0, 1, 2].map(() => time(points)))
  const [again, once] = [times(same), times(others)]
  assert.ok(again < 0.9 * once, `${again} us, ${once} us`)
})

test.run()
