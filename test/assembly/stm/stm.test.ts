// The versioned memory and the scheduler on one JavaScript thread, against the sequential oracle. Real threads:
// stmThreads.test.ts; every interleaving of a model: stmModel.test.ts.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Task } from '../../../src/abi/core.generated.js'
import { compareAndCommit, loadBase, newHost, newThread, runInterleaved, runSequential } from '../../support/stmCore.js'
import { generate, SHAPES } from '../../support/stmGenerate.js'
import { Model } from '../../support/stmModel.js'

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

test('a block without transactions changes nothing', () => {
  const { block } = newHost()
  for (const mode of [BlockMode.SEQUENTIAL, BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER]) {
    block.blockBegin(0, 1, mode)
    assert.is(block.nextTask(), Task.DONE)
    assert.is(block.collectDiff(), undefined)
    assert.equal(block.readDiff(), [])
    block.exports.commitBase()
  }
})

test('independent work is handed out ahead, the barrier last', () => {
  const host = newHost()
  const other = newThread(host.block.core.memory, 1)
  host.block.exports.setMayWait(false)
  host.block.blockBegin(3, 2, BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER)
  const run = ({ block, state }: typeof host, task: number) => {
    state.begin(task)
    block.txEnd(new Uint8Array(1))
  }
  assert.is(host.block.nextTask(), 0)
  assert.is(other.block.nextTask(), 1)
  run(other, 1)
  assert.is(host.block.exports.blockFront(), 0)
  other.block.exports.setMayWait(false)
  assert.is(other.block.nextTask(), Task.IDLE)
  run(host, 0)
  assert.is(other.block.nextTask(), 2)
  assert.is(host.block.nextTask(), Task.IDLE)
  run(other, 2)
  assert.is(host.block.nextTask(), Task.DONE)
  assert.is(other.block.nextTask(), Task.DONE)
})

test('with a window of one, nothing is executed ahead or recorded', () => {
  const host = newHost()
  const other = newThread(host.block.core.memory, 1)
  host.block.exports.setMayWait(false)
  other.block.exports.setMayWait(false)
  host.block.blockBegin(5, 2, BlockMode.PARALLEL)
  host.block.exports.setWindowLimit(1)
  for (let tx = 0; tx < 5; tx++) {
    assert.is(host.block.nextTask(), tx)
    assert.is(other.block.nextTask(), Task.IDLE)
    host.state.begin(tx)
    host.block.txEnd(new Uint8Array(0))
  }
  assert.is(host.block.nextTask(), Task.DONE)
  assert.is(host.block.stats(0).validations, 0)
})

test.run()
