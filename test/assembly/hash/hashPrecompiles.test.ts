import { ripemd160 as noble } from '@noble/hashes/legacy.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blake2f, ripemd160 } from '../../support/coreCrypto.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { Random } from '../../support/words.js'

const random = new Random(51)
const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))

test('RIPEMD-160: vectors of the authors', () => {
  assert.is(bytesToHex(ripemd160(new Uint8Array(0))), '9c1185a5c5e9fc54612808977ee8f548b2258d31')
  assert.is(bytesToHex(ripemd160(utf8ToBytes('abc'))), '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc')
  assert.is(
    bytesToHex(ripemd160(utf8ToBytes('abcdefghijklmnopqrstuvwxyz'))),
    'f71c27109c692c1b56bbdceb5b9d2865b3708dbc',
  )
})

test('RIPEMD-160 of every length from 0 to 260 equals @noble/hashes', () => {
  for (const length of [...Array(261).keys(), 10_000]) {
    const message = bytes(length)
    assert.equal(ripemd160(message), noble(message), `length ${length}`)
  }
})

// EIP-152, test vectors 4 to 7: h, m = "abc", t = 3.
const STATE =
  '48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b'
const VECTOR = (rounds: string, final: string) =>
  hexToBytes(`${rounds}${STATE}616263${'00'.repeat(125)}03${'00'.repeat(15)}${final}`)

test('BLAKE2 F: vectors of EIP-152', () => {
  assert.is(
    bytesToHex(blake2f(VECTOR('0000000c', '01'))!),
    'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
  )
  assert.is(
    bytesToHex(blake2f(VECTOR('00000000', '01'))!),
    '08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b',
  )
  assert.is(blake2f(VECTOR('0000000c', '02')), undefined)
  assert.is(blake2f(VECTOR('0000000c', '01').subarray(1)), undefined)
})

test('BLAKE2 F of random inputs equals @ethereumjs/evm', async () => {
  for (let i = 0; i < 200; i++) {
    const input = bytes(213)
    input.set([0, 0, 0, i])
    input[212] = i % 20 === 0 ? random.below(256) : i & 1
    assert.equal(blake2f(input), await referencePrecompile(9, input), bytesToHex(input))
  }
})

test.run()
