import { type Comparable, compareResults } from '../executor/compare.js'
import { DifferenceError } from '../executor/errors.js'
import type { BlockStats } from '../types.js'
import { differences, type Outcome } from './check.js'
import { median } from './statistics.js'

/** Wall-clock milliseconds by stage; a stage that was not run is absent. `total` is all of them. */
export interface StageTimes {
  /** What is no other stage: decoding, starting, keeping. */
  prepare: number
  senders: number
  execution: number
  receipts: number
  root?: number | undefined
  total: number
}

export interface Run {
  ms: StageTimes
  outcome: Outcome & { gasUsed: bigint }
  /** Receipts and state difference: a flat block has no state root that would cover them. */
  details?: Comparable
  /** Executions repeated because of a conflict or dependency; 0 for a sequential run. */
  reexecutions: number
  /** What the executor chose; the plain sequential run is `sequential` too. */
  mode: BlockStats['mode']
  /** Why engine ethereumjs ran instead of the one asked for; absent when it did not. */
  fallback?: string | undefined
}

/** One way to execute one block, again and again from the same state. */
export interface Contender {
  label: string
  run(): Promise<Run>
}

export interface Plan {
  /** Measured runs of each contender, at least 1. */
  runs: number
  /** Runs of each contender before the measured ones; checked, not counted. */
  warmup: number
  /**
   * Of the measured runs, those in which the first contender takes part, spread evenly. Default: all. Of the warm-up it has no
   * more than that, and one at least.
   */
  baselineRuns?: number
}

export interface Measurement {
  label: string
  /** Median of each stage over the measured runs (so the stages need not add up to the total). */
  ms: StageTimes
  /** Shortest total of the measured runs, ms: what a busy machine disturbs least. */
  least: number
  /** Microseconds of processor time in a run: of all threads of the process, its garbage collection included. */
  cpu: number
  reexecutions: number
  mode: BlockStats['mode']
  fallback?: string
}

export interface BlockMeasurement {
  /** As the first run of the first contender used it. */
  gasUsed: bigint
  measurements: Measurement[]
  /** One line a wrong field of a run; empty when every run was right. */
  mismatches: string[]
}

/**
 * Runs the contenders in turn, the order reversed in every other round so that none always has the warmer caches or the
 * garbage of the other to collect. EVERY run, warm-up included, is checked against `expected` and against the first run
 * of the first contender.
 */
export async function measure(
  block: string,
  contenders: readonly Contender[],
  expected: Outcome,
  plan: Plan,
  onRun: (label: string) => void,
): Promise<BlockMeasurement> {
  const runs = new Map<Contender, TimedRun[]>(contenders.map((contender) => [contender, []]))
  const mismatches = new Set<string>()
  let baseline: { label: string; outcome: Run['outcome']; details?: Comparable } | undefined
  for (let round = 0; round < plan.warmup + plan.runs; round++) {
    const [first, ...others] = contenders
    const taking = first !== undefined && baselineRuns(plan, round) ? [first, ...others] : others
    for (const contender of round % 2 === 0 ? taking : taking.reverse()) {
      onRun(contender.label)
      const run = await timed(contender)
      const { outcome, details } = run
      baseline ??= { label: contender.label, outcome, ...(details && { details }) }
      for (const line of [
        ...differences(block, contender.label, outcome, 'the header', expected),
        ...differences(block, contender.label, outcome, `the first run (${baseline.label})`, baseline.outcome),
        ...detailDifferences(block, contender.label, details, baseline.details),
      ]) {
        mismatches.add(line)
      }
      // Only what the medians need is kept: receipts of many runs would crowd the memory that is being measured.
      delete run.details
      if (round >= plan.warmup) runs.get(contender)!.push(run)
    }
  }
  return {
    gasUsed: baseline?.outcome.gasUsed ?? 0n,
    measurements: contenders.map((contender) => summarize(contender.label, runs.get(contender)!)),
    mismatches: [...mismatches],
  }
}

type TimedRun = Run & { cpu: number }

async function timed(contender: Contender): Promise<TimedRun> {
  const before = process.cpuUsage()
  const run = await contender.run()
  const { user, system } = process.cpuUsage(before)
  return { ...run, cpu: user + system }
}

/** Whether the baseline runs in a round: always in the first one, to have something to compare with. */
function baselineRuns({ runs, warmup, baselineRuns: wanted = runs }: Plan, round: number): boolean {
  if (round < Math.max(Math.min(warmup, wanted), 1)) return true
  if (round < warmup) return false
  const share = (index: number): number => Math.floor((index * Math.min(wanted, runs)) / runs)
  return share(round - warmup + 1) > share(round - warmup)
}

/** Runs of all contenders together. */
export function runsOf(plan: Plan, contenders: number): number {
  const rounds = Array.from({ length: plan.warmup + plan.runs }, (_, round) => round)
  return rounds.filter((round) => baselineRuns(plan, round)).length + (contenders - 1) * rounds.length
}

function detailDifferences(block: string, actor: string, own?: Comparable, first?: Comparable): string[] {
  if (own === undefined || first === undefined || own === first) return []
  try {
    compareResults(own, first, 'ethereumjs')
    return []
  } catch (error) {
    if (!(error instanceof DifferenceError)) throw error
    return [`block ${block}: ${actor}: ${error.message}`]
  }
}

function summarize(label: string, runs: readonly TimedRun[]): Measurement {
  const stage = (name: keyof StageTimes) => median(runs.map((run) => run.ms[name] ?? Number.NaN))
  const hasRoot = runs.every((run) => run.ms.root !== undefined)
  const { mode, fallback } = runs.at(-1)!
  return {
    label,
    ms: {
      prepare: stage('prepare'),
      senders: stage('senders'),
      execution: stage('execution'),
      receipts: stage('receipts'),
      ...(hasRoot ? { root: stage('root') } : {}),
      total: stage('total'),
    },
    least: Math.min(...runs.map((run) => run.ms.total)),
    cpu: median(runs.map((run) => run.cpu)),
    reexecutions: median(runs.map((run) => run.reexecutions)),
    mode,
    ...(fallback !== undefined && { fallback }),
  }
}
