// `bench --once`: each block the first time that an executor meets it. A node never sees a block twice, while the usual runs repeat
// one whose accounts, slots and codes already lie in the tables.
import type { BlockCase } from '../blockFiles/index.js'
import type { ExecutionMode } from '../index.js'
import { factsOf } from './blockCase.js'
import { type Configuration, Executors, executorContender, type Work } from './contenders.js'
import { type Contender, measure, type Plan, type StageTimes } from './measure.js'
import { type BlockSummary, type Machine, machine } from './report.js'
import { blockLine, machineLine, resultLine } from './reportText.js'
import { sum } from './statistics.js'
import { ms, rate, renderTable, times } from './table.js'

export interface FirstAndSteady {
  label: string
  cold: StageTimes
  steady: StageTimes
  /** Cold by steady, in total. */
  ratio: number
}

export interface OnceReport {
  machine: Machine
  plan: Plan & Work
  blocks: (BlockSummary & { measurements: FirstAndSteady[] })[]
  /** Sums of the blocks' totals, milliseconds. */
  totals: { label: string; cold: number; steady: number; ratio: number }[]
  mismatches: string[]
}

type OnceOptions = Plan & Work & { mode: ExecutionMode }

/**
 * @param others what warms an executor up where there is but one block
 * @param onRun is called before every run
 */
export async function measureOnce(
  blocks: readonly BlockCase[],
  others: readonly BlockCase[],
  configurations: readonly Configuration[],
  options: OnceOptions,
  onRun: (what: string) => void,
): Promise<OnceReport> {
  const measured: OnceReport['blocks'] = []
  const mismatches: string[] = []
  for (const block of blocks) {
    const warming = blocks.length > 1 ? blocks.filter((other) => other !== block) : others
    const measurements: FirstAndSteady[] = []
    let gasUsed = 0
    for (const configuration of configurations) {
      const result = await firstAndSteady(block, warming, configuration, options, onRun)
      measurements.push(result.measurement)
      mismatches.push(...result.mismatches)
      gasUsed = result.gasUsed
    }
    measured.push({ ...factsOf(block), gasUsed, measurements })
  }
  const { runs, warmup, root, givenSenders } = options
  return {
    machine: machine(),
    plan: { runs, warmup, root, givenSenders },
    blocks: measured,
    totals: configurations.map((_, index) => total(measured.map(({ measurements }) => measurements[index]!))),
    mismatches,
  }
}

/** Runs that `measureOnce` takes. */
export function onceRunsOf({ runs, warmup }: Plan, blocks: number, others: number, configurations: number): number {
  const warming = blocks > 1 ? blocks - 1 : others
  return blocks * configurations * (warming * Math.max(warmup, 1) + Math.max(warmup, 1) + runs)
}

async function firstAndSteady(
  block: BlockCase,
  warming: readonly BlockCase[],
  configuration: Configuration,
  { runs, warmup: wanted, ...options }: OnceOptions,
  onRun: (what: string) => void,
) {
  const warmup = Math.max(wanted, 1)
  const executors = new Executors()
  try {
    for (let round = 0; round < warmup; round++) {
      for (const other of warming) {
        onRun(`warm-up for ${block.name}`)
        await (await executorContender(executors, other, configuration, options)).run()
      }
    }
    const contender = await executorContender(executors, block, configuration, options)
    let cold: StageTimes | undefined
    // The first of the runs that do not count is the cold one: it is checked as all others are.
    const watched: Contender = {
      label: contender.label,
      run: async () => {
        const run = await contender.run()
        cold ??= run.ms
        return run
      },
    }
    const { measurements, mismatches, gasUsed } = await measure(
      block.name,
      [watched],
      block.expected,
      { runs, warmup },
      (label) => onRun(`${block.name} ${label}`),
    )
    const { label, ms: steady } = measurements[0]!
    const measurement = { label, cold: cold!, steady, ratio: cold!.total / steady.total }
    return { measurement, mismatches, gasUsed: Number(gasUsed) }
  } finally {
    await executors.close()
  }
}

function total(measurements: readonly FirstAndSteady[]): OnceReport['totals'][number] {
  const cold = sum(measurements.map((each) => each.cold.total))
  const steady = sum(measurements.map((each) => each.steady.total))
  return { label: measurements[0]!.label, cold, steady, ratio: cold / steady }
}

const HEAD = ['cold', 'steady', 'cold/steady', 'Mgas/s cold', 'steady']
const ALIGNS = ['left', ...HEAD.map(() => 'right')] as ('left' | 'right')[]

export function renderOnce({ machine, plan, blocks, totals, mismatches }: OnceReport): string {
  const gasUsed = sum(blocks.map((block) => block.gasUsed))
  const cells = (gas: number, cold: number, steady: number) => [
    ...[ms(cold), ms(steady), times(cold / steady)],
    ...[rate(gas / 1e3 / cold), rate(gas / 1e3 / steady)],
  ]
  const rows = blocks.flatMap((block) =>
    block.measurements.map(({ label, cold, steady }) => [
      `  ${label}`,
      ...cells(block.gasUsed, cold.total, steady.total),
    ]),
  )
  const sums = totals.map(({ label, cold, steady }) => [`  ${label}`, ...cells(gasUsed, cold, steady)])
  const [head, ...lines] = renderTable(['block, engine', ...HEAD], ALIGNS, [...rows, ...sums]).split('\n')
  return [
    head,
    ...blocks.flatMap((block) => [blockLine(block), ...lines.splice(0, block.measurements.length)]),
    'all blocks',
    ...lines,
    '',
    'cold: milliseconds of the first run of the block in a new executor that has executed other blocks;',
    `steady: the median of ${plan.runs} later runs of the same executor; both from the bytes of the block.`,
    machineLine(machine),
    resultLine(mismatches, 'Every run gave what the header says.'),
  ].join('\n')
}
