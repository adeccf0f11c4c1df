import {
  FLAG_ACCESS_LIST,
  FLAG_ASYNC,
  FLAG_HOST,
  FLAG_RECEIPTS,
  FLAG_ROOT,
  FLAG_SEQUENTIAL,
  FLAG_TX_ROOTS,
} from '../abi/core.generated.js'
import type { Header } from '../block/blockHeader.js'
import type { ReadBlock } from '../block/coreBlock.js'
import { ParallevmError } from '../errors.js'
import type { SourceCapabilities } from '../sources/capabilities.js'
import type { BlockStats } from '../types.js'
import type { EngineChoice, EngineChooser } from './engineChoice.js'
import { hostTakesPart, runsInParallel, worthHelp } from './modeChoice.js'
import type { CheckedExecuteOptions } from './optionShapes.js'

/** What the caller wants of a block besides its result. */
export interface Wants {
  /** The state root. */
  readonly root: boolean
  /** The state after the block becomes the executor's. */
  readonly advance: boolean
}

export function wantsOf({ root, advance }: CheckedExecuteOptions): Wants {
  return { root: root !== false, advance: advance !== false }
}

/** How a block is executed: decided once, before anything of it is written. */
export interface BlockPlan extends Readonly<EngineChoice> {
  readonly mode: BlockStats['mode']
  /** The executor's own thread is one of `threads`. */
  readonly host: boolean
  /** Threads that take part, those included that only help with senders and the root. */
  readonly threads: number
  /**
   * What receipts hold: the status, or before Byzantium (EIP-658) the state root after their transaction, or nothing where no
   * root is wanted.
   */
  readonly receipts: 'status' | 'roots' | 'nothing'
  /** Transactions note what they touch, and the block's access list is made of that (EIP-7928). */
  readonly accessList: boolean
  /** Receipts tell what transactions returned. */
  readonly outputs: boolean
  /** Who makes the state root. */
  readonly root: SourceCapabilities['rootBy'] | 'none'
  /** What is not in memory is fetched meanwhile. */
  readonly fetches: boolean
  /** `FLAG_…` of the block request. */
  readonly flags: number
}

/** What a plan depends on of a block. */
export interface PlannedBlock {
  header: Pick<Header, 'number' | 'common' | 'gasUsed' | 'gasLimit'>
  block: Pick<ReadBlock, 'count'>
}

/**
 * @param poolSize worker threads
 * @param versions each transaction's are to be there at the end, on one thread too: in order there is one a location
 * @throws ParallevmError UNSUPPORTED; EngineUnavailableError
 */
export function planBlock(
  { header, block }: PlannedBlock,
  options: CheckedExecuteOptions,
  source: SourceCapabilities,
  poolSize: number,
  chooser: Pick<EngineChooser, 'choose'>,
  versions = false,
): BlockPlan {
  const wants = wantsOf(options)
  const receipts = receiptsOf(header, wants.root)
  const txRoots = receipts === 'roots'
  if (txRoots && source.rootBy !== 'core') throw noRootsWithin(header.number)
  const choice = chooser.choose(header.common)
  const inCore = choice.engine === 'wasm'
  const { senders } = options
  const shape = {
    transactions: block.count,
    gasUsed: header.gasUsed,
    senders,
    inCore,
    fetches: source.fetches,
    independent: !versions && isGuide(header, options, inCore),
  }
  // A root after each transaction takes block order, one at a time.
  const parallel = !txRoots && (versions || runsInParallel(options.mode ?? 'auto', shape, poolSize))
  const root = rootOf(wants, source)
  // In order one thread executes; the others only help with senders and the root.
  const alone = !parallel && !worthHelp(shape, root === 'core' && !txRoots)
  const host = inCore && !txRoots && !source.fetches && hostTakesPart(header.gasUsed || header.gasLimit)
  const plan: Omit<BlockPlan, 'flags'> = {
    ...choice,
    mode: !parallel ? 'sequential' : shape.independent ? 'list' : 'parallel',
    host,
    threads: alone ? 1 : poolSize,
    receipts,
    accessList: inCore && (options.accessList === true || header.common.isActivatedEIP(7928)),
    outputs: options.outputs === true,
    root,
    fetches: source.fetches,
  }
  return Object.freeze({ ...plan, flags: flagsOf(plan) })
}

function flagsOf({ mode, host, receipts, accessList, root, fetches }: Omit<BlockPlan, 'flags'>): number {
  return (
    (mode === 'sequential' ? FLAG_SEQUENTIAL : 0) |
    (host ? FLAG_HOST : 0) |
    (receipts === 'roots' ? FLAG_TX_ROOTS : 0) |
    (receipts === 'nothing' ? 0 : FLAG_RECEIPTS) |
    (accessList && mode !== 'list' ? FLAG_ACCESS_LIST : 0) |
    (root === 'core' ? FLAG_ROOT : 0) |
    (fetches ? FLAG_ASYNC : 0)
  )
}

/** Whether a list is given from which the core can execute: it says nothing of accounts that exist though they are empty. */
function isGuide(
  { common }: PlannedBlock['header'],
  { blockAccessList }: CheckedExecuteOptions,
  inCore: boolean,
): boolean {
  return blockAccessList !== undefined && inCore && common.gteHardfork('byzantium')
}

function receiptsOf({ common }: PlannedBlock['header'], wantsRoot: boolean): BlockPlan['receipts'] {
  if (common.gteHardfork('byzantium')) return 'status'
  return wantsRoot ? 'roots' : 'nothing'
}

/** Tries that cannot be made anew from what is in memory must advance with the state, also where no root is wanted. */
function rootOf({ root, advance }: Wants, { rootBy, triesFromBase }: SourceCapabilities): BlockPlan['root'] {
  const tied = rootBy !== 'source' && !triesFromBase && advance
  return root || tied ? rootBy : 'none'
}

function noRootsWithin(block: bigint): ParallevmError {
  return new ParallevmError(
    'UNSUPPORTED',
    `block ${block}: receipts before Byzantium hold a state root for each transaction, which a state manager ` +
      'source cannot give; use a witness or a memory state, or root: false',
  )
}
