// Differential fuzzing: a short run over some forks, and whether a defect would be found, made small and saved.
// PARALLEVM_FUZZ_SECONDS (default 2) is the time for each engine; longer runs: parallevm fuzz.
import { Common } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons } from '../../../src/block/common.js'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { blockRlp, FuzzWorld, hashesBefore } from '../../../src/fuzz/blocks.js'
import { caseOf } from '../../../src/fuzz/case.js'
import { type Finding, Fuzzer } from '../../../src/fuzz/fuzzer.js'
import { ProgramBuilder } from '../../../src/fuzz/program.js'
import { shrink } from '../../../src/fuzz/shrink.js'
import { SOURCES } from '../../../src/fuzz/subjects.js'
import { BlockTestRun, stateOf } from '../../../src/spectests/blockTest.js'
import { forkOf, rulesOfNetwork } from '../../../src/spectests/forks.js'
import { Random } from '../../../src/workloads/random.js'

const seconds = Number(process.env.PARALLEVM_FUZZ_SECONDS ?? 2)
const ENGINES = ['ethereumjs', 'wasm'] as const
/** A few, for every fork has workers of its own. */
const FORKS = ['Osaka', 'Shanghai', 'EIP158']

for (const engine of ENGINES) {
  test(`random blocks: ${engine}`, async () => {
    const seed = Number(process.env.PARALLEVM_FUZZ_SEED ?? Date.now() % 2 ** 32)
    const fuzzer = new Fuzzer({ engine, threads: 2, seed, forks: FORKS })
    const start = performance.now()
    try {
      do {
        const finding = await fuzzer.episode()
        assert.is(finding?.difference, undefined, `parallevm fuzz --engine ${engine} --seed ${seed}`)
      } while (performance.now() - start < seconds * 1000)
      const { transactions, failed, blocks } = fuzzer.progress
      assert.ok(blocks >= 12 && transactions > blocks && failed < transactions, JSON.stringify(fuzzer.progress))
      assert.equal(
        [...fuzzer.progress.replayed],
        [...SOURCES.slice(1)].map((source) => [source, blocks]),
      )
    } finally {
      await fuzzer.close()
    }
  })
}

test('roots are right after blocks without one, in which accounts with storage were destroyed', async () => {
  const fork = 'Istanbul'
  const rules = rulesOfNetwork(fork)
  const world = new FuzzWorld(2214866746, fork, rules, new ChainCommons(rules).at(1n, 1n), forkOf(fork).rules)
  const common = new Common({ chain: rules.chain })
  const state = world.state.source()
  const executor = await BlockExecutor.create({ common, engine: 'wasm', threads: 1, verify: 'none', state })
  try {
    for (let i = 0; i < 12; i++) {
      const block = world.next()
      const { senders, root } = block
      const blockHashes = new Map(hashesBefore(block))
      const result = await executor.execute(blockRlp(block), { senders, root, blockHashes }).catch((error: unknown) => {
        if (!(error instanceof InvalidBlockError)) throw error
      })
      if (result) world.state.apply(result.stateDiff)
      if (result?.stateRoot) assert.equal(result.stateRoot, await world.state.root(), `block ${i}`)
    }
  } finally {
    await executor.close()
  }
})

test('the same seed makes the same program', () => {
  const build = (seed: number) =>
    new ProgramBuilder(new Random(seed, 'test'), { addresses: [new Uint8Array(20)], rules: 14 }).build()
  assert.equal(build(1), build(1))
  assert.not.equal(build(1), build(2))
})

test('a defect is found, made small, and saved as a blockchain test', async () => {
  const workerSetup = new URL('../../support/wrongHashSetup.js', import.meta.url).href
  const fuzzer = new Fuzzer({ engine: 'ethereumjs', threads: 1, seed: 5, forks: ['Shanghai'], workerSetup })
  let finding: Finding | undefined
  let small: Finding
  try {
    for (let i = 0; finding === undefined && i < 20; i++) finding = await fuzzer.episode()
    assert.ok(finding)
    small = await shrink(fuzzer, finding)
  } finally {
    await fuzzer.close()
  }
  const bytes = ({ state }: Finding) => [...state.accounts.values()].reduce((sum, { code }) => sum + code.length, 0)
  assert.ok(small.block.transactions.length <= finding.block.transactions.length)
  assert.ok(bytes(small) < bytes(finding) / 2, `${bytes(small)} of ${bytes(finding)} bytes of code`)
  // Without the defect the saved case is right.
  const saved = await caseOf(small)
  const common = new Common({ chain: rulesOfNetwork('Shanghai').chain })
  const executor = await BlockExecutor.create({ common, engine: 'wasm', threads: 1, state: stateOf({}) })
  assert.is(await new BlockTestRun(executor, saved).run().finally(() => executor.close()), undefined)
})

test.run()
