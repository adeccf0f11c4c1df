// Runs programs of the synthetic language on the core, and compares with the sequential oracle.

import { keccak_256 } from '@noble/hashes/sha3.js'
import * as assert from 'uvu/assert'
import { BlockMode, Task } from '../../src/abi/core.generated.js'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { compile, createMemory, instantiate } from '../../src/wasm/instance.js'
import { CoreTxState } from '../../src/wasm/txState.js'
import { Suspended } from '../../src/wasm/txStatePort.js'
import type { Model } from './stmModel.js'
import { type Program, randomFrom, runTransaction } from './stmProgram.js'

export interface TestThread {
  block: BlockCore
  state: CoreTxState
}

export function newThread(memory: WasmMemory, id: number): TestThread {
  const block = new BlockCore(new Core(memory, instantiate(compile(), memory)), id)
  return { block, state: new CoreTxState(block) }
}

/** A memory with tables, and its host's thread (number 0). */
export function newHost(maxBytes = 256 << 20): TestThread {
  const memory = createMemory({ maxBytes })
  const host = newThread(memory, 0)
  host.block.initTables(0x1234_5678_9abc_def0n)
  return host
}

export function loadBase(block: BlockCore, model: Model): void {
  for (const account of model.accounts) {
    const address = Buffer.from(account.address, 'hex')
    const { nonce, balance, code } = account
    block.setBaseAccount(address, account.exists ? { nonce, balance, code, codeHash: keccak_256(code) } : undefined)
    for (const [key, value] of account.slots)
      block.setBaseSlot(address, Buffer.from(key, 'hex'), Buffer.from(value, 'hex'))
  }
}

/** Compares a finished block with the oracle, which is left in the state after it; ends the block. */
export function compareAndCommit(host: BlockCore, program: Program, model: Model): void {
  assert.is(host.collectDiff(), undefined)
  compareCollected(host, program, model)
  host.exports.commitBase()
}

/** The same where the difference is made already; the block goes on. */
export function compareCollected(host: BlockCore, program: Program, model: Model): void {
  const before = model.clone()
  for (const [i, outcome] of model.run(program).entries()) {
    const got = host.outcome(i)
    assert.is(got && Buffer.from(got).toString('hex'), outcome, `${program.name}: outcome of transaction ${i}`)
  }
  model.settle()
  before.apply(host.readDiff())
  assert.equal(before.dump(), model.dump(), `${program.name}: state after the block`)
}

/** One thread, in order. */
export function runSequential({ block, state }: TestThread, program: Program): void {
  block.blockBegin(program.txs.length, 1, BlockMode.SEQUENTIAL)
  for (let task = block.nextTask(); task !== Task.DONE; task = block.nextTask()) {
    if (task < 0) throw new Error(`${program.name}: nextTask answered ${task}`)
    state.begin(task)
    const run = runTransaction(program, task, state)
    let step = run.next()
    while (!step.done) step = run.next()
    block.txEnd(step.value)
  }
}

/**
 * Several instances of the core on one JavaScript thread, advanced step by step in a random but repeatable order: threads
 * interleaved between the reads and writes of transactions and between the calls of the scheduler.
 */
export function runInterleaved(
  threads: readonly TestThread[],
  program: Program,
  seed: number,
  mode: number,
  onMissing?: (task: number) => void,
): void {
  const random = randomFrom(seed)
  const host = threads[0]!.block
  host.blockBegin(program.txs.length, threads.length, mode)
  for (const { block } of threads) block.exports.setMayWait(false)
  const running = threads.map((): { run: Generator<void, Uint8Array>; task: number } | undefined => undefined)
  let idle = 0
  while (idle < 1000) {
    const i = random(threads.length)
    const { block, state } = threads[i]!
    const current = running[i]
    if (current === undefined) {
      const task = block.nextTask()
      if (task === Task.DONE && running.every((entry) => entry === undefined)) return
      if (task < 0) {
        idle++
        continue
      }
      state.begin(task)
      running[i] = { run: runTransaction(program, task, state), task }
    } else {
      try {
        const step = current.run.next()
        if (step.done) {
          block.txEnd(step.value)
          running[i] = undefined
        }
      } catch (error) {
        if (!(error instanceof Suspended)) throw error
        block.exports.txSuspend()
        running[i] = undefined
        if (error.reason === 'missing') onMissing?.(current.task)
      }
    }
    idle = 0
  }
  throw new Error(`${program.name}, interleaving ${seed}: stuck at transaction ${host.exports.blockFront()}`)
}
