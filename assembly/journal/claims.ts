import { NOTED_BALANCE, NOTED_CODE, NOTED_CREDIT, NOTED_NONCE } from '../abi/accessList'
import { ACC_BALANCE, ACC_CODE, ACC_NONCE, CODE_HASH, LOC_BASE, SLOT_LOC } from '../abi/state'
import { MISGUIDED, OK } from '../abi/status'
import { EMPTY_CODE_HASH, isEmptyCode } from '../state/code'
import { claims, G_VALUE, givenBelow, lookAt, meet } from '../stm/given'
import { looked } from '../stm/look'
import { index } from '../stm/txn'
import { readValue } from '../stm/versions'
import { u256Add, u256IsZero, u256SetU64 } from '../u256'
import { changesOf, codeAfter, isWritten, nonceAfter } from './notes'
import { TX_SCRATCH, txBlock } from './txMemory'
import { needSlotRecord } from './txReads'
import {
  A_BALANCE, A_FLAGS, A_NEXT, A_RECORD, A_SLOTS, CREATED, DESTROYED, S_FLAGS, S_NEXT, S_RECORD, S_VALUE, SEEN,
  SLOT_KNOWN, SLOT_SEEN,
} from './txRecords'
import { firstAccount } from './txTable'

// Whether what the running transaction did is what the access list claims of it, from which it read what it knows of
// those before it. What the list could not say, it does not claim: then the block is executed without it, too.
// Decision 33 (docs/adr/0033-executing-from-a-list.md).

/** Claims that the transaction has met so far. */
let met: u32 = 0

/**
 * After the last change, every read made. OK, MISGUIDED, or a status of a read; of no meaning when that looked ahead.
 */
export function checkClaims(): i32 {
  met = 0
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const status = checkAccount(account)
    if (status != OK) return status
  }
  if (!looked) meet(met)
  return OK
}

function checkAccount(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  const record: usize = load<u32>(account, A_RECORD)
  const changes = changesOf(account)
  const seen = (flags & SEEN) != 0
  if (seen ? !lookAt(record + ACC_BALANCE) : changes != 0) return MISGUIDED
  if ((flags & (CREATED | DESTROYED)) != 0 && !isSayable(record, flags)) return MISGUIDED
  if (changes & NOTED_BALANCE && !meets(record + ACC_BALANCE, account + A_BALANCE)) return MISGUIDED
  const word = txBlock + TX_SCRATCH
  if (changes & NOTED_CREDIT) {
    const status = readValue(record + ACC_BALANCE, index, word)
    if (status != OK) return status
    u256Add(word, account + A_BALANCE, word)
    if (!looked && !meets(record + ACC_BALANCE, word)) return MISGUIDED
  }
  if (changes & NOTED_NONCE) {
    u256SetU64(nonceAfter(account), word)
    if (!meets(record + ACC_NONCE, word)) return MISGUIDED
  }
  if (changes & NOTED_CODE) {
    const code: usize = codeAfter(account)
    if (!meets(record + ACC_CODE, code == 0 ? EMPTY_CODE_HASH : code + CODE_HASH)) return MISGUIDED
  }
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    const status = checkSlot(slot, flags & DESTROYED)
    if (status != OK) return status
  }
  return OK
}

function checkSlot(slot: usize, destroyed: u32): i32 {
  const flags = load<u32>(slot, S_FLAGS)
  const written = (flags & SLOT_KNOWN) != 0 && isWritten(slot, destroyed)
  if ((flags & SLOT_SEEN) == 0) return written ? MISGUIDED : OK
  const status = needSlotRecord(slot)
  if (status != OK) return status
  const location = <usize>load<u32>(slot, S_RECORD) + SLOT_LOC
  return lookAt(location) && (!written || meets(location, slot + S_VALUE)) ? OK : MISGUIDED
}

// @ts-ignore: decorator
@inline
function meets(location: usize, value: usize): bool {
  met += 1
  return claims(location, index, value)
}

/**
 * A list does not say that a storage was cleared. It need not where there was none: of an account that had neither
 * nonce nor code before the block (EIP-7610). Or where the account is gone: then it must not come back.
 */
function isSayable(record: usize, flags: u32): bool {
  // A creation has looked at the base values, SELFDESTRUCT at the balance.
  if (flags & CREATED)
    return load<u64>(record + ACC_NONCE, LOC_BASE) == 0 && isEmptyCode(record + ACC_CODE + LOC_BASE)
  const last = givenBelow(record + ACC_BALANCE, i32.MAX_VALUE)
  return u256IsZero(last != 0 ? last + G_VALUE : record + ACC_BALANCE + LOC_BASE)
}
