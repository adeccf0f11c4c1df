// Writes docs/errors.md from scripts/errors.data.mjs and from src/, which says what each code is thrown as.
// `problems` is what a test holds them to: every code in src/ has a row, and every row a code.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ERRORS, NO_CODES, RULES } from './errors.data.mjs'

const PROJECT = fileURLToPath(new URL('../', import.meta.url))
/** Any string of capitals is a code unless the data says that it is not, so that no way of throwing one is overlooked. */
const LITERAL = /'([A-Z]{4,}|[A-Z]{2,}(?:_[A-Z0-9]+)+)'/g
/** Functions of src/block that throw an InvalidBlockError with their first argument. */
const THROWERS = /\b(?:fail|expectEqual|expectHash)\(\s*$/

/** @returns {{ file: string, text: string }[]} */
export function sources() {
  return readdirSync(`${PROJECT}src`, { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .sort()
    .map((file) => ({ file, text: readFileSync(PROJECT + file, 'utf8') }))
}

/**
 * Every code in the files, with the classes it is thrown as.
 * @param {{ file: string, text: string }[]} files
 * @returns {Map<string, Set<string>>}
 */
export function codesOf(files) {
  const codes = new Map()
  for (const { text } of files) {
    for (const match of text.matchAll(LITERAL)) {
      const code = match[1]
      if (!codes.has(code)) codes.set(code, new Set())
      const thrownAs = classAt(text.slice(0, match.index))
      if (thrownAs !== undefined) codes.get(code).add(thrownAs)
    }
  }
  return codes
}

/** The class whose constructor gets the literal that follows this text. @param {string} before */
function classAt(before) {
  const made = /new (\w+)\(\s*$/.exec(before)
  if (made !== null) return made[1]
  if (THROWERS.test(before)) return 'InvalidBlockError'
  const inSuper = before.lastIndexOf('super(')
  const own = inSuper >= 0 && !before.slice(inSuper).includes('\n  }')
  return own ? [...before.matchAll(/^export class (\w+)/gm)].at(-1)?.[1] : undefined
}

/** @param {Map<string, Set<string>>} codes @returns {string[]} */
export function problems(codes) {
  const rows = ERRORS.flatMap(({ rows }) => rows)
  const documented = rows.map(([code]) => code)
  const known = new Set([...documented, ...RULES.map(([rule]) => rule), ...NO_CODES])
  return [
    ...[...codes.keys()].filter((code) => !known.has(code)).map((code) => `${code} is in src/ and not on the page`),
    ...[...known]
      .filter((code) => !codes.has(code) && !isRule(code))
      .map((code) => `${code} is on the page and not in src/`),
    ...documented.filter((code, index) => documented.indexOf(code) !== index).map((code) => `${code} is there twice`),
    ...rows.filter((row) => row.length !== 3 || row.includes('')).map(([code]) => `${code} lacks its cause or mend`),
  ]
}

/** Rules come from the core's constants; the test compares them with those. @param {string} code */
function isRule(code) {
  return RULES.some(([rule]) => rule === code)
}

/** @param {Map<string, Set<string>>} codes */
export function page(codes) {
  const lines = [
    '# Errors',
    '',
    '<!-- Written by scripts/build-errors.mjs from scripts/errors.data.mjs. Do not edit. -->',
    '',
    'Everything that this package throws on purpose is a `ParallevmError` with a `code`. Codes stay; messages may change. An error',
    'that a worker thread met arrives with its code, mostly as a plain `ParallevmError`: compare codes rather than classes.',
  ]
  for (const { title, about, rows } of ERRORS) {
    lines.push('', `## ${title}`, '', about, '', '| code | thrown as | cause | what to do |', '|---|---|---|---|')
    for (const [code, cause, mend] of rows) {
      const classes = [...(codes.get(code) ?? [])].sort().map((name) => `\`${name}\``)
      lines.push(`| \`${code}\` | ${classes.join(', ')} | ${cause} | ${mend} |`)
    }
  }
  lines.push('', '## Rules of a transaction', '')
  lines.push(
    'The message of INVALID_TRANSACTION reads `transaction 3, NONCE_MISMATCH: …`, or says in words what else is wrong.',
    '',
    '| rule | meaning |',
    '|---|---|',
  )
  for (const [rule, meaning] of RULES) lines.push(`| \`${rule}\` | ${meaning} |`)
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const codes = codesOf(sources())
  const found = problems(codes)
  writeFileSync(`${PROJECT}docs/errors.md`, page(codes))
  console.log(`docs/errors.md: ${ERRORS.reduce((sum, { rows }) => sum + rows.length, 0)} codes, ${RULES.length} rules`)
  for (const problem of found) console.error(problem)
  process.exitCode = found.length > 0 ? 1 : 0
}
