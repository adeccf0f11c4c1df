// Shared by the micro benchmarks: Benchmark.js suites, one table on stdout, `--json` for machines.
import Benchmark from 'benchmark'
import Table from 'cli-table3'

export interface Measurement {
  name: string
  /** Mean time of one operation. */
  nanoseconds: number
  /** Relative margin of error in percent (Benchmark.js, 95% confidence). */
  margin: number
}

/** A measured function; `operations` is how many operations one call performs (default 1). */
export interface Subject {
  name: string
  run: () => unknown
  operations?: number
}

/** Runs the subjects one after another, each for about `seconds`. */
export function measure(subjects: Subject[], seconds = 1): Measurement[] {
  return subjects.map(({ name, run, operations = 1 }) => {
    const bench = new Benchmark(name, run, { maxTime: seconds })
    bench.run()
    const failure = (bench as { error?: Error }).error
    if (failure !== undefined) throw failure
    return { name, nanoseconds: (bench.stats.mean * 1e9) / operations, margin: bench.stats.rme }
  })
}

/** Prints the measurements; the ratio column compares with the first one (more is faster). */
export function report(title: string, results: Measurement[]): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ title, results }))
    return
  }
  const first = results[0]?.nanoseconds ?? Number.NaN
  const table = new Table({ head: [title, 'time', '±', 'times the first'], style: { head: [], border: [] } })
  for (const { name, nanoseconds, margin } of results) {
    table.push([name, duration(nanoseconds), `${margin.toFixed(1)}%`, (first / nanoseconds).toFixed(2)])
  }
  console.log(table.toString())
}

function duration(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toFixed(2)} us`
  return `${(nanoseconds / 1e6).toFixed(2)} ms`
}
