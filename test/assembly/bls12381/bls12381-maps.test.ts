// The maps to the groups (EIP-2537, RFC 9380) against mcl and noble: the room alone.
// PARALLEVM_BLS12381_CASES: random field elements.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Precompile } from '../../../src/abi/registry.js'
import { hex } from '../../../src/bytes.js'
import { loadCurves } from '../../../src/crypto/curves.js'
import { element, P } from '../../support/bls12381.js'
import { blsContract } from '../../support/bls12381Contract.js'
import { libraryContract } from '../../support/libraryContracts.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { Random } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_BLS12381_CASES ?? 300)
const { BLS12_MAP_FP_TO_G1: TO_G1, BLS12_MAP_FP2_TO_G2: TO_G2 } = Precompile
const random = new Random(9380)
const contract = blsContract(random)
const { Fp, Fp2 } = bls12_381.fields
await loadCurves()

/** The same by mcl; what both return. */
function same(id: number, input: Uint8Array): Uint8Array | undefined {
  const actual = contract(id, input)
  const expected = libraryContract(id, input)
  assert.equal(actual && hex(actual), expected && hex(expected), `0x${id.toString(16)}: ${hex(input)}`)
  return actual
}

async function asReference(id: number, input: Uint8Array): Promise<Uint8Array | undefined> {
  const actual = same(id, input)
  const expected = await referencePrecompile(id, input)
  assert.equal(actual && hex(actual), expected && hex(expected), `0x${id.toString(16)}: ${hex(input)}`)
  return actual
}

/** Any element, now and then a special one. */
function some(): bigint {
  if (random.below(10) === 0) return [0n, 1n, 2n, P - 1n, P - 2n, (P - 1n) / 2n, (P + 1n) / 2n][random.below(7)]!
  let x = 0n
  for (let i = 0; i < 7; i++) x = (x << 64n) | random.limb()
  return x % P
}

test('random elements', () => {
  for (let i = 0; i < CASES; i++) {
    assert.is(same(TO_G1, element(some()))?.length, 128)
    assert.is(same(TO_G2, concatBytes(element(some()), element(some())))?.length, 256)
  }
})

test('small elements and those near p', async () => {
  for (let i = 0n; i < 6n; i++) {
    for (const u of [i, P - i - 1n]) {
      await asReference(TO_G1, element(u))
      for (const v of [0n, 1n, P - 1n]) same(TO_G2, concatBytes(element(u), element(v)))
    }
  }
  await asReference(TO_G2, concatBytes(element(5n), element(P - 7n)))
})

test('elements whose denominator is zero', async () => {
  // Z u^2 = -1, Z = 11 and -(2 + i): where there is such a u.
  const squares = [Fp.neg(Fp.inv(11n))]
  for (const square of squares.filter((x) => Fp.eql(Fp.pow(x, (P - 1n) / 2n), 1n))) {
    const u = Fp.sqrt(square)
    for (const v of [u, P - u]) assert.ok(await asReference(TO_G1, element(v)))
  }
  const Z = Fp2.fromBigTuple([P - 2n, P - 1n])
  try {
    const u = Fp2.sqrt(Fp2.neg(Fp2.inv(Z)))
    for (const v of [u, Fp2.neg(u)]) {
      assert.ok(await asReference(TO_G2, concatBytes(element(v.c0), element(v.c1))))
    }
  } catch {
    // not a square
  }
})

test('what is no field element, and lengths', async () => {
  for (const value of [P, P + 1n, 2n * P, (1n << 384n) - 1n, 1n << 384n, 1n << 511n]) {
    assert.is(await asReference(TO_G1, element(value)), undefined)
    assert.is(await asReference(TO_G2, concatBytes(element(value), element(1n))), undefined)
    assert.is(await asReference(TO_G2, concatBytes(element(1n), element(value))), undefined)
  }
  const input = concatBytes(element(3n), element(4n), element(5n))
  for (const length of [0, 1, 48, 63, 64, 65, 127, 128, 129, 192]) {
    const part = input.subarray(0, length)
    assert.is((await asReference(TO_G1, part))?.length, length === 64 ? 128 : undefined)
    assert.is((await asReference(TO_G2, part))?.length, length === 128 ? 256 : undefined)
  }
})

test.run()
