// The real scheduler in real threads against the sequential oracle, with forced delays at its yield points.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Task } from '../src/wasm/blockCore.js'
import { compareAndCommit, loadBase, newHost } from './support/stmCore.js'
import { generate, SHAPES } from './support/stmGenerate.js'
import { Model } from './support/stmModel.js'
import { Pool } from './support/stmPool.js'

/** Programs for each number of threads. */
const PROGRAMS = Number(process.env.PARALLEVM_STM_PROGRAMS ?? 300)
const ALL_POINTS = 0xffff

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
        host.block.blockBegin(program.txs.length, threads, mode)
        const answers = await pool.run({ program, seed: seed % 4 === 0 ? 0 : seed, points: seed % 3 ? ALL_POINTS : 0 })
        assert.ok(answers.every((answer) => answer === Task.DONE))
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

test.run()
