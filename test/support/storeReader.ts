// A process that goes on with a chain over a state on disk without writing, and says how that ended.
import { readFileSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { BlockExecutor, lmdbState } from '../../src/index.js'
import type { WriterTask } from './storeWriter.js'

const { folder: path, genesis, blocks } = deserialize(readFileSync(process.argv[2] as string)) as WriterTask
let said = 'fine'
try {
  const state = lmdbState({ path, genesis })
  const executor = await BlockExecutor.create({ state, hardfork: 'osaka', threads: 1 })
  try {
    const next = blocks[Number((state.head?.number ?? 0n) - genesis.number)] as Uint8Array
    await executor.execute(next, { advance: false })
  } finally {
    await executor.close()
  }
} catch (error) {
  said = (error as { code?: string }).code ?? String(error)
}
process.stdout.write(said)
