// The kind of a source is looked at in one place; everything else asks what the source can do.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { capabilitiesOf, SOURCE_KINDS } from '../../../src/sources/capabilities.js'

const SRC = fileURLToPath(new URL('../../../../src/', import.meta.url))
const ROOMS = ['sources', 'executor', 'workers']
const THE_PLACE = 'sources/capabilities.ts'

const KIND = `['"\`](?:${SOURCE_KINDS.join('|')})['"\`]`
/** Comparisons, cases and tables by the kind of a source. */
const DECISIONS = [
  new RegExp(`[!=]==?\\s*${KIND}`),
  new RegExp(`${KIND}\\s*[!=]==?`),
  new RegExp(`case\\s+${KIND}`),
  /source(?:\(\))?\.kind\s*(?:[!=]==?|\])/i,
  /[!=]==?\s*[\w.#]*source\.kind/i,
  /switch\s*\([^)]*source\.kind/i,
]

function decisionsIn(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, i) =>
      DECISIONS.some((decision) => decision.test(line)) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
    )
}

test('nothing but the table decides by the kind of a source', () => {
  const files = ROOMS.flatMap((room) => readdirSync(join(SRC, room)).map((name) => `${room}/${name}`)).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.generated.ts') && file !== THE_PLACE,
  )
  assert.ok(files.length > 30, `${files.length} files`)
  assert.equal(
    files.flatMap((file) => decisionsIn(file, readFileSync(join(SRC, file), 'utf8'))),
    [],
  )
})

for (const line of [
  "if (source.kind !== 'async') return",
  "const tied = this.#state.source.kind === 'witness'",
  "this.#whole = kind === 'memory'",
  "if ('memory' === kind) return",
  "    case 'witness':",
  'setSource({ memory: 1, witness: 2, async: 3 }[source.kind])',
  'switch (state.source.kind) {',
  'if (source.kind === MEMORY) return',
  'if (MEMORY === this.#source.kind) return',
]) {
  test(`a planted decision is found: ${line}`, () => assert.is(decisionsIn('planted.ts', line).length, 1))
}

for (const kind of SOURCE_KINDS) {
  test(`capabilities of ${kind} go together`, () => {
    const { rootBy, complete, partialWitness, fetches, triesFromBase, rows } = capabilitiesOf({ kind })
    // What is not in memory is nowhere, in the tries, at the source, or in its rows.
    assert.is([complete, partialWitness, fetches, rows].filter(Boolean).length, 1)
    // Tries of the core are made from base values or were put, or are in rows.
    assert.is(rootBy === 'core', triesFromBase || partialWitness || rows)
    assert.not(triesFromBase && partialWitness)
  })
}

test.run()
