// Runs the test files (dist/test/**/*.test.js), each in a process of its own, as many at a time as there are cores. A file is one
// line with its time; what one that fails has printed follows it. An argument is a pattern of paths, as uvu takes it:
//
//   node scripts/test.mjs 'src/store/.*\.test\.js$'
//
// A file that takes longer than any should is ended, with the processes it has started, and fails.
//
// uvu's exit code is 0 when a `before` hook throws, and for a file that runs nothing: what passed is counted.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Files that take longest, begun first, so that none is left alone at the end. */
const LONGEST = [
  'cli/cli.',
  'wasmScenarios',
  'ethereumjsScenarios',
  'executeAllEnds',
  'cliOutput',
  'cliTests',
  'stmModel',
  'cli/node.',
  'build.',
  'corpus',
  'collect',
]

/** Seconds for one file. */
const LIMIT = 1200

const root = fileURLToPath(new URL('..', import.meta.url))
const pattern = new RegExp(process.argv[2] ?? '\\.test\\.js$', 'i')
const rank = (file) => {
  const place = LONGEST.findIndex((part) => file.includes(part))
  return place < 0 ? LONGEST.length : place
}
const files = readdirSync(`${root}dist/test`, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.js') && pattern.test(file))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
if (files.length === 0) {
  console.error(`no file of dist/test matches ${pattern}: npm run build makes them`)
  process.exit(2)
}

/** What this process has started goes with it: groups of their own do not hear of Ctrl-C. */
const running = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    for (const child of running) endGroup(child)
    process.kill(process.pid, signal)
  })

const begun = performance.now()
const seconds = (from) => ((performance.now() - from) / 1000).toFixed(1)
const sums = { total: 0, passed: 0, skipped: 0 }
const failed = []
const left = [...files]
await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, worker))

async function worker() {
  for (let file = left.shift(); file !== undefined; file = left.shift()) {
    const start = performance.now()
    const { code, output } = await run(file)
    const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map((name) => countIn(output, name))
    sums.total += total
    sums.passed += passed
    sums.skipped += skipped
    const good = code === 0 && total + skipped > 0 && passed === total
    console.log(`${good ? 'ok    ' : 'FAILED'} ${seconds(start).padStart(6)} s  ${passed}/${total}  ${file}`)
    if (good) {
      // What was left out, and what to set to have it.
      for (const line of output.split('\n'))
        if (/\bPARALLEVM_\w+|^skipped/.test(line)) console.log(`        ${line.trim()}`)
      continue
    }
    failed.push(file)
    console.log(output)
  }
}

function run(file) {
  const exact = `^${file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
  const uvu = [`${root}node_modules/uvu/bin.js`, 'dist/test', exact, '--no-color']
  // A group of its own, which can be ended as a whole.
  const child = spawn(process.execPath, uvu, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const timer = setTimeout(() => {
    output += `\nended after ${LIMIT} s\n`
    endGroup(child)
  }, LIMIT * 1000)
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ code, output })
    }),
  )
}

function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {}
}

function countIn(output, name) {
  return Number(new RegExp(`^ *${name}: +(\\d+)`, 'm').exec(output)?.[1] ?? 0)
}

for (const file of failed) console.log(`failed: ${file}`)
console.log(
  `\n  Total:     ${sums.total}\n  Passed:    ${sums.passed}\n  Skipped:   ${sums.skipped}\n  Duration:  ${seconds(begun)} s`,
)
process.exitCode = failed.length > 0 ? 1 : 0
