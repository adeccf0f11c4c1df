// Blocks of the synthetic language whose transactions read what a list claims of those before them: real threads in any order,
// with forced delays, against the sequential oracle. The list is read while they wait for it.
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, concatBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Status, Task } from '../../../src/abi/core.generated.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { ListRefusal, openList } from '../../../src/wasm/givenList.js'
import { compareAndCommit, loadBase, newHost } from '../../support/stmCore.js'
import { generate, SHAPES } from '../../support/stmGenerate.js'
import { Model } from '../../support/stmModel.js'
import { Pool } from '../../support/stmPool.js'
import { type Op, type Program, runTransaction } from '../../support/stmProgram.js'

const PROGRAMS = 60
const ALL_POINTS = 0x1ffff
const MODE = BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER | BlockMode.GUIDED

/** What a list says nothing about: lives, and accounts that are emptied. */
const UNSAID: Op[0][] = ['create', 'destroy', 'touch', 'drain', 'exists']

function sayable(program: Program): Program {
  return { ...program, txs: program.txs.map((ops) => ops.filter(([name]) => !UNSAID.includes(name))) }
}

type Change = [index: bigint, value: Uint8Array]
type Listed = { balances: Change[]; nonces: Change[]; slots: Map<string, Change[]> }

/** The access list of a program that runs over the model. */
function listOf(program: Program, before: Model): Uint8Array {
  const model = before.clone()
  const listed = new Map<string, Listed>()
  for (const index of program.txs.keys()) {
    const last = model.clone()
    const run = runTransaction(program, index, model)
    while (!run.next().done);
    for (const account of model.accounts) {
      const then = last.accounts.find(({ address }) => address === account.address)
      const own: Listed = listed.get(account.address) ?? { balances: [], nonces: [], slots: new Map() }
      listed.set(account.address, own)
      const at = BigInt(index)
      if (account.balance !== (then?.balance ?? 0n)) own.balances.push([at, bigIntToUnpaddedBytes(account.balance)])
      if (account.nonce !== (then?.nonce ?? 0n)) own.nonces.push([at, bigIntToUnpaddedBytes(account.nonce)])
      for (const [key, value] of account.slots) {
        if (BigInt(`0x${value}`) === BigInt(`0x${then?.slots.get(key) ?? '00'}`)) continue
        own.slots.set(key, [...(own.slots.get(key) ?? []), [at, bigIntToUnpaddedBytes(BigInt(`0x${value}`))]])
      }
    }
  }
  const ascending = <T>(map: Map<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return RLP.encode(
    ascending(listed).map(([address, { balances, nonces, slots }]) => [
      Buffer.from(address, 'hex'),
      ascending(slots).map(([key, changes]) => [bigIntToUnpaddedBytes(BigInt(`0x${key}`)), changes]),
      ...[[], balances, nonces, []],
    ]) as never,
  )
}

const limits = ({ txs: { length: count } }: Program) => ({ count, items: 1000, gasLimit: 30_000_000n })

async function runFrom(
  block: BlockCore,
  pool: Pool,
  program: Program,
  list: Uint8Array,
  threads: number,
  seed: number,
) {
  block.blockBegin(program.txs.length, threads, MODE)
  const answers = pool.run({ program, seed, points: seed % 3 ? ALL_POINTS : 0 })
  // They wait by now, or begin to.
  if (seed % 2) await new Promise((resolve) => setTimeout(resolve, seed % 5))
  openList(block, list, limits(program))
  return answers
}

for (const threads of [1, 2, 4]) {
  test(`${threads} threads equal the oracle, and execute nothing twice`, async () => {
    const host = newHost()
    const pool = await Pool.start(host.block, threads)
    try {
      const model = Model.start(generate('mixed', threads, 1))
      loadBase(host.block, model)
      for (let seed = 1; seed <= PROGRAMS; seed++) {
        const shape = SHAPES[seed % SHAPES.length]!
        const program = sayable(generate(shape, seed * 8 + threads, 2 + (seed % 40), seed % 3 ? 0 : seed * 9))
        const list = listOf(program, model)
        const answers = await runFrom(host.block, pool, program, list, threads, seed)
        assert.ok(answers.every((answer) => answer === Task.DONE))
        const executions = pool.workers.map((_, index) => host.block.stats(index + 1).executions)
        assert.is(
          executions.reduce((sum, count) => sum + count, 0),
          program.txs.length,
        )
        compareAndCommit(host.block, program, model)
      }
    } finally {
      await pool.stop()
    }
  })
}

test('threads that wait for a list that is none go home, and the next block finds nothing of it', async () => {
  const host = newHost()
  const pool = await Pool.start(host.block, 2)
  try {
    const model = Model.start(generate('mixed', 1, 1))
    loadBase(host.block, model)
    const program = sayable(generate('mixed', 3, 20))
    const list = listOf(program, model)
    // What comes last is wrong: by then everything else has been taken in.
    const wrong = concatBytes(list.subarray(0, -1), Uint8Array.of(list.at(-1)! ^ 0x80))
    for (const lie of [wrong, list.subarray(1)]) {
      host.block.blockBegin(program.txs.length, 2, MODE)
      const answers = pool.run({ program, seed: 7, points: ALL_POINTS })
      assert.throws(
        () => openList(host.block, lie, limits(program)),
        (error: unknown) => error instanceof ListRefusal,
      )
      host.block.exports.blockFail(Status.MISGUIDED)
      assert.ok((await answers).every((answer) => answer === Task.FAILED))
      assert.is(host.block.exports.blockFront(), 0)
      host.block.exports.abandonBlock()
    }
    const ordinary = MODE & ~BlockMode.GUIDED
    host.block.blockBegin(program.txs.length, 2, ordinary)
    await pool.run({ program, seed: 7, points: ALL_POINTS })
    compareAndCommit(host.block, program, model)
  } finally {
    await pool.stop()
  }
})

test.run()
