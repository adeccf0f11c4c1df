// Runs official state tests with the core's EVM: node dist/scripts/state-tests.js FOLDER [--only TEXT] [--fork NAME]
// [--root] [--failures N]. Prints passed and failed entries for each folder, and the first failures with their reasons.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { FORKS, newMachine, runStateTest, type StateTest } from '../test/support/stateTests.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    fork: { type: 'string' },
    root: { type: 'boolean', default: false },
    failures: { type: 'string', default: '20' },
  },
})
const folder = positionals[0]
if (folder === undefined) throw new Error('which folder?')
const shown = Number(values.failures)
/** A machine keeps the accounts of every test it ran. */
const TESTS_PER_MACHINE = 2000

const counts = new Map<string, { passed: number; failed: number; skipped: number; ms: number }>()
const failures: string[] = []
let machine = newMachine()
let sinceNew = 0
const start = performance.now()
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json') && !file.includes('.meta'))
  .sort()
for (const file of files) {
  const tests = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, StateTest>
  const group = dirname(relative(folder, join(folder, file)))
  const count = counts.get(group) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 }
  for (const [name, test] of Object.entries(tests)) {
    if (!`${file} ${name}`.includes(values.only)) continue
    for (const [fork, entries] of Object.entries(test.post)) {
      if (values.fork !== undefined && fork !== values.fork) continue
      for (const [i, entry] of entries.entries()) {
        if (FORKS[fork] === undefined) {
          count.skipped += 1
          continue
        }
        if (sinceNew++ >= TESTS_PER_MACHINE) {
          machine = newMachine()
          sinceNew = 0
        }
        let failure: string | undefined
        try {
          const run = await runStateTest(machine, test, fork, entry, { root: values.root })
          count.ms += run.ms
          failure = run.failure
        } catch (error) {
          failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
          machine = newMachine()
        }
        if (failure === undefined) count.passed += 1
        else {
          count.failed += 1
          failures.push(`${file} ${name.split('::').at(-1)} ${fork}[${i}]: ${failure}`)
        }
      }
    }
  }
  if (count.passed + count.failed + count.skipped > 0) counts.set(group, count)
}

const total = { passed: 0, failed: 0, skipped: 0, ms: 0 }
for (const [group, count] of counts) {
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped
  total.ms += count.ms
  console.log(
    `${count.failed > 0 ? 'FAIL' : 'ok  '} ${group}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped, ${count.ms.toFixed(0)} ms in the core`,
  )
}
for (const failure of failures.slice(0, shown)) console.log(`  ${failure}`)
const seconds = ((performance.now() - start) / 1000).toFixed(1)
console.log(
  `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped; ${seconds} s, ${total.ms.toFixed(0)} ms in the core`,
)
process.exitCode = total.failed > 0 ? 1 : 0
