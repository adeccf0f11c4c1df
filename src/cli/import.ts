import { Command, Option } from 'commander'
import type { ChainBlock, ChainFile } from '../blockFiles/chainFile.js'
import { listChainFiles, openChainFile } from '../blockFiles/chains.js'
import { withLists } from '../blockFiles/listFile.js'
import type { ChainName } from '../executor/options.js'
import { type ChainTotals, rates, runChain } from './chainRun.js'
import { type Datadir, openDatadir } from './datadir.js'
import { openDump } from './dumpFile.js'
import { EXIT } from './exit.js'
import { parseCount, threadsOption } from './options.js'
import { print } from './output.js'

interface ImportOptions {
  datadir: string
  genesis?: string
  state?: string
  chain?: ChainName
  threads: number
  checkpoint: number
  undo: number
  maxMemory?: number
  check?: boolean
  blocks: boolean
}

const count = (text: string): number => parseCount(text, 0, 2 ** 20)

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Executes blocks from files of RLP (geth export) and era1 files, or folders of them, after the last block of the ' +
        'state in the folder, every root compared with its header. Access lists (EIP-7928) are taken from chain.bal beside chain.rlp. Blocks that the state has already are passed over, so ' +
        'that it goes on where it ended. Ctrl-C ends it after a block; a process that is killed loses the blocks since the ' +
        'last checkpoint.',
    )
    .argument('<inputs...>', 'files of blocks, or folders of .rlp and .era1 files')
    .requiredOption('-d, --datadir <folder>', 'where the state is, or is to be')
    .option('--genesis <file>', 'genesis.json of the chain, for a new folder')
    .option('--state <file>', 'a dump of a state to begin with, instead of a genesis')
    .addOption(
      new Option('--chain <name>', 'whose rules hold (default: those of the genesis)').choices([
        'mainnet',
        'sepolia',
        'holesky',
        'hoodi',
      ]),
    )
    .addOption(threadsOption(false))
    .addOption(
      new Option('--checkpoint <n>', 'blocks that are written as one')
        .argParser((text) => parseCount(text, 1, 2 ** 20))
        .default(64),
    )
    .addOption(new Option('--undo <n>', 'how many of the last blocks can be taken back').argParser(count).default(128))
    .addOption(
      new Option('--max-memory <MiB>', 'shared memory').argParser((text) => parseCount(text, 16, 4096)).default(2048),
    )
    .option(
      '--check',
      'read all of the state first, in a process of its own: a damaged page ends the one that comes to it',
    )
    .option('--no-blocks', 'do not keep the blocks, which `replay` executes again')
    .addHelpText(
      'after',
      '\nExit code: 0 all blocks are in the state, 1 a block is invalid, 2 some input cannot be used, 130 ended by Ctrl-C.\n' +
        '\nExamples:\n' +
        '  parallevm import --datadir chain --genesis genesis.json chain.rlp\n' +
        '  parallevm import --datadir mainnet --genesis mainnet.json --chain mainnet era1/',
    )
    .action(importChain)
}

async function importChain(inputs: string[], options: ImportOptions): Promise<void> {
  const paths = listChainFiles(inputs)
  const { checkpoint, undo } = options
  const start = options.state === undefined ? undefined : openDump(options.state)
  const { state, executor }: Datadir = await openDatadir(options, { checkpoint, undo }, start)
  let totals: ChainTotals
  try {
    const files: ChainFile[] = []
    for (const path of paths) files.push(withLists(await openChainFile(path)))
    const total = files.reduce((sum, file) => sum + file.count, 0)
    totals = await runChain(executor, state, allBlocks(files), total, options.blocks)
    state.flush()
    print(
      `${totals.blocks} blocks, ${totals.transactions} transactions, ${totals.seconds.toFixed(1)} s: ${rates(totals)}`,
    )
    print(`the state is that after block ${state.head?.number}${totals.stopped ? '; the same command goes on' : ''}`)
  } finally {
    await executor.close()
  }
  if (totals.stopped) process.exitCode = EXIT.interrupted
}

function* allBlocks(files: readonly ChainFile[]): Generator<ChainBlock> {
  for (const file of files) yield* file.blocks(0)
}
