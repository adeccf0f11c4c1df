import { decodeAccessList } from '../abi/accessList.js'
import type { BlockRequest } from '../abi/blockRequest.js'
import { decodeExecuted, decodeOutcome, type ExecutedOutcome, executedTypes } from '../abi/outcome.js'
import { decodeDiff } from '../abi/packedDiff.js'
import { acceptOutcomes, type Outcomes, requestsOf, systemRequests } from '../block/checks.js'
import { buildReceipts } from '../block/receipts.js'
import { ParallevmError } from '../errors.js'
import type { BlockAccessList, BlockResult, ExecutedReceipt, TransactionOutput } from '../types.js'
import { type PackedAccessList, packAccessList } from '../wasm/accessList.js'
import { type BlockCore, MissingStateError, type MissingValue } from '../wasm/blockCore.js'
import type { BlockTotals } from '../wasm/closeBlock.js'
import { keccak256 } from '../wasm/keccak.js'
import { rootResult } from '../wasm/stateRoot.js'
import { abortable } from './abortable.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import type { Dispatch } from './dispatch.js'
import { lazily } from './lazily.js'
import { keepOutcomes } from './outcomes.js'
import { revertOf } from './revertReason.js'
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
  { reports, request, closed, listItems }: Dispatch,
  list: Uint8Array | undefined,
  closing: AbortSignal,
): Promise<BlockResult> {
  const { block, reads } = state
  const executed = performance.now()
  if (closed.totals === undefined) throw refusal(block, input)
  const { receipts, outcomes, ...totals } = receiptsOf(block, input, plan, request, closed.totals)
  // A root of the core's comes with the difference, or says what it lacks.
  const made = plan.root === 'core' ? rootResult(block.core) : undefined
  if (plan.root !== 'core') await collectDifference(block, reads, plan, closing)
  const packedDiff = block.packDiff()
  const given = listItems === undefined ? undefined : (list as Uint8Array)
  const blockAccessList = !plan.accessList
    ? undefined
    : given === undefined
      ? await accessListOf(state, input, plan, closing)
      : listOf(block, input, { rlp: given.slice(), items: listItems as number })
  const packed = performance.now()
  // That of tries on the host follows from the difference.
  const stateRoot = plan.root === 'host' ? await abortable(reads.root(), closing) : made
  const stats = statsOf(block, reports, plan)
  stats.ms.receipts += packed - executed
  if (plan.root === 'host') stats.ms.root += performance.now() - packed
  const result = {
    number: input.header.number,
    hash: input.hash,
    ...totals,
    stats,
    ...(stateRoot && { stateRoot }),
    ...(blockAccessList && { blockAccessList }),
  }
  const whole = lazily(result, { receipts, stateDiff: () => decodeDiff(packedDiff) })
  keepOutcomes(whole, outcomes)
  return whole
}

/** Makes the difference to the state before; for a source that fetches, what it depends on is fetched first. */
export async function collectDifference(
  block: BlockCore,
  reads: SharedState['reads'],
  plan: Pick<BlockPlan, 'fetches'>,
  closing: AbortSignal,
): Promise<void> {
  for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff()) {
    await fetchMissing(reads, missing, plan, closing)
  }
}

async function fetchMissing(
  reads: SharedState['reads'],
  missing: readonly MissingValue[],
  plan: Pick<BlockPlan, 'fetches'>,
  closing: AbortSignal,
): Promise<void> {
  if (!plan.fetches) throw new MissingStateError(missing[0])
  await abortable(Promise.all(missing.map((value) => reads.load(value))), closing)
}

/** What the block touched: balances that it only added to may have to be fetched. */
async function accessListOf(
  { block, reads }: SharedState,
  input: BlockInput,
  plan: BlockPlan,
  closing: AbortSignal,
): Promise<BlockAccessList> {
  for (;;) {
    const list = packAccessList(block, input.block.count)
    if (!('missing' in list)) return listOf(block, input, list)
    await fetchMissing(reads, [list.missing], plan, closing)
  }
}

/** Hashing takes as long as making the list: at once only where the header has a hash to compare with. */
function listOf({ core }: BlockCore, { header }: BlockInput, list: PackedAccessList): BlockAccessList {
  const accounts = () => decodeAccessList(list.rlp)
  if (!header.common.isActivatedEIP(7928)) return lazily(list, { accounts, hash: () => keccak256(list.rlp) })
  return lazily({ ...list, hash: keccak256(list.rlp, core) }, { accounts })
}

type Totals = Omit<
  BlockResult,
  'number' | 'hash' | 'receipts' | 'stateDiff' | 'stateRoot' | 'blockAccessList' | 'stats'
>

function receiptsOf(
  block: BlockCore,
  { header, block: { count } }: BlockInput,
  plan: BlockPlan,
  request: BlockRequest,
  { outcomes, deposits, ...totals }: BlockTotals,
): Totals & { receipts: () => ExecutedReceipt[]; outcomes: () => ExecutedOutcome[] } {
  const roots = plan.receipts === 'roots' ? block.core.read(request.txRootAt(0), 32 * count) : undefined
  const decode = (): ExecutedOutcome[] => decodeExecuted(outcomes)
  const receipts = (): ExecutedReceipt[] => {
    const types = executedTypes(outcomes)
    const each = roots && types.map((_, index) => roots.subarray(32 * index, 32 * index + 32))
    const made = decode()
    const all = buildReceipts(made, types, each ?? (plan.receipts as 'status' | 'nothing'))
    return plan.outputs
      ? all.map((receipt, index) => ({ ...receipt, output: outputOf(made[index] as ExecutedOutcome) }))
      : all
  }
  const system = systemRequests(outcomesOf(block).whole(count + 1))
  const requests = requestsOf(header.common, system, deposits)
  return { ...totals, receipts, outcomes: decode, ...(requests && { requests }) }
}

/** What it returned; its code, of a creation that succeeded, is in the difference. */
function outputOf({ error, returnData, createdAddress }: ExecutedOutcome): TransactionOutput {
  return {
    returnData: createdAddress === undefined ? returnData : new Uint8Array(0),
    ...(error !== '' && { error }),
    ...(error === 'revert' && revertOf(returnData)),
  }
}

/** What is wrong with outcomes that the core does not accept: read again, all of them, to be named. */
function refusal(block: BlockCore, { header, block: { decoded } }: BlockInput): Error {
  try {
    acceptOutcomes(header, decoded().summaries, outcomesOf(block))
  } catch (error) {
    return error as Error
  }
  return new ParallevmError('ENGINE_FAILED', 'the core refuses outcomes that break no rule')
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
