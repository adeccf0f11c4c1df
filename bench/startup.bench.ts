// From the start of a process to its first block: where the time goes, how far the first block is from steady state (V8
// compiles WebAssembly quickly first, well later), and what memory is held after a folder of blocks. Medians of
// PARALLEVM_BENCH_STARTS (5) processes. Blocks of mainnet come from PARALLEVM_FIXTURES; a bundled one is always measured.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../src/cli/statistics.js'
import { type Align, renderTable } from '../src/cli/table.js'
import { bundledCases, listCases } from '../src/index.js'

const starts = Number(process.env.PARALLEVM_BENCH_STARTS ?? 5)
const flat = join(process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'), 'mainnet/flat')
const child = fileURLToPath(new URL('./support/startupChild.js', import.meta.url))

function run(v8: string[], ...args: (string | number)[]): Record<string, number> {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...v8, child, ...args.map(String)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

const STAGES = ['boot', 'imports', 'load', 'workers', 'first', 'done', 'second', 'steady']
const right = (count: number): Align[] => Array.from({ length: count }, () => 'right' as const)

function startup(path: string): void {
  const rows: string[][] = []
  const configurations: [engine: string, threads: number, v8: string[]][] = [
    ['wasm', 1, []],
    ['wasm', 2, []],
    ['wasm', 1, ['--liftoff-only']],
    ['wasm', 1, ['--no-liftoff', '--no-wasm-lazy-compilation']],
    ['ethereumjs', 1, []],
    ['ethereumjs', 2, []],
  ]
  for (const [engine, threads, v8] of configurations) {
    const results = Array.from({ length: starts }, () => run(v8, 'first', path, engine, threads))
    const cells = STAGES.map((stage) => median(results.map((result) => result[stage] as number)).toFixed(1))
    rows.push([`${engine} x${threads} ${v8[0] ?? ''}`, ...cells])
  }
  console.log(`${basename(path)}, ms; done: since the process was started`)
  console.log(renderTable(['', ...STAGES], ['left', ...right(STAGES.length)], rows))
}

startup(bundledCases().find((path) => path.includes('mainnet-mix.')) as string)
if (existsSync(flat)) {
  const real = listCases([flat]).find((path) => path.includes('15537394'))
  if (real !== undefined) startup(real)
  const MiB = (bytes: number | undefined) => ((bytes ?? Number.NaN) / 2 ** 20).toFixed(0)
  const rows = ['wasm', 'ethereumjs'].flatMap((engine) =>
    [1, 2].map((threads) => {
      const { blocks, used, rss, heap } = run([], 'all', flat, engine, threads)
      return [`${engine} x${threads}`, String(blocks), MiB(used), MiB(rss), MiB(heap)]
    }),
  )
  console.log(`after ${flat}, MiB`)
  console.log(renderTable(['', 'blocks', 'memory used', 'RSS', 'JS heap'], ['left', ...right(4)], rows))
}
