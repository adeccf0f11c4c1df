import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { Command, InvalidArgumentError, Option } from 'commander'
import { loadCase } from '../blockFiles/index.js'
import type { BlockExecutor } from '../executor/blockExecutor.js'
import type { CallOptions, CallRequest, CallResult, GasEstimate, StateOverrides } from '../executor/callTypes.js'
import { NodeBlocks } from '../node/blocks.js'
import { NodeExecutor } from '../node/executor.js'
import { RpcClient } from '../rpc/client.js'
import { jsonOf, type OneCall, requestsOf } from './callRequests.js'
import { Executors, repeatable } from './contenders.js'
import { EXIT, UsageError } from './exit.js'
import { threadsOption } from './options.js'
import { print } from './output.js'
import { type NodeOptions, parseBlock, settingsOf, withNodeOptions } from './rpcOptions.js'
import { cut, renderTable } from './table.js'

interface CallCommandOptions extends NodeOptions, OneCall {
  requests?: string
  overrides?: StateOverrides
  at: 'before' | 'after'
  estimate?: true
  validation?: true
  block: bigint | string
  proofs: boolean
  threads: number
  json?: true
}

export function callCommand(): Command {
  return withNodeOptions(new Command('call'), false)
    .description(
      'eth_call on the state of a block file or of a node: all calls on all threads, none seeing what another does, nothing kept. ' +
        'They see the header of the block, and the state after it, or before it.',
    )
    .argument('[file]', 'block file with a witness, or flat block folder; or a node: --rpc')
    .option('--to <address>', 'whom to call; left out, a contract is created')
    .option('--data <hex>', 'calldata, or init code')
    .option('--from <address>', 'the sender; no key is needed')
    .option('--value <wei>', 'wei to send')
    .option('--gas <gas>', 'gas limit (default: that of the block)')
    .option(
      '--requests <file>',
      'many calls: one a line, in JSON, with these fields and those of the library; -: standard input',
    )
    .option('--overrides <json>', 'what all calls suppose of the state: \'{"0x…":{"balance":"1000"}}\'', parseOverrides)
    .addOption(
      new Option('--at <when>', 'the state before the block or after it').choices(['before', 'after']).default('after'),
    )
    .option('--estimate', 'the gas limit that each call needs (eth_estimateGas)')
    .option('--validation', 'refuse what could not be a transaction: nonces, fees, balances')
    .addOption(
      new Option('--block <block>', 'with --rpc: a number, or latest, safe, finalized')
        .argParser(parseBlock)
        .default('latest'),
    )
    .option('--no-proofs', 'with --rpc: ask for values without proofs, and believe the node')
    .addOption(threadsOption(false))
    .option('--json', 'one JSON document a call')
    .addHelpText(
      'after',
      '\nExit code: 0 every call succeeded, 1 some did not, 2 some input cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm call 23879620.json.gz --at before --to 0xA0b8…eB48 --data 0x18160ddd\n' +
        '  parallevm call --rpc http://localhost:8545 --requests calls.jsonl --json\n' +
        '  parallevm call --rpc http://localhost:8545 --from 0xd8dA…6045 --to 0xA0b8…eB48 --data 0xa9059cbb… --estimate',
    )
    .action(call)
}

function parseOverrides(text: string): StateOverrides {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as StateOverrides
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError(`'${text}' is no JSON object of accounts: '{"0x…":{"balance":"1000"}}', say.`)
}

async function call(file: string | undefined, options: CallCommandOptions): Promise<void> {
  if ((file === undefined) === (options.rpc === undefined)) {
    throw new UsageError('give either a block file or --rpc URL: parallevm call --rpc http://localhost:8545 --to …')
  }
  const { to, data, from, value, gas } = options
  const requests = await requestsOf(
    { ...(to && { to }), ...(data && { data }), ...(from && { from }), ...(value && { value }), ...(gas && { gas }) },
    options.requests,
  )
  if (file === undefined) await onNode(requests, options)
  else await onFile(file, requests, options)
}

async function onFile(file: string, requests: readonly CallRequest[], options: CallCommandOptions): Promise<void> {
  const block = loadCase(file)
  const executors = new Executors()
  try {
    const executor = await executors.on(block, { engine: 'wasm', threads: options.threads })
    const given = repeatable(block, { root: false, givenSenders: true })
    // Before: a block that is executed and dropped would be the last one, too.
    if (options.at === 'after') await executor.execute(block.blockRlp, { ...given, advance: true })
    const hashes = given.blockHashes && { blockHashes: given.blockHashes }
    await ask(executor, requests, { block: headerBytes(block.blockRlp), ...hashes }, options)
  } finally {
    await executors.close()
  }
}

async function onNode(requests: readonly CallRequest[], options: CallCommandOptions): Promise<void> {
  const { threads, fork, proofs, at } = options
  const blocks = new NodeBlocks(new RpcClient(settingsOf(options)))
  const node = new NodeExecutor({ engine: 'wasm', threads, ...(fork !== undefined && { fork }) })
  try {
    const block = await blocks.block(options.block)
    const executor = await node.at(block, at, { ...settingsOf(options), proofs })
    await ask(executor, requests, { block: headerBytes(block.blockRlp) }, options)
  } finally {
    await node.close()
  }
}

async function ask(
  executor: BlockExecutor,
  requests: readonly CallRequest[],
  given: CallOptions,
  { overrides, validation, estimate, json }: CallCommandOptions,
): Promise<void> {
  const asked = { ...given, ...(overrides && { overrides }), ...(validation && { validation }) }
  const results = estimate ? await executor.estimateGas(requests, asked) : await executor.call(requests, asked)
  if (results.some(({ status }) => status !== 'success')) process.exitCode = EXIT.differs
  if (json) for (const result of results) print(jsonOf({ ...result }))
  else print(table(results))
}

/** RLP of the header. */
function headerBytes(blockRlp: Uint8Array): Uint8Array {
  const [header] = RLP.decode(blockRlp) as [Uint8Array[]]
  return RLP.encode(header)
}

function table(results: readonly (CallResult | GasEstimate)[]): string {
  return renderTable(
    ['call', 'status', 'gas', 'returned'],
    ['right', 'left', 'right', 'left'],
    results.map((result, index) => [
      String(index),
      result.status,
      String('gas' in result ? result.gas : result.gasUsed),
      cut(told(result), 80),
    ]),
  )
}

function told({ returnData, revertReason, customError, error, refusal, status }: CallResult | GasEstimate): string {
  if (status === 'success') return bytesToHex(returnData)
  if (customError !== undefined) return `custom error ${bytesToHex(customError.selector)}`
  return revertReason ?? refusal ?? error ?? bytesToHex(returnData)
}
