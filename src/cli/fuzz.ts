import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { caseOf } from '../fuzz/case.js'
import { type Finding, Fuzzer } from '../fuzz/fuzzer.js'
import { shrink } from '../fuzz/shrink.js'
import type { EngineName } from '../index.js'
import { hasFork } from '../official/forks.js'
import { EXIT, UsageError } from './exit.js'
import { parseCount, threadsOption } from './options.js'

const MAX_SEED = 2 ** 32 - 1

interface FuzzCommandOptions {
  engine: EngineName
  threads: number
  seconds: number
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
    .option('--seconds <n>', 'how long', (text) => parseCount(text, 1, 10 ** 9), 60)
    .option('--seed <n>', 'the same seed makes the same blocks', (text) => parseCount(text, 0, MAX_SEED), 1)
    .option('--fork <name>', 'only this fork, as the tests name it: Cancun')
    .option('--out <folder>', 'where a case that differs is saved', '.')
    .addHelpText(
      'after',
      '\nExit code: 0 no difference, 1 a difference was found.\n\nExample:\n  parallevm fuzz --seconds 600 --seed 7',
    )
    .action(fuzz)
}

async function fuzz({ engine, threads, seconds, seed, fork, out }: FuzzCommandOptions): Promise<void> {
  if (fork !== undefined && !hasFork(fork))
    throw new UsageError(`there is no fork '${fork}': name it as the tests do, e.g. Cancun`)
  const fuzzer = new Fuzzer({ engine, threads, seed, ...(fork !== undefined && { forks: [fork] }) })
  const start = performance.now()
  let finding: Finding | undefined
  try {
    while (finding === undefined && performance.now() - start < seconds * 1000) finding = await fuzzer.episode()
    const { blocks, transactions, failed, executions, reexecutions } = fuzzer.progress
    const took = (performance.now() - start) / 1000
    console.log(
      `${engine}, ${threads} threads, seed ${seed}: ${blocks} blocks, ${transactions} transactions (${failed} failed, ` +
        `${reexecutions} of ${executions} executions repeated) in ${took.toFixed(1)} s: ` +
        `${Math.floor(transactions / took)} programs/s`,
    )
    if (finding === undefined) {
      console.log('no difference')
      return
    }
    console.log(`DIFFERENCE (fork ${finding.block.fork}, episode ${finding.seed}): ${finding.difference}`)
    console.log(`saved ${await save(await shrink(fuzzer, finding), out)}`)
    process.exitCode = EXIT.differs
  } finally {
    await fuzzer.close()
  }
}

async function save(finding: Finding, folder: string): Promise<string> {
  const name = `fuzz-${finding.block.fork}-${finding.seed}`
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  writeFileSync(file, `${JSON.stringify({ [name]: await caseOf(finding) }, null, 2)}\n`)
  return file
}
