// The programs of ipsilon/evm-benchmarks with the core's EVM: a transaction each, median and best of PARALLEVM_BENCH_RUNS (15); Mgas/s of the best.
// Needs the folder evm-benchmarks in PARALLEVM_FIXTURES.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { StateTest } from '../src/official/json.js'
import { StateTestMachine } from '../src/official/stateMachine.js'

const folder = join(
  process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'),
  'evm-benchmarks/benchmarks',
)
const only = process.argv[2] ?? ''
const runs = Number(process.env.PARALLEVM_BENCH_RUNS ?? 15)
if (!existsSync(folder)) console.log(`no programs in ${folder}: set PARALLEVM_FIXTURES`)
else {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
  for (const file of files.sort()) {
    const tests = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, StateTest>
    for (const test of Object.values(tests)) {
      for (const [fork, entries] of Object.entries(test.post)) {
        for (const entry of entries) {
          const { indexes } = entry
          const name = `${basename(file, '.json')} ${indexes.data}/${indexes.gas}/${indexes.value}`
          if (!name.includes(only)) continue
          const machine = new StateTestMachine('wasm')
          const times: number[] = []
          let last = await machine.run(test, fork, entry)
          if (last.failure !== undefined) throw new Error(`${name}: ${last.failure}`)
          for (let i = 0; i < runs; i++) {
            last = await machine.run(test, fork, entry)
            times.push(last.ms)
          }
          times.sort((a, b) => a - b)
          const median = times[times.length >> 1]!
          const rate = Number(last.gasUsed) / 1000 / times[0]!
          console.log(
            `${name.padEnd(36)} ${median.toFixed(3).padStart(9)} ms (best ${times[0]!.toFixed(3)}) ${String(last.gasUsed).padStart(11)} gas ${rate.toFixed(0).padStart(7)} Mgas/s`,
          )
        }
      }
    }
  }
}
