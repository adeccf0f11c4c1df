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
}

/** Fewer transactions or less gas than this are not worth waking the workers for: there is hardly anything to overlap. */
const MIN_TRANSACTIONS = 4
const MIN_GAS = 1_000_000n

/** In the core a plain transfer takes less than a microsecond: fewer than this with so little gas beside theirs are over at once. */
const MANY_TRANSFERS = 500
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
  if (threads < 2 || mode === 'sequential') return false
  if (mode === 'parallel') return true
  if (block.transactions < MIN_TRANSACTIONS || (block.gasUsed > 0n && block.gasUsed < MIN_GAS)) return false
  const work = block.gasUsed - TRANSFER_GAS * BigInt(block.transactions)
  if (block.inCore && block.gasUsed > 0n && block.transactions < MANY_TRANSFERS && work < MIN_GAS) return false
  return block.senders === undefined || longestChain(block.senders) < MAX_CHAIN * block.transactions
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
