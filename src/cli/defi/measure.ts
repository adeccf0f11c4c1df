// `bench --suite defi`: each workload of decentralised finance, from the bytes of a block to its checked state root.
import { rulesOf } from '../../block/common.js'
import type { BlockCase } from '../../blockFiles/index.js'
import { ParallevmError } from '../../errors.js'
import { longestChain, type Touches } from '../../reference/dependencies.js'
import { runReference } from '../../reference/reference.js'
import { DEFI_WORKLOADS, type DefiWorkload, defiBlock, VARIANTS, type Variant } from '../../workloads/defi/index.js'
import { sequentialContender } from '../baseline.js'
import { commonOf, factsOf } from '../blockCase.js'
import { Executors, executorContender } from '../contenders.js'
import { type Measurement, measure, type Plan, runsOf, type StageTimes } from '../measure.js'
import { type BlockSummary, type Machine, machine } from '../report.js'
import { failuresOf } from './failures.js'
import { type Scaling, scalingOf, timedRuns } from './forecast.js'
import { measureRows, type RowRun } from './row.js'

/** Transactions a second. */
export interface Pace {
  /** From the bytes of the block to its checked root. */
  total: number
  /** Of the execution stage alone. */
  execution: number
}

/** A block that comes alone. */
export interface DefiRun {
  threads: number
  ms: StageTimes
  pace: Pace
  /** Microseconds of processor time a transaction, of all threads and garbage collection. */
  cpu: number
  reexecutions: number
  mode: Measurement['mode']
}

export type Limit = 'chain' | 'serial' | 'senders' | 'execution' | 'receipts' | 'root'

export interface DefiCase extends BlockSummary {
  workload: string
  variant: Variant
  about: string
  /** Transactions that failed, as they were meant to. */
  failed: number
  /** Of 1 thread first: of one block, and of blocks in a row. */
  runs: DefiRun[]
  rows: RowRun[]
  /** Microseconds a transaction, of one thread. */
  stages: Omit<StageTimes, 'total'>
  /** Gas of the longest chain of dependent transactions, as a share of all gas. */
  chain: number
  /** Processor cores that `TARGET` transactions a second take, by the processor time on one thread, in a row. */
  cores: number
  /** Transactions a second beyond which no number of threads gets: of the longest chain, and of what one thread does alone, in a row. */
  bound: { chain: number; serial: number }
  /** What keeps it from `TARGET` whatever the number of threads, or else takes most of the time. */
  limit: Limit
  /** What the model of many threads says. */
  scaling: Scaling
  plain: Pick<DefiRun, 'ms' | 'pace' | 'cpu'>
}

export interface DefiReport {
  machine: Machine
  suite: 'defi'
  /** Gas that the blocks were asked for. */
  gas: number
  seed: number
  plan: Plan
  cases: DefiCase[]
  mismatches: string[]
}

export interface DefiPlan extends Plan {
  /** Of the blocks. */
  gas: number
  threads: readonly number[]
  seed?: number
  workloads?: readonly DefiWorkload[]
}

/** Transactions a second that it is about. */
export const TARGET = 100_000
/** @ethereumjs/vm makes the roots of every block: of a larger one it takes minutes. */
const MOST_GAS = 100_000_000
const WORK = { root: true, givenSenders: false, mode: 'auto' } as const

/** @param onRun is called before every run */
export async function measureDefi(wanted: DefiPlan, onRun: (what: string) => void): Promise<DefiReport> {
  const { gas, seed = 1, workloads = DEFI_WORKLOADS } = wanted
  if (gas > MOST_GAS) throw new ParallevmError('INVALID_WORKLOAD', `gas is ${gas}; the suite takes up to ${MOST_GAS}`)
  const plan = planOf(wanted)
  const threads = threadsOf(wanted)
  const cases: DefiCase[] = []
  const mismatches: string[] = []
  const executors = new Executors()
  const timed = new Executors(true)
  try {
    for (const workload of workloads) {
      for (const variant of VARIANTS) {
        onRun(`making ${workload.name}, ${variant}`)
        const made = await defiBlock({ workload, variant, gas, seed })
        const { result, wrong } = await measureCase(
          { executors, timed, plan: { ...plan, gas, seed }, threads, onRun },
          workload,
          variant,
          made,
        )
        cases.push(result)
        mismatches.push(...wrong)
      }
    }
  } finally {
    await Promise.all([executors.close(), timed.close()])
  }
  return { machine: machine(), suite: 'defi', gas, seed, plan, cases, mismatches }
}

/** As of the suite of worst blocks: plain @ethereumjs/vm, which takes nearly all of the time, runs once unless told otherwise. */
function planOf({ runs, warmup, baselineRuns = 1 }: Plan): Plan {
  return { runs, warmup, baselineRuns }
}

/** One thread is always among them, and first. */
function threadsOf({ threads }: DefiPlan): number[] {
  return [...new Set([1, ...threads])].sort((a, b) => a - b)
}

/** Calls of `onRun`. */
export function defiRunsOf(wanted: DefiPlan): number {
  const { workloads = DEFI_WORKLOADS } = wanted
  return workloads.length * VARIANTS.length * (runsOf(planOf(wanted), 1 + threadsOf(wanted).length) + 4)
}

/** What all cases have in common. */
interface Bench {
  executors: Executors
  /** Those that say what was done when. */
  timed: Executors
  plan: Plan & { gas: number; seed: number }
  threads: readonly number[]
  onRun: (what: string) => void
}

async function measureCase(
  { executors, timed, plan, threads, onRun }: Bench,
  workload: DefiWorkload,
  variant: Variant,
  { block, failing }: { block: BlockCase; failing: readonly number[] },
): Promise<{ result: DefiCase; wrong: string[] }> {
  const contenders = [sequentialContender(block, WORK)]
  for (const count of threads) {
    contenders.push(await executorContender(executors, block, { engine: 'wasm', threads: count }, WORK))
  }
  const measured = await measure(block.name, contenders, block.expected, plan, (label) =>
    onRun(`${block.name} ${label}`),
  )
  onRun(`chains of ${block.name}`)
  const { chain, failed, touches } = await chainOf(block)
  onRun(`time line of ${block.name}`)
  const times = await timedRuns(timed, block, plan)
  onRun(`rows of ${block.name}`)
  const { runs: rows, inRow, mismatches } = await measureRows(executors, timed, workload, variant, { ...plan, threads })
  const wrong = [...measured.mismatches, ...mismatches]
  if (failed.join() !== failing.join()) {
    wrong.push(`block ${block.name}: transactions ${failed.join()} failed, but ${failing.join()} were meant to`)
  }
  const facts = { ...factsOf(block), gasUsed: Number(measured.gasUsed) }
  const { transactions } = facts
  const [plain, ...runs] = measured.measurements.map((each, index) => ({
    threads: threads[index - 1] ?? 1,
    ms: each.ms,
    pace: { total: (1e3 * transactions) / each.ms.total, execution: (1e3 * transactions) / each.ms.execution },
    cpu: each.cpu / transactions,
    reexecutions: each.reexecutions,
    mode: each.mode,
  })) as [DefiRun, DefiRun]
  const one = runs[0]
  const stages = stagesOf(one.ms, transactions)
  const scaling = scalingOf(times, touches, inRow, rows, rows[0]!.pace)
  const serial = (1e3 * transactions) / (inRow.before + inRow.after)
  const bound = { chain: 1e6 / (stages.execution * chain), serial }
  const result: DefiCase = {
    ...facts,
    workload: workload.name,
    variant,
    about: workload.about,
    failed: failed.length,
    runs,
    rows,
    stages,
    chain,
    cores: (rows[0]!.cpu * TARGET) / 1e6,
    bound,
    limit: limitOf(stages, bound),
    scaling,
    plain: { ms: plain.ms, pace: plain.pace, cpu: plain.cpu },
  }
  return { result, wrong }
}

/** What each transaction reads and changes, the longest chain of dependent ones, and which failed, by plain @ethereumjs/vm. */
async function chainOf(block: BlockCase): Promise<{ touches: readonly Touches[]; chain: number; failed: number[] }> {
  const { blockRlp, preState, senders, blockHashes } = block
  const rules = rulesOf(commonOf(block), block.fork)
  const {
    gasUsed,
    touches = [],
    receipts,
  } = await runReference(blockRlp, preState, {
    rules,
    senders,
    blockHashes,
    touches: true,
  })
  const gas = receipts.map((receipt) => Number(receipt.gasUsed))
  return {
    touches,
    chain: longestChain(touches, gas) / Number(gasUsed),
    failed: failuresOf({ receipts }),
  }
}

function stagesOf(ms: StageTimes, transactions: number): DefiCase['stages'] {
  const each = (value: number): number => (1e3 * value) / transactions
  const { prepare, senders, execution, receipts, root = 0 } = ms
  return {
    prepare: each(prepare),
    senders: each(senders),
    execution: each(execution),
    receipts: each(receipts),
    root: each(root),
  }
}

function limitOf({ prepare: _, root = 0, ...stages }: DefiCase['stages'], bound: DefiCase['bound']): Limit {
  if (bound.chain < TARGET) return 'chain'
  if (bound.serial < TARGET) return 'serial'
  const all = Object.entries({ ...stages, root }) as [Limit, number][]
  return all.reduce((most, each) => (each[1] > most[1] ? each : most))[0]
}

export function labelOfCase({ workload, variant }: DefiCase): string {
  return `${workload} ${variant}`
}
