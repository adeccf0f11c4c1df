// How the executor waits for its workers: until the last is done, whoever tells it, and never longer than its bound.
import { Worker } from 'node:worker_threads'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Doorbell, type DoorbellBuffers } from '../../../src/workers/doorbell.js'

const tests = suite('doorbell')

const MODULE = new URL('../../../src/workers/doorbell.js', import.meta.url).href
/** Says that it is done as each of `workers`, one after the other, while the executor's thread sleeps. */
const DONE = `
  const { workerData } = require('node:worker_threads')
  import(workerData.module).then(async ({ Doorbell }) => {
    const doorbell = new Doorbell(workerData.buffers)
    await doorbell.nextRing(0, 0)
    for (const worker of workerData.workers) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      doorbell.done(worker, { thread: worker + 1, ms: { senders: worker, execution: 2, receipts: 3, root: 4, ahead: 5 } })
    }
  })`

async function waited(workers: number[], ms: number): Promise<{ doorbell: Doorbell; elapsed: number }> {
  const buffers: DoorbellBuffers = Doorbell.buffers(2)
  const doorbell = new Doorbell(buffers)
  const worker = new Worker(DONE, { eval: true, workerData: { module: MODULE, buffers, workers } })
  try {
    await new Promise((resolve) => worker.once('online', resolve))
    doorbell.ring(0, 2)
    const start = performance.now()
    doorbell.waitForAll(ms)
    return { doorbell, elapsed: performance.now() - start }
  } finally {
    await worker.terminate()
  }
}

tests('the last that is done ends it, not the first', async () => {
  const { doorbell, elapsed } = await waited([1, 0], 20_000)
  assert.is(doorbell.left, 0)
  assert.ok(elapsed < 15_000, `${elapsed} ms`)
  assert.equal(doorbell.report(1), { senders: 1, execution: 2, receipts: 3, root: 4, ahead: 5, failed: false })
})

tests('one that never says so does not hold it beyond its bound', async () => {
  const { doorbell, elapsed } = await waited([1], 60)
  assert.ok(doorbell.left > 0)
  assert.ok(elapsed >= 59, `${elapsed} ms`)
})

tests('nothing to wait for', () => {
  const doorbell = new Doorbell(Doorbell.buffers(1))
  const start = performance.now()
  doorbell.waitForAll(20_000)
  assert.ok(performance.now() - start < 10_000)
})

tests.run()
