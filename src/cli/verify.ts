import { Command } from 'commander'
import { InvalidBlockError } from '../block/errors.js'
import { type BlockCase, bundledCases, listCases, loadCase } from '../blockFiles/index.js'
import { ParallevmError } from '../errors.js'
import type { EngineName } from '../index.js'
import { hasRoot, transactionCount } from './blockCase.js'
import { CHECKED_FIELDS, type CheckedField, differences, judge, type Verdict } from './check.js'
import { type Configuration, Executors, fallbackLine, labelOf, repeatable } from './contenders.js'
import { EXIT, errorLine } from './exit.js'
import { engineOption, threadsOption } from './options.js'
import { Progress } from './progress.js'
import { ms, renderTable } from './table.js'

/** `invalid`: the block itself was refused; `unusable`: the input does not suffice to execute it. */
type ProblemKind = 'invalid' | 'unusable' | 'unexpected'

interface VerifyOptions {
  engine: EngineName
  threads: number
  json?: true
}

interface Verification {
  path: string
  /** Absent when the file could not be read. */
  block?: { name: string; number: string; fork: string; transactions: number }
  verdicts?: Record<CheckedField, Verdict>
  /** Milliseconds, everything included. */
  ms?: number
  /** Why engine ethereumjs ran instead of the one asked for. */
  fallback?: string
  /** One line a field that differs. */
  differences: string[]
  /** Why there is no verdict. */
  problem?: { kind: ProblemKind; message: string }
}

export function verifyCommand(): Command {
  return new Command('verify')
    .summary('execute blocks and say of each root whether it is the one in the header')
    .description(
      'Executes each block from the state that comes with it and compares state root, receipts root, logs bloom and gas ' +
        'used with the header: yes, no, or n/a where the data cannot decide (a flat pre-state has no state root). Inputs ' +
        'are witness files (.json, .json.gz), flat block folders, or folders of either; without any, the bundled blocks.',
    )
    .argument('[inputs...]', 'block files or folders')
    .addOption(engineOption(false, ['ethereumjs']))
    .addOption(threadsOption(false))
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      '\nExit code: 0 every root is right, 1 some root differs or a block is invalid, 2 some input cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm verify 23879620.json.gz\n' +
        '  parallevm verify --threads 4 mainnet/witness mainnet/flat\n' +
        '  parallevm verify --json blocks/ | jq ".blocks[] | select(.verdicts.stateRoot != \\"yes\\")"',
    )
    .action(verify)
}

async function verify(inputs: string[], options: VerifyOptions): Promise<void> {
  const paths = inputs.length > 0 ? listCases(inputs) : bundledCases()
  const progress = new Progress(paths.length)
  const results: Verification[] = []
  const executors = new Executors()
  try {
    for (const path of paths) {
      progress.show(path)
      results.push(await verifyOne(executors, path, options))
      progress.step()
    }
  } finally {
    progress.stop()
    await executors.close()
  }
  console.log(options.json ? JSON.stringify(document(options, results), null, 2) : text(options, results))
  process.exitCode = exitCode(results)
}

async function verifyOne(executors: Executors, path: string, configuration: Configuration): Promise<Verification> {
  const result: Verification = { path, differences: [] }
  let block: BlockCase
  try {
    block = loadCase(path)
    const { name, number, fork } = block
    result.block = { name, number: String(number), fork, transactions: transactionCount(block) }
  } catch (error) {
    return { ...result, problem: { kind: 'unusable', message: errorLine(error) } }
  }
  try {
    const executor = await executors.on(block, configuration)
    const actual = await executor.execute(block.blockRlp, repeatable(block, hasRoot(block)))
    const { ms: times, fallback } = actual.stats
    result.ms = times.total
    if (fallback !== undefined) result.fallback = fallback
    result.verdicts = Object.fromEntries(
      CHECKED_FIELDS.map((field) => [field, judge(field, actual, block.expected)]),
    ) as Record<CheckedField, Verdict>
    result.differences = differences(block.name, labelOf(configuration), actual, 'the header', block.expected)
  } catch (error) {
    result.problem = { kind: kindOf(error), message: errorLine(error) }
    // Whatever else failed may have taken a worker with it.
    if (result.problem.kind !== 'invalid') await executors.close()
  }
  return result
}

function kindOf(error: unknown): ProblemKind {
  if (error instanceof InvalidBlockError) return 'invalid'
  return error instanceof ParallevmError ? 'unusable' : 'unexpected'
}

function exitCode(results: readonly Verification[]): number {
  // A wrong root is the graver news: it is reported even when another input could not be used.
  if (results.some((result) => result.differences.length > 0 || result.problem?.kind === 'invalid')) return EXIT.differs
  if (results.some((result) => result.problem?.kind === 'unexpected')) return EXIT.internal
  return results.some((result) => result.problem !== undefined) ? EXIT.unusable : EXIT.ok
}

function text(configuration: Configuration, results: readonly Verification[]): string {
  const answer = (verdict: Verdict | undefined) =>
    verdict === undefined ? '-' : verdict === 'yes' ? 'yes' : verdict === 'no' ? 'NO' : 'n/a'
  const table = renderTable(
    ['block', 'fork', 'txs', 'state root', 'receipts root', 'logs bloom', 'gas used', 'ms'],
    ['left', 'left', 'right', 'left', 'left', 'left', 'left', 'right'],
    results.map(({ path, block, verdicts, ms: total }) => [
      block?.name ?? path,
      block?.fork ?? '-',
      String(block?.transactions ?? '-'),
      ...CHECKED_FIELDS.map((field) => answer(verdicts?.[field])),
      ms(total),
    ]),
  )
  const lines = results.flatMap(({ path, block, differences, fallback, problem }) => [
    ...differences,
    ...(fallback ? [fallbackLine(block?.name ?? path, labelOf(configuration), fallback)] : []),
    ...(problem ? [`${path}: ${problem.message}`] : []),
  ])
  const right = results.filter((result) => result.differences.length === 0 && !result.problem).length
  return [table, '', ...lines, `${right} of ${results.length} blocks right (${labelOf(configuration)})`].join('\n')
}

function document(configuration: Configuration, results: readonly Verification[]) {
  return { engine: configuration.engine, threads: configuration.threads, blocks: results }
}
