// Blocks through BlockExecutor with the core's own engine, on several numbers of threads, against plain @ethereumjs/vm.
import { type ChainConfig, Common, Mainnet } from '@ethereumjs/common'
import * as assert from 'uvu/assert'
import { rulesOf } from '../../src/block/common.js'
import { compareResults } from '../../src/executor/compare.js'
import { BlockExecutor, type BlockResult, type ExecuteOptions, memoryState } from '../../src/index.js'
import { readable } from './blocks.js'
import { hex } from './mapState.js'
import { type Built, build, reference, type Scenario } from './scenario.js'

export const THREADS = [1, 2, 4] as const

/** Mainnet as if every hardfork up to this one had come with the first block, and no other ever. */
export function commonAt(hardfork: string): Common {
  const last = Mainnet.hardforks.findIndex(({ name }) => name === hardfork)
  const hardforks = Mainnet.hardforks.slice(0, last + 1).map((fork) => {
    return fork.timestamp === undefined ? { ...fork, block: 0 } : { ...fork, timestamp: 0, block: null }
  })
  return new Common({ chain: { ...Mainnet, hardforks } as ChainConfig, hardfork })
}

/** Executors that stay open for many blocks: starting workers takes longer than a small block. */
export class Executors {
  readonly #open = new Map<string, BlockExecutor>()

  async get(hardfork: string, threads: number, engine: 'wasm' | 'ethereumjs' = 'wasm'): Promise<BlockExecutor> {
    const name = `${hardfork} ${threads} ${engine}`
    let executor = this.#open.get(name)
    if (executor === undefined) {
      const common = hardfork === 'mainnet' ? new Common({ chain: Mainnet }) : commonAt(hardfork)
      executor = await BlockExecutor.create({ common, threads, engine, verify: 'none', state: memoryState([], []) })
      this.#open.set(name, executor)
    }
    return executor
  }

  async close(): Promise<void> {
    for (const executor of this.#open.values()) await executor.close()
  }
}

const REPEATS = 2

/**
 * Runs a hand-made block in the core, in order and several times on several threads: always the receipts, requests and
 * state difference of plain @ethereumjs/vm. Returns the result in order.
 */
export async function agreeInCore(executors: Executors, scenario: Scenario): Promise<BlockResult> {
  const built = build(scenario)
  const expected = await reference({ ...built, rules: rulesOf(commonAt(scenario.hardfork)) })
  let first: BlockResult | undefined
  for (const threads of THREADS) {
    for (let i = 0; i < (threads === 1 ? 1 : REPEATS); i++) {
      const result = await runInCore(executors, scenario, built, threads)
      compareResults(result, expected, 'ethereumjs')
      assert.equal(result.requests?.map(hex), requestsOf(expected.requests, result))
      first ??= result
      assertEqual(result, first)
    }
  }
  return first as BlockResult
}

/** Before Prague there are no requests; of those there are, empty ones do not count. */
function requestsOf(all: readonly Uint8Array[], { requests }: BlockResult): string[] | undefined {
  return requests && all.filter(({ length }) => length > 1).map(hex)
}

export async function runInCore(
  executors: Executors,
  scenario: Scenario,
  { blockRlp, senders, preState, block }: Built,
  threads: number,
  options: ExecuteOptions = {},
): Promise<BlockResult> {
  const executor = await executors.get(scenario.hardfork, threads)
  await executor.setState(memoryState(preState.accounts, preState.codes))
  const mode = threads === 1 ? 'sequential' : 'parallel'
  const { blockHashes } = block
  const result = await executor.execute(blockRlp, { senders, blockHashes, root: false, mode, ...options })
  assert.is(result.stats.engine, 'wasm', result.stats.fallback)
  return result
}

/** Two results are the same in everything that is not a measurement. */
export function assertEqual(a: BlockResult, b: BlockResult): void {
  assert.equal(readable(a.stateDiff), readable(b.stateDiff))
  assert.equal(a.receipts, b.receipts)
  const rest = ({ stats: _, receipts: _r, stateDiff: _d, ...others }: BlockResult) => others
  assert.equal(rest(a), rest(b))
}
