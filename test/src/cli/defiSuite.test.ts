// `bench --suite defi`: what it measures, how it is shown, what it refuses; and the soak.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { Executors } from '../../../src/cli/contenders.js'
import { lineChart, stackChart } from '../../../src/cli/defi/charts.js'
import { FlatTotals } from '../../../src/cli/defi/flatTotals.js'
import { type DefiReport, defiRunsOf, labelOfCase, measureDefi, TARGET } from '../../../src/cli/defi/measure.js'
import { defiPage } from '../../../src/cli/defi/page.js'
import { measureRows } from '../../../src/cli/defi/row.js'
import { measureSoak } from '../../../src/cli/defi/soak.js'
import { renderSoak, soakPage } from '../../../src/cli/defi/soakReport.js'
import { renderDefi } from '../../../src/cli/defi/table.js'
import { DEFI_WORKLOADS, type DefiWorkload } from '../../../src/workloads/defi/index.js'
import { plainEnvironment } from '../../support/process.js'

const test = suite('defiSuite')
const folder = mkdtempSync(join(tmpdir(), 'parallevm-defi-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const workloads = DEFI_WORKLOADS.filter(({ name }) => ['transfers', 'oracle'].includes(name))
const plan = { gas: 400_000, threads: [2], runs: 1, warmup: 0, workloads }
let report: DefiReport

test('every workload is measured in both variants, on one thread and on those asked for', async () => {
  let runs = 0
  report = await measureDefi(plan, () => {
    runs++
  })
  assert.is(runs, defiRunsOf(plan))
  assert.equal(report.mismatches, [])
  assert.equal(report.cases.map(labelOfCase), ['transfers spread', 'transfers hot', 'oracle spread', 'oracle hot'])
  for (const { runs, rows, cores, chain, bound, stages, plain, transactions } of report.cases) {
    for (const all of [runs, rows])
      assert.equal(
        [...all].map(({ threads }) => threads),
        [1, 2],
      )
    const [one] = runs
    assert.ok(Math.abs(cores - (rows[0]!.cpu * TARGET) / 1e6) < 1e-9)
    for (const { pace, ms, least } of rows) {
      assert.ok(least > 0 && least <= ms && pace > 0 && Math.abs((pace * ms) / 1e3 - transactions) < transactions / 2)
    }
    assert.ok(chain > 0 && chain <= 1)
    assert.ok(Math.abs(bound.chain * stages.execution * chain - 1e6) < 1)
    assert.ok(Math.abs(one!.pace.total - (1e3 * transactions) / one!.ms.total) < 1e-6)
    assert.ok(plain.pace.total > 0)
  }
})

test('a row in which something else fails than was meant to is wrong, with the block and the transactions', async () => {
  const [honest] = workloads
  const lying: DefiWorkload = {
    ...honest!,
    setUp: async (site) => {
      const next = await honest!.setUp(site)
      return (plan) => ({ ...next(plan), fails: true })
    },
  }
  const [executors, timed] = [new Executors(), new Executors(true)]
  const rows = { gas: 200_000, seed: 1, threads: [1], runs: 1, warmup: 1 }
  try {
    const { mismatches } = await measureRows(executors, timed, lying, 'spread', rows)
    assert.is(mismatches.length, 16)
    assert.match(mismatches[0]!, /in a row: block 23950000: transactions [\d,]* failed, but 0,1,2,.* were meant to$/)
  } finally {
    await Promise.all([executors.close(), timed.close()])
  }
})

test('the table fits 100 columns and has a line for each', () => {
  const lines = renderDefi(report).split('\n')
  assert.equal(
    lines.filter((line) => line.length > 106 && !line.startsWith('Node ')),
    [],
  )
  for (const each of report.cases) assert.ok(lines.some((line) => line.startsWith(labelOfCase(each))))
  assert.match(lines.at(-1)!, /^Every run gave/)
  assert.match(renderDefi({ ...report, mismatches: ['one'] }), /1 WRONG RESULTS:\none$/)
})

test('the page has every case in each chart, and needs no network', () => {
  const text = defiPage(report)
  for (const each of report.cases) assert.ok(text.split(labelOfCase(each)).length >= 4, labelOfCase(each))
  assert.is(text.split('<svg ').length - 1, 3)
  assert.not.match(text, /https?:(?!\/\/www\.w3\.org\/2000\/svg)|NaN|Infinity/)
})

test('charts: parts are as long as their values, lines end at the top of the scale', () => {
  const stack = stackChart({
    unit: 'things',
    series: [
      { label: 'a', color: '#111' },
      { label: 'b', color: '#222' },
    ],
    rows: [{ label: '<row>', values: [10, 30], end: 'end' }],
  })
  const width = (color: string) => Number(new RegExp(`width="([\\d.]+)" height="14" fill="${color}"`).exec(stack)?.[1])
  assert.ok(Math.abs(width('#222') - 3 * width('#111')) < 0.3)
  assert.ok(stack.includes('&lt;row&gt;'))
  const line = lineChart({
    title: 'lines',
    x: { label: 'x', min: 1, max: 2, ticks: [1, 2] },
    y: { label: 'y', max: 2 },
    lines: [
      {
        label: 'one',
        color: '#333',
        width: 1,
        points: [
          [1, 0],
          [2, 2],
        ],
      },
    ],
  })
  assert.match(line, /points="70\.0,330\.0 900\.0,40\.0"/)
})

test('a soak ends with the state root that @ethereumjs makes of the same state', async () => {
  const soak = await measureSoak({ gas: 500_000, threads: 2, seconds: 1, workload: 'erc20' }, () => {})
  assert.equal(soak.mismatches, [])
  assert.is(soak.stateRoot, soak.checkedRoot)
  assert.ok(soak.compared > 0 && soak.compared <= 9)
  assert.ok(soak.blocks > 0 && soak.transactions > soak.blocks && soak.samples.length > 0)
  assert.is(
    soak.samples.reduce((sum, { transactions }) => sum + transactions, 0),
    soak.transactions,
  )
  assert.match(renderSoak(soak), /is that of @ethereumjs\/mpt/)
  assert.is(soakPage(soak).split('<svg ').length - 1, 2)
})

test('differences are added up: slots that become zero and accounts that end are gone', () => {
  const bytes = (length: number, value: number) => new Uint8Array(length).fill(value)
  const account = { address: bytes(20, 1), nonce: 1n, balance: 5n, codeHash: bytes(32, 9) }
  const totals = new FlatTotals([{ ...account, storage: [[bytes(32, 1), bytes(32, 7)]] }])
  const changed = { ...account, exists: true, storageCleared: false, balance: 6n }
  totals.add([{ ...changed, storage: [{ key: bytes(32, 2), value: bytes(32, 8) }] }])
  assert.equal(totals.accounts()[0]!.storage.length, 2)
  totals.add([{ ...changed, storage: [{ key: bytes(32, 1), value: bytes(32, 0) }] }])
  assert.equal(totals.accounts(), [{ ...account, balance: 6n, storage: [[bytes(32, 2), bytes(32, 8)]] }])
  totals.add([{ ...changed, storageCleared: true, storage: [] }])
  assert.equal(totals.accounts()[0]!.storage, [])
  totals.add([{ ...changed, exists: false, storage: [] }])
  assert.equal(totals.accounts(), [])
})

test('the command refuses what does not go with the suite, and measures what does', () => {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [main, 'bench', ...args], { encoding: 'utf8', env: plainEnvironment() })
  for (const [args, message] of [
    [['--only', 'erc20'], /--only and --soak are for --suite defi/],
    [['--suite', 'defi', '--only', 'nothing'], /no workload 'nothing' in the suite; it has transfers/],
    [['--suite', 'defi', '--suite-gas', '101'], /the suite takes up to 100000000/],
  ] as const) {
    const { status, stderr } = run(args)
    assert.is(status, 2, `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, message)
  }
  const page = join(folder, 'defi.html')
  const small = ['--only', 'transfers', '--suite-gas', '0.3', '--threads', '2', '--runs', '1', '--warmup', '0']
  const { status, stdout, stderr } = run(['--suite', 'defi', ...small, '--json', '--html', page])
  assert.is(status, 0, stderr)
  assert.is((JSON.parse(stdout) as DefiReport).cases.length, 2)
  assert.match(readFileSync(page, 'utf8'), /^<!doctype html>[\s\S]*<\/html>\n$/)
})

test.run()
