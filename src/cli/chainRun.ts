// Blocks of a chain executed one after another over a state on disk, until they end or somebody wants it to end.

import { BLOCKHASH_WINDOW } from '../block/ancestors.js'
import { GENERATIONS } from '../block/header.js'
import type { ChainBlock } from '../blockFiles/chainFile.js'
import { hex, sameBytes } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { BlockExecutor } from '../executor/blockExecutor.js'
import type { BlockWithOptions } from '../executor/options.js'
import type { StateStore } from '../store/stateStore.js'
import { Progress } from './progress.js'

/** Blocks whose hashes BLOCKHASH can ask for. */
const REACH = BigInt(BLOCKHASH_WINDOW)

export interface ChainTotals {
  blocks: number
  transactions: number
  gas: bigint
  seconds: number
  /** It was told to end before the blocks did. */
  stopped: boolean
}

/** Told by a signal to end after the block that is being executed. The second one ends the process at once. */
export class StopSignal {
  stopped = false
  readonly #hear = (): void => {
    this.stopped = true
  }

  constructor() {
    process.once('SIGINT', this.#hear)
    process.once('SIGTERM', this.#hear)
  }

  close(): void {
    process.removeListener('SIGINT', this.#hear)
    process.removeListener('SIGTERM', this.#hear)
  }
}

/**
 * Executes those of the blocks that come after the state's last one, roots checked.
 * @param total how many blocks there are, for the progress bar
 * @throws ParallevmError WRONG_CHAIN when they do not follow from one another; what executing a block throws, or reading one
 */
export async function runChain(
  executor: BlockExecutor,
  state: StateStore,
  blocks: Iterable<ChainBlock>,
  total: number,
  keep: boolean,
): Promise<ChainTotals> {
  const stop = new StopSignal()
  const progress = new Progress(total)
  const totals: ChainTotals = { blocks: 0, transactions: 0, gas: 0n, seconds: 0, stopped: false }
  const begun = performance.now()
  try {
    for await (const { number, gasUsed, receipts } of executor.executeAll(following(state, blocks, stop, keep))) {
      totals.blocks++
      totals.transactions += receipts.length
      totals.gas += gasUsed
      totals.seconds = (performance.now() - begun) / 1000
      progress.at(totals.blocks, `block ${number}, ${rates(totals)}, ${left(totals, total)} left`)
    }
  } finally {
    progress.stop()
    stop.close()
  }
  totals.stopped = stop.stopped
  return totals
}

/** As executeAll takes them. */
function* following(
  state: StateStore,
  blocks: Iterable<ChainBlock>,
  stop: StopSignal,
  keep: boolean,
): Generator<BlockWithOptions> {
  let head = state.head
  if (head === undefined) throw new ParallevmError('WRONG_CHAIN', 'the state store has no state')
  const blockHashes = new Map<bigint, Uint8Array>()
  for (let number = head.number; number >= 0n && number > head.number - REACH; number--) {
    const hash = state.blockHash(number)
    if (hash === undefined) break
    blockHashes.set(number, hash)
  }
  const lineage = new Lineage()
  for (const block of blocks) {
    if (stop.stopped) return
    if (block.number <= head.number) {
      if (block.number === head.number && !sameBytes(block.hash, head.hash)) throw wrongChain(block, head.hash)
      lineage.add(block)
      continue
    }
    if (block.number !== head.number + 1n || !sameBytes(block.parentHash, head.hash))
      throw wrongChain(block, head.hash, head.number)
    const { number, rlp, accessList } = block
    if (keep) state.keepBlock(number, rlp, accessList)
    yield {
      block: rlp,
      blockHashes,
      parentHeaders: lineage.headers,
      ...(accessList && { blockAccessList: accessList }),
    }
    blockHashes.set(block.number, block.hash)
    blockHashes.delete(block.number - REACH)
    lineage.add(block)
    head = { ...head, number: block.number, hash: block.hash }
  }
}

/** The last headers of a chain, newest first: as many as rules look at. */
class Lineage {
  headers: Uint8Array[] = []
  #hash: Uint8Array | undefined

  add({ header, hash, parentHash }: ChainBlock): void {
    const follows = this.#hash !== undefined && sameBytes(parentHash, this.#hash)
    this.headers = follows ? [header, ...this.headers.slice(0, GENERATIONS - 1)] : [header]
    this.#hash = hash
  }
}

function wrongChain({ number, hash }: ChainBlock, expected: Uint8Array, after?: bigint): ParallevmError {
  const where =
    after === undefined
      ? `has another hash than the state's last block, 0x${hex(expected)}`
      : `does not follow the state's last block, ${after} (0x${hex(expected)})`
  return new ParallevmError(
    'WRONG_CHAIN',
    `block ${number} (0x${hex(hash)}) ${where}: give blocks of the same chain, without a gap`,
  )
}

/** Blocks and gas a second. */
export function rates({ blocks, gas, seconds }: ChainTotals): string {
  const time = Math.max(seconds, 1e-3)
  return `${(blocks / time).toFixed(0)} blocks/s, ${(Number(gas) / 1e6 / time).toFixed(1)} Mgas/s`
}

function left({ blocks, seconds }: ChainTotals, total: number): string {
  const rest = Math.max(0, Math.round(((total - blocks) * seconds) / Math.max(blocks, 1)))
  return `${Math.floor(rest / 3600)}:${String(Math.floor(rest / 60) % 60).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`
}
