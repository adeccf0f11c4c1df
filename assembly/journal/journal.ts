import { SPURIOUS_DRAGON } from '../abi/forks'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { u256Add, u256Copy, u256SetZero, u256Sub } from '../u256'
import { fork } from '../fork'
import { growUndo, undoBase, undoLimit } from './txMemory'
import { tableReset } from './txTable'
import {
  A_BALANCE,
  A_CODE,
  A_FLAGS,
  A_NONCE,
  A_SLOTS,
  A_WORD,
  CREATED,
  LOOKED_AT,
  S_BEFORE,
  S_FLAGS,
  S_NEXT,
  S_VALUE,
  SEEN,
  SLOT_KNOWN,
  TOUCHED,
  WARM,
} from './txRecords'

// Changes of the running transaction and their undo log. A checkpoint is the length of the log (plus the refund counter
// and the newest log, which the caller keeps with it): revert walks the log back to it, newest first.
//
//   entry: u32 kind, u32 record, u64 small value, 16 unused .. 32 bytes word; 48 bytes in all
//
// Reads are facts, not changes: what became known stays known after a revert.

const ENTRY: usize = 48
const E_RECORD: usize = 4
const E_SMALL: usize = 8
const E_WORD: usize = 16

const UNDO_FLAG: u32 = 0 // clear the flag bits `small` of an account (or slot: the flags lie at S_FLAGS)
const UNDO_SLOT_FLAG: u32 = 1
const UNDO_BALANCE: u32 = 2 // subtract `word`
const UNDO_NONCE: u32 = 3
const UNDO_CODE: u32 = 4
const UNDO_SLOT: u32 = 5

let undoTop: usize = 0 // offset from undoBase
/** Refund counter of the transaction, gas. May be negative inside a frame that undid another's clearing. */
export let refund: i64 = 0
/** The newest log record, 0 when there is none. */
export let lastLog: usize = 0
export let logCount: u32 = 0

export function journalReset(): void {
  journalCarry()
  tableReset()
}

/** Of a sequence: the records stay, and what led to them cannot be undone any more. */
export function journalCarry(): void {
  undoTop = 0
  refund = 0
  lastLog = 0
  logCount = 0
}

export function addRefund(gas: i64): void {
  refund += gas
}

export function setLastLog(log: usize): void {
  lastLog = log
  logCount += 1
}

/** The position to revert to. */
// @ts-ignore: decorator
@inline
export function checkpoint(): u32 {
  return <u32>undoTop
}

/** Undoes everything since the checkpoint, given with the refund counter and the logs of that moment. */
export function revertTo(mark: u32, refundThen: i64, lastLogThen: usize, logCountThen: u32): void {
  refund = refundThen
  lastLog = lastLogThen
  logCount = logCountThen
  while (undoTop > <usize>mark) {
    undoTop -= ENTRY
    const entry = undoBase + undoTop
    const record: usize = load<u32>(entry, E_RECORD)
    switch (load<u32>(entry)) {
      case UNDO_FLAG:
        store<u32>(record, load<u32>(record, A_FLAGS) & ~load<u32>(entry, E_SMALL), A_FLAGS)
        break
      case UNDO_SLOT_FLAG:
        store<u32>(record, load<u32>(record, S_FLAGS) & ~load<u32>(entry, E_SMALL), S_FLAGS)
        break
      case UNDO_BALANCE:
        u256Sub(record + A_BALANCE, entry + E_WORD, record + A_BALANCE)
        break
      case UNDO_NONCE:
        store<u64>(record, load<u64>(entry, E_SMALL), A_NONCE)
        break
      case UNDO_CODE:
        store<u32>(record, load<u32>(entry, E_SMALL), A_CODE)
        break
      case UNDO_SLOT:
        u256Copy(entry + E_WORD, record + S_VALUE)
        break
      default:
        break
    }
  }
}

/** A fresh undo entry, 0 when out of space. */
function push(kind: u32, record: usize): usize {
  if (undoBase + undoTop + ENTRY > undoLimit && !growUndo(undoTop)) return 0
  const entry = undoBase + undoTop
  undoTop += ENTRY
  store<u32>(entry, kind)
  store<u32>(entry, <u32>record, E_RECORD)
  return entry
}

/** Sets flag bits of an account, undone on revert. OK or OUT_OF_SPACE. */
export function setFlag(account: usize, flag: u32): i32 {
  const flags = load<u32>(account, A_FLAGS)
  if ((flags & flag) == flag) return OK
  const entry = push(UNDO_FLAG, account)
  if (entry == 0) return OUT_OF_SPACE
  store<u64>(entry, <u64>(flag & ~flags), E_SMALL)
  store<u32>(account, flags | flag, A_FLAGS)
  return OK
}

/** The EVM looks at the account: a fact, which no revert takes back. */
// @ts-ignore: decorator
@inline
export function see(account: usize): void {
  store<u32>(account, load<u32>(account, A_FLAGS) | SEEN, A_FLAGS)
}

/** The same by an opcode that names it. */
// @ts-ignore: decorator
@inline
export function lookAt(account: usize): void {
  store<u32>(account, load<u32>(account, A_FLAGS) | SEEN | LOOKED_AT, A_FLAGS)
}

/** Adds the account to the access list. */
// @ts-ignore: decorator
@inline
export function warmAccount(account: usize): i32 {
  return setFlag(account, WARM)
}

export function warmSlot(slot: usize): i32 {
  const flags = load<u32>(slot, S_FLAGS)
  if (flags & WARM) return OK
  const entry = push(UNDO_SLOT_FLAG, slot)
  if (entry == 0) return OUT_OF_SPACE
  store<u64>(entry, WARM, E_SMALL)
  store<u32>(slot, flags | WARM, S_FLAGS)
  return OK
}

/**
 * EIP-161 touch; before EIP-158 the account exists from now on. A zero-value touch of RIPEMD-160 outlives a revert: on
 * mainnet the empty account 0x03 was deleted by a transaction that ran out of gas in that call (block 2,675,119).
 */
export function touch(account: usize, zeroValue: bool): i32 {
  const high = load<u64>(account, A_WORD + 8) | load<u64>(account, A_WORD + 16)
  if (zeroValue && high == 0 && load<u64>(account, A_WORD) == 3 && fork >= SPURIOUS_DRAGON) {
    store<u32>(account, load<u32>(account, A_FLAGS) | TOUCHED, A_FLAGS)
    return OK
  }
  return setFlag(account, TOUCHED)
}

/** Adds wei to a balance that need not be known. */
export function addBalance(account: usize, wei: usize): i32 {
  const entry = push(UNDO_BALANCE, account)
  if (entry == 0) return OUT_OF_SPACE
  u256Copy(wei, entry + E_WORD)
  u256Add(account + A_BALANCE, wei, account + A_BALANCE)
  return OK
}

/** Takes wei from a balance; the caller has checked that it suffices. */
export function subBalance(account: usize, wei: usize): i32 {
  const entry = push(UNDO_BALANCE, account)
  if (entry == 0) return OUT_OF_SPACE
  u256SetZero(entry + E_WORD)
  u256Sub(entry + E_WORD, wei, entry + E_WORD)
  u256Sub(account + A_BALANCE, wei, account + A_BALANCE)
  return OK
}

/** The nonce is known (the caller compared it). */
export function setNonce(account: usize, nonce: u64): i32 {
  const entry = push(UNDO_NONCE, account)
  if (entry == 0) return OUT_OF_SPACE
  store<u64>(entry, load<u64>(account, A_NONCE), E_SMALL)
  store<u64>(account, nonce, A_NONCE)
  return OK
}

/** The code is known. `code`: record, 0 for none. */
export function setCode(account: usize, code: usize): i32 {
  const entry = push(UNDO_CODE, account)
  if (entry == 0) return OUT_OF_SPACE
  store<u64>(entry, <u64>load<u32>(account, A_CODE), E_SMALL)
  store<u32>(account, <u32>code, A_CODE)
  return OK
}

/** Sets a slot whose value is known. */
export function setSlot(slot: usize, value: usize): i32 {
  const entry = push(UNDO_SLOT, slot)
  if (entry == 0) return OUT_OF_SPACE
  u256Copy(slot + S_VALUE, entry + E_WORD)
  u256Copy(value, slot + S_VALUE)
  return OK
}

/**
 * The account becomes a contract under creation: its storage is empty from here. Nonce and code are known (the
 * collision check read them).
 */
export function markCreated(account: usize): i32 {
  const status = setFlag(account, CREATED | TOUCHED)
  if (status != OK) return status
  // Slots warmed by the access list; an account without code has no others. Not undone: a reverted creation leaves an
  // account whose slots nobody can read except after a new creation.
  let slot: usize = load<u32>(account, A_SLOTS)
  while (slot != 0) {
    u256SetZero(slot + S_BEFORE)
    u256SetZero(slot + S_VALUE)
    store<u32>(slot, load<u32>(slot, S_FLAGS) | SLOT_KNOWN, S_FLAGS)
    slot = load<u32>(slot, S_NEXT)
  }
  return OK
}
