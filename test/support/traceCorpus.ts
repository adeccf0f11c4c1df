// Random blocks whose transactions are traced with every tracer, here and by go-ethereum (scripts/trace-corpus.ts).
import { createHash } from 'node:crypto'
import { Common } from '@ethereumjs/common'
import { ChainCommons } from '../../src/block/common.js'
import { ParallevmError } from '../../src/errors.js'
import type { TracerName, TransactionTrace } from '../../src/executor/traceTypes.js'
import { blockRlp, type FuzzBlock, FuzzWorld, hashesBefore } from '../../src/fuzz/blocks.js'
import { FUZZ_FORKS } from '../../src/fuzz/fuzzer.js'
import { BlockExecutor } from '../../src/index.js'
import { forkOf, rulesOfNetwork } from '../../src/spectests/forks.js'
import type { PlainState } from '../../src/spectests/plainState.js'

export interface CorpusTracer {
  tracer: TracerName
  config: Record<string, boolean>
}

export const CORPUS_TRACERS: readonly CorpusTracer[] = [
  { tracer: 'callTracer', config: { withLog: true } },
  { tracer: 'callTracer', config: { onlyTopCall: true } },
  { tracer: 'flatCallTracer', config: {} },
  { tracer: 'flatCallTracer', config: { convertParityErrors: true, includePrecompiles: true } },
  { tracer: 'prestateTracer', config: {} },
  { tracer: 'prestateTracer', config: { diffMode: true } },
  { tracer: 'prestateTracer', config: { includeEmpty: true, disableCode: true, disableStorage: true } },
  { tracer: '4byteTracer', config: {} },
  { tracer: 'structLogger', config: { enableMemory: true, enableReturnData: true } },
  { tracer: 'structLogger', config: { disableStack: true, disableStorage: true } },
  { tracer: 'eip3155', config: { enableMemory: true, enableReturnData: true } },
  { tracer: 'eip3155', config: {} },
  { tracer: 'opcodeCount', config: {} },
]

/** Those whose traces are compared: go-ethereum has the rules of the others otherwise, or not at all. */
export const CORPUS_FORKS = [...new Set(FUZZ_FORKS)].filter((fork) => !['Dao', 'BPO5'].includes(fork))

/** Transactions of each fork that the test traces as a rule. */
export const QUICK = 12

export interface CorpusBlock {
  state: PlainState
  block: FuzzBlock
  /** The traces of each tracer, a transaction each. */
  traces: unknown[][]
}

/** Valid blocks of a fork, with their traces, until there are so many transactions. */
export async function* corpusBlocks(
  fork: string,
  seed: number,
  transactions: number,
  threads: number,
  tracers: readonly CorpusTracer[] = CORPUS_TRACERS,
): AsyncGenerator<CorpusBlock> {
  const rules = rulesOfNetwork(fork)
  const common = new ChainCommons(rules).at(1n, 1n)
  let left = transactions
  for (let world = 0; left > 0; world++) {
    const { state, next } = worldOf(seed + world, fork, rules, common)
    const executor = await BlockExecutor.create({
      common: new Common({ chain: rules.chain }),
      threads,
      verify: 'none',
      state: state.source(),
    })
    try {
      for (let i = 0; i < 8 && left > 0; i++) {
        const block = next()
        const before = state.copy()
        const options = { senders: block.senders, blockHashes: new Map(hashesBefore(block)) }
        const traces: unknown[][] = []
        try {
          for (const { tracer, config } of tracers) {
            const found: unknown[] = []
            const all = executor.trace(blockRlp(block), { ...options, tracer, config } as never)
            for await (const { result } of all as AsyncIterableIterator<TransactionTrace>) found.push(plain(result))
            traces.push(found)
          }
          const result = await executor.execute(blockRlp(block), { ...options, root: false })
          state.apply(result.stateDiff)
        } catch (error) {
          if (error instanceof ParallevmError && error.code !== 'ENGINE_FAILED') continue
          throw error
        }
        left -= block.transactions.length
        yield { state: before, block, traces }
      }
    } finally {
      await executor.close()
    }
  }
}

function worldOf(seed: number, fork: string, rules: FuzzWorld['rules'], common: Common) {
  const world = new FuzzWorld(seed, fork, rules, common, forkOf(fork).rules)
  return { state: world.state, next: () => world.next() }
}

/** A trace without what depends on the block's own hash, which nobody computes for these blocks. */
export function plain(trace: unknown): unknown {
  if (!Array.isArray(trace)) return trace
  return trace.map((frame: object) => ({ ...frame, blockHash: null }))
}

/** JSON with the properties of objects in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** One hash for each tracer over the traces of all blocks. */
export class CorpusHashes {
  readonly #hashes = CORPUS_TRACERS.map(() => createHash('sha256'))

  add(traces: readonly unknown[][]): void {
    for (const [i, each] of traces.entries()) this.#hashes[i]?.update(`${canonical(each)}\n`)
  }

  /** Of what there was so far. */
  digest(): string[] {
    return this.#hashes.map((hash) => hash.copy().digest('hex').slice(0, 32))
  }
}
