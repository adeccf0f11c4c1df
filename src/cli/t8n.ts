import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import { messageOf } from '../errors.js'
import type { EngineName } from '../index.js'
import type { Output } from '../t8n/output.js'
import { type TransitionInput, TransitionTool } from '../t8n/transition.js'
import { UsageError } from './exit.js'
import { readJson } from './jsonFile.js'
import { engineOption, parseInteger, threadsOption } from './options.js'
import { write } from './output.js'

interface T8nOptions {
  'input.alloc': string
  'input.env': string
  'input.txs': string
  'output.basedir': string
  'output.alloc': string
  'output.result': string
  'output.body': string
  'state.fork': string
  'state.chainid': bigint
  'state.reward': bigint
  engine: EngineName
  threads: number
}

const STDIN = 'stdin'

export function t8nCommand(): Command {
  return new Command('t8n')
    .description(
      'The transition tool: a state, an environment and transactions in, the state after them, their results and the body of the ' +
        "block out, in the JSON of go-ethereum's `evm t8n`. Transactions that must not be in the block are named and left out.",
    )
    .option('--input.alloc <file>', 'the state before; stdin: the property `alloc` of standard input', 'alloc.json')
    .option('--input.env <file>', 'the environment; stdin: `env` of standard input', 'env.json')
    .option(
      '--input.txs <file>',
      'the transactions; .rlp: a JSON string of their RLP; stdin: `txs` or `txsRlp` of standard input',
      'txs.json',
    )
    .option('--output.basedir <dir>', 'folder of the output files', '')
    .option('--output.alloc <file>', 'the state after; stdout, stderr, or empty for none', 'alloc.json')
    .option('--output.result <file>', 'roots and receipts; stdout, stderr, or empty for none', 'result.json')
    .option('--output.body <file>', 'RLP of the transactions in the block; stdout, stderr, or empty for none', '')
    .option('--state.fork <name>', 'rules, as the official tests name them', 'GrayGlacier')
    .addOption(new Option('--state.chainid <n>', 'the chain id').argParser(parseInteger).default(1n, '1'))
    .addOption(
      new Option('--state.reward <wei>', 'reward of the block before the merge; -1: none at all')
        .argParser(parseInteger)
        .default(0n, '0'),
    )
    .addOption(engineOption())
    .addOption(threadsOption(false))
    .addHelpText(
      'after',
      '\nExit code: 0 executed, transactions may have been rejected; 1 the block is invalid; 2 an input cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm t8n --state.fork Cancun --input.alloc alloc.json --input.env env.json --input.txs txs.json\n' +
        '  parallevm t8n --state.fork Osaka --input.alloc stdin --input.env stdin --input.txs stdin \\\n' +
        '    --output.alloc stdout --output.result stdout < case.json',
    )
    .action(t8n)
}

async function t8n(options: T8nOptions): Promise<void> {
  const { engine, threads } = options
  const input = await readInput(options)
  const [fork, chainId, reward] = [options['state.fork'], options['state.chainid'], options['state.reward']]
  const tool = await TransitionTool.create({ fork, chainId, reward }, { engine, threads })
  try {
    writeOutput(await tool.run(input), options)
  } finally {
    await tool.close()
  }
}

async function readInput(options: T8nOptions): Promise<TransitionInput> {
  const [alloc, env, txs] = [options['input.alloc'], options['input.env'], options['input.txs']]
  const piped = [alloc, env, txs].includes(STDIN) ? await readStandardInput() : {}
  const given = (file: string, ...names: string[]): unknown =>
    file === STDIN ? names.map((name) => piped[name]).find((value) => value !== undefined) : readJson(file)
  return { alloc: given(alloc, 'alloc'), env: given(env, 'env'), txs: given(txs, 'txsRlp', 'txs') }
}

async function readStandardInput(): Promise<Record<string, unknown>> {
  try {
    return { ...((await json(process.stdin)) as object) }
  } catch (cause) {
    throw new UsageError(`standard input cannot be read as JSON: ${messageOf(cause)}`, { cause })
  }
}

/** What goes to the same stream is one JSON object. */
function writeOutput(output: Output, options: T8nOptions): void {
  const streams = { stdout: {} as Record<string, unknown>, stderr: {} as Record<string, unknown> }
  for (const name of ['alloc', 'result', 'body'] as const) {
    const file = options[`output.${name}`]
    if (file === 'stdout' || file === 'stderr') streams[file][name] = output[name]
    else if (file !== '') save(options['output.basedir'], file, output[name])
  }
  for (const [name, object] of Object.entries(streams)) {
    if (Object.keys(object).length > 0)
      write(process[name as keyof typeof streams], `${JSON.stringify(object, null, 2)}\n`)
  }
}

function save(folder: string, file: string, value: unknown): void {
  const path = join(folder, file)
  try {
    if (folder !== '') mkdirSync(folder, { recursive: true })
    writeFileSync(path, JSON.stringify(value, null, 1))
  } catch (cause) {
    throw new UsageError(`${path} cannot be written: ${messageOf(cause)}`, { cause })
  }
}
