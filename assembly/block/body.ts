import { D_WITHDRAWAL_COUNT, D_WITHDRAWAL_TABLE, WITHDRAWAL_SIZE } from '../abi/blockParts'
import { Q_BLOCK, Q_TXS, Q_TX_COUNT, Q_TX_GROUPS, Q_WITHDRAWAL_GROUPS } from '../abi/blockRequest'
import { GROUP_BITS, G_CURSOR } from '../abi/orderedGroups'
import { SCAN_SIZE } from '../abi/scan'
import { SLICE_ADDRESS, SLICE_LENGTH } from '../abi/slices'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { blockAlloc } from '../stm/txn'
import { groupsOf, groupsRoot, groupValues, hashGroups, LEAF_ROOM, takeGroups, taken } from './orderedGroups'

// The tries of a block's transactions and of its withdrawals (Yellow Paper 4.4.3, EIP-4895), straight from its bytes:
// in groups, by whatever thread has nothing to execute.
// Decision 23 (docs/adr/0023-a-block-is-its-bytes.md).

/** Groups that nobody has taken. */
export function bodyLeft(request: usize): u32 {
  const transactions = leftOf(load<u32>(request, Q_TX_GROUPS), load<u32>(request, Q_TX_COUNT))
  return transactions + leftOf(load<u32>(request, Q_WITHDRAWAL_GROUPS), withdrawals(request))
}

function leftOf(record: usize, count: u32): u32 {
  if (record == 0) return 0
  const groups = groupsOf(count)
  return groups - min(groups, atomic.load<u32>(record, G_CURSOR))
}

// @ts-ignore: decorator
@inline
function withdrawals(request: usize): u32 {
  return load<u32>(load<u32>(request, Q_BLOCK), D_WITHDRAWAL_COUNT)
}

/** Hashes up to `most` groups; `taken` says how many. OK or OUT_OF_SPACE. */
export function hashBody(request: usize, most: u32): i32 {
  const count = load<u32>(request, Q_TX_COUNT)
  const status = hash(load<u32>(request, Q_TX_GROUPS), load<u32>(request, Q_TXS), SCAN_SIZE, count, most)
  if (status != OK || taken != 0) return status
  const table = load<u32>(load<u32>(request, Q_BLOCK), D_WITHDRAWAL_TABLE)
  return hash(load<u32>(request, Q_WITHDRAWAL_GROUPS), table, WITHDRAWAL_SIZE, withdrawals(request), most)
}

/** Of a trie of `count` values, whose slices begin the records at `table`. */
function hash(record: usize, table: usize, size: usize, count: u32, most: u32): i32 {
  const first = takeGroups(record, record == 0 ? 0 : groupsOf(count), most)
  if (taken == 0) return OK
  const end = min(count, (first + taken) << GROUP_BITS)
  let value = groupValues()
  for (let index = first << GROUP_BITS; index < end; index++) {
    const slice = table + <usize>index * size
    const length: usize = load<u32>(slice, SLICE_LENGTH)
    // A leaf is made around its value, and in a block values lie side by side.
    const room = blockAlloc(LEAF_ROOM + length)
    if (room == 0) return OUT_OF_SPACE
    copyBytes(room + LEAF_ROOM, load<u32>(slice, SLICE_ADDRESS), length)
    store<u32>(value, <u32>(room + LEAF_ROOM), SLICE_ADDRESS)
    store<u32>(value, <u32>length, SLICE_LENGTH)
    value += 8
  }
  hashGroups(record, first, taken, count)
  return OK
}

/** Root of the trie of transactions to `out`; all of its groups are hashed. OK or OUT_OF_SPACE. */
export function transactionsRoot(request: usize, out: usize): i32 {
  return groupsRoot(load<u32>(request, Q_TX_GROUPS), load<u32>(request, Q_TX_COUNT), out)
}

/** The same of withdrawals, of a block that has a list of them. */
export function withdrawalsRoot(request: usize, out: usize): i32 {
  return groupsRoot(load<u32>(request, Q_WITHDRAWAL_GROUPS), withdrawals(request), out)
}
