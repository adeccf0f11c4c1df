// What the model of many threads says, as a table.
import { VARIANTS, type Variant } from '../../workloads/defi/index.js'
import { geometricMean, median } from '../statistics.js'
import { rate, renderTable } from '../table.js'
import { FORECAST_THREADS, type Forecast, LIMITED_THREADS } from './forecast.js'
import { type DefiCase, type DefiReport, labelOfCase, TARGET } from './measure.js'

const GAP = 1

export function forecastTable({ cases }: DefiReport): string {
  const checked = cases[0]?.scaling.checks.map(({ threads }) => threads) ?? []
  const head = [
    'workload',
    ...checked.flatMap((threads) => [`x${threads}`, 'model', 'error']),
    ...FORECAST_THREADS.map((threads) => `x${threads}`),
    'tx/s',
    'limit',
  ]
  return renderTable(
    head,
    head.map((_, index) => (index === 0 || index === head.length - 1 ? 'left' : 'right')),
    cases.map((each) => [
      labelOfCase(each),
      ...each.scaling.checks.flatMap(({ measured, predicted, error }) => [
        measured.toFixed(2),
        predicted.toFixed(2),
        percent(error),
      ]),
      ...FORECAST_THREADS.map((threads) => forecastOn(each, threads).gain.toFixed(2)),
      rate(forecastOn(each, LIMITED_THREADS).pace),
      each.scaling.limit,
    ]),
    GAP,
  )
}

function percent(share: number): string {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(0)}%`
}

export function forecastOn({ scaling }: DefiCase, threads: number): Forecast {
  return scaling.forecasts.find((forecast) => forecast.threads === threads)!
}

/** How well the model does, and what it says of many threads. */
export function forecastNotes({ cases }: DefiReport): string[] {
  const checked = cases[0]?.scaling.checks.map(({ threads }) => threads) ?? []
  const limits = new Map<string, number>()
  for (const { scaling } of cases) limits.set(scaling.limit, (limits.get(scaling.limit) ?? 0) + 1)
  const often = [...limits].sort((a, b) => b[1] - a[1]).map(([limit, count]) => `${limit} ${count}`)
  return [
    'x2, x4, ...: times faster than one thread, of blocks one after another; x2 least times of both.',
    'model: a model of the scheduler, fed with one thread only, says so; error: how much longer it',
    'takes by that than measured. More threads: by the model alone.',
    `tx/s and limit of ${LIMITED_THREADS} threads; limit: without which it would be over soonest.`,
    ...checked.map((threads) => errorLine(cases, threads)),
    ...VARIANTS.map((variant) => gainLine(cases, variant)),
    `Limits on ${LIMITED_THREADS} threads: ${often.join(', ')}.`,
  ]
}

function errorLine(cases: readonly DefiCase[], threads: number): string {
  const errors = cases.map((each) => {
    const { error } = each.scaling.checks.find((check) => check.threads === threads)!
    return { label: labelOfCase(each), error: Math.abs(error) }
  })
  const worst = errors.reduce((most, each) => (each.error > most.error ? each : most))
  const middle = median(errors.map(({ error }) => error))
  return `Error of the model on ${threads} threads: median ${(100 * middle).toFixed(1)}%, largest ${(100 * worst.error).toFixed(0)}% (${worst.label}).`
}

function gainLine(cases: readonly DefiCase[], variant: Variant): string {
  const own = cases.filter((each) => each.variant === variant)
  const gains = FORECAST_THREADS.map((threads) => geometricMean(own.map((each) => forecastOn(each, threads).gain)))
  const reached = own.filter((each) => forecastOn(each, LIMITED_THREADS).pace >= TARGET).length
  return (
    `${variant}, geometric mean: ${FORECAST_THREADS.map((threads, index) => `x${threads} ${gains[index]!.toFixed(2)}`).join(', ')}; ` +
    `${reached} of ${own.length} reach ${TARGET.toLocaleString('en')} on ${LIMITED_THREADS}.`
  )
}
