// The report of the suite `defi` as a page: how fast, on what the time goes, how it scales, what limits it.
import { VARIANTS } from '../../workloads/defi/index.js'
import { barChart, escaped, page } from '../chart.js'
import { machineLine } from '../reportText.js'
import { geometricMean } from '../statistics.js'
import { rate, times } from '../table.js'
import { lineChart, stackChart } from './charts.js'
import { LIMITED_THREADS } from './forecast.js'
import { forecastNotes, forecastOn } from './forecastTable.js'
import { type DefiCase, type DefiReport, labelOfCase, TARGET } from './measure.js'
import { notes } from './table.js'

const COLORS = ['#2f6fdb', '#12a594', '#8e4ec6', '#5b6577']
const PLAIN = '#e08a1e'
const STAGES = [
  ['senders', '#2f6fdb'],
  ['execution', '#12a594'],
  ['receipts', '#e5c07b'],
  ['root', '#8e4ec6'],
  ['prepare', '#5b6577'],
] as const
const VARIANT_COLORS = { spread: '#2f6fdb', hot: '#c0392b' } as const

export function defiPage(report: DefiReport): string {
  return page(`${TARGET.toLocaleString('en')} DeFi transactions a second`, [
    `<p>${escaped(notes(report).join(' '))}</p>`,
    `<p>${escaped(machineLine(report.machine))}</p>`,
    '<h2>Transactions a second, from bytes to root, block after block</h2>',
    `<p>The red line is the target.</p>`,
    paceChart(report),
    '<h2>Processor time of a transaction, and cores</h2>',
    `<p>Microseconds on one thread by stage; at the end the cores that ${TARGET.toLocaleString('en')} transactions a second take.</p>`,
    timeChart(report),
    '<h2>Scaling</h2>',
    '<p>Times faster than on one thread, block after block. Dots were measured; lines are what the model of the scheduler says, fed with ' +
      'one thread only: thin ones workloads, thick ones their geometric means, the dashed one as many times as threads.</p>',
    `<p>${escaped(forecastNotes(report).join(' '))}</p>`,
    scalingChart(report),
    '<h2>What limits each</h2>',
    limitTable(report),
  ])
}

function paceChart({ cases }: DefiReport): string {
  const threads = cases[0]?.rows.map((run) => run.threads) ?? []
  return barChart({
    title: 'Transactions a second',
    notes: [],
    unit: 'transactions a second',
    mark: TARGET,
    series: [
      ...threads.map((count, index) => ({ label: threadsLabel(count), color: COLORS[index % COLORS.length]! })),
      { label: 'plain @ethereumjs/vm', color: PLAIN },
    ],
    rows: cases.map((each) => ({
      label: labelOfCase(each),
      values: [...each.rows.map(({ pace }) => pace), each.plain.pace.total],
    })),
  })
}

function threadsLabel(count: number): string {
  return count === 1 ? '1 thread' : `${count} threads`
}

function timeChart({ cases }: DefiReport): string {
  // One transaction of an airdrop is as much as many others: it would make all of them too short to see.
  const usual = cases.filter(({ workload }) => workload !== 'airdrop')
  return stackChart({
    unit: 'microseconds',
    series: STAGES.map(([label, color]) => ({ label, color })),
    rows: usual.map((each) => ({
      label: labelOfCase(each),
      values: STAGES.map(([stage]) => Math.max(0, each.stages[stage] ?? 0)),
      end: `${each.cores.toFixed(1)} cores`,
    })),
  })
}

/** Over the logarithm of the number of threads: what was measured as dots, what the model says as lines. */
function scalingChart({ cases }: DefiReport): string {
  const threads = cases[0]?.scaling.forecasts.map((forecast) => forecast.threads) ?? []
  const all = [1, ...threads]
  const gainsOf = ({ scaling }: DefiCase) => [1, ...scaling.forecasts.map(({ gain }) => gain)]
  const points = (gains: readonly number[]) => gains.map((gain, index) => [Math.log2(all[index]!), gain] as const)
  const mean = (variant: DefiCase['variant']) => {
    const own = cases.filter((each) => each.variant === variant).map(gainsOf)
    return all.map((_, index) => geometricMean(own.map((gains) => gains[index]!)))
  }
  const most = Math.max(1, ...cases.flatMap(gainsOf))
  const ideal = all.filter((count) => count <= most)
  return lineChart({
    title: 'Scaling',
    x: {
      label: 'threads',
      min: 0,
      max: Math.log2(all.at(-1)!),
      ticks: all.map(Math.log2),
      name: (value) => String(Math.round(2 ** value)),
    },
    y: { label: 'times faster than one thread, block after block', max: most },
    lines: [
      {
        color: '#9aa1ad',
        width: 1.5,
        dashed: true,
        points: ideal.map((count) => [Math.log2(count), count] as const),
      },
      ...cases.map((each) => ({
        color: `${VARIANT_COLORS[each.variant]}55`,
        width: 1,
        points: points(gainsOf(each)),
      })),
      ...VARIANTS.map((variant) => {
        const gains = mean(variant)
        return {
          label: `${variant}: ${times(gains.at(-1) ?? 1)}`,
          color: VARIANT_COLORS[variant],
          width: 3,
          points: points(gains),
        }
      }),
      ...cases.map((each) => ({
        color: VARIANT_COLORS[each.variant],
        width: 3,
        dots: true,
        points: each.scaling.checks.map(({ threads, measured }) => [Math.log2(threads), measured] as const),
      })),
    ],
  })
}

function limitTable({ cases }: DefiReport): string {
  const head = [
    'workload',
    'what it does',
    'tx',
    'failed',
    'longest chain',
    'bound by it',
    'bound of one thread',
    'cores',
    'times plain',
    'limit',
    `tx/s on ${LIMITED_THREADS}, by the model`,
    `limit on ${LIMITED_THREADS}`,
  ]
  const cell = (text: string) => `<td style="padding:2px 8px;border-bottom:1px solid #d8dbe0">${escaped(text)}</td>`
  const lines = cases.map((each) => {
    const { about, transactions, failed, chain, bound, cores, limit, plain, rows } = each
    return `<tr>${[
      labelOfCase(each),
      about,
      String(transactions),
      String(failed),
      `${(100 * chain).toFixed(1)}%`,
      `${rate(bound.chain)} tx/s`,
      `${rate(bound.serial)} tx/s`,
      cores.toFixed(1),
      times(rows.at(-1)!.pace / plain.pace.total),
      limit,
      rate(forecastOn(each, LIMITED_THREADS).pace),
      each.scaling.limit,
    ]
      .map(cell)
      .join('')}</tr>`
  })
  return `<table style="border-collapse:collapse;font-size:13px"><tr>${head
    .map((text) => `<th style="text-align:left;padding:2px 8px">${escaped(text)}</th>`)
    .join('')}</tr>\n${lines.join('\n')}</table>`
}
