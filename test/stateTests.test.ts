// A sample of the official state tests with the core's EVM. All of them: node dist/scripts/state-tests.js FOLDER.
// PARALLEVM_STATE_TESTS names the folder they were unpacked to; without it the sample is unpacked from the fixtures.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { newMachine, runStateTest, type StateTest } from './support/stateTests.js'

/** One folder or file for each set of rules; about 2,500 entries. */
const SAMPLE = [
  'frontier/create',
  'frontier/opcodes/test_all_opcodes.json',
  'homestead/coverage',
  'berlin/eip2930_access_list',
  'shanghai/eip3855_push0',
  'shanghai/eip3860_initcode',
  'paris/eip7610_create_collision',
  'static/state_tests/Cancun',
  'cancun/eip6780_selfdestruct',
  'prague/eip7702_set_code_tx/test_gas_cost.json',
  'osaka/eip7939_count_leading_zeros',
  'static/state_tests/stRevertTest',
  'static/state_tests/stRefundTest',
  'static/state_tests/stSStoreTest',
  'static/state_tests/stEIP1559',
]

const archive = join(
  process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'),
  'eest/state_tests.tar.xz',
)
const unpacked = mkdtempSync(join(tmpdir(), 'parallevm-state-tests-'))
test.after(() => rmSync(unpacked, { recursive: true }))

function stateTestFolder(): string | undefined {
  const named = process.env.PARALLEVM_STATE_TESTS
  if (named !== undefined) return named
  if (!existsSync(archive)) return undefined
  execFileSync('tar', ['-xJf', archive, '-C', unpacked, ...SAMPLE.map((path) => `state_tests/${path}`)])
  return join(unpacked, 'state_tests')
}

const folder = stateTestFolder()
if (folder === undefined) console.log(`no state tests: set PARALLEVM_STATE_TESTS (looked for ${archive})`)

for (const path of folder === undefined ? [] : SAMPLE) {
  test(`state tests: ${path}`, async () => {
    const machine = newMachine()
    const at = join(folder as string, path)
    const files = path.endsWith('.json') ? [at] : jsonFiles(at)
    const failures: string[] = []
    let passed = 0
    for (const file of files) {
      for (const [name, stateTest] of Object.entries(
        JSON.parse(readFileSync(file, 'utf8')) as Record<string, StateTest>,
      )) {
        for (const [fork, entries] of Object.entries(stateTest.post)) {
          for (const entry of entries) {
            const { failure } = await runStateTest(machine, stateTest, fork, entry, { root: passed % 10 === 0 })
            if (failure === undefined) passed += 1
            else failures.push(`${name} ${fork}: ${failure}`)
          }
        }
      }
    }
    assert.equal(failures.slice(0, 10), [])
    assert.ok(passed > 0, 'no test in the folder')
  })
}

function jsonFiles(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => join(at, file))
}

test.run()
