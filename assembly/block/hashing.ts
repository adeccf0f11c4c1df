import { FLAG_TX_ROOTS, Q_FLAGS, Q_RECEIPTS, Q_TX_COUNT } from '../abi/blockRequest'
import { G_CURSOR, GROUP_BITS } from '../abi/orderedGroups'
import { OK } from '../abi/status'
import { BLOCK_COUNT, BLOCK_THREADS, FRONT, NONE, HASHING_AT } from '../stm/block'
import { leavesOut } from '../stm/room'
import { bodyLeft, hashBody } from './body'
import { GROUPS_AT_ONCE, groupsOf, taken } from './orderedGroups'
import { hashReceipts } from './receipts'
import { takeTotals } from './totals'

// What threads of a block do besides executing it: hashing of its body, and of receipts of committed transactions.
// Decisions 20 and 23 (docs/adr/0020-receipts-while-transactions-run.md, docs/adr/0023-a-block-is-its-bytes.md).

/** Most groups that a thread hashes while it waits for a transaction: it must not be missed for long. */
const GROUPS_MEANWHILE: u32 = 2

let request: usize = 0

/** Takes the block's request. */
export function hashingBegin(at: usize): void {
  request = at
  announce()
}

/** Groups of receipts that can be made before the block's end: none where they hold roots that the host makes. */
function receiptsLeft(): u32 {
  const record: usize = load<u32>(request, Q_RECEIPTS)
  if (record == 0 || (load<u32>(request, Q_FLAGS) & FLAG_TX_ROOTS) != 0) return 0
  const groups = groupsOf(load<u32>(request, Q_TX_COUNT))
  return groups - min(groups, atomic.load<u32>(record, G_CURSOR))
}

/**
 * Says from which front on there is more to hash: at once while some of the body is left, then when the group of
 * receipts that is taken next is committed as a whole. Index 0 is the block's own work, so transaction i is committed
 * once FRONT is i + 2.
 */
function announce(): void {
  const left = receiptsLeft()
  const count = load<u32>(request, Q_TX_COUNT)
  const next = min(count, (groupsOf(count) - left + 1) << GROUP_BITS) + 1
  atomic.store<u32>(HASHING_AT, bodyLeft(request) != 0 ? 0 : left == 0 ? NONE : next)
}

/** Hashes a little of what can be hashed now. OK or OUT_OF_SPACE. */
export function hashSome(): i32 {
  return hash(GROUPS_MEANWHILE)
}

/**
 * Hashes until all is taken that can be, which is all once all transactions are committed; then one thread adds up what
 * they came to. OK or OUT_OF_SPACE.
 */
export function hashRest(): i32 {
  if (atomic.load<u32>(FRONT) == load<u32>(BLOCK_COUNT)) {
    const status = takeTotals(request)
    if (status != OK) return status
  }
  while (!leavesOut()) {
    const left = bodyLeft(request) + receiptsLeft()
    const status = hash(max(1, min(GROUPS_AT_ONCE, left / load<u32>(BLOCK_THREADS))))
    if (status != OK || taken == 0) return status
  }
  return OK
}

function hash(most: u32): i32 {
  if (leavesOut()) {
    atomic.store<u32>(HASHING_AT, NONE)
    return OK
  }
  let status = hashBody(request, most)
  if (status == OK && taken == 0 && receiptsLeft() != 0) {
    const front = atomic.load<u32>(FRONT)
    const committed = front == 0 ? 0 : min(front - 1, load<u32>(request, Q_TX_COUNT))
    status = hashReceipts(request, committed, most)
  }
  announce()
  return status
}
