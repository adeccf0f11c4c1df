import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Core, defaultCore } from '../../../src/wasm/core.js'
import { keccak256, keccak256Batch } from '../../../src/wasm/keccak.js'

function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let x = seed
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0
    bytes[i] = x >>> 24
  }
  return bytes
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('the known hashes of the empty string and of RLP of the empty string', () => {
  assert.is(hex(keccak256(new Uint8Array())), 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  assert.is(hex(keccak256(Uint8Array.of(0x80))), '56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421')
})

test('every length from 0 to 1000 equals noble', () => {
  const data = pattern(1001)
  for (let length = 0; length <= 1000; length++) {
    const message = data.subarray(0, length)
    assert.is(hex(keccak256(message)), hex(keccak_256(message)), `length ${length}`)
  }
})

test('inputs of megabytes equal noble', () => {
  for (const length of [1 << 20, 3_000_001]) {
    const message = pattern(length, length)
    assert.is(hex(keccak256(message)), hex(keccak_256(message)), `length ${length}`)
  }
})

test('a batch equals one hash after another, odd counts included', () => {
  for (const length of [1, 7, 8, 20, 32, 64, 135, 136, 137, 271, 272, 532, 1000]) {
    for (const count of [0, 1, 2, 5]) {
      const messages = pattern(length * count, length + count)
      const hashes = keccak256Batch(messages, length)
      assert.is(hashes.length, 32 * count)
      for (let i = 0; i < count; i++) {
        const want = keccak_256(messages.subarray(length * i, length * (i + 1)))
        assert.is(hex(hashes.subarray(32 * i, 32 * i + 32)), hex(want), `length ${length}, message ${i} of ${count}`)
      }
    }
  }
})

test('a pair of different lengths in the same number of blocks', () => {
  const core = defaultCore()
  const at = core.exports.takeChunks(1) >>> 0
  const data = pattern(4096, 9)
  for (let blocks = 0; blocks < 5; blocks++) {
    for (let k = 0; k < 136; k += 5) {
      const a = 136 * blocks + k
      const b = 136 * blocks + ((k * 7) % 136)
      core.bytes.set(data, at)
      core.exports.keccakPair(at, a, at + 1000, b, at + 8192, at + 8224)
      assert.is(hex(core.read(at + 8192, 32)), hex(keccak_256(data.subarray(0, a))))
      assert.is(hex(core.read(at + 8224, 32)), hex(keccak_256(data.subarray(1000, 1000 + b))))
    }
  }
  core.exports.giveChunks(at, 1)
})

test('the output may overlap the input', () => {
  const core = Core.create()
  const at = core.exports.takeChunks(1) >>> 0
  const message = pattern(500)
  core.bytes.set(message, at)
  core.exports.keccak256(at, 500, at)
  assert.is(hex(core.read(at, 32)), hex(keccak_256(message)))
})

test('messages that do not divide are refused', () => {
  assert.throws(() => keccak256Batch(new Uint8Array(33), 32), /33 bytes do not divide/)
})

test.run()
