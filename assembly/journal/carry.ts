import { SPURIOUS_DRAGON } from '../abi/forks'
import { OK } from '../abi/status'
import { fork, keepsBalance } from '../fork'
import { u256Copy, u256Eq, u256IsZero, u256SetZero } from '../u256'
import { journalCarry } from './journal'
import { precompileOf } from './precompileSet'
import { answer, needBalance, needCodeHash, needEmpty, needNonce } from './txReads'
import {
  A_BALANCE, A_BALANCE_BEFORE, A_CODE, A_CODE_BEFORE, A_FLAGS, A_NEXT, A_NONCE, A_NONCE_BEFORE, A_PRECOMPILE, A_SLOTS,
  BALANCE_KNOWN, CODE_KNOWN, CREATED, DESTROYED, EMPTY_BEFORE, EMPTY_KNOWN, EXISTED_BEFORE, EXISTS_KNOWN,
  NONCE_KNOWN, REPLACED, S_BEFORE, S_FLAGS, S_NEXT, S_VALUE, SLOT_KNOWN, TOUCHED, WARM,
} from './txRecords'
import { firstAccount, firstTransient } from './txTable'

// From one transaction of a sequence to the next: what the first one left is what the second one finds, in the same
// records. Nothing of it is written anywhere else.

const FACTS: u32 =
  BALANCE_KNOWN | NONCE_KNOWN | CODE_KNOWN | EMPTY_KNOWN | EMPTY_BEFORE | EXISTS_KNOWN | EXISTED_BEFORE | REPLACED

/** Between two transactions. OK, or the status of a read. */
export function carryOn(): i32 {
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const status = carry(account)
    if (status != OK) return status
  }
  for (let slot = firstTransient; slot != 0; slot = load<u32>(slot, S_NEXT)) u256SetZero(slot + S_VALUE)
  journalCarry()
  return OK
}

function carry(account: usize): i32 {
  if (load<u32>(account, A_FLAGS) & DESTROYED) destroy(account)
  if (load<u32>(account, A_FLAGS) & (TOUCHED | CREATED | DESTROYED) || changed(account)) {
    const status = settle(account)
    if (status != OK) return status
  }
  const flags = load<u32>(account, A_FLAGS)
  u256Copy(account + A_BALANCE, account + A_BALANCE_BEFORE)
  store<u64>(account, load<u64>(account, A_NONCE), A_NONCE_BEFORE)
  store<u32>(account, load<u32>(account, A_CODE), A_CODE_BEFORE)
  // The next one may be under other rules.
  const precompile = precompileOf(account)
  store<u32>(account, precompile, A_PRECOMPILE)
  const replaced = flags & CREATED ? REPLACED : 0
  store<u32>(account, (flags & FACTS) | replaced | (precompile != 0 ? WARM : 0), A_FLAGS)
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    u256Copy(slot + S_VALUE, slot + S_BEFORE)
    store<u32>(slot, load<u32>(slot, S_FLAGS) & SLOT_KNOWN, S_FLAGS)
  }
  return OK
}

/** All of the account is known from here on, also whether it exists: nobody else is asked what it was before. */
function settle(account: usize): i32 {
  let status = needBalance(account)
  if (status == OK) status = needNonce(account)
  if (status == OK) status = needCodeHash(account)
  if (status == OK) status = needEmpty(account)
  if (status != OK) return status
  const flags = load<u32>(account, A_FLAGS) & ~(EMPTY_KNOWN | EMPTY_BEFORE | EXISTED_BEFORE)
  const exists = fork >= SPURIOUS_DRAGON || flags & DESTROYED ? !answer : true
  store<u32>(account, flags | EXISTS_KNOWN | (exists ? EXISTED_BEFORE : 0), A_FLAGS)
  return OK
}

function changed(account: usize): bool {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & BALANCE_KNOWN) {
    if (!u256Eq(account + A_BALANCE, account + A_BALANCE_BEFORE)) return true
  } else if (!u256IsZero(account + A_BALANCE)) return true
  return (
    (flags & NONCE_KNOWN && load<u64>(account, A_NONCE) != load<u64>(account, A_NONCE_BEFORE)) ||
    (flags & CODE_KNOWN && load<u32>(account, A_CODE) != load<u32>(account, A_CODE_BEFORE))
  )
}

/** SELFDESTRUCT read its balance. */
function destroy(account: usize): void {
  if (!keepsBalance) u256SetZero(account + A_BALANCE)
  store<u64>(account, 0, A_NONCE)
  store<u32>(account, 0, A_CODE)
  store<u32>(account, load<u32>(account, A_FLAGS) | NONCE_KNOWN | CODE_KNOWN | REPLACED, A_FLAGS)
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    u256SetZero(slot + S_VALUE)
    store<u32>(slot, load<u32>(slot, S_FLAGS) | SLOT_KNOWN, S_FLAGS)
  }
}
