// P256VERIFY (EIP-7951) against noble and OpenSSL: the room alone. PARALLEVM_P256_CASES: random signatures of each kind.
import { generateKeyPairSync, sign } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { P256_WORK } from '../../../src/abi/core.generated.js'
import { hex, toBigInt, toBytes } from '../../../src/bytes.js'
import { testModule } from '../../support/test-module.js'
import { MASK, Random, randomWord } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_P256_CASES ?? 300)
interface Exports {
  takeChunks(count: number): number
  p256Verify(input: number, work: number): number
}
const { exports: wasm, memory } = testModule<Exports>('assembly/p256/test-entry.ts')
const bytes = new Uint8Array(memory.buffer)
const work = wasm.takeChunks(1) >>> 0
/** Off any alignment, as input can be. */
const at = work + P256_WORK + 64 + 3
const random = new Random(7951)
const { Point } = p256
const [n, p] = [Point.Fn.ORDER, Point.Fp.ORDER]
const word = (x: bigint) => toBytes(x, 32)
const modulo = (x: bigint) => ((x % n) + n) % n
const scalar = () => (randomWord(random) % (n - 1n)) + 1n

function holds(input: Uint8Array): boolean {
  bytes.fill(random.below(256), work, work + P256_WORK)
  bytes.fill(0xa5, work + P256_WORK, at + 256)
  bytes.set(input, at)
  const valid = wasm.p256Verify(at, work) === 1
  assert.ok(
    bytes.subarray(work + P256_WORK, at).every((x) => x === 0xa5),
    'written behind the working memory',
  )
  assert.equal(hex(bytes.slice(at, at + 160)), hex(input), 'the input is left alone')
  return valid
}

const keyOf = (point: InstanceType<typeof Point>) => {
  const { x, y } = point.toAffine()
  return concatBytes(word(x), word(y))
}

/** Signature by the secret d with the nonce k, of any hash: r may be any x modulo n. */
function signed(h: bigint, d: bigint, k: bigint): Uint8Array {
  const r = modulo(Point.BASE.multiply(k).toAffine().x)
  const s = modulo((h + r * d) * Point.Fn.inv(k))
  return concatBytes(word(h), word(r), word(s), keyOf(Point.BASE.multiply(d)))
}

test('random signatures, and the same with a bit flipped', () => {
  for (let i = 0; i < CASES; i++) {
    const input = signed(randomWord(random), scalar(), scalar())
    assert.ok(holds(input), hex(input))
    const flipped = input.slice()
    const bit = random.below(1280)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.is(holds(flipped), byRule(flipped), hex(flipped))
  }
})

/** By noble's points: the rules of EIP-7951 one after the other. */
function byRule(input: Uint8Array): boolean {
  const [h, r, s, x, y] = [0, 32, 64, 96, 128].map((offset) => toBigInt(input.subarray(offset, offset + 32))) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  if (r === 0n || r >= n || s === 0n || s >= n || x >= p || y >= p) return false
  if ((y * y - x * x * x + 3n * x - Point.CURVE().b) % p !== 0n) return false
  const inverse = Point.Fn.inv(s)
  const key = Point.fromAffine({ x, y })
  const sum = Point.BASE.multiplyUnsafe(modulo(h * inverse)).add(key.multiplyUnsafe(modulo(r * inverse)))
  return !sum.is0() && modulo(sum.toAffine().x) === r
}

test('small secrets, nonces and hashes: points that are equal or opposite, sums at infinity', () => {
  for (const d of [1n, 2n, 3n, 15n, 16n, n - 1n, n - 2n, (n + 1n) / 2n]) {
    for (const k of [1n, 2n, 3n, n - 1n, n - 2n, 127n, 128n]) {
      for (const h of [0n, 1n, 2n, n - 1n, n, n + 1n, MASK]) {
        const input = signed(modulo(h), d, k)
        input.set(word(h))
        assert.is(holds(input), byRule(input), `${h} ${d} ${k}`)
      }
      // h = -r d: the sum is at infinity for any s.
      const r = modulo(Point.BASE.multiply(k).toAffine().x)
      const input = concatBytes(word(modulo(-r * d)), word(r), word(5n), keyOf(Point.BASE.multiply(d)))
      assert.not(holds(input))
      // h = r d: twice the same point.
      const twice = concatBytes(word(modulo(r * d)), word(r), word(5n), keyOf(Point.BASE.multiply(d)))
      assert.is(holds(twice), byRule(twice))
    }
  }
})

test('numbers at the edges', () => {
  const whole = signed(12345n, scalar(), scalar())
  for (const offset of [0, 32, 64, 96, 128]) {
    for (const value of [0n, 1n, n - 1n, n, n + 1n, p - 1n, p, p + 1n, MASK, 1n << 255n]) {
      const input = whole.slice()
      input.set(word(value), offset)
      assert.is(holds(input), byRule(input), `${value} at ${offset}`)
    }
    const input = whole.slice()
    const shifted = toBigInt(whole.subarray(offset, offset + 32)) + (offset < 96 ? n : p)
    if (shifted > MASK) continue
    input.set(word(shifted), offset)
    assert.is(holds(input), offset === 0)
  }
  assert.not(holds(concatBytes(whole.subarray(0, 96), new Uint8Array(64))), 'the point at infinity')
  assert.not(holds(new Uint8Array(160)))
})

test('an x that is n or more: r is what is left of it modulo n', () => {
  // A point R whose x is n + j; with a chosen s and h the key is (s R - h G) / r.
  let found = 0
  for (let j = 1n; found < 6; j++) {
    const x = n + j
    let R: InstanceType<typeof Point>
    try {
      const y = Point.Fp.sqrt(Point.Fp.create(x ** 3n - 3n * x + Point.CURVE().b))
      R = Point.fromAffine({ x, y })
    } catch {
      continue
    }
    found++
    const [h, s] = [scalar(), scalar()]
    const key = R.multiply(s).subtract(Point.BASE.multiply(h)).multiply(Point.Fn.inv(j))
    const input = concatBytes(word(h), word(j), word(s), keyOf(key))
    assert.ok(byRule(input))
    assert.ok(holds(input))
    // r = x itself is out of range.
    assert.not(holds(concatBytes(word(h), word(x), word(s), keyOf(key))))
  }
})

test('signatures by OpenSSL', () => {
  for (let i = 0; i < Math.min(CASES, 200); i++) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x, y } = publicKey.export({ format: 'jwk' })
    const message = toBytes(randomWord(random), 32)
    const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const key = concatBytes(Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url'))
    assert.ok(holds(concatBytes(sha256(message), signature, key)))
  }
})

test.run()
