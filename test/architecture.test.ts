import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { circles, forbidden, importsOf, ROOMS } from './support/rooms.js'

const test = suite('architecture')
const PROJECT = fileURLToPath(new URL('../../', import.meta.url))

for (const [tree, order] of Object.entries(ROOMS)) {
  test(`no import in ${tree}/ points to a room above its own`, () => {
    const imports = importsOf(PROJECT, tree)
    assert.ok(imports.length > 100, `${imports.length} imports found in ${tree}`)
    assert.equal(forbidden(imports, order), [])
  })

  test(`no files in ${tree}/ import each other in a circle`, () => {
    assert.equal(circles(importsOf(PROJECT, tree)), [])
  })
}

function planted(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'rooms-'))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return root
}

test('a planted import that points up is named, as is a room without a place', () => {
  const root = planted({
    'src/errors.ts': "import type { A } from './wasm/core.js'",
    'src/wasm/core.ts': "import { B } from '../errors.js'\nexport type A = B",
    'src/attic/old.ts': "import { A } from '../wasm/core.js'",
  })
  try {
    assert.equal(forbidden(importsOf(root, 'src'), ROOMS.src).sort(), [
      'src/attic/old.ts: room attic is not in the list of rooms',
      'src/errors.ts imports src/wasm/core.ts: errors lies below wasm',
    ])
    assert.equal(circles(importsOf(root, 'src')), ['src/errors.ts -> src/wasm/core.ts -> src/errors.ts'])
  } finally {
    rmSync(root, { recursive: true })
  }
})

test.run()
