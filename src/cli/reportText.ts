// A report of `bench` as tables.
import { fallbackLine } from './contenders.js'
import type { Measurement } from './measure.js'
import type { BlockSummary, Machine, Rates, Report, Speedup } from './report.js'
import { cut, mgas, ms, rate, renderTable, times } from './table.js'

/** Everything but lines that name a block or a difference fits that many columns. */
export const REPORT_COLUMNS = 100
const IN_ORDER = '*'
const FELL_BACK = '!'

/** Between columns: two spaces would not leave room for all of them. */
const GAP = 1
const COLUMNS = [
  ...['prepare', 'senders', 'exec', 'receipts', 'root', 'total'],
  ...['faster', 're-exec', 'Mgas/s', 'tx/s', 'us/tx'],
]

export function renderReport(report: Report): string {
  return [
    blockTable(report),
    '',
    totalsTable(report),
    '',
    comparisonTable(report),
    '',
    ...notes(report),
    machineLine(report.machine),
    ...report.blocks.flatMap(({ name, measurements }) =>
      measurements.flatMap(({ label, fallback }) => (fallback ? [fallbackLine(name, label, fallback)] : [])),
    ),
    resultLine(
      report.mismatches,
      'Every run of every engine gave what the header says and what sequential execution gave.',
    ),
  ].join('\n')
}

export function machineLine({ node, platform, cpu, cores }: Machine): string {
  return `Node ${node}, ${platform}, ${cpu}, ${cores} cores.`
}

/** What there is to say of the results: `good`, or all that is wrong. */
export function resultLine(mismatches: readonly string[], good: string): string {
  return mismatches.length === 0 ? good : `${mismatches.length} WRONG RESULTS:\n${mismatches.join('\n')}`
}

export function blockLine({ name, fork, transactions, gasUsed }: BlockSummary): string {
  const facts = ` (${fork}, ${transactions} txs, ${mgas(gasUsed)} Mgas)`
  return cut(name, REPORT_COLUMNS - facts.length) + facts
}

/** Each block is a line of its own, for names may be long, and its engines are the rows below. */
function blockTable({ blocks }: Report): string {
  const rows = blocks.flatMap(({ measurements }) =>
    measurements.map((measurement, contender) => [
      `  ${measurement.label}${contender > 0 ? marksOf(measurement) : ''}`,
      ...cells(measurement),
    ]),
  )
  const [headLine, ...lines] = stageTable('block, engine', rows).split('\n')
  const groups = blocks.flatMap((block) => [blockLine(block), ...lines.splice(0, block.measurements.length)])
  return [headLine, ...groups].join('\n')
}

function stageTable(head: string, rows: readonly string[][]): string {
  return renderTable([head, ...COLUMNS], ['left', ...COLUMNS.map(() => 'right' as const)], rows, GAP)
}

function cells(row: Pick<Measurement, 'ms' | 'reexecutions'> & Rates & { speedup: Speedup }): string[] {
  const { prepare, senders, execution, receipts, root, total } = row.ms
  return [
    ...[prepare, senders, execution, receipts, root, total].map(ms),
    times(row.speedup.total),
    String(row.reexecutions),
    rate(row.mgasPerSecond.total),
    rate(row.transactionsPerSecond),
    rate(row.cpuPerTransaction),
  ]
}

function marksOf({ mode, fallback }: Measurement): string {
  return (mode === 'sequential' ? IN_ORDER : '') + (fallback === undefined ? '' : FELL_BACK)
}

function totalsTable({ totals }: Report): string {
  return stageTable(
    'all blocks',
    totals.map((row) => [row.label, ...cells(row)]),
  )
}

function comparisonTable({ blocks, totals }: Report): string {
  return renderTable(
    ['times faster', 'execution', 'total', 'mean execution', 'mean total', 'slower blocks'],
    ['left', ...Array<'right'>(5).fill('right')],
    totals.map((row, contender) => [
      row.label,
      times(row.speedup.execution),
      times(row.speedup.total),
      times(row.geometricMean.execution),
      times(row.geometricMean.total),
      contender === 0 ? '-' : `${row.slowerBlocks}/${blocks.length}`,
    ]),
  )
}

function notes({ plan, blocks }: Report): string[] {
  const others = blocks.flatMap(({ measurements }) => measurements.slice(1))
  return [
    `Milliseconds: medians of ${plan.runs} runs after ${plan.warmup} for warm-up${baselineNote(plan)}.`,
    `From the bytes of the block, ${
      plan.givenSenders
        ? 'senders from the files that have them'
        : 'senders recovered from the signatures by every contender'
    }.`,
    'faster: times faster than sequential @ethereumjs/vm, as Mgas/s and tx/s over the total;',
    'us/tx: microseconds of processor time a transaction, all threads together;',
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

function baselineNote({ runs, baselineRuns = runs }: Report['plan']): string {
  return baselineRuns < runs ? `, of ${baselineRuns} runs of sequential` : ''
}
