import { arch, availableParallelism, cpus, platform } from 'node:os'
import { fallbackLine } from './contenders.js'
import type { BlockMeasurement, Measurement } from './measure.js'
import { geometricMean, sum } from './statistics.js'
import { cut, mgas, ms, renderTable, times } from './table.js'

export interface MeasuredBlock extends Omit<BlockMeasurement, 'gasUsed'> {
  name: string
  number: string
  fork: string
  transactions: number
  gasUsed: number
}

/** Speed-up of a contender over the first one of the same block: above 1 it is faster. */
export interface Speedup {
  /** The execution stage alone. */
  execution: number
  /** Everything: senders, execution, receipts, root. */
  total: number
}

export interface Total {
  label: string
  ms: { execution: number; total: number }
  /** Over the execution stage: gas of all blocks by the sum of their times. */
  mgasPerSecond: number
  /** Of the sums, so that long blocks count for more. */
  speedup: Speedup
  /** Of the blocks, each counting the same; blocks without transactions are left out. */
  geometricMean: Speedup
  /** Blocks whose total time was longer than the first contender's. */
  slowerBlocks: number
  reexecutions: number
}

export interface Report {
  machine: { node: string; platform: string; cpu: string; cores: number }
  plan: { runs: number; warmup: number; root: boolean; baselineRuns?: number }
  blocks: (Omit<MeasuredBlock, 'measurements'> & {
    measurements: (Measurement & { speedup: Speedup; mgasPerSecond: number })[]
  })[]
  totals: Total[]
  mismatches: string[]
}

export function makeReport(plan: Report['plan'], measured: readonly MeasuredBlock[]): Report {
  return {
    machine: {
      node: process.version,
      platform: `${platform()} ${arch()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
    },
    plan,
    blocks: measured.map((block) => ({
      ...block,
      measurements: block.measurements.map((measurement) => ({
        ...measurement,
        speedup: speedup(block.measurements[0]!, measurement),
        mgasPerSecond: rate(block.gasUsed, measurement.ms.execution),
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
  const times = (measurements: readonly Measurement[]) => ({
    execution: sum(measurements.map(({ ms }) => ms.execution)),
    total: sum(measurements.map(({ ms }) => ms.total)),
  })
  const [ownTimes, firstTimes] = [times(own), times(first)]
  return {
    label: own[0]!.label,
    ms: ownTimes,
    mgasPerSecond: rate(sum(blocks.map((block) => block.gasUsed)), ownTimes.execution),
    speedup: { execution: firstTimes.execution / ownTimes.execution, total: firstTimes.total / ownTimes.total },
    geometricMean: {
      execution: geometricMean(busy.map((ratio) => ratio.execution)),
      total: geometricMean(busy.map((ratio) => ratio.total)),
    },
    slowerBlocks: own.filter((measurement, block) => measurement.ms.total > first[block]!.ms.total).length,
    reexecutions: sum(own.map((measurement) => measurement.reexecutions)),
  }
}

function speedup(first: Measurement, own: Measurement): Speedup {
  return { execution: first.ms.execution / own.ms.execution, total: first.ms.total / own.ms.total }
}

function rate(gas: number, milliseconds: number): number {
  return gas / 1e3 / milliseconds
}

/** Everything but lines that name a block or a difference fits that many columns. */
export const REPORT_COLUMNS = 100
const IN_ORDER = '*'
const FELL_BACK = '!'

export function renderReport(report: Report): string {
  const { machine } = report
  return [
    blockTable(report),
    '',
    totalsTable(report),
    '',
    ...notes(report),
    `Node ${machine.node}, ${machine.platform}, ${machine.cpu}, ${machine.cores} cores.`,
    ...report.blocks.flatMap(({ name, measurements }) =>
      measurements.flatMap(({ label, fallback }) => (fallback ? [fallbackLine(name, label, fallback)] : [])),
    ),
    report.mismatches.length === 0
      ? 'Every run of every engine gave what the header says and what sequential execution gave.'
      : `${report.mismatches.length} WRONG RESULTS:\n${report.mismatches.join('\n')}`,
  ].join('\n')
}

/** Each block is a line of its own, for names may be long, and its engines are the rows below. */
function blockTable({ blocks }: Report): string {
  const rows = blocks.flatMap(({ measurements }) =>
    measurements.map((measurement, contender) => [
      `  ${measurement.label}${contender > 0 ? marksOf(measurement) : ''}`,
      ms(measurement.ms.senders),
      ms(measurement.ms.execution),
      ms(measurement.ms.root),
      ms(measurement.ms.total),
      times(measurement.speedup.execution),
      times(measurement.speedup.total),
      String(measurement.reexecutions),
      rateText(measurement.mgasPerSecond),
    ]),
  )
  const head = ['block, engine', 'senders', 'execution', 'root', 'total', 'exec', 'all', 're-exec', 'Mgas/s']
  const [headLine, ...lines] = renderTable(head, ['left', ...Array<'right'>(8).fill('right')], rows).split('\n')
  const groups = blocks.flatMap(({ name, fork, transactions, gasUsed, measurements }) => {
    const facts = ` (${fork}, ${transactions} txs, ${mgas(gasUsed)} Mgas)`
    return [cut(name, REPORT_COLUMNS - facts.length) + facts, ...lines.splice(0, measurements.length)]
  })
  return [headLine, ...groups].join('\n')
}

function marksOf({ mode, fallback }: Measurement): string {
  return (mode === 'sequential' ? IN_ORDER : '') + (fallback === undefined ? '' : FELL_BACK)
}

function totalsTable({ blocks, totals }: Report): string {
  return renderTable(
    ['all blocks', 'execution', 'total', 'exec', 'all', 'mean exec', 'mean all', 'slower', 're-exec', 'Mgas/s'],
    ['left', ...Array<'right'>(9).fill('right')],
    totals.map((row, contender) => [
      row.label,
      ms(row.ms.execution),
      ms(row.ms.total),
      times(row.speedup.execution),
      times(row.speedup.total),
      times(row.geometricMean.execution),
      times(row.geometricMean.total),
      contender === 0 ? '-' : `${row.slowerBlocks}/${blocks.length}`,
      String(row.reexecutions),
      rateText(row.mgasPerSecond),
    ]),
  )
}

function notes({ plan, blocks }: Report): string[] {
  const others = blocks.flatMap(({ measurements }) => measurements.slice(1))
  return [
    `Milliseconds: medians of ${plan.runs} runs after ${plan.warmup} for warm-up${baselineNote(plan)}.`,
    'exec, all: times faster than sequential @ethereumjs/vm, in the execution stage and altogether;',
    'mean: geometric, over blocks with transactions; slower: blocks whose total was longer.',
    ...(others.some(({ mode }) => mode === 'sequential')
      ? [
          `${IN_ORDER} in block order on one thread, not speculatively: by --mode, --threads 1 or the executor's choice.`,
        ]
      : []),
    ...(others.some(({ fallback }) => fallback !== undefined)
      ? [`${FELL_BACK} executed by engine ethereumjs instead; the reasons follow.`]
      : []),
  ]
}

function rateText(mgasPerSecond: number): string {
  return mgasPerSecond.toFixed(mgasPerSecond >= 1e4 ? 0 : 1)
}

function baselineNote({ runs, baselineRuns = runs }: Report['plan']): string {
  return baselineRuns < runs ? `, of ${baselineRuns} runs of sequential` : ''
}
