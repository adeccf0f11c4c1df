import { Command, InvalidArgumentError, Option } from 'commander'
import { DEFI_WORKLOADS, type DefiWorkload } from '../workloads/defi/index.js'
import { WORKLOADS } from '../workloads/index.js'
import { benchInputs, type Workload } from './benchInputs.js'
import {
  type BenchOptions,
  defiSoak,
  defiWorkloads,
  fromLists,
  once,
  SUITE_MGAS,
  usual,
  worstBlocks,
} from './benchRuns.js'
import { EXIT, UsageError } from './exit.js'
import { enginesOption, modeOption, parseCount, parseList, threadsOption } from './options.js'
import { print, printError } from './output.js'

export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'Executes each block again and again with sequential @ethereumjs/vm and with each engine on each number of threads, ' +
        'in turn and in one process, and prints the medians: from the bytes of the block to its receipts and, where a witness ' +
        'is there, its state root. Every run is checked against the header and against the ' +
        'sequential result. Blocks of Amsterdam, which @ethereumjs/vm does not run, are measured as by --bal. Inputs are ' +
        'block files or folders as for `verify`; without any, the bundled blocks.',
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
    .addOption(
      new Option(
        '--bal',
        'each block from its access list (EIP-7928), which is made first, beside one thread and Block-STM; without sequential',
      ).conflicts(['once', 'engine', 'mode', 'baselineRuns']),
    )
    .addOption(
      new Option(
        '--suite <name>',
        'worst: a generated block for each kind of opcode and each precompiled contract, on one thread beside sequential, ' +
          'slowest first; defi: a block for each thing that DeFi does, spread out and hot, on 1 and more threads',
      )
        .choices(['worst', 'defi'])
        .conflicts(['once', 'bal', 'engine', 'mode', 'root', 'givenSenders', 'workload']),
    )
    .option(
      '--suite-gas <Mgas>',
      `gas of the suite's blocks (default: ${SUITE_MGAS.worst} for worst, ${SUITE_MGAS.defi} for defi)`,
      parseMgas,
    )
    .option('--only <names>', 'of the suite defi these workloads, separated by commas', (text) =>
      parseList(text, parseDefi),
    )
    .option('--soak <seconds>', 'of the suite defi, so long: blocks of the mix, one after another', (text) =>
      parseCount(text, 1, 86_400),
    )
    .option('--html <file>', "write the suite's results as a page with charts, too")
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
        '  parallevm bench --bal --workload erc20-hot:30 mainnet/witness\n' +
        '  parallevm bench --suite worst --html worst.html\n' +
        '  parallevm bench --suite defi --threads 1,2,4 --html defi.html\n' +
        '  parallevm bench --suite defi --only lending,erc20 --suite-gas 30\n' +
        '  parallevm bench --suite defi --soak 600\n' +
        '  parallevm bench --runs 9 --warmup 3 --no-root 15537394.json.gz\n' +
        '  parallevm bench --workload uniswap-v2-one:30 --workload transfers:30\n' +
        '  parallevm bench --json mainnet/flat > flat.json',
    )
    .action(bench)
}

async function bench(inputs: string[], options: BenchOptions, command: Command): Promise<void> {
  const { suite } = options
  if (suite === undefined && (options.html ?? options.suiteGas) !== undefined) {
    throw new UsageError('--html and --suite-gas are for --suite')
  }
  if (suite !== 'defi' && (options.only ?? options.soak) !== undefined) {
    throw new UsageError('--only and --soak are for --suite defi')
  }
  if (suite === 'worst' && command.getOptionValueSource('threads') === 'cli') {
    throw new UsageError('--threads cannot be used with --suite worst, which has one thread')
  }
  if (options.suite !== undefined && inputs.length > 0) {
    throw new UsageError(`--suite makes its own blocks: leave out ${inputs.join(' ')}`)
  }
  // Usually the engine that has them suffices: the others' blocks are measured apart.
  const { once: first, engine: engines } = options
  const given = benchInputs(inputs, options.workload, first || !engines.includes('wasm') ? engines : ['wasm'])
  const measured = await (suite
    ? SUITES[suite](options)
    : options.once
      ? once(given, options)
      : options.bal
        ? fromLists(given, options)
        : usual(given, options))
  const { report, text } = measured
  const { contradictions } = given
  process.exitCode = report.mismatches.length > 0 ? EXIT.differs : contradictions.length > 0 ? EXIT.unusable : EXIT.ok
  print(options.json ? JSON.stringify(report, null, 2) : text())
  // On standard error too, so that they are seen when the report goes to a file.
  for (const line of options.json ? [...report.mismatches, ...contradictions] : contradictions) printError(line)
}

const SUITES = {
  worst: worstBlocks,
  defi: (options: BenchOptions) => (options.soak === undefined ? defiWorkloads(options) : defiSoak(options)),
}

function parseDefi(text: string): DefiWorkload {
  const found = DEFI_WORKLOADS.find(({ name }) => name === text)
  if (found) return found
  const names = DEFI_WORKLOADS.map(({ name }) => name).join(', ')
  throw new InvalidArgumentError(`There is no workload '${text}' in the suite; it has ${names}.`)
}

function parseMgas(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError(`'${text}' is no number of Mgas.`)
  return Number(text)
}

function collectWorkload(text: string, before: Workload[] = []): Workload[] {
  const [, kind, mgas] = /^([\w-]+):(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (kind === undefined || !(Number(mgas) > 0)) {
    throw new InvalidArgumentError(`'${text}' is not <kind>:<Mgas>, as in transfers:30.`)
  }
  return [...before, { kind, mgas: Number(mgas) }]
}
