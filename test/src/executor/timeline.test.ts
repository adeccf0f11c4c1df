// What threads say that they did when: one thing after another, and all that the statistics have.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { TimelineFile } from '../../../src/cli/timeline.js'
import { BlockExecutor, type BlockResult, type Span } from '../../../src/index.js'
import { SpanRing } from '../../../src/workers/spans.js'
import { workloadChain } from '../../support/workloadChain.js'

const chain = await workloadChain('uniswap-v2-one', 12_000_000, [1, 1, 1, 1])

/** The clock of a worker and that of this thread differ by no more, ms. */
const SKEW = 1

async function run(
  engine: 'wasm' | 'ethereumjs',
  timeline: boolean,
): Promise<{ results: BlockResult[]; since: number }> {
  const since = performance.now()
  const executor = await BlockExecutor.create({ state: chain.state(), threads: 2, engine, timeline })
  const results: BlockResult[] = []
  try {
    for await (const result of executor.executeAll(chain.blocks, { mode: 'parallel' })) results.push(result)
  } finally {
    await executor.close()
  }
  return { results, since }
}

for (const engine of ['wasm', 'ethereumjs'] as const) {
  test(`engine ${engine}: spans of a thread follow each other, and add up to its stages`, async () => {
    const { results, since } = await run(engine, true)
    const spans = results.flatMap(({ stats }) => stats.timeline as Span[])
    const ends = new Map<number, number>()
    for (const { thread, start, end } of spans) {
      assert.ok(start >= (ends.get(thread) ?? since) - SKEW && end >= start && end <= performance.now() + SKEW)
      ends.set(thread, end)
    }
    assert.equal([...ends.keys()].sort(), engine === 'wasm' ? [0, 1] : [0, 1, 2])
    const seen = new Set(spans.map(({ stage }) => stage))
    for (const stage of ['prepare', 'next', 'execution', 'root', 'result', 'settle', 'waiting'] as const) {
      assert.ok(seen.has(stage), `${stage} is not among ${[...seen]}`)
    }
    const sum = (stage: Span['stage']) =>
      spans.reduce((ms, span) => ms + (span.stage === stage ? span.end - span.start : 0), 0)
    const said = (stage: 'execution' | 'receipts') =>
      results.flatMap(({ stats }) => stats.workers).reduce((ms, worker) => ms + worker.ms[stage], 0)
    // What a thread waits for counts for the stage that it is in.
    assert.ok(sum('execution') <= said('execution') + SKEW, `${sum('execution')} of ${said('execution')} ms`)
    assert.ok(sum('execution') + sum('waiting') >= said('execution') - SKEW)
    assert.ok(Math.abs(sum('receipts') - said('receipts')) < SKEW)
    // Of each transaction each execution, to its end or until it waits.
    const executions = results.flatMap(({ stats }) => stats).reduce((all, stats) => all + stats.executions, 0)
    const own = spans.filter(({ transaction }) => transaction !== undefined)
    for (const { stage } of own) assert.is(stage, 'execution')
    // The block's own work before and after them is two more.
    assert.is(own.length, engine === 'wasm' ? executions - 2 * results.length : 0)
    const transactions = new Set(own.map(({ transaction }) => transaction))
    assert.is(transactions.size, engine === 'wasm' ? Math.max(...results.map(({ receipts }) => receipts.length)) : 0)
  })
}

test('without the option nothing is said', async () => {
  const { results } = await run('wasm', false)
  for (const { stats } of results) assert.not('timeline' in stats)
})

test('a ring that nobody reads keeps the newest', () => {
  const ring = new SpanRing(SpanRing.buffer())
  const reader = ring
  for (let index = 0; index < 20_000; index++) ring.add('root', index, index + 0.5)
  const spans = reader.take(3)
  assert.is(spans.length, 8192)
  assert.ok(Math.abs((spans.at(-1)?.end as number) - 19_999.5) < 0.001)
  assert.ok(Math.abs((spans[0]?.start as number) - (20_000 - 8192)) < 0.001)
  assert.equal(ring.take(3), [])
})

test('the file has an event for each span, and names of the threads', async () => {
  const { results } = await run('wasm', true)
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-'))
  try {
    const file = new TimelineFile()
    for (const result of results) file.add(`block ${result.number}`, result)
    file.write(join(folder, 'trace.json'))
    const { traceEvents } = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8'))
    const named = traceEvents.filter(({ ph }: { ph: string }) => ph === 'M')
    assert.equal(named.map(({ args }: { args: { name: string } }) => args.name).sort(), ['calling thread', 'worker 1'])
    const events = traceEvents.filter(({ ph }: { ph: string }) => ph === 'X')
    assert.is(events.length, results.flatMap(({ stats }) => stats.timeline as Span[]).length)
    const all = results.flatMap(({ stats }) => stats.timeline as Span[])
    for (const [index, { transaction }] of all.entries()) assert.is(events[index].args.transaction, transaction)
    const [first] = all
    const { start, end, stage, thread } = first as Span
    const { ts, dur, name, tid, pid } = events[0]
    assert.equal([ts, dur, name, tid, pid], [1000 * start, 1000 * (end - start), stage, thread, 1])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
