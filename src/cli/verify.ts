import { Command } from 'commander'
import { InvalidBlockError } from '../block/errors.js'
import { type BlockCase, FixtureError, listCases, loadCase } from '../blockFiles/index.js'
import { ParallevmError } from '../errors.js'
import type { EngineName } from '../index.js'
import { bundledFor, factsOf } from './blockCase.js'
import { CHECKED_FIELDS, type CheckedField, differences, judge, type Verdict } from './check.js'
import { type Configuration, Executors, fallbackLine, labelOf, repeatable } from './contenders.js'
import { EXIT, errorLine, UsageError } from './exit.js'
import { engineOption, threadsOption } from './options.js'
import { print } from './output.js'
import { Progress } from './progress.js'
import { ms, renderTable } from './table.js'
import { TimelineFile } from './timeline.js'

/** `invalid`: the block itself was refused; `unusable`: the input does not suffice to execute it; `other`: it is no block. */
type ProblemKind = 'invalid' | 'unusable' | 'other' | 'unexpected'

const HEADINGS: Record<CheckedField, string> = {
  stateRoot: 'state root',
  receiptsRoot: 'receipts root',
  logsBloom: 'logs bloom',
  gasUsed: 'gas used',
  blockAccessListHash: 'access list',
}

const LIST = 'blockAccessListHash'
type Verdicts = Record<Exclude<CheckedField, typeof LIST>, Verdict> & { [LIST]?: Verdict }

interface VerifyOptions {
  engine: EngineName
  threads: number
  json?: true
  timeline?: string
}

interface Verification {
  path: string
  /** Absent when the file could not be read. */
  block?: { name: string; number: string; fork: string; transactions: number }
  verdicts?: Verdicts
  /** Whether headers up to the block's parent hash prove the state before the block and its ancestors' hashes. */
  proven?: boolean
  /** Milliseconds, everything included. */
  ms?: number
  /** Why engine ethereumjs ran instead of the one asked for. */
  fallback?: string
  /** One line a field that differs. */
  differences: string[]
  /** What the file says of the block that the block itself contradicts. */
  contradictions?: string[]
  /** Why there is no verdict. */
  problem?: { kind: ProblemKind; message: string }
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Executes each block from the state that comes with it and compares state root, receipts root, logs bloom and gas ' +
        'used with the header: yes, no, or n/a where the data cannot decide (a flat pre-state has no state root). Headers ' +
        "of ancestors must be a chain of hashes that ends in the block's parent hash, and a witness must have the parent's " +
        'state root; it is said how many blocks came with them. Inputs ' +
        'are witness files (.json, .json.gz), flat block folders, or folders with either at any depth; without any, the bundled ' +
        "blocks that the engine knows. The fork is the one whose rules ran: that of the block's number and time.",
    )
    .argument('[inputs...]', 'block files or folders')
    .addOption(engineOption())
    .addOption(threadsOption(false))
    .option('--json', 'print one JSON document instead of a table')
    .option('--timeline <file>', 'write what each thread did when, for chrome://tracing or ui.perfetto.dev')
    .addHelpText(
      'after',
      '\nExit code: 0 every root is right, 1 some root differs or a block is invalid, 2 some input cannot be used\n' +
        'or contradicts itself.\n' +
        '\nExamples:\n' +
        '  parallevm verify 23879620.json.gz\n' +
        '  parallevm verify --threads 4 mainnet/witness mainnet/flat\n' +
        '  parallevm verify --json blocks/ | jq ".blocks[] | select(.verdicts.stateRoot != \\"yes\\")"',
    )
    .action(verify)
}

async function verify(inputs: string[], options: VerifyOptions): Promise<void> {
  const paths = inputs.length > 0 ? listCases(inputs) : bundledFor([options.engine])
  const progress = new Progress(paths.length)
  const results: Verification[] = []
  let others = 0
  const timeline = options.timeline === undefined ? undefined : new TimelineFile()
  const executors = new Executors(timeline !== undefined)
  try {
    for (const path of paths) {
      progress.show(path)
      const result = await verifyOne(executors, path, options, timeline)
      if (result.problem?.kind === 'other' && !inputs.includes(path)) others++
      else results.push(result)
      progress.step()
    }
  } finally {
    progress.stop()
    await executors.close()
  }
  if (options.timeline !== undefined) timeline?.write(options.timeline)
  if (results.length === 0) throw new UsageError(`none of ${others} JSON files is a block case: check the inputs`)
  process.exitCode = exitCode(results)
  print(options.json ? JSON.stringify(document(options, results), null, 2) : text(options, results, others))
}

async function verifyOne(
  executors: Executors,
  path: string,
  configuration: Configuration,
  timeline: TimelineFile | undefined,
): Promise<Verification> {
  const result: Verification = { path, differences: [] }
  let block: BlockCase
  try {
    block = loadCase(path)
    if (block.contradictions !== undefined) result.contradictions = block.contradictions
    result.block = factsOf(block)
  } catch (error) {
    const kind = error instanceof FixtureError && error.code === 'NO_BLOCK_CASE' ? 'other' : 'unusable'
    return { ...result, problem: { kind, message: errorLine(error) } }
  }
  try {
    const executor = await executors.on(block, configuration)
    const actual = await executor.execute(block.blockRlp, repeatable(block, { root: true, givenSenders: true }))
    timeline?.add(block.name, actual)
    const outcome = { ...actual, blockAccessListHash: actual.blockAccessList?.hash }
    const { ms: times, fallback } = actual.stats
    result.ms = times.total
    if (fallback !== undefined) result.fallback = fallback
    result.proven = block.preState.kind === 'witness' && block.parentHeaders.length > 0
    // Most blocks have no list: nothing is said of it.
    const fields = CHECKED_FIELDS.filter((field) => field !== LIST || block.expected[LIST] !== undefined)
    result.verdicts = Object.fromEntries(
      fields.map((field) => [field, judge(field, outcome, block.expected)]),
    ) as Verdicts
    result.differences = differences(block.name, labelOf(configuration), outcome, 'the header', block.expected)
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
  return results.some((result) => result.problem ?? result.contradictions) ? EXIT.unusable : EXIT.ok
}

function text(configuration: Configuration, results: readonly Verification[], others: number): string {
  const answer = (verdict: Verdict | undefined) =>
    verdict === undefined ? '-' : verdict === 'yes' ? 'yes' : verdict === 'no' ? 'NO' : 'n/a'
  const listed = results.some(({ verdicts }) => verdicts?.[LIST] !== undefined)
  const fields = CHECKED_FIELDS.filter((field) => listed || field !== LIST)
  const table = renderTable(
    ['block', 'fork', 'txs', ...fields.map((field) => HEADINGS[field]), 'ms'],
    ['left', 'left', 'right', ...fields.map(() => 'left' as const), 'right'],
    results.map(({ path, block, verdicts, ms: total }) => [
      block?.name ?? path,
      block?.fork ?? '-',
      String(block?.transactions ?? '-'),
      ...fields.map((field) => answer(verdicts?.[field])),
      ms(total),
    ]),
  )
  const lines = results.flatMap(({ path, block, differences, fallback, contradictions, problem }) => [
    ...differences,
    ...(fallback ? [fallbackLine(block?.name ?? path, labelOf(configuration), fallback)] : []),
    ...(contradictions ?? []),
    ...(problem ? [problem.message.startsWith(path) ? problem.message : `${path}: ${problem.message}`] : []),
  ])
  const right = results.filter(
    (result) => result.differences.length === 0 && !(result.problem ?? result.contradictions),
  ).length
  if (others > 0) lines.push(`${others} JSON files in the folders hold no block`)
  const summary = `${right} of ${results.length} blocks right (${labelOf(configuration)})`
  return [table, '', ...lines, provenLine(results), summary].join('\n')
}

function provenLine(results: readonly Verification[]): string {
  const executed = results.filter(({ proven }) => proven !== undefined)
  const proven = executed.filter((result) => result.proven).length
  const others = executed.length - proven
  const said = `${proven} of ${executed.length} blocks came with headers that prove the state before them and their ancestors`
  return others === 0 ? said : `${said}; what the other ${others} brought is believed`
}

function document(configuration: Configuration, results: readonly Verification[]) {
  return { engine: configuration.engine, threads: configuration.threads, blocks: results }
}
