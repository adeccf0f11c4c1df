import { Command, Option } from 'commander'
import { InvalidBlockError } from '../block/errors.js'
import type { EngineName } from '../index.js'
import { type NodeBlock, NodeBlocks } from '../node/blocks.js'
import { forkOf, NodeExecutor } from '../node/executor.js'
import { RpcClient } from '../rpc/client.js'
import { EXIT, errorLine } from './exit.js'
import { engineOption, threadsOption } from './options.js'
import { print } from './output.js'
import { type NodeOptions, parseBlock, settingsOf, withNodeOptions } from './rpcOptions.js'
import { ms, renderTable } from './table.js'

interface RunOptions extends NodeOptions {
  block: bigint | string
  proofs: boolean
  cache?: string
  engine: EngineName
  threads: number
  json?: true
}

interface Report {
  block: string
  hash: string
  chainId: string
  fork: string
  transactions: number
  gasUsed: string
  receiptsRoot: string | undefined
  /** Each value read follows from the state root of the parent. */
  proven: boolean
  requests: number
  executions: number
  ms: number
  fallback?: string
}

export function runCommand(): Command {
  return withNodeOptions(new Command('run'))
    .description(
      'Executes a block on the state that a node has after its parent, read over JSON-RPC while the block runs. Gas, receipts ' +
        "root, logs bloom and requests must be those of the header. Each value is proven from the parent's state root " +
        '(eth_getProof); with --no-proofs the node is believed. No state root is made.',
    )
    .addOption(
      new Option('--block <block>', 'a number, or latest, safe, finalized').argParser(parseBlock).default('latest'),
    )
    .option('--no-proofs', 'ask for values without proofs: less to send, and the node is believed')
    .option('--cache <dir>', 'folder that keeps answers, for each chain and block')
    .addOption(engineOption())
    .addOption(threadsOption(false))
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      '\nExit code: 0 the header is right, 1 the block is invalid, 2 the node cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm run --rpc http://localhost:8545\n' +
        '  parallevm run --rpc http://localhost:8545 --block 23000000 --no-proofs --json',
    )
    .action(run)
}

async function run(options: RunOptions): Promise<void> {
  const { engine, threads, fork, json } = options
  const client = new RpcClient(settingsOf(options))
  const blocks = new NodeBlocks(client)
  const executor = new NodeExecutor({ engine, threads, ...(fork !== undefined && { fork }) })
  try {
    const block = await blocks.block(options.block)
    const report = await reportOf(executor, blocks, block, options)
    print(json ? JSON.stringify(report, null, 2) : text(report))
  } catch (error) {
    if (!(error instanceof InvalidBlockError)) throw error
    process.exitCode = EXIT.differs
    print(json ? JSON.stringify({ problem: errorLine(error) }, null, 2) : errorLine(error))
  } finally {
    await executor.close()
  }
}

async function reportOf(
  executor: NodeExecutor,
  blocks: NodeBlocks,
  block: NodeBlock,
  options: RunOptions,
): Promise<Report> {
  const { proofs, cache } = options
  const start = performance.now()
  const settings = { ...settingsOf(options), proofs, ...(cache !== undefined && { cache }) }
  const { result, state } = await executor.onNode(blocks, block, settings)
  const { fallback } = result.stats
  return {
    block: String(block.number),
    hash: `0x${Buffer.from(block.hash).toString('hex')}`,
    chainId: String(block.chainId),
    fork: forkOf(block, options.fork),
    transactions: result.receipts.length,
    gasUsed: String(result.gasUsed),
    receiptsRoot: result.receiptsRoot && `0x${Buffer.from(result.receiptsRoot).toString('hex')}`,
    proven: proofs,
    requests: state.requests,
    executions: result.stats.executions,
    ms: performance.now() - start,
    ...(fallback !== undefined && { fallback }),
  }
}

function text(report: Report): string {
  const table = renderTable(
    ['block', 'fork', 'txs', 'gas used', 'requests', 'executions', 'ms'],
    ['right', 'left', 'right', 'right', 'right', 'right', 'right'],
    [
      [
        report.block,
        report.fork,
        String(report.transactions),
        report.gasUsed,
        String(report.requests),
        String(report.executions),
        ms(report.ms),
      ],
    ],
  )
  const proven = report.proven ? "follows from its parent's state root" : 'is what the node says'
  const checked = report.receiptsRoot === undefined ? 'gas used is' : 'receipts root, logs bloom and gas used are'
  const fell = report.fallback === undefined ? [] : [`fell back to engine ethereumjs: ${report.fallback}`]
  return [table, '', ...fell, `${checked} those of the header; what was read ${proven}`].join('\n')
}
