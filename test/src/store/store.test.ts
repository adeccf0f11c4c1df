// A state on disk: blocks over it, what it holds afterwards, and blocks taken back.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, lmdbState, memoryState, type StateStore, storeState } from '../../../src/index.js'
import { memoryEngine } from '../../../src/store/memory.js'
import { type StoreChain, storeChain, withFolder } from '../../support/storeChain.js'

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

let made: StoreChain | undefined
const chainOf = async (): Promise<StoreChain> => (made ??= await storeChain(12))

async function executorOver(state: StateStore, { common }: StoreChain, options = {}): Promise<BlockExecutor> {
  return await BlockExecutor.create({ state, common, hardfork: 'osaka', threads: 2, ...options })
}

async function run(executor: BlockExecutor, { blocks, stateRoots }: StoreChain, from = 0, to = blocks.length) {
  let at = from
  for await (const { stateRoot } of executor.executeAll(blocks.slice(from, to))) {
    assert.is(hex(stateRoot), hex(stateRoots[at++]))
  }
  assert.is(at, to)
}

const ENGINES: Record<string, (folder: string, chain: StoreChain) => () => StateStore> = {
  lmdb:
    (path, { genesis }) =>
    () =>
      lmdbState({ path, genesis }),
  memory: (_, { genesis }) => {
    const engine = memoryEngine(2 ** 28)
    return () => storeState(async () => engine, { genesis })
  },
}

for (const [name, make] of Object.entries(ENGINES)) {
  test(`${name}: every block has its root, in one run and in two`, async () => {
    const chain = await chainOf()
    await withFolder(async (folder) => {
      const open = make(folder, chain)
      for (const [from, to] of [
        [0, 5],
        [5, 12],
      ] as const) {
        const state = open()
        const executor = await executorOver(state, chain)
        try {
          await run(executor, chain, from, to)
          assert.is(hex(state.head?.stateRoot), hex(chain.stateRoots[to - 1]))
        } finally {
          await executor.close()
        }
      }
    })
  })

  test(`${name}: blocks are taken back, and executed again`, async () => {
    const chain = await chainOf()
    await withFolder(async (folder) => {
      const state = make(folder, chain)()
      const executor = await executorOver(state, chain)
      try {
        await run(executor, chain)
        for (const back of [1, 4, 12]) {
          await executor.revert(back)
          const at = 12 - back
          assert.is(hex(state.head?.stateRoot), at === 0 ? hex(state.first?.stateRoot) : hex(chain.stateRoots[at - 1]))
          await run(executor, chain, at)
        }
        const error = await executor.revert(13).catch((thrown) => thrown)
        assert.is(error.code, 'CANNOT_REVERT')
      } finally {
        await executor.close()
      }
    })
  })
}

test('a snapshot is the state as it was, while blocks go on', async () => {
  const chain = await chainOf()
  await withFolder(async (folder) => {
    const [path, copy] = [`${folder}/state`, `${folder}/copy`]
    const state = lmdbState({ path, genesis: chain.genesis, checkpoint: 4 })
    const executor = await executorOver(state, chain)
    await run(executor, chain, 0, 6)
    await Promise.all([state.snapshot(copy), run(executor, chain, 6)])
    assert.is((await state.snapshot(copy).catch((error) => error)).code, 'STORE_FAILED')
    await executor.close()
    const other = lmdbState({ path: copy, genesis: chain.genesis })
    const second = await executorOver(other, chain)
    assert.is(hex(other.head?.stateRoot), hex(chain.stateRoots[5]))
    await run(second, chain, 6)
    await second.close()
  })
})

test('with checkpoints, on one thread, with the other engine, and verified by plain @ethereumjs/vm', async () => {
  const chain = await chainOf()
  const { genesis } = chain
  for (const [options, store] of [
    [{ threads: 1 }, { checkpoint: 5 }],
    [{ engine: 'ethereumjs' }, { undo: 0 }],
    [{ verify: 'ethereumjs' }, {}],
    [{ verify: 'sequential' }, {}],
  ] as const) {
    await withFolder(async (path) => {
      const executor = await executorOver(lmdbState({ path, genesis, ...store }), chain, options)
      try {
        await run(executor, chain)
      } finally {
        await executor.close()
      }
      const state = lmdbState({ path })
      await state.open()
      assert.is(hex(state.head?.stateRoot), hex(chain.stateRoots.at(-1)))
      await state.close()
    })
  }
})

test('the rows after blocks are those of the state put at once', async () => {
  const chain = await chainOf()
  const rowsOf = (state: StateStore): string[] =>
    ['N', 'a', 'n', 's'].flatMap((table) =>
      [...state.engine.range(Buffer.from(table))].map(([key, value]) => `${hex(key)} ${hex(value)}`),
    )
  const engine = memoryEngine(2 ** 28)
  const state = storeState(async () => engine, { genesis: chain.genesis })
  const executor = await executorOver(state, chain)
  await run(executor, chain)
  const rows = rowsOf(state)
  await executor.close()
  // The state after the blocks by their differences alone.
  const after = await stateAfterAll(chain)
  const second = memoryEngine(2 ** 28)
  const whole = storeState(async () => second, { genesis: { ...after, number: 1n, hash: new Uint8Array(32) } })
  const other = await executorOver(whole, chain)
  assert.is(hex(whole.head?.stateRoot), hex(chain.stateRoots.at(-1)))
  assert.equal(rows, rowsOf(whole))
  await other.close()
})

async function stateAfterAll(chain: StoreChain) {
  type Held = { nonce: bigint; balance: bigint; code: Uint8Array; storage: Map<string, Uint8Array> }
  const state = new Map<string, Held>()
  const codes = new Map<string, Uint8Array>()
  const { keccak_256 } = await import('@noble/hashes/sha3.js')
  for (const code of chain.preState.codes) codes.set(hex(keccak_256(code)), code)
  for (const { address, nonce, balance, codeHash, storage } of chain.preState.accounts) {
    const code = codes.get(hex(codeHash)) ?? new Uint8Array(0)
    const slots = new Map([...(storage ?? [])].map(([key, value]) => [hex(pad(key)), pad(value)]))
    state.set(hex(address), { nonce, balance, code, storage: slots })
  }
  const executor = await BlockExecutor.create({
    state: memoryState(chain.preState.accounts, chain.preState.codes),
    common: chain.common,
    hardfork: 'osaka',
  })
  for await (const { stateDiff } of executor.executeAll(chain.blocks)) {
    for (const { address, exists, nonce, balance, code, storageCleared, storage } of stateDiff) {
      const before = state.get(hex(address))
      if (!exists) state.delete(hex(address))
      else {
        const slots = new Map(storageCleared ? [] : before?.storage)
        for (const { key, value } of storage) slots.set(hex(key), value)
        state.set(hex(address), { nonce, balance, code: code ?? before?.code ?? new Uint8Array(0), storage: slots })
      }
    }
  }
  await executor.close()
  const accounts = [...state].map(([address, account]) => ({
    ...account,
    address: `0x${address}`,
    storage: [...account.storage].map(([key, value]) => [`0x${key}`, value] as const),
  }))
  return { accounts }
}

const pad = (bytes: Uint8Array): Uint8Array => Uint8Array.from([...new Uint8Array(32 - bytes.length), ...bytes])

test.run()
