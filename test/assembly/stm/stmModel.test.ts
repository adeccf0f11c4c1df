// All interleavings of the scheduler's model on small cases, and many random ones.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { explore, STEPS, wander } from '../../support/explore.js'
import { type Case, type ModelTx, READY } from '../../support/schedulerState.js'

/** Bound of the states of a case. The large ones, which exceed it, get fewer by default. */
const STATES = Number(process.env.PARALLEVM_STM_STATES ?? 150_000)
const STATES_OF_LARGE = Number(process.env.PARALLEVM_STM_STATES ?? 40_000)
const LARGE = [
  'branches',
  'three threads, two of a chain',
  'three threads, chain of three',
  'runs of two, chain',
  'four transactions',
  'runs of two, any window',
  'three threads, any window',
  'a chain over a source',
  'a chain over a source, late answers',
  'looking ahead in vain',
  'looking ahead to no end',
  'credits over a source',
  'branches over a source, late answers',
  'a block that is built',
  'a block that is built, any window',
]
/** Random interleavings of each case, from its beginning to its end. */
const WALKS = Number(process.env.PARALLEVM_STM_WALKS ?? 1500)

const increment = (location: number): ModelTx => ({
  read: (values) => (values.length === 0 ? location : undefined),
  write: ([value]) => [{ location, value: value! + 1 }],
})
const chainOf = (length: number): ModelTx[] => Array.from({ length }, () => increment(0))
const copy = (from: number, to: number): ModelTx => ({
  read: (values) => (values.length === 0 ? from : undefined),
  write: ([value]) => [{ location: to, value: value! }],
})
const put = (location: number, value: number): ModelTx => ({
  read: () => undefined,
  write: () => [{ location, value }],
})
const credit = (location: number, value: number): ModelTx => ({
  read: () => undefined,
  write: () => [{ location, value, delta: true }],
})
/** Reads 0, then by its parity 1 or nothing; writes 1 or 0: a run on wrong values has other writes. */
const branch: ModelTx = {
  read: (values) => (values.length === 0 ? 0 : values.length === 1 && values[0]! % 2 === 1 ? 1 : undefined),
  write: ([a, b]) => [a! % 2 === 1 ? { location: 0, value: a! + b! } : { location: 1, value: a! + 5 }],
}

const cases: Case[] = [
  { name: 'no conflict', threads: 2, window: 2, base: [0, 0], txs: [increment(0), increment(1)] },
  { name: 'two of a chain', threads: 2, window: 2, base: [0], txs: [increment(0), increment(0)] },
  { name: 'chain, in order', threads: 2, window: 1, base: [0], txs: [increment(0), increment(0), increment(0)] },
  { name: 'chain of three', threads: 2, window: 3, base: [0], txs: [increment(0), increment(0), increment(0)] },
  { name: 'branches', threads: 2, window: 3, base: [0, 3], txs: [put(0, 1), branch, branch] },
  { name: 'same value again', threads: 2, window: 3, base: [4, 0], txs: [put(0, 4), copy(0, 1), copy(1, 0)] },
  { name: 'deltas', threads: 2, window: 3, base: [1, 0], txs: [credit(0, 2), credit(0, 3), copy(0, 1)] },
  { name: 'three threads, two of a chain', threads: 3, window: 2, base: [0], txs: [increment(0), increment(0)] },
  {
    name: 'three threads, chain of three',
    threads: 3,
    window: 3,
    base: [0],
    txs: [increment(0), increment(0), increment(0)],
  },
  { name: 'runs of two', threads: 2, window: 3, run: 2, base: [0, 0], txs: [increment(0), increment(1), increment(0)] },
  {
    name: 'runs of two, chain',
    threads: 2,
    window: 4,
    run: 2,
    base: [0],
    txs: [increment(0), increment(0), increment(0), increment(0)],
  },
  { name: 'chain, any window', threads: 2, window: 3, anyWindow: true, base: [0], txs: chainOf(3) },
  {
    name: 'branches, any window',
    threads: 2,
    window: 3,
    anyWindow: true,
    base: [0, 3],
    txs: [put(0, 1), branch, branch],
  },
  { name: 'runs of two, any window', threads: 2, window: 4, run: 2, anyWindow: true, base: [0], txs: chainOf(4) },
  {
    name: 'runs of two, long',
    threads: 2,
    window: 3,
    run: 2,
    base: [0],
    txs: chainOf(3).map((tx) => ({ ...tx, long: true })),
  },
  { name: 'three threads, any window', threads: 3, window: 3, anyWindow: true, base: [0], txs: chainOf(3) },
  { name: 'a chain over a source', threads: 2, window: 2, base: [5], unknown: [0], txs: chainOf(2) },
  {
    name: 'a chain over a source, late answers',
    threads: 2,
    window: 3,
    base: [5],
    unknown: [0],
    late: 2,
    txs: chainOf(3),
  },
  { name: 'looking ahead in vain', threads: 2, window: 2, base: [3, 2], unknown: [0, 1], txs: [branch, branch] },
  {
    name: 'looking ahead to no end',
    threads: 2,
    window: 2,
    base: [3, 2],
    unknown: [0, 1],
    late: 1,
    txs: [
      { ...branch, stops: true },
      { ...branch, stops: true },
    ],
  },
  {
    name: 'credits over a source',
    threads: 2,
    window: 2,
    base: [1, 0],
    unknown: [0],
    late: 1,
    txs: [credit(0, 2), copy(0, 1)],
  },
  {
    name: 'branches over a source, late answers',
    threads: 2,
    window: 3,
    base: [0, 3],
    unknown: [0, 1],
    late: 1,
    txs: [put(0, 1), branch, branch],
  },
  {
    name: 'a block that is built',
    threads: 2,
    window: 3,
    base: [0],
    room: 5,
    txs: chainOf(3).map((tx) => ({ ...tx, needs: 3, uses: 2 })),
  },
  {
    name: 'a block that is built, any window',
    threads: 2,
    window: 3,
    anyWindow: true,
    base: [0, 3],
    room: 6,
    txs: [put(0, 1), branch, branch].map((tx, i) => ({ ...tx, needs: 4, uses: 2 + i })),
  },
  { name: 'four transactions', threads: 2, window: 4, base: [0, 3], txs: [put(0, 1), branch, branch, copy(1, 0)] },
]

for (const c of cases) {
  test(`model: ${c.name}`, () => {
    const started = performance.now()
    const { states, transitions, ends, complete } = explore(c, LARGE.includes(c.name) ? STATES_OF_LARGE : STATES)
    assert.ok(ends > 0 || !complete)
    const steps = wander(c, WALKS)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const how = complete ? 'all' : 'the first'
    console.log(
      `${c.name}: ${how} ${states} states, ${transitions} transitions, ${ends} ends, ${WALKS} walks of ${steps} steps, ${seconds} s`,
    )
  })
}

const caseOf = (name: string): Case => cases.find((c) => c.name === name)!
const chain = cases[1]!
const throwsWith = (text: RegExp, c: Case, broken: Parameters<typeof explore>[2]) =>
  assert.throws(
    () => explore(c, STATES, broken),
    (error: unknown) => error instanceof Error && text.test(error.message),
  )

test('the exploration finds a commit without validation', () => {
  throwsWith(/wrong reads/, chain, {
    validateFront: (_c, _s, t) => {
      t.at = 'commit'
    },
  })
})

test('the exploration finds a missing second look after joining a list of dependents', () => {
  throwsWith(/deadlock/, cases[3]!, {
    lookAgain: (_c, _s, t) => {
      t.at = 'offer'
      t.afterOffer = 'findTask'
    },
  })
})

test('the exploration finds a wait without a second look for work', () => {
  throwsWith(/deadlock/, chain, {
    loadEvents: (_c, _s, t) => {
      t.stale = false
      t.at = 'wait'
    },
  })
})

test('the exploration finds a turn that trusts what was read before it', () => {
  throwsWith(/wrong reads/, chain, {
    txRead: (c, s, t) => {
      if (t.recording && s.front === t.index && t.reads.length > 0) {
        t.recording = false
        s.txs[t.index]!.atFront = true
      }
      STEPS.txRead(c, s, t)
    },
  })
})

test('the exploration finds a run that is given back without lowering the index', () => {
  throwsWith(/deadlock/, caseOf('runs of two, any window'), {
    giveRunBack: (_c, _s, t) => {
      t.runNext = t.runEnd
      t.at = 'leaveRun'
    },
  })
})

test('the exploration finds an execution that is given up, but not handed out again', () => {
  throwsWith(/deadlock/, caseOf('chain, any window'), {
    giveUp: (_c, s, t) => {
      Object.assign(s.txs[t.index]!, { status: READY, incarnation: t.incarnation + 1 })
      Object.assign(t, { at: 'offer', afterOffer: 'findTask', reads: [] })
    },
  })
})

test('walks find a late answer that resumes a transaction which waits for another one', () => {
  const broken: Parameters<typeof wander>[2] = {
    loadReason: (_c, _s, t) => {
      t.at = 'swapMissing'
    },
  }
  assert.throws(() => wander(caseOf('a chain over a source, late answers'), 50_000, broken), /has no end|deadlock/)
})

test('the exploration finds a run that looked ahead and leaves what earlier ones wrote', () => {
  throwsWith(/ended with|deadlock|never end/, caseOf('looking ahead in vain'), {
    dropStale: (c, s, t) => {
      if (t.looked) t.at = 'replaceWrites'
      else STEPS.dropStale(c, s, t)
    },
  })
})

test('the exploration finds a guess that counts', () => {
  throwsWith(/wrong reads|ended with/, caseOf('a chain over a source'), {
    replaceWrites: (_c, _s, t) => {
      t.at = 'storeReads'
    },
  })
})

test('the exploration finds a transaction that is taken into a block without room for it', () => {
  throwsWith(/wrong reads/, caseOf('a block that is built'), {
    fitsNow: (_c, _s, t) => {
      t.at = 'commit'
    },
  })
})

test('the exploration finds stale versions that are not dropped', () => {
  throwsWith(/wrong reads|ended with/, cases[4]!, {
    dropStale: (_c, _s, t) => {
      t.at = 'storeReads'
    },
  })
})

test.run()
