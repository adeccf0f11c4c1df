import { Command, InvalidArgumentError } from 'commander'
import type { EngineName } from '../index.js'
import { BlockFetcher, type Fetched } from '../node/fetch.js'
import { engineOption, threadsOption } from './options.js'
import { print } from './output.js'
import { Progress } from './progress.js'
import { type NodeOptions, parseBlock, settingsOf, withNodeOptions } from './rpcOptions.js'
import { renderTable } from './table.js'

interface FetchOptions extends NodeOptions {
  out: string
  engine: EngineName
  threads: number
  witness: boolean
  json?: true
}

interface Range {
  first: bigint | string
  last: bigint | string
}

export function fetchCommand(): Command {
  return withNodeOptions(new Command('fetch'))
    .description(
      'Fetches blocks of a node with what is needed to execute them, and writes a witness file for each: NUMBER.json.gz. The ' +
        'witness is that of debug_executionWitness where the node has it. Else the block is executed on the state of the ' +
        'node, and what it reads is asked for with its proofs (eth_getProof). Each block is executed from its ' +
        'witness, and its file appears only when all roots are those of its header. Files that are there are left as they ' +
        'are: a fetch that was interrupted goes on where it was.',
    )
    .argument('<blocks>', 'a number, a tag (latest, safe, finalized), or a range FIRST-LAST', parseRange)
    .option('--no-witness', 'ask for proofs, also where the node has debug_executionWitness')
    .option('--out <dir>', 'folder of the files', '.')
    .addOption(engineOption())
    .addOption(threadsOption(false))
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      '\nExit code: 0 all blocks are there, 2 the node cannot be used, or a block cannot be executed from what it gives.\n' +
        '\nExamples:\n' +
        '  parallevm fetch --rpc http://localhost:8545 latest\n' +
        '  parallevm fetch --rpc http://localhost:8545 --out blocks 23000000-23000009',
    )
    .action(fetchBlocks)
}

function parseRange(text: string): Range {
  const [first = '', last, ...more] = text.split('-')
  if (more.length > 0) throw new InvalidArgumentError(`'${text}' is no range: write FIRST-LAST.`)
  const range = { first: parseBlock(first), last: parseBlock(last ?? first) }
  if (typeof range.first === 'bigint' && typeof range.last === 'bigint' && range.first > range.last) {
    throw new InvalidArgumentError(`'${text}' ends before it begins.`)
  }
  return range
}

async function fetchBlocks({ first, last }: Range, options: FetchOptions): Promise<void> {
  const { engine, threads, fork, out, witness } = options
  const fetcher = new BlockFetcher(settingsOf(options), {
    engine,
    threads,
    witness,
    ...(fork !== undefined && { fork }),
  })
  const done: { number: bigint; fetched: Fetched; ms: number }[] = []
  let progress: Progress | undefined
  try {
    const [from, to] = [await fetcher.numberOf(first), await fetcher.numberOf(last)]
    progress = new Progress(Number(to - from) + 1)
    for (let number = from; number <= to; number++) {
      progress.show(`block ${number}`)
      const start = performance.now()
      const fetched = await fetcher.fetch(number, out)
      done.push({ number, fetched, ms: performance.now() - start })
      progress.step()
    }
  } finally {
    progress?.stop()
    await fetcher.close()
  }
  const rows = done.map(({ number, fetched, ms }) => ({ number: String(number), ...fetched, ms: Math.round(ms) }))
  if (options.json) return print(JSON.stringify({ blocks: rows }, null, 2))
  const cells = rows.map((row) => [row.number, String(row.transactions), row.from, String(row.ms), row.path])
  print(renderTable(['block', 'txs', 'witness', 'ms', 'file'], ['right', 'right', 'left', 'right', 'left'], cells))
}
