// A page with one bar chart, which needs nothing beside itself.

export interface Chart {
  title: string
  /** Below the title, a line each. */
  notes: readonly string[]
  /** What the bars are in. */
  unit: string
  /** A line at this value. */
  mark?: number
  series: readonly { label: string; color: string }[]
  /** From top to bottom: a value above 0 for each series. */
  rows: readonly { label: string; values: readonly number[] }[]
}

const WIDTH = 1100
const LABELS = 320
/** Beyond the longest bar there is room for its number. */
const RIGHT = 70
const TOP = 62
const BAR = 10
/** Between the bars of two rows. */
const SPACE = 6
export const GRID = '#d8dbe0'
export const INK = '#1f2430'
const MARK = '#c0392b'

export function chartPage(chart: Chart): string {
  const { title, notes } = chart
  return page(title, [...notes.map((note) => `<p>${escaped(note)}</p>`), barChart(chart)])
}

/** @param parts of its body, as HTML */
export function page(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>body { font: 15px/1.5 system-ui, sans-serif; color: ${INK}; margin: 2em } svg { max-width: 100%; height: auto }</style>
<h1>${escaped(title)}</h1>
${parts.join('\n')}
</html>
`
}

/** Horizontal bars over a logarithmic scale. */
export function barChart({ title, unit, series, rows, mark }: Chart): string {
  const values = rows.flatMap((row) => row.values).concat(mark ?? [])
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values))), low + 1)
  const x = (value: number) => LABELS + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LABELS - RIGHT)
  const row = SPACE + series.length * BAR
  const bottom = TOP + rows.length * row
  const decades = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 34}" width="${WIDTH}" height="${bottom + 34}" ` +
      `role="img" aria-label="${escaped(title)}" font-family="system-ui, Helvetica, Arial, sans-serif" font-size="13" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${bottom + 34}" fill="#ffffff"/>`,
    ...series.map(({ label, color }, index) => legend(label, color, LABELS + index * (series.length > 2 ? 140 : 260))),
    `<text x="${WIDTH - RIGHT}" y="23" text-anchor="end">${escaped(unit)}, logarithmic</text>`,
    ...decades.flatMap((value) => [
      `<line x1="${at(x(value))}" y1="${TOP - 6}" x2="${at(x(value))}" y2="${bottom}" stroke="${GRID}"/>`,
      ...[TOP - 12, bottom + 18].map(
        (y) => `<text x="${at(x(value))}" y="${y}" text-anchor="middle">${plain(value)}</text>`,
      ),
    ]),
    ...rows.flatMap((each, index) => bars(each, series, TOP + index * row, x)),
    ...(mark === undefined
      ? []
      : [
          `<line x1="${at(x(mark))}" y1="${TOP - 6}" x2="${at(x(mark))}" y2="${bottom}" stroke="${MARK}" stroke-width="1.5"/>`,
        ]),
    '</svg>',
  ].join('\n')
}

export function legend(label: string, color: string, x: number): string {
  return `<rect x="${x}" y="12" width="12" height="12" fill="${color}"/><text x="${x + 18}" y="23">${escaped(label)}</text>`
}

function bars(
  { label, values }: Chart['rows'][number],
  series: Chart['series'],
  top: number,
  x: (value: number) => number,
): string[] {
  return [
    `<text x="${LABELS - 8}" y="${at(top + (values.length * BAR) / 2 + 4)}" text-anchor="end">${escaped(label)}</text>`,
    ...values.flatMap((value, index) => {
      const y = top + 2 + index * BAR
      const end = x(value)
      return [
        `<rect x="${LABELS}" y="${y}" width="${at(end - LABELS)}" height="${BAR - 1}" fill="${series[index]!.color}"/>`,
        `<text x="${at(end + 4)}" y="${y + BAR - 2}" font-size="10">${plain(value)}</text>`,
      ]
    }),
  ]
}

export function plain(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)))
}

export function at(position: number): string {
  return position.toFixed(1)
}

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
