// Hashes of random messages against OpenSSL, noble (keccak, which OpenSSL lacks) and @ethereumjs/evm (BLAKE2 F).
// PARALLEVM_HASH_CASES: messages for each, a tenth as many inputs of BLAKE2 F.
import { createHash } from 'node:crypto'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hex } from '../../../src/bytes.js'
import { sha256 } from '../../../src/wasm/crypto.js'
import { keccak256 } from '../../../src/wasm/keccak.js'
import { blake2f, ripemd160 } from '../../support/coreCrypto.js'
import { referencePrecompile } from '../../support/reference-precompile.js'
import { Random } from '../../support/words.js'

const CASES = Number(process.env.PARALLEVM_HASH_CASES ?? 1500)
const random = new Random(180)

/** Mostly of a few blocks, with runs of one byte: carries between words differ from those of noise. */
function message(): Uint8Array {
  const length = random.below(20) === 0 ? random.below(5000) : random.below(300)
  const bytes = Uint8Array.from({ length }, () => random.next() & 0xff)
  if (random.below(4) === 0) bytes.fill([0, 255, 128, 1][random.below(4)]!, random.below(length + 1))
  return bytes
}

const openssl = (name: string) => (bytes: Uint8Array) => createHash(name).update(bytes).digest('hex')
const HASHES: [string, (bytes: Uint8Array) => Uint8Array, (bytes: Uint8Array) => string][] = [
  ['SHA-256', (bytes) => sha256(bytes), openssl('sha256')],
  ['RIPEMD-160', (bytes) => ripemd160(bytes), openssl('ripemd160')],
  ['keccak-256', (bytes) => keccak256(bytes), (bytes) => hex(keccak_256(bytes))],
]

for (const [name, own, other] of HASHES) {
  test(`${name} of random messages`, () => {
    for (let i = 0; i < CASES; i++) {
      const bytes = message()
      assert.is(hex(own(bytes)), other(bytes), hex(bytes))
    }
  })
}

test('BLAKE2 F: random states, messages, counters and rounds', async () => {
  for (let i = 0; i < CASES / 10; i++) {
    const input = Uint8Array.from({ length: 213 }, () => random.next() & 0xff)
    const rounds = random.below(3) === 0 ? random.below(1000) : random.below(30)
    input.set([0, 0, rounds >> 8, rounds & 0xff])
    input[212] = random.below(2)
    const expected = await referencePrecompile(9, input)
    assert.is(hex(blake2f(input)!), hex(expected!), hex(input))
  }
})

test.run()
