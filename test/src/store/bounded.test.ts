// A memory that is far smaller than the state: what is not needed any more makes room, and only a block that needs more by
// itself is refused.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, storeState } from '../../../src/index.js'
import { memoryEngine } from '../../../src/store/memory.js'
import { storeChain } from '../../support/storeChain.js'

const MIB = 2 ** 20
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

test('blocks in a memory that holds a few of them', async () => {
  const chain = await storeChain(60, 40_000_000, 'erc20-many')
  const engine = memoryEngine(2 ** 29)
  // Its first state is larger than the memory of the executor that follows.
  const open = () => storeState(async () => engine, { genesis: chain.genesis, checkpoint: 7 })
  await (await BlockExecutor.create({ state: open(), hardfork: 'osaka', threads: 1 })).close()
  const maxMemory = 24 * MIB
  const executor = await BlockExecutor.create({ state: open(), hardfork: 'osaka', threads: 2, maxMemory })
  const used: number[] = []
  try {
    let at = 0
    for await (const { stateRoot } of executor.executeAll(chain.blocks)) {
      assert.is(hex(stateRoot), hex(chain.stateRoots[at++]))
      used.push(executor.memoryUsed)
    }
    assert.is(at, chain.blocks.length)
    assert.ok(Math.max(...used) <= maxMemory)
    assert.ok(
      used.some((bytes, i) => i > 0 && bytes < (used[i - 1] as number)),
      `it never made room: ${used.map((bytes) => Math.round(bytes / MIB)).join(' ')}`,
    )
  } finally {
    await executor.close()
  }
})

test('a block that does not fit into all of the memory is refused, and the state stays', async () => {
  const chain = await storeChain(2, 60_000_000, 'erc20-many')
  const engine = memoryEngine(2 ** 29)
  const open = () => storeState(async () => engine, { genesis: chain.genesis })
  await (await BlockExecutor.create({ state: open(), hardfork: 'osaka', threads: 1 })).close()
  // What there is before any block, and one MiB.
  const idle = await BlockExecutor.create({ state: open(), hardfork: 'osaka', threads: 1, maxMemory: 64 * MIB })
  const maxMemory = idle.memoryUsed + MIB
  await idle.close()
  const state = open()
  const executor = await BlockExecutor.create({ state, hardfork: 'osaka', threads: 1, maxMemory })
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await executor.execute(chain.blocks[0] as Uint8Array).catch((thrown) => thrown)
      assert.is(error.code, 'OUT_OF_SPACE')
      assert.is(hex(state.head?.stateRoot), hex(state.first?.stateRoot))
    }
  } finally {
    await executor.close()
  }
})

test.run()
