// Keccak-256: noble against the core, one by one and in batches that stay in linear memory.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { Core } from '../src/wasm/core.js'
import { keccak256, keccak256Batch } from '../src/wasm/keccak.js'
import { measure, report } from './harness.js'

const COUNT = 1000
const core = Core.create()
const { exports } = core

for (const length of [32, 64, 135, 532]) {
  const message = new Uint8Array(length).fill(7)
  const messages = new Uint8Array(length * COUNT).fill(7)
  const chunks = Math.ceil((length * COUNT) / 262144)
  const inputs = exports.takeChunks(chunks) >>> 0
  const outputs = exports.takeChunks(1) >>> 0
  report(
    `keccak-256 of ${length} bytes`,
    measure([
      { name: '@noble/hashes', run: () => keccak_256(message) },
      { name: 'core, one call each', run: () => keccak256(message, core) },
      {
        name: `core, batch of ${COUNT} from JavaScript`,
        run: () => keccak256Batch(messages, length, core),
        operations: COUNT,
      },
      {
        name: `core, batch of ${COUNT} in linear memory`,
        run: () => exports.keccak256Batch(inputs, length, length, COUNT, outputs),
        operations: COUNT,
      },
    ]),
  )
  exports.giveChunks(inputs, chunks)
  exports.giveChunks(outputs, 1)
}
