// A process that executes a chain over a state on disk, takes it back and executes it again, until it is killed.
import { readFileSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { BlockExecutor, lmdbState, type StateAfter } from '../../src/index.js'

export interface WriterTask {
  folder: string
  genesis: StateAfter
  blocks: Uint8Array[]
  checkpoint: number
}

const task = deserialize(readFileSync(process.argv[2] as string)) as WriterTask
const { folder: path, genesis, blocks, checkpoint } = task
const state = lmdbState({ path, genesis, checkpoint })
const executor = await BlockExecutor.create({ state, hardfork: 'osaka', threads: 2 })
process.stdout.write('ready\n')
for (;;) {
  const done = Number((state.head?.number ?? 0n) - genesis.number)
  for await (const { number } of executor.executeAll(blocks.slice(done))) process.stdout.write(`${number}\n`)
  await executor.revert(1 + (done % state.revertible))
}
