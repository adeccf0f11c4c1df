// What transactions read and change, as plain @ethereumjs/vm executes them, and the longest chain of that.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rulesOf } from '../../../src/block/common.js'
import { commonOf } from '../../../src/cli/blockCase.js'
import { longestChain } from '../../../src/reference/dependencies.js'
import { runReference } from '../../../src/reference/reference.js'
import { DEFI_WORKLOADS, defiBlock } from '../../../src/workloads/defi/index.js'

const reads = (...locations: number[]) => locations.map((location) => ({ location, at: 0 }))

test('the longest chain goes by the last change of what is read', () => {
  assert.is(longestChain([], []), 0)
  const touches = [
    { reads: reads(0), changes: [0] },
    { reads: reads(1), changes: [1] },
    { reads: reads(0, 1), changes: [2] },
    // Reads what nobody changed, and 2 only after it was changed.
    { reads: reads(3), changes: [] },
    { reads: reads(2, 3), changes: [0] },
  ]
  assert.is(longestChain(touches, [10, 7, 5, 100, 1]), 100)
  assert.is(longestChain(touches, [10, 7, 5, 1, 1]), 16)
  assert.is(longestChain(touches, [1, 7, 5, 1, 1]), 13)
})

test('a hot token: one slot that each transaction reads and changes, and each sender by itself', async () => {
  const workload = DEFI_WORKLOADS.find(({ name }) => name === 'erc20')!
  const { block } = await defiBlock({ workload, variant: 'hot', gas: 400_000, seed: 1 })
  const { blockRlp, preState, senders, blockHashes } = block
  const rules = rulesOf(commonOf(block), block.fork)
  const { touches = [], receipts } = await runReference(blockRlp, preState, {
    rules,
    senders,
    blockHashes,
    touches: true,
  })
  assert.is(touches.length, receipts.length)
  for (const { reads, changes } of touches) {
    // The nonce first, then slots as they come.
    assert.is(reads[0]!.at, 0)
    assert.ok(reads.every(({ at }, index) => at >= (reads[index - 1]?.at ?? 0) && at <= 1))
    assert.is(new Set(reads.map(({ location }) => location)).size, reads.length)
    assert.ok(changes.every((location) => reads.some((read) => read.location === location)))
  }
  const sent = touches.filter((_, index) => receipts[index]!.status === 1)
  const hot = sent[0]!.changes.filter(
    (location) => sent.filter(({ changes }) => changes.includes(location)).length > sent.length / 2,
  )
  assert.is(hot.length, 1)
  const { touches: none } = await runReference(blockRlp, preState, { rules, senders, blockHashes })
  assert.is(none, undefined)
})

test.run()
