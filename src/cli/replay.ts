import { Command, Option } from 'commander'
import { type ChainBlock, chainBlockOf } from '../blockFiles/chainFile.js'
import type { StateStore } from '../store/stateStore.js'
import { rates, runChain } from './chainRun.js'
import { openDatadir } from './datadir.js'
import { EXIT, UsageError } from './exit.js'
import { parseCount, threadsOption } from './options.js'
import { print } from './output.js'

interface ReplayOptions {
  datadir: string
  from?: number
  to?: number
  threads: number
  checkpoint: number
  maxMemory?: number
  check?: boolean
}

const number = (text: string): number => parseCount(text, 0, Number.MAX_SAFE_INTEGER)

export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Takes the state in the folder back to that before the first block of the range, as far as its undo records go (option ' +
        '--undo of import), and executes the range again, every root compared with its header. The state is then that after ' +
        'the last block of the range; without --from it goes on after the last block of the state. A replay that was ended or ' +
        'killed goes on where it was when it is asked for again.',
    )
    .requiredOption('-d, --datadir <folder>', 'where `import` has put the state and the blocks')
    .addOption(new Option('--from <number>', 'first block (default: the one after the state)').argParser(number))
    .addOption(new Option('--to <number>', 'last block (default: the last one that is kept)').argParser(number))
    .addOption(threadsOption(false))
    .addOption(
      new Option('--checkpoint <n>', 'blocks that are written as one')
        .argParser((text) => parseCount(text, 1, 2 ** 20))
        .default(64),
    )
    .addOption(
      new Option('--max-memory <MiB>', 'shared memory').argParser((text) => parseCount(text, 16, 4096)).default(2048),
    )
    .option(
      '--check',
      'read all of the state first, in a process of its own: a damaged page ends the one that comes to it',
    )
    .addHelpText(
      'after',
      '\nExit code: 0 the whole range has the right roots, 1 a block is invalid, 2 the range cannot be executed,\n' +
        '130 ended by Ctrl-C.\n\nExample:\n  parallevm replay --datadir chain --from 900 --to 1000',
    )
    .action(replay)
}

async function replay(options: ReplayOptions): Promise<void> {
  const { checkpoint } = options
  const { state, executor } = await openDatadir(options, { checkpoint, undo: 2 ** 20 })
  try {
    const { from, to } = rangeOf(state, options)
    const head = state.head?.number ?? 0n
    const note = `replay ${from} ${to}`
    // Where the note is there, the state was taken back already.
    if (head >= from && !(state.note === note && head <= to)) {
      state.note = note
      await executor.revert(Number(head - from) + 1)
    } else if (head + 1n < from) {
      throw new UsageError(`the state is that after block ${head}: --from can be ${head + 1n} or less`)
    }
    const left = Number(to - (state.head?.number ?? 0n))
    const totals = await runChain(executor, state, kept(state, to), left, false)
    if (!totals.stopped) state.note = undefined
    state.flush()
    print(
      `${totals.blocks} blocks, ${totals.transactions} transactions, ${totals.seconds.toFixed(1)} s: ${rates(totals)}`,
    )
    print(`the state is that after block ${state.head?.number}${totals.stopped ? '; the same command goes on' : ''}`)
    if (totals.stopped) process.exitCode = EXIT.interrupted
  } finally {
    await executor.close()
  }
}

function rangeOf(state: StateStore, options: ReplayOptions): { from: bigint; to: bigint } {
  const head = state.head?.number ?? 0n
  const from = options.from === undefined ? head + 1n : BigInt(options.from)
  let to = options.to === undefined ? from : BigInt(options.to)
  if (options.to === undefined) while (state.blockRlp(to + 1n) !== undefined) to++
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}`)
  for (const number of [from, to]) {
    if (state.blockRlp(number) === undefined) {
      throw new UsageError(`block ${number} is not kept in the folder: import it, without --no-blocks`)
    }
  }
  return { from, to }
}

/** The blocks after the state, up to `to`; the one before the first shows what it is to follow. */
function* kept(state: StateStore, to: bigint): Generator<ChainBlock> {
  for (let number = state.head?.number ?? 0n; number <= to; number++) {
    const rlp = state.blockRlp(number)
    if (rlp === undefined) continue
    const accessList = state.blockAccessList(number)
    yield { ...chainBlockOf(rlp, `block ${number} in the folder`, 0), ...(accessList && { accessList }) }
  }
}
