// What is decided about a block before it runs: whether in parallel, and the whole plan.
import { Common, Mainnet } from '@ethereumjs/common'
import { concatBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  FLAG_ASYNC,
  FLAG_HOST,
  FLAG_RECEIPTS,
  FLAG_ROOT,
  FLAG_SEQUENTIAL,
  FLAG_TX_ROOTS,
} from '../../../src/abi/core.generated.js'
import { rulesOf } from '../../../src/block/common.js'
import { type BlockPlan, planBlock } from '../../../src/executor/blockPlan.js'
import { EngineChooser } from '../../../src/executor/engineChoice.js'
import { EngineUnavailableError } from '../../../src/executor/errors.js'
import { runsInParallel, senderBatch, worthHelp } from '../../../src/executor/modeChoice.js'
import type { CheckedExecuteOptions } from '../../../src/executor/optionShapes.js'
import type { StateSource } from '../../../src/index.js'
import { capabilitiesOf, SOURCE_KINDS } from '../../../src/sources/capabilities.js'

const sender = (n: number): Uint8Array => new Uint8Array(20).fill(n)
const shape = (senders: Uint8Array[] | undefined, transactions = senders?.length ?? 0, gasUsed = 10_000_000n) => ({
  transactions,
  gasUsed,
  senders: senders && concatBytes(...senders),
  inCore: false,
  fetches: false,
  independent: false,
})
const distinct = Array.from({ length: 30 }, (_, i) => sender(i))

test('what the caller forces is done, but one thread is never parallel', () => {
  assert.is(runsInParallel('parallel', shape([]), 2), true)
  assert.is(runsInParallel('sequential', shape(distinct), 2), false)
  assert.is(runsInParallel('parallel', shape(distinct), 1), false)
})

test('auto: parallel unless the block is small or mostly one chain of transactions of the same sender', () => {
  assert.is(runsInParallel('auto', shape(distinct), 2), true)
  assert.is(runsInParallel('auto', shape(undefined, 30), 2), true)
  assert.is(runsInParallel('auto', shape(distinct.slice(0, 3)), 2), false)
  assert.is(runsInParallel('auto', shape(distinct, 30, 900_000n), 2), false)
  const chained = (count: number) => distinct.map((own, i) => (i < count ? sender(99) : own))
  assert.is(runsInParallel('auto', shape(chained(9)), 2), true)
  assert.is(runsInParallel('auto', shape(chained(10)), 2), false)
})

test('auto: what is soon done runs in order in the core', () => {
  const transfers = (inCore: boolean, more: bigint) => ({ ...shape(distinct, 30, 30n * 21_000n + more), inCore })
  assert.is(runsInParallel('auto', transfers(true, 1_900_000n), 2), false)
  assert.is(runsInParallel('auto', transfers(false, 900_000n), 2), true)
  assert.is(runsInParallel('auto', transfers(true, 2_000_000n), 2), true)
  assert.is(runsInParallel('auto', { ...shape(undefined, 500, 500n * 21_000n), inCore: true }, 2), true)
})

test('others help with sixteen signatures, or with a root that takes a while', () => {
  const small = { ...shape(undefined, 15, 315_000n), inCore: true }
  assert.is(worthHelp(small, true), false)
  assert.is(worthHelp({ ...small, transactions: 16 }, false), true)
  assert.is(worthHelp({ ...small, inCore: false }, false), true, 'those of a library take longer')
  assert.is(worthHelp({ ...small, transactions: 4, inCore: false }, false), false)
  assert.is(worthHelp({ ...shape(distinct, 30, 630_000n), inCore: true }, true), true)
  assert.is(worthHelp({ ...shape(distinct, 30, 630_000n), inCore: true }, false), false)
  assert.is(worthHelp({ ...small, gasUsed: 0n }, true), true, 'how long is not known')
})

test('few signatures are shared evenly, in whole lanes', () => {
  const batches = ([transactions, threads]: [number, number]) => senderBatch(transactions, threads)
  const asked: [number, number][] = [
    [0, 2],
    [1, 2],
    [8, 2],
    [9, 2],
    [16, 2],
    [17, 2],
    [32, 2],
    [1_000, 2],
    [9, 1],
    [9, 64],
  ]
  assert.equal(asked.map(batches), [4, 4, 4, 8, 8, 12, 16, 16, 12, 4])
})

interface Asked {
  kind?: StateSource['kind']
  fork?: string
  /** What the executor's engine is, or that a `workerSetup` makes blocks fall back. */
  engine?: 'wasm' | 'ethereumjs' | 'setup' | 'setup, no fallback'
  pool?: number
  gasUsed?: bigint
  gasLimit?: bigint
  options?: CheckedExecuteOptions
}

const rules = rulesOf(new Common({ chain: Mainnet }), 'schedule')

function planOf(asked: Asked): BlockPlan {
  const { kind = 'memory', fork = 'cancun', engine = 'wasm', pool = 2, options = {} } = asked
  const { gasUsed = 30_000_000n, gasLimit = 30_000_000n } = asked
  const name = engine === 'ethereumjs' ? engine : 'wasm'
  const chooser = new EngineChooser(name, rules, engine.startsWith('setup'), engine !== 'setup, no fallback')
  const common = new Common({ chain: Mainnet, hardfork: fork })
  const block = { header: { number: 7n, common, gasUsed, gasLimit }, block: { count: distinct.length } }
  return planBlock(block, options, capabilitiesOf({ kind }), pool, chooser)
}

const senders = concatBytes(...distinct)
const CASES: [what: string, asked: Asked, plan: Partial<BlockPlan>][] = [
  [
    'a whole block of a memory state',
    {},
    {
      engine: 'wasm',
      mode: 'parallel',
      host: true,
      threads: 2,
      receipts: 'status',
      root: 'core',
      fetches: false,
      flags: FLAG_RECEIPTS | FLAG_HOST | FLAG_ROOT,
    },
  ],
  [
    'in order',
    { options: { mode: 'sequential' } },
    { mode: 'sequential', flags: FLAG_RECEIPTS | FLAG_SEQUENTIAL | FLAG_HOST | FLAG_ROOT },
  ],
  ['one thread', { pool: 1 }, { mode: 'sequential', threads: 1, host: true }],
  ['in order others help with the root', { options: { mode: 'sequential', senders } }, { threads: 2 }],
  ['in order others help with senders', { options: { mode: 'sequential', root: false } }, { threads: 2 }],
  ['nothing to help with', { options: { mode: 'sequential', root: false, senders } }, { threads: 1, host: true }],
  ['nothing to help with, but parallel', { options: { mode: 'parallel', root: false, senders } }, { threads: 2 }],
  ['too long for the host', { gasUsed: 1_200_000_001n }, { host: false, flags: FLAG_RECEIPTS | FLAG_ROOT }],
  ['at the bound of the host', { gasUsed: 1_200_000_000n }, { host: true }],
  ['not known how long', { gasUsed: 0n, gasLimit: 1_200_000_001n }, { host: false }],
  ['the engine that was asked for', { engine: 'ethereumjs' }, { engine: 'ethereumjs', host: false }],
  [
    'a fallback says why',
    { engine: 'setup' },
    { engine: 'ethereumjs', fallback: 'the workerSetup module exports customCrypto', host: false },
  ],
  ['memory without a root', { options: { root: false } }, { root: 'none', flags: FLAG_RECEIPTS | FLAG_HOST }],
  ['memory that stays', { options: { advance: false } }, { root: 'core' }],
  ['a witness', { kind: 'witness' }, { root: 'core', host: true, fetches: false }],
  ['tries of a witness advance with it', { kind: 'witness', options: { root: false } }, { root: 'core' }],
  ['a witness that stays', { kind: 'witness', options: { root: false, advance: false } }, { root: 'none' }],
  [
    'a source that fetches',
    { kind: 'async' },
    { mode: 'parallel', host: false, root: 'source', fetches: true, flags: FLAG_RECEIPTS | FLAG_ASYNC },
  ],
  ['a source that fetches, without a root', { kind: 'async', options: { root: false } }, { root: 'none' }],
  ['its core makes no root to help with', { kind: 'async', options: { mode: 'sequential', senders } }, { threads: 1 }],
  [
    'before Byzantium',
    { fork: 'spuriousDragon', options: { mode: 'parallel' } },
    {
      receipts: 'roots',
      mode: 'sequential',
      host: false,
      flags: FLAG_RECEIPTS | FLAG_SEQUENTIAL | FLAG_TX_ROOTS | FLAG_ROOT,
    },
  ],
  ['Byzantium', { fork: 'byzantium' }, { receipts: 'status', mode: 'parallel' }],
  [
    'before Byzantium without a root',
    { fork: 'chainstart', options: { root: false } },
    { receipts: 'nothing', mode: 'parallel', host: true, root: 'none', flags: FLAG_HOST },
  ],
  [
    'before Byzantium, fetched, without a root',
    { kind: 'async', fork: 'chainstart', options: { root: false } },
    { receipts: 'nothing', root: 'none', flags: FLAG_ASYNC },
  ],
]

for (const [what, asked, expected] of CASES) {
  test(`plan: ${what}`, () => {
    const plan = planOf(asked)
    for (const [field, value] of Object.entries(expected)) assert.is(plan[field as keyof BlockPlan], value, field)
  })
}

test('plan: refusals, that of the source before that of the engine', () => {
  const early: Asked = { kind: 'async', fork: 'chainstart' }
  for (const asked of [early, { ...early, engine: 'setup, no fallback' } as const]) {
    assert.throws(
      () => planOf(asked),
      (error: { code?: string; message: string }) => error.code === 'UNSUPPORTED' && /^block 7: /.test(error.message),
    )
  }
  assert.throws(
    () => planOf({ engine: 'setup, no fallback' }),
    (error: unknown) => error instanceof EngineUnavailableError,
  )
})

test('plan: what holds for every combination', () => {
  let plans = 0
  const flags = [true, false]
  for (const kind of SOURCE_KINDS)
    for (const fork of ['chainstart', 'byzantium', 'prague'])
      for (const engine of ['wasm', 'ethereumjs', 'setup'] as const)
        for (const mode of ['auto', 'parallel', 'sequential'] as const)
          for (const root of flags)
            for (const advance of flags)
              for (const given of flags)
                for (const pool of [1, 2, 63]) {
                  const options = { mode, root, advance, ...(given && { senders }) }
                  if (capabilitiesOf({ kind }).fetches && fork === 'chainstart' && root) continue
                  const plan = planOf({ kind, fork, engine, pool, options })
                  const what = JSON.stringify({ kind, fork, engine, pool, mode, root, advance, given, plan })
                  const parallel = plan.mode === 'parallel'
                  plans++
                  assert.ok(Object.isFrozen(plan), what)
                  assert.ok(!plan.host || (plan.engine === 'wasm' && !plan.fetches), what)
                  assert.ok(!root || plan.root !== 'none', what)
                  assert.ok(plan.threads === pool || (plan.threads === 1 && !parallel && given), what)
                  assert.is(plan.root === 'host', kind === 'trie' && (root || advance), what)
                  if (plan.receipts === 'roots') assert.ok(!parallel && !plan.host && plan.root === 'core', what)
                  const bits: [number, boolean][] = [
                    [FLAG_SEQUENTIAL, !parallel],
                    [FLAG_HOST, plan.host],
                    [FLAG_TX_ROOTS, plan.receipts === 'roots'],
                    [FLAG_RECEIPTS, plan.receipts !== 'nothing'],
                    [FLAG_ROOT, plan.root === 'core'],
                    [FLAG_ASYNC, plan.fetches],
                  ]
                  const sum = bits.reduce((all, [bit, set]) => (set ? all | bit : all), 0)
                  assert.is(plan.flags, sum, what)
                }
  assert.ok(plans > 1_500, `${plans} plans`)
})

test.run()
