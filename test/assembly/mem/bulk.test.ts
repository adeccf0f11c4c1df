// Bulk operations on pages that another thread has just added: see assembly/mem/bulk.ts.
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testModule } from '../../support/test-module.js'

const ROUNDS = 500

test('a thread copies from and fills pages that another has just added', async () => {
  const { exports, module, memory } = testModule<{ addPages(rounds: number): void }>('assembly/mem/test-entry.ts', 16)
  const worker = new Worker(new URL('../../support/bulkWorker.js', import.meta.url), { workerData: { module, memory } })
  const answer = once(worker, 'message')
  await once(worker, 'online')
  exports.addPages(ROUNDS)
  const [right] = await answer
  assert.is(right, ROUNDS)
})

test('nothing else uses the bulk operations of the engine', () => {
  const users = readdirSync('assembly', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('bulk.ts'))
    .filter((file) => /memory\.(copy|fill)\(/.test(readFileSync(join('assembly', file), 'utf8')))
  assert.equal(users, [])
})

test.run()
