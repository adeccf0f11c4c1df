// Charts of the suite `defi`, as SVG that needs nothing beside itself.
import { at, escaped, GRID, INK, legend, plain } from '../chart.js'

export interface Stack {
  unit: string
  series: readonly { label: string; color: string }[]
  /** From top to bottom: a part for each series, and what stands at the end. */
  rows: readonly { label: string; values: readonly number[]; end: string }[]
}

export interface Lines {
  title: string
  /** `name`: what stands below a tick, where that is not its value. */
  x: { label: string; max: number; ticks: readonly number[]; min: number; name?: (value: number) => string }
  y: { label: string; max: number }
  lines: readonly {
    label?: string
    color: string
    width: number
    dashed?: boolean
    /** Its points alone. */
    dots?: boolean
    points: readonly (readonly [number, number])[]
  }[]
}

const WIDTH = 1100
const LABELS = 200
const RIGHT = 90
const TOP = 56
const ROW = 20
const BAR = 14
const HEIGHT = 380
const MARGIN = { left: 70, right: 200, top: 40, bottom: 50 }
const TICKS = 5

/** Horizontal bars made of parts, over a linear scale. */
export function stackChart({ unit, series, rows }: Stack): string {
  const sums = rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0))
  const ticks = ticksTo(Math.max(...sums))
  const most = ticks.at(-1)!
  const x = (value: number) => LABELS + (value / most) * (WIDTH - LABELS - RIGHT)
  const bottom = TOP + rows.length * ROW
  return [
    open(WIDTH, bottom + 30),
    ...series.map(({ label, color }, index) => legend(label, color, LABELS + index * 130)),
    `<text x="${WIDTH - 4}" y="23" text-anchor="end">${escaped(unit)}</text>`,
    ...ticks.flatMap((value) => [
      `<line x1="${at(x(value))}" y1="${TOP - 6}" x2="${at(x(value))}" y2="${bottom}" stroke="${GRID}"/>`,
      `<text x="${at(x(value))}" y="${TOP - 10}" text-anchor="middle" font-size="11">${plain(value)}</text>`,
    ]),
    ...rows.flatMap(({ label, values, end }, index) => {
      const y = TOP + index * ROW
      let from = 0
      const parts = values.map((value, part) => {
        const bar = `<rect x="${at(x(from))}" y="${y + 2}" width="${at(x(value) - LABELS)}" height="${BAR}" fill="${series[part]!.color}"/>`
        from += value
        return bar
      })
      return [
        `<text x="${LABELS - 8}" y="${y + BAR}" text-anchor="end">${escaped(label)}</text>`,
        ...parts,
        `<text x="${at(x(from) + 5)}" y="${y + BAR}" font-size="11">${escaped(end)}</text>`,
      ]
    }),
    '</svg>',
  ].join('\n')
}

/** Lines over linear scales, their names at their ends. */
export function lineChart({ title, x, y, lines }: Lines): string {
  const ticks = ticksTo(y.max)
  const right = WIDTH - MARGIN.right
  const bottom = HEIGHT - MARGIN.bottom
  const across = (value: number) => MARGIN.left + ((value - x.min) / (x.max - x.min || 1)) * (right - MARGIN.left)
  const up = (value: number) => bottom - (value / ticks.at(-1)!) * (bottom - MARGIN.top)
  return [
    open(WIDTH, HEIGHT, title),
    `<text x="${MARGIN.left}" y="20">${escaped(y.label)}</text>`,
    `<text x="${right}" y="${HEIGHT - 10}" text-anchor="end">${escaped(x.label)}</text>`,
    ...ticks.flatMap((value) => [
      `<line x1="${MARGIN.left}" y1="${at(up(value))}" x2="${right}" y2="${at(up(value))}" stroke="${GRID}"/>`,
      `<text x="${MARGIN.left - 8}" y="${at(up(value) + 4)}" text-anchor="end" font-size="12">${value.toLocaleString('en')}</text>`,
    ]),
    ...x.ticks.map(
      (value) =>
        `<text x="${at(across(value))}" y="${bottom + 20}" text-anchor="middle" font-size="12">${x.name?.(value) ?? value}</text>`,
    ),
    ...lines.map(({ color, width, dashed, dots, points }) => {
      if (dots) {
        return points
          .map(([a, b]) => `<circle cx="${at(across(a))}" cy="${at(up(b))}" r="${width}" fill="${color}"/>`)
          .join('')
      }
      const path = points.map(([a, b]) => `${at(across(a))},${at(up(b))}`).join(' ')
      const dash = dashed ? ' stroke-dasharray="6 5"' : ''
      return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="${width}"${dash}/>`
    }),
    ...lines.flatMap(({ label, color, points }) => {
      const last = points.at(-1)
      if (label === undefined || last === undefined) return []
      return [
        `<text x="${at(across(last[0]) + 6)}" y="${at(up(last[1]) + 4)}" fill="${color}" font-size="12">${escaped(label)}</text>`,
      ]
    }),
    '</svg>',
  ].join('\n')
}

/** Round numbers from 0 to the first that is not below `most`. */
function ticksTo(most: number): number[] {
  const raw = Math.max(most, 1e-9) / TICKS
  const unit = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * unit).find((value) => value >= raw * (1 - 1e-9))!
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(6)))
}

function open(width: number, height: number, title = ''): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-label="${escaped(title)}" font-family="system-ui, Helvetica, Arial, sans-serif" font-size="13" fill="${INK}">` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`
  )
}
