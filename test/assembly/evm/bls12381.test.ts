// The contracts on BLS12-381 and P-256 through the EVM: where their input, output and memory are. What they compute:
// the tests of the rooms.
import { p256 } from '@noble/curves/nist.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { Precompile } from '../../../src/abi/registry.js'
import { hex, toBytes } from '../../../src/bytes.js'
import { blsG1, blsG2, element, encodeG2, ORDER, outsideG2 } from '../../support/bls12381.js'
import { coreContract } from '../../support/coreContracts.js'
import { linearEvaluation } from '../../support/pointEvaluation.js'
import { callOutputs } from '../../support/precompileCalls.js'

const word = (x: bigint) => toBytes(x, 32)

test('in turns, each in the memory that the others have used', () => {
  const truth = concatBytes(blsG1(6n), blsG2(7n), blsG1(-42n), blsG2(1n))
  const many = concatBytes(...Array<Uint8Array>(9).fill(truth))
  const outside = concatBytes(truth, blsG1(1n), encodeG2(outsideG2(1)[0]!))
  assert.equal(
    callOutputs(Precompile.BLS12_PAIRING_CHECK, [truth, truth.subarray(384), many, outside, new Uint8Array(0)]),
    [hex(word(1n)), hex(word(0n)), hex(word(1n)), 'failed', 'failed'],
  )
  const [g1, g2] = [concatBytes(blsG1(2n), blsG1(3n)), concatBytes(blsG2(2n), blsG2(-2n))]
  assert.equal(callOutputs(Precompile.BLS12_G1ADD, [g1, g1.subarray(1), g1]), [
    hex(blsG1(5n)),
    'failed',
    hex(blsG1(5n)),
  ])
  assert.equal(callOutputs(Precompile.BLS12_G2ADD, [g2, new Uint8Array(512)]), [hex(blsG2(0n)), hex(blsG2(0n))])
  const sum = concatBytes(blsG1(2n), word(7n), blsG1(5n), word(ORDER - 1n))
  assert.equal(callOutputs(Precompile.BLS12_G1MSM, [sum, sum.subarray(0, 160)]), [hex(blsG1(9n)), hex(blsG1(14n))])
  assert.equal(callOutputs(Precompile.BLS12_G2MSM, [concatBytes(blsG2(4n), word(3n))]), [hex(blsG2(12n))])
  for (const id of [Precompile.BLS12_MAP_FP_TO_G1, Precompile.BLS12_MAP_FP2_TO_G2]) {
    const input = new Uint8Array(id === Precompile.BLS12_MAP_FP_TO_G1 ? 64 : 128)
    assert.equal(callOutputs(id, [input, input.subarray(1)]), [hex(coreContract(id, input)!), 'failed'])
  }
})

test('point evaluations: gas that is too little, and enough', () => {
  const output = hex(concatBytes(word(4096n), word(ORDER)))
  const inputs = [linearEvaluation(2n, 3n, 4n), linearEvaluation(2n, 3n, 4n, 1n), new Uint8Array(192)]
  assert.equal(callOutputs(Precompile.KZG_POINT_EVALUATION, inputs), [output, 'failed', 'failed'])
})

test('P256VERIFY succeeds with nothing for what is not valid, and is there from Osaka on', () => {
  const { secretKey, publicKey } = p256.keygen()
  const hash = word(77n)
  const signature = p256.sign(hash, secretKey, { prehash: false, lowS: false })
  const key = p256.Point.fromBytes(publicKey).toBytes(false).subarray(1)
  const input = concatBytes(hash, signature, key)
  const wrong = concatBytes(word(78n), signature, key)
  const longer = concatBytes(input, element(0n))
  const outputs = (rules: Rules) =>
    callOutputs(Precompile.P256VERIFY, [input, wrong, input.subarray(1), longer, new Uint8Array(0), input], rules)
  const one = hex(word(1n))
  assert.equal(outputs(Rules.OSAKA), [one, '', '', '', '', one])
  assert.equal(outputs(Rules.PRAGUE), ['', '', '', '', '', ''])
})

test.run()
