import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { circles, forbidden, importsOf, packagesLoadedBy, ROOMS } from './support/rooms.js'

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

test("a worker that executes in the core loads nobody else's modules but one small one", () => {
  // Decision 32: a single name of @ethereumjs/util takes every worker 50 ms of its start.
  assert.equal([...packagesLoadedBy(PROJECT, 'src/workers/entry.ts').keys()], ['@noble/hashes/utils.js'])
})

test('a package that a module loads far below is named', () => {
  const root = planted({
    'src/entry.ts': "import {\n  A,\n} from './a.js'\nimport type { B } from 'types-only'\nawait import('later')",
    'src/a.ts': "export * from './b.js'\nexport const A = 1",
    'src/b.ts': "import { readFileSync } from 'node:fs'\nimport 'heavy'",
  })
  try {
    assert.equal([...packagesLoadedBy(root, 'src/entry.ts')], [['heavy', 'src/b.ts']])
  } finally {
    rmSync(root, { recursive: true })
  }
})

/** The sizes that the core and its host share have names, in assembly/abi and generated from there for src. */
const SHARED_SIZE = /\b(?:65_?536|0x1_?0000|262_?144|0x4_?0000)\b|\b1 << (?:16|18|22)\b|\b(?:64|256) \* 1024\b/
/** Files whose number only looks like one of them. */
const ALIKE: Record<string, string> = {
  'src/spectests/traceLines.ts': 'characters of text that are written at once',
}

function sizesSpelledOut(root: string): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .map((file) => join('src', file))
    .filter((file) => SHARED_SIZE.test(readFileSync(join(root, file), 'utf8')))
}

test('no file of src/ spells out a size that the core defines', () => {
  assert.equal(sizesSpelledOut(PROJECT).sort(), Object.keys(ALIKE).sort())
})

test('a planted size is found', () => {
  const root = planted({
    'src/a.ts': 'reserve(65536)',
    'src/b.ts': 'const chunk = 3 * 262144',
    'src/c.ts': 'outOfSpace(1 << 22)',
    'src/d.ts': 'const other = 655360 + (1 << 220)',
    'src/core.generated.ts': 'export const SCRATCH_SIZE = 65536',
  })
  try {
    assert.equal(sizesSpelledOut(root).sort(), ['src/a.ts', 'src/b.ts', 'src/c.ts'])
  } finally {
    rmSync(root, { recursive: true })
  }
})

test.run()
