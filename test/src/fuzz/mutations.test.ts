// Changed blocks: a short run over some forks, and whether a defect, or a thread that hangs, would be found.
// PARALLEVM_MUTATIONS (default 2000) is the number of changes; longer runs: parallevm fuzz --target mutations.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { Executors, type MutantExecutor } from '../../../src/fuzz/mutations/executors.js'
import { Heartbeat } from '../../../src/fuzz/mutations/heartbeat.js'
import { type MutationFinding, MutationFuzzer } from '../../../src/fuzz/mutations/mutationFuzzer.js'
import type { Subject } from '../../../src/fuzz/mutations/subjects.js'
import { watch } from '../../../src/fuzz/mutations/watchdog.js'
import type { BlockResult, EngineName } from '../../../src/types.js'

const count = Number(process.env.PARALLEVM_MUTATIONS ?? 2000)
const FORKS = ['Prague', 'London', 'Frontier']
const OPTIONS = { engine: 'wasm', threads: 1, seed: 1, forks: ['Prague'], mutants: 300, count: 300 } as const

test(`${count} changes, none of which ends badly`, async () => {
  const fuzzer = new MutationFuzzer({ ...OPTIONS, forks: FORKS, mutants: Math.ceil(count / 4), count })
  const { progress } = fuzzer
  try {
    while (progress.mutants < count) {
      const finding = await fuzzer.episode()
      assert.is(finding?.problem, undefined, JSON.stringify(finding?.place))
    }
  } finally {
    await fuzzer.close()
  }
  const refused = [...progress.refused.values()].reduce((sum, times) => sum + times, 0)
  assert.is(refused + progress.otherBlocks, count)
  assert.ok(progress.refused.size > 5 && progress.otherBlocks > 0 && progress.byReference > 0)
  assert.ok(count < 1000 || progress.bothEngines > 0)
})

/** Executors whose answer to blocks that are refused is another one. */
class Wrong extends Executors {
  readonly #answer: (error: unknown, valid: BlockResult) => BlockResult

  constructor(answer: (error: unknown, valid: BlockResult) => BlockResult) {
    super(1)
    this.#answer = answer
  }

  override async of(subject: Subject, engine: EngineName): Promise<MutantExecutor> {
    const right = await super.of(subject, engine)
    // Of this subject: another one's has another hash.
    let valid: BlockResult | undefined
    return {
      setState: (source) => right.setState(source),
      execute: async (block, options) => {
        try {
          const result = await right.execute(block, options)
          valid ??= result
          return result
        } catch (error) {
          return this.#answer(error, valid as BlockResult)
        }
      },
    }
  }
}

async function findingWith(answer: (error: unknown, valid: BlockResult) => BlockResult) {
  const fuzzer = new MutationFuzzer(OPTIONS, undefined, new Wrong(answer))
  let finding: MutationFinding | undefined
  try {
    // Blocks that take long are left out.
    while (finding === undefined && fuzzer.progress.mutants < OPTIONS.count) finding = await fuzzer.episode()
  } finally {
    await fuzzer.close()
  }
  return finding
}

const PLANTED: [name: string, answer: (error: unknown, valid: BlockResult) => BlockResult, problem: RegExp][] = [
  [
    'an untyped error',
    () => {
      throw new TypeError('x is undefined')
    },
    /^it fails with TypeError: x is undefined$/,
  ],
  ['a block accepted as the unchanged one', (_, valid) => valid, /under the hash of the unchanged block/],
  [
    'a block accepted under a hash that is not its own',
    (_, valid) => ({ ...valid, hash: new Uint8Array(32) }),
    /^its hash is 0x/,
  ],
]

for (const [name, answer, problem] of PLANTED) {
  test(`a planted defect is found: ${name}`, async () => {
    const finding = await findingWith((error, valid) => {
      // What breaks the tree of the block has no hash to compare.
      if (error instanceof InvalidBlockError && error.code !== 'INVALID_TRANSACTIONS_ROOT') throw error
      return answer(error, valid)
    })
    assert.match(finding?.problem ?? 'nothing found', problem)
    assert.not.equal(finding?.bytes, finding?.subject.bytes)
  })
}

test('a thread that hangs is ended, and what it hangs on is the finding', async () => {
  const thread = new URL('../../support/hangingMutations.js', import.meta.url)
  const finding = await watch(new Heartbeat(), OPTIONS, () => {}, { thread, patience: 500 })
  assert.equal(finding?.place, { subject: 3, mutant: 1 })
  assert.equal(finding?.changed, Uint8Array.of(2, 3))
  assert.match(finding?.problem ?? '', /not ended after 500 ms/)
})

test('the watched thread ends by itself, or when it is told to', async () => {
  let mutants = 0
  const finding = await watch(new Heartbeat(), OPTIONS, ({ progress }) => {
    mutants = progress.mutants
  })
  assert.is(finding, undefined)
  assert.is(mutants, OPTIONS.count)
  const heartbeat = new Heartbeat()
  heartbeat.stop()
  assert.is(await watch(heartbeat, OPTIONS, () => assert.unreachable('it made something')), undefined)
})

test.run()
