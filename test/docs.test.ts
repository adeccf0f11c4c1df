// The pages in docs/ say what is so: each is compared with the code that it is about.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { REFUSAL_REASONS } from '../src/abi/outcome.js'
import { packageRoot } from '../src/blockFiles/index.js'
import { ROOMS } from './support/rooms.js'

const ROOT = packageRoot()
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** Paths of the text files below a folder that the project itself wrote. */
function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => pattern.test(file) && !/node_modules|\.generated\./.test(file))
    .sort()
}

interface ErrorPage {
  sources(): { file: string; text: string }[]
  codesOf(files: { file: string; text: string }[]): Map<string, Set<string>>
  problems(codes: Map<string, Set<string>>): string[]
  page(codes: Map<string, Set<string>>): string
}
const errors = (await import(join(ROOT, 'scripts/build-errors.mjs'))) as ErrorPage
const data = (await import(join(ROOT, 'scripts/errors.data.mjs'))) as { RULES: [rule: string, meaning: string][] }

test('docs/errors.md has every error code in src/, and no other', () => {
  const codes = errors.codesOf(errors.sources())
  assert.equal(errors.problems(codes), [], 'correct scripts/errors.data.mjs')
  assert.is(read('docs/errors.md'), errors.page(codes), 'npm run docs:errors writes it')
  assert.equal(
    data.RULES.map(([rule]) => rule),
    REFUSAL_REASONS,
  )
})

test('a code that is new, in whatever way it is thrown, is told', () => {
  const planted = [
    "throw new EngineError('BRAND_NEW', 'text')",
    "fail('PLANTED', `text`)",
    "export class A extends ParallevmError {\n  constructor() {\n    super(\n      'IN_SUPER',",
    "const code = test ? 'OUT_OF_SPACE' : 'CHOSEN_LATER'",
  ]
  const codes = errors.codesOf(planted.map((text) => ({ file: 'src/a.ts', text })))
  assert.equal(
    ['BRAND_NEW', 'PLANTED', 'IN_SUPER'].map((code) => [...(codes.get(code) ?? [])]),
    [['EngineError'], ['InvalidBlockError'], ['A']],
  )
  const told = errors.problems(codes)
  for (const code of ['BRAND_NEW', 'PLANTED', 'IN_SUPER', 'CHOSEN_LATER']) {
    assert.ok(told.includes(`${code} is in src/ and not on the page`), code)
  }
  assert.ok(told.includes('MISSING_NODE is on the page and not in src/'))
})

test('docs/testing.md has every variable PARALLEVM_*, and no other', () => {
  const NAME = /\bPARALLEVM_[A-Z0-9_]+\b/g
  const code = ['src', 'test', 'bench', 'scripts', '.ci'].flatMap((folder) => filesIn(folder, /\.(ts|mjs|sh)$|\/run$/))
  const used = new Set([...code.map(read), read('package.json')].flatMap((text) => text.match(NAME) ?? []))
  const named = new Set(read('docs/testing.md').match(NAME))
  assert.equal([...named].sort(), [...used].sort())
})

test('docs/testing.md names every test file', () => {
  const page = read('docs/testing.md')
  const names = filesIn('test', /\.test\.ts$/).map((file) => file.replace(/^.*\/|\.test\.ts$/g, ''))
  assert.equal(
    names.filter((name) => !page.includes(`\`${name}\``)),
    [],
  )
})

test('docs/architecture.md has every room', () => {
  const rows = read('docs/architecture.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  const rooms = [...ROOMS.assembly, ...ROOMS.src].filter((room) => !room.endsWith('.generated'))
  assert.equal(rows, rooms)
})

const DECISION = /^(\d{4})-[\w-]+\.md$/
const decisions = readdirSync(join(ROOT, 'docs/adr')).filter((file) => DECISION.test(file))

test('decisions are numbered 1, 2, 3, each is dated and in the index', () => {
  const index = read('docs/adr/README.md')
  assert.equal(
    decisions.map((file) => Number(file.slice(0, 4))),
    decisions.map((_, position) => position + 1),
  )
  for (const file of decisions) {
    const [, number, title, date] = /^# (\d+)\. (.+)\n\nDate: (\d{4}-\d\d-\d\d)\n/.exec(read(`docs/adr/${file}`)) ?? []
    assert.is(Number(number), Number(file.slice(0, 4)), file)
    assert.ok(index.includes(`| ${number} | [${title}](${file}) | ${date} | `), `${file} in docs/adr/README.md`)
  }
})

test('every decision is cited from the code that it explains, and every citation exists', () => {
  const cited = new Set<string>()
  for (const file of ['src', 'assembly'].flatMap((folder) => filesIn(folder, /\.(ts|mjs)$/))) {
    for (const [, number, name] of read(file).matchAll(/decision (\d+) \(docs\/adr\/([\w.-]+?)\)/gi)) {
      assert.is(Number(number), Number(name?.slice(0, 4)), `${file} cites ${number}`)
      assert.ok(existsSync(join(ROOT, 'docs/adr', name as string)), `${file} cites ${name}`)
      cited.add(name as string)
    }
  }
  assert.equal([...cited].sort(), decisions)
})

test('links between the pages lead somewhere', () => {
  const pages = [...filesIn('docs', /\.md$/), 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'fixtures/README.md']
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(ROOT, dirname(page), target as string)), `${page} links to ${target}`)
    }
  }
})

test('the pages name only files of the project that exist', () => {
  for (const page of ['CONTRIBUTING.md', ...filesIn('docs', /^docs\/[\w-]+\.md$/)]) {
    for (const [, path] of read(page).matchAll(/`((?:src|assembly|test|scripts|bench|docs)\/[\w./-]+\.\w+)`/g)) {
      assert.ok(existsSync(join(ROOT, path as string)), `${page} names ${path}`)
    }
  }
})

test.run()
