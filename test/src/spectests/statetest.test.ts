// State tests: our own files with both engines, and a sample of the official ones with the core's EVM where they are
// there. All of them: parallevm statetest FOLDER. PARALLEVM_STATE_TESTS names the folder they were unpacked to; without
// it the sample is unpacked from the fixtures.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CaseResult, readTests, testFiles } from '../../../src/spectests/files.js'
import type { PostEntry, StateTest } from '../../../src/spectests/json.js'
import { stateTest } from '../../../src/spectests/schema.js'
import { runStateFile } from '../../../src/spectests/stateFile.js'
import { StateTestMachine } from '../../../src/spectests/stateMachine.js'

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

function assertAllPass(results: CaseResult[]): void {
  const failures = results.filter(({ pass }) => !pass)
  assert.equal(failures.slice(0, 10), [])
  assert.ok(results.length > 0, 'no case')
}

const own = join(process.cwd(), 'test/data/state')

for (const engine of ['wasm', 'ethereumjs'] as const) {
  test(`our state tests: ${engine}`, async () => {
    const machine = new StateTestMachine(engine)
    for (const file of testFiles([own])) assertAllPass(await runStateFile(machine, file, {}))
  })

  test(`a wrong state root, log or expectation fails: ${engine}`, async () => {
    const machine = new StateTestMachine(engine)
    const run = async (name: string, change: (test: StateTest) => void): Promise<string> => {
      const [, found] = readTests<StateTest>(join(own, 'basics.json'), 'post', stateTest).find(
        ([each]) => each === name,
      )!
      const copy = structuredClone(found)
      change(copy)
      const [fork, entries] = Object.entries(copy.post)[0]!
      return (await machine.run(copy, fork, entries[0]!)).failure ?? 'none'
    }
    const entryOf = (each: StateTest) => Object.values(each.post)[0]![0]!
    assert.is(await run('storeAndLog', () => {}), 'none')
    assert.match(
      await run('storeAndLog', (each) => {
        each.env.currentTimestamp = '0x5'
      }),
      /state root is 0x[0-9a-f]{64}, not/,
    )
    assert.match(
      await run('storeAndLog', (each) => {
        entryOf(each).logs = `0x${'00'.repeat(32)}`
      }),
      /hash of logs is/,
    )
    assert.match(
      await run('storeAndLog', (each) => {
        entryOf(each).expectException = 'TransactionException.NONCE_MISMATCH_TOO_LOW'
      }),
      /accepted \(success, gas \d+\), but breaks TransactionException.NONCE_MISMATCH_TOO_LOW/,
    )
    assert.match(
      await run('nonceTooLow', (each) => {
        entryOf(each).expectException = 'TransactionException.SENDER_NOT_EOA'
      }),
      /refused .* not for TransactionException.SENDER_NOT_EOA/,
    )
    assert.match(
      await run('nonceTooLow', (each) => {
        delete entryOf(each).expectException
      }),
      /refused although it is valid/,
    )
  })

  test(`the bytes of the transaction are what is executed, not its fields: ${engine}`, async () => {
    const machine = new StateTestMachine(engine)
    const [, found] = readTests<StateTest>(join(own, 'basics.json'), 'post', stateTest).find(
      ([name]) => name === 'storeAndLog',
    )!
    const run = async (fork: string, change: (test: StateTest, entry: PostEntry) => void): Promise<string> => {
      const copy = structuredClone(found)
      const entry = copy.post[fork]![0]!
      change(copy, entry)
      return (await machine.run(copy, fork, entry)).failure ?? 'none'
    }
    /** The field `at` of the signed transaction, counted from its end. */
    const withField = (entry: PostEntry, at: number, value: Uint8Array): void => {
      const bytes = hexToBytes(entry.txbytes!)
      const typed = bytes[0]! < 0xc0
      const fields = RLP.decode(typed ? bytes.subarray(1) : bytes) as Uint8Array[]
      fields[fields.length + at] = value
      const encoded = RLP.encode(fields)
      entry.txbytes = bytesToHex(typed ? Uint8Array.from([bytes[0]!, ...encoded]) : encoded)
    }
    for (const fork of ['Frontier', 'London']) {
      assert.ok(found.post[fork]![0]!.txbytes !== undefined, fork)
      // Fields that say something else change nothing.
      const other = await run(fork, ({ transaction }) => {
        transaction.nonce = '0x77'
        transaction.value = ['0x1234']
        transaction.data = ['0x']
        transaction.sender = `0x${'ab'.repeat(20)}`
      })
      assert.is(other, 'none')
      // Bytes that say something else do: another value is another message, signed by somebody else, who has nothing.
      assert.match(
        await run(fork, (_, entry) => withField(entry, -5, Uint8Array.of(9))),
        /refused although it is valid/,
      )
      const zero = new Uint8Array(0)
      assert.match(await run(fork, (_, entry) => withField(entry, -2, zero)), /refused .*MALFORMED_TRANSACTION/)
      const refused = await run(fork, (_, entry) => {
        withField(entry, -1, zero)
        entry.expectException = 'TransactionException.INVALID_SIGNATURE_VRS'
        entry.hash = found.post[fork]![0]!.hash
      })
      assert.match(refused, /^state root is/)
      for (const bytes of ['0xff', '0xc0', '0x05', '0x02c0'] as const) {
        const failure = await run(fork, (_, entry) => {
          entry.txbytes = bytes
        })
        assert.match(failure, /refused although it is valid/, bytes)
      }
    }
  })
}

const folder = stateTestFolder()
if (folder === undefined) console.log(`no official state tests: set PARALLEVM_STATE_TESTS (looked for ${archive})`)

for (const path of folder === undefined ? [] : SAMPLE) {
  test(`official state tests: ${path}`, async () => {
    const machine = new StateTestMachine('wasm')
    const results: CaseResult[] = []
    for (const file of testFiles([join(folder as string, path)]))
      results.push(...(await runStateFile(machine, file, {})))
    assertAllPass(results)
  })
}

test.run()
