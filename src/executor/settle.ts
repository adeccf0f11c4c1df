// The end of a block: what it did is kept or dropped, in the source and in memory (docs/adr/0015-sources-that-keep-state.md).
import { isOfSource, StateChangedError } from '../sources/errors.js'
import type { TriesAfter } from '../sources/source.js'
import type { BlockResult } from '../types.js'
import { triesAfter } from '../wasm/stateRoot.js'
import { abortable } from './abortable.js'
import type { BlockPlan, Wants } from './blockPlan.js'
import type { SharedState } from './sharedState.js'
import type { SourceState } from './sourceState.js'
import { StateReader } from './stateReader.js'

/**
 * Verifies an executed block, and keeps it, or drops it where the state is not to advance.
 * @throws what `verify` throws, StateSourceError, StateChangedError, StateUnknownError, ExecutorClosedError: the source is
 * then as it was before, or lost, and the block is still to be abandoned
 */
export async function settle(
  state: SharedState,
  result: BlockResult,
  plan: Pick<BlockPlan, 'root'>,
  wants: Wants,
  closing: AbortSignal,
  verify: () => Promise<void>,
): Promise<void> {
  const reader = () => new StateReader(state, closing)
  if (wants.advance) await state.snapshots.note(() => result.stateDiff, reader)
  const tries = plan.root === 'host' ? triesAfter(state.block.core) : undefined
  await settleSource(state.own, { result, tries }, wants, closing, verify)
  if (wants.advance) state.keep(result.stateRoot, plan.root === 'core' || plan.root === 'host')
  else state.drop()
}

/** What a block came to, and its tries where the source keeps those. */
interface Made {
  result: BlockResult
  tries: TriesAfter | undefined
}

/** All that can fail, up to where only the state in memory has to be kept or dropped. */
async function settleSource(
  own: SourceState,
  { result, tries }: Made,
  wants: Wants,
  closing: AbortSignal,
  verify: () => Promise<void>,
): Promise<void> {
  const { stats } = result
  const staging = performance.now()
  let staged = wants.root ? await own.stage(result, true, tries) : undefined
  try {
    if (staged?.root !== undefined) result.stateRoot = staged.root
    const verifying = performance.now()
    stats.ms.root += verifying - staging
    await verify()
    stats.ms.verify += performance.now() - verifying
    closing.throwIfAborted()
    if (wants.advance && !wants.root) staged = await own.stage(result, false, tries)
    closing.throwIfAborted()
  } catch (error) {
    await own.drop(staged, error)
    throw error
  }
  if (wants.advance) await own.keep(staged)
  else await own.drop(staged)
}

/**
 * Drops a block that failed because of `error`.
 * @throws StateChangedError when that is the reason: a state that somebody else has changed makes valid blocks look invalid
 */
export async function abandon(state: SharedState, error: unknown, wants: Wants, closing: AbortSignal): Promise<void> {
  state.drop()
  if (!wants.root || isOfSource(error)) return
  try {
    await abortable(state.own.checkUnchanged(error), closing)
  } catch (found) {
    if (found instanceof StateChangedError) throw found
  }
}
