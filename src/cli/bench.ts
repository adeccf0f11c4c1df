import { Command, InvalidArgumentError, Option } from 'commander'
import { type BlockCase, bundledCases, FixtureError, listCases, loadCase } from '../blockFiles/index.js'
import type { EngineName, ExecutionMode } from '../index.js'
import { generateWorkload, WORKLOADS, type WorkloadKind } from '../workloads/index.js'
import type { Configuration, Work } from './contenders.js'
import { EXIT, UsageError } from './exit.js'
import { type Plan, runsOf } from './measure.js'
import { measureOnce, onceRunsOf, renderOnce } from './once.js'
import { enginesOption, modeOption, parseCount, threadsOption } from './options.js'
import { print, printError } from './output.js'
import { Progress } from './progress.js'
import { makeReport } from './report.js'
import { renderReport } from './reportText.js'
import { measureSideBySide } from './sideBySide.js'

/** Sealing a larger generated block with @ethereumjs/vm takes minutes: its header stays without roots. */
const MAX_MGAS_WITH_ROOTS = 100

interface BenchOptions extends Plan, Work {
  engine: EngineName[]
  threads: number[]
  mode: ExecutionMode
  once?: true
  workload?: Workload[]
  json?: true
}

interface Workload {
  kind: string
  mgas: number
}

export function benchCommand(): Command {
  return new Command('bench')
    .summary('measure engines side by side against sequential @ethereumjs/vm')
    .description(
      'Executes each block again and again with sequential @ethereumjs/vm and with each engine on each number of threads, ' +
        'in turn and in one process, and prints the medians: from the bytes of the block to its receipts and, where a witness ' +
        'is there, its state root. Every run is checked against the header and against the ' +
        'sequential result. Inputs are block files or folders as for `verify`; without any, the bundled blocks.',
    )
    .argument('[inputs...]', 'block files or folders')
    .addOption(enginesOption())
    .addOption(threadsOption(true))
    .option('-r, --runs <n>', 'measured runs of each', (text) => parseCount(text, 1, 1000), 3)
    .option('-w, --warmup <n>', 'runs before the measured ones', (text) => parseCount(text, 0, 1000), 1)
    .option('--baseline-runs <n>', 'measured runs of sequential ethereumjs (default: as --runs)', (text) =>
      parseCount(text, 1, 1000),
    )
    .addOption(modeOption())
    .option('--given-senders', 'take the senders from the files that have them, instead of recovering them', false)
    .option('--no-root', 'leave out the state root (and do not check it)')
    .addOption(
      new Option(
        '--once',
        'each block once, in a new executor that has executed others, beside its time when repeated; without sequential',
      ).conflicts('baselineRuns'),
    )
    .option(
      '--workload <kind:Mgas>',
      'generate a block of this much gas; may be repeated (above 100 Mgas its results are compared between engines only)',
      collectWorkload,
    )
    .option('--json', 'print one JSON document instead of tables')
    .addHelpText(
      'after',
      '\nExit code: 0 every result was right, 1 some result was wrong, 2 some input cannot be used or contradicts itself.\n' +
        `\nWorkloads:\n${WORKLOADS.map(({ kind, description }) => `  ${kind.padEnd(16)} ${description}`).join('\n')}\n` +
        '\nExamples:\n' +
        '  parallevm bench\n' +
        '  parallevm bench --threads 1,2 mainnet/witness\n' +
        '  parallevm bench --once mainnet/witness\n' +
        '  parallevm bench --runs 9 --warmup 3 --no-root 15537394.json.gz\n' +
        '  parallevm bench --workload uniswap-v2-one:30 --workload transfers:30\n' +
        '  parallevm bench --json mainnet/flat > flat.json',
    )
    .action(bench)
}

async function bench(inputs: string[], options: BenchOptions): Promise<void> {
  const sources = sourcesOf(inputs, options.workload ?? [])
  const configurations = options.engine.flatMap((engine) => options.threads.map((threads) => ({ engine, threads })))
  const contradictions: string[] = []
  const blocks = async function* (): AsyncGenerator<BlockCase> {
    let found = false
    for (const source of sources) {
      const block = await source()
      if (block === undefined) continue
      found = true
      contradictions.push(...(block.contradictions ?? []))
      yield block
    }
    if (!found) throw new UsageError(`none of ${sources.length} JSON files is a block case: check the inputs`)
  }
  const { report, text } = await (options.once ? once : usual)(blocks(), sources.length, configurations, options)
  process.exitCode = report.mismatches.length > 0 ? EXIT.differs : contradictions.length > 0 ? EXIT.unusable : EXIT.ok
  print(options.json ? JSON.stringify(report, null, 2) : text())
  // On standard error too, so that they are seen when the report goes to a file.
  for (const line of options.json ? [...report.mismatches, ...contradictions] : contradictions) printError(line)
}

async function usual(
  blocks: AsyncIterable<BlockCase>,
  count: number,
  configurations: readonly Configuration[],
  options: BenchOptions,
) {
  const measured = await watched(count * runsOf(options, configurations.length + 1), (onRun) =>
    measureSideBySide(blocks, configurations, options, onRun),
  )
  const { runs, warmup, root, givenSenders, baselineRuns } = options
  const report = makeReport({ runs, warmup, root, givenSenders, ...(baselineRuns && { baselineRuns }) }, measured)
  return { report, text: () => renderReport(report) }
}

async function once(
  blocks: AsyncIterable<BlockCase>,
  _count: number,
  configurations: readonly Configuration[],
  options: BenchOptions,
) {
  const all: BlockCase[] = []
  for await (const block of blocks) all.push(block)
  const others = all.length > 1 ? [] : bundledCases().map((path) => loadCase(path))
  const report = await watched(onceRunsOf(options, all.length, others.length, configurations.length), (onRun) =>
    measureOnce(all, others, configurations, options, onRun),
  )
  return { report, text: () => renderOnce(report) }
}

async function watched<T>(runs: number, run: (onRun: (what: string) => void) => Promise<T>): Promise<T> {
  const progress = new Progress(runs)
  try {
    return await run((what) => {
      progress.show(what)
      progress.step()
    })
  } finally {
    progress.stop()
  }
}

type Source = () => BlockCase | undefined | Promise<BlockCase>

function sourcesOf(inputs: string[], workloads: readonly Workload[]): Source[] {
  const sources: Source[] = [
    ...listCases(inputs).map((path) => () => loadInput(path, inputs)),
    ...workloads.map(
      ({ kind, mgas }) =>
        () =>
          generateWorkload({ kind: kind as WorkloadKind, gas: mgas * 1e6, withRoots: mgas <= MAX_MGAS_WITH_ROOTS }),
    ),
  ]
  return sources.length > 0 ? sources : bundledCases().map((path) => () => loadCase(path))
}

/** Undefined for a file of another kind that merely lies in a folder. */
function loadInput(path: string, inputs: readonly string[]): BlockCase | undefined {
  try {
    return loadCase(path)
  } catch (error) {
    if (error instanceof FixtureError && error.code === 'NO_BLOCK_CASE' && !inputs.includes(path)) return undefined
    throw error
  }
}

function collectWorkload(text: string, before: Workload[] = []): Workload[] {
  const [, kind, mgas] = /^([\w-]+):(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (kind === undefined || !(Number(mgas) > 0)) {
    throw new InvalidArgumentError(`'${text}' is not <kind>:<Mgas>, as in transfers:30.`)
  }
  return [...before, { kind, mgas: Number(mgas) }]
}
