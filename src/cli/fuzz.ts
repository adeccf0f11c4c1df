import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { caseOf } from '../fuzz/case.js'
import { type Finding, Fuzzer } from '../fuzz/fuzzer.js'
import { shrink } from '../fuzz/shrink.js'
import type { EngineName } from '../index.js'
import { hasFork } from '../spectests/forks.js'
import { EXIT, UsageError } from './exit.js'
import { parseCount, threadsOption } from './options.js'

const MAX_SEED = 2 ** 32 - 1
/** A run without an end says that it is alive. */
const TELL_EVERY_MS = 60_000

interface FuzzCommandOptions {
  engine: EngineName
  threads: number
  seconds?: number
  seed: number
  fork?: string
  out: string
}

export function fuzzCommand(): Command {
  return new Command('fuzz')
    .summary('execute random blocks and compare with plain @ethereumjs/vm')
    .description(
      'Makes random but meaningful programs and blocks, executes them on all threads and with plain @ethereumjs/vm in order, ' +
        'and compares receipts, logs, gas and state. A block that differs is made small and saved as a blockchain test.',
    )
    .addOption(new Option('-e, --engine <name>', 'engine to run').choices(['wasm', 'ethereumjs']).default('wasm'))
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
    .option('--out <folder>', 'where a case that differs is saved', '.')
    .addHelpText(
      'after',
      '\nExit code: 0 no difference, 1 a difference was found.\n\nExamples:\n  parallevm fuzz\n  parallevm fuzz --seconds 600 --seed 7',
    )
    .action(fuzz)
}

async function fuzz({ engine, threads, seconds, seed, fork, out }: FuzzCommandOptions): Promise<void> {
  if (fork !== undefined && !hasFork(fork))
    throw new UsageError(`there is no fork '${fork}': name it as the tests do, e.g. Cancun`)
  const fuzzer = new Fuzzer({ engine, threads, seed, ...(fork !== undefined && { forks: [fork] }) })
  const start = performance.now()
  let until = seconds === undefined ? Number.POSITIVE_INFINITY : start + seconds * 1000
  const stop = (): void => {
    until = 0
  }
  process.once('SIGINT', stop)
  let finding: Finding | undefined
  let told = start
  const tell = (): void => console.log(`${engine}, ${threads} threads, seed ${seed}: ${countsOf(fuzzer, start)}`)
  try {
    while (finding === undefined && performance.now() < until) {
      finding = await fuzzer.episode()
      if (performance.now() - told < TELL_EVERY_MS) continue
      told = performance.now()
      tell()
    }
    tell()
    if (finding === undefined) {
      console.log('no difference')
      return
    }
    console.log(`DIFFERENCE (fork ${finding.block.fork}, episode ${finding.seed}): ${finding.difference}`)
    console.log(`saved ${await save(await shrink(fuzzer, finding), out)}`)
    process.exitCode = EXIT.differs
  } finally {
    process.off('SIGINT', stop)
    await fuzzer.close()
  }
}

function countsOf({ progress }: Fuzzer, start: number): string {
  const { blocks, refused, transactions, failed, executions, reexecutions } = progress
  const took = (performance.now() - start) / 1000
  return (
    `${blocks} blocks (${refused} invalid), ${transactions} transactions (${failed} failed, ${reexecutions} of ` +
    `${executions} executions repeated) in ${took.toFixed(1)} s: ${Math.floor(transactions / took)} programs/s`
  )
}

async function save(finding: Finding, folder: string): Promise<string> {
  const name = `fuzz-${finding.block.fork}-${finding.seed}`
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  writeFileSync(file, `${JSON.stringify({ [name]: await caseOf(finding) }, null, 2)}\n`)
  return file
}
