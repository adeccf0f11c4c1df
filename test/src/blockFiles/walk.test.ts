import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { listCases } from '../../../src/blockFiles/index.js'
import { walk } from '../../../src/blockFiles/walk.js'
import { testFiles } from '../../../src/spectests/files.js'

const folder = mkdtempSync(join(tmpdir(), 'parallevm-walk-'))
test.after(() => rmSync(folder, { recursive: true }))

function plant(...files: string[]): void {
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), '{}')
  }
}

const relative = (paths: string[]): string[] => paths.map((path) => path.slice(folder.length + 1))

plant('a/10.json', 'a/9.json.gz', 'a/deep/er/1.json', 'z.json', 'a/note.txt', '.git/x.json', 'a/node_modules/y.json')
plant('flat/7/block.json', 'flat/7/prestate.json', 'flat/block_hashes.json', 'a/receipts/9.json', 'a/manifest.json')
plant('.meta/index.json', 'a/index.json')
symlinkSync(folder, join(folder, 'a/round'))
symlinkSync(join(folder, 'nowhere'), join(folder, 'a/broken.json'))
symlinkSync(join(folder, 'z.json'), join(folder, 'a/link.json'))

test('blocks and tests are found in all subfolders, numbers in order, hidden folders not, a circle once', () => {
  const cases = ['a/9.json.gz', 'a/10.json', 'a/deep/er/1.json', 'a/index.json', 'a/link.json', 'flat/7', 'z.json']
  assert.equal(relative(listCases([folder])), cases)
  assert.equal(relative(testFiles([folder])), [
    ...['a/10.json', 'a/deep/er/1.json', 'a/link.json', 'a/manifest.json', 'a/receipts/9.json'],
    ...['flat/7/block.json', 'flat/7/prestate.json', 'flat/block_hashes.json', 'z.json'],
  ])
})

test('what is left is not entered', () => {
  const seen: string[] = []
  walk(folder, (path, isFolder) => {
    seen.push(path.slice(folder.length + 1))
    return isFolder ? 'leave' : 'take'
  })
  assert.equal(seen, ['a', 'flat', 'z.json'])
})

test.run()
