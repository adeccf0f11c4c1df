import { Command, InvalidArgumentError } from 'commander'
import { type BlockCase, bundledCases, FixtureError, listCases, loadCase } from '../blockFiles/index.js'
import { ParallevmError } from '../errors.js'
import type { EngineName, ExecutionMode } from '../index.js'
import { generateWorkload, WORKLOADS, type WorkloadKind } from '../workloads/index.js'
import { sequentialContender } from './baseline.js'
import { transactionCount } from './blockCase.js'
import { type Configuration, Executors, executorContender } from './contenders.js'
import { EXIT, UsageError } from './exit.js'
import { measure, type Plan, runsOf } from './measure.js'
import { enginesOption, modeOption, parseCount, threadsOption } from './options.js'
import { print, printError } from './output.js'
import { Progress } from './progress.js'
import { type MeasuredBlock, makeReport } from './report.js'
import { renderReport } from './reportText.js'

/** Sealing a larger generated block with @ethereumjs/vm takes minutes: its header stays without roots. */
const MAX_MGAS_WITH_ROOTS = 100

interface BenchOptions extends Plan {
  engine: EngineName[]
  threads: number[]
  mode: ExecutionMode
  root: boolean
  givenSenders: boolean
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
        '  parallevm bench --runs 9 --warmup 3 --no-root 15537394.json.gz\n' +
        '  parallevm bench --workload uniswap-v2-one:30 --workload transfers:30\n' +
        '  parallevm bench --json mainnet/flat > flat.json',
    )
    .action(bench)
}

async function bench(inputs: string[], options: BenchOptions): Promise<void> {
  const sources: (() => BlockCase | undefined | Promise<BlockCase>)[] = [
    ...listCases(inputs).map((path) => () => loadInput(path, inputs)),
    ...(options.workload ?? []).map(
      ({ kind, mgas }) =>
        () =>
          generateWorkload({ kind: kind as WorkloadKind, gas: mgas * 1e6, withRoots: mgas <= MAX_MGAS_WITH_ROOTS }),
    ),
  ]
  if (sources.length === 0) sources.push(...bundledCases().map((path) => () => loadCase(path)))
  const configurations = options.engine.flatMap((engine) => options.threads.map((threads) => ({ engine, threads })))
  const runsPerBlock = runsOf(options, configurations.length + 1)
  const progress = new Progress(sources.length * runsPerBlock)
  const measured: MeasuredBlock[] = []
  const contradictions: string[] = []
  const executors = new Executors()
  try {
    for (const source of sources) {
      const block = await source()
      if (block === undefined) continue
      contradictions.push(...(block.contradictions ?? []))
      measured.push(await benchBlock(executors, block, configurations, options, progress))
    }
  } finally {
    progress.stop()
    await executors.close()
  }
  if (measured.length === 0)
    throw new UsageError(`none of ${sources.length} JSON files is a block case: check the inputs`)
  const { runs, warmup, root, givenSenders, baselineRuns } = options
  const report = makeReport({ runs, warmup, root, givenSenders, ...(baselineRuns && { baselineRuns }) }, measured)
  process.exitCode = report.mismatches.length > 0 ? EXIT.differs : contradictions.length > 0 ? EXIT.unusable : EXIT.ok
  print(options.json ? JSON.stringify(report, null, 2) : renderReport(report))
  // On standard error too, so that they are seen when the report goes to a file.
  for (const line of options.json ? [...report.mismatches, ...contradictions] : contradictions) printError(line)
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

async function benchBlock(
  executors: Executors,
  block: BlockCase,
  configurations: readonly Configuration[],
  options: BenchOptions,
  progress: Progress,
): Promise<MeasuredBlock> {
  const contenders = [sequentialContender(block, options)]
  const run = async () => {
    for (const configuration of configurations) {
      contenders.push(await executorContender(executors, block, configuration, options))
    }
    return measure(block.name, contenders, block.expected, options, (label) => {
      progress.show(`${block.name} ${label}`)
      progress.step()
    })
  }
  const result = await run().catch((cause) => {
    if (!(cause instanceof ParallevmError)) throw cause
    throw new ParallevmError(cause.code, `block ${block.name}: ${cause.message}`, { cause })
  })
  return {
    name: block.name,
    number: String(block.number),
    fork: block.fork,
    transactions: transactionCount(block),
    ...result,
    gasUsed: Number(result.gasUsed),
  }
}

function collectWorkload(text: string, before: Workload[] = []): Workload[] {
  const [, kind, mgas] = /^([\w-]+):(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (kind === undefined || !(Number(mgas) > 0)) {
    throw new InvalidArgumentError(`'${text}' is not <kind>:<Mgas>, as in transfers:30.`)
  }
  return [...before, { kind, mgas: Number(mgas) }]
}
