// Nanoseconds of one read of the versioned memory, and of the scheduler per transaction, driven from JavaScript: each call
// into the core is included. Then blocks whose transactions take a few microseconds, independent and in a chain.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { BlockMode } from '../src/abi/core.generated.js'
import { BlockCore } from '../src/wasm/blockCore.js'
import { Core } from '../src/wasm/core.js'
import { measure, report } from './harness.js'
import type { BenchBlock } from './stm.worker.js'

const READS = 1000
const host = new BlockCore(Core.create({ maxBytes: 1 << 30 }), 0)
host.initTables(1n)
const { exports, scratch } = host
const account = host.account(new Uint8Array(20).fill(1))
const slots = Array.from({ length: READS }, (_, i) => host.slot(account, Uint8Array.of(i >> 8, i & 255)))

/** A block in which the first `writers` transactions write every slot; then the reads of the next one, `times` over. */
function reads(mode: number, writers: number, recorded: boolean): () => void {
  return () => {
    host.blockBegin(writers + 2, 1, mode)
    for (let tx = 0; tx < writers; tx++) {
      exports.txBegin(exports.nextTask())
      for (const slot of slots) exports.txWriteSlot(slot, scratch)
      exports.txEnd(0, 0)
    }
    // The transaction after the one at the front: everything it reads is recorded.
    exports.txBegin(recorded ? writers + 1 : exports.nextTask())
    for (let again = 0; again < 20; again++) for (const slot of slots) exports.txReadSlot(slot, scratch)
    exports.abandonBlock()
  }
}

const operations = READS * 20
report(
  'txReadSlot',
  measure([
    { name: 'base value, in order', run: reads(BlockMode.SEQUENTIAL, 0, false), operations },
    { name: 'base value, recorded', run: reads(BlockMode.PARALLEL, 0, true), operations },
    { name: 'one version, in order', run: reads(BlockMode.SEQUENTIAL, 1, false), operations },
    { name: 'one version, recorded', run: reads(BlockMode.PARALLEL, 1, true), operations },
    { name: 'eight versions, recorded', run: reads(BlockMode.PARALLEL, 8, true), operations },
  ]),
)

const TXS = 2000
function empty(mode: number): () => void {
  return () => {
    host.blockBegin(TXS, 1, mode)
    for (let task = exports.nextTask(); task >= 0; task = exports.nextTask()) {
      exports.txBegin(task)
      exports.txEnd(0, 0)
    }
    exports.abandonBlock()
  }
}
report(
  'scheduler, one empty transaction, 1 thread',
  measure([
    { name: 'sequential mode', run: empty(BlockMode.SEQUENTIAL), operations: TXS },
    { name: 'parallel mode', run: empty(BlockMode.PARALLEL), operations: TXS },
  ]),
)

const workers = [1, 2].map((thread) => {
  const workerData = { memory: host.core.memory, thread }
  return new Worker(new URL('./stm.worker.js', import.meta.url), { workerData })
})
await Promise.all(workers.map((worker) => once(worker, 'message')))

/** Best microseconds per transaction of several blocks, and the re-executions of the last. */
async function blocks(threads: number, block: BenchBlock): Promise<{ micros: number; reexecutions: number }> {
  const active = workers.slice(0, threads)
  let best = Number.POSITIVE_INFINITY
  let reexecutions = 0
  for (let i = 0; i < 10; i++) {
    host.blockBegin(TXS, threads, threads === 1 ? BlockMode.SEQUENTIAL : BlockMode.PARALLEL)
    const started = performance.now()
    const answers = active.map((worker) => once(worker, 'message'))
    for (const worker of active) worker.postMessage(block)
    await Promise.all(answers)
    best = Math.min(best, ((performance.now() - started) * 1000) / TXS)
    reexecutions = 0
    for (let thread = 1; thread <= threads; thread++) reexecutions += host.stats(thread).reexecutions
    exports.abandonBlock()
  }
  return { micros: best, reexecutions }
}

console.log(`blocks of ${TXS} transactions, microseconds per transaction`)
for (const [name, block] of [
  ['empty', { work: 0, chain: false }],
  ['independent, some work', { work: 2_000, chain: false }],
  ['chain, some work', { work: 2_000, chain: true }],
] as const) {
  for (const threads of [1, 2]) {
    const { micros, reexecutions } = await blocks(threads, block)
    console.log(
      `${name.padEnd(26)} ${threads} threads ${micros.toFixed(3).padStart(9)} us  ${reexecutions} re-executions`,
    )
  }
}
await Promise.all(workers.map((worker) => worker.terminate()))
