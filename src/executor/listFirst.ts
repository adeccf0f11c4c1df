// A block from the access list that was given with it, and without where that list is not true (EIP-7928).
// Decision 34 (docs/adr/0034-executing-from-a-list.md).
import type { BlockHeader } from '@ethereumjs/block'
import { decodeAccessList } from '../abi/accessList.js'
import { ITEM_GAS } from '../block/accessList.js'
import type { AccountAccess } from '../types.js'
import type { ListLimits } from '../wasm/givenList.js'
import type { SharedState } from './sharedState.js'

/** Of a list that nobody is held to: more than lie in memory. */
const UNLIMITED = 2 ** 32 - 1

/** What the block's list may hold; that of a hardfork without lists may hold anything. */
export function listLimits(header: BlockHeader, transactions: number): ListLimits {
  const { gasLimit, common } = header
  const items = common.isActivatedEIP(7928) ? Number(gasLimit / ITEM_GAS) : UNLIMITED
  return { count: transactions + 2, items: Math.min(items, UNLIMITED), gasLimit }
}

/**
 * Brings everything that a list names into memory, at once: accounts and slots, then the codes of these accounts. What the
 * source does not have stays missing: it is asked for again by whoever needs it.
 */
export async function prefetch({ reads, block }: SharedState, rlp: Uint8Array, most: number): Promise<void> {
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
