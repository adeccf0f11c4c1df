import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { caseOf } from '../fuzz/case.js'
import { type Finding, Fuzzer } from '../fuzz/fuzzer.js'
import { closeOracles, type OracleChoice, openOracles, parseOracle } from '../fuzz/oracles/find.js'
import { ORACLE_NAMES, type Oracle } from '../fuzz/oracles/oracle.js'
import { shrink } from '../fuzz/shrink.js'
import { SOURCES, type SourceName } from '../fuzz/subjects.js'
import type { EngineName } from '../index.js'
import { FORK_NAMES, hasFork, unknownFork } from '../spectests/forks.js'
import { EXIT, UsageError } from './exit.js'
import { fuzzMutations } from './fuzzMutations.js'
import { engineOption, parseCount, parseList, threadsOption } from './options.js'
import { print } from './output.js'

const MAX_SEED = 2 ** 32 - 1
/** A run without an end says that it is alive. */
const TELL_EVERY_MS = 60_000
/** Cases on which only oracles do not agree end nothing; more than these are only counted. */
const MOST_SAVED = 10

interface FuzzCommandOptions {
  engine: EngineName
  threads: number
  seconds?: number
  count?: number
  seed: number
  fork?: string
  sources: SourceName[]
  target: 'programs' | 'mutations' | 'lists'
  oracle: OracleChoice[]
  out: string
}

export function fuzzCommand(): Command {
  return new Command('fuzz')
    .description(
      'Makes random but meaningful programs and blocks, executes them on all threads and by oracles in order (plain ' +
        '@ethereumjs/vm, the Python specification, go-ethereum), and compares receipts, logs, gas and state. A block that ' +
        'differs is made small and saved as a blockchain test; so is one on which only the oracles disagree, which ends nothing.',
    )
    .addOption(engineOption())
    .addOption(threadsOption(false))
    .option('--seconds <n>', 'how long; without it until it finds something or is interrupted (Ctrl-C)', (text) =>
      parseCount(text, 1, 10 ** 9),
    )
    .addOption(
      new Option('--seed <n>', 'the same seed makes the same blocks')
        .argParser((text) => parseCount(text, 0, MAX_SEED))
        .default(Date.now() % MAX_SEED, 'another one each time'),
    )
    .option('--fork <name>', `only this fork: ${FORK_NAMES.join(', ')}`)
    .addOption(
      new Option('--sources <list>', `kinds of state to execute over, separated by commas: ${SOURCES.join(', ')}`)
        .argParser((text) => parseList(text, parseSource))
        .default([...SOURCES], 'all'),
    )
    .addOption(
      new Option(
        '--target <name>',
        'programs: random blocks; mutations: changed valid blocks, which must be refused; lists: false access lists of valid ' +
          'blocks of Amsterdam, which must be refused, too',
      )
        .choices(['programs', 'mutations', 'lists'])
        .default('programs'),
    )
    .option('--count <n>', 'with --target mutations and lists: how many changes', (text) =>
      parseCount(text, 1, 10 ** 9),
    )
    .addOption(
      new Option('--oracle <list>', 'with whom to compare, separated by commas: ethereumjs, eels[:PYTHON], geth[:EVM]')
        .argParser(parseOracles)
        .default([{ name: 'ethereumjs' }], 'ethereumjs'),
    )
    .option('--out <folder>', 'where a case that differs is saved', '.')
    .addHelpText(
      'after',
      '\nExit code: 0 no difference, 1 a difference was found.\n\nExamples:\n  parallevm fuzz\n  parallevm fuzz --seconds 600 --seed 7\n  parallevm fuzz --oracle eels:venv/bin/python,geth:go/bin/evm',
    )
    .action(fuzz)
}

function parseOracles(text: string): OracleChoice[] {
  const choices = parseList(text, (item) => {
    const choice = parseOracle(item)
    if (choice === undefined)
      throw new InvalidArgumentError(`There is no oracle '${item}'; choose ${ORACLE_NAMES.join(', ')}.`)
    return choice
  })
  if (new Set(choices.map(({ name }) => name)).size < choices.length)
    throw new InvalidArgumentError(`'${text}' names an oracle twice.`)
  return choices
}

async function fuzz(options: FuzzCommandOptions): Promise<void> {
  const { fork, oracle, target } = options
  if (fork !== undefined && !hasFork(fork)) throw new UsageError(unknownFork(fork))
  if (options.count !== undefined && target === 'programs')
    throw new UsageError('--count counts changes: give --target mutations or --target lists with it')
  if (target === 'lists' && fork !== undefined && fork !== 'Amsterdam')
    throw new UsageError(`blocks of ${fork} have no access list: leave --fork out with --target lists`)
  if (target !== 'programs') return fuzzMutations({ ...options, target })
  const oracles = await openOracles(oracle)
  try {
    for (const { description } of oracles) print(`oracle: ${description}`)
    if (fork !== undefined && oracles.every((each) => !each.knows(fork)))
      throw new UsageError(`none of the oracles knows the fork '${fork}': choose another with --oracle`)
    await search(options, oracles)
  } finally {
    await closeOracles(oracles)
  }
}

async function search(options: FuzzCommandOptions, oracles: readonly Oracle[]): Promise<void> {
  const { engine, threads, seconds, seed, fork, sources, out } = options
  const fuzzer = new Fuzzer({ engine, threads, seed, oracles, sources, ...(fork !== undefined && { forks: [fork] }) })
  const start = performance.now()
  let until = seconds === undefined ? Number.POSITIVE_INFINITY : start + seconds * 1000
  const stop = (): void => {
    until = 0
  }
  process.once('SIGINT', stop)
  let finding: Finding | undefined
  let disagreements = 0
  let told = start
  const tell = (): void => print(`${engine}, ${threads} threads, seed ${seed}: ${countsOf(fuzzer, start)}`)
  try {
    while (finding?.kind !== 'executor' && performance.now() < until) {
      finding = await fuzzer.episode()
      if (finding?.kind === 'oracles') {
        disagreements++
        await report(fuzzer, finding, out, disagreements <= MOST_SAVED)
      }
      if (performance.now() - told < TELL_EVERY_MS) continue
      told = performance.now()
      tell()
    }
    tell()
    if (finding?.kind === 'executor') await report(fuzzer, finding, out, true)
    else print(disagreements === 0 ? 'no difference' : `the oracles disagree on ${disagreements} blocks`)
    if (finding?.kind === 'executor' || disagreements > 0) process.exitCode = EXIT.differs
  } finally {
    process.off('SIGINT', stop)
    await fuzzer.close()
  }
}

function parseSource(text: string): SourceName {
  const source = SOURCES.find((name) => name === text)
  if (source === undefined) throw new InvalidArgumentError(`'${text}' is none of ${SOURCES.join(', ')}.`)
  return source
}

async function report(fuzzer: Fuzzer, finding: Finding, folder: string, keep: boolean): Promise<void> {
  const { kind, block, seed, difference } = finding
  print(
    `${kind === 'executor' ? 'DIFFERENCE' : 'ORACLES DISAGREE'} (fork ${block.fork}, episode ${seed}): ${difference}`,
  )
  if (keep) print(`saved ${await save(fuzzer, await shrink(fuzzer, finding), folder)}`)
}

function countsOf({ progress }: Fuzzer, start: number): string {
  const { blocks, refused, transactions, failed, executions, reexecutions, fromLists } = progress
  const { judged, readings, replayed, faults } = progress
  const took = (performance.now() - start) / 1000
  const counted = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
  return (
    `${blocks} blocks (${refused} invalid), ${transactions} transactions (${failed} failed, ${reexecutions} of ` +
    `${executions} executions repeated) in ${took.toFixed(1)} s: ${Math.floor(transactions / took)} programs/s` +
    (fromLists > 0 ? `; again from their lists ${fromLists}` : '') +
    (replayed.size > 0 ? `; again over ${counted(replayed)} (${faults} faults made)` : '') +
    `; blocks by oracle: ${counted(judged)}${readings.size > 0 ? `; known faults: ${counted(readings)}` : ''}`
  )
}

async function save(fuzzer: Fuzzer, finding: Finding, folder: string): Promise<string> {
  const { block, seed, kind } = finding
  const name = `fuzz-${block.fork}-${seed}${kind === 'oracles' ? '-oracles' : ''}`
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  writeFileSync(file, `${JSON.stringify({ [name]: await caseOf(finding, fuzzer.witness(finding)) }, null, 2)}\n`)
  return file
}
