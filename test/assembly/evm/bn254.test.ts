// The contracts on BN254 through the EVM: where their input, output and memory are. What they compute: bn254/bn254-contracts.test.ts.
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Precompile } from '../../../src/abi/registry.js'
import { hex } from '../../../src/bytes.js'
import { bn254Contract, CoreBn254 } from '../../../src/wasm/bn254.js'
import { defaultCore } from '../../../src/wasm/core.js'
import { bnG1, bnG2, outsideG2 } from '../../support/bn254.js'
import { callOutputs } from '../../support/precompileCalls.js'

const pair = concatBytes(bnG1(2n), bnG2(3n))
const truth = concatBytes(pair, bnG1(-6n), bnG2(1n))
const word = (x: number) => Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? x : 0))

test('in turns, each in the memory that the others have used', () => {
  const many = concatBytes(...Array<Uint8Array>(20).fill(truth))
  const outside = concatBytes(truth, bnG1(1n), outsideG2(9)[0]!)
  const bad = concatBytes(word(1), word(3))
  assert.equal(
    callOutputs(Precompile.BN254_PAIRING, [truth, pair, many, outside, new Uint8Array(0), truth.subarray(1)]),
    [hex(word(1)), hex(word(0)), hex(word(1)), 'failed', hex(word(1)), 'failed'],
  )
  const sums = [concatBytes(bnG1(2n), bnG1(3n)), bnG1(5n), concatBytes(bnG1(2n), bnG1(-2n)), bad, new Uint8Array(0)]
  assert.equal(callOutputs(Precompile.BN254_ADD, sums), [
    hex(bnG1(5n)),
    hex(bnG1(5n)),
    hex(bnG1(0n)),
    'failed',
    hex(bnG1(0n)),
  ])
  const products = [
    concatBytes(bnG1(2n), word(7)),
    concatBytes(bnG1(2n), word(7), bad),
    bnG1(2n),
    concatBytes(bad, word(0)),
  ]
  assert.equal(callOutputs(Precompile.BN254_MUL, products), [hex(bnG1(14n)), hex(bnG1(14n)), hex(bnG1(0n)), 'failed'])
})

test('from the host: the same, and thrown where the engine of @ethereumjs expects it', () => {
  assert.equal(bn254Contract(Precompile.BN254_PAIRING, truth), word(1))
  assert.is(bn254Contract(Precompile.BN254_PAIRING, truth.subarray(1)), undefined)
  const engine = new CoreBn254(defaultCore())
  assert.equal(engine.add(concatBytes(bnG1(2n), bnG1(3n))), bnG1(5n))
  assert.equal(engine.mul(concatBytes(bnG1(2n), word(7))), bnG1(14n))
  assert.equal(engine.pairing(pair), word(0))
  assert.throws(() => engine.add(concatBytes(word(1), word(3))), /not a point of the group/)
})

test.run()
