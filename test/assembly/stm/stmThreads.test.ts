// The real scheduler in real threads against the sequential oracle, with forced delays at its yield points.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Task } from '../../../src/abi/core.generated.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { compareAndCommit, loadBase, newHost } from '../../support/stmCore.js'
import { generate, SHAPES } from '../../support/stmGenerate.js'
import { Model } from '../../support/stmModel.js'
import { Pool } from '../../support/stmPool.js'
import { addressOf, type Program } from '../../support/stmProgram.js'

/** Programs for each number of threads. */
const PROGRAMS = Number(process.env.PARALLEVM_STM_PROGRAMS ?? 300)
const ALL_POINTS = 0x11ffff

for (const threads of [1, 2, 3, 4, 8]) {
  test(`${threads} threads equal the oracle`, async () => {
    const started = performance.now()
    const host = newHost()
    const pool = await Pool.start(host.block, threads)
    let reexecutions = 0
    let blocked = 0
    try {
      const model = Model.start(generate('mixed', threads, 1))
      loadBase(host.block, model)
      for (let seed = 1; seed <= PROGRAMS; seed++) {
        const shape = SHAPES[seed % SHAPES.length]!
        const program = generate(
          shape,
          seed * 8 + threads,
          seed % 50 === 0 ? 120 : 2 + (seed % 14),
          seed % 3 ? 0 : (seed % 40) * 9,
        )
        const mode = BlockMode.PARALLEL | (seed & 1 ? BlockMode.LAST_IS_BARRIER : 0)
        await runProgram(host.block, pool, program, threads, mode, seed)
        for (let thread = 1; thread <= threads; thread++) {
          const stats = host.block.stats(thread)
          reexecutions += stats.reexecutions
          blocked += stats.blocked
        }
        compareAndCommit(host.block, program, model)
      }
    } finally {
      await pool.stop()
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(
      `${threads} threads: ${PROGRAMS} programs, ${reexecutions} re-executions, ${blocked} suspensions, ${seconds} s`,
    )
  })
}

// Long enough for runs of several transactions, and with a recipient of fees that most of them credit.
for (const shape of SHAPES) {
  test(`2 threads, long blocks of shape ${shape}, equal the oracle`, async () => {
    const host = newHost()
    const pool = await Pool.start(host.block, 2)
    try {
      const model = Model.start(generate(shape, 2, 1))
      loadBase(host.block, model)
      for (let seed = 1; seed <= PROGRAMS / 50; seed++) {
        const program = generate(shape, seed, 400)
        program.txs.forEach((ops, i) => {
          if (i % 5 !== 0) ops.push(['credit', i % 50 === 1 ? 1 : 0, 1 + (i % 7)])
        })
        await runProgram(host.block, pool, program, 2, BlockMode.PARALLEL, seed)
        compareAndCommit(host.block, program, model)
      }
    } finally {
      await pool.stop()
    }
  })
}

/** Runs a program on all threads of the pool, two of three with delays, and with account 0 as the recipient of fees. */
async function runProgram(
  block: BlockCore,
  pool: Pool,
  program: Program,
  threads: number,
  mode: number,
  seed: number,
): Promise<void> {
  block.blockBegin(program.txs.length, threads, mode)
  if (seed % 5 !== 0) block.setFeeRecipient(addressOf(program.first))
  const answers = await pool.run({ program, seed: seed % 4 === 0 ? 0 : seed, points: seed % 3 ? ALL_POINTS : 0 })
  assert.ok(answers.every((answer) => answer === Task.DONE))
}

test.run()
