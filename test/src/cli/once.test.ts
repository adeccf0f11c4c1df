// Each block the first time that an executor meets it, beside its time when it is repeated.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import { measureOnce, type OnceReport, onceRunsOf, renderOnce } from '../../../src/cli/once.js'

const named = (name: string): BlockCase => loadCase(bundledCases().find((path) => path.includes(`${name}.`))!)
const small = named('mainnet-mix-small')
const hot = named('transfers-hot')
const options = { runs: 3, warmup: 1, root: true, givenSenders: false, mode: 'auto' } as const
const configurations = [{ engine: 'wasm', threads: 1 } as const]

async function measured(blocks: BlockCase[], others: BlockCase[]): Promise<{ report: OnceReport; log: string[] }> {
  const log: string[] = []
  const report = await measureOnce(blocks, others, configurations, options, (what) => log.push(what))
  assert.is(log.length, onceRunsOf(options, blocks.length, others.length, configurations.length))
  return { report, log }
}

test('an executor is warmed up on the other blocks alone, and the first run of the block is the cold one', async () => {
  const { report, log } = await measured([small, hot], [])
  const runs = (name: string) => Array(4).fill(`${name} wasm x1`)
  assert.equal(log, [
    ...[`warm-up for ${small.name}`, ...runs(small.name)],
    ...[`warm-up for ${hot.name}`, ...runs(hot.name)],
  ])
  assert.equal(report.mismatches, [])
  assert.equal(
    report.blocks.map(({ name, gasUsed }) => [name, gasUsed]),
    [small, hot].map(({ name, expected }) => [name, Number(expected.gasUsed)]),
  )
  const [total] = report.totals
  for (const side of ['cold', 'steady'] as const) {
    const each = report.blocks.map(({ measurements }) => measurements[0]![side].total)
    assert.is(total![side], each[0]! + each[1]!)
    for (const { measurements } of report.blocks) {
      const { prepare, senders, execution, receipts, root } = measurements[0]![side]
      for (const stage of [prepare, senders, execution, receipts, root]) assert.ok(stage! > 0)
    }
  }
  assert.is(total!.ratio, total!.cold / total!.steady)
  for (const { measurements } of report.blocks) {
    const [{ cold, steady, ratio }] = measurements as [OnceReport['blocks'][number]['measurements'][number]]
    assert.is(ratio, cold.total / steady.total)
    assert.is.not(cold.total, steady.total)
  }
})

test('one block alone is preceded by others', async () => {
  const { log } = await measured([small], [hot, hot])
  assert.equal(log.slice(0, 2), Array(2).fill(`warm-up for ${small.name}`))
})

test('a wrong result is found, cold runs included', async () => {
  const wrong = { ...small, expected: { ...small.expected, stateRoot: new Uint8Array(32).fill(7) } }
  const { report } = await measured([wrong], [hot])
  assert.match(report.mismatches.join('\n'), /stateRoot of wasm x1 is 0x\w+, but the header has 0x0707/)
  assert.match(renderOnce(report), /1 WRONG RESULTS/)
})

test('the table has each block, the sums, and 100 columns at most', () => {
  const stages = (total: number) => ({ prepare: 1, senders: 1, execution: 1, receipts: 1, total })
  const measurements = ['wasm x1', 'ethereumjs x63'].map((label) => {
    return { label, cold: stages(3000), steady: stages(2000), ratio: 1.5 }
  })
  const facts = { name: 'n'.repeat(200), number: '1', fork: 'osaka', transactions: 1, gasUsed: 6_000_000 }
  const text = renderOnce({
    machine: { node: 'v20', platform: 'linux', cpu: 'any', cores: 2 },
    plan: { runs: 1000, warmup: 1, root: true, givenSenders: false },
    blocks: [{ ...facts, measurements }],
    totals: [{ label: 'wasm x1', cold: 3000, steady: 2000, ratio: 1.5 }],
    mismatches: [],
  })
  const lines = text.split('\n')
  assert.equal(
    lines.filter((line) => line.length > 100),
    [],
  )
  assert.is(lines[2]!.replace(/ +/g, ' '), ' wasm x1 3000 2000 1.50x 2.00 3.00')
  assert.is(lines[5]!.replace(/ +/g, ' '), ' wasm x1 3000 2000 1.50x 2.00 3.00')
  assert.match(lines[4]!, /^all blocks/)
})

test.run()
