// A worker that dies while a block is on its way: whatever it was at, the block is whole or failed, and the next one runs.
import type { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, type ParallevmError } from '../../../src/index.js'
import { workloadChain } from '../../support/workloadChain.js'

const ROUNDS = Number(process.env.PARALLEVM_DEATHS ?? 24)

/** Fractions of the time of a block at which a worker dies: all of it, and more often its end, where receipts and roots are made. */
function momentsOf(rounds: number): number[] {
  return Array.from({ length: rounds }, (_, round) => (round % 2 ? round / rounds : 0.5 + round / rounds / 2))
}

test('at any moment of a block: senders, transactions, receipts, state root', async () => {
  const workers: Worker[] = []
  const note = (worker: Worker) => workers.push(worker)
  process.on('worker', note)
  const { blocks, stateRoots, state } = await workloadChain('erc20-many', 40_000_000, [1, 1])
  const [block, next] = blocks as [Uint8Array, Uint8Array]
  const executor = await BlockExecutor.create({ state: state(), threads: 3 })
  let failures = 0
  try {
    await executor.execute(block, { advance: false })
    const begun = performance.now()
    await executor.execute(block, { advance: false })
    const whole = performance.now() - begun
    for (const [round, moment] of momentsOf(ROUNDS).entries()) {
      await executor.setState(state())
      const dying = workers.slice(-3)[round % 3] as Worker
      const running = executor.execute(block).then(
        ({ stateRoot }) => stateRoot,
        (error: unknown) => error,
      )
      const until = performance.now() + moment * whole
      // Not a timer: what the executor's thread does meanwhile would hold it up.
      const gone = new Promise<number>((resolve) => {
        const look = () => (performance.now() < until ? setImmediate(look) : resolve(dying.terminate()))
        look()
      })
      const outcome = await running
      await gone
      if (outcome instanceof Error) {
        assert.is((outcome as ParallevmError).code, 'WORKER_FAILED', String(outcome))
        failures++
        assert.equal((await executor.execute(block)).stateRoot, stateRoots[0])
      } else assert.equal(outcome, stateRoots[0])
      assert.equal((await executor.execute(next)).stateRoot, stateRoots[1])
    }
  } finally {
    process.off('worker', note)
    await executor.close()
  }
  assert.ok(failures > 0, 'no worker died in time')
  assert.ok(workers.length > 3, `${workers.length} workers`)
})

test.run()
