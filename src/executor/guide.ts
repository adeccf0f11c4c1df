// The access list that was given with a block (EIP-7928): what it is executed from, and what is fetched before.
// Decision 33 (docs/adr/0033-executing-from-a-list.md).

import { decodeAccessList } from '../abi/accessList.js'
import { Status } from '../abi/core.generated.js'
import { ITEM_GAS } from '../block/accessList.js'
import type { Header } from '../block/blockHeader.js'
import type { AccountAccess } from '../types.js'
import { type ListLimits, openList } from '../wasm/givenList.js'
import { abortable } from './abortable.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import type { SharedState } from './sharedState.js'

/** Of a list that nobody is held to: more than lie in memory. */
const UNLIMITED = 2 ** 32 - 1

type Meanwhile = (() => Promise<void>) | undefined

/** What is given with a block that runs. */
export interface Given {
  /** What this thread does first, while the workers execute. Never throws. */
  readonly meanwhile?: Meanwhile
  /** RLP of the access list: the block is executed from it, or what it names is fetched first. */
  readonly list?: Uint8Array | undefined
  /** Aborted when the executor is closed. */
  readonly closing: AbortSignal
}

/**
 * Runs the block that has begun. Its list is read while the threads recover senders: before that they execute nothing.
 * @param run what has all threads execute it, while this thread does what it is given first
 * @throws ListRefusal, OutOfSpaceError, or what `run` throws
 */
export async function guidedBy<T>(
  state: SharedState,
  { header, block: { count } }: BlockInput,
  plan: BlockPlan,
  { list, closing, meanwhile }: Given,
  run: (meanwhile: Meanwhile) => Promise<T>,
): Promise<T> {
  if (list === undefined) return run(meanwhile)
  const bring = (): Promise<void> => abortable(prefetch(state, list, Number(header.gasLimit / ITEM_GAS)), closing)
  if (plan.mode !== 'list') {
    if (plan.fetches) await bring()
    return run(meanwhile)
  }
  let failure: unknown
  const open = async (): Promise<void> => {
    try {
      if (plan.fetches) await bring()
      openList(state.block, list, limitsOf(header, count))
    } catch (error) {
      failure = error
      state.block.exports.blockFail(Status.MISGUIDED)
    }
    await meanwhile?.()
  }
  return run(open).catch((error: unknown) => {
    throw failure ?? error
  })
}

/** What the block's list may hold; that of a hardfork without lists may hold anything. */
function limitsOf(header: Header, transactions: number): ListLimits {
  const { gasLimit, common } = header
  const items = common.isActivatedEIP(7928) ? Number(gasLimit / ITEM_GAS) : UNLIMITED
  return { count: transactions + 2, items: Math.min(items, UNLIMITED), gasLimit }
}

/**
 * Brings everything that a list names into memory, at once: accounts and slots, then the codes of these accounts. What the
 * source does not have stays missing: it is asked for again by whoever needs it.
 */
async function prefetch({ reads, block }: SharedState, rlp: Uint8Array, most: number): Promise<void> {
  const accounts = namedBy(rlp)
  const items = accounts.reduce((sum, each) => sum + 1 + each.storageChanges.length + each.storageReads.length, 0)
  if (items > most) return
  await Promise.allSettled(
    accounts.flatMap(({ address, storageChanges, storageReads }) => [
      ...(block.knowsAccount(address) ? [] : [reads.load({ kind: 'account', address })]),
      ...[...storageChanges.map(({ key }) => key), ...storageReads]
        .filter((key) => !block.knowsSlot(address, key))
        .map((key) => reads.load({ kind: 'storage', address, key })),
    ]),
  )
  await Promise.allSettled(
    accounts.flatMap(({ address }) => {
      const codeHash = block.knowsAccount(address) ? block.baseAccount(address)?.codeHash : undefined
      return codeHash === undefined || block.hasCode(codeHash) ? [] : [reads.load({ kind: 'code', address, codeHash })]
    }),
  )
}

/** Nothing for bytes that are no list. */
function namedBy(rlp: Uint8Array): AccountAccess[] {
  try {
    return decodeAccessList(rlp)
  } catch {
    return []
  }
}
