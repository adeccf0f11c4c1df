// A chain of blocks through executeAll against a loop of execute, alternating in one process, every root checked.
//
//   node dist/bench/chain.bench.js [--json] [--timeline=FILE]
//
// PARALLEVM_BENCH_RUNS: runs of each (default 5). 30 blocks count, of 1,000 ERC-20 transfers or 500 swaps each.
import Table from 'cli-table3'
import { median } from '../src/cli/statistics.js'
import { TimelineFile } from '../src/cli/timeline.js'
import { BlockExecutor, type BlockResult } from '../src/index.js'
import type { WorkloadKind } from '../src/workloads/index.js'
import { type WorkloadChain, workloadChain } from '../test/support/workloadChain.js'

const RUNS = Number(process.env.PARALLEVM_BENCH_RUNS ?? 5)
const BLOCKS = 30
/** Gas of a block. */
const KINDS: [WorkloadKind, number][] = [
  ['erc20-many', 34_500_000],
  ['uniswap-v2-many', 48_000_000],
]
const timelinePath = process.argv.find((argument) => argument.startsWith('--timeline='))?.split('=')[1]
const timeline = timelinePath === undefined ? undefined : new TimelineFile()

type Way = (executor: BlockExecutor, blocks: Uint8Array[]) => AsyncIterable<BlockResult>
const WAYS: [string, Way][] = [
  [
    'loop of execute',
    async function* (executor, blocks) {
      for (const block of blocks) yield await executor.execute(block)
    },
  ],
  ['executeAll', (executor, blocks) => executor.executeAll(blocks)],
]

/** Milliseconds for the chain on a new state, whose tries its first block has made: that one is not counted. */
async function run(executor: BlockExecutor, chain: WorkloadChain, way: Way, keep?: TimelineFile): Promise<number> {
  await executor.setState(chain.state())
  await executor.execute(chain.blocks[0] as Uint8Array)
  const start = performance.now()
  let index = 1
  for await (const result of way(executor, chain.blocks.slice(1))) {
    if (Buffer.compare(result.stateRoot as Uint8Array, chain.stateRoots[index++] as Uint8Array) !== 0) {
      throw new Error(`block ${index} has another root`)
    }
    keep?.add(String(result.number), result)
  }
  return performance.now() - start
}

const table = new Table({
  head: ['chain', 'threads', 'way', 'least ms', 'median', 'a block'],
  style: { head: [], border: [] },
})
const rows: unknown[] = []
for (const [kind, gas] of KINDS) {
  const chain = await workloadChain(kind, (BLOCKS + 1) * gas, Array(BLOCKS + 1).fill(1))
  for (const threads of [1, 2]) {
    const state = chain.state()
    const executor = await BlockExecutor.create({ state, threads, timeline: timeline !== undefined })
    const times = WAYS.map((): number[] => [])
    for (let round = 0; round <= RUNS; round++) {
      for (const k of round % 2 ? [1, 0] : [0, 1]) {
        const [, way] = WAYS[k] as [string, Way]
        const ms = await run(executor, chain, way, k === 1 && threads > 1 && round === RUNS ? timeline : undefined)
        if (round > 0) times[k]?.push(ms)
      }
    }
    await executor.close()
    for (const [k, [name]] of WAYS.entries()) {
      const own = times[k] as number[]
      const least = Math.min(...own)
      rows.push({ kind, threads, name, least, median: median(own), times: own })
      table.push([kind, threads, name, least.toFixed(0), median(own).toFixed(0), `${(least / BLOCKS).toFixed(2)} ms`])
    }
  }
}
if (timelinePath !== undefined) timeline?.write(timelinePath)
console.log(process.argv.includes('--json') ? JSON.stringify(rows) : table.toString())
