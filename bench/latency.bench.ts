// Blocks over a state that takes a while to answer, against one read at a time: in this process, and over JSON-RPC.
//
//   node dist/bench/latency.bench.js
//
// PARALLEVM_BENCH_RUNS: runs of each (default 3), of which the least counts. JSON-RPC: the node is in this process too, and has
// blocks with a witness only.

import { join } from 'node:path'
import { type BlockCase, bundledCases, dataFolder, loadCase } from '../src/blockFiles/index.js'
import { commonOf, hardforkOf } from '../src/cli/blockCase.js'
import type { ExecutionMode } from '../src/executor/options.js'
import { BlockExecutor, memoryState, rpcState, type StateSource, witnessState } from '../src/index.js'
import { rpcServer } from '../test/support/rpcServer.js'
import { after, executeOver, slowSource } from '../test/support/slowSource.js'

const RUNS = Number(process.env.PARALLEVM_BENCH_RUNS ?? 3)
const LATENCIES = [0.1, 1, 20]

type Source = () => StateSource

/** A block and its access list. */
type Listed = BlockCase & { list: Uint8Array }

/** Made of what executing the block touches. */
async function listed(path: string): Promise<Listed> {
  const block = loadCase(path)
  const { preState } = block
  const state = preState.kind === 'witness' ? witnessState(preState) : memoryState(preState.accounts, preState.codes)
  const options = { common: commonOf(block), hardfork: hardforkOf(block), state, threads: 1 }
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

async function row(block: Listed, what: string, latency: number, source: Source): Promise<string[]> {
  // One read at a time takes long enough.
  const one = await least(block, source, 1, 'sequential', { runs: latency > 1 ? 1 : RUNS })
  const cells: string[] = []
  for (const [threads, own] of [
    [1, {}],
    [2, {}],
    [2, { list: block.list }],
  ] as const) {
    const ms = await least(block, source, threads, 'auto', own)
    cells.push(ms.toFixed(1), `${(Math.floor((10 * one) / ms) / 10).toFixed(1)}x`)
  }
  return [block.name, what, `${latency} ms`, one.toFixed(0), ...cells]
}

const data = dataFolder()
const real =
  data === undefined ? [] : ['17034869', '11114732', '12244000'].map((name) => join(data, 'mainnet', 'flat', name))
const made = bundledCases().filter((path) => /erc20-one|uniswap-v2-one|mainnet-mix-small/.test(path))
const print = (cells: readonly string[]): void => console.log(cells.map((cell) => cell.padEnd(18)).join(''))

print(['block', 'state', 'latency', 'one at a time', '1 thread', '', '2 threads', '', '2, from its list', ''])
for (const path of [...real, ...made]) {
  const block = await listed(path)
  for (const latency of LATENCIES) {
    const delay = after(latency)
    print(await row(block, 'in the process', latency, () => slowSource(block, delay).source))
    if (block.preState.kind !== 'witness') continue
    const server = await rpcServer(block, { latency })
    const options = { url: server.url, block: block.number - 1n, concurrency: 1000 }
    for (const proofs of [false, true]) {
      const source = () => rpcState({ ...options, proofs })
      print(await row(block, proofs ? 'JSON-RPC, proven' : 'JSON-RPC', latency, source))
    }
    await server.close()
  }
}
