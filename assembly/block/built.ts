import {
  Q_RECORDS, Q_SENDERS, Q_TOTALS, Q_TXS, Q_TX_COUNT, Q_TX_GROUPS, Q_TX_ROOTS, Q_WITHDRAWAL_GROUPS,
} from '../abi/blockRequest'
import { BR_SIZE } from '../abi/receipts'
import { SCAN_SIZE } from '../abi/scan'
import { OUTCOME_SUCCESS, O_KIND } from '../abi/transaction'
import { copyBytes, fillBytes } from '../mem/bulk'
import { moveOutcome, outcomeOf } from '../stm/report'

// A block that was built: what its candidates came to, without those that were left out.

/**
 * Takes the transactions that were refused out of the request, whose threads have all left it: from here on it is that
 * of the built block, which closeBlock ends. Their number; the index of each is found in `indexes`, u32 each. What was
 * added up and hashed already is that of all: it stays where none was refused.
 */
export function keepExecuted(request: usize, indexes: usize): u32 {
  const count = load<u32>(request, Q_TX_COUNT)
  let kept: u32 = 0
  for (let index: u32 = 0; index < count; index++) {
    const outcome = outcomeOf(index + 1)
    if (outcome == 0 || load<u8>(outcome, O_KIND) > OUTCOME_SUCCESS) continue
    move(request, Q_TXS, index, kept, SCAN_SIZE)
    move(request, Q_SENDERS, index, kept, 20)
    move(request, Q_RECORDS, index, kept, 4)
    if (load<u32>(request, Q_TX_ROOTS) != 0) move(request, Q_TX_ROOTS, index, kept, 32)
    moveOutcome(index + 1, kept + 1)
    store<u32>(indexes + (<usize>kept << 2), index)
    kept += 1
  }
  if (kept == count) return kept
  moveOutcome(count + 1, kept + 1)
  store<u32>(request, kept, Q_TX_COUNT)
  fillBytes(load<u32>(request, Q_TOTALS), 0, BR_SIZE)
  store<u32>(request, 0, Q_TX_GROUPS)
  store<u32>(request, 0, Q_WITHDRAWAL_GROUPS)
  return kept
}

function move(request: usize, field: usize, from: u32, to: u32, size: usize): void {
  const table: usize = load<u32>(request + field)
  if (from != to) copyBytes(table + <usize>to * size, table + <usize>from * size, size)
}
