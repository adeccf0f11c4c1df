// A process that is killed at any moment leaves the state after a whole block.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Table } from '../../../src/abi/core.generated.js'
import { BlockExecutor, lmdbState, type StateStore, storeState } from '../../../src/index.js'
import { memoryEngine } from '../../../src/store/memory.js'
import { Random } from '../../../src/workloads/random.js'
import { plainEnvironment } from '../../support/process.js'
import { type StoreChain, storeChain, withFolder } from '../../support/storeChain.js'
import type { WriterTask } from '../../support/storeWriter.js'

const KILLS = Number(process.env.PARALLEVM_STORE_KILLS ?? 15)
const BLOCKS = 24
/** Milliseconds from when the process says how far it is: a block or two. */
const LONGEST = 30
const WRITER = fileURLToPath(new URL('../../support/storeWriter.js', import.meta.url))

test(`killed ${KILLS} times, the store holds the state of the block that it says`, async () => {
  const chain = await storeChain(BLOCKS)
  const expected = await digests(chain)
  const random = new Random(26, 'kills')
  await withFolder(async (root) => {
    const seen = new Set<string>()
    for (let kill = 0; kill < KILLS; kill++) {
      // A folder of its own now and then: also the first state is written whole.
      const folder = join(root, String(Math.floor(kill / 20)))
      await runAndKill(join(root, 'task'), folder, chain, 1 + random.below(3), random)
      const state = lmdbState({ path: folder })
      await state.open()
      try {
        const at = state.head?.number
        seen.add(String(at))
        assert.is(digest(state), expected.get(String(at)), `after kill ${kill}, at block ${at}`)
      } finally {
        await state.close()
      }
    }
    assert.ok(KILLS < 10 || seen.size > 4, `only at ${[...seen].join(', ')}`)
  })
})

async function runAndKill(file: string, folder: string, chain: StoreChain, checkpoint: number, random: Random) {
  const { genesis, blocks } = chain
  writeFileSync(file, serialize({ folder, genesis, blocks, checkpoint } satisfies WriterTask))
  const child = spawn(process.execPath, [WRITER, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: plainEnvironment(),
  })
  const ended = once(child, 'exit')
  // From time to time while it opens the store.
  if (random.below(10) > 0) await Promise.race([linesOf(child, 1 + random.below(BLOCKS)), ended])
  await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST)))
  assert.is(child.exitCode, null, 'the process has ended by itself')
  child.kill('SIGKILL')
  await ended
}

/** When the child has said so many lines: that it begins, and each block. */
async function linesOf(child: ChildProcessByStdio<null, Readable, null>, count: number): Promise<void> {
  let left = count
  await new Promise<void>((resolve) => {
    // It goes on listening: the child would fail where nobody hears it.
    child.stdout.on('data', (data) => {
      left -= String(data).split('\n').length - 1
      if (left <= 0) resolve()
    })
  })
}

/** What the rows are after each block, by its number; before the first state there are none. */
async function digests(chain: StoreChain): Promise<Map<string, string>> {
  const engine = memoryEngine(2 ** 28)
  const state = storeState(async () => engine, { genesis: chain.genesis })
  const executor = await BlockExecutor.create({ state, hardfork: 'osaka', threads: 1 })
  const found = new Map([
    ['undefined', createHash('sha256').digest('hex')],
    [String(state.head?.number), digest(state)],
  ])
  for await (const { number } of executor.executeAll(chain.blocks)) found.set(String(number), digest(state))
  await executor.close()
  return found
}

function digest(state: StateStore): string {
  const hash = createHash('sha256')
  for (const table of Object.values(Table).sort()) {
    for (const [key, value] of state.engine.range(Uint8Array.of(table))) hash.update(key).update('=').update(value)
  }
  return hash.digest('hex')
}

test.run()
