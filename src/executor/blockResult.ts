import type { BlockRequest } from '../abi/blockRequest.js'
import { decodeOutcome, type Outcome } from '../abi/outcome.js'
import { acceptOutcomes, receiptsRootOf, requestsOf } from '../block/checks.js'
import { buildReceipts } from '../block/receipts.js'
import { ParallevmError } from '../errors.js'
import type { BlockResult, StateDiff } from '../types.js'
import { MissingStateError } from '../wasm/blockCore.js'
import { rootResult } from '../wasm/stateRoot.js'
import { abortable } from './abortable.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import type { Dispatch } from './dispatch.js'
import { hashing } from './hashing.js'
import type { SharedState } from './sharedState.js'
import { statsOf } from './stats.js'

/**
 * The result of an executed block, from what it left in memory.
 * @throws InvalidBlockError when a transaction must not be in the block; MissingStateError, MissingNodeError, StateSourceError
 */
export async function resultOf(
  state: SharedState,
  input: BlockInput,
  plan: BlockPlan,
  { reports, request }: Dispatch,
  closing: AbortSignal,
): Promise<BlockResult> {
  const executed = performance.now()
  const stateDiff = await difference(state, plan, closing)
  const receipts = receiptsOf(state, input, plan, request)
  const receipted = performance.now()
  const stateRoot = plan.root === 'core' ? rootResult(state.block.core) : undefined
  const stats = statsOf(state.block, reports, plan)
  stats.ms.receipts = receipted - executed
  return {
    number: input.header.number,
    hash: input.hash,
    ...receipts,
    stateDiff,
    stats,
    ...(stateRoot && { stateRoot }),
  }
}

/** The difference to the state before; for a source that fetches, what it depends on is fetched first. */
async function difference({ block, reads }: SharedState, plan: BlockPlan, closing: AbortSignal): Promise<StateDiff> {
  // For a root in the core a thread has made it already.
  if (plan.root !== 'core') {
    for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff()) {
      if (!plan.fetches) throw new MissingStateError(missing)
      await abortable(reads.load(missing), closing)
    }
  }
  return block.readDiff()
}

type Receipts = Omit<BlockResult, 'number' | 'hash' | 'stateDiff' | 'stateRoot' | 'stats'>

function receiptsOf(
  { block: core }: SharedState,
  { header, block: { facts } }: BlockInput,
  plan: BlockPlan,
  request: BlockRequest,
): Receipts {
  const { keccak256, orderedRoot } = hashing(core.core)
  const outcomes = Array.from({ length: facts.length + 2 }, (_, index) => outcomeOf(core.outcome(index), index))
  const accepted = acceptOutcomes(header, facts, outcomes)
  const stateRoots: Record<BlockPlan['receipts'], ((index: number) => Uint8Array) | undefined> = {
    status: undefined,
    roots: (index) => core.core.read(request.txRootAt(index), 32),
    zeros: () => new Uint8Array(32),
  }
  const rootAfter = stateRoots[plan.receipts]
  const built = buildReceipts(
    accepted.executed,
    facts.map(({ type }) => type),
    keccak256,
    rootAfter && facts.map((_, index) => rootAfter(index)),
  )
  const requests = requestsOf(header.common, built.receipts, accepted.requests)
  return {
    ...built,
    ...(plan.receipts !== 'zeros' && { receiptsRoot: receiptsRootOf(built.receipts, orderedRoot) }),
    ...(requests && { requests }),
  }
}

function outcomeOf(bytes: Uint8Array | undefined, index: number): Outcome {
  if (bytes === undefined) throw new ParallevmError('ENGINE_FAILED', `transaction ${index} left no outcome`)
  return decodeOutcome(bytes)
}
