import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../src/blockFiles/index.js'

test('the programs in the README run as they stand', async () => {
  const { readmeExamples } = (await import(join(packageRoot(), 'scripts/readme-examples.mjs'))) as {
    readmeExamples(markdown: string): string[]
  }
  const examples = readmeExamples(readFileSync(join(packageRoot(), 'README.md'), 'utf8'))
  assert.ok(examples.length > 0, 'no example found')
  for (const [index, code] of examples.entries()) {
    // Inside the package, so that `parallevm` means this build.
    const file = join(packageRoot(), 'dist', `readme-example-${index}.mjs`)
    writeFileSync(file, code)
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    assert.is(status, 0, stderr)
    assert.match(stdout, /block \d+: \d+ receipts, \d+ gas/)
  }
})

test('the README names only files that exist', async () => {
  const { existsSync } = await import('node:fs')
  const text = readFileSync(join(packageRoot(), 'README.md'), 'utf8')
  for (const [, target] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
    assert.ok(existsSync(join(packageRoot(), target!)), target)
  }
})

test.run()
