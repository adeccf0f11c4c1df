import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { P } from '../../support/signatures.js'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

// The field in four lanes against BigInt, with limbs at the bounds that assembly/secp256k1/field13.ts proves.
// PARALLEVM_FIELD_CASES: cases an operation.
const CASES = Number(process.env.PARALLEVM_FIELD_CASES ?? 1500)

type Operation = (...addresses: number[]) => void
interface Exports {
  takeChunks(count: number): number
  setPage(at: number): void
  laneFromWord(word: number, lane: number, scratch: number): void
  laneToWord(lane: number, word: number): void
  invertAll(elements: number, count: number, prefix: number, scratch: number): number
}
const { exports: wasm, memory } = testModule<Exports & Record<string, Operation>>('assembly/secp256k1/test-lanes.ts')
const page = wasm.takeChunks(1) >>> 0
wasm.setPage(page)
const E = 160
const operands = page + 8192
const result = operands + 8 * E
const view = new DataView(memory.buffer)

/** Least and most of a limb, and of limb 3. */
const KINDS = {
  centred: [-4096, 4096, -7400, 7400],
  positive: [0, 8191, -3300, 11500],
  difference: [-8192, 8192, -14800, 14800],
} as const
type Kind = keyof typeof KINDS

const limbAt = (element: number, lane: number, i: number) => element + 16 * (i >> 1) + 4 * lane + 2 * (i & 1)

function laneValue(element: number, lane: number): bigint {
  let value = 0n
  for (let i = 19; i >= 0; i--) value = value * 8192n + BigInt(view.getInt16(limbAt(element, lane, i), true))
  return value
}

/** Every limb at its least, at its most, at either, or anywhere; by lanes. */
function fill(element: number, kind: Kind, random: Random): void {
  const [least, most, least3, most3] = KINDS[kind]
  for (let lane = 0; lane < 4; lane++) {
    const way = random.below(5)
    for (let i = 0; i < 20; i++) {
      const low = i === 3 ? least3 : least
      const high = i === 3 ? most3 : most
      const end = way === 0 || (way === 2 && random.below(2) === 0) || (way === 3 && i % 2 === 0) ? low : high
      view.setInt16(limbAt(element, lane, i), way === 4 ? low + random.below(high - low + 1) : end, true)
    }
  }
}

/** Name, kinds of operands, kind of result, what it is; `scaled` m: the first operand is m times the second. */
const OPERATIONS: [string, Kind[], Kind, (...x: bigint[]) => bigint, scaled?: [number, number]][] = [
  ['mul13', ['centred', 'positive'], 'centred', (a, b) => a! * b!],
  ['mul13', ['positive', 'difference'], 'centred', (a, b) => a! * b!],
  ['mulPositive', ['positive', 'positive'], 'positive', (a, b) => a! * b!],
  ['mulPositive', ['difference', 'positive'], 'positive', (a, b) => a! * b!],
  ['mulPositive', ['centred', 'difference'], 'positive', (a, b) => a! * b!],
  ['mulDifference', ['positive', 'centred', 'centred'], 'centred', (a, b, c) => a! * (b! - c!)],
  ['mulDifferenceSub', ['centred', 'centred', 'centred', 'centred'], 'centred', (a, b, c, d) => a! * (b! - c!) - d!],
  [
    'mulDifferenceSubMul',
    ['difference', 'centred', 'centred', 'centred', 'centred'],
    'centred',
    (a, b, c, d, e) => a! * (b! - c!) - d! * e!,
  ],
  [
    'mulDifferenceSubSqr',
    ['centred', 'positive', 'centred', 'difference', 'centred'],
    'centred',
    (a, b, c, _, d) => a! * (b! - c!) - 2n * d! * d!,
    [3, 2],
  ],
  ['sqr13', ['positive'], 'centred', (a) => a! * a!],
  ['sqrPositive', ['positive'], 'positive', (a) => a! * a!],
  ['sqrPositive', ['difference'], 'positive', (a) => a! * a!],
  ['sqrScaled', ['difference', 'centred'], 'centred', (_, a) => 2n * a! * a!, [0, 2]],
  ['sqrThrice', ['centred'], 'centred', (a) => 3n * a! * a!],
  ['sqrLessTwice', ['centred', 'positive'], 'centred', (a, b) => a! * a! - 2n * b!],
  ['sqrSub', ['centred', 'centred', 'centred'], 'centred', (a, b, c) => a! * a! - b! - c!],
  ['sqrSubTwice', ['difference', 'centred', 'centred'], 'centred', (a, b, c) => a! * a! - b! - 2n * c!],
]

for (const [name, kinds, kind, oracle, scaled] of OPERATIONS) {
  test(`${name} of ${kinds.join(', ')} equals BigInt, and keeps its bounds`, () => {
    const random = new Random(41)
    const [least, most, least3, most3] = KINDS[kind]
    const at = kinds.map((_, i) => operands + i * E)
    for (let n = 0; n < CASES; n++) {
      kinds.forEach((operand, i) => {
        fill(at[i]!, operand, random)
      })
      if (scaled !== undefined) {
        const [first, by] = scaled
        for (let i = 0; i < E; i += 2) {
          view.setInt16(at[first]! + i, by * view.getInt16(at[first + 1]! + i, true), true)
        }
      }
      wasm[name]!(...at, result)
      for (let lane = 0; lane < 4; lane++) {
        const want = oracle(...at.map((operand) => laneValue(operand, lane)))
        const got = laneValue(result, lane)
        if ((got - want) % P !== 0n) assert.is(got, want, `case ${n}, lane ${lane}`)
        for (let i = 0; i < 20; i++) {
          const limb = view.getInt16(limbAt(result, lane, i), true)
          const inside = i === 3 ? limb >= least3 && limb <= most3 : limb >= least && limb <= most
          if (!inside) assert.unreachable(`limb ${i} is ${limb}: case ${n}, lane ${lane}`)
        }
      }
    }
  })
}

function writeWord(at: number, value: bigint): void {
  for (let i = 0; i < 4; i++) view.setBigUint64(at + 8 * i, BigInt.asUintN(64, value >> BigInt(64 * i)), true)
}
const readWord = (at: number) =>
  [3, 2, 1, 0].reduce((value, i) => (value << 64n) | view.getBigUint64(at + 8 * i, true), 0n)

test('words to lanes and back', () => {
  const random = new Random(42)
  const edges = [0n, 1n, P - 1n, P, P + 1n, MASK, 977n, 1n << 255n, (1n << 32n) + 977n]
  for (let n = 0; n < CASES; n++) {
    const word = edges[n] ?? randomWord(random)
    const lane = 4 * (n & 3)
    writeWord(result, word)
    wasm.laneFromWord(result, operands + lane, result + 64)
    assert.is(laneValue(operands, n & 3), word)
    wasm.laneToWord(operands + lane, result)
    assert.is(readWord(result), word % P)
  }
})

test('lanes at their bounds to words', () => {
  const random = new Random(43)
  for (let n = 0; n < CASES; n++) {
    fill(operands, (['centred', 'positive', 'difference'] as const)[n % 3]!, random)
    for (let lane = 0; lane < 4; lane++) {
      wasm.laneToWord(operands + 4 * lane, result)
      assert.is(readWord(result), ((laneValue(operands, lane) % P) + P) % P)
    }
  }
})

test('inverses of several elements, and a zero among them, in whatever form', () => {
  const random = new Random(44)
  const elements = page + 65536
  const [prefix, scratch] = [elements + 65536, elements + 131072 - 4096]
  for (const count of [1, 2, 3, 17, 100]) {
    for (let i = 0; i < count; i++) fill(elements + i * E, i % 2 === 0 ? 'difference' : 'positive', random)
    const before = Array.from({ length: 4 * count }, (_, i) => laneValue(elements + (i >> 2) * E, i & 3))
    assert.is(wasm.invertAll(elements, count, prefix, scratch), 1)
    before.forEach((value, i) => {
      assert.is((value * laneValue(elements + (i >> 2) * E, i & 3) - 1n) % P, 0n, `element ${i >> 2}, lane ${i & 3}`)
    })
    for (const zero of [0n, P]) {
      for (let i = 0; i < count; i++) fill(elements + i * E, 'centred', random)
      writeWord(result, zero)
      wasm.laneFromWord(result, elements + random.below(count) * E + 4 * random.below(4), result + 64)
      assert.is(wasm.invertAll(elements, count, prefix, scratch), 0)
    }
  }
})

test.run()
