// The layout rules of assembly/: no formatter reads AssemblyScript's decorators. Those of biome.json, as far as lines tell.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = 'assembly'
const WIDTH = 120

const files = readdirSync(FOLDER, { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
  .map((file) => join(FOLDER, file))
  .sort()

/** The line without what its strings and its trailing comment say; `undefined` when all of it is comment. */
function codeOf(line) {
  if (/^\s*(\/\/|\/\*|\*)/.test(line)) return undefined
  return line.replace(/'[^']*'/g, "''").replace(/\s*\/\/.*$/, '')
}

function* lineProblems(line, previous) {
  if (line.includes('\t')) yield 'a tab: indent with spaces'
  if (/[ \t\r]$/.test(line)) yield 'trailing white space'
  if (line === '' && previous === '') yield 'two blank lines in a row'
  if (line.length > WIDTH) yield `${line.length} characters: at most ${WIDTH}`
  const code = codeOf(line)
  if (code === undefined) return
  if (/^ */.exec(line)[0].length % 2 === 1) yield 'indented by an odd number of spaces: indent by two'
  if (/["`]/.test(code)) yield 'quotes other than single ones'
  if (/\batomic\.wait\b/.test(code)) yield 'atomic.wait: use wait of mem/wait.ts, which says why'
  if (code.endsWith(';')) yield 'a semicolon at the end of the line'
}

const IMPORT = /^import \{([^}]*)\} from '([^']+)'/gm

function* importProblems(text) {
  const sources = new Map()
  const body = text.replace(IMPORT, '').split('\n').map(codeOf).join('\n')
  for (const { 1: names, 2: path, index } of text.matchAll(IMPORT)) {
    const source = path.replace(/\/index$/, '')
    const line = text.slice(0, index).split('\n').length
    if (sources.has(source)) yield [line, `'${source}' is imported in line ${sources.get(source)}: one import for both`]
    else sources.set(source, line)
    for (const item of names.split(',')) {
      const name = item.trim().split(' as ').at(-1)
      if (name !== '' && !new RegExp(`\\b${name}\\b`).test(body)) yield [line, `${name} is imported and not used`]
    }
  }
}

function* problemsOf(text) {
  const lines = text.split('\n')
  if (lines.pop() !== '') yield [lines.length + 1, 'no newline at the end of the file']
  if (lines.at(-1) === '') yield [lines.length, 'a blank line at the end of the file']
  for (const [i, line] of lines.entries()) {
    for (const problem of lineProblems(line, lines[i - 1])) yield [i + 1, problem]
  }
  yield* importProblems(text)
}

let found = 0
for (const file of files) {
  for (const [line, problem] of problemsOf(readFileSync(file, 'utf8'))) {
    console.error(`${file}:${line}: ${problem}`)
    found++
  }
}
if (found > 0) process.exitCode = 1
else console.log(`${FOLDER}: ${files.length} files checked, nothing found`)
