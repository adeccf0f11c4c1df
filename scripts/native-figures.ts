// Native code beside the core, for each precompiled contract of the suite of worst blocks and for KECCAK256: Mgas/s of CPU time on one
// thread. Builds scripts/native-precompiles with cargo (rustup.rs; some minutes). `--update` writes src/workloads/worst/native.ts anew, of
// which the floors of `parallevm bench --suite worst` are made. Arguments select by part of the name.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/blockFiles/index.js'
import { Executors, executorContender } from '../src/cli/contenders.js'
import { renderTable } from '../src/cli/table.js'
import { WORST_CASES, type WorstCase, worstBlock } from '../src/workloads/worst/index.js'
import type { PrecompileCase } from '../src/workloads/worst/precompiles.js'

const GAS = 4_000_000
/** So many calls a block has at least: with one alone the block itself would be half of the time. */
const CALLS = 16
/** The first ones run in code that V8 has yet to optimise. */
const RUNS = 8
const CRATE = join(packageRoot(), 'scripts/native-precompiles')
const FIGURES = join(packageRoot(), 'src/workloads/worst/native.ts')

const update = process.argv.includes('--update')
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const cases = WORST_CASES.filter(
  ({ name, price }) => price !== undefined && wanted.every((part) => name.includes(part)),
)

/** What the native program is to run. */
function lineOf(worst: WorstCase): string {
  if (worst.precompile !== undefined) {
    const { precompile, input } = worst as PrecompileCase
    return `${precompile.toString(16)} ${Buffer.from(input).toString('hex')}`
  }
  // A word of message costs six gas.
  return `keccak ${'ab'.repeat(32 * ((worst.price! - 30) / 6))}`
}

/** Nanoseconds of one, for each case. */
function nativeNanoseconds(): number[] {
  execFileSync('cargo', ['build', '--release', '--quiet'], { cwd: CRATE, stdio: 'inherit' })
  const output = execFileSync(join(CRATE, 'target/release/native-figures'), {
    input: cases.map(lineOf).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return output.trim().split('\n').map(Number.parseFloat)
}

/** Mgas/s of CPU time for a whole block, the best of some runs. */
async function rateOf(executors: Executors, worst: WorstCase): Promise<number> {
  const block = await worstBlock(worst, Math.max(GAS, CALLS * worst.price!))
  const work = { root: false, givenSenders: false, mode: 'auto' } as const
  let best = 0
  for (let run = 0; run < RUNS; run++) {
    const contender = await executorContender(executors, block, { engine: 'wasm', threads: 1 }, work)
    const start = process.cpuUsage()
    const { outcome } = await contender.run()
    const { user, system } = process.cpuUsage(start)
    best = Math.max(best, Number(outcome.gasUsed) / (user + system))
  }
  return best
}

function updateFigures(nanoseconds: number[]): void {
  const rows = cases.map(({ name }, index) => `  ['${name}', ${Math.round(nanoseconds[index]!)}],\n`).join('')
  const text = readFileSync(FIGURES, 'utf8')
  writeFileSync(
    FIGURES,
    text.replace(/(new Map\(\[\n)[\s\S]*(\]\))/, (_, start, end) => `${start}${rows}${end}`),
  )
}

const nanoseconds = nativeNanoseconds()
if (update) updateFigures(nanoseconds)
const executors = new Executors()
const rows: { name: string; native: number; own: number }[] = []
for (const [index, worst] of cases.entries()) {
  rows.push({
    name: worst.name,
    native: (worst.price! * 1000) / nanoseconds[index]!,
    own: await rateOf(executors, worst),
  })
}
await executors.close()
rows.sort((a, b) => b.native / b.own - a.native / a.own)
console.log(
  renderTable(
    ['farthest from native first', 'native us', 'native Mgas/s', 'core Mgas/s', 'times native'],
    ['left', 'right', 'right', 'right', 'right'],
    rows.map(({ name, native, own }) => [
      name,
      ((WORST_CASES.find((each) => each.name === name)!.price ?? 0) / native).toFixed(1),
      native.toFixed(1),
      own.toFixed(1),
      (native / own).toFixed(2),
    ]),
  ),
)
