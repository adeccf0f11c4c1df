// Every place of a test file that is read: something else there is told with the file, the test and the place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { UnusableTestError } from '../../../src/spectests/errors.js'
import { readTests } from '../../../src/spectests/files.js'
import type { BlockTest, StateTest } from '../../../src/spectests/json.js'
import { blockTest, stateTest } from '../../../src/spectests/schema.js'
import type { Shape } from '../../../src/spectests/shape.js'

type Json = Record<string, unknown>
const folder = mkdtempSync(join(tmpdir(), 'parallevm-schema-'))
test.after(() => rmSync(folder, { recursive: true }))

/** Not looked at. */
const UNREAD = /_info|^blocks\.\d+\.(?!rlp)|^genesisBlockHeader\.(?!hash|stateRoot)|sealEngine/
/** Where a name stands, not bytes. */
const NAMES = /^network$|expectException$|^env\./

function* leaves(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path
  else for (const [key, each] of Object.entries(value)) yield* leaves(each, [...path, key])
}

function changed(json: Json, path: readonly string[], value: unknown): Json {
  const copy = structuredClone(json)
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Json, copy)
  parent[path.at(-1) as string] = value
  return copy
}

const messageOf = (shape: Shape, json: unknown): string => {
  try {
    shape(json, 'T')
    return 'none'
  } catch (error) {
    assert.instance(error, UnusableTestError)
    return (error as Error).message
  }
}

for (const [kind, shape] of [
  ['state', stateTest],
  ['blocks', blockTest],
] as const) {
  test(`${kind}: what is wrong at any place is named with the place`, () => {
    const all = JSON.parse(readFileSync(join(packageRoot(), 'test/data', kind, 'basics.json'), 'utf8')) as Record<
      string,
      Json
    >
    let places = 0
    for (const json of Object.values(all)) {
      assert.is(messageOf(shape, json), 'none')
      for (const path of leaves(json)) {
        const dotted = path.join('.')
        if (UNREAD.test(dotted)) continue
        places++
        const wrong = dotted.startsWith('env.') ? ['0xzz'] : NAMES.test(dotted) ? [true, 7] : [true, '0xzz', '0x0g', {}]
        const place = path.reduce((at, key) => (/^\d+$/.test(key) ? `${at}[${key}]` : `${at}.${key}`), 'T')
        for (const value of wrong) {
          const message = messageOf(shape, changed(json, path, value))
          assert.ok(message.startsWith(`${place}: expected `), `${place} ${JSON.stringify(value)}: ${message}`)
          assert.ok(message.includes('found'), message)
        }
      }
    }
    assert.ok(places > 100, String(places))
  })
}

test('an index beyond the lists of the transaction, a genesis block that is none', () => {
  const all = JSON.parse(readFileSync(join(packageRoot(), 'test/data/state/basics.json'), 'utf8')) as Record<
    string,
    Json
  >
  const [json] = Object.values(all) as [Json]
  const [fork] = Object.keys(json.post as Json)
  for (const field of ['data', 'gas', 'value']) {
    const message = messageOf(stateTest, changed(json, ['post', fork!, '0', 'indexes', field], 9))
    assert.is(message, `T.post.${fork}[0].indexes.${field}: expected one of 1 entries of the transaction, found 9`)
  }
  const blocks = JSON.parse(readFileSync(join(packageRoot(), 'test/data/blocks/basics.json'), 'utf8')) as Record<
    string,
    Json
  >
  const [first] = Object.values(blocks) as [Json]
  for (const rlp of ['0x', '0xc0', '0xc1c0', '0xf9']) {
    assert.match(messageOf(blockTest, changed(first, ['genesisRLP'], rlp)), /^T\.genesisRLP: expected (the )?RLP/)
  }
})

test('files: not JSON, another kind, malformed', () => {
  const reasonOf = (text: string): string => {
    const file = join(folder, 'x.json')
    writeFileSync(file, text)
    try {
      readTests<StateTest>(file, 'post', stateTest)
      return 'none'
    } catch (error) {
      assert.instance(error, UnusableTestError)
      const { message, reason } = error as UnusableTestError
      assert.is(message.split(file).length, 2, `the path once: ${message}`)
      return reason
    }
  }
  assert.is(reasonOf('{"a": '), 'malformed')
  assert.is(reasonOf('7'), 'other kind')
  assert.is(reasonOf('{"a": {}}'), 'other kind')
  assert.is(reasonOf('{"a": {"post": []}}'), 'malformed')
  try {
    readTests<BlockTest>(join(folder, 'absent.json'), 'genesisRLP', blockTest)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /^[^']*absent\.json cannot be read: ENOENT: no such file or directory$/)
  }
})

test.run()
