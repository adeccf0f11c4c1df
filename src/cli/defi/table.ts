// The report of the suite `defi` as a table.
import { machineLine, resultLine } from '../reportText.js'
import { mgas, rate, renderTable } from '../table.js'
import { forecastNotes, forecastTable } from './forecastTable.js'
import { type DefiCase, type DefiReport, labelOfCase, TARGET } from './measure.js'

const GAP = 1
const IN_ORDER = '*'

export function renderDefi(report: DefiReport): string {
  const counts = shownThreads(report)
  const head = [
    'workload',
    ...counts.map((count) => `x${count}`),
    ...counts.map((count) => `exec x${count}`),
    ...['senders', 'exec', 'root', 'us/tx', 're-exec', 'chain', 'cores', 'plain', 'limit'],
  ]
  const table = renderTable(
    head,
    head.map((_, index) => (index === 0 || index === head.length - 1 ? 'left' : 'right')),
    report.cases.map((each) => row(each, counts)),
    GAP,
  )
  return [
    table,
    '',
    ...notes(report),
    '',
    forecastTable(report),
    '',
    ...forecastNotes(report),
    machineLine(report.machine),
    resultLine(
      report.mismatches,
      'Every run gave roots, receipts and state of @ethereumjs/vm, every row its root; what was to fail did.',
    ),
  ].join('\n')
}

/** The fewest and the most: more would not fit. */
function shownThreads({ cases }: DefiReport): number[] {
  const all = cases[0]?.runs.map(({ threads }) => threads) ?? []
  return [...new Set([all[0]!, all.at(-1)!])]
}

function row(each: DefiCase, counts: readonly number[]): string[] {
  const { stages, chain, cores, plain, limit } = each
  const on = <T extends { threads: number }>(all: readonly T[]) =>
    counts.map((count) => all.find(({ threads }) => threads === count)!)
  const [runs, rows] = [on(each.runs), on(each.rows)]
  return [
    labelOfCase(each),
    ...rows.map(({ pace, mode, threads }) => rate(pace) + (threads > 1 && mode === 'sequential' ? IN_ORDER : '')),
    ...runs.map(({ pace }) => rate(pace.execution)),
    micro(stages.senders),
    micro(stages.execution),
    micro(stages.root ?? 0),
    micro(each.rows[0]!.cpu),
    String(runs.at(-1)!.reexecutions),
    `${(100 * chain).toFixed(0)}%`,
    cores.toFixed(1),
    rate(plain.pace.total),
    limit,
  ]
}

function micro(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}

/** What the columns are, a line each. */
export function notes({ plan, gas }: DefiReport): string[] {
  return [
    `Blocks of ${mgas(gas)} Mgas. x1, x2: transactions a second on so many threads, of blocks one after another,`,
    'from their bytes over senders and execution to receipts and state roots. us/tx: all processor time on one',
    `thread, with cores what ${TARGET.toLocaleString('en')} transactions a second take by that. Of one block alone: exec x1,`,
    'transactions a second of the execution; senders, exec, root: microseconds a transaction on one thread;',
    're-exec: repeated executions; plain: transactions a second of @ethereumjs/vm. chain: gas of the longest',
    'chain of transactions of which each reads a slot that the one before changed, or has its sender. limit:',
    'chain and serial (what one thread does alone) keep it below the target with any number of threads; else',
    `what takes most of the time. ${IN_ORDER} in block order.`,
    `Medians of ${plan.runs} runs after ${plan.warmup} for warm-up; of plain @ethereumjs/vm of ${plan.baselineRuns}.`,
  ]
}
