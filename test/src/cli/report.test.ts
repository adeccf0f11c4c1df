import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type MeasuredBlock, makeReport } from '../../../src/cli/report.js'
import { REPORT_COLUMNS, renderReport } from '../../../src/cli/reportText.js'

function block(name: string, transactions: number, gasUsed: number, times: [string, number, number][]): MeasuredBlock {
  return {
    name,
    number: name,
    fork: 'cancun',
    transactions,
    gasUsed,
    mismatches: [],
    measurements: times.map(([label, execution, total]) => ({
      label,
      ms: { prepare: 3, senders: 1, execution, receipts: 1, total },
      cpu: 1500 * total,
      least: total,
      reexecutions: 2,
      mode: 'parallel',
    })),
  }
}

const plan = { runs: 3, warmup: 1, root: true, givenSenders: false }
const blocks = [
  block('1', 10, 2_000_000, [
    ['sequential', 100, 200],
    ['wasm x2', 25, 100],
  ]),
  block('2', 10, 1_000_000, [
    ['sequential', 100, 100],
    ['wasm x2', 100, 200],
  ]),
  block('3', 0, 0, [
    ['sequential', 1, 1],
    ['wasm x2', 4, 4],
  ]),
]

test('speed-ups are over the first contender, sums and geometric means', () => {
  const [sequential, wasm] = makeReport(plan, blocks).totals
  assert.equal(sequential!.speedup, { execution: 1, total: 1 })
  assert.equal(wasm!.ms, { prepare: 9, senders: 3, execution: 129, receipts: 3, total: 304 })
  assert.is(wasm!.speedup.execution, 201 / 129)
  assert.is(wasm!.speedup.total, 301 / 304)
  // The block without transactions counts in the sums, not in the mean: 4x and 1x, 2x and 0.5x.
  assert.ok(Math.abs(wasm!.geometricMean.execution - 2) < 1e-12)
  assert.ok(Math.abs(wasm!.geometricMean.total - 1) < 1e-12)
  assert.is(wasm!.slowerBlocks, 2)
  assert.is(wasm!.reexecutions, 6)
})

test('rates: gas over the execution stage and in total, transactions in total, processor time a transaction', () => {
  const report = makeReport(plan, blocks)
  const [wasm, total] = [report.blocks[0]!.measurements[1]!, report.totals[1]!]
  assert.equal(wasm.mgasPerSecond, { execution: 80, total: 20 })
  assert.equal(total.mgasPerSecond, { execution: 3_000_000 / 1e3 / 129, total: 3_000_000 / 1e3 / 304 })
  assert.is(wasm.transactionsPerSecond, 100)
  assert.is(total.transactionsPerSecond, 20_000 / 304)
  assert.is(wasm.cpuPerTransaction, 15_000)
  assert.is(total.cpu, 1500 * 304)
  assert.is(total.cpuPerTransaction, (1500 * 304) / 20)
  assert.is(report.blocks[2]!.measurements[1]!.transactionsPerSecond, 0)
  assert.ok(Number.isNaN(report.blocks[2]!.measurements[1]!.cpuPerTransaction))
})

test('the table has each stage, the whole time and what it comes to a second and a transaction', () => {
  const lines = renderReport(makeReport(plan, blocks)).split('\n')
  const [head, , , row] = lines
  assert.is(
    head!.replace(/ +/g, ' '),
    'block, engine prepare senders exec receipts root total faster re-exec Mgas/s tx/s us/tx',
  )
  assert.is(row!.replace(/ +/g, ' '), ' wasm x2 3.00 1.00 25.0 1.00 - 100 2.00x 2 20.0 100 15.0k')
  const sums = lines[lines.findIndex((line) => line.startsWith('all blocks')) + 2]
  assert.is(sums!.replace(/ +/g, ' '), 'wasm x2 9.00 3.00 129 3.00 - 304 0.99x 6 9.87 65.8 22.8k')
})

test('where the senders came from is said', () => {
  assert.match(renderReport(makeReport(plan, blocks)), /senders recovered from the signatures by every contender/)
  assert.match(
    renderReport(makeReport({ ...plan, givenSenders: true }, blocks)),
    /senders from the files that have them/,
  )
})

test('the table cuts speed-ups rather than rounding them up', () => {
  const text = renderReport(
    makeReport(plan, [
      block('1', 1, 1e6, [
        ['sequential', 1999, 2999],
        ['wasm x2', 1000, 1000],
      ]),
    ]),
  )
  assert.match(text, /1\.99x/)
  assert.match(text, /2\.99x/)
  assert.not.match(text, /3\.00x/)
})

test('a wrong result is in the report, and the report does not claim that all is well', () => {
  const wrong = { ...blocks[0]!, mismatches: ['block 1: gasUsed of wasm x2 is 1, but the header has 2'] }
  const report = makeReport(plan, [wrong, blocks[1]!])
  assert.equal(report.mismatches, wrong.mismatches)
  const text = renderReport(report)
  assert.match(text, /1 WRONG RESULTS:\nblock 1: gasUsed of wasm x2 is 1, but the header has 2/)
  assert.not.match(text, /Every run/)
})

test('an engine that fell back is named with the reason', () => {
  const [sequential, wasm] = blocks[0]!.measurements
  const fell = { ...blocks[0]!, measurements: [sequential!, { ...wasm!, fallback: 'EIP-1 activated' }] }
  const report = makeReport(plan, [fell, blocks[1]!])
  assert.is(report.blocks[0]!.measurements[1]!.fallback, 'EIP-1 activated')
  const line = 'block 1: wasm x2 fell back to engine ethereumjs: EIP-1 activated'
  assert.is(renderReport(report).split(line).length, 2)
})

test('a stage that was not run is shown as absent, not as zero', () => {
  const line = renderReport(makeReport(plan, blocks))
    .split('\n')
    .find((row) => row.includes('wasm x2'))!
  assert.match(line, /25\.0 +1\.00 +- +100 /)
})

test('the tables and notes fit 100 columns, whatever the names and numbers', () => {
  assert.is(REPORT_COLUMNS, 100)
  const labels = ['sequential', 'wasm x63', 'ethereumjs x63']
  for (const [scale, name] of [
    [1, '1'],
    [1e-2, 'x'.repeat(300)],
    [123_456, 'y'.repeat(90)],
  ] as const) {
    const measured = block(
      name,
      99_999,
      60_000_000,
      labels.map((label, index) => [label, scale * 7 ** (3 - index), 9 * scale]),
    )
    const fell = measured.measurements.map((each) => ({
      ...each,
      mode: 'sequential' as const,
      fallback: 'the hardfork is one of its own',
      reexecutions: 9_999,
      ms: { ...each.ms, prepare: scale, senders: scale, receipts: scale, root: scale },
      cpu: 1e9 * scale,
    }))
    const blocks = Array<MeasuredBlock>(1000).fill({ ...measured, fork: 'tangerineWhistle', measurements: fell })
    const lines = renderReport(makeReport({ ...plan, runs: 1000, warmup: 1000, baselineRuns: 10 }, blocks)).split('\n')
    const wide = lines.filter((line) => line.length > 100 && !/^(Node v|block .* fell back)/.test(line))
    assert.equal(wide.slice(0, 3), [])
    assert.ok(lines.some((line) => /^ {2}ethereumjs x63\*! /.test(line)))
  }
})

test('marks are explained where they stand, and only there', () => {
  const [sequential, wasm] = blocks[0]!.measurements
  const render = (measurement: object) =>
    renderReport(makeReport(plan, [{ ...blocks[0]!, measurements: [sequential!, { ...wasm!, ...measurement }] }]))
  assert.match(render({ mode: 'sequential' }), /^ {2}wasm x2\* .*^\* in block order/ms)
  assert.match(render({ fallback: 'EIP-1' }), /^ {2}wasm x2! .*^! executed by engine ethereumjs/ms)
  assert.not.match(render({}), /^[*!]|wasm x2[*!]/m)
})

test.run()
