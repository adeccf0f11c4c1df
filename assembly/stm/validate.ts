import { STAT_CONFLICTS, STAT_VALIDATIONS } from '../abi/stats'
import { BLOCKED, OK } from '../abi/status'
import { context, THREAD_TEMP2 } from '../mem/thread'
import { equal32 } from '../mem/bytes32'
import { KIND_LIFE, KIND_SLOT, LOC_KIND } from '../abi/state'
import {
  READ_EMPTY,
  READ_EXISTS,
  READ_HAS_STORAGE,
  READ_KIND,
  READ_NEXT,
  READ_SEEN,
  READ_SLOT,
  READ_TARGET,
  READ_VALUE,
  READ_WORD,
} from './readWriteSet'
import { forgetLearned, readTooEarly } from './crowded'
import { lookAllow } from './look'
import { count } from './stats'
import { answer, readBalanceAtLeast, readEmpty, readExists, readHasStorage, readSlotValue, readValue } from './versions'

// Validation compares what a transaction saw with what it would see now, by value: a lower transaction that wrote the
// same again invalidates nobody.

/**
 * Whether a transaction's reads (a list, latest first) would give the same now. A read that meets an ESTIMATE counts as
 * unchanged: when the transaction behind it has run again, it asks for validation anew. There is none when all lower
 * ones are committed.
 */
export function readsHold(reads: usize, index: u32): bool {
  count(STAT_VALIDATIONS)
  const allowed = lookAllow(false)
  const hold = compare(reads, index)
  lookAllow(allowed)
  return hold
}

function compare(reads: usize, index: u32): bool {
  const word = context + THREAD_TEMP2
  let hold = true
  forgetLearned()
  for (let read = reads; read != 0; read = load<u32>(read, READ_NEXT)) {
    const kind = load<u32>(read, READ_KIND)
    const target: usize = load<u32>(read, READ_TARGET)
    let status: i32
    let same = false
    if (kind == READ_VALUE) {
      status = readValue(target, index, word)
      same = equal32(word, read + READ_WORD)
    } else if (kind == READ_SLOT) {
      status = readSlotValue(target, index, word)
      same = equal32(word, read + READ_WORD)
    } else {
      if (kind == READ_EXISTS) status = readExists(target, index)
      else if (kind == READ_EMPTY) status = readEmpty(target, index)
      else if (kind == READ_HAS_STORAGE) status = readHasStorage(target, index)
      else status = readBalanceAtLeast(target, index, read + READ_WORD)
      same = <u32>answer == load<u32>(read, READ_SEEN)
    }
    // Any other status (a base value that nobody needed before is missing) is for the next execution to report.
    if (status == BLOCKED || (status == OK && same)) continue
    // All slots that were read too early are noted, not only the first that is met: the transaction is to wait at each.
    if (kind == READ_SLOT) readTooEarly(target, index)
    if (!hold) continue
    hold = false
    let column = KIND_SLOT
    if (kind == READ_VALUE) column = load<u32>(target, LOC_KIND)
    else if (kind == READ_HAS_STORAGE) column = KIND_LIFE
    else if (kind != READ_SLOT) column = KIND_SLOT + 1 + (kind - READ_EXISTS)
    count(STAT_CONFLICTS + (<usize>column << 2))
  }
  return hold
}
