// Blocks with the core's EVM against the reference run: in order, and on real threads. PARALLEVM_BLOCKS=all runs every
// block of the data folder.

import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Source, Task } from '../../../src/abi/core.generated.js'
import { bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import { preStateReader } from '../../../src/reference/preState.js'
import { runReference } from '../../../src/reference/reference.js'
import { createMemory } from '../../../src/wasm/instance.js'
import { engineBlock, mainnetRules, sendersOf } from '../../support/blocks.js'
import { compareAndDrop, type EvmThread, type Jobs, jobsOf, newEvmThread, runInOrder } from '../../support/evmBlocks.js'
import type { WorkerBlock } from '../../support/evmWorker.js'

const THREADS = 3
const all = process.env.PARALLEVM_BLOCKS === 'all'
const folder = join(process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'), 'mainnet')
const FLAT = ['46147', '930196', '1150000', '2675000', '4864590', '11114732', '19934116']
const WITNESS = ['85858', '1417555', '2675002', '15050000', '19426587', '21429063', '22615247', '24647140']

function paths(): string[] {
  if (!existsSync(folder)) return []
  const flat = all ? readdirSync(join(folder, 'flat')).filter((name) => /^\d+$/.test(name)) : FLAT
  const files = readdirSync(join(folder, 'witness/blocks'))
  const witness = all ? files : WITNESS.map((name) => `${name}.json.gz`)
  return [
    ...flat.map((name) => join(folder, 'flat', name)),
    ...witness.map((name) => join(folder, 'witness/blocks', name)),
  ]
}

/** Its state changes outside transactions: the DAO fork. */
const IRREGULAR = /1920000/

const workers = Array.from({ length: THREADS }, (_, i) => {
  const url = new URL('../../support/evmWorker.js', import.meta.url)
  return new Worker(url, { workerData: { thread: i + 1 } })
})
test.after(async () => {
  await Promise.all(workers.map((worker) => worker.terminate()))
})

async function answerOf(worker: Worker): Promise<unknown> {
  const [message] = await once(worker, 'message') // rejects when the worker throws
  return message
}

async function runOnThreads({ block }: EvmThread, jobs: Jobs): Promise<void> {
  block.blockBegin(jobs.jobs.length, THREADS, BlockMode.PARALLEL)
  const message: WorkerBlock = { ...jobs, memory: block.core.memory }
  const answers = workers.map((worker) => answerOf(worker))
  for (const worker of workers) worker.postMessage(message)
  const got = await Promise.all(answers)
  assert.equal(
    got,
    workers.map(() => Task.DONE),
  )
}

const found = paths()
if (found.length === 0) console.log(`no mainnet blocks in ${folder}: set PARALLEVM_FIXTURES to run those too`)
const BUNDLED = /(transfers|transfers-hot|erc20-hot|uniswap-v2-one|mainnet-mix-small)\.json/
const cases = [...bundledCases().filter((path) => all || BUNDLED.test(path)), ...found]

for (const path of cases.filter((path) => !IRREGULAR.test(path))) {
  test(path.split('/').slice(-2).join('/'), async () => {
    const blockCase = loadCase(path)
    const senders = sendersOf(blockCase)
    const base = preStateReader(blockCase.preState)
    const { blockHashes } = blockCase
    const reference = await runReference(blockCase.blockRlp, base, { rules: mainnetRules, senders, blockHashes })
    if (blockCase.expected.gasUsed !== undefined) assert.is(reference.gasUsed, blockCase.expected.gasUsed)
    const jobs = jobsOf(engineBlock(blockCase, senders))
    const thread = newEvmThread(createMemory(), 0)
    thread.block.initTables(7n)
    thread.block.setSource(Source.ASYNC)
    runInOrder(thread, jobs, base, BlockMode.SEQUENTIAL)
    compareAndDrop(thread.block, jobs, base, reference)
    // Everything that a committed transaction reads is in memory now; what else a speculative one asks for is absent.
    thread.block.setSource(Source.CLOSED)
    await runOnThreads(thread, jobs)
    compareAndDrop(thread.block, jobs, base, reference)
  })
}

test.run()
