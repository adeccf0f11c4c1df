import { SPURIOUS_DRAGON } from '../abi/forks'
import { EPOCH_CREATED, EPOCH_DESTROYED, EPOCH_UNCHANGED, MISGUIDED, MISSING, OK } from '../abi/status'
import { u256Eq, u256IsZero, u256SetZero } from '../u256'
import { looked } from '../stm/look'
import {
  guided,
  txCreditBalance,
  txLooked,
  txWriteBalance,
  txWriteCode,
  txWriteLife,
  txWriteNonce,
  txWriteSlot,
} from '../stm/txn'
import { checkClaims } from './claims'
import { noteAccesses, noting } from './notes'
import { answer, needCodeHash, needEmpty, needExistedBefore, needNonce, needSlotRecord } from './txReads'
import { firstAccount } from './txTable'
import {
  A_BALANCE,
  A_BALANCE_BEFORE,
  A_CODE,
  A_CODE_BEFORE,
  A_FLAGS,
  A_NEXT,
  A_NONCE,
  A_NONCE_BEFORE,
  A_RECORD,
  A_SLOTS,
  BALANCE_KNOWN,
  CODE_KNOWN,
  CREATED,
  DESTROYED,
  NONCE_KNOWN,
  S_BEFORE,
  S_FLAGS,
  S_NEXT,
  S_RECORD,
  S_VALUE,
  SLOT_KNOWN,
  TOUCHED,
} from './txRecords'
import { fork, keepsBalance } from '../fork'

// The end of a transaction: what changed is written to the versioned state, and nothing else. A balance that was never
// read becomes a commutative credit.

/**
 * Emptiness of touched accounts is read here, so the status may be BLOCKED or MISSING too; MISSING at the end of a
 * transaction that has looked ahead.
 */
export function flush(): i32 {
  // First every read, then every write: a suspended transaction must have written nothing.
  let account = firstAccount
  while (account != 0) {
    const status = settle(account)
    if (status != OK) return status
    account = load<u32>(account, A_NEXT)
  }
  if (guided && !looked) return endGuided()
  account = firstAccount
  while (account != 0) {
    const status = load<u32>(account, A_FLAGS) & DESTROYED ? writeDestroyed(account) : writeChanges(account)
    if (status != OK) return status
    account = load<u32>(account, A_NEXT)
  }
  if (!looked) return noting ? noteAccesses() : OK
  txLooked()
  return MISSING
}

/** From a list nothing is written: what the transaction did is compared with what the list claims of it. */
function endGuided(): i32 {
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const flags = load<u32>(account, A_FLAGS)
    if (flags & (NOW_EXISTS | NOW_GONE)) return MISGUIDED
    if (flags & DESTROYED) burn(account)
  }
  const status = checkClaims()
  if (!looked) return status == OK ? writeLives() : status
  txLooked()
  return MISSING
}

/** For the difference only: a creation clears no storage here, and who is destroyed stays away (claims.ts). */
function writeLives(): i32 {
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const flags = load<u32>(account, A_FLAGS)
    if ((flags & (CREATED | DESTROYED)) == 0) continue
    const gone = (flags & DESTROYED) != 0
    const status = txWriteLife(load<u32>(account, A_RECORD), !gone, gone ? EPOCH_DESTROYED : EPOCH_CREATED)
    if (status != OK) return status
  }
  return OK
}

/** After settle: this touched account's existence changes. Bits of A_FLAGS beyond those of txRecords.ts. */
const NOW_EXISTS: u32 = 0x10000
const NOW_GONE: u32 = 0x20000

/** EIP-161 state clearing, or before it: whatever was touched exists. */
function settle(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & DESTROYED && (noting || guided)) {
    const status = needNonce(account)
    return status == OK ? needCodeHash(account) : status
  }
  if ((flags & TOUCHED) == 0 || flags & DESTROYED) return OK
  if (fork >= SPURIOUS_DRAGON) {
    let status = needEmpty(account)
    if (status != OK || !answer) return status
    status = needExistedBefore(account)
    if (status == OK && answer) store<u32>(account, load<u32>(account, A_FLAGS) | NOW_GONE, A_FLAGS)
    return status
  }
  const status = needExistedBefore(account)
  if (status == OK && !answer) store<u32>(account, load<u32>(account, A_FLAGS) | NOW_EXISTS, A_FLAGS)
  return status
}

/** SELFDESTRUCT read the balance. What came since is burnt with the account, until EIP-8246. */
function burn(account: usize): void {
  if (!keepsBalance) u256SetZero(account + A_BALANCE)
}

function writeDestroyed(account: usize): i32 {
  const record: usize = load<u32>(account, A_RECORD)
  const flags = load<u32>(account, A_FLAGS)
  burn(account)
  if (!u256Eq(account + A_BALANCE, account + A_BALANCE_BEFORE)) {
    const status = txWriteBalance(record, account + A_BALANCE)
    if (status != OK) return status
  }
  if ((flags & NONCE_KNOWN) == 0 || load<u64>(account, A_NONCE_BEFORE) != 0) {
    const status = txWriteNonce(record, 0)
    if (status != OK) return status
  }
  if ((flags & CODE_KNOWN) == 0 || load<u32>(account, A_CODE_BEFORE) != 0) {
    const status = txWriteCode(record, 0)
    if (status != OK) return status
  }
  return txWriteLife(record, false, EPOCH_DESTROYED)
}

function writeChanges(account: usize): i32 {
  const record: usize = load<u32>(account, A_RECORD)
  const flags = load<u32>(account, A_FLAGS)
  if (flags & BALANCE_KNOWN) {
    if (!u256Eq(account + A_BALANCE, account + A_BALANCE_BEFORE)) {
      const status = txWriteBalance(record, account + A_BALANCE)
      if (status != OK) return status
    }
  } else if (!u256IsZero(account + A_BALANCE)) {
    const status = txCreditBalance(record, account + A_BALANCE)
    if (status != OK) return status
  }
  if (flags & NONCE_KNOWN && load<u64>(account, A_NONCE) != load<u64>(account, A_NONCE_BEFORE)) {
    const status = txWriteNonce(record, load<u64>(account, A_NONCE))
    if (status != OK) return status
  }
  if (flags & CODE_KNOWN && load<u32>(account, A_CODE) != load<u32>(account, A_CODE_BEFORE)) {
    const status = txWriteCode(record, load<u32>(account, A_CODE))
    if (status != OK) return status
  }
  if (flags & CREATED) {
    // Empty storage is known from here on: nobody need ask the source for a slot of a new contract.
    const status = txWriteLife(record, true, EPOCH_CREATED)
    if (status != OK) return status
  } else if (flags & (NOW_EXISTS | NOW_GONE)) {
    // Deleted by EIP-161 is as gone as destroyed: whoever comes to the address later finds no storage there.
    const goes = (flags & NOW_GONE) != 0
    const status = txWriteLife(record, !goes, goes ? EPOCH_DESTROYED : EPOCH_UNCHANGED)
    if (status != OK) return status
  }
  let slot: usize = load<u32>(account, A_SLOTS)
  while (slot != 0) {
    if (load<u32>(slot, S_FLAGS) & SLOT_KNOWN && !u256Eq(slot + S_VALUE, slot + S_BEFORE)) {
      let status = needSlotRecord(slot)
      if (status == OK) status = txWriteSlot(load<u32>(slot, S_RECORD), slot + S_VALUE)
      if (status != OK) return status
    }
    slot = load<u32>(slot, S_NEXT)
  }
  return OK
}
