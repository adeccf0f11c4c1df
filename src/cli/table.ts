import Table from 'cli-table3'

export type Align = 'left' | 'right'

/** Plain columns without lines between rows, `gap` spaces apart; colours only on a terminal that wants them. */
export function renderTable(
  head: readonly string[],
  aligns: readonly Align[],
  rows: readonly (readonly string[])[],
  gap = 2,
): string {
  const table = new Table({
    head: [...head],
    colAligns: [...aligns],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Milliseconds with three significant digits at least, so that a 0.4 ms block is not shown as 0; from 100,000 on seconds. */
export function ms(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-'
  if (value >= 1e5) return `${(value / 1e3).toFixed(0)}s`
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** Cut, never rounded up: 1.999 is shown as 1.99. Three digits at least. */
export function times(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '-'
  const digits = value >= 1000 ? 0 : value >= 100 ? 1 : 2
  return `${(Math.floor(value * 10 ** digits) / 10 ** digits).toFixed(digits)}x`
}

/** Three digits and a letter for thousands or millions: five columns at most, up to a billion. */
export function rate(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const [scaled, unit] = value >= 999_500 ? [value / 1e6, 'M'] : value >= 9_995 ? [value / 1e3, 'k'] : [value, '']
  return scaled.toFixed(scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2) + unit
}

/** Long names lose their beginning: paths are told apart by their ends. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `...${text.slice(text.length - columns + 3)}`
}

export function mgas(gas: number): string {
  const value = gas / 1e6
  return value >= 0.01 || gas === 0 ? value.toFixed(2) : value.toFixed(4)
}
