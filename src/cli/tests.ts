// What `statetest` and `blocktest` have in common: options, and how results are told.
import { createInterface } from 'node:readline'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { EngineName } from '../index.js'
import { UnusableTestError } from '../spectests/errors.js'
import { type CaseResult, type Selection, testFiles } from '../spectests/files.js'
import { EXIT, UsageError } from './exit.js'
import { Progress } from './progress.js'

export interface TestOptions {
  engine: EngineName
  threads: number
  fork?: string
  run?: string
  json?: true
  /** The results' state roots are told with the traces. */
  trace?: true
}

/** Runs all cases of one file. */
export type RunFile = (file: string) => Promise<CaseResult[]>

export function withTestOptions(command: Command): Command {
  return command
    .argument('[inputs...]', 'test files or folders; without any, file names are read from standard input')
    .addOption(new Option('-e, --engine <name>', 'engine to run').choices(['wasm', 'ethereumjs']).default('wasm'))
    .option('--fork <name>', 'only cases of this fork, as the tests name it: Cancun')
    .option('--run <regex>', 'only cases whose names match', parseRegExp)
    .option('--json', 'print results as JSON: an array of {name, pass, stateRoot, fork, error}')
}

export function selectionOf({ fork, run }: TestOptions): Selection {
  return { ...(fork !== undefined && { fork }), ...(run !== undefined && { run }) }
}

function parseRegExp(text: string): string {
  try {
    new RegExp(text)
  } catch {
    throw new InvalidArgumentError(`'${text}' is no regular expression.`)
  }
  return text
}

/** Counts of cases; skipped ones by reason. */
class Tally {
  passed = 0
  failed = 0
  readonly skipped = new Map<string, number>()

  add(results: readonly CaseResult[]): void {
    for (const { pass, skipped } of results) {
      if (skipped !== undefined) this.skipped.set(skipped, (this.skipped.get(skipped) ?? 0) + 1)
      else if (pass) this.passed++
      else this.failed++
    }
  }

  text(seconds: number): string {
    const skipped = [...this.skipped.values()].reduce((sum, count) => sum + count, 0)
    const reasons = [...this.skipped].map(([reason, count]) => `\n  ${count} skipped: ${reason}`)
    return `${this.passed} passed, ${this.failed} failed, ${skipped} skipped; ${seconds.toFixed(1)} s${reasons.join('')}`
  }
}

/** Runs the files of the command line, `threads` at a time, and reports in their order. */
export async function runTests(inputs: string[], options: TestOptions, threads: number, runFile: RunFile) {
  const tally = new Tally()
  const start = performance.now()
  if (inputs.length === 0) {
    // Batch mode, for fuzzers that feed one file after another: each is answered before the next is read.
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() === '') break
      const results = await runFile(line.trim())
      tally.add(results)
      tell(line.trim(), results, options)
      if (options.json) console.log(document(results))
    }
  } else {
    const files = testFiles(inputs)
    const results = await runAll(files, options, threads, inFolder(inputs, runFile))
    tally.add(results)
    if (options.json) console.log(document(results))
  }
  if (!options.json) console.log(tally.text((performance.now() - start) / 1000))
  if (tally.failed + tally.passed === 0) throw new UsageError('no case was run: check the inputs, --fork and --run')
  process.exitCode = tally.failed > 0 ? EXIT.differs : EXIT.ok
}

/** Folders hold files of other kinds, too: those are counted, while a file that was named must be what it should. */
function inFolder(inputs: readonly string[], runFile: RunFile): RunFile {
  return async (file) => {
    try {
      return await runFile(file)
    } catch (error) {
      if (!(error instanceof UnusableTestError) || inputs.includes(file)) throw error
      return [{ name: file, fork: '', pass: false, skipped: 'files in the folder that hold no such tests' }]
    }
  }
}

async function runAll(files: string[], options: TestOptions, threads: number, runFile: RunFile): Promise<CaseResult[]> {
  // The bar would stand between the lines of a trace.
  const progress = new Progress(options.trace ? 0 : files.length)
  const all: CaseResult[][] = []
  let next = 0
  let told = 0
  const lane = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const file = files[index] as string
      progress.show(file)
      all[index] = await runFile(file)
      progress.step()
      for (; all[told] !== undefined; told++) tell(files[told] as string, all[told] as CaseResult[], options)
    }
  }
  try {
    // One file more than there are threads: none waits for its next one.
    await Promise.all(Array.from({ length: threads > 1 ? threads + 1 : 1 }, lane))
  } finally {
    progress.stop()
  }
  return all.flat()
}

function tell(file: string, results: readonly CaseResult[], { json, trace }: TestOptions): void {
  for (const { name, fork, pass, error, stateRoot, skipped } of results) {
    // As geth does: the line by which a differential fuzzer compares clients.
    if (json && !trace && stateRoot !== undefined) console.error(`{"stateRoot": "${stateRoot}"}`)
    if (!json && !pass && skipped === undefined) console.log(`FAIL ${file} ${name} ${fork}: ${error}`)
  }
}

function document(results: readonly CaseResult[]): string {
  return JSON.stringify(results, null, 2)
}
