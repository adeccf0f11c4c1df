// Real blocks with the core's EVM on one thread, all state in memory: best of PARALLEVM_BENCH_RUNS (5) per block.
// Needs PARALLEVM_FIXTURES. Sender recovery, state roots and receipts are not in it.
import { join } from 'node:path'
import { listCases, loadCase } from '../src/blockFiles/index.js'
import { preStateReader } from '../src/reference/preState.js'
import { BlockMode, Source } from '../src/wasm/blockCore.js'
import { createMemory } from '../src/wasm/instance.js'
import { engineBlock, sendersOf } from '../test/support/blocks.js'
import { jobsOf, newEvmThread, runInOrder } from '../test/support/evmBlocks.js'

const folder = join(process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'), 'mainnet')
const runs = Number(process.env.PARALLEVM_BENCH_RUNS ?? 5)
const only = process.argv[2] ?? 'flat'
let gas = 0
let ms = 0
let transactions = 0
for (const path of listCases([join(folder, only.startsWith('witness') ? 'witness/blocks' : 'flat')])) {
  const blockCase = loadCase(path)
  const base = preStateReader(blockCase.preState)
  const jobs = jobsOf(engineBlock(blockCase, sendersOf(blockCase)))
  const thread = newEvmThread(createMemory(), 0)
  thread.block.initTables(7n)
  thread.block.setSource(Source.ASYNC)
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run <= runs; run++) {
    const took = runInOrder(thread, jobs, base, BlockMode.SEQUENTIAL)
    thread.block.exports.abandonBlock()
    // The first run fetched the state.
    if (run > 0) best = Math.min(best, took)
  }
  const used = Number(blockCase.expected.gasUsed ?? 0n)
  console.log(
    `${String(blockCase.number).padStart(9)} ${String(jobs.count).padStart(4)} txs ${(used / 1e6).toFixed(2).padStart(6)} Mgas ${best.toFixed(2).padStart(7)} ms ${(used / 1000 / best).toFixed(0).padStart(5)} Mgas/s`,
  )
  gas += used
  ms += best
  transactions += jobs.count
}
console.log(
  `${transactions} txs, ${(gas / 1e6).toFixed(1)} Mgas, ${ms.toFixed(1)} ms: ${(gas / 1000 / ms).toFixed(0)} Mgas/s`,
)
