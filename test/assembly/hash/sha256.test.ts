import { sha256 as noble } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defaultCore } from '../../../src/wasm/core.js'
import { sha256 } from '../../../src/wasm/crypto.js'
import { Random } from '../../support/words.js'

// FIPS 180-4 examples (NIST, "SHA256.pdf") and the empty message.
const VECTORS: [string, string][] = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
]

test('the vectors of the standard', () => {
  for (const [message, digest] of VECTORS) assert.is(bytesToHex(sha256(utf8ToBytes(message))), digest)
})

test('every length from 0 to 300 and some long ones equal @noble/hashes', () => {
  const random = new Random(11)
  const lengths = [...Array(301).keys(), 1023, 1024, 4097, 100_000]
  for (const length of lengths) {
    const message = Uint8Array.from({ length }, () => random.below(256))
    assert.equal(sha256(message), noble(message), `length ${length}`)
  }
})

test('the digest may overlap the message', () => {
  const core = defaultCore()
  const at = core.exports.takeChunks(1) >>> 0
  const message = Uint8Array.from({ length: 150 }, (_, i) => i)
  for (const offset of [0, 64, 118, 130]) {
    core.bytes.set(message, at)
    core.exports.sha256(at, message.length, at + offset)
    assert.equal(core.read(at + offset, 32), noble(message), `offset ${offset}`)
  }
  core.exports.giveChunks(at, 1)
})

test.run()
