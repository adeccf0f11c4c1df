// Blocks that do not go well: no memory left, missing base values, failure from outside, a thread that dies anywhere.

import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Source, Task } from '../../../src/abi/core.generated.js'
import { OutOfSpaceError } from '../../../src/errors.js'
import { Suspended } from '../../../src/wasm/txStatePort.js'
import { compareAndCommit, loadBase, newHost, newThread, runInterleaved, runSequential } from '../../support/stmCore.js'
import { generate } from '../../support/stmGenerate.js'
import { Model } from '../../support/stmModel.js'
import { Pool } from '../../support/stmPool.js'
import { addressOf, keyOf, randomFrom } from '../../support/stmProgram.js'

const ROUNDS = Number(process.env.PARALLEVM_STM_DEATHS ?? 12)

test('memory does not grow over hundreds of blocks', () => {
  const host = newHost()
  const threads = [host, newThread(host.block.core.memory, 1), newThread(host.block.core.memory, 2)]
  const model = Model.start(generate('mixed', 1, 1))
  loadBase(host.block, model)
  let used = 0n
  for (let seed = 1; seed <= 400; seed++) {
    const program = generate(seed % 2 ? 'mixed' : 'destroy', seed, 10)
    runInterleaved(threads, program, seed, BlockMode.PARALLEL)
    compareAndCommit(host.block, program, model)
    if (seed === 20) used = host.block.exports.usedBytes()
  }
  assert.is(host.block.exports.usedBytes(), used)
})

test('out of space is a typed error, and the next block runs', () => {
  const host = newHost(3 << 20)
  const { block } = host
  const program = generate('mixed', 3, 10)
  const model = Model.start(program)
  loadBase(block, model)
  runSequential(host, program)
  compareAndCommit(block, program, model)
  const before = block.exports.usedBytes()
  for (const mode of [BlockMode.SEQUENTIAL, BlockMode.PARALLEL]) {
    block.blockBegin(20, 1, mode)
    assert.throws(
      () => {
        for (let task = block.nextTask(); task >= 0; task = block.nextTask()) {
          host.state.begin(task)
          host.state.credit(block.account(addressOf(0)), 1n)
          block.txEnd(new Uint8Array(300_000))
        }
      },
      (error: unknown) => error instanceof OutOfSpaceError,
    )
    block.exports.blockFail(1)
    assert.is(block.nextTask(), Task.FAILED)
    block.exports.abandonBlock()
    assert.is(block.exports.usedBytes(), before)
  }
  const next = generate('mixed', 4, 10)
  runSequential(host, next)
  compareAndCommit(block, next, model)
})

test('a block that does not fit is refused', () => {
  const { block } = newHost(2 << 20)
  assert.throws(
    () => block.blockBegin(1_000_000, 1, BlockMode.PARALLEL),
    (error: unknown) => error instanceof OutOfSpaceError,
  )
  block.exports.abandonBlock()
  block.blockBegin(1, 1, BlockMode.PARALLEL)
  assert.is(block.nextTask(), 0)
})

test('an asynchronous source: transactions are parked until the host has fetched', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const host = newHost()
    const threads = [host, newThread(host.block.core.memory, 1)]
    const program = generate('mixed', seed, 8)
    const model = Model.start(program)
    const known = new Map(model.accounts.map((account) => [account.address, account]))
    const { block } = host
    block.setSource(Source.ASYNC)
    let fetched = 0
    const parked: number[] = []
    const random = randomFrom(seed)
    const fetch = (missing: ReturnType<typeof block.lastMissing>) => {
      assert.ok(missing)
      fetched++
      const account = known.get(Buffer.from(missing!.address).toString('hex'))
      if (missing!.kind === 'account') {
        const one = new Model()
        if (account) one.accounts.push({ ...account, slots: new Map() })
        loadBase(block, one)
        if (!account) block.setBaseAccount(missing!.address, undefined)
      } else {
        const value = account?.slots.get(Buffer.from(missing!.key!).toString('hex')) ?? ''
        block.setBaseSlot(missing!.address, missing!.key!, Buffer.from(value, 'hex'))
      }
    }
    runInterleaved(threads, program, seed, BlockMode.PARALLEL, (task) => {
      fetch(block.missingOf(task))
      assert.ok(block.exports.resumeTx(task))
      assert.not(block.exports.resumeTx(task))
      // An answer may come late: for one that goes on already, is parked again, or waits for another one.
      parked.push(task)
      block.exports.resumeTx(parked[random(parked.length)] as number)
    })
    for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff())
      for (const value of missing) fetch(value)
    compareAndCommit(block, program, model)
    assert.ok(fetched > 0)
  }
})

test('a late answer leaves a transaction that waits for another one', () => {
  const host = newHost()
  const other = newThread(host.block.core.memory, 1)
  const { block } = host
  const [paid, written, fetched] = [0, 1, 2].map(addressOf) as [Uint8Array, Uint8Array, Uint8Array]
  const balance = (address: Uint8Array) => block.setBaseAccount(address, { nonce: 0n, balance: 1n })
  balance(paid)
  balance(written)
  block.setSource(Source.ASYNC)
  block.blockBegin(3, 2, BlockMode.PARALLEL)
  for (const thread of [host, other]) thread.block.exports.setMayWait(false)
  const begin = ({ block: own, state }: typeof host, task: number) => {
    assert.is(own.nextTask(), task)
    state.begin(task)
  }
  const readBy = ({ block: own, state }: typeof host, address: Uint8Array) => state.balance(own.account(address))
  const suspends = (thread: typeof host, address: Uint8Array, reason: string) => {
    assert.throws(
      () => readBy(thread, address),
      (error: unknown) => error instanceof Suspended && error.reason === reason,
    )
    thread.block.exports.txSuspend()
  }
  const write = ({ block: own, state }: typeof host, address: Uint8Array, wei: bigint) => {
    state.setBalance(own.account(address), wei)
    own.txEnd(new Uint8Array(1))
  }

  // 1 reads what 0 will change, 2 waits for the source.
  begin(host, 0)
  begin(other, 1)
  readBy(other, paid)
  write(other, written, 5n)
  begin(other, 2)
  suspends(other, fetched, 'missing')
  readBy(host, paid)
  write(host, paid, 7n)
  // 1 is executed again, at the front; then 2 waits for it.
  balance(fetched)
  assert.ok(block.exports.resumeTx(2))
  begin(host, 1)
  begin(other, 2)
  suspends(other, written, 'blocked')
  assert.not(block.exports.resumeTx(2), 'it is in the list of those that wait for 1')
  assert.not(other.block.nextTask() >= 0)
  readBy(host, paid)
  write(host, written, 6n)
  begin(other, 2)
  assert.is(readBy(other, written), 6n)
  other.block.txEnd(new Uint8Array(1))
  assert.is(other.block.nextTask(), Task.DONE)
  assert.is(block.collectDiff(), undefined)
})

test('a value absent from a closed witness fails the block at its commit position only', () => {
  const { block, state } = newHost()
  block.setSource(Source.WITNESS)
  block.setBaseAccount(addressOf(0), { nonce: 0n, balance: 1n, codeHash: new Uint8Array(32).fill(7) })
  block.blockBegin(1, 1, BlockMode.PARALLEL)
  for (let i = 0; i < 2; i++) {
    const task = block.nextTask()
    if (task === Task.FAILED) break
    assert.is(task, 0)
    state.begin(task)
    assert.throws(
      () => state.code(block.account(addressOf(0))),
      (error: unknown) => error instanceof Suspended && error.reason === 'missing',
    )
    block.exports.txSuspend()
  }
  assert.is(block.nextTask(), Task.FAILED)
  assert.is(block.exports.blockFailure(), 3)
  assert.is(block.missingOf(0)?.kind, 'code')
  block.exports.abandonBlock()
})

test('blockFail stops threads that wait', async () => {
  const { block } = newHost()
  const pool = await Pool.start(block, 3)
  try {
    const program = generate('chain', 1, 6)
    block.blockBegin(6, 4, BlockMode.PARALLEL)
    // The host takes transaction 0 and never ends it: the others run out of work.
    assert.is(block.nextTask(), 0)
    const answers = pool.run({ program, seed: 0, points: 0 })
    await sleep(30)
    block.exports.blockFail(7)
    assert.equal(await answers, [Task.FAILED, Task.FAILED, Task.FAILED])
    assert.is(block.exports.blockFailure(), 7)
    block.exports.abandonBlock()
  } finally {
    await pool.stop()
  }
})

test('threads that die anywhere leave the base untouched and no lock held', async () => {
  const random = randomFrom(77)
  const host = newHost()
  const { block } = host
  const first = generate('mixed', 5, 1)
  const model = Model.start(first)
  loadBase(block, model)
  let unfinished = 0
  for (let round = 0; round < ROUNDS; round++) {
    const program = generate(round % 2 ? 'mixed' : 'hotspot', round, 400)
    const pool = await Pool.start(block, 2)
    block.blockBegin(program.txs.length, 2, BlockMode.PARALLEL)
    const answers = pool.run({ program, seed: round + 1, points: 0xffff }).catch(() => 'died')
    await sleep(random(12))
    await pool.stop()
    if (block.exports.blockFront() < program.txs.length) unfinished++
    block.exports.recover()
    void answers
    // The same block in order, then a small one in parallel, on the same memory.
    runSequential(host, program)
    compareAndCommit(block, program, model)
    const next = generate('destroy', round, 10)
    runInterleaved([host, newThread(block.core.memory, 1)], next, round, BlockMode.PARALLEL)
    compareAndCommit(block, next, model)
  }
  assert.ok(unfinished > 0, 'no thread was stopped inside a block')
})

test('tables grow: many accounts and slots, found again', () => {
  const { block, state } = newHost()
  const count = 70_000
  const handles: number[] = []
  const account = block.account(addressOf(0))
  const key = (i: number) => Buffer.from(i.toString(16).padStart(64, '0'), 'hex')
  for (let i = 0; i < count; i++) handles.push(block.slot(account, key(i)))
  block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
  for (let i = 0; i < count; i += 7) assert.is(block.slot(account, key(i)), handles[i])
  assert.is(block.nextTask(), 0)
  state.begin(0)
  state.setLife(account, true, 'created')
  state.setStorage(handles[5]!, keyOf(9))
  block.txEnd(new Uint8Array(0))
  assert.is(block.nextTask(), Task.DONE)
  assert.is(block.collectDiff(), undefined)
  const diff = block.readDiff()
  assert.equal(diff[0]!.storage, [{ key: new Uint8Array(key(5)), value: keyOf(9) }])
  block.exports.commitBase()
})

test.run()
