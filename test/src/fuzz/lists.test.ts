// False access lists: a short run over every kind of state, and whether a defect would be found.
// PARALLEVM_LISTS (default 600) is the number of lists; longer runs: parallevm fuzz --target lists.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { Executors, type MutantExecutor } from '../../../src/fuzz/mutations/executors.js'
import { LIE_NAMES, Liar } from '../../../src/fuzz/mutations/lies.js'
import { ListFuzzer } from '../../../src/fuzz/mutations/listFuzzer.js'
import { MutationFuzzer } from '../../../src/fuzz/mutations/mutationFuzzer.js'
import type { Subject } from '../../../src/fuzz/mutations/subjects.js'
import { encodeTree, parseList } from '../../../src/fuzz/mutations/tree.js'
import type { BlockResult, EngineName } from '../../../src/types.js'
import { Random } from '../../../src/workloads/random.js'

const count = Number(process.env.PARALLEVM_LISTS ?? 600)
const OPTIONS = { engine: 'wasm', threads: 2, seed: 4, mutants: 100, count } as const

test(`${count} lists, each of them refused as such, or the result is right`, async () => {
  const fuzzer = new ListFuzzer(OPTIONS)
  const { progress } = fuzzer
  try {
    while (progress.mutants < count) {
      const finding = await fuzzer.episode()
      assert.is(finding?.problem, undefined, JSON.stringify(finding?.place))
    }
  } finally {
    await fuzzer.close()
  }
  const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0)
  assert.is(sum([...progress.outcomes.values()].map((codes) => sum(codes.values()))), count)
  // All kinds but the one that is rare.
  assert.ok(count < 600 || progress.outcomes.size >= LIE_NAMES.length - 1, [...progress.outcomes.keys()].join())
  for (const [name, codes] of progress.outcomes) assert.ok(codes.has('INVALID_BLOCK_ACCESS_LIST'), name)
})

/** Executors that do something else with a block whose list is refused. */
class Believing extends Executors {
  readonly #answer: (valid: BlockResult) => BlockResult

  constructor(answer: (valid: BlockResult) => BlockResult) {
    super(1)
    this.#answer = answer
  }

  override async of(subject: Subject, engine: EngineName, verify?: 'header' | 'none'): Promise<MutantExecutor> {
    const right = await super.of(subject, engine, verify)
    let valid: BlockResult | undefined
    return {
      setState: (source) => right.setState(source),
      execute: async (block, options) => {
        try {
          valid = await right.execute(block, options)
          return valid
        } catch (error) {
          if (!(error instanceof InvalidBlockError && error.code === 'INVALID_BLOCK_ACCESS_LIST')) throw error
          valid ??= await right.execute(subject.bytes, {
            ...options,
            blockAccessList: subject.accessList as Uint8Array,
          })
          return this.#answer(valid)
        }
      },
    }
  }
}

for (const [name, answer, problem] of [
  ['a false list is accepted', (valid: BlockResult) => valid, /: it is accepted$/],
  [
    'a false list gives another result',
    (valid: BlockResult) => ({ ...valid, gasUsed: valid.gasUsed + 1n }),
    /: it gives another result: /,
  ],
] as const) {
  test(`a planted defect is found: ${name}`, async () => {
    const fuzzer = new ListFuzzer({ ...OPTIONS, threads: 1 }, undefined, new Believing(answer))
    try {
      const finding = await fuzzer.episode()
      assert.match(finding?.problem ?? 'nothing found', problem)
      assert.not.equal(finding?.list, finding?.subject.accessList)
    } finally {
      await fuzzer.close()
    }
  })
}

test('each kind of lie is made of a list that has something of everything', () => {
  const change = (index: number, ...bytes: number[]) => [[Uint8Array.of(index), Uint8Array.from(bytes)]]
  const account = (last: number) => [
    new Uint8Array(20).fill(last),
    [[Uint8Array.of(1), change(1, 5)]],
    [Uint8Array.of(2)],
    ...[change(1, 7), change(1, 1), change(2, 96)],
  ]
  const right = encodeTree(nodeOf([account(1), account(2)]) as never)
  assert.equal(encodeTree(parseList(right)), right)
  const liar = new Liar(right, 60_000n, new Random(1, 'lies'))
  const made = new Map<string, Set<string>>()
  for (let i = 0; i < 30_000; i++) {
    const { name, bytes } = liar.lie()
    made.set(name, (made.get(name) ?? new Set()).add(Buffer.from(bytes).toString('hex')))
  }
  assert.equal([...made.keys()].sort(), [...LIE_NAMES].sort())
  const own = Buffer.from(right).toString('hex')
  for (const [name, lists] of made)
    assert.ok(
      [...lists].some((list) => list !== own),
      name,
    )
})

type Nested = Uint8Array | Nested[]
function nodeOf(value: Nested): unknown {
  return value instanceof Uint8Array ? { kind: 'leaf', bytes: value } : { kind: 'branch', items: value.map(nodeOf) }
}

test('changed blocks of Amsterdam, whose results are those of the executor', async () => {
  const fuzzer = new MutationFuzzer({
    engine: 'wasm',
    threads: 1,
    seed: 1,
    forks: ['Amsterdam'],
    mutants: 60,
    count: 60,
  })
  try {
    while (fuzzer.progress.mutants < 60) assert.is((await fuzzer.episode())?.problem, undefined)
  } finally {
    await fuzzer.close()
  }
})

test.run()
