// The state root stage from its beginning, on real threads that are delayed at named points, after blocks that these
// threads have executed: against the sequential oracle, and against the same blocks in order on one thread.

import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as abi from '../../../src/abi/core.generated.js'
import { BlockMode, Status, Task } from '../../../src/abi/core.generated.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { adoptRoot, beginRoot, dropRoot, prepareRootFromBase, rootResult } from '../../../src/wasm/stateRoot.js'
import { toHex } from '../../support/bytes.js'
import { compareAndCommit, compareCollected, loadBase, newHost, runSequential } from '../../support/stmCore.js'
import { generate, SHAPES } from '../../support/stmGenerate.js'
import { Model } from '../../support/stmModel.js'
import { Pool } from '../../support/stmPool.js'
import { addressOf, type Program } from '../../support/stmProgram.js'

const PROGRAMS = Number(process.env.PARALLEVM_STM_PROGRAMS ?? 300) / 3
const ALL_POINTS = 0xfffff
const KEYS = BlockMode.PARALLEL | BlockMode.KEYS

function makeTries(block: BlockCore): string {
  prepareRootFromBase(block.core)
  block.exports.rootWork()
  const root = toHex(rootResult(block.core))
  adoptRoot(block.core)
  return root
}

function rootOfOne(block: BlockCore): string {
  beginRoot(block.core)
  assert.is(block.exports.rootWork(), Status.OK)
  return toHex(rootResult(block.core))
}

/** Every key that a record says is hashed has its hash. Of the accounts that a program can touch; how many are. */
function checkKeys({ core }: BlockCore, handles: readonly number[]): number {
  let hashed = 0
  for (const handle of handles) {
    if ((core.u32(handle + abi.ACC_FLAGS) & abi.ACC_HASHED) === 0) continue
    hashed++
    const address = core.read(handle + abi.ACC_ADDRESS, 20)
    assert.is(toHex(core.read(handle + abi.ACC_HASH, 32)), toHex(keccak_256(address)))
    for (let slot = core.u32(handle + abi.ACC_SLOTS); slot !== 0; slot = core.u32(slot + abi.SLOT_SIBLING)) {
      if ((core.u32(slot + abi.SLOT_FLAGS) & abi.SLOT_HASHED) === 0) continue
      const key = core.read(slot + abi.SLOT_KEY, 32).reverse()
      assert.is(toHex(core.read(slot + abi.SLOT_HASH, 32)), toHex(keccak_256(key)))
    }
  }
  return hashed
}

async function runOn(block: BlockCore, pool: Pool, program: Program, threads: number, seed: number): Promise<void> {
  block.blockBegin(program.txs.length, threads, KEYS)
  if (seed % 5 !== 0) block.setFeeRecipient(addressOf(program.first))
  const answers = await pool.run({ program, seed: seed % 4 === 0 ? 0 : seed, points: seed % 3 ? ALL_POINTS : 0 })
  assert.ok(answers.every((answer) => answer === Task.DONE))
}

for (const threads of [1, 2, 3, 5]) {
  test(`${threads} threads make the difference and the root of one`, async () => {
    const host = newHost()
    const alone = newHost()
    const pool = await Pool.start(host.block, threads)
    try {
      const model = Model.start(generate('mixed', threads, 1))
      const reference = Model.start(generate('mixed', threads, 1))
      loadBase(host.block, model)
      loadBase(alone.block, model)
      assert.is(makeTries(host.block), makeTries(alone.block))
      let hashed = 0
      for (let seed = 1; seed <= PROGRAMS; seed++) {
        const shape = SHAPES[seed % SHAPES.length]!
        const program = generate(shape, seed * 8 + threads, seed % 10 === 0 ? 150 : 2 + (seed % 14), (seed % 40) * 9)
        await runOn(host.block, pool, program, threads, seed)
        const handles = Array.from({ length: 12 }, (_, i) => host.block.account(addressOf(program.first + i)))
        checkKeys(host.block, handles)
        beginRoot(host.block.core)
        assert.equal(await pool.root(), Array(threads).fill(Status.OK), program.name)
        const root = toHex(rootResult(host.block.core))
        compareCollected(host.block, program, model)
        hashed += checkKeys(host.block, handles)
        runSequential(alone, program)
        assert.is(rootOfOne(alone.block), root, program.name)
        compareCollected(alone.block, program, reference)
        for (const { block } of [host, alone]) {
          if (seed % 6 === 0) dropRoot(block.core)
          else adoptRoot(block.core)
          block.exports.commitBase()
          // As after a block whose root was not wanted: the tries are made anew.
          if (seed % 6 === 0) makeTries(block)
        }
      }
      assert.ok(hashed > PROGRAMS, `${hashed} keys of accounts`)
    } finally {
      await pool.stop()
    }
  })
}

test('what one thread has begun, another may end, with what the first has taken', async () => {
  const { block } = newHost()
  const program = generate('independent', 1, 300)
  const model = Model.start(program)
  loadBase(block, model)
  makeTries(block)
  const pool = await Pool.start(block, 2)
  try {
    await runOn(block, pool, program, 2, 1)
    for (let round = 0; round < 20; round++) {
      beginRoot(block.core)
      assert.equal(await pool.root(), [Status.OK, Status.OK])
      const root = toHex(rootResult(block.core))
      dropRoot(block.core)
      assert.is(rootOfOne(block), root)
      dropRoot(block.core)
    }
    compareAndCommit(block, program, model)
  } finally {
    await pool.stop()
  }
})

/** Takes all chunks but so many. */
function takeChunks({ exports }: BlockCore, but: number): number[] {
  const taken: number[] = []
  for (let at = exports.takeChunks(1); at !== 0; at = exports.takeChunks(1)) taken.push(at)
  for (const at of taken.splice(0, but)) exports.giveChunks(at, 1)
  return taken
}

test('out of space at any point of the stage: a status, the state as before, and the same block again', async () => {
  const host = newHost(24 << 20)
  const { block } = host
  const program = generate('independent', 7, 3000)
  const model = Model.start(program)
  loadBase(block, model)
  const before = makeTries(block)
  const pool = await Pool.start(block, 2)
  try {
    let failed = 0
    for (let left = 0; ; left++) {
      await runOn(block, pool, program, 2, 4)
      const taken = takeChunks(block, left)
      const status = block.exports.rootBegin()
      const answers = status === Status.OK ? await pool.root() : [status]
      for (const at of taken) block.exports.giveChunks(at, 1)
      if (answers[0] === Status.OK) break
      failed++
      assert.ok(
        answers.every((answer) => answer === Status.OUT_OF_SPACE),
        `${answers}`,
      )
      dropRoot(block.core)
      block.exports.abandonBlock()
      assert.is(makeTries(block), before, `${left} chunks`)
    }
    assert.ok(failed > 1, `${failed} failures`)
    compareCollected(block, program, model)
  } finally {
    await pool.stop()
  }
})

test('a thread that stops in the stage: it ends for the others, and the block can be executed again', async () => {
  const host = newHost()
  const { block } = host
  const program = generate('independent', 9, 4000)
  const model = Model.start(program)
  loadBase(block, model)
  const before = makeTries(block)
  for (let round = 0; round < 6; round++) {
    const pool = await Pool.start(block, 3)
    await runOn(block, pool, program, 3, round)
    beginRoot(block.core)
    const [stopped, ...others] = pool.workers
    const answers = Promise.all(others.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
    for (const worker of pool.workers) worker.postMessage('root')
    // Somewhere in the stage, or after it.
    for (let spin = 0; spin < round * 400_000; spin++) block.exports.blockFront()
    await stopped!.terminate()
    block.exports.rootAbort(Status.OUT_OF_SPACE)
    const statuses = await answers
    assert.ok(statuses[0] === Status.OUT_OF_SPACE || statuses[0] === Status.OK, `${statuses}`)
    await pool.stop()
    block.exports.recover()
    dropRoot(block.core)
    assert.is(makeTries(block), before)
  }
  runSequential(host, program)
  compareAndCommit(block, program, model)
})

test.run()
