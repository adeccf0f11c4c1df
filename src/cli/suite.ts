// `bench --suite worst`: blocks that are full of one thing, at its worst. What a chain may be attacked with is the slowest of them.
import { PRECOMPILES } from '../abi/registry.js'
import { ParallevmError } from '../errors.js'
import { floorOf, nameOf, WORST_CASES, type WorstCase, worstBlock } from '../workloads/worst/index.js'
import { sequentialContender } from './baseline.js'
import { factsOf } from './blockCase.js'
import { type Chart, chartPage } from './chart.js'
import { Executors, executorContender, labelOf } from './contenders.js'
import { type Contender, type Measurement, measure, type Plan, runsOf } from './measure.js'
import { type BlockSummary, type Machine, machine, mgasPerSecond, type Speedup } from './report.js'
import { machineLine, resultLine } from './reportText.js'
import { cut, mgas, ms, rate, renderTable, times } from './table.js'

type Rate = Pick<Measurement, 'label' | 'ms'> & { mgasPerSecond: Speedup }

export interface SuiteCase extends BlockSummary {
  /** What it is about, by the names of the registry. */
  about: string[]
  plain: Rate
  wasm: Rate
  speedup: Speedup
  /** Mgas/s of the execution stage that it is to reach: docs/benchmark.md. */
  floor: number
  belowFloor: boolean
}

export interface SuiteReport {
  machine: Machine
  suite: 'worst'
  /** Gas that the blocks were asked for. */
  gas: number
  plan: Plan
  /** Slowest first. */
  cases: SuiteCase[]
  mismatches: string[]
}

/** No root, for the states are flat; nothing is given. */
const WORK = { root: false, givenSenders: false, mode: 'auto' } as const
const CONFIGURATION = { engine: 'wasm', threads: 1 } as const
const NAME_COLUMNS = 36

/** @param onRun is called before every run */
export async function measureSuite(
  gas: number,
  wanted: Plan,
  onRun: (what: string) => void,
  cases: readonly WorstCase[] = WORST_CASES,
): Promise<SuiteReport> {
  const plan = suitePlan(wanted)
  const measured: SuiteCase[] = []
  const mismatches: string[] = []
  const executors = new Executors()
  try {
    for (const worst of cases) {
      const { result, wrong } = await measureCase(executors, worst, gas, plan, onRun)
      measured.push(result)
      mismatches.push(...wrong)
    }
  } finally {
    await executors.close()
  }
  measured.sort((a, b) => a.wasm.mgasPerSecond.total - b.wasm.mgasPerSecond.total)
  return { machine: machine(), suite: 'worst', gas, plan, cases: measured, mismatches }
}

/** Plain @ethereumjs/vm, which takes nearly all of the time, runs once unless told otherwise, after one run that does not count. */
function suitePlan({ runs, warmup, baselineRuns = 1 }: Plan): Plan {
  return { runs, warmup, baselineRuns }
}

/** Runs that `measureSuite` takes. */
export function suiteRunsOf(plan: Plan, cases = WORST_CASES.length): number {
  return cases * runsOf(suitePlan(plan), 2)
}

async function measureCase(
  executors: Executors,
  worst: WorstCase,
  gas: number,
  plan: Plan,
  onRun: (what: string) => void,
): Promise<{ result: SuiteCase; wrong: string[] }> {
  const block = await worstBlock(worst, gas)
  const wasm: Contender = {
    label: labelOf(CONFIGURATION),
    // The state is put in anew each time: nothing of it lies in the tables, no code is analysed yet.
    run: async () => {
      const run = await (await executorContender(executors, block, CONFIGURATION, WORK)).run()
      const failed = run.details?.receipts.findIndex(({ status }) => status !== 1) ?? -1
      if (failed < 0) return run
      throw new ParallevmError('WORKLOAD_SETUP', `transaction ${failed} of '${worst.name}' failed; report a bug`)
    },
  }
  const { gasUsed, measurements, mismatches } = await measure(
    block.name,
    [sequentialContender(block, WORK), wasm],
    block.expected,
    plan,
    (label) => onRun(`${block.name} ${label}`),
  )
  const facts = { ...factsOf(block), gasUsed: Number(gasUsed) }
  const [plainRate, wasmRate] = measurements.map(
    ({ label, ms }): Rate => ({ label, ms, mgasPerSecond: mgasPerSecond(facts.gasUsed, ms) }),
  ) as [Rate, Rate]
  const { precompile, opcodes = [] } = worst
  const floor = floorOf(worst)
  const result: SuiteCase = {
    ...facts,
    about: [
      ...PRECOMPILES.filter(({ address }) => address === precompile).map(({ name }) => name),
      ...opcodes.map(nameOf),
    ],
    plain: plainRate,
    wasm: wasmRate,
    speedup: {
      execution: plainRate.ms.execution / wasmRate.ms.execution,
      total: plainRate.ms.total / wasmRate.ms.total,
    },
    floor,
    belowFloor: wasmRate.mgasPerSecond.execution < floor,
  }
  return { result, wrong: mismatches }
}

export function renderSuite(report: SuiteReport): string {
  const table = renderTable(
    ['slowest first', 'Mgas', 'ms', 'Mgas/s', 'execution', 'floor', 'plain', 'Mgas/s', 'faster'],
    ['left', ...Array<'right'>(8).fill('right')],
    report.cases.map(({ name, gasUsed, plain, wasm, speedup, floor, belowFloor }) => [
      cut(name, NAME_COLUMNS),
      mgas(gasUsed),
      ms(wasm.ms.total),
      rate(wasm.mgasPerSecond.total),
      rate(wasm.mgasPerSecond.execution),
      `${belowFloor ? '!' : ''}${rate(floor)}`,
      ms(plain.ms.total),
      rate(plain.mgasPerSecond.total),
      times(speedup.total),
    ]),
  )
  return [
    table,
    '',
    ...notes(report),
    floorLine(report),
    machineLine(report.machine),
    resultLine(report.mismatches, 'Every run of both gave the same gas, receipts and state.'),
  ].join('\n')
}

function notes({ plan, gas }: SuiteReport): string[] {
  return [
    `Blocks of ${mgas(gas)} Mgas (more where one call takes more), on one thread and from their bytes; each run`,
    'begins with a state that is put in anew. Mgas/s: in total, and of the execution stage alone.',
    `Medians of ${plan.runs} runs after ${plan.warmup} for warm-up; of plain sequential @ethereumjs/vm of ${plan.baselineRuns}.`,
  ]
}

function floorLine({ cases }: SuiteReport): string {
  const below = cases.filter(({ belowFloor }) => belowFloor).length
  return `Below the floor of its execution, marked !: ${below} of ${cases.length}. docs/benchmark.md says what the floors are.`
}

function chartOf(report: SuiteReport): Chart {
  return {
    title: `Worst blocks: ${labelOf(CONFIGURATION)} beside plain @ethereumjs/vm`,
    notes: [notes(report).join(' '), machineLine(report.machine)],
    unit: 'Mgas/s',
    series: [
      { label: `parallevm, ${labelOf(CONFIGURATION)}`, color: '#2f6fdb' },
      { label: 'plain @ethereumjs/vm', color: '#e08a1e' },
    ],
    rows: report.cases.map(({ name, wasm, plain }) => ({
      label: name,
      values: [wasm.mgasPerSecond.total, plain.mgasPerSecond.total],
    })),
  }
}

/** The bars as a page of HTML. */
export function suitePage(report: SuiteReport): string {
  return chartPage(chartOf(report))
}
