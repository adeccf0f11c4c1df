import {
  OV_ADDRESS, OV_BALANCE, OV_CODE, OV_CODE_LENGTH, OV_FLAGS, OV_NONCE, OV_SIZE, OV_SLOTS, OV_SLOT_COUNT, OV_SLOT_SIZE,
  OV_SLOT_VALUE, OVERRIDE_BALANCE, OVERRIDE_CODE, OVERRIDE_NONCE, OVERRIDE_STORAGE, R_OVERRIDES, R_OVERRIDE_COUNT,
} from '../abi/transaction'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { u256Copy, u256SetZero } from '../u256'
import { wordFromAddress } from '../u256/address'
import { internCode } from '../state/code'
import { needBalance, needCodeHash, needNonce } from '../journal/txReads'
import {
  A_BALANCE, A_BALANCE_BEFORE, A_CODE, A_CODE_BEFORE, A_FLAGS, A_NONCE, A_NONCE_BEFORE, A_SLOTS, BALANCE_KNOWN,
  CODE_KNOWN, EXISTED_BEFORE, EXISTS_KNOWN, NONCE_KNOWN, REPLACED, S_BEFORE, S_FLAGS, S_NEXT, S_VALUE, SLOT_KNOWN,
} from '../journal/txRecords'
import { txAccount, txSlot } from '../journal/txTable'
import { scratch } from '../evm/frames'

// What a question supposes of the state (the state overrides of eth_call). It holds as if it had been read: what the
// transaction changes is undone back to it, and a slot's original value (EIP-2200) is the one given.

/** Before anything else of the transaction of `record`. OK, or the status of a read. */
export function applyOverrides(record: usize): i32 {
  let entry = record + load<u32>(record, R_OVERRIDES)
  for (let left = load<u32>(record, R_OVERRIDE_COUNT); left > 0; left--) {
    wordFromAddress(entry + OV_ADDRESS, scratch)
    const account = txAccount(scratch)
    if (account == 0) return OUT_OF_SPACE
    let status = overrideAccount(record, entry, account)
    if (status == OK) status = overrideSlots(record, entry, account)
    if (status != OK) return status
    entry += OV_SIZE
  }
  return OK
}

/** All three are known from here on, so that whether the account is empty is asked of nobody else. */
function overrideAccount(record: usize, entry: usize, account: usize): i32 {
  const given = load<u32>(entry, OV_FLAGS)
  if (given & OVERRIDE_BALANCE) {
    u256Copy(entry + OV_BALANCE, account + A_BALANCE)
    u256Copy(entry + OV_BALANCE, account + A_BALANCE_BEFORE)
  } else {
    const status = needBalance(account)
    if (status != OK) return status
  }
  if (given & OVERRIDE_NONCE) {
    store<u64>(account, load<u64>(entry, OV_NONCE), A_NONCE)
    store<u64>(account, load<u64>(entry, OV_NONCE), A_NONCE_BEFORE)
  } else {
    const status = needNonce(account)
    if (status != OK) return status
  }
  if (given & OVERRIDE_CODE) {
    const length = load<u32>(entry, OV_CODE_LENGTH)
    const code: usize = length == 0 ? 0 : internCode(record + load<u32>(entry, OV_CODE), length, 0)
    if (code == 0 && length != 0) return OUT_OF_SPACE
    store<u32>(account, <u32>code, A_CODE)
    store<u32>(account, <u32>code, A_CODE_BEFORE)
  } else {
    const status = needCodeHash(account)
    if (status != OK) return status
  }
  const known = BALANCE_KNOWN | NONCE_KNOWN | CODE_KNOWN | EXISTS_KNOWN | EXISTED_BEFORE
  const replaced = given & OVERRIDE_STORAGE ? REPLACED : 0
  store<u32>(account, load<u32>(account, A_FLAGS) | known | replaced, A_FLAGS)
  return OK
}

/** In a sequence some may be known. */
function clearSlots(account: usize): void {
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    u256SetZero(slot + S_BEFORE)
    u256SetZero(slot + S_VALUE)
    store<u32>(slot, load<u32>(slot, S_FLAGS) | SLOT_KNOWN, S_FLAGS)
  }
}

function overrideSlots(record: usize, entry: usize, account: usize): i32 {
  if (load<u32>(entry, OV_FLAGS) & OVERRIDE_STORAGE) clearSlots(account)
  let at = record + load<u32>(entry, OV_SLOTS)
  for (let left = load<u32>(entry, OV_SLOT_COUNT); left > 0; left--) {
    const slot = txSlot(account, at, 0)
    if (slot == 0) return OUT_OF_SPACE
    u256Copy(at + OV_SLOT_VALUE, slot + S_BEFORE)
    u256Copy(at + OV_SLOT_VALUE, slot + S_VALUE)
    store<u32>(slot, load<u32>(slot, S_FLAGS) | SLOT_KNOWN, S_FLAGS)
    at += OV_SLOT_SIZE
  }
  return OK
}
