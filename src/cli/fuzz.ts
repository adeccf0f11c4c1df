import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { caseOf } from '../fuzz/case.js'
import { type Finding, Fuzzer } from '../fuzz/fuzzer.js'
import { shrink } from '../fuzz/shrink.js'
import { SOURCES, type SourceName } from '../fuzz/subjects.js'
import type { EngineName } from '../index.js'
import { hasFork } from '../spectests/forks.js'
import { EXIT, UsageError } from './exit.js'
import { fuzzMutations } from './fuzzMutations.js'
import { engineOption, parseCount, parseList, threadsOption } from './options.js'
import { print } from './output.js'

const MAX_SEED = 2 ** 32 - 1
/** A run without an end says that it is alive. */
const TELL_EVERY_MS = 60_000

interface FuzzCommandOptions {
  engine: EngineName
  threads: number
  seconds?: number
  count?: number
  seed: number
  fork?: string
  sources: SourceName[]
  target: 'programs' | 'mutations'
  out: string
}

export function fuzzCommand(): Command {
  return new Command('fuzz')
    .summary('execute random blocks and compare with plain @ethereumjs/vm')
    .description(
      'Makes random but meaningful programs and blocks, executes them on all threads and with plain @ethereumjs/vm in order, ' +
        'and compares receipts, logs, gas and state. A block that differs is made small and saved as a blockchain test.',
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
    .option('--fork <name>', 'only this fork, as the tests name it: Cancun')
    .addOption(
      new Option('--sources <list>', `kinds of state to execute over, separated by commas: ${SOURCES.join(', ')}`)
        .argParser((text) => parseList(text, parseSource))
        .default([...SOURCES], 'all'),
    )
    .addOption(
      new Option('--target <name>', 'programs: random blocks; mutations: changed valid blocks, which must be refused')
        .choices(['programs', 'mutations'])
        .default('programs'),
    )
    .option('--count <n>', 'with --target mutations: how many changed blocks', (text) => parseCount(text, 1, 10 ** 9))
    .option('--out <folder>', 'where a case that differs is saved', '.')
    .addHelpText(
      'after',
      '\nExit code: 0 no difference, 1 a difference was found.\n\nExamples:\n  parallevm fuzz\n  parallevm fuzz --seconds 600 --seed 7',
    )
    .action(fuzz)
}

async function fuzz(options: FuzzCommandOptions): Promise<void> {
  const { engine, threads, seconds, seed, fork, sources, out, target } = options
  if (fork !== undefined && !hasFork(fork))
    throw new UsageError(`there is no fork '${fork}': name it as the tests do, e.g. Cancun`)
  if (options.count !== undefined && target !== 'mutations')
    throw new UsageError('--count counts changed blocks: give --target mutations with it')
  if (target === 'mutations') return fuzzMutations(options)
  const fuzzer = new Fuzzer({ engine, threads, seed, sources, ...(fork !== undefined && { forks: [fork] }) })
  const start = performance.now()
  let until = seconds === undefined ? Number.POSITIVE_INFINITY : start + seconds * 1000
  const stop = (): void => {
    until = 0
  }
  process.once('SIGINT', stop)
  let finding: Finding | undefined
  let told = start
  const tell = (): void => print(`${engine}, ${threads} threads, seed ${seed}: ${countsOf(fuzzer, start)}`)
  try {
    while (finding === undefined && performance.now() < until) {
      finding = await fuzzer.episode()
      if (performance.now() - told < TELL_EVERY_MS) continue
      told = performance.now()
      tell()
    }
    tell()
    if (finding === undefined) {
      print('no difference')
      return
    }
    print(`DIFFERENCE (fork ${finding.block.fork}, episode ${finding.seed}): ${finding.difference}`)
    print(`saved ${await save(await shrink(fuzzer, finding), out)}`)
    process.exitCode = EXIT.differs
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

function countsOf({ progress }: Fuzzer, start: number): string {
  const { replayed, faults } = progress
  const over = [...replayed].map(([name, count]) => `${name} ${count}`).join(', ')
  const { blocks, refused, transactions, failed, executions, reexecutions } = progress
  const took = (performance.now() - start) / 1000
  return (
    `${blocks} blocks (${refused} invalid), ${transactions} transactions (${failed} failed, ${reexecutions} of ` +
    `${executions} executions repeated) in ${took.toFixed(1)} s: ${Math.floor(transactions / took)} programs/s` +
    (over && `; again over ${over} (${faults} faults made)`)
  )
}

async function save(finding: Finding, folder: string): Promise<string> {
  const name = `fuzz-${finding.block.fork}-${finding.seed}`
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  writeFileSync(file, `${JSON.stringify({ [name]: await caseOf(finding) }, null, 2)}\n`)
  return file
}
