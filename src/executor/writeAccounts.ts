// The state changed from outside, between blocks: a block of one transaction that the executor's thread writes itself, so that
// difference, tries and source follow as they do after any block.
// Decision 39 (docs/adr/0039-a-state-to-develop-on.md).

import { BlockMode } from '../abi/core.generated.js'
import { decodeDiff } from '../abi/packedDiff.js'
import { ParallevmError } from '../errors.js'
import type { BlockResult } from '../types.js'
import { beginRoot, rootResult, rootWork } from '../wasm/stateRoot.js'
import { CoreTxState } from '../wasm/txState.js'
import { abortable } from './abortable.js'
import type { AccountWrite } from './accountWrite.js'
import { collectDifference } from './blockResult.js'
import type { RunContext } from './blockRun.js'
import { abandon, settle } from './settle.js'
import type { SharedState } from './sharedState.js'

/**
 * Writes all of them, or none when it throws.
 * @throws ParallevmError UNSUPPORTED for a state store, whose every state is that after a block; as BlockExecutor.execute
 */
export async function writeAccounts(
  { state, closing }: Pick<RunContext, 'state' | 'closing'>,
  writes: readonly AccountWrite[],
): Promise<void> {
  refuseStore(state)
  const wants = { root: false, advance: true }
  state.own.checkKnown()
  state.catchUp()
  state.begin()
  try {
    write(state, writes)
    const made = await changesOf(state, closing)
    const { rootBy } = state.capabilities
    await settle(state, made as BlockResult, { root: made.stateRoot ? rootBy : 'none' }, wants, closing, async () => {})
  } catch (error) {
    await abandon(state, error, wants, closing)
    throw error
  }
}

/** @throws ParallevmError UNSUPPORTED */
export function refuseStore({ capabilities }: SharedState): void {
  if (!capabilities.rows) return
  const instead = 'use `revert`, or a memoryState of its dump (dumpLines)'
  throw new ParallevmError(
    'UNSUPPORTED',
    `a state store holds what blocks make of a state, and nothing else: ${instead}`,
  )
}

function write({ block }: SharedState, writes: readonly AccountWrite[]): void {
  block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
  const tx = new CoreTxState(block)
  tx.begin(block.nextTask())
  for (const { address, exists, nonce, balance, codeHash, code, clears, slots } of writes) {
    const account = tx.account(address)
    if (nonce !== undefined) tx.setNonce(account, nonce)
    if (balance !== undefined) tx.setBalance(account, balance)
    if (code !== undefined) tx.setCode(account, code)
    if (codeHash !== undefined) tx.setCodeHash(account, codeHash)
    // A creation clears the storage before the slots that follow it.
    tx.setLife(account, exists, exists ? (clears ? 'created' : 'keep') : 'destroyed')
    for (const [key, value] of slots) tx.setStorage(tx.slot(account, key), value)
  }
  block.txEnd(new Uint8Array(0))
  block.nextTask()
}

/** The difference, and the root where there are tries to follow it. */
async function changesOf(
  state: SharedState,
  closing: AbortSignal,
): Promise<Pick<BlockResult, 'stateDiff' | 'stateRoot'> & { stats: { ms: { root: number; verify: number } } }> {
  const { block, reads, capabilities } = state
  const { rootBy, fetches } = capabilities
  const inCore = rootBy === 'core' && state.hasTries
  if (inCore) {
    beginRoot(block.core)
    rootWork(block.core)
  } else await collectDifference(block, reads, { fetches }, closing)
  const made = inCore ? rootResult(block.core) : undefined
  const stateDiff = decodeDiff(block.packDiff())
  const stateRoot = rootBy === 'host' ? await abortable(reads.root(), closing) : made
  return { stateDiff, ...(stateRoot && { stateRoot }), stats: { ms: { root: 0, verify: 0 } } }
}
