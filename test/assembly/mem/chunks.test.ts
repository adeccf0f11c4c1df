// The allocator of chunks: what is live never overlaps, and requests of changing lengths do not make the memory grow.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Core } from '../../../src/wasm/core.js'
import { randomFrom } from '../../support/stmProgram.js'

const CHUNK = 262144

test('random requests: no overlap, and bounded memory', () => {
  const core = Core.create({ maxBytes: 1 << 30 })
  const { exports } = core
  const random = randomFrom(3)
  const live: { at: number; count: number }[] = []
  let chunks = 0
  const atStart = exports.usedBytes()
  for (let i = 0; i < 30_000; i++) {
    if (chunks < 60 && random(2) === 0) {
      const count = random(3) === 0 ? 1 : 1 + random(8)
      const at = exports.takeChunks(count) >>> 0
      assert.ok(at > 0)
      for (const other of live) {
        const apart = at >= other.at + other.count * CHUNK || other.at >= at + count * CHUNK
        if (!apart) assert.unreachable(`${count} chunks at ${at} overlap ${other.count} at ${other.at}`)
      }
      core.bytes.fill(255, at, at + 16)
      live.push({ at, count })
      chunks += count
    } else if (live.length > 0) {
      const [gone] = live.splice(random(live.length), 1)
      exports.giveChunks(gone!.at, gone!.count)
      chunks -= gone!.count
    }
    assert.is(exports.usedBytes() - atStart, BigInt(chunks * CHUNK))
  }
  assert.ok(core.bytes.length < 140 * CHUNK, `${core.bytes.length / CHUNK} chunks for at most 68`)
  for (const { at, count } of live) exports.giveChunks(at, count)
  // All of it is one run again.
  const before = core.bytes.length
  assert.ok(exports.takeChunks(60) >>> 0)
  assert.is(core.bytes.length, before)
})

test.run()
