import { concatBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runsInParallel } from '../src/executor/plan.js'

const sender = (n: number): Uint8Array => new Uint8Array(20).fill(n)
const shape = (senders: Uint8Array[] | undefined, transactions = senders?.length ?? 0, gasUsed = 10_000_000n) => ({
  transactions,
  gasUsed,
  senders: senders && concatBytes(...senders),
  inCore: false,
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

test('auto: few plain transfers run in order in the core', () => {
  const transfers = (inCore: boolean, more: bigint) => ({ ...shape(distinct, 30, 30n * 21_000n + more), inCore })
  assert.is(runsInParallel('auto', transfers(true, 900_000n), 2), false)
  assert.is(runsInParallel('auto', transfers(false, 900_000n), 2), true)
  assert.is(runsInParallel('auto', transfers(true, 1_000_000n), 2), true)
  assert.is(runsInParallel('auto', { ...shape(undefined, 500, 500n * 21_000n), inCore: true }, 2), true)
})

test.run()
