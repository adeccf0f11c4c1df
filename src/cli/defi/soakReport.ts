// The soak as text, and as a page.
import { escaped, page } from '../chart.js'
import { machineLine, resultLine } from '../reportText.js'
import { median } from '../statistics.js'
import { mgas, rate } from '../table.js'
import { lineChart } from './charts.js'
import type { SoakReport, SoakSample } from './soak.js'

const MIB = 2 ** 20
const COLORS = { pace: '#2f6fdb', rss: '#e08a1e', shared: '#12a594' }
/** Stretches at either end that are compared. */
const TENTH = 10

export function renderSoak(report: SoakReport): string {
  return [...lines(report), machineLine(report.machine), resultLine(report.mismatches, rootLine(report))].join('\n')
}

function rootLine({ compared, stateRoot, accounts, slots }: SoakReport): string {
  return (
    `${compared} of the blocks gave the receipts and the state of @ethereumjs/vm. ` +
    `State root ${stateRoot} is that of @ethereumjs/mpt over all ${accounts} accounts and ${slots} slots.`
  )
}

function lines({
  soak,
  samples,
  blocks,
  transactions,
  gas,
  failed,
  unforeseen,
  seconds,
  executing,
  waiting,
  pace,
}: SoakReport): string[] {
  const [first, last] = ends(samples)
  const paces = samples.map((sample) => sample.pace)
  return [
    `${blocks} blocks of ${mgas(soak.gas)} Mgas (${soak.workload}), ${transactions} transactions, ${(gas / 1e9).toFixed(1)} Ggas in ${seconds.toFixed(0)} s, ` +
      `${failed - unforeseen} transactions failed as meant, and ${unforeseen} more.`,
    `${rate(pace)} transactions a second of the executor's time on ${soak.threads} threads (${executing.toFixed(0)} s, ` +
      `beside ${waiting.toFixed(0)} s of waiting for blocks to be made): ${rate(Math.min(...paces))} to ${rate(Math.max(...paces))}, median ${rate(median(paces))}.`,
    `First tenth ${rate(first.pace)}, last tenth ${rate(last.pace)}; memory of the process ${mib(first.rss)} to ${mib(last.rss)}, ` +
      `shared memory in use ${mib(first.shared)} to ${mib(last.shared)}.`,
    `Load of the machine ${first.load.toFixed(1)} to ${last.load.toFixed(1)}.`,
  ]
}

/** Medians of the first and the last tenth. */
function ends(samples: readonly SoakSample[]): [SoakSample, SoakSample] {
  const count = Math.max(1, Math.floor(samples.length / TENTH))
  return [samples.slice(0, count), samples.slice(-count)].map((part) => {
    const of = (pick: (sample: SoakSample) => number) => median(part.map(pick))
    return {
      seconds: of((sample) => sample.seconds),
      blocks: of((sample) => sample.blocks),
      transactions: of((sample) => sample.transactions),
      pace: of((sample) => sample.pace),
      rss: of((sample) => sample.rss),
      shared: of((sample) => sample.shared),
      load: of((sample) => sample.load),
    }
  }) as [SoakSample, SoakSample]
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`
}

export function soakPage(report: SoakReport): string {
  const { samples } = report
  const last = Math.ceil(report.seconds)
  const x = {
    label: 'seconds',
    min: 0,
    max: last,
    ticks: Array.from({ length: 7 }, (_, i) => Math.round((i * last) / 6)),
  }
  const curve = (pick: (sample: SoakSample) => number) =>
    samples.map((sample) => [sample.seconds, pick(sample)] as const)
  const line = (label: string, color: string, pick: (sample: SoakSample) => number) => ({
    label,
    color,
    width: 2,
    points: curve(pick),
  })
  return page(`A soak of ${last} seconds`, [
    ...[...lines(report), machineLine(report.machine), resultLine(report.mismatches, rootLine(report))].map(
      (text) => `<p>${escaped(text)}</p>`,
    ),
    '<h2>Transactions a second</h2>',
    lineChart({
      title: 'Transactions a second',
      x,
      y: { label: "transactions a second of the executor's time", max: Math.max(...samples.map(({ pace }) => pace)) },
      lines: [line('tx/s', COLORS.pace, ({ pace }) => pace)],
    }),
    '<h2>Memory</h2>',
    lineChart({
      title: 'Memory',
      x,
      y: { label: 'MiB', max: Math.max(...samples.map(({ rss }) => rss / MIB)) },
      lines: [
        line('the process', COLORS.rss, ({ rss }) => rss / MIB),
        line('shared, in use', COLORS.shared, ({ shared }) => shared / MIB),
      ],
    }),
  ])
}
