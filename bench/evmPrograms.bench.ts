// The programs of ipsilon/evm-benchmarks, a transaction each, with the core's EVM and with @ethereumjs/vm: medians in
// milliseconds, how many times faster the core is, and its Mgas/s. PARALLEVM_BENCH_RUNS (15) runs of the core, of
// ethereumjs PARALLEVM_BENCH_BASELINE_RUNS (2; 0 leaves it out); one more of each before those is not counted.
// Needs the folder evm-benchmarks in PARALLEVM_FIXTURES. The argument selects programs by name.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { median } from '../src/cli/statistics.js'
import type { EngineName } from '../src/index.js'
import type { PostEntry, StateTest } from '../src/spectests/json.js'
import { StateTestMachine } from '../src/spectests/stateMachine.js'

const folder = join(
  process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'),
  'evm-benchmarks/benchmarks',
)
const only = process.argv[2] ?? ''
const runs = Number(process.env.PARALLEVM_BENCH_RUNS ?? 15)
const baselineRuns = Number(process.env.PARALLEVM_BENCH_BASELINE_RUNS ?? 2)

interface Program {
  name: string
  test: StateTest
  fork: string
  entry: PostEntry
}

function programs(): Program[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
  return files.sort().flatMap((file) => {
    const tests = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, StateTest>
    return Object.values(tests).flatMap((test) =>
      Object.entries(test.post).flatMap(([fork, entries]) =>
        entries.map((entry) => {
          const { data, gas, value } = entry.indexes
          return { name: `${basename(file, '.json')} ${data}/${gas}/${value}`, test, fork, entry }
        }),
      ),
    )
  })
}

async function measure(engine: EngineName, { name, test, fork, entry }: Program, times: number) {
  const machine = new StateTestMachine(engine)
  const ms: number[] = []
  let gasUsed = 0n
  for (let i = 0; i <= times; i++) {
    const result = await machine.run(test, fork, entry)
    if (result.failure !== undefined) throw new Error(`${name}, ${engine}: ${result.failure}`)
    if (i > 0) ms.push(result.ms)
    gasUsed = result.gasUsed
  }
  return { ms: median(ms), gasUsed }
}

if (!existsSync(folder)) console.log(`no programs in ${folder}: set PARALLEVM_FIXTURES`)
else {
  const columns = (name: string, ...rest: string[]) => name.padEnd(32) + rest.map((text) => text.padStart(15)).join('')
  console.log(columns('', 'gas', 'wasm ms', 'Mgas/s', 'ethereumjs ms', 'times faster'))
  for (const program of programs().filter(({ name }) => name.includes(only))) {
    const { ms, gasUsed } = await measure('wasm', program, runs)
    const rate = (Number(gasUsed) / 1000 / ms).toFixed(0)
    const compared: string[] = []
    if (baselineRuns > 0) {
      const baseline = await measure('ethereumjs', program, baselineRuns)
      compared.push(baseline.ms.toFixed(2), (baseline.ms / ms).toFixed(1))
    }
    console.log(columns(program.name, String(gasUsed), ms.toFixed(3), rate, ...compared))
  }
}
