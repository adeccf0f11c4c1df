import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Precompile } from '../../../src/abi/registry.js'
import { toBytes } from '../../../src/bytes.js'
import { activeCurves, curvesLibrary, loadCurves, nobleCurves } from '../../../src/crypto/curves.js'
import { coreContract } from '../../support/coreContracts.js'
import { libraryContract } from '../../support/libraryContracts.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { Random, randomWord } from '../../support/words.js'

const word = (x: bigint) => toBytes(x, 32)
const random = new Random(41)
const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))
const fill = (length: number, value: number) => new Uint8Array(length).fill(value)

await loadCurves()

test('mcl computes once it is loaded', async () => {
  assert.equal(curvesLibrary(), { library: 'mcl' })
  assert.is(activeCurves().library, 'mcl')
  assert.is(loadCurves(), loadCurves(), 'it is loaded once')
})

/**
 * The same as the reference in the core, with mcl and with noble, for each input and for damaged copies of it: a bit flipped, a byte
 * missing, one too many. Returns the outputs of the inputs.
 */
async function check(id: number, inputs: Uint8Array[], damage = true): Promise<(Uint8Array | undefined)[]> {
  const outputs: (Uint8Array | undefined)[] = []
  const same = async (input: Uint8Array) => {
    const before = bytesToHex(input)
    const output = coreContract(id, input)
    const expected = await referencePrecompile(id, input)
    const which = `0x${id.toString(16)} input ${before}`
    assert.equal(output, expected, `the core: ${which}`)
    if (id !== Precompile.P256VERIFY) {
      assert.equal(libraryContract(id, input), expected, `with mcl: ${which}`)
      assert.equal(libraryContract(id, input, nobleCurves), expected, `with noble: ${which}`)
    }
    assert.is(bytesToHex(input), before, 'the input is left alone')
    return output
  }
  for (const input of inputs) {
    outputs.push(await same(input))
    if (!damage || input.length === 0) continue
    const flipped = input.slice()
    const at = random.below(input.length)
    flipped[at] = flipped[at]! ^ (1 << random.below(8))
    await same(flipped)
    await same(input.subarray(0, input.length - 1))
    await same(concatBytes(input, fill(1, 0)))
  }
  return outputs
}

const R = bls12_381.fields.Fr.ORDER
const scalar = () => (randomWord(random) % (R - 1n)) + 1n

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
  const outputs = await check(
    Precompile.BLS12_PAIRING_CHECK,
    [truth, concatBytes(blsG1(6n), blsG2(0n)), fill(0, 0)],
    false,
  )
  assert.equal(
    outputs.map((x) => x?.at(-1)),
    [1, 1, undefined],
  )
  await check(Precompile.BLS12_PAIRING_CHECK, [concatBytes(blsG1(6n), blsG2(7n))])
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
  const outputs = await check(Precompile.KZG_POINT_EVALUATION, [
    input(c),
    input(c + 1n),
    input(c, R),
    input(c + R),
    fill(192, 0),
  ])
  // Encodings of a point that are none.
  const [flags, rest] = [commitment[0]!, commitment.subarray(1)]
  const broken = [
    concatBytes(Uint8Array.of(flags & 0x7f), rest),
    concatBytes(Uint8Array.of(flags | 0x40), rest),
    hexToBytes(`e0${'00'.repeat(47)}`),
    hexToBytes(`c0${'00'.repeat(46)}01`),
    hexToBytes(`80${'00'.repeat(46)}04`),
    hexToBytes(`9a${bls12_381.fields.Fp.ORDER.toString(16).slice(-94)}`),
    fill(48, 0xff),
  ]
  for (const point of broken) {
    const digest = sha256(point)
    digest[0] = 1
    assert.equal(
      await check(
        Precompile.KZG_POINT_EVALUATION,
        [concatBytes(digest, word(9n), word(c), point, proof), concatBytes(hash, word(9n), word(c), commitment, point)],
        false,
      ),
      [undefined, undefined],
    )
  }
  assert.is(bytesToHex(outputs[0]!), `${bytesToHex(word(4096n))}${bytesToHex(word(R))}`)
  assert.equal(outputs.slice(1), [undefined, undefined, undefined, undefined])
})

/** A word with one of the shapes that tell a field element apart from what is none. */
function edge(order: bigint): bigint {
  const near = [0n, 1n, 2n, order - 1n, order, order + 1n, (1n << BigInt(order.toString(2).length)) - 1n]
  return random.below(3) === 0 ? near[random.below(near.length)]! : randomWord(random) % order
}

/** Inputs made of the pieces, and inputs whose pieces have been exchanged or are none of the field. */
function mixed(pieces: (() => Uint8Array)[], rounds: number): Uint8Array[] {
  return Array.from({ length: rounds }, () => concatBytes(...pieces.map((piece) => piece())))
}

test('coordinates at the edge of the field', async () => {
  const blsEdge = () => element(edge(bls12_381.fields.Fp.ORDER))
  await check(Precompile.BLS12_G1ADD, mixed([blsEdge, blsEdge, () => blsG1(2n)], 20))
  await check(Precompile.BLS12_G2ADD, mixed([blsEdge, blsEdge, blsEdge, blsEdge, () => blsG2(2n)], 10))
  await check(Precompile.BLS12_MAP_FP_TO_G1, mixed([blsEdge], 20))
  await check(Precompile.BLS12_MAP_FP2_TO_G2, mixed([blsEdge, blsEdge], 12))
})

type Fp2Element = typeof bls12_381.fields.Fp2.ONE

/** A point on the curve of G2 that is not in its subgroup: the first x = (i, 0) that has a y. */
function outsideG2(): { x: Fp2Element; y: Fp2Element } {
  const { Fp2 } = bls12_381.fields
  const { b } = bls12_381.G2.Point.CURVE()
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 0n])
    try {
      return { x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)) }
    } catch {
      // no square root
    }
  }
}

test('points of the curve outside the subgroup: added, but in no pairing and no sum of multiples', async () => {
  const { x, y } = outsideG2()
  const outside = concatBytes(element(x.c0), element(x.c1), element(y.c0), element(y.c1))
  const [sum] = await check(Precompile.BLS12_G2ADD, [concatBytes(outside, outside), concatBytes(outside, blsG2(0n))])
  assert.is(sum?.length, 256)
  assert.equal(
    await check(Precompile.BLS12_G2MSM, [concatBytes(outside, word(1n)), concatBytes(outside, word(0n))], false),
    [undefined, undefined],
  )
  const inPairs = [concatBytes(blsG1(1n), outside), concatBytes(blsG1(0n), outside)]
  assert.equal(await check(Precompile.BLS12_PAIRING_CHECK, inPairs, false), [undefined, undefined])
  const Fp = bls12_381.fields.Fp
  const g1 = concatBytes(element(4n), element(Fp.sqrt(4n ** 3n + 4n)))
  assert.equal(await check(Precompile.BLS12_PAIRING_CHECK, [concatBytes(g1, blsG2(0n))], false), [undefined])
})

test('sums of many multiples equal the multiple of the sum', () => {
  for (const count of [2, 17, 300]) {
    const [points, scalars] = [0, 1].map(() => Array.from({ length: count }, (_, i) => (i === 1 ? 0n : scalar())))
    const total = points!.reduce((sum, p, i) => (sum + p * scalars![i]!) % R, 0n)
    const g1 = points!.map((p, i) => concatBytes(blsG1(p % R), word(scalars![i]!)))
    assert.equal(coreContract(Precompile.BLS12_G1MSM, concatBytes(...g1)), blsG1(total))
    assert.equal(libraryContract(Precompile.BLS12_G1MSM, concatBytes(...g1)), blsG1(total))
    if (count > 20) continue
    const g2 = points!.map((p, i) => concatBytes(blsG2(p % R), word(scalars![i]!)))
    assert.equal(coreContract(Precompile.BLS12_G2MSM, concatBytes(...g2)), blsG2(total))
    assert.equal(libraryContract(Precompile.BLS12_G2MSM, concatBytes(...g2)), blsG2(total))
  }
})

test('P-256 verification at the edges of its numbers', async () => {
  const { secretKey, publicKey } = p256.keygen()
  const [n, p] = [p256.Point.Fn.ORDER, p256.Point.Fp.ORDER]
  const hash = bytes(32)
  const signature = p256.sign(hash, secretKey, { prehash: false, lowS: false })
  const key = p256.Point.fromBytes(publicKey).toBytes(false).subarray(1)
  const whole = concatBytes(hash, signature, key)
  const inputs: Uint8Array[] = []
  for (const at of [0, 32, 64, 96, 128]) {
    for (const value of [0n, 1n, n - 1n, n, n + 1n, p - 1n, p, p + 1n, (1n << 256n) - 1n]) {
      const input = whole.slice()
      input.set(word(value), at)
      inputs.push(input)
    }
  }
  inputs.push(concatBytes(hash, signature, fill(64, 0)))
  // The hash is a number modulo n: hash + n verifies like hash when it still has 32 bytes.
  const small = concatBytes(word(5n), p256.sign(word(5n), secretKey, { prehash: false, lowS: false }), key)
  const large = small.slice()
  large.set(word(5n + n))
  const outputs = await check(Precompile.P256VERIFY, [small, large, ...inputs], false)
  assert.equal(outputs.slice(0, 2), [word(1n), word(1n)])
  // u1 G + u2 Q is the point at infinity for the key -G, s = r and the hash r.
  const { x, y } = p256.Point.BASE.negate().toAffine()
  const infinity = concatBytes(word(7n), word(7n), word(1n), word(x), word(y))
  assert.is((await check(Precompile.P256VERIFY, [infinity], false))[0]?.length, 0)
})

test('noble computes when mcl does not load and when it breaks down, with a warning', () => {
  const script = fileURLToPath(new URL('../../support/withoutMcl.js', import.meta.url))
  for (const [how, before, failure] of [
    ['load', 'noble', 'no WebAssembly today'],
    ['trap', 'mcl', 'unreachable'],
  ] as const) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, how], { encoding: 'utf8' })
    assert.is(status, 0, stderr)
    assert.equal(JSON.parse(stdout), { before, library: 'noble', failure, sum: bytesToHex(blsG1(2n)), invalid: null })
    assert.match(stderr, 'PARALLEVM_SLOW_CURVES')
  }
})

test.run()
