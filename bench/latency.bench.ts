// Blocks over a state that takes a while to answer, against one read at a time: in this process, and over JSON-RPC of a node in
// another one.
//
//   node dist/bench/latency.bench.js [block]
//
// PARALLEVM_BENCH_RUNS: runs of each (default 3), of which the least counts; PARALLEVM_BENCH_LATENCIES: milliseconds, with commas
// between. The last columns are the bound: the same block from a state that is in memory, which no latency can be faster than.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BlockCase, bundledCases, dataFolder, loadCase } from '../src/blockFiles/index.js'
import { commonOf, hardforkOf } from '../src/cli/blockCase.js'
import type { ExecutionMode } from '../src/executor/options.js'
import { BlockExecutor, memoryState, rpcState, type StateSource, witnessState } from '../src/index.js'
import { after, executeOver, slowSource } from '../test/support/slowSource.js'

const RUNS = Number(process.env.PARALLEVM_BENCH_RUNS ?? 3)
const LATENCIES = (process.env.PARALLEVM_BENCH_LATENCIES ?? '0.1,1,20').split(',').map(Number)
const NODE = fileURLToPath(new URL('support/rpcNode.js', import.meta.url))

type Source = () => StateSource

/** A block and its access list. */
type Listed = BlockCase & { list: Uint8Array }

/** Made of what executing the block touches. */
async function listed(path: string): Promise<Listed> {
  const block = loadCase(path)
  const options = { common: commonOf(block), hardfork: hardforkOf(block), state: inMemory(block)(), threads: 1 }
  const executor = await BlockExecutor.create({ ...options, verify: 'none' })
  const { senders, parentHeaders, blockHashes } = block
  const own = { ...(senders && { senders }), parentHeaders, blockHashes, root: false, accessList: true }
  const { blockAccessList } = await executor.execute(block.blockRlp, own)
  await executor.close()
  return { ...block, list: (blockAccessList as NonNullable<typeof blockAccessList>).rlp }
}

async function least(
  block: BlockCase,
  source: Source,
  threads: number,
  mode: ExecutionMode,
  { runs = RUNS, list }: { runs?: number; list?: Uint8Array } = {},
): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push((await executeOver(block, source(), threads, mode, list)).ms)
  return Math.min(...times)
}

async function row(block: Listed, what: string, latency: number, source: Source, bound: number[]): Promise<string[]> {
  // One read at a time takes long enough.
  const one = await least(block, source, 1, 'sequential', { runs: latency > 1 ? 1 : RUNS })
  const cells: string[] = []
  for (const [threads, own] of [
    [1, {}],
    [2, {}],
    [2, { list: block.list }],
  ] as const) {
    const ms = await least(block, source, threads, 'auto', own)
    cells.push(ms.toFixed(1), times(one, ms))
  }
  const bounds = bound.flatMap((ms) => [ms.toFixed(1), times(one, ms)])
  return [block.name, what, `${latency} ms`, one.toFixed(0), ...cells, ...bounds]
}

const times = (one: number, ms: number): string => `${(Math.floor((10 * one) / ms) / 10).toFixed(1)}x`

function inMemory({ preState }: BlockCase): Source {
  if (preState.kind === 'witness') return () => witnessState(preState)
  return () => memoryState(preState.accounts, preState.codes)
}

const [asked] = process.argv.slice(2)
const data = dataFolder()
const real =
  data === undefined ? [] : ['17034869', '11114732', '12244000'].map((name) => join(data, 'mainnet', 'flat', name))
const made = bundledCases().filter((path) => /erc20-one|uniswap-v2-one|mainnet-mix-small/.test(path))
const print = (cells: readonly string[]): void => console.log(cells.map((cell) => cell.padEnd(14)).join(''))

const columns = ['1 thread', '', '2 threads', '', '2, from list', '', 'memory, 1', '', 'memory, 2', '']
print(['block', 'state', 'latency', 'one at a time', ...columns])
for (const path of asked === undefined ? [...real, ...made] : [asked]) {
  const block = await listed(path)
  const bound = [1, 2].map((threads) => () => least(block, inMemory(block), threads, 'auto'))
  const bounds = [await bound[0]!(), await bound[1]!()]
  for (const latency of LATENCIES) {
    const delay = after(latency)
    print(await row(block, 'in the process', latency, () => slowSource(block, delay).source, bounds))
    const node = fork(NODE, [path, String(latency)])
    const [url] = (await once(node, 'message')) as [string]
    const options = { url, block: block.number - 1n, concurrency: 1000 }
    for (const proofs of block.preState.kind === 'witness' ? [false, true] : [false]) {
      const source = () => rpcState({ ...options, proofs })
      print(await row(block, proofs ? 'rpc, proven' : 'rpc', latency, source, bounds))
    }
    node.disconnect()
  }
}
