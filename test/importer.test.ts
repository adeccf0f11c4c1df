// The example of an importer: the same chain, in one line of import apart.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const FOLDER = fileURLToPath(new URL('../../examples/importer/', import.meta.url))

test('the importers differ in one line', () => {
  const [theirs, ours] = ['with-ethereumjs.mjs', 'with-parallevm.mjs'].map((name) =>
    readFileSync(`${FOLDER}${name}`, 'utf8').split('\n'),
  ) as [string[], string[]]
  assert.equal(
    theirs.flatMap((line, i) => (line === ours[i] ? [] : [line, ours[i]])),
    ["import { runBlock } from '@ethereumjs/vm'", "import { runBlock } from 'parallevm/vm'"],
  )
  assert.is(ours.length, theirs.length)
})

test('all come to the same state, ours sooner', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${FOLDER}run.mjs`, '4', '6000000'], {
    encoding: 'utf8',
  })
  assert.is(status, 0, stderr)
  const line = (name: string): RegExp =>
    new RegExp(`^${name}: 4 blocks, (\\d+) transactions, \\d+ ms, state root (0x\\w{64})$`, 'm')
  const theirs = line('@ethereumjs/vm').exec(stdout)
  assert.ok(Number(theirs?.[1]) > 50, stdout)
  for (const [ours, ratio] of [
    ['parallevm/vm', 'with parallevm/vm'],
    ['parallevm over LMDB', 'over LMDB'],
  ] as const) {
    assert.equal(line(ours).exec(stdout)?.slice(1), theirs?.slice(1), stdout)
    assert.ok(Number(new RegExp(`^([\\d.]+)x ${ratio}$`, 'm').exec(stdout)?.[1]) > 1, stdout)
  }
})

test.run()
