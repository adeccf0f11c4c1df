import { SPURIOUS_DRAGON } from '../abi/forks'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { u256Add, u256Copy, u256IsZero, u256Lt, u256SetZero } from '../u256'
import {
  txBalanceAtLeast,
  txExists,
  txHasStorage,
  txIsEmpty,
  txNeedBytes,
  txReadBalance,
  txReadCodeRecord,
  txReadNonce,
  txReadSlot,
} from '../stm/txn'
import { CODE_BYTES, CODE_LENGTH } from '../abi/state'
import { internSlot } from '../state/slots'
import { TX_SCRATCH, txBlock } from './txMemory'
import {
  A_BALANCE,
  A_BALANCE_BEFORE,
  A_CODE,
  A_CODE_BEFORE,
  A_FLAGS,
  A_NONCE,
  A_NONCE_BEFORE,
  A_RECORD,
  A_SLOTS,
  BALANCE_KNOWN,
  CODE_KNOWN,
  CREATED,
  EMPTY_BEFORE,
  EMPTY_KNOWN,
  EXISTED_BEFORE,
  EXISTS_KNOWN,
  NONCE_KNOWN,
  REPLACED,
  S_ACCOUNT,
  S_BEFORE,
  S_FLAGS,
  S_KEY,
  S_NEXT,
  S_RECORD,
  S_VALUE,
  SLOT_KNOWN,
  SLOT_SEEN,
  TOUCHED,
} from './txRecords'
import { fork } from '../fork'

// Lazy reads: a value is asked of the versioned state when the transaction first needs it, and only then becomes a
// dependency. Every function returns a status of mem/layout.ts; anything but OK ends the run of the transaction.

/** Afterwards A_BALANCE is the balance. */
export function needBalance(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & BALANCE_KNOWN) return OK
  const status = txReadBalance(load<u32>(account, A_RECORD), account + A_BALANCE_BEFORE)
  if (status != OK) return status
  u256Add(account + A_BALANCE, account + A_BALANCE_BEFORE, account + A_BALANCE)
  store<u32>(account, flags | BALANCE_KNOWN, A_FLAGS)
  return OK
}

export function needNonce(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & NONCE_KNOWN) return OK
  const out = txBlock + TX_SCRATCH
  const status = txReadNonce(load<u32>(account, A_RECORD), out)
  if (status != OK) return status
  store<u64>(account, load<u64>(out), A_NONCE)
  store<u64>(account, load<u64>(out), A_NONCE_BEFORE)
  store<u32>(account, flags | NONCE_KNOWN, A_FLAGS)
  return OK
}

/** Afterwards A_CODE is the record of the code; its hash is there, its bytes need not be. */
export function needCodeHash(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & CODE_KNOWN) return OK
  const out = txBlock + TX_SCRATCH
  const status = txReadCodeRecord(load<u32>(account, A_RECORD), out)
  if (status != OK) return status
  const code = load<u32>(out)
  store<u32>(account, code, A_CODE)
  store<u32>(account, code, A_CODE_BEFORE)
  store<u32>(account, flags | CODE_KNOWN, A_FLAGS)
  return OK
}

/** Afterwards A_CODE is the record of the code with its bytes. */
export function needCode(account: usize): i32 {
  const status = needCodeHash(account)
  return status == OK ? txNeedBytes(load<u32>(account, A_RECORD), load<u32>(account, A_CODE)) : status
}

/** Whether the account is empty now (EIP-161), in `answer`. Reads as little as decides it. */
export function needEmpty(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if (
    (flags & NONCE_KNOWN && load<u64>(account, A_NONCE) != 0) ||
    (flags & CODE_KNOWN && load<u32>(account, A_CODE) != 0) ||
    // An unread balance plus a credit is not zero: the sum of all balances is below 2^256.
    !u256IsZero(account + A_BALANCE)
  ) {
    answer = false
    return OK
  }
  const all = BALANCE_KNOWN | NONCE_KNOWN | CODE_KNOWN
  if ((flags & all) == all) {
    answer = true
    return OK
  }
  // A part that is known to be zero may have been something else before; then the predicate about the state before the
  // transaction does not tell, and the missing parts are read.
  if (
    (flags & BALANCE_KNOWN && !u256IsZero(account + A_BALANCE_BEFORE)) ||
    (flags & NONCE_KNOWN && load<u64>(account, A_NONCE_BEFORE) != 0) ||
    (flags & CODE_KNOWN && load<u32>(account, A_CODE_BEFORE) != 0)
  ) {
    let status = needNonce(account)
    if (status == OK) status = needCodeHash(account)
    if (status == OK) status = needBalance(account)
    if (status != OK) return status
    answer =
      load<u64>(account, A_NONCE) == 0 && load<u32>(account, A_CODE) == 0 && u256IsZero(account + A_BALANCE)
    return OK
  }
  return needEmptyBefore(account)
}

function needEmptyBefore(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if ((flags & EMPTY_KNOWN) == 0) {
    const out = txBlock + TX_SCRATCH
    const status = txIsEmpty(load<u32>(account, A_RECORD), out)
    if (status != OK) return status
    const yes: u32 = load<u32>(out) != 0 ? EMPTY_BEFORE : 0
    store<u32>(account, flags | EMPTY_KNOWN | yes, A_FLAGS)
  }
  answer = (load<u32>(account, A_FLAGS) & EMPTY_BEFORE) != 0
  return OK
}

/** Whether the account existed before the transaction, in `answer`. */
export function needExistedBefore(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if ((flags & EXISTS_KNOWN) == 0) {
    const out = txBlock + TX_SCRATCH
    const status = txExists(load<u32>(account, A_RECORD), out)
    if (status != OK) return status
    const yes: u32 = load<u32>(out) != 0 ? EXISTED_BEFORE : 0
    store<u32>(account, flags | EXISTS_KNOWN | yes, A_FLAGS)
  }
  answer = (load<u32>(account, A_FLAGS) & EXISTED_BEFORE) != 0
  return OK
}

/** Whether a call or a SELFDESTRUCT to the account creates it, in `answer`: absent, or since EIP-161 empty. */
export function needDead(account: usize): i32 {
  if (fork >= SPURIOUS_DRAGON) return needEmpty(account)
  if (load<u32>(account, A_FLAGS) & (TOUCHED | CREATED)) {
    answer = false
    return OK
  }
  const status = needExistedBefore(account)
  if (status != OK) return status
  answer = !answer && u256IsZero(account + A_BALANCE)
  return OK
}

/** Whether the balance is at least `bound`, in `answer`: recorded as that predicate when nothing was added to it. */
export function needBalanceAtLeast(account: usize, bound: usize): i32 {
  if (load<u32>(account, A_FLAGS) & BALANCE_KNOWN) {
    answer = !u256Lt(account + A_BALANCE, bound)
    return OK
  }
  const out = txBlock + TX_SCRATCH
  const status = txBalanceAtLeast(load<u32>(account, A_RECORD), bound, out)
  if (status != OK) return status
  answer = load<u32>(out) != 0
  return OK
}

/** Whether an account with neither nonce nor code has storage nevertheless (EIP-7610), in `answer`. */
export function needStorage(account: usize): i32 {
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    answer = (load<u32>(slot, S_FLAGS) & SLOT_KNOWN) != 0 && !u256IsZero(slot + S_BEFORE)
    if (answer) return OK
  }
  answer = false
  if (load<u32>(account, A_FLAGS) & REPLACED) return OK
  const out = txBlock + TX_SCRATCH
  const status = txHasStorage(load<u32>(account, A_RECORD), out)
  if (status != OK) return status
  answer = load<u32>(out) != 0
  return OK
}

/** The result of the predicates above. */
export let answer: bool = false

/** Afterwards S_VALUE and S_BEFORE hold. Not for transient slots: those start known. */
export function needSlot(slot: usize): i32 {
  const flags = load<u32>(slot, S_FLAGS)
  if (flags & SLOT_SEEN) return OK
  if (flags & SLOT_KNOWN) {
    store<u32>(slot, flags | SLOT_SEEN, S_FLAGS)
    return OK
  }
  const account: usize = load<u32>(slot, S_ACCOUNT)
  if (load<u32>(account, A_FLAGS) & (CREATED | REPLACED)) {
    // The storage of a contract under creation is empty (EIP-7610), whatever lies in the state.
    u256SetZero(slot + S_BEFORE)
  } else {
    const status = needSlotRecord(slot)
    if (status != OK) return status
    const read = txReadSlot(load<u32>(slot, S_RECORD), slot + S_BEFORE)
    if (read != OK) return read
  }
  u256Copy(slot + S_BEFORE, slot + S_VALUE)
  store<u32>(slot, flags | SLOT_KNOWN | SLOT_SEEN, S_FLAGS)
  return OK
}

/** Interns the slot in the shared tables. */
export function needSlotRecord(slot: usize): i32 {
  if (load<u32>(slot, S_RECORD) != 0) return OK
  const account: usize = load<u32>(slot, S_ACCOUNT)
  const record = internSlot(load<u32>(account, A_RECORD), slot + S_KEY)
  if (record == 0) return OUT_OF_SPACE
  store<u32>(slot, <u32>record, S_RECORD)
  return OK
}

/** Bytes of a code record: 0 and 0 for no code. */
// @ts-ignore: decorator
@inline
export function codeBytes(code: usize): usize {
  return code == 0 ? 0 : <usize>load<u32>(code, CODE_BYTES)
}
// @ts-ignore: decorator
@inline
export function codeLength(code: usize): u32 {
  return code == 0 ? 0 : load<u32>(code, CODE_LENGTH)
}
