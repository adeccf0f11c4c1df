import { D_FIELDS, D_UNCLES, D_WITHDRAWALS_ROOT } from '../abi/blockParts'
import { Q_BLOCK, Q_RECEIPTS, Q_TOTALS, Q_TX_COUNT, Q_TX_GROUPS, Q_WITHDRAWAL_GROUPS } from '../abi/blockRequest'
import { BR_ACCEPTED, BR_BODY, BR_ROOT, BR_TAKEN, BR_TX_ROOT, TOTALS_DONE } from '../abi/receipts'
import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE } from '../abi/slices'
import { OK } from '../abi/status'
import { keccak256 } from '../hash/keccak'
import { equal32 } from '../mem/bytes32'
import { context, THREAD_SCRATCH } from '../mem/thread'
import { bodyLeft, hashBody, transactionsRoot, withdrawalsRoot } from './body'
import { GROUPS_AT_ONCE, groupsRoot, taken } from './orderedGroups'
import { hashReceipts } from './receipts'
import { makeTotals } from './totals'

// The end of a block, of which other threads have done what they could: its totals, its roots, and whether its body is
// the one that its header commits to.

// Positions in every header (Yellow Paper 4.4.3).
const UNCLES_HASH: u32 = 1
const TRANSACTIONS_ROOT: u32 = 4

/**
 * Completes the BR record of the request, all of whose threads have left it: totals, receipts root where the request
 * has a place for it, and whether the body is the header's. OK or OUT_OF_SPACE.
 */
export function closeBlock(request: usize): i32 {
  const out: usize = load<u32>(request, Q_TOTALS)
  let status: i32 = OK
  if (load<u32>(out, BR_TAKEN) != TOTALS_DONE) status = makeTotals(request)
  if (status == OK) status = closeBody(request, out)
  if (status != OK || load<u32>(out, BR_ACCEPTED) == 0 || load<u32>(request, Q_RECEIPTS) == 0) return status
  const count = load<u32>(request, Q_TX_COUNT)
  do {
    status = hashReceipts(request, count, GROUPS_AT_ONCE)
    if (status != OK) return status
  } while (taken != 0)
  return groupsRoot(load<u32>(request, Q_RECEIPTS), count, out + BR_ROOT)
}

function closeBody(request: usize, out: usize): i32 {
  if (load<u32>(request, Q_TX_GROUPS) == 0) return OK
  while (bodyLeft(request) != 0) {
    const status = hashBody(request, GROUPS_AT_ONCE)
    if (status != OK) return status
  }
  const block: usize = load<u32>(request, Q_BLOCK)
  const hash = context + THREAD_SCRATCH
  let status = transactionsRoot(request, out + BR_TX_ROOT)
  if (status != OK) return status
  let same = isField(block, TRANSACTIONS_ROOT, out + BR_TX_ROOT)
  keccak256(load<u32>(block, D_UNCLES + SLICE_ADDRESS), load<u32>(block, D_UNCLES + SLICE_LENGTH), hash)
  same = same && isField(block, UNCLES_HASH, hash)
  if (load<u32>(request, Q_WITHDRAWAL_GROUPS) != 0) {
    status = withdrawalsRoot(request, hash)
    same = same && isField(block, load<u32>(block, D_WITHDRAWALS_ROOT), hash)
  }
  store<u32>(out, same ? 1 : 0, BR_BODY)
  return status
}

/** Whether a field of the header, which has 32 bytes, is this hash. */
function isField(block: usize, field: u32, hash: usize): bool {
  return equal32(load<u32>(block + D_FIELDS + (<usize>field + 1) * SLICE_SIZE, SLICE_ADDRESS), hash)
}
