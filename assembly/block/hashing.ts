import { FLAG_TX_ROOTS, Q_FLAGS, Q_RECEIPTS, Q_TX_COUNT } from '../abi/blockRequest'
import { G_CURSOR, GROUP_BITS } from '../abi/orderedGroups'
import { OK } from '../abi/status'
import { BLOCK_THREADS, FRONT, NONE, RECEIPTS_AT } from '../stm/block'
import { GROUPS_AT_ONCE, groupsOf, taken } from './orderedGroups'
import { hashReceipts } from './receipts'

// What threads of a block hash besides executing it: receipts of committed transactions.
// Decision 20 (docs/adr/0020-receipts-while-transactions-run.md).

/** Most groups that a thread hashes while it waits for a transaction: it must not be missed for long. */
const GROUPS_MEANWHILE: u32 = 2

let request: usize = 0

/** Takes the block's request. */
export function hashingBegin(at: usize): void {
  request = at
  announce()
}

/** Whether the receipts of a block can be made before its end: not where they hold roots that the host makes. */
function early(): bool {
  return load<u32>(request, Q_RECEIPTS) != 0 && (load<u32>(request, Q_FLAGS) & FLAG_TX_ROOTS) == 0
}

/**
 * Says from which front on there is more to hash: when the group that is taken next is committed as a whole. Index 0 is
 * the block's own work, so transaction i is committed once FRONT is i + 2.
 */
function announce(): void {
  const count = load<u32>(request, Q_TX_COUNT)
  const next = early() ? atomic.load<u32>(load<u32>(request, Q_RECEIPTS), G_CURSOR) : groupsOf(count)
  atomic.store<u32>(RECEIPTS_AT, next >= groupsOf(count) ? NONE : min(count, (next + 1) << GROUP_BITS) + 1)
}

/** Hashes a little of what can be hashed now. OK or OUT_OF_SPACE. */
export function hashSome(): i32 {
  return hash(GROUPS_MEANWHILE)
}

/** After all transactions are committed: hashes until all is taken. OK or OUT_OF_SPACE. */
export function hashRest(): i32 {
  while (early()) {
    const groups = groupsOf(load<u32>(request, Q_TX_COUNT))
    const left = groups - min(groups, atomic.load<u32>(load<u32>(request, Q_RECEIPTS), G_CURSOR))
    const status = hash(max(1, min(GROUPS_AT_ONCE, left / load<u32>(BLOCK_THREADS))))
    if (status != OK) return status
    if (taken == 0) break
  }
  return OK
}

function hash(most: u32): i32 {
  const front = atomic.load<u32>(FRONT)
  const committed = front == 0 ? 0 : min(front - 1, load<u32>(request, Q_TX_COUNT))
  const status = hashReceipts(request, committed, most)
  announce()
  return status
}
