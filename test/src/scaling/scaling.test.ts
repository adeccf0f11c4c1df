// The model of many threads: known graphs take the time that is known, and no graph less than it can.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { Clock, type ThreadSteps } from '../../../src/scaling/clock.js'
import { COSTS, type Costs, POLICY } from '../../../src/scaling/policy.js'
import { limitOf, predict } from '../../../src/scaling/predict.js'
import { predictInRow } from '../../../src/scaling/row.js'
import { Scheduler } from '../../../src/scaling/scheduler.js'
import { Tasks } from '../../../src/scaling/tasks.js'
import type { BlockTrace, TracedRead, TracedTransaction } from '../../../src/scaling/trace.js'
import { Window } from '../../../src/scaling/window.js'

const test = suite('scaling')

/** Nothing but transactions takes time. */
const FREE: Costs = {
  ...(Object.fromEntries(Object.keys(COSTS).map((cost) => [cost, 0])) as unknown as Costs),
  look: 0.05,
  looks: 10,
  rootDivided: 1,
  rootParts: 16,
  receiptsDivided: 1,
}
const NO_OTHER_WORK = { due: () => undefined, meanwhile: () => undefined, missing: () => 0 }
const GAS = 100_000

/** Reads at a share of its time, changes the same location. */
function updates(location: number, at: number, ms = 1): TracedTransaction {
  return { ms, gas: GAS, reads: [{ location, at }], changes: [location], target: '' }
}

function alone(ms = 1): TracedTransaction {
  return { ms, gas: GAS, reads: [], changes: [], target: '' }
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

/** How long transactions take on threads that begin together, and how many executions that takes. */
function run(transactions: readonly TracedTransaction[], threads: number, costs = FREE) {
  const clock = new Clock()
  const tasks = new Tasks(transactions)
  const scheduler = new Scheduler(clock, tasks, new Window(threads), costs, NO_OTHER_WORK, threads)
  clock.run(
    many(threads, (id) => scheduler.run(id)),
    many(threads, () => 0),
  )
  assert.is(tasks.front, transactions.length)
  return { ms: clock.now, executions: scheduler.executions }
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 1e-6 * Math.max(1, expected), `${what}: ${actual}, not ${expected}`)
}

/** By what each reads: no schedule is shorter. */
function criticalPath(transactions: readonly TracedTransaction[]): number {
  const last = new Map<number, number>()
  let longest = 0
  for (const { ms, reads, changes } of transactions) {
    const end = Math.max(ms, ...reads.map(({ location, at }) => (last.get(location) ?? 0) + (1 - at) * ms))
    for (const location of changes) last.set(location, end)
    longest = Math.max(longest, end)
  }
  return longest
}

test('threads of the clock take turns in time, and one that nobody wakes is told', () => {
  const clock = new Clock()
  const seen: string[] = []
  function* steps(name: string, each: number): ThreadSteps {
    for (let step = 0; step < 3; step++) {
      yield each
      seen.push(`${name}${clock.now}`)
    }
  }
  function* sleeper(): ThreadSteps {
    yield 'sleep'
    seen.push(`s${clock.now}`)
  }
  function* waker(): ThreadSteps {
    yield 4
    clock.wake(2, 1)
    clock.wake(2, 9)
  }
  clock.run([steps('a', 2), steps('b', 3), sleeper(), waker()], [0, 0, 0, 0])
  assert.equal(seen, ['a2', 'b3', 'a4', 's5', 'a6', 'b6', 'b9'])
  assert.throws(() => new Clock().run([sleeper()], [0]), /threads 0 sleep/)
})

test('independent transactions are divided', () => {
  for (const threads of [1, 2, 4, 8]) {
    const { ms, executions } = run(
      many(64, () => alone()),
      threads,
    )
    // The last one is handed out when all others are committed.
    near(ms, Math.ceil(63 / threads) + 1, `on ${threads}`)
    assert.is(executions, 64)
  }
})

test('a chain takes as long on many threads as on one, if each reads first what the one before changes', () => {
  // Read again in the middle, as transactions do: executions in vain are seen then.
  const chain = many(40, () => ({
    ...updates(0, 0),
    reads: [0, 0.25, 0.5, 0.75].map((at) => ({ location: at === 0 ? 0 : 9, at })),
  }))
  near(run(chain, 1).ms, 40, 'on 1')
  for (const threads of [2, 4, 16]) {
    const { ms } = run(chain, threads)
    assert.ok(ms >= 40 - 1e-9 && ms < 40 * 1.3, `${ms} on ${threads}`)
  }
})

test('what is read late overlaps: others wait there, and hardly any is executed again', () => {
  const late = many(65, (index) => updates(0, 0.8, 0.6 + ((index * 7) % 10) / 10))
  const one = run(late, 1).ms
  for (const threads of [2, 4]) {
    const { ms, executions } = run(late, threads)
    assert.ok(ms >= criticalPath(late) - 1e-9 && ms < (1.4 * one) / threads, `${ms} of ${one} on ${threads}`)
    assert.ok(executions < 65 + 3 * threads, `${executions} on ${threads}`)
  }
})

test('who comes to a crowded location waits for those alone that call the same', () => {
  const others = (target: string) =>
    many(60, (index) => (index % 6 === 5 ? { ...alone(6), target } : { ...updates(0, 0.5), target: 'pool' }))
  const [apart, together] = [others('else'), others('pool')].map((block) => run(block, 4).ms) as [number, number]
  assert.ok(apart < 0.9 * together, `${apart} and ${together}`)
})

test('a diamond takes three steps, and executes again what was too early', () => {
  const reads = (...locations: number[]): TracedRead[] => locations.map((location) => ({ location, at: 0 }))
  const diamond = [
    { ...alone(), changes: [0] },
    { ...alone(), reads: reads(0), changes: [1] },
    { ...alone(), reads: reads(0), changes: [2] },
    { ...alone(), reads: reads(1, 2), changes: [3] },
    // The block's own work at its end.
    alone(0),
  ]
  near(run(diamond, 1).ms, 4, 'on 1')
  near(run(diamond, 2).ms, 3, 'on 2')
  // On four threads the third waits for the second at what both read, for it may change that.
  const { ms } = run(diamond, 4)
  assert.ok(ms >= 3 && ms < 4.2, `${ms} on 4`)
  assert.is(run(diamond, 1).executions, 5)
  assert.ok(run(diamond, 2).executions > 5)
})

test('no block is faster than its work divided, or its longest chain; on one thread it takes its work', () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return (seed >>> 8) % below
  }
  for (let block = 0; block < 60; block++) {
    const locations = [3, 20, 400][block % 3]!
    const transactions = many(80, (): TracedTransaction => {
      const reads = many(random(5), () => ({ location: random(locations), at: random(100) / 100 }))
      const unique = [...new Map(reads.map((read) => [read.location, read])).values()].sort((a, b) => a.at - b.at)
      const changes = unique.filter(() => random(2) === 0).map(({ location }) => location)
      return {
        ms: 0.1 + random(50) / 10,
        gas: 30_000 + random(400_000),
        reads: unique,
        changes,
        target: ['', 'a', 'b'][random(3)]!,
      }
    })
    const work = transactions.reduce((sum, { ms }) => sum + ms, 0)
    near(run(transactions, 1).ms, work, 'on 1')
    for (const threads of [2, 3, 8, 64]) {
      const { ms, executions } = run(transactions, threads)
      assert.ok(
        ms >= Math.max(criticalPath(transactions), work / threads) - 1e-9,
        `block ${block} on ${threads}: ${ms}`,
      )
      assert.ok(executions >= 80)
      assert.ok(run(transactions, threads, COSTS).ms >= Math.max(criticalPath(transactions), work / threads))
    }
  }
})

const TRACE: BlockTrace = {
  transactions: many(160, () => alone(0.05)),
  work: { before: 0, after: 0 },
  senders: 8,
  receipts: 0.8,
  root: 1.6,
  alone: { before: 0.3, after: 0.2 },
  inRow: { senders: 8, receipts: 0.8, root: 1.6, ahead: 0.2, before: 0.1, after: 0.2 },
}

test('on one thread a block takes the sum of its parts; more threads divide all but what is done alone', () => {
  near(predict(TRACE, 1).ms.total, 8 + 8 + 0.8 + 1.6 + 0.5, 'on 1')
  near(predict(TRACE, 1).ms.execution, 8, 'execution')
  const free = [1, 2, 4, 8, 16, 32, 64].map((threads) => predict(TRACE, threads, FREE).ms.total)
  for (const [index, ms] of free.entries()) assert.ok(index === 0 || ms <= free[index - 1]! + 1e-9, `${free}`)
  near(predict(TRACE, 2, FREE).ms.total, 0.5 + 18.4 / 2, 'on 2')
  assert.ok(predict(TRACE, 2).ms.total > predict(TRACE, 2, FREE).ms.total)
  assert.is(predict(TRACE, 16).reexecutions, 0)
})

test('in a row a block takes its parts on one thread; on more all of them divided, and what is done alone', () => {
  const { inRow } = TRACE
  near(predictInRow(TRACE, 1).ms.total, 8 + 8 + 0.8 + 1.6 + 0.5, 'on 1')
  near(
    predictInRow({ ...TRACE, inRow: { ...inRow, senders: 4, root: 1 } }, 1).ms.total,
    8 + 4 + 0.8 + 1 + 0.5,
    'as of a row',
  )
  // Preparing the next block is divided, too; and all that one does alone is time in which others recover senders.
  for (const threads of [2, 4, 8]) {
    const most = 18.4 + 0.2 + threads * 0.3
    const least = (18.4 + 0.2 + 0.3) / threads
    const { total } = predictInRow(TRACE, threads, FREE).ms
    assert.ok(total >= Math.max(least, 0.3) - 1e-9 && total <= most / threads + 0.5, `${total} on ${threads}`)
    assert.ok(total < predict(TRACE, threads, FREE).ms.total, `${threads} threads in a row`)
  }
})

test('what is recovered ahead is no more than there is, and nothing is where signatures take no time', () => {
  const alone = { ...TRACE.inRow, before: 50, after: 50 }
  near(predictInRow({ ...TRACE, inRow: alone }, 4, FREE).ms.total, 100 + (8 + 0.8 + 1.6 + 0.2) / 4, 'senders hidden')
  const given = { ...TRACE, senders: 0, inRow: { ...TRACE.inRow, senders: 0 } }
  near(predictInRow(given, 2, FREE).ms.total, 0.3 + (8 + 0.8 + 1.6 + 0.2) / 2, 'senders given')
})

test('a block that is soon over goes in order, and others help with its senders', () => {
  const transfers = { ...TRACE, transactions: many(160, () => ({ ...alone(0.001), gas: 21_000 })) }
  const { mode, ms } = predict(transfers, 2)
  assert.is(mode, 'sequential')
  assert.ok(ms.total < 0.7 * predict(transfers, 1).ms.total)
})

test('the limit is the part that most of the time is left for', () => {
  const heavy = (change: Partial<BlockTrace>): BlockTrace => ({ ...TRACE, ...change })
  const chain = many(160, () => updates(0, 0, 0.5))
  assert.is(limitOf(heavy({ transactions: chain }), 16), 'conflicts')
  assert.is(limitOf(heavy({ transactions: many(160, () => alone(2)) }), 16), 'execution')
  assert.is(limitOf(heavy({ senders: 400 }), 16), 'senders')
  assert.is(limitOf(heavy({ alone: { before: 5, after: 5 } }), 16), 'alone')
  assert.is(limitOf(heavy({ root: 30 }), 16), 'root')
  const row = (change: Partial<BlockTrace['inRow']>): BlockTrace => heavy({ inRow: { ...TRACE.inRow, ...change } })
  const limitInRow = (trace: BlockTrace) => limitOf(trace, 16, COSTS, predictInRow)
  assert.is(limitInRow(row({ after: 5 })), 'alone')
  assert.is(limitInRow(row({ root: 30 })), 'root')
  assert.is(limitInRow(row({ senders: 400 })), 'senders')
})

test('constants of the policy are those of the core', () => {
  const text = ['window', 'scheduler', 'txn', 'crowded']
    .map((file) => readFileSync(join(packageRoot(), `assembly/stm/${file}.ts`), 'utf8'))
    .concat(readFileSync(join(packageRoot(), 'assembly/block/senders.ts'), 'utf8'))
    .join('\n')
  for (const [name, value] of Object.entries(POLICY)) {
    const found = new RegExp(`^(?:export )?const ${name}: u32 = (.+)$`, 'm').exec(text)?.[1]
    const [number, shift = '0'] = (found ?? '').split(' << ')
    assert.is(Number(number) * 2 ** Number(shift), value, name)
  }
})

test.run()
