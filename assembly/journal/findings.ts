import { SPURIOUS_DRAGON } from '../abi/forks'
import { FIND_DIFF, FIND_DIFF_LENGTH, TOUCH_ADDRESS, TOUCH_COUNT, TOUCH_ITSELF, TOUCH_SIZE } from '../abi/findings'
import {
  PACK_ADDRESS, PACK_BALANCE, PACK_CODE_HASH, PACK_CODE_LENGTH, PACK_FLAGS, PACK_NONCE, PACK_SAME_CODE, PACK_SIZE,
  PACK_SLOT_COUNT, PACK_SLOT_SIZE,
} from '../abi/packedDiff'
import { CODE_HASH, DIFF_CLEARED, DIFF_EXISTS } from '../abi/state'
import { OK } from '../abi/status'
import { fork, keepsBalance } from '../fork'
import { copy32 } from '../mem/bytes32'
import { copyBytes } from '../mem/bulk'
import { EMPTY_CODE_HASH } from '../state/code'
import { u256Copy, u256Eq, u256IsZero, u256SetZero, u256ToBytes } from '../u256'
import {
  answer, codeBytes, codeLength, needBalance, needCodeHash, needEmpty, needExistedBefore, needNonce,
} from './txReads'
import {
  A_BALANCE, A_BALANCE_BEFORE, A_CODE, A_CODE_BEFORE, A_FLAGS, A_NEXT, A_NONCE, A_NONCE_BEFORE, A_PRECOMPILE, A_SLOTS,
  BALANCE_KNOWN, CODE_KNOWN, CREATED, DESTROYED, LOOKED_AT, NONCE_KNOWN, S_BEFORE, S_FLAGS, S_KEY, S_NEXT, S_VALUE,
  SLOT_KNOWN, SLOT_SEEN, TOUCHED,
} from './txRecords'
import { accountAddress, firstAccount } from './txTable'

// What a question has touched and changed (abi/findings.ts), as it stands at the end of its transaction: told, and
// dropped with it.

/** Bytes of the findings of the running transaction; 0: they are not wanted. */
export let findingsLength: usize = 0
let diffLength: usize = 0

/** Bits of A_FLAGS beyond those of txRecords.ts: the account differs; it does not exist any more. */
const DIFFERS: u32 = 0x40000
const GONE: u32 = 0x80000

export function clearFindings(): void {
  findingsLength = 0
}

/** After the last change: reads what is told and not known yet. OK, or the status of a read. */
export function prepareFindings(): i32 {
  diffLength = 0
  let length: usize = FIND_DIFF
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const status = settle(account)
    if (status != OK) return status
    const flags = load<u32>(account, A_FLAGS)
    if (flags & DIFFERS) diffLength += diffSize(account)
    const slots = slotsSeen(account)
    if (isListed(flags, account, slots)) length += TOUCH_SIZE + 32 * <usize>slots
  }
  findingsLength = length + diffLength
  return OK
}

/** findingsLength bytes, at any address. */
export function writeFindings(at: usize): void {
  store<u32>(at, <u32>diffLength, FIND_DIFF_LENGTH)
  let end = at + FIND_DIFF
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    if (load<u32>(account, A_FLAGS) & DIFFERS) end = writeDiff(account, end)
  }
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const slots = slotsSeen(account)
    if (isListed(load<u32>(account, A_FLAGS), account, slots)) end = writeTouched(account, slots, end)
  }
}

/** Sets DIFFERS and GONE; what differs is known then. */
function settle(account: usize): i32 {
  const flags = load<u32>(account, A_FLAGS)
  let marks: u32 = 0
  if (flags & DESTROYED) {
    const status = needExistedBefore(account)
    if (status != OK) return status
    if (!keepsBalance) u256SetZero(account + A_BALANCE)
    if (u256IsZero(account + A_BALANCE)) marks = GONE
    if (answer || marks == 0) marks |= DIFFERS
  } else if (flags & TOUCHED && fork >= SPURIOUS_DRAGON) {
    let status = needEmpty(account)
    if (status != OK) return status
    if (answer) {
      status = needExistedBefore(account)
      if (status != OK) return status
      marks = answer ? GONE | DIFFERS : GONE
    }
  } else if (flags & TOUCHED) {
    const status = needExistedBefore(account)
    if (status != OK) return status
    if (!answer) marks = DIFFERS
  }
  if (marks == 0 && changed(account)) marks = DIFFERS
  store<u32>(account, (load<u32>(account, A_FLAGS) & ~(DIFFERS | GONE)) | marks, A_FLAGS)
  if ((marks & DIFFERS) == 0) return OK
  let status = needBalance(account)
  if (status == OK) status = needNonce(account)
  return status == OK ? needCodeHash(account) : status
}

function changed(account: usize): bool {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & CREATED) return true
  if (flags & BALANCE_KNOWN) {
    if (!u256Eq(account + A_BALANCE, account + A_BALANCE_BEFORE)) return true
  } else if (!u256IsZero(account + A_BALANCE)) return true
  if (flags & NONCE_KNOWN && load<u64>(account, A_NONCE) != load<u64>(account, A_NONCE_BEFORE)) return true
  if (flags & CODE_KNOWN && load<u32>(account, A_CODE) != load<u32>(account, A_CODE_BEFORE)) return true
  return slotsChanged(account) != 0
}

/** What is destroyed has no slots any more. */
function slotsChanged(account: usize): u32 {
  if (load<u32>(account, A_FLAGS) & DESTROYED) return 0
  let count: u32 = 0
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    if (slotChanged(slot)) count += 1
  }
  return count
}

// @ts-ignore: decorator
@inline
function slotChanged(slot: usize): bool {
  return (load<u32>(slot, S_FLAGS) & SLOT_KNOWN) != 0 && !u256Eq(slot + S_VALUE, slot + S_BEFORE)
}

/** The code after it, 0 for none: of one that is destroyed too. */
function codeAfter(account: usize): usize {
  return load<u32>(account, A_FLAGS) & (DESTROYED | GONE) ? 0 : <usize>load<u32>(account, A_CODE)
}

function tellsCode(account: usize): bool {
  return codeAfter(account) != <usize>load<u32>(account, A_CODE_BEFORE)
}

function diffSize(account: usize): usize {
  const code: usize = tellsCode(account) ? <usize>codeLength(codeAfter(account)) : 0
  return PACK_SIZE + PACK_SLOT_SIZE * <usize>slotsChanged(account) + code
}

/** As state/packDiff.ts writes that of a block; the address behind it. */
function writeDiff(account: usize, at: usize): usize {
  const flags = load<u32>(account, A_FLAGS)
  const gone = (flags & GONE) != 0
  const cleared = gone || (flags & (CREATED | DESTROYED)) != 0
  const code = codeAfter(account)
  copyBytes(at + PACK_ADDRESS, accountAddress(account), 20)
  store<u32>(at, (gone ? 0 : DIFF_EXISTS) | (cleared ? DIFF_CLEARED : 0), PACK_FLAGS)
  store<u64>(at, cleared && flags & DESTROYED ? 0 : load<u64>(account, A_NONCE), PACK_NONCE)
  u256Copy(account + A_BALANCE, at + PACK_BALANCE)
  copy32(at + PACK_CODE_HASH, code == 0 ? EMPTY_CODE_HASH : code + CODE_HASH)
  let end = at + PACK_SIZE
  if ((flags & DESTROYED) == 0) {
    for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
      if (!slotChanged(slot)) continue
      u256Copy(slot + S_KEY, end)
      u256Copy(slot + S_VALUE, end + 32)
      end += PACK_SLOT_SIZE
    }
  }
  store<u32>(at, <u32>((end - at - PACK_SIZE) / PACK_SLOT_SIZE), PACK_SLOT_COUNT)
  store<u32>(at, tellsCode(account) ? codeLength(code) : PACK_SAME_CODE, PACK_CODE_LENGTH)
  if (!tellsCode(account)) return end
  copyBytes(end, codeBytes(code), codeLength(code))
  return end + <usize>codeLength(code)
}

/** Precompiled contracts are warm anyway. */
function isListed(flags: u32, account: usize, slots: u32): bool {
  return slots != 0 || ((flags & LOOKED_AT) != 0 && load<u32>(account, A_PRECOMPILE) == 0)
}

function slotsSeen(account: usize): u32 {
  let count: u32 = 0
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    if (load<u32>(slot, S_FLAGS) & SLOT_SEEN) count += 1
  }
  return count
}

function writeTouched(account: usize, slots: u32, at: usize): usize {
  copyBytes(at + TOUCH_ADDRESS, accountAddress(account), 20)
  store<u32>(at, load<u32>(account, A_FLAGS) & LOOKED_AT ? 1 : 0, TOUCH_ITSELF)
  store<u32>(at, slots, TOUCH_COUNT)
  let end = at + TOUCH_SIZE
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    if ((load<u32>(slot, S_FLAGS) & SLOT_SEEN) == 0) continue
    u256ToBytes(slot + S_KEY, end)
    end += 32
  }
  return end
}
