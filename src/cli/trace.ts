import { Command, InvalidArgumentError, Option } from 'commander'
import { type BlockCase, loadCase } from '../blockFiles/index.js'
import type { BlockExecutor } from '../executor/blockExecutor.js'
import { TRACER_NAMES } from '../executor/traceShapes.js'
import type { TraceOptions, TracerName, TraceText } from '../executor/traceTypes.js'
import { NodeBlocks } from '../node/blocks.js'
import { NodeExecutor } from '../node/executor.js'
import { RpcClient } from '../rpc/client.js'
import { Executors, repeatable } from './contenders.js'
import { UsageError } from './exit.js'
import { parseCount, parseList, threadsOption } from './options.js'
import { Progress } from './progress.js'
import { type NodeOptions, parseBlock, settingsOf, withNodeOptions } from './rpcOptions.js'
import { ms, renderTable } from './table.js'

interface TraceCommandOptions extends NodeOptions {
  tracer: TracerName
  config: Record<string, unknown>
  tx?: number[]
  block: bigint | string
  proofs: boolean
  threads: number
  json?: 'lines' | true
}

/** What is printed of each transaction where nobody asked for its trace. */
interface Row {
  index: number
  hash: string
  length: number
}

export function traceCommand(): Command {
  const command = withNodeOptions(new Command('trace'), false)
    .description(
      'Executes a block from a file, or of a node, and runs the transactions that are asked for once more, each on the values ' +
        'that it saw, with a tracer of go-ethereum. Without --json a table says how large each trace is.',
    )
    .argument('[file]', 'block file or flat block folder; or a node: --rpc')
    .addOption(
      new Option('--tracer <name>', `what to trace: ${TRACER_NAMES.join(', ')}`)
        .choices(TRACER_NAMES)
        .default('callTracer'),
    )
    .option('--config <json>', "the tracer's own options, as tracerConfig: '{\"withLog\":true}'", parseConfig, {})
    .option('--tx <list>', 'indexes of transactions, separated by commas; else all', parseIndexes)
    .addOption(
      new Option('--block <block>', 'with --rpc: a number, or latest, safe, finalized')
        .argParser(parseBlock)
        .default('latest'),
    )
    .option('--no-proofs', 'with --rpc: ask for values without proofs, and believe the node')
    .addOption(threadsOption(false))
    .addOption(
      new Option(
        '--json [form]',
        'lines: one JSON document a transaction, {"index","txHash","result"}; of eip3155 its own lines alone',
      )
        .choices(['lines'])
        .preset('lines'),
    )
  return command
    .addHelpText(
      'after',
      '\nExit code: 0 traced, 1 the block is invalid, 2 some input cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm trace 23879620.json.gz --tracer callTracer --json lines\n' +
        '  parallevm trace 23879620.json.gz --tracer prestateTracer --config \'{"diffMode":true}\' --tx 7 --json\n' +
        '  parallevm trace 23879620.json.gz --tracer eip3155 --tx 7 --json > trace.jsonl\n' +
        '  parallevm trace --rpc http://localhost:8545 --block 23000000 --tracer opcodeGas --json',
    )
    .action(trace)
}

function parseConfig(text: string): Record<string, unknown> {
  try {
    const config = JSON.parse(text)
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError(`'${text}' is no JSON object: '{"onlyTopCall":true}', say.`)
}

function parseIndexes(text: string): number[] {
  return parseList(text, (item) => parseCount(item, 0, 0xffff_ffff))
}

async function trace(file: string | undefined, options: TraceCommandOptions): Promise<void> {
  if ((file === undefined) === (options.rpc === undefined)) {
    throw new UsageError('give either a block file or --rpc URL: parallevm trace 23879620.json.gz')
  }
  if (file === undefined) await traceOfNode(options)
  else await traceOfFile(loadCase(file), options)
}

async function traceOfFile(block: BlockCase, options: TraceCommandOptions): Promise<void> {
  const executors = new Executors()
  try {
    const executor = await executors.on(block, { engine: 'wasm', threads: options.threads })
    const { senders, parentHeaders, blockHashes } = repeatable(block, { root: false, givenSenders: true })
    const given = {
      ...(senders && { senders }),
      ...(parentHeaders && { parentHeaders }),
      ...(blockHashes && { blockHashes }),
    }
    await show(executor, block.blockRlp, given, options)
  } finally {
    await executors.close()
  }
}

async function traceOfNode(options: TraceCommandOptions): Promise<void> {
  const { threads, fork, proofs } = options
  const blocks = new NodeBlocks(new RpcClient(settingsOf(options)))
  const executor = new NodeExecutor({ engine: 'wasm', threads, ...(fork !== undefined && { fork }) })
  try {
    const block = await blocks.block(options.block)
    await executor.over(blocks, block, { ...settingsOf(options), proofs }, async (open, parentHeaders) => {
      await show(open, block.blockRlp, { parentHeaders }, options)
    })
  } finally {
    await executor.close()
  }
}

async function show(
  executor: BlockExecutor,
  blockRlp: Uint8Array,
  given: Pick<TraceOptions, 'senders' | 'parentHeaders' | 'blockHashes'>,
  { tracer, config, tx, json }: TraceCommandOptions,
): Promise<void> {
  const start = performance.now()
  const rows: Row[] = []
  const progress = new Progress(tx?.length ?? 1)
  const wanted = { ...given, tracer, config, ...(tx && { transactions: tx }) } as TraceOptions
  try {
    let first = true
    for await (const part of executor.traceText(blockRlp, wanted)) {
      const row = rows.at(-1)
      if (row?.index === part.index) row.length += part.text.length
      else rows.push({ index: part.index, hash: part.hash, length: part.text.length })
      progress.at(rows.length, `transaction ${part.index}`)
      if (json !== undefined) await pour(lineOf(part, tracer, first))
      first = part.last
    }
  } finally {
    progress.stop()
  }
  if (json === undefined) await pour(`${table(rows, tracer, performance.now() - start)}\n`)
}

/** The part as a part of a line; lines of eip3155 stand for themselves. */
function lineOf({ index, hash, text, last }: TraceText, tracer: TracerName, first: boolean): string {
  if (tracer === 'eip3155') return text
  return `${first ? `{"index":${index},"txHash":"${hash}","result":` : ''}${text}${last ? '}\n' : ''}`
}

/** Waits while the reader is slower. */
async function pour(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

function table(rows: readonly Row[], tracer: TracerName, time: number): string {
  const total = rows.reduce((sum, { length }) => sum + length, 0)
  const body = renderTable(
    ['transaction', 'hash', 'bytes'],
    ['right', 'left', 'right'],
    rows.map(({ index, hash, length }) => [String(index), hash, String(length)]),
  )
  return `${body}\n\n${rows.length} transactions, ${tracer}: ${total} bytes in ${ms(time)} ms; --json prints them`
}
