// Blocks of a workload one after another by `executeAll`, as a node executes them that has more to do: what a second gives.
// Decision 44 (docs/adr/0044-a-second-is-blocks-in-a-row.md).
import { hex, sameBytes } from '../../bytes.js'
import type { BlockExecutor, BlockResult, BlockStats, Span } from '../../index.js'
import type { InRow } from '../../scaling/trace.js'
import { CHAIN_ID, FORK } from '../../workloads/chain.js'
import { type DefiWorkload, defiChain, type Variant } from '../../workloads/defi/index.js'
import { buildTries } from '../../workloads/seal.js'
import type { Executors } from '../contenders.js'
import type { Plan } from '../measure.js'
import { median } from '../statistics.js'
import { failuresOf } from './failures.js'
import { FlatTotals } from './flatTotals.js'

/** On so many threads. */
export interface RowRun {
  threads: number
  /** Milliseconds a block, from the bytes to the root: median and least of the rows. */
  ms: number
  least: number
  /** Transactions a second. */
  pace: number
  /** Microseconds of processor time a transaction, of all threads and garbage collection. */
  cpu: number
  mode: BlockStats['mode']
}

export interface RowMeasurement {
  /** Of 1 thread first. */
  runs: RowRun[]
  /** On one thread, medians. */
  inRow: InRow
  mismatches: string[]
}

export interface RowPlan extends Plan {
  gas: number
  seed: number
  threads: readonly number[]
}

/** Of a row: what the first one lacks, which nobody prepared, is an eighth of it. */
const BLOCKS = 8

/** The first row makes the tries of the state. */
function rowsOf({ runs, warmup }: Plan): number {
  return Math.max(warmup, 1) + runs
}

/**
 * Every executor executes all rows, in turn, each from the state after the one before. Receipts must say of each
 * transaction what was meant, roots must be equal, and the last one that which @ethereumjs/mpt makes of the state.
 *
 * @param timed with time lines
 */
export async function measureRows(
  executors: Executors,
  timed: Executors,
  workload: DefiWorkload,
  variant: Variant,
  plan: RowPlan,
): Promise<RowMeasurement> {
  const { accounts, codes, next } = await defiChain({ workload, variant, gas: plan.gas, seed: plan.seed })
  const start = { preState: { kind: 'flat' as const, accounts, codes }, chainId: CHAIN_ID, fork: FORK }
  const contenders: Contender[] = []
  for (const threads of plan.threads) {
    contenders.push(new Contender(threads, await executors.on(start, { engine: 'wasm', threads })))
  }
  const recording = new Contender(1, await timed.on(start, { engine: 'wasm', threads: 1 }))
  const state = new FlatTotals(accounts)
  const wrong = new Set<string>()
  const times: InRow[] = []
  let root: Uint8Array | undefined
  const rows = rowsOf(plan)
  for (let row = 0; row < rows; row++) {
    const blocks = Array.from({ length: BLOCKS }, next)
    const counted = row >= rows - plan.runs
    const order = row % 2 === 0 ? contenders : [...contenders].reverse()
    const [first, ...others] = [...order, recording]
    const results = await first!.run(blocks, counted)
    for (const [index, { block: _, failing }] of blocks.entries()) {
      const failed = failuresOf(results[index]!)
      if (failed.join() === failing.join()) continue
      wrong.add(`block ${results[index]!.number}: transactions ${failed} failed, but ${failing} were meant to`)
    }
    root = results.at(-1)!.stateRoot!
    for (const other of others) {
      const own = await other.run(blocks, counted)
      const last = own.at(-1)!
      if (!sameBytes(last.stateRoot!, root)) {
        wrong.add(`block ${last.number}: root ${hex(last.stateRoot!)} on ${other.threads} threads, ${hex(root)} before`)
      }
    }
    if (counted) times.push(inRow(contenders[0]!, recording))
    for (const { stateDiff } of results) state.add(stateDiff)
  }
  const { root: expected } = await buildTries(state.accounts(), [])
  if (!sameBytes(expected, root!))
    wrong.add(`the last root is ${hex(root!)}, but that of the state is ${hex(expected)}`)
  return {
    runs: contenders.map((contender) => contender.summary()),
    inRow: medians(times),
    mismatches: [...wrong].map((line) => `${workload.name}, ${variant}, in a row: ${line}`),
  }
}

/** An executor and what it took. */
class Contender {
  /** Of the last row. */
  ms = 0
  results: BlockResult[] = []
  readonly #ms: number[] = []
  readonly #cpu: number[] = []
  readonly #pace: number[] = []
  #mode: BlockStats['mode'] = 'sequential'

  constructor(
    readonly threads: number,
    private readonly executor: BlockExecutor,
  ) {}

  /** What is read of results is read later: it belongs to nobody's time. */
  async run(blocks: readonly { block: Uint8Array }[], counted: boolean): Promise<BlockResult[]> {
    const given = blocks.map(({ block }) => ({ block }))
    const results: BlockResult[] = []
    const before = process.cpuUsage()
    const start = performance.now()
    for await (const result of this.executor.executeAll(given)) results.push(result)
    const ms = performance.now() - start
    const { user, system } = process.cpuUsage(before)
    this.ms = ms / blocks.length
    this.results = results
    if (!counted) return results
    const transactions = results.reduce((sum, { receipts }) => sum + receipts.length, 0)
    this.#ms.push(this.ms)
    this.#cpu.push((user + system) / transactions)
    this.#pace.push((1e3 * transactions) / ms)
    this.#mode = results.at(-1)!.stats.mode
    return results
  }

  summary(): RowRun {
    const [ms, cpu, pace] = [this.#ms, this.#cpu, this.#pace].map(median) as [number, number, number]
    return { threads: this.threads, ms, least: Math.min(...this.#ms), pace, cpu, mode: this.#mode }
  }
}

/**
 * Of a row on one thread. The executor's own times are what is left of its time; how they are split is told by time lines, which
 * take some time themselves.
 */
function inRow({ ms, results }: Contender, recording: Contender): InRow {
  const of = (stage: 'senders' | 'execution' | 'receipts' | 'root'): number =>
    mean(results, ({ stats }) => stats.workers[0]!.ms[stage])
  const spans = (stage: Span['stage']): number => mean(recording.results, ({ stats }) => spent(stats.timeline, stage))
  const [senders, receipts, root] = [of('senders'), of('receipts'), of('root')]
  const [ahead, before] = [spans('next'), spans('prepare')]
  const after = ms - senders - of('execution') - receipts - root - ahead - before
  return { senders, receipts, root, ahead, before, after: Math.max(0, after) }
}

function spent(timeline: readonly Span[] = [], stage: Span['stage']): number {
  return timeline.filter((span) => span.stage === stage).reduce((sum, { start, end }) => sum + end - start, 0)
}

function mean<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((sum, each) => sum + of(each), 0) / all.length
}

function medians(times: readonly InRow[]): InRow {
  const keys = ['senders', 'receipts', 'root', 'ahead', 'before', 'after'] as const
  return Object.fromEntries(keys.map((key) => [key, median(times.map((each) => each[key]))])) as unknown as InRow
}
