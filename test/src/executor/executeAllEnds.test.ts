// How an iteration of executeAll ends before its time: what it throws, and what it leaves behind.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, type BlockExecutorOptions, type BlockResult, ParallevmError } from '../../../src/index.js'
import { type WorkloadChain, workloadChain } from '../../support/workloadChain.js'

let chain: WorkloadChain
test.before(async () => {
  chain = await workloadChain('erc20-many', 6_000_000, [3, 3, 0, 3, 3])
})

async function withExecutor<T>(
  use: (executor: BlockExecutor) => Promise<T>,
  options: Partial<BlockExecutorOptions> = {},
): Promise<T> {
  const executor = await BlockExecutor.create({ state: chain.state(), threads: 2, ...options })
  try {
    return await use(executor)
  } finally {
    await executor.close()
  }
}

/** Roots of the results, and what ended them. */
async function drain(results: AsyncIterable<BlockResult>): Promise<{ roots: unknown[]; error: unknown }> {
  const roots: unknown[] = []
  try {
    for await (const { stateRoot } of results) roots.push(stateRoot)
  } catch (error) {
    return { roots, error }
  }
  return { roots, error: undefined }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => undefined).catch((thrown: unknown) => thrown)
  return error instanceof ParallevmError ? error.code : String(error)
}

/** A block with a header field, or a transaction, of which a bit is another one. */
function tampered(block: Uint8Array, change: (header: Uint8Array[], transactions: Uint8Array[]) => void): Uint8Array {
  const parts = RLP.decode(block) as unknown as [Uint8Array[], Uint8Array[], ...never[]]
  change(parts[0], parts[1])
  return RLP.encode(parts as never)
}

function flip(bytes: Uint8Array[], index: number): void {
  const copy = new Uint8Array(bytes[index] as Uint8Array)
  copy[copy.length - 1]! ^= 1
  bytes[index] = copy
}

/** A source that tells whether it was cleaned up. */
function source(blocks: readonly unknown[], end?: () => void | Promise<void>) {
  const seen = { closed: 0 }
  const items = (async function* () {
    try {
      yield* blocks
      await end?.()
    } finally {
      seen.closed++
    }
  })()
  return { seen, items: items as AsyncIterable<Uint8Array> }
}

const never = (): Promise<void> => new Promise(() => {})

for (const engine of ['wasm', 'ethereumjs'] as const) {
  test(`${engine}: the first invalid block ends it, the state being that before it`, async () => {
    const { blocks, stateRoots } = chain
    const good = blocks[1] as Uint8Array
    const cases: [string, unknown][] = [
      // Found while it is prepared,
      ['INVALID_TRANSACTIONS_ROOT', tampered(good, (header) => flip(header, 4))],
      ['MALFORMED_BLOCK', Uint8Array.of(1, 2, 3)],
      // by executing it,
      ['INVALID_STATE_ROOT', tampered(good, (header) => flip(header, 3))],
      ['INVALID_TRANSACTION', blocks[0]],
      // or at the door.
      ['INVALID_INPUT', 17],
      ['INVALID_OPTIONS', { block: good, advance: false }],
      ['INVALID_OPTIONS', { block: good, senders: [] }],
    ]
    await withExecutor(
      async (executor) => {
        for (const [code, bad] of cases) {
          await executor.setState(chain.state())
          const { seen, items } = source([blocks[0], bad, blocks[1]])
          const { roots, error } = await drain(executor.executeAll(items))
          assert.is((error as ParallevmError).code, code)
          assert.equal(roots, stateRoots.slice(0, 1))
          assert.is(seen.closed, 1)
          const rest = await drain(executor.executeAll(blocks.slice(1)))
          assert.equal(rest, { roots: stateRoots.slice(1), error: undefined })
        }
      },
      { engine },
    )
  })
}

test('errors at the door name the block', async () => {
  await withExecutor(async (executor) => {
    const { error } = await drain(executor.executeAll([chain.blocks[0] as Uint8Array, { block: 3 } as never]))
    assert.match((error as Error).message, 'blocks[1].block')
    for (const wrong of [undefined, null, 7, 'blocks', new Uint8Array(3), {}] as never[]) {
      assert.throws(
        () => executor.executeAll(wrong),
        (thrown: ParallevmError) => thrown.code === 'INVALID_INPUT',
      )
    }
    assert.throws(
      () => executor.executeAll([], { advance: false } as never),
      (thrown: ParallevmError) => thrown.code === 'INVALID_OPTIONS',
    )
  })
})

test('what the source throws ends it after the blocks before', async () => {
  await withExecutor(async (executor) => {
    const broken = source(chain.blocks.slice(0, 2), () => Promise.reject(new RangeError('no more disk')))
    const { roots, error } = await drain(executor.executeAll(broken.items))
    assert.instance(error, RangeError)
    assert.equal(roots, chain.stateRoots.slice(0, 2))
    const iterable = {
      [Symbol.iterator]: (): Iterator<Uint8Array> => {
        throw new RangeError('no beginning')
      },
    }
    assert.instance((await drain(executor.executeAll(iterable))).error, RangeError)
    const rest = await drain(executor.executeAll(chain.blocks.slice(2)))
    assert.equal(rest.roots, chain.stateRoots.slice(2))
  })
})

test('a consumer that leaves ends it: the source is closed, and nothing more is executed', async () => {
  await withExecutor(async (executor) => {
    const { seen, items } = source(chain.blocks)
    for await (const { stateRoot } of executor.executeAll(items)) {
      assert.equal(stateRoot, chain.stateRoots[0])
      break
    }
    assert.is(seen.closed, 1)
    // One that was never begun, and one that throws.
    await executor.executeAll(chain.blocks).return?.()
    const thrown = (async () => {
      for await (const _ of executor.executeAll(chain.blocks.slice(1))) throw new RangeError('enough')
    })()
    assert.instance(await thrown.catch((error: unknown) => error), RangeError)
    const rest = await drain(executor.executeAll(chain.blocks.slice(2)))
    assert.equal(rest, { roots: chain.stateRoots.slice(2), error: undefined })
  })
})

test('what the source throws when it is closed is told to who left, unless something else went wrong', async () => {
  await withExecutor(async (executor) => {
    const items = (bad: readonly Uint8Array[]) =>
      (function* () {
        try {
          yield* bad
        } finally {
          // biome-ignore lint/correctness/noUnsafeFinally: it is what is tested
          throw new RangeError('cannot close')
        }
      })()
    const results = executor.executeAll(items(chain.blocks))
    await results.next()
    assert.instance(
      await results
        .return?.()
        .then(() => undefined)
        .catch((error: unknown) => error),
      RangeError,
    )
    const { error } = await drain(executor.executeAll(items([Uint8Array.of(1), chain.blocks[1] as Uint8Array])))
    assert.is((error as ParallevmError).code, 'MALFORMED_BLOCK')
  })
})

test('a source that never answers holds nobody', async () => {
  await withExecutor(async (executor) => {
    const left = executor.executeAll(source(chain.blocks.slice(0, 1), never).items)
    await left.next()
    const waiting = left.next()
    await sleep(5)
    assert.equal(await left.return?.(), { value: undefined, done: true })
    assert.equal(await waiting, { value: undefined, done: true })
    // The other calls of the executor are not behind it.
    const other = executor.executeAll(source(chain.blocks.slice(1, 2), never).items)
    await other.next()
    const closed = codeOf(other.next())
    assert.equal((await executor.execute(chain.blocks[2] as Uint8Array)).stateRoot, chain.stateRoots[2])
    await executor.close()
    assert.is(await closed, 'EXECUTOR_CLOSED')
    assert.is(await codeOf(executor.executeAll(chain.blocks).next()), 'EXECUTOR_CLOSED')
  })
})

test('close ends it wherever it is', async () => {
  for (let delay = 0; delay < 40; delay += 4) {
    await withExecutor(async (executor) => {
      const ended = drain(executor.executeAll(chain.blocks))
      await sleep(delay)
      await executor.close()
      const { roots, error } = await ended
      if (roots.length < chain.blocks.length) assert.is((error as ParallevmError).code, 'EXECUTOR_CLOSED')
      assert.equal(roots, chain.stateRoots.slice(0, roots.length))
    })
  }
})

test('workers that die while they recover senders of the next block, or between two: it goes on or ends typed', async () => {
  const workers: Worker[] = []
  const note = (worker: Worker) => workers.push(worker)
  process.on('worker', note)
  const long = await workloadChain('transfers', 60_000_000, [1, 1, 1, 1, 1, 1])
  let failures = 0
  try {
    await withExecutor(
      async (executor) => {
        for (let round = 0; round < 12; round++) {
          await executor.setState(long.state())
          const dying = workers.slice(-2)[round % 2] as Worker
          let done = 0
          let gone: Promise<number> | undefined
          try {
            for await (const { stateRoot } of executor.executeAll(long.blocks)) {
              assert.equal(stateRoot, long.stateRoots[done++])
              if (done !== 2) continue
              // The consumer's turn: idle workers recover the third block's senders, then they sleep.
              if (round % 3 > 0) await sleep(round)
              gone = dying.terminate()
              if (round % 3 === 2) await gone
            }
          } catch (error) {
            assert.is((error as ParallevmError).code, 'WORKER_FAILED')
            failures++
          }
          await gone
          const rest = await drain(executor.executeAll(long.blocks.slice(done)))
          assert.equal(rest, { roots: long.stateRoots.slice(done), error: undefined })
        }
      },
      { state: long.state(), threads: 2 },
    )
  } finally {
    process.off('worker', note)
  }
  // Where its death is known before the next block, that one has new workers.
  assert.ok(failures <= 8, `${failures} failed`)
  assert.ok(workers.length > 2 * 10, `${workers.length} workers`)
})

test.run()
