import { SENDER_BATCH_LANES, SENDER_BATCH_MOST } from '../abi/core.generated.js'
import { addressKey } from '../block/bytes.js'
import type { ExecutionMode } from './options.js'

/** What is known of a block before it is executed. */
export interface BlockShape {
  transactions: number
  /** Gas used according to the header; 0 when it does not say (a generated block that nobody has executed). */
  gasUsed: bigint
  /** 20 bytes each, one after another; undefined when they have to be recovered first. */
  senders: Uint8Array | undefined
  /** The core's engine executes it. */
  inCore: boolean
  /** What is not in memory is fetched while the block runs. */
  fetches: boolean
  /** No transaction waits for another: it is executed from an access list. */
  independent: boolean
}

/** Fewer transactions or less gas than this are not worth waking the workers for: there is hardly anything to overlap. */
const MIN_TRANSACTIONS = 4
const MIN_GAS = 1_000_000n

/**
 * In the core a plain transfer takes less than a microsecond: fewer than this are over at once, with so little gas beside
 * theirs, which takes 0.1 to 2 ms.
 */
const MANY_TRANSFERS = 500
const MIN_WORK_IN_CORE = 2_000_000n
const TRANSFER_GAS = 21_000n

/**
 * Transactions of one sender run one after another, because each needs the nonce that the one before leaves. With this
 * share of the block or more in one such chain, what can overlap does not pay for executions in vain.
 */
const MAX_CHAIN = 1 / 3

/**
 * Whether a block runs in parallel. The scheduler narrows its window when transactions keep conflicting; the choice here
 * spares blocks that cannot gain even the attempt.
 */
export function runsInParallel(mode: ExecutionMode, block: BlockShape, threads: number): boolean {
  // While one transaction waits for its values the others find out what they need, be there one thread only.
  if (block.fetches) return mode !== 'sequential'
  if (threads < 2 || mode === 'sequential') return false
  if (mode === 'parallel') return true
  if (block.transactions < MIN_TRANSACTIONS || (block.gasUsed > 0n && isShort(block))) return false
  if (block.independent || block.senders === undefined) return true
  return longestChain(block.senders) < MAX_CHAIN * block.transactions
}

function isShort({ transactions, gasUsed, inCore }: BlockShape): boolean {
  if (!inCore || transactions >= MANY_TRANSFERS) return gasUsed < MIN_GAS
  return gasUsed - TRANSFER_GAS * BigInt(transactions) < MIN_WORK_IN_CORE
}

/** With fewer signatures to recover, one thread has done them by the time that another is awake and has done its share. */
const MIN_SIGNATURES = { core: 4 * SENDER_BATCH_LANES, ethereumjs: SENDER_BATCH_LANES + 1 }
/** The state root of a block that used less gas is a few paths, hashed before another thread is awake. */
const MIN_ROOT_GAS = 500_000n

/**
 * Whether others should help a thread that executes a block in order: with senders, and with the root where there is one
 * to make at the end.
 */
export function worthHelp({ transactions, gasUsed, senders, inCore }: BlockShape, root: boolean): boolean {
  if (senders === undefined && transactions >= MIN_SIGNATURES[inCore ? 'core' : 'ethereumjs']) return true
  return root && (gasUsed === 0n || gasUsed >= MIN_ROOT_GAS)
}

/** Signatures that a thread takes at a time: an equal share of few, and whole lanes. */
export function senderBatch(transactions: number, threads: number): number {
  const lanes = Math.ceil(transactions / (threads * SENDER_BATCH_LANES))
  return Math.max(SENDER_BATCH_LANES, Math.min(SENDER_BATCH_MOST, lanes * SENDER_BATCH_LANES))
}

/** Longer blocks would keep the host's thread from its other work for too long; decoding and receipts take longer, though. */
const MAX_HOST_GAS = 1_200_000_000n

/**
 * Whether the executor's own thread takes part, besides one worker fewer. `gas`: used by the block according to its header,
 * or the block's limit when the header does not say.
 */
export function hostTakesPart(gas: bigint): boolean {
  return gas <= MAX_HOST_GAS
}

/** Most transactions of any one sender. */
function longestChain(senders: Uint8Array): number {
  const counts = new Map<string, number>()
  let longest = 0
  for (let at = 0; at < senders.length; at += 20) {
    const name = addressKey(senders, at)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (count > longest) longest = count
  }
  return longest
}
