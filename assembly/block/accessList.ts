import {
  AL_ITEMS, AL_LENGTH, AL_RLP, NOTE_ACCOUNT, NOTE_FLAGS, NOTE_SIZE, NOTE_SLOT_SIZE, NOTE_SLOT_WRITTEN,
  NOTE_SLOTS,
  NOTED_BALANCE, NOTED_CODE, NOTED_CREDIT, NOTED_NONCE,
} from '../abi/accessList'
import { ACC_ADDRESS, ACC_BALANCE, LOC_BASE, LOC_LISTED, SLOT_KEY, SLOT_LOC } from '../abi/state'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { ENTRY_SIZE } from '../abi/trie'
import { resolveAccount } from '../state/base'
import { notesOf } from '../stm/report'
import { blockAlloc } from '../stm/txn'
import { setEntry } from '../trie/entries'
import { sortEntries } from '../trie/sort'
import { u256Add, u256Copy, u256ToBytes } from '../u256'
import {
  C_ADDED, C_INDEX, C_NEXT, C_SIZE, C_VALUE, L_BALANCES, L_CODES, L_NEXT, L_NONCES, L_RECORD, L_SIZE,
  L_SLOT_COUNT, L_SLOTS, L_SORTED, LS_CHANGES, LS_KEY, LS_NEXT, LS_RECORD, LS_SIZE,
} from './accessListRecords'
import { encodedList, encodeList } from './accessListRlp'

// The access list of an executed block (EIP-7928) from what its committed transactions noted, in their order: index 0
// is the work before the transactions, the one behind the last the work after them. By one thread, when all are
// committed.

let firstAccount: usize = 0
let accountCount: u32 = 0
let items: u32 = 0

/**
 * Fills the record at `out` (abi/accessList.ts) for the block of `count` transactions, its own work included, before it
 * is ended. OK, OUT_OF_SPACE, or MISSING when the balance of an account before the block is not known: make it known
 * and call again.
 */
export function accessList(count: u32, out: usize): i32 {
  firstAccount = 0
  accountCount = 0
  items = 0
  let status: i32 = OK
  for (let index: u32 = 0; index < count && status == OK; index++) {
    const notes = notesOf(index)
    if (notes != 0) status = takeNotes(notes, index)
  }
  for (let account = firstAccount; account != 0; account = load<u32>(account, L_NEXT)) {
    if (status == OK) status = settleBalances(account)
    if (status == OK) status = sortSlots(account)
    forgetMarks(account)
  }
  return status == OK ? write(out) : status
}

function takeNotes(notes: usize, index: u32): i32 {
  let at = notes + 16
  for (let left = load<u32>(notes); left != 0; left--) {
    const account = accountOf(load<u32>(at, NOTE_ACCOUNT))
    if (account == 0) return OUT_OF_SPACE
    const flags = load<u32>(at, NOTE_FLAGS)
    let slots = load<u32>(at, NOTE_SLOTS)
    at += NOTE_SIZE
    if (flags & (NOTED_BALANCE | NOTED_CREDIT)) {
      const change = append(account + L_BALANCES, index, at)
      if (change == 0) return OUT_OF_SPACE
      store<u32>(change, u32((flags & NOTED_CREDIT) != 0), C_ADDED)
      at += 32
    }
    if (flags & NOTED_NONCE) {
      if (append(account + L_NONCES, index, at) == 0) return OUT_OF_SPACE
      at += 8
    }
    if (flags & NOTED_CODE) {
      if (append(account + L_CODES, index, load<u32>(at)) == 0) return OUT_OF_SPACE
      at += 8
    }
    for (; slots != 0; slots--) {
      const slot = slotOf(account, load<u32>(at))
      if (slot == 0) return OUT_OF_SPACE
      const written = load<u32>(at, NOTE_SLOT_WRITTEN) != 0
      at += NOTE_SLOT_SIZE
      if (!written) continue
      if (append(slot + LS_CHANGES, index, at) == 0) return OUT_OF_SPACE
      at += 32
    }
  }
  return OK
}

/** What the list has of an account record; 0 when out of space. */
function accountOf(record: usize): usize {
  const mark = record + ACC_BALANCE + LOC_LISTED
  const known: usize = load<u32>(mark)
  if (known != 0) return known
  const account = blockAlloc(L_SIZE)
  if (account == 0) return 0
  memory.fill(account, 0, L_SIZE)
  store<u32>(account, <u32>record, L_RECORD)
  store<u32>(account, <u32>firstAccount, L_NEXT)
  firstAccount = account
  accountCount += 1
  items += 1
  store<u32>(mark, <u32>account)
  return account
}

function slotOf(account: usize, record: usize): usize {
  const mark = record + SLOT_LOC + LOC_LISTED
  const known: usize = load<u32>(mark)
  if (known != 0) return known
  const slot = blockAlloc(LS_SIZE)
  if (slot == 0) return 0
  store<u32>(slot, <u32>record, LS_RECORD)
  store<u32>(slot, load<u32>(account, L_SLOTS), LS_NEXT)
  store<u64>(slot, 0, LS_CHANGES)
  store<u32>(account, <u32>slot, L_SLOTS)
  store<u32>(account, load<u32>(account, L_SLOT_COUNT) + 1, L_SLOT_COUNT)
  items += 1
  store<u32>(mark, <u32>slot)
  return slot
}

/** Puts a change behind the last one of the list whose head and tail are at `list`; 0 when out of space. */
function append(list: usize, index: u32, value: usize): usize {
  const change = blockAlloc(C_SIZE)
  if (change == 0) return 0
  store<u32>(change, 0, C_NEXT)
  store<u32>(change, index, C_INDEX)
  store<u32>(change, <u32>value, C_VALUE)
  store<u32>(change, 0, C_ADDED)
  const tail: usize = load<u32>(list, 4)
  if (tail == 0) store<u32>(list, <u32>change)
  else store<u32>(tail, <u32>change, C_NEXT)
  store<u32>(list, <u32>change, 4)
  return change
}

/** What was added to a balance becomes the balance after it. */
function settleBalances(account: usize): i32 {
  const record: usize = load<u32>(account, L_RECORD)
  let change: usize = load<u32>(account, L_BALANCES)
  let before: usize = 0
  for (; change != 0; change = load<u32>(change, C_NEXT)) {
    const word: usize = load<u32>(change, C_VALUE)
    if (load<u32>(change, C_ADDED) != 0) {
      if (before == 0) {
        const status = resolveAccount(record)
        if (status != OK) return status
        before = record + ACC_BALANCE + LOC_BASE
      }
      const after = blockAlloc(32)
      if (after == 0) return OUT_OF_SPACE
      u256Copy(word, after)
      u256Add(before, after, after)
      store<u32>(change, <u32>after, C_VALUE)
      before = after
    } else before = word
  }
  return OK
}

function sortSlots(account: usize): i32 {
  const count = load<u32>(account, L_SLOT_COUNT)
  if (count == 0) return OK
  const entries = blockAlloc(<usize>count * ENTRY_SIZE)
  if (entries == 0) return OUT_OF_SPACE
  store<u32>(account, <u32>entries, L_SORTED)
  let entry = entries
  for (let slot: usize = load<u32>(account, L_SLOTS); slot != 0; slot = load<u32>(slot, LS_NEXT)) {
    u256ToBytes(<usize>load<u32>(slot, LS_RECORD) + SLOT_KEY, slot + LS_KEY)
    setEntry(entry, slot + LS_KEY, 64, slot, 1)
    entry += ENTRY_SIZE
  }
  return sortEntries(entries, count)
}

/** Also of a list that is given up. */
function forgetMarks(account: usize): void {
  store<u32>(<usize>load<u32>(account, L_RECORD) + ACC_BALANCE + LOC_LISTED, 0)
  for (let slot: usize = load<u32>(account, L_SLOTS); slot != 0; slot = load<u32>(slot, LS_NEXT)) {
    store<u32>(<usize>load<u32>(slot, LS_RECORD) + SLOT_LOC + LOC_LISTED, 0)
  }
}

function write(out: usize): i32 {
  const entries = blockAlloc(<usize>accountCount * ENTRY_SIZE + 1)
  if (entries == 0) return OUT_OF_SPACE
  let entry = entries
  for (let account = firstAccount; account != 0; account = load<u32>(account, L_NEXT)) {
    setEntry(entry, <usize>load<u32>(account, L_RECORD) + ACC_ADDRESS, 40, account, 1)
    entry += ENTRY_SIZE
  }
  const status = sortEntries(entries, accountCount)
  if (status != OK) return status
  const length = encodeList(entries, accountCount)
  if (length == 0) return OUT_OF_SPACE
  store<u32>(out, <u32>encodedList, AL_RLP)
  store<u32>(out, <u32>length, AL_LENGTH)
  store<u32>(out, items, AL_ITEMS)
  return OK
}
