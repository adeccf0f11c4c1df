// The access list that a block is executed from (assembly/block/givenList.ts).
import { Status } from '../abi/core.generated.js'
import type { BlockCore } from './blockCore.js'
import { memoryView } from './memoryView.js'

/** The block cannot be executed from the list that was given. Says nothing about the block: it is executed without. */
export class ListRefusal extends Error {}

/** What a list is read with. */
export interface ListLimits {
  /** Transactions of the block, its own work included. */
  count: number
  /** The most addresses and slots. */
  items: number
  /** Of the block. */
  gasLimit: bigint
}

/**
 * Has the block that has begun read the list; before any thread enters it.
 * @throws ListRefusal, OutOfSpaceError
 */
export function openList(block: BlockCore, rlp: Uint8Array, { count, items, gasLimit }: ListLimits): void {
  const memory = memoryView(block)
  const at = memory.blockAlloc(rlp.length)
  memory.bytes(at, rlp.length).set(rlp)
  const status = block.exports.openList(at, rlp.length, count, items, gasLimit)
  if (status === Status.MALFORMED) throw new ListRefusal('it is no access list, or has too many addresses and slots')
  block.check(status, 'the access list')
}

/**
 * All transactions of the block are executed: they did what the list claims, and nothing else.
 * @returns addresses and slots in it
 * @throws ListRefusal
 */
export function checkListMet({ exports }: BlockCore): number {
  const left = exports.givenLeft() >>> 0
  if (left !== 0) throw new ListRefusal(`${left} of its claims, addresses and slots were met by no transaction`)
  return exports.givenItems() >>> 0
}
