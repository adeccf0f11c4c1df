// Jacobian additions and doublings on BN254's G1: every pair of small multiples of a point, equal and opposite ones, infinity.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toBigInt } from '../../../src/bytes.js'
import { bnG1 } from '../../support/bn254.js'
import { element, FE, putElement } from '../../support/bn254Field.js'
import { testModule } from '../../support/test-module.js'

interface Exports {
  takeChunks(count: number): number
  g1Add(p: number, x: number, y: number, negative: boolean, scratch: number): void
  g1Double(p: number, scratch: number): void
  g1IsInfinity(p: number): number
  g1SetInfinity(p: number): void
  g1ToAffine(p: number, zInverse: number, out: number, scratch: number): void
  feInvert(a: number, out: number, scratch: number): void
}
const { exports: wasm, memory } = testModule<Exports>('assembly/bn254/test-entry.ts')
const view = new DataView(memory.buffer)
const p = wasm.takeChunks(1) >>> 0
const [q, inverse, out, scratch] = [256, 384, 512, 1024].map((offset) => p + offset) as [number, number, number, number]
const MOST = 9

const coordinates = (k: number): [bigint, bigint] => {
  const bytes = bnG1(BigInt(k))
  return [toBigInt(bytes.subarray(0, 32)), toBigInt(bytes.subarray(32))]
}
const known = Array.from({ length: 2 * MOST + 1 }, (_, i) => coordinates(i - MOST))
const point = (k: number) => known[k + MOST]!

/** p = k times the generator, with a Z that is not 1 when k is not -1, 0 or 1. */
function put(k: number): void {
  wasm.g1SetInfinity(p)
  for (let i = 0; i < Math.abs(k); i++) add(1, k < 0)
}

function add(k: number, negative: boolean): void {
  point(k).forEach((x, i) => {
    putElement(view, q + i * FE, x)
  })
  wasm.g1Add(p, q, q + FE, negative, scratch)
}

function expect(k: number, what: string): void {
  assert.is(wasm.g1IsInfinity(p) === 1, k === 0, what)
  if (k === 0) return
  wasm.feInvert(p + 2 * FE, inverse, scratch)
  wasm.g1ToAffine(p, inverse, out, scratch)
  assert.equal([element(view, out), element(view, out + FE)], point(k), what)
}

test('sums and differences of small multiples', () => {
  for (let a = -4; a <= 4; a++) {
    for (let b = 1; b <= 4; b++) {
      for (const negative of [false, true]) {
        put(a)
        add(b, negative)
        expect(negative ? a - b : a + b, `${a} ${negative ? '-' : '+'} ${b}`)
      }
    }
    put(a)
    wasm.g1Double(p, scratch)
    expect(2 * a, `twice ${a}`)
  }
})

test.run()
