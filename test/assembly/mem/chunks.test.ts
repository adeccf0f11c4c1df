// The allocator of chunks: what is live never overlaps, requests of changing lengths do not use ever more of the memory,
// and the memory never grows.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  let top = 0
  for (let i = 0; i < 30_000; i++) {
    if (chunks < 60 && random(2) === 0) {
      const count = random(3) === 0 ? 1 : 1 + random(8)
      const at = exports.takeChunks(count) >>> 0
      assert.ok(at > 0)
      top = Math.max(top, at + count * CHUNK)
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
  assert.ok(top < 140 * CHUNK, `${top / CHUNK} chunks for at most 68`)
  for (const { at, count } of live) exports.giveChunks(at, count)
  // All of it is one run again.
  const again = exports.takeChunks(60) >>> 0
  assert.ok(again > 0 && again + 60 * CHUNK <= top)
})

test('a memory has its size from the start, and all of it can be used', () => {
  const size = 16 << 20
  const core = Core.create({ maxBytes: size })
  assert.is(core.bytes.length, size)
  const free = size - Number(core.exports.usedBytes())
  let taken = 0
  for (let at = core.exports.takeChunks(1) >>> 0; at !== 0; at = core.exports.takeChunks(1) >>> 0) {
    assert.ok(at + CHUNK <= size)
    core.bytes[at + CHUNK - 1] = 1
    taken += CHUNK
  }
  // The control block and the constants below the heap are less than a chunk.
  assert.ok(taken <= free && taken > free - 2 * CHUNK, `${taken} of ${free} bytes`)
  assert.is(core.bytes.length, size)
})

// Decision 12: another thread would not have heard of the new pages.
test('nothing grows a memory', () => {
  const growers = ['assembly', 'src'].flatMap((tree) =>
    readdirSync(tree, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('.generated.'))
      .map((file) => join(tree, file))
      .filter((file) => /\bmemory\.grow\(/.test(readFileSync(file, 'utf8'))),
  )
  assert.equal(growers, [])
})

test.run()
