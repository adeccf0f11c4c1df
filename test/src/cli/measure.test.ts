import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Outcome } from '../../../src/cli/check.js'
import { type Contender, measure, runsOf } from '../../../src/cli/measure.js'

const right: Outcome & { gasUsed: bigint } = {
  gasUsed: 21000n,
  logsBloom: new Uint8Array(256),
  receiptsRoot: new Uint8Array(32).fill(1),
}

/** Answers with the given outcomes and total times in turn (the last one again and again). */
function scripted(
  label: string,
  log: string[],
  outcomes: (Outcome & { gasUsed: bigint })[],
  totals: number[],
): Contender {
  let at = 0
  return {
    label,
    run: async () => {
      log.push(label)
      const outcome = outcomes[Math.min(at, outcomes.length - 1)]!
      const total = totals[Math.min(at, totals.length - 1)]!
      at += 1
      return {
        outcome,
        reexecutions: at,
        mode: 'parallel',
        ms: { prepare: 0, senders: 1, execution: total - 1, receipts: 0, total },
      }
    },
  }
}

test('contenders alternate, and every other round in reverse', async () => {
  const log: string[] = []
  const contenders = [scripted('a', log, [right], [1]), scripted('b', log, [right], [1])]
  await measure('1', contenders, right, { runs: 2, warmup: 1 }, () => {})
  assert.equal(log.join(''), 'abbaab')
})

test('warm-up runs do not count, measured ones give their median', async () => {
  const contender = scripted('a', [], [right], [1000, 30, 10, 20])
  const { measurements } = await measure('1', [contender], right, { runs: 3, warmup: 1 }, () => {})
  assert.is(measurements[0]!.ms.total, 20)
  assert.is(measurements[0]!.ms.root, undefined)
})

test('the processor time of a run is that of the run alone', async () => {
  const busy = (label: string, milliseconds: number): Contender => ({
    ...scripted(label, [], [right], [1]),
    run: async () => {
      for (const end = performance.now() + milliseconds; performance.now() < end; );
      return scripted(label, [], [right], [1]).run()
    },
  })
  const { measurements } = await measure('1', [busy('a', 0), busy('b', 60)], right, { runs: 3, warmup: 0 }, () => {})
  const [idle, worked] = measurements.map(({ cpu }) => cpu)
  // Whoever shares the processors takes from the 60 ms, which are wall-clock time; nobody adds to them.
  assert.ok(idle! < 20_000, `${idle}`)
  assert.ok(worked! > 10_000 && worked! < 120_000, `${worked}`)
})

test('a wrong result is found in whichever run it happens, warm-up included', async () => {
  const wrong = { ...right, gasUsed: 21001n }
  for (let bad = 0; bad < 4; bad++) {
    const outcomes = [0, 1, 2, 3].map((run) => (run === bad ? wrong : right))
    const plan = { runs: 3, warmup: 1 }
    const { mismatches } = await measure('5', [scripted('a', [], outcomes, [1])], right, plan, () => {})
    assert.ok(
      mismatches.some((line) => /^block 5: gasUsed of a is 21001, but the header has 21000$/.test(line)),
      `run ${bad}: ${mismatches}`,
    )
  }
})

test('contenders that disagree where the header says nothing are found too', async () => {
  const odd = { ...right, stateRoot: new Uint8Array(32).fill(9) }
  const plain = { ...right, stateRoot: new Uint8Array(32).fill(8) }
  const contenders = [scripted('reference', [], [plain], [1]), scripted('b', [], [odd], [1])]
  const { mismatches } = await measure('5', contenders, right, { runs: 1, warmup: 0 }, () => {})
  assert.is(mismatches.length, 1)
  assert.match(mismatches[0]!, /stateRoot of b is 0x0909.*the first run \(reference\) has 0x0808/)
})

test('receipts and state are compared too: a wrong balance is found where no root covers it', async () => {
  const account = (balance: bigint) => ({
    address: new Uint8Array(20).fill(3),
    exists: true,
    nonce: 0n,
    balance,
    codeHash: new Uint8Array(32),
    storageCleared: false,
    storage: [],
  })
  const paid = (label: string, balance: bigint): Contender => ({
    label,
    run: async () => ({
      outcome: right,
      details: { receipts: [], gasUsed: 21000n, stateDiff: [account(balance)] },
      reexecutions: 0,
      mode: 'parallel',
      ms: { prepare: 0, senders: 0, execution: 1, receipts: 0, total: 1 },
    }),
  })
  const contenders = [paid('sequential', 5n), paid('good', 5n), paid('bad', 6n)]
  const { mismatches } = await measure('5', contenders, right, { runs: 2, warmup: 0 }, () => {})
  assert.is(mismatches.length, 1)
  assert.match(mismatches[0]!, /^block 5: bad: .*balance of 0x0303/)
})

test('the baseline may run less often, spread over the rounds, and always first', async () => {
  for (const [runs, warmup, baselineRuns, wanted] of [
    [6, 1, 2, 3],
    [6, 0, 2, 3],
    [4, 2, 4, 6],
    [3, 1, 9, 4],
    [3, 3, 1, 2],
  ] as const) {
    const log: string[] = []
    const plan = { runs, warmup, baselineRuns }
    await measure('1', [scripted('base', log, [right], [1]), scripted('b', log, [right], [1])], right, plan, () => {})
    assert.is(log.filter((label) => label === 'base').length, wanted, JSON.stringify(plan))
    assert.is(log.filter((label) => label === 'b').length, runs + warmup)
    assert.is(log.length, runsOf(plan, 2))
    assert.is(log[0], 'base')
  }
})

test.run()
