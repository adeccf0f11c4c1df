import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

// The field and the modular inverse against BigInt. PARALLEVM_FIELD_CASES: cases an operation.
const CASES = Number(process.env.PARALLEVM_FIELD_CASES ?? 1500)
const P = (1n << 256n) - (1n << 32n) - 977n

interface FieldExports {
  takeChunks(count: number): number
  fieldTest(op: number, a: number, b: number, out: number, scratch: number): void
}
const { exports: wasm, memory } = testModule<FieldExports>('assembly/secp256k1/test-entry.ts')
const base = wasm.takeChunks(1) >>> 0
const limbs = new BigUint64Array(memory.buffer, base, 12)

function power(x: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let e = exponent, square = x % P; e > 0n; e >>= 1n, square = (square * square) % P) {
    if (e & 1n) result = (result * square) % P
  }
  return result
}

const OPERATIONS: [string, (a: bigint, b: bigint) => bigint][] = [
  ['product', (a, b) => (a * b) % P],
  ['square', (a) => (a * a) % P],
  ['inverse', (a) => power(a, P - 2n)],
  ['square root', (a) => power(a, (P + 1n) / 4n)],
]

OPERATIONS.forEach(([name, oracle], op) => {
  test(`${name} modulo p equals BigInt`, () => {
    const random = new Random(31 + op)
    const special = [0n, 1n, P - 1n, P, P + 1n, MASK, P - 977n, (1n << 32n) + 977n]
    for (let i = 0; i < CASES; i++) {
      const a = i < special.length ? special[i]! : randomWord(random)
      const b = i % 7 === 0 ? special[random.below(special.length)]! : randomWord(random)
      for (let j = 0; j < 4; j++) {
        limbs[j] = BigInt.asUintN(64, a >> BigInt(64 * j))
        limbs[4 + j] = BigInt.asUintN(64, b >> BigInt(64 * j))
      }
      wasm.fieldTest(op, base, base + 32, base + 64, base + 128)
      let actual = 0n
      for (let j = 11; j >= 8; j--) actual = (actual << 64n) | limbs[j]!
      if (actual !== oracle(a, b)) assert.is(actual, oracle(a, b), `${name}(0x${a.toString(16)}, 0x${b.toString(16)})`)
    }
    assert.ok(CASES > 0)
  })
})

test.run()
