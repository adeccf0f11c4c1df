import { ACC_ADDRESS, CODE_BYTES, CODE_LENGTH, SLOT_KEY } from '../abi/state'
import { ENTRY_SIZE } from '../abi/trie'
import {
  headerSize, stringSize, u64Size, wordSize, writeListHeader, writeString, writeU64, writeWord,
} from '../rlp/encode'
import { blockAlloc } from '../stm/txn'
import { entryValue } from '../trie/entries'
import {
  C_INDEX, C_NEXT, C_VALUE, L_BALANCES, L_CODES, L_NONCES, L_RECORD, L_SIZES, L_SLOT_COUNT, L_SORTED, LS_CHANGES,
  LS_RECORD,
} from './accessListRecords'

// The RLP of a block's access list (EIP-7928): of each account [address, changed slots, slots that were read, balances,
// nonces, codes], of each changed slot [key, [[index, value] ...]], of the other changes [[index, value] ...]. Lengths
// first: they are kept with the account.

/** Where the list made last lies. */
export let encodedList: usize = 0

const ADDRESS: usize = 21
/** Kinds of values. */
const WORD: u32 = 0
const NONCE: u32 = 1
const CODE: u32 = 2

/** Encodes the accounts that the sorted entries have as values. Returns the length; 0 when out of space. */
export function encodeList(entries: usize, count: u32): usize {
  let payload: usize = 0
  for (let i: u32 = 0; i < count; i++) {
    const size = measure(entryValue(entries + <usize>i * ENTRY_SIZE))
    payload += headerSize(size) + size
  }
  const length = headerSize(payload) + payload
  const start = blockAlloc(length)
  if (start == 0) return 0
  let at = writeListHeader(start, payload)
  for (let i: u32 = 0; i < count; i++) at = writeAccount(at, entryValue(entries + <usize>i * ENTRY_SIZE))
  encodedList = start
  return length
}

/** Length of an account's payload; keeps it and those of its lists. */
function measure(account: usize): usize {
  let changed: usize = 0
  let read: usize = 0
  const slots: usize = load<u32>(account, L_SORTED)
  for (let i: u32 = 0; i < load<u32>(account, L_SLOT_COUNT); i++) {
    const slot = entryValue(slots + <usize>i * ENTRY_SIZE)
    const key = wordSize(keyOf(slot))
    if (load<u32>(slot, LS_CHANGES) == 0) read += key
    else {
      const size = slotSize(slot)
      changed += headerSize(size) + size
    }
  }
  const balances = changesSize(load<u32>(account, L_BALANCES), WORD)
  const nonces = changesSize(load<u32>(account, L_NONCES), NONCE)
  const codes = changesSize(load<u32>(account, L_CODES), CODE)
  const lists = account + L_SIZES
  store<u32>(lists, <u32>changed)
  store<u32>(lists, <u32>read, 4)
  store<u32>(lists, <u32>balances, 8)
  store<u32>(lists, <u32>nonces, 12)
  store<u32>(lists, <u32>codes, 16)
  let size = ADDRESS
  for (let i: usize = 0; i < 20; i += 4) size += headerSize(load<u32>(lists + i)) + load<u32>(lists + i)
  store<u32>(lists, <u32>size, 20)
  return size
}

function writeAccount(at: usize, account: usize): usize {
  const lists = account + L_SIZES
  at = writeListHeader(at, load<u32>(lists, 20))
  at = writeString(at, <usize>load<u32>(account, L_RECORD) + ACC_ADDRESS, 20)
  at = writeSlots(writeListHeader(at, load<u32>(lists)), account, true)
  at = writeSlots(writeListHeader(at, load<u32>(lists, 4)), account, false)
  at = writeChanges(writeListHeader(at, load<u32>(lists, 8)), load<u32>(account, L_BALANCES), WORD)
  at = writeChanges(writeListHeader(at, load<u32>(lists, 12)), load<u32>(account, L_NONCES), NONCE)
  return writeChanges(writeListHeader(at, load<u32>(lists, 16)), load<u32>(account, L_CODES), CODE)
}

function writeSlots(at: usize, account: usize, changed: bool): usize {
  const slots: usize = load<u32>(account, L_SORTED)
  for (let i: u32 = 0; i < load<u32>(account, L_SLOT_COUNT); i++) {
    const slot = entryValue(slots + <usize>i * ENTRY_SIZE)
    const changes: usize = load<u32>(slot, LS_CHANGES)
    if ((changes != 0) != changed) continue
    if (changed) at = writeListHeader(at, slotSize(slot))
    at = writeWord(at, keyOf(slot))
    if (changed) at = writeChanges(writeListHeader(at, changesSize(changes, WORD)), changes, WORD)
  }
  return at
}

// @ts-ignore: decorator
@inline
function keyOf(slot: usize): usize {
  return <usize>load<u32>(slot, LS_RECORD) + SLOT_KEY
}

/** Length of the payload of a changed slot. */
function slotSize(slot: usize): usize {
  const changes = changesSize(load<u32>(slot, LS_CHANGES), WORD)
  return wordSize(keyOf(slot)) + headerSize(changes) + changes
}

/** Length of the payload of a list of changes. */
function changesSize(change: usize, kind: u32): usize {
  let size: usize = 0
  for (; change != 0; change = load<u32>(change, C_NEXT)) {
    const payload = changeSize(change, kind)
    size += headerSize(payload) + payload
  }
  return size
}

function changeSize(change: usize, kind: u32): usize {
  const value: usize = load<u32>(change, C_VALUE)
  return u64Size(load<u32>(change, C_INDEX)) + valueSize(value, kind)
}

function valueSize(value: usize, kind: u32): usize {
  if (kind == WORD) return wordSize(value)
  if (kind == NONCE) return u64Size(load<u64>(value))
  return value == 0 ? 1 : stringSize(load<u32>(value, CODE_BYTES), load<u32>(value, CODE_LENGTH))
}

function writeChanges(at: usize, change: usize, kind: u32): usize {
  for (; change != 0; change = load<u32>(change, C_NEXT)) {
    const value: usize = load<u32>(change, C_VALUE)
    at = writeU64(writeListHeader(at, changeSize(change, kind)), load<u32>(change, C_INDEX))
    if (kind == WORD) at = writeWord(at, value)
    else if (kind == NONCE) at = writeU64(at, load<u64>(value))
    else if (value == 0) at = writeString(at, 0, 0)
    else at = writeString(at, load<u32>(value, CODE_BYTES), load<u32>(value, CODE_LENGTH))
  }
  return at
}
