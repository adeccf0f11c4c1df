import {
  NOTE_ACCOUNT, NOTE_FLAGS, NOTE_SIZE, NOTE_SLOT_SIZE, NOTE_SLOT_WRITTEN, NOTE_SLOTS, NOTED_BALANCE, NOTED_CODE,
  NOTED_CREDIT,
  NOTED_NONCE,
} from '../abi/accessList'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { blockAlloc, txNotes } from '../stm/txn'
import { u256Copy, u256Eq, u256IsZero } from '../u256'
import { needSlotRecord } from './txReads'
import {
  A_BALANCE, A_BALANCE_BEFORE, A_CODE, A_CODE_BEFORE, A_FLAGS, A_NEXT, A_NONCE, A_NONCE_BEFORE, A_RECORD, A_SLOTS,
  BALANCE_KNOWN, CODE_KNOWN, DESTROYED, NONCE_KNOWN, S_BEFORE, S_FLAGS, S_NEXT, S_RECORD, S_VALUE, SEEN, SLOT_SEEN,
} from './txRecords'
import { firstAccount } from './txTable'

// What the running transaction touched, as it stands at its end: accounts that the EVM looked at, values that differ
// from those before, slots. In memory of the block, for the access list that is made of the committed transactions'
// notes.
// Decision 30 (docs/adr/0030-access-lists-from-notes.md).

/** Whether transactions note at all. Of this thread's instance: set when it enters a block. */
export let noting: bool = false

export function setNoting(value: bool): void {
  noting = value
}

/** After the last change. OK or OUT_OF_SPACE. */
export function noteAccesses(): i32 {
  let size: usize = 16
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) size += sizeOf(account)
  const at = blockAlloc(size)
  if (at == 0) return OUT_OF_SPACE
  let count: u32 = 0
  let end = at + 16
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    if ((load<u32>(account, A_FLAGS) & SEEN) == 0) continue
    end = writeAccount(account, end)
    if (end == 0) return OUT_OF_SPACE
    count += 1
  }
  store<u32>(at, count)
  txNotes(at)
  return OK
}

/** NOTED_* of what the transaction changed of the account. */
export function changesOf(account: usize): u32 {
  const flags = load<u32>(account, A_FLAGS)
  let changes: u32 = 0
  if (flags & BALANCE_KNOWN) {
    if (!u256Eq(account + A_BALANCE, account + A_BALANCE_BEFORE)) changes = NOTED_BALANCE
  } else if (!u256IsZero(account + A_BALANCE)) changes = NOTED_CREDIT
  if (flags & NONCE_KNOWN && nonceAfter(account) != load<u64>(account, A_NONCE_BEFORE)) changes |= NOTED_NONCE
  if (flags & CODE_KNOWN && codeAfter(account) != load<u32>(account, A_CODE_BEFORE)) changes |= NOTED_CODE
  return changes
}

/** Who is destroyed has neither nonce nor code. */
// @ts-ignore: decorator
@inline
export function nonceAfter(account: usize): u64 {
  return load<u32>(account, A_FLAGS) & DESTROYED ? 0 : load<u64>(account, A_NONCE)
}

/** A code record, 0 for no code. */
// @ts-ignore: decorator
@inline
export function codeAfter(account: usize): u32 {
  return load<u32>(account, A_FLAGS) & DESTROYED ? 0 : load<u32>(account, A_CODE)
}

// @ts-ignore: decorator
@inline
export function isWritten(slot: usize, destroyed: u32): bool {
  return destroyed == 0 && !u256Eq(slot + S_VALUE, slot + S_BEFORE)
}

function sizeOf(account: usize): usize {
  const flags = load<u32>(account, A_FLAGS)
  if ((flags & SEEN) == 0) return 0
  const changes = changesOf(account)
  let size: usize = NOTE_SIZE + 8 * <usize>popcnt(changes & (NOTED_NONCE | NOTED_CODE))
  if (changes & (NOTED_BALANCE | NOTED_CREDIT)) size += 32
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    if (load<u32>(slot, S_FLAGS) & SLOT_SEEN) size += NOTE_SLOT_SIZE + (isWritten(slot, flags & DESTROYED) ? 32 : 0)
  }
  return size
}

/** Returns the address behind it; 0 when out of space. */
function writeAccount(account: usize, at: usize): usize {
  const changes = changesOf(account)
  store<u32>(at, load<u32>(account, A_RECORD), NOTE_ACCOUNT)
  store<u32>(at, changes, NOTE_FLAGS)
  let end = at + NOTE_SIZE
  if (changes & (NOTED_BALANCE | NOTED_CREDIT)) {
    u256Copy(account + A_BALANCE, end)
    end += 32
  }
  if (changes & NOTED_NONCE) {
    store<u64>(end, nonceAfter(account))
    end += 8
  }
  if (changes & NOTED_CODE) {
    store<u32>(end, codeAfter(account))
    end += 8
  }
  const destroyed = load<u32>(account, A_FLAGS) & DESTROYED
  let slots: u32 = 0
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    if ((load<u32>(slot, S_FLAGS) & SLOT_SEEN) == 0) continue
    if (needSlotRecord(slot) != OK) return 0
    const written = isWritten(slot, destroyed)
    store<u32>(end, load<u32>(slot, S_RECORD))
    store<u32>(end, u32(written), NOTE_SLOT_WRITTEN)
    end += NOTE_SLOT_SIZE
    if (written) {
      u256Copy(slot + S_VALUE, end)
      end += 32
    }
    slots += 1
  }
  store<u32>(at, slots, NOTE_SLOTS)
  return end
}
