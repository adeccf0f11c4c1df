import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { p256 } from '@noble/curves/nist.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toBytes } from '../src/crypto/bytes.js'
import { modularPower } from '../src/crypto/modexp.js'
import { hostPrecompile, Precompile, UnknownPrecompileError } from '../src/crypto/precompiles.js'
import { referencePrecompile } from './support/reference-precompile.js'
import { Random, randomWord } from './support/words.js'

const word = (x: bigint) => toBytes(x, 32)
const random = new Random(41)
const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))
const fill = (length: number, value: number) => new Uint8Array(length).fill(value)

/**
 * The same as the reference, for each input and for damaged copies of it: a bit at or after `damageFrom` flipped, a byte
 * missing, one too many. Returns the outputs of the inputs.
 */
async function check(
  id: number,
  inputs: Uint8Array[],
  damage = true,
  damageFrom = 0,
): Promise<(Uint8Array | undefined)[]> {
  const outputs: (Uint8Array | undefined)[] = []
  const same = async (input: Uint8Array) => {
    const before = bytesToHex(input)
    const output = hostPrecompile(id, input)
    assert.equal(output, await referencePrecompile(id, input), `precompile 0x${id.toString(16)} input ${before}`)
    assert.is(bytesToHex(input), before, 'the input is left alone')
    return output
  }
  for (const input of inputs) {
    outputs.push(await same(input))
    if (!damage || input.length <= damageFrom) continue
    const flipped = input.slice()
    const at = damageFrom + random.below(input.length - damageFrom)
    flipped[at] = flipped[at]! ^ (1 << random.below(8))
    await same(flipped)
    await same(input.subarray(0, input.length - 1))
    await same(concatBytes(input, fill(1, 0)))
  }
  return outputs
}

function modexpInput(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  const lengths = [base, exponent, modulus].map((x) => word(BigInt(x.length)))
  return concatBytes(...lengths, base, exponent, modulus)
}

test('modexp', async () => {
  const inputs: Uint8Array[] = [new Uint8Array(0), fill(96, 0), modexpInput(bytes(3), bytes(2), fill(0, 0))]
  for (const length of [1, 2, 31, 32, 33, 64, 128, 256]) {
    inputs.push(modexpInput(bytes(length), bytes(Math.min(length, 40)), bytes(length)))
    inputs.push(modexpInput(bytes(length), fill(length > 64 ? 3 : length, 0), bytes(length)))
    inputs.push(modexpInput(fill(length, 0), bytes(2), bytes(length)))
    inputs.push(modexpInput(bytes(length), Uint8Array.of(1, 0, 1), concatBytes(bytes(length), fill(1, 0))))
    inputs.push(modexpInput(bytes(length), bytes(1), fill(length, 0)))
    inputs.push(modexpInput(bytes(5), bytes(1), concatBytes(fill(length - 1, 0), Uint8Array.of(1))))
  }
  // The lengths are left alone: their bound depends on the fork.
  await check(Precompile.MODEXP, inputs, true, 96)
})

test('modular power with every length of exponent equals the definition', () => {
  for (let i = 0; i < 300; i++) {
    const [b, e, m] = [randomWord(random), randomWord(random) >> BigInt(random.below(256)), randomWord(random) + 1n]
    let expected = 1n % m
    for (const bit of e.toString(2)) expected = ((bit === '1' ? b : 1n) * expected * expected) % m
    assert.is(modularPower(b, e, m), e === 0n ? 1n % m : expected)
  }
})

const bnG1 = (k: bigint) => {
  if (k === 0n) return fill(64, 0)
  const { x, y } = bn254.G1.Point.BASE.multiply(k).toAffine()
  return concatBytes(word(x), word(y))
}
const bnG2 = (k: bigint) => {
  if (k === 0n) return fill(128, 0)
  const { x, y } = bn254.G2.Point.BASE.multiply(k).toAffine()
  return concatBytes(word(x.c1), word(x.c0), word(y.c1), word(y.c0))
}
const N = bn254.fields.Fr.ORDER
const scalar = () => (randomWord(random) % (N - 1n)) + 1n

test('bn254 addition and multiplication', async () => {
  const k = scalar()
  const pairs: [bigint, bigint][] = [
    [0n, 0n],
    [0n, k],
    [k, k],
    [k, N - k],
    [scalar(), scalar()],
    [1n, 2n],
  ]
  await check(Precompile.BN254_ADD, [...pairs.map(([a, b]) => concatBytes(bnG1(a), bnG1(b))), fill(0, 0), bnG1(k)])
  const scalars = [0n, 1n, 2n, N - 1n, N, N + 1n, (1n << 256n) - 1n, scalar()]
  await check(Precompile.BN254_MUL, [
    ...scalars.map((s) => concatBytes(bnG1(scalar()), word(s))),
    concatBytes(bnG1(0n), word(k)),
  ])
})

test('bn254 pairing', async () => {
  const [a, b] = [scalar(), scalar()]
  const product = (a * b) % N
  const truth = concatBytes(bnG1(a), bnG2(b), bnG1(N - product), bnG2(1n))
  const infinities = concatBytes(bnG1(0n), bnG2(b), bnG1(a), bnG2(0n))
  const inputs = [truth, concatBytes(bnG1(a), bnG2(b)), infinities, fill(0, 0)]
  const outputs = await check(Precompile.BN254_PAIRING, inputs, false)
  assert.equal(
    outputs.map((x) => x?.at(-1)),
    [1, 0, 1, 1],
  )
  await check(Precompile.BN254_PAIRING, [concatBytes(bnG1(a), bnG2(b))])
})

const element = (x: bigint) => toBytes(x, 64)
const blsG1 = (k: bigint) => {
  if (k === 0n) return fill(128, 0)
  const { x, y } = bls12_381.G1.Point.BASE.multiply(k).toAffine()
  return concatBytes(element(x), element(y))
}
const blsG2 = (k: bigint) => {
  if (k === 0n) return fill(256, 0)
  const { x, y } = bls12_381.G2.Point.BASE.multiply(k).toAffine()
  return concatBytes(element(x.c0), element(x.c1), element(y.c0), element(y.c1))
}
const R = bls12_381.fields.Fr.ORDER

test('BLS12-381 additions, sums of multiples and maps', async () => {
  const k = scalar()
  await check(Precompile.BLS12_G1ADD, [concatBytes(blsG1(k), blsG1(k)), concatBytes(blsG1(k), blsG1(0n))])
  await check(Precompile.BLS12_G2ADD, [concatBytes(blsG2(k), blsG2(R - k)), concatBytes(blsG2(k), blsG2(5n))])
  // x = 4 is on G1's curve but outside the subgroup: addition takes it, the sum of multiples does not.
  const Fp = bls12_381.fields.Fp
  const outside = concatBytes(element(4n), element(Fp.sqrt(4n ** 3n + 4n)))
  const [sum] = await check(Precompile.BLS12_G1ADD, [concatBytes(outside, outside), concatBytes(outside, blsG1(k))])
  assert.is(sum?.length, 128)
  assert.equal(await check(Precompile.BLS12_G1MSM, [concatBytes(outside, word(1n))]), [undefined])
  const sums = (point: (k: bigint) => Uint8Array) => [
    concatBytes(point(k), word(7n), point(0n), word(k), point(3n), word((1n << 256n) - 1n)),
    concatBytes(point(k), word(0n)),
    fill(0, 0),
  ]
  await check(Precompile.BLS12_G1MSM, sums(blsG1))
  await check(Precompile.BLS12_G2MSM, sums(blsG2))
  const maps = [0n, 1n, k, bls12_381.fields.Fp.ORDER - 1n, bls12_381.fields.Fp.ORDER]
  await check(Precompile.BLS12_MAP_FP_TO_G1, maps.map(element))
  await check(
    Precompile.BLS12_MAP_FP2_TO_G2,
    maps.map((x) => concatBytes(element(x), element(k))),
  )
})

test('BLS12-381 pairing', async () => {
  const truth = concatBytes(blsG1(6n), blsG2(7n), blsG1(R - 42n), blsG2(1n))
  const outputs = await check(Precompile.BLS12_PAIRING, [truth, concatBytes(blsG1(6n), blsG2(0n)), fill(0, 0)], false)
  assert.equal(
    outputs.map((x) => x?.at(-1)),
    [1, 1, undefined],
  )
  await check(Precompile.BLS12_PAIRING, [concatBytes(blsG1(6n), blsG2(7n))])
})

test('P-256 verification', async () => {
  const inputs: Uint8Array[] = [fill(160, 0)]
  for (let i = 0; i < 8; i++) {
    const { secretKey, publicKey } = p256.keygen()
    const hash = bytes(32)
    const signature = p256.sign(hash, secretKey, { prehash: false, lowS: i % 2 === 0 })
    inputs.push(concatBytes(hash, signature, p256.Point.fromBytes(publicKey).toBytes(false).subarray(1)))
  }
  const outputs = await check(Precompile.P256VERIFY, inputs)
  assert.equal(
    outputs.map((x) => x?.length),
    [0, ...fill(8, 32)],
  )
  assert.equal(outputs[1], word(1n))
})

test('point evaluation: the constant polynomial', async () => {
  // A constant c has the commitment c * G1, evaluates to c everywhere and its proof is the point at infinity.
  const c = 5n
  const commitment = bls12_381.G1.Point.BASE.multiply(c).toBytes()
  const proof = hexToBytes(`c0${'00'.repeat(47)}`)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', commitment as Uint8Array<ArrayBuffer>))
  hash[0] = 1
  const input = (y: bigint, z = 9n) => concatBytes(hash, word(z), word(y), commitment, proof)
  const outputs = await check(Precompile.POINT_EVALUATION, [
    input(c),
    input(c + 1n),
    input(c, R),
    input(c + R),
    fill(192, 0),
  ])
  assert.is(bytesToHex(outputs[0]!), `${bytesToHex(word(4096n))}${bytesToHex(word(R))}`)
  assert.equal(outputs.slice(1), [undefined, undefined, undefined, undefined])
})

test('an address that is no precompile of the host is an error of its own', () => {
  for (const id of [0, 1, 9, 0x12, 0x101]) {
    assert.throws(
      () => hostPrecompile(id, fill(0, 0)),
      (error: unknown) => error instanceof UnknownPrecompileError && error.code === 'UNKNOWN_PRECOMPILE',
    )
  }
})

test.run()
