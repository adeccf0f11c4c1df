import { decodeAccessList } from '../abi/accessList.js'
import type { BlockRequest } from '../abi/blockRequest.js'
import { decodeExecuted, decodeOutcome } from '../abi/outcome.js'
import { decodeDiff } from '../abi/packedDiff.js'
import { acceptOutcomes, type Outcomes, requestsOf } from '../block/checks.js'
import { buildReceipts } from '../block/receipts.js'
import { ParallevmError } from '../errors.js'
import type { BlockAccessList, BlockResult, ExecutedReceipt } from '../types.js'
import { packAccessList } from '../wasm/accessList.js'
import { type BlockCore, MissingStateError, type MissingValue } from '../wasm/blockCore.js'
import { packReceipts } from '../wasm/blockReceipts.js'
import { rootResult } from '../wasm/stateRoot.js'
import { abortable } from './abortable.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import type { Dispatch } from './dispatch.js'
import { hashing } from './hashing.js'
import { lazily } from './lazily.js'
import type { SharedState } from './sharedState.js'
import { statsOf } from './stats.js'

/**
 * The result of an executed block, from what it left in memory. Receipts and state difference are copied as the core
 * packed them, and become objects when they are first read, which may be after any number of blocks.
 * @throws InvalidBlockError when a transaction must not be in the block; MissingStateError, MissingNodeError, StateSourceError
 */
export async function resultOf(
  state: SharedState,
  input: BlockInput,
  plan: BlockPlan,
  { reports, request }: Dispatch,
  closing: AbortSignal,
): Promise<BlockResult> {
  const { block, reads } = state
  const executed = performance.now()
  await collectDifference(block, reads, plan, closing)
  const packedDiff = block.packDiff()
  const { receipts, ...totals } = receiptsOf(state, input, plan, request)
  const blockAccessList = plan.accessList ? await accessListOf(state, input, plan, closing) : undefined
  const receipted = performance.now()
  const stateRoot = plan.root === 'core' ? rootResult(block.core) : undefined
  const stats = statsOf(block, reports, plan)
  stats.ms.receipts += receipted - executed
  const result = {
    number: input.header.number,
    hash: input.hash,
    ...totals,
    stats,
    ...(stateRoot && { stateRoot }),
    ...(blockAccessList && { blockAccessList }),
  }
  return lazily(result, { receipts, stateDiff: () => decodeDiff(packedDiff) })
}

/** Makes the difference to the state before; for a source that fetches, what it depends on is fetched first. */
async function collectDifference(
  block: BlockCore,
  reads: SharedState['reads'],
  plan: BlockPlan,
  closing: AbortSignal,
): Promise<void> {
  // For a root in the core a thread has made it already.
  if (plan.root === 'core') return
  for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff()) {
    await fetchMissing(reads, missing, plan, closing)
  }
}

async function fetchMissing(
  reads: SharedState['reads'],
  missing: MissingValue,
  plan: BlockPlan,
  closing: AbortSignal,
): Promise<void> {
  if (!plan.fetches) throw new MissingStateError(missing)
  await abortable(reads.load(missing), closing)
}

/** What the block touched: balances that it only added to may have to be fetched. */
async function accessListOf(
  { block, reads }: SharedState,
  input: BlockInput,
  plan: BlockPlan,
  closing: AbortSignal,
): Promise<BlockAccessList> {
  for (;;) {
    const list = packAccessList(block, input.block.transactions.length)
    if (!('missing' in list)) return lazily(list, { accounts: () => decodeAccessList(list.rlp) })
    await fetchMissing(reads, list.missing, plan, closing)
  }
}

type Totals = Omit<
  BlockResult,
  'number' | 'hash' | 'receipts' | 'stateDiff' | 'stateRoot' | 'blockAccessList' | 'stats'
>

function receiptsOf(
  { block: core }: SharedState,
  { header, block: { summaries } }: BlockInput,
  plan: BlockPlan,
  request: BlockRequest,
): Totals & { receipts: () => ExecutedReceipt[] } {
  const system = acceptOutcomes(header, summaries, outcomesOf(core))
  const types = summaries.map(({ type }) => type)
  const roots = plan.receipts === 'roots' ? request.txRootAt(0) : 0
  const { outcomes, ...totals } = packReceipts(core, request.pointer)
  const holds =
    roots === 0 ? (plan.receipts as 'status' | 'nothing') : types.map((_, i) => core.core.read(roots + 32 * i, 32))
  const receipts = (): ExecutedReceipt[] => buildReceipts(decodeExecuted(outcomes), types, holds)
  const { keccak256 } = hashing(core.core)
  const requests = requestsOf(header.common, system, totals.logsBloom, keccak256, receipts)
  return { ...totals, receipts, ...(requests && { requests }) }
}

function outcomesOf(core: BlockCore): Outcomes {
  const left = <T>(found: T | undefined, index: number): T => {
    if (found === undefined) throw new ParallevmError('ENGINE_FAILED', `transaction ${index} left no outcome`)
    return found
  }
  return {
    head: (index) => left(core.outcomeHead(index), index),
    whole: (index) => decodeOutcome(left(core.outcome(index), index)),
  }
}
