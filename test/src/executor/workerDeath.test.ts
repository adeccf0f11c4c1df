// A worker that dies while a block is on its way: whatever it was at, the block is whole or failed, and the next one runs.
import type { Worker } from 'node:worker_threads'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, memoryState, type ParallevmError } from '../../../src/index.js'
import { generateWorkload } from '../../../src/workloads/index.js'

const ROUNDS = Number(process.env.PARALLEVM_DEATHS ?? 24)
/** Position of the gas limit in a header. With so much, the executor's thread takes no part, and can end a worker meanwhile. */
const [GAS_LIMIT, LONG] = [9, Buffer.from('77359400', 'hex')]

/** Fractions of the time of a block at which a worker dies: all of it, and more often its end, where receipts and roots are made. */
function momentsOf(rounds: number): number[] {
  return Array.from({ length: rounds }, (_, round) => (round % 2 ? round / rounds : 0.5 + round / rounds / 2))
}

test('at any moment of a block: senders, transactions, receipts, state root', async () => {
  const workers: Worker[] = []
  const note = (worker: Worker) => workers.push(worker)
  process.on('worker', note)
  const { blockRlp, preState } = await generateWorkload({ kind: 'erc20-many', gas: 60_000_000, withRoots: false })
  if (preState.kind !== 'flat') throw new Error('a workload without roots has a flat state')
  const parts = RLP.decode(blockRlp) as unknown as [Uint8Array[], ...unknown[]]
  parts[0][GAS_LIMIT] = LONG
  const block = RLP.encode(parts as never)
  const state = memoryState(preState.accounts, preState.codes)
  const executor = await BlockExecutor.create({ state, threads: 3, verify: 'none' })
  let failures = 0
  try {
    const options = { advance: false }
    const { stateRoot, receiptsRoot } = await executor.execute(block, options)
    const begun = performance.now()
    await executor.execute(block, options)
    const whole = performance.now() - begun
    for (const [round, moment] of momentsOf(ROUNDS).entries()) {
      const dying = workers.slice(-3)[round % 3] as Worker
      const running = executor.execute(block, options).catch((error: ParallevmError) => error)
      const until = performance.now() + moment * whole
      const gone = new Promise<number>((resolve) => {
        const look = () => (performance.now() < until ? setImmediate(look) : resolve(dying.terminate()))
        look()
      })
      const outcome = await running
      await gone
      if (outcome instanceof Error) {
        assert.is(outcome.code, 'WORKER_FAILED', String(outcome))
        failures++
      } else assert.equal([outcome.stateRoot, outcome.receiptsRoot], [stateRoot, receiptsRoot])
      const again = await executor.execute(block, options)
      assert.equal([again.stateRoot, again.receiptsRoot], [stateRoot, receiptsRoot])
    }
  } finally {
    process.off('worker', note)
    await executor.close()
  }
  assert.ok(failures > ROUNDS / 4, `${failures} failed`)
  assert.ok(workers.length > 3 + ROUNDS / 4, `${workers.length} workers`)
})

test.run()
