import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testModule } from '../../support/test-module.js'
import { INDEXED, OPERATIONS, REPEATED, type U256Exports, WIDE } from '../../support/u256-ops.js'
import { MASK, Random, randomWord } from '../../support/words.js'

// Every operation against BigInt. PARALLEVM_U256_CASES: cases an operation (1000000 for the thorough run);
// PARALLEVM_U256_SEED: another random sequence. PARALLEVM_U256_ONLY: names of operations, comma-separated.
const CASES = Number(process.env.PARALLEVM_U256_CASES ?? 8_000)
const SEED = Number(process.env.PARALLEVM_U256_SEED ?? 1)
const ONLY = process.env.PARALLEVM_U256_ONLY?.split(',')
const BATCH = 4_000
const POOL = 4_096

const { exports: wasm, memory } = testModule<U256Exports>('assembly/u256/test-entry.ts')
const base = (wasm.freeBase() + 63) & ~63
const inputs = new BigUint64Array(memory.buffer, base, BATCH * 12)
const outputsAt = base + BATCH * 96
const outputs = new BigUint64Array(memory.buffer, outputsAt, BATCH * 8)
const LIMB = (1n << 64n) - 1n

interface Word {
  value: bigint
  limbs: bigint[]
}
const toWord = (value: bigint): Word => ({
  value,
  limbs: [value & LIMB, (value >> 64n) & LIMB, (value >> 128n) & LIMB, value >> 192n],
})
/** Operands from the pool; now and then two of them are equal. */
function draw(random: Random, pool: Word[], small: Word[], indexed: boolean, out: Word[]): void {
  out[0] = indexed && random.below(8) !== 0 ? small[random.below(small.length)]! : pool[random.below(POOL)]!
  out[1] = random.below(32) === 0 ? out[0] : pool[random.below(POOL)]!
  out[2] = random.below(32) === 0 ? out[1] : pool[random.below(POOL)]!
}

/** Mostly long enough for its reciprocal to be kept; also powers of two, all ones, and their neighbours. */
function repeatable(random: Random): Word {
  const value = randomWord(random)
  return toWord(random.below(4) === 0 ? value : value | (1n << BigInt(250 + random.below(6))))
}

OPERATIONS.forEach(({ name, operands, oracle }, op) => {
  if (ONLY !== undefined && !ONLY.includes(name)) return
  test(`${name} equals BigInt`, () => {
    const random = new Random(SEED * 1000 + op)
    const small = Array.from({ length: 300 }, (_, i) => toWord(BigInt(i)))
    const indexed = INDEXED.has(name)
    const words: Word[] = []
    let modulus = toWord(1n)
    const drawn: bigint[] = new Array(BATCH * 3)
    for (let done = 0; done < CASES; done += BATCH) {
      const count = Math.min(BATCH, CASES - done)
      const pool = Array.from({ length: POOL }, () => toWord(randomWord(random)))
      for (let i = 0; i < count; i++) {
        draw(random, pool, small, indexed, words)
        if (REPEATED.has(name)) words[2] = modulus = i % 8 === 0 ? repeatable(random) : modulus
        for (let j = 0; j < 3; j++) {
          inputs.set(words[j]!.limbs, i * 12 + j * 4)
          drawn[i * 3 + j] = words[j]!.value
        }
      }
      // The inputs are overwritten by the aliased runs, each batch uses another one.
      const alias = (done / BATCH) % (operands + 1)
      wasm.u256TestBatch(op, count, base, outputsAt, alias)
      for (let i = 0; i < count; i++) {
        const [a, b, c] = [drawn[i * 3]!, drawn[i * 3 + 1]!, drawn[i * 3 + 2]!]
        const expected = WIDE.has(name) ? oracle(a, b, c) : oracle(a, b, c) & MASK
        let actual = 0n
        for (let j = WIDE.has(name) ? 7 : 3; j >= 0; j--) actual = (actual << 64n) | outputs[i * 8 + j]!
        if (actual !== expected) {
          const operandsText = [a, b, c].map((x) => `0x${x.toString(16)}`).join(', ')
          assert.is(actual.toString(16), expected.toString(16), `${name}(${operandsText}) alias ${alias}`)
        }
      }
    }
    assert.ok(CASES > 0)
  })
})

test('add with carry and subtract with borrow leave the wrapped result too', () => {
  const one = [1n, 0n, 0n, 0n]
  inputs.set([LIMB, LIMB, LIMB, LIMB, ...one, 0n, 0n, 0n, 0n])
  wasm.u256TestBatch(
    OPERATIONS.findIndex((x) => x.name === 'add carry'),
    1,
    base,
    outputsAt,
    0,
  )
  assert.equal([...inputs.subarray(8, 12)], [0n, 0n, 0n, 0n])
  inputs.set([0n, 0n, 0n, 0n, ...one, 0n, 0n, 0n, 0n])
  wasm.u256TestBatch(
    OPERATIONS.findIndex((x) => x.name === 'sub borrow'),
    1,
    base,
    outputsAt,
    0,
  )
  assert.equal([...inputs.subarray(8, 12)], [LIMB, LIMB, LIMB, LIMB])
})

test.run()
