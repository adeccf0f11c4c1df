// The versioned memory and the scheduler on one JavaScript thread, against the sequential oracle. Real threads:
// stmThreads.test.ts; every interleaving of a model: stmModel.test.ts.
import { test } from 'uvu'
import { BlockMode } from '../src/wasm/blockCore.js'
import { compareAndCommit, loadBase, newHost, newThread, runInterleaved, runSequential } from './support/stmCore.js'
import { generate, SHAPES } from './support/stmGenerate.js'
import { Model } from './support/stmModel.js'

const PROGRAMS = Number(process.env.PARALLEVM_STM_PROGRAMS ?? 300)

test('sequential mode equals the oracle over consecutive blocks', () => {
  for (const shape of SHAPES) {
    const host = newHost()
    const first = generate(shape, 1, 12)
    const model = Model.start(first)
    loadBase(host.block, model)
    for (let seed = 1; seed <= 40; seed++) {
      const program = { ...generate(shape, seed, 12), accounts: first.accounts }
      runSequential(host, program)
      compareAndCommit(host.block, program, model)
    }
  }
})

test('interleaved instances equal the oracle', () => {
  for (const shape of SHAPES) {
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const program = generate(shape, seed, 3 + (seed % 10))
      const host = newHost(64 << 20)
      const threads = [host]
      for (let id = 1; id < 2 + (seed % 4); id++) threads.push(newThread(host.block.core.memory, id))
      const model = Model.start(program)
      loadBase(host.block, model)
      const mode = BlockMode.PARALLEL | (seed & 1 ? BlockMode.LAST_IS_BARRIER : 0)
      runInterleaved(threads, program, seed, mode)
      compareAndCommit(host.block, program, model)
    }
  }
})

test.run()
