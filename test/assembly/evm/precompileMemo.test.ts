// What is remembered of signatures and proofs (assembly/evm/precompileMemo.ts): in a block where they come again and again, each
// gets what it gets in a block of its own, where nothing is remembered.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBytes } from '../../../src/bytes.js'
import { PRECOMPILED } from '../../../src/workloads/worst/precompiles.js'
import { callOutputs } from '../../support/precompileCalls.js'
import { Random } from '../../support/words.js'

const random = new Random(28)
const outputs = (id: number, inputs: Uint8Array[]) => callOutputs(id, inputs, Rules.OSAKA)
const valid = (id: number) => PRECOMPILED.find(({ precompile }) => precompile === id)!.input

function flipped(input: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(input)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

for (const [name, id] of [
  ['ECRECOVER', Precompile.ECREC],
  ['point evaluation', Precompile.KZG_POINT_EVALUATION],
  ['P256VERIFY', Precompile.P256VERIFY],
] as const) {
  test(`${name}: again, with a bit changed, shorter and longer, in any order`, () => {
    const input = valid(id)
    const bits = Array.from({ length: 8 }, () => random.below(8 * input.length))
    const kinds = [
      input,
      ...bits.map((bit) => flipped(input, bit)),
      input.subarray(1),
      concatBytes(input, Uint8Array.of(0)),
      new Uint8Array(0),
    ]
    const alone = kinds.map((each) => outputs(id, [each])[0])
    assert.is.not(alone[0], alone[1])
    const order = Array.from({ length: 30 }, () => random.below(kinds.length))
    assert.equal(
      outputs(
        id,
        order.map((index) => kinds[index]!),
      ),
      order.map((index) => alone[index]),
    )
  })
}

const SECRET = keccak_256(Uint8Array.of(1))
function recoverable(index: number): [input: Uint8Array, signer: string] {
  const hash = keccak_256(toBytes(BigInt(index), 32))
  const signature = secp256k1.sign(hash, SECRET, { prehash: false, format: 'recovered' })
  const key = secp256k1.getPublicKey(SECRET, false).subarray(1)
  return [
    concatBytes(hash, toBytes(BigInt(27 + signature[0]!), 32), signature.subarray(1)),
    hex(concatBytes(new Uint8Array(12), keccak_256(key).subarray(12))),
  ]
}

test('more signatures than there is room for, twice', () => {
  const all = Array.from({ length: 160 }, (_, index) => recoverable(index))
  const twice = [...all, ...all]
  assert.equal(
    outputs(
      Precompile.ECREC,
      twice.map(([input]) => input),
    ),
    twice.map(([, signer]) => signer),
  )
})

/** Microseconds of CPU. */
function time(run: () => void): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

test('what comes again is not computed again', () => {
  const input = valid(Precompile.KZG_POINT_EVALUATION)
  const again = Array<Uint8Array>(60).fill(input)
  // A proof that does not hold is not remembered.
  const others = again.map((each) => flipped(each, 300))
  const once = Math.min(...[0, 1].map(() => time(() => outputs(Precompile.KZG_POINT_EVALUATION, again))))
  const each = Math.min(...[0, 1].map(() => time(() => outputs(Precompile.KZG_POINT_EVALUATION, others))))
  assert.ok(once < each / 4, `${once} us, ${each} us`)
})

test.run()
