// Blocks one after another through executeAll: the same as a loop of execute, and no more of the source than it needs.
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  BlockExecutor,
  type BlockExecutorOptions,
  type BlockResult,
  type BlockWithOptions,
  memoryState,
  type RlpLike,
  type StateSource,
  stateManagerState,
  witnessState,
} from '../../../src/index.js'
import type { WorkloadKind } from '../../../src/workloads/index.js'
import { Random } from '../../../src/workloads/random.js'
import { managerOf } from '../../support/managers.js'
import { witnessOf } from '../../support/witnesses.js'
import { type WorkloadChain, workloadChain } from '../../support/workloadChain.js'

const GAS = 6_000_000
/** Empty ones, one transaction, many. */
const SIZES = [4, 0, 0, 1, 9, 3, 0]

const chains = new Map<string, Promise<WorkloadChain>>()

function chainOf(kind: WorkloadKind = 'erc20-many', sizes: readonly number[] = SIZES, gas = GAS) {
  const name = `${kind} ${sizes} ${gas}`
  const chain = chains.get(name) ?? workloadChain(kind, gas, sizes)
  chains.set(name, chain)
  return chain
}

async function withExecutor<T>(
  options: Partial<BlockExecutorOptions> & { state: StateSource },
  use: (executor: BlockExecutor) => Promise<T>,
): Promise<T> {
  const executor = await BlockExecutor.create({ threads: 2, ...options })
  try {
    return await use(executor)
  } finally {
    await executor.close()
  }
}

async function collect(results: AsyncIterable<BlockResult>): Promise<BlockResult[]> {
  const all: BlockResult[] = []
  for await (const result of results) all.push(result)
  return all
}

async function loop(executor: BlockExecutor, blocks: readonly Uint8Array[]): Promise<BlockResult[]> {
  const all: BlockResult[] = []
  for (const block of blocks) all.push(await executor.execute(block))
  return all
}

function same(actual: readonly BlockResult[], wanted: readonly BlockResult[]): void {
  const plain = ({ stats: _, ...result }: BlockResult) => ({ ...result })
  assert.is(actual.length, wanted.length)
  for (const [index, result] of actual.entries()) {
    assert.equal(plain(result), plain(wanted[index] as BlockResult), `block ${index}`)
  }
}

for (const kind of ['erc20-many', 'uniswap-v2-one', 'mainnet-mix'] as const) {
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    test(`${kind}, engine ${engine}: the results of a loop, in order`, async () => {
      const chain = await chainOf(kind, SIZES, engine === 'wasm' ? GAS : GAS / 4)
      const { blocks, stateRoots } = chain
      for (const threads of engine === 'wasm' ? [1, 2, 3] : [2]) {
        await withExecutor({ state: chain.state(), threads, engine }, async (executor) => {
          const wanted = await loop(executor, blocks)
          assert.equal(
            wanted.map(({ stateRoot }) => stateRoot),
            stateRoots,
          )
          for (const mode of ['auto', 'parallel', 'sequential'] as const) {
            await executor.setState(chain.state())
            same(await collect(executor.executeAll(blocks, { mode })), wanted)
          }
        })
      }
    })
  }
}

test('chains of random sizes, with a consumer and a source of random speed: the roots of the headers', async () => {
  const random = new Random(Number(process.env.PARALLEVM_FUZZ_SEED ?? 7), 'executeAll')
  const pause = async () => {
    if (random.below(3) === 0) await sleep(random.below(4))
  }
  for (let round = 0; round < 4; round++) {
    const sizes = Array.from({ length: 12 }, () => random.below(3) * random.below(40))
    const chain = await chainOf(random.pick(['erc20-one', 'mainnet-mix', 'transfers'] as const), [1, ...sizes], GAS)
    const source = async function* () {
      for (const block of chain.blocks) {
        await pause()
        yield block
      }
    }
    for (const verify of ['header', 'sequential'] as const) {
      await withExecutor({ state: chain.state(), threads: 1 + random.below(4), verify }, async (executor) => {
        let index = 0
        for await (const { stateRoot } of executor.executeAll(source())) {
          assert.equal(stateRoot, chain.stateRoots[index++])
          await pause()
        }
        assert.is(index, chain.blocks.length)
      })
    }
  }
})

test('a source that is asked for values while the blocks run', async () => {
  const chain = await chainOf()
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    const { preState } = chain
    const state = stateManagerState(await managerOf(preState, chain.common))
    await withExecutor({ state, engine }, async (executor) => {
      const results = await collect(executor.executeAll(chain.blocks))
      assert.equal(
        results.map(({ stateRoot }) => stateRoot),
        chain.stateRoots,
      )
    })
  }
})

test('a source that adds the witness of each block before it, wherever the block before is', async () => {
  const chain = await chainOf()
  const whole = await witnessOf(chain.preState, chain.common)
  const random = new Random(3, 'late witnesses')
  // So many that their table grows each time.
  let made = 0
  const more = () => Array.from({ length: 70_000 }, () => new Uint8Array(Uint32Array.of(++made, 0, 0).buffer))
  for (let round = 0; round < 4; round++) {
    const state = witnessState(whole)
    const source = async function* () {
      for (const block of chain.blocks) {
        const nodes = more()
        for (let turn = random.below(6); turn > 0; turn--) await immediately()
        state.add({ nodes, codes: [] })
        yield block
      }
    }
    await withExecutor({ state, engine: round % 2 ? 'ethereumjs' : 'wasm' }, async (executor) => {
      const results = await collect(executor.executeAll(source()))
      assert.equal(
        results.map(({ stateRoot }) => stateRoot),
        chain.stateRoots,
      )
    })
  }
})

test('threads recover the senders of the next block while the consumer has a result', async () => {
  const chain = await chainOf('transfers', [1, 1, 1], 30_000_000)
  const recovering = ({ stats }: BlockResult) => stats.workers.reduce((sum, { ms }) => sum + ms.senders, 0)
  await withExecutor({ state: chain.state() }, async (executor) => {
    const [first, ...others] = (await loop(executor, chain.blocks)).map(recovering)
    await executor.setState(chain.state())
    const seen: number[] = []
    for await (const result of executor.executeAll(chain.blocks)) {
      seen.push(recovering(result))
      await sleep(500)
    }
    assert.is(seen.length, 3)
    assert.ok((first as number) > 5)
    for (const [index, ms] of seen.slice(1).entries()) assert.ok(ms < (others[index] as number) / 4, `${ms} ms`)
  })
})

test('blocks with senders and ancestors of their own', async () => {
  const { blocks, senders, state, stateRoots } = await chainOf()
  const items = blocks.map((block, index): BlockWithOptions | RlpLike =>
    index % 2 ? block : { block, senders: senders[index] as Uint8Array[], blockHashes: {} },
  )
  await withExecutor({ state: state() }, async (executor) => {
    const results = await collect(executor.executeAll(items))
    assert.equal(
      results.map(({ stateRoot }) => stateRoot),
      stateRoots,
    )
    await executor.setState(state())
    const without = await collect(executor.executeAll(items, { root: false }))
    assert.ok(without.every(({ stateRoot }) => stateRoot === undefined))
  })
})

test('the source is read one block further than the consumer has asked', async () => {
  const { blocks, state } = await chainOf()
  for (const asynchronous of [false, true]) {
    let read = 0
    const count = (block: Uint8Array) => {
      read++
      return block
    }
    const source = asynchronous
      ? (async function* () {
          for (const block of blocks) yield count(block)
        })()
      : (function* () {
          for (const block of blocks) yield count(block)
        })()
    await withExecutor({ state: state() }, async (executor) => {
      const results = executor.executeAll(source)
      await sleep(20)
      assert.is(read, 0)
      for (let asked = 1; asked <= blocks.length; asked++) {
        assert.not((await results.next()).done)
        await sleep(5)
        assert.is(read, Math.min(asked + 1, blocks.length))
      }
      assert.equal(await results.next(), { value: undefined, done: true })
      assert.equal(await results.next(), { value: undefined, done: true })
    })
  }
})

test('execute, setState and another iteration come between two blocks', async () => {
  const chain = await chainOf()
  const { blocks, stateRoots } = chain
  await withExecutor({ state: chain.state() }, async (executor) => {
    const [one, other] = [executor.executeAll(blocks), executor.executeAll(blocks)]
    const next = async (results: AsyncIterator<BlockResult>) => ((await results.next()).value as BlockResult).stateRoot
    // Both have prepared their second block when the state is another one.
    assert.equal(await next(one), stateRoots[0])
    await executor.setState(chain.state())
    assert.equal(await next(other), stateRoots[0])
    assert.equal(await next(one), stateRoots[1])
    assert.equal(await next(other), stateRoots[1])
    assert.equal((await executor.execute(blocks[2] as Uint8Array)).stateRoot, stateRoots[2])
    assert.equal(await next(one), stateRoots[2])
    // The memory of the state before the last one is used again, and the fourth block's request lies in there.
    await executor.setState(memoryState([]))
    await executor.setState(chain.state())
    for (let index = 0; index < 3; index++) await executor.execute(blocks[index] as Uint8Array)
    assert.equal(await next(one), stateRoots[3])
    await one.return?.()
    await other.return?.()
    assert.equal((await executor.execute(blocks[4] as Uint8Array)).stateRoot, stateRoots[4])
  })
})

test.run()
