// What cannot be forgotten: commands and state sources, wherever they are to be named.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../src/blockFiles/index.js'
import { COMMANDS } from '../src/cli/commands.js'
import { SOURCES, SUBJECTS } from '../src/fuzz/subjects.js'
import * as api from '../src/index.js'
import { SOURCE_KINDS } from '../src/sources/capabilities.js'

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8')

/** Files of a folder whose text has the pattern, with what it found first. */
function found(folder: string, pattern: RegExp): [file: string, name: string][] {
  return readdirSync(join(packageRoot(), folder))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file): [string, string][] =>
      [...read(`${folder}/${file}`).matchAll(pattern)].map(([, name]) => [`${folder}/${file}`, name as string]),
    )
}

// --- Commands -------------------------------------------------------------------------------------------------------------------

const commands = COMMANDS.map(({ name }) => name)
const loaded = await Promise.all(COMMANDS.map(({ load }) => load()))

test('every command that a file of src/cli makes is in src/cli/commands.ts', () => {
  const made = found('src/cli', /new Command\('(\w+)'\)/g).filter(([file]) => file !== 'src/cli/main.ts')
  assert.equal(
    made.filter(([, name]) => !commands.includes(name)).map(([file, name]) => `${file}: ${name} is no row of COMMANDS`),
    [],
  )
  assert.is(new Set(commands).size, made.length)
  assert.equal(
    loaded.map((command) => command.name()),
    commands,
  )
})

test('every command can say its options', () => {
  for (const command of loaded) assert.match(command.helpInformation(), `Usage: ${command.name()} `)
})

test('docs/cli.md has every command, and no other', () => {
  const page = read('docs/cli.md').split('\n## ')[0] as string
  const rows = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name as string)
  assert.equal(
    [...new Set([...commands, ...rows])].filter((name) => !commands.includes(name) || !rows.includes(name)),
    [],
  )
  const shown = [...page.matchAll(/npx parallevm (\w+)/g)].map(([, name]) => name)
  assert.equal(
    commands.filter((name) => !shown.includes(name)).map((name) => `${name} has no example`),
    [],
  )
})

test('docs/cli.md has every option of every command', () => {
  const page = read('docs/cli.md')
  const line = (name: string) => page.split('\n').find((text) => text.startsWith(`| \`${name}\``)) ?? ''
  const shared = ['--engine', '--threads']
  const missing = loaded.flatMap((command) =>
    command.options
      .map(({ long }) => long as string)
      .filter((option) => !shared.includes(option) && !line(command.name()).includes(`\`${option}\``))
      .map((option) => `${command.name()} ${option}`),
  )
  assert.equal(missing, [])
})

// --- State sources --------------------------------------------------------------------------------------------------------------

const sources = Object.entries(api)
  .filter(([name, value]) => /State$/.test(name) && typeof value === 'function')
  .map(([name]) => name)

test('every state source of src/sources and src/store is exported from src/index.ts', () => {
  const both = (pattern: RegExp) => ['src/sources', 'src/store'].flatMap((folder) => found(folder, pattern))
  const made = both(/^export (?:async )?function (\w+State)\b/gm)
  assert.equal(
    made.filter(([, name]) => !sources.includes(name)).map(([file, name]) => `${file}: ${name} is not exported`),
    [],
  )
  assert.equal(made.map(([, name]) => name).sort(), [...sources].sort())
  // A file that answers with a kind makes a source, whatever it calls it.
  const kinds = found('src/sources', /^ +kind: '(\w+)',$/gm)
  const stores = found('src/store', /^ +readonly kind = '(\w+)'$/gm)
  assert.equal(
    kinds.filter(([file]) => !made.some(([maker]) => maker === file)).map(([file]) => `${file}: name it ...State`),
    [],
  )
  assert.equal(
    SOURCE_KINDS.filter((kind) => ![...kinds, ...stores].some(([, name]) => name === kind)).map(
      (kind) => `nothing is of kind ${kind}`,
    ),
    [],
  )
})

test('docs/library.md has every state source, with what its comment says', async () => {
  const { page } = (await import(join(packageRoot(), 'scripts/build-states.mjs'))) as { page(): string }
  const untold = (text: string) => sources.filter((name) => !text.includes(`| \`${name}(`))
  assert.equal(untold(page()), [], 'without a comment that the page could have')
  assert.equal(untold(read('docs/library.md')), [], 'npm run docs:states writes them into the page')
  assert.is(read('docs/library.md'), page(), 'npm run docs:states writes it')
})

/** A node is no part of the package: test/src/sources/rpcState.test.ts has one. Other asynchronous sources are fuzzed. */
const NOT_FUZZED = ['rpcState']

test('every state source is fuzzed', () => {
  const fuzzed: string[] = [...SOURCES.map((name) => SUBJECTS[name].factory), ...NOT_FUZZED]
  assert.equal(
    sources.filter((name) => !fuzzed.includes(name)).map((name) => `${name} has no row in SUBJECTS`),
    [],
  )
})

test.run()
