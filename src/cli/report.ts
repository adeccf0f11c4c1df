import { arch, availableParallelism, cpus, platform } from 'node:os'
import type { BlockMeasurement, Measurement, StageTimes } from './measure.js'
import { geometricMean, sum } from './statistics.js'

export interface BlockSummary {
  name: string
  number: string
  fork: string
  transactions: number
  gasUsed: number
}

export interface MeasuredBlock extends BlockSummary, Omit<BlockMeasurement, 'gasUsed'> {}

export interface Machine {
  node: string
  platform: string
  cpu: string
  cores: number
}

export function machine(): Machine {
  return {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  }
}

/** Speed-up of a contender over the first one of the same block: above 1 it is faster. */
export interface Speedup {
  /** The execution stage alone. */
  execution: number
  /** Everything, from the bytes of the block. */
  total: number
}

/** What one second, and one transaction, come to. */
export interface Rates {
  mgasPerSecond: Speedup
  /** Over the total. */
  transactionsPerSecond: number
  /** Processor time of all threads together, microseconds; NaN (null as JSON) for blocks without transactions. */
  cpuPerTransaction: number
}

export interface Total extends Rates {
  label: string
  /** Sums over the blocks; the root is absent when no block had one. */
  ms: StageTimes
  cpu: number
  /** Of the sums, so that long blocks count for more. */
  speedup: Speedup
  /** Of the blocks, each counting the same; blocks without transactions are left out. */
  geometricMean: Speedup
  /** Blocks whose total time was longer than the first contender's. */
  slowerBlocks: number
  reexecutions: number
}

export interface Report {
  machine: Machine
  plan: { runs: number; warmup: number; root: boolean; givenSenders: boolean; baselineRuns?: number }
  blocks: (Omit<MeasuredBlock, 'measurements'> & { measurements: (Measurement & Rates & { speedup: Speedup })[] })[]
  totals: Total[]
  mismatches: string[]
}

export function makeReport(plan: Report['plan'], measured: readonly MeasuredBlock[]): Report {
  return {
    machine: machine(),
    plan,
    blocks: measured.map((block) => ({
      ...block,
      measurements: block.measurements.map((measurement) => ({
        ...measurement,
        speedup: speedup(block.measurements[0]!, measurement),
        ...rates(measurement, block),
      })),
    })),
    totals: (measured[0]?.measurements ?? []).map((_, contender) => total(measured, contender)),
    mismatches: measured.flatMap((block) => block.mismatches),
  }
}

function total(blocks: readonly MeasuredBlock[], contender: number): Total {
  const own = blocks.map((block) => block.measurements[contender]!)
  const first = blocks.map((block) => block.measurements[0]!)
  const busy = own.flatMap((measurement, block) =>
    blocks[block]!.transactions > 0 ? [speedup(first[block]!, measurement)] : [],
  )
  const sums = { ms: stageSums(own), cpu: sum(own.map(({ cpu }) => cpu)) }
  return {
    label: own[0]!.label,
    ...sums,
    ...rates(sums, {
      gasUsed: sum(blocks.map(({ gasUsed }) => gasUsed)),
      transactions: sum(blocks.map(({ transactions }) => transactions)),
    }),
    speedup: speedup({ ms: stageSums(first) }, sums),
    geometricMean: {
      execution: geometricMean(busy.map((ratio) => ratio.execution)),
      total: geometricMean(busy.map((ratio) => ratio.total)),
    },
    slowerBlocks: own.filter((measurement, block) => measurement.ms.total > first[block]!.ms.total).length,
    reexecutions: sum(own.map((measurement) => measurement.reexecutions)),
  }
}

function stageSums(measurements: readonly Measurement[]): StageTimes {
  const stage = (name: keyof StageTimes) => sum(measurements.map(({ ms }) => ms[name] ?? 0))
  return {
    prepare: stage('prepare'),
    senders: stage('senders'),
    execution: stage('execution'),
    receipts: stage('receipts'),
    ...(measurements.some(({ ms }) => ms.root !== undefined) && { root: stage('root') }),
    total: stage('total'),
  }
}

type Timed = Pick<Measurement, 'ms'>

function speedup({ ms: first }: Timed, { ms: own }: Timed): Speedup {
  return { execution: first.execution / own.execution, total: first.total / own.total }
}

/** Over the execution stage, and over everything. */
export function mgasPerSecond(gasUsed: number, ms: StageTimes): Speedup {
  return { execution: gasUsed / 1e3 / ms.execution, total: gasUsed / 1e3 / ms.total }
}

function rates({ ms, cpu }: Timed & { cpu: number }, block: { gasUsed: number; transactions: number }): Rates {
  return {
    mgasPerSecond: mgasPerSecond(block.gasUsed, ms),
    transactionsPerSecond: (1e3 * block.transactions) / ms.total,
    cpuPerTransaction: block.transactions > 0 ? cpu / block.transactions : Number.NaN,
  }
}
