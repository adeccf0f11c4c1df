import { ACC_BALANCE, ACC_CODE, ACC_NONCE, LOC_GIVEN, SLOT_LOC } from '../abi/state'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { keccak256 } from '../hash/keccak'
import { copy32, zero32 } from '../mem/bytes32'
import { context, THREAD_SCRATCH } from '../mem/thread'
import {
  itemData, itemEnd, itemInteger, itemLength, rlpFixed, rlpItem, rlpList, rlpString, rlpU64, rlpWord,
} from '../rlp/decode'
import { internAccount } from '../state/accounts'
import { EMPTY_CODE_HASH } from '../state/code'
import { internSlot } from '../state/slots'
import { addGiven, countItem, G_CLAIM_SIZE, G_CODE, G_CODE_LENGTH, G_INDEX, G_VALUE, openGiven } from '../stm/given'
import { wake } from '../stm/queue'
import { touch } from '../stm/touched'
import { openWholeWindow } from '../stm/window'
import { u256Lt } from '../u256'

// The access list that came with a block (EIP-7928) as what its transactions read (stm/given.ts). Only the one right
// encoding of a list is taken: integers without leading zeros; addresses, slots and indices in ascending order and
// once; no slot both changed and read. So a list that is true is the list, byte for byte.

/** Kinds of values. */
const WORD: u32 = 0
const NONCE: u32 = 1
const CODE: u32 = 2

const ADDRESS: usize = 20

/** Indices are below it. */
let indices: u32 = 0
let most: u32 = 0

/**
 * Reads the list of `length` bytes at `at`, which stay there until the block ends, for the block that has begun with
 * `count` transactions, its own work included, and lets them be executed. `limit`: the most addresses and slots it may
 * have; `gasLimit` of the block. OK, MALFORMED (no such list, or too long) or OUT_OF_SPACE: then none is executed.
 */
export function openList(at: usize, length: usize, count: u32, limit: u32, gasLimit: u64): i32 {
  indices = count
  most = limit
  openGiven(budgetOf(gasLimit, count))
  const end = at + length
  if (rlpList(at, end) != OK || itemEnd != end) return MALFORMED
  let account = itemData
  let before: usize = 0
  while (account < end) {
    const status = readAccount(account, end, before)
    if (status != OK) return status
    before = addressAt
    account = accountEnd
  }
  openWholeWindow(count)
  wake(-1)
  return OK
}

/**
 * Units of 1,024 gas that a valid block stays below: two kinds of gas, refunds of a fifth, what a transaction counts
 * at most beside its gas.
 */
function budgetOf(gasLimit: u64, count: u32): i32 {
  return <i32>min<u64>(3 * (gasLimit >> 10) + 256 * <u64>count, <u64>i32.MAX_VALUE)
}

/** After OK of readAccount, of readChanges. */
let addressAt: usize = 0
let accountEnd: usize = 0
let changesEnd: usize = 0

function readAccount(at: usize, limit: usize, before: usize): i32 {
  if (rlpList(at, limit) != OK) return MALFORMED
  const end = itemEnd
  if (rlpFixed(itemData, end, ADDRESS) != OK) return MALFORMED
  const address = itemData
  let field = itemEnd
  if (before != 0 && memory.compare(before, address, ADDRESS) >= 0) return MALFORMED
  if (countItem() > most) return MALFORMED
  const record = internAccount(address)
  if (record == 0) return OUT_OF_SPACE

  if (rlpList(field, end) != OK) return MALFORMED
  field = itemEnd
  let status = readChangedSlots(record, itemData, field)
  if (status != OK) return status
  if (rlpList(field, end) != OK) return MALFORMED
  field = itemEnd
  status = readReadSlots(record, itemData, field)
  if (status == OK) status = readChanges(record + ACC_BALANCE, field, end, WORD, true)
  if (status == OK) status = readChanges(record + ACC_NONCE, changesEnd, end, NONCE, false)
  if (status == OK) status = readChanges(record + ACC_CODE, changesEnd, end, CODE, false)
  if (status == OK && changesEnd != end) return MALFORMED
  addressAt = address
  accountEnd = end
  return status
}

function readChangedSlots(account: usize, at: usize, end: usize): i32 {
  for (let first = true; at < end; first = false) {
    if (rlpList(at, end) != OK) return MALFORMED
    const slotEnd = itemEnd
    let status = readSlot(account, itemData, slotEnd, first)
    if (status != OK) return status
    status = readChanges(slot + SLOT_LOC, itemEnd, slotEnd, WORD, true)
    if (status != OK) return status
    if (changesEnd != slotEnd || changesCount == 0) return MALFORMED
    at = slotEnd
  }
  return OK
}

function readReadSlots(account: usize, at: usize, end: usize): i32 {
  for (let first = true; at < end; first = false) {
    const status = readSlot(account, at, end, first)
    if (status != OK) return status
    at = itemEnd
    if (addGiven(slot + SLOT_LOC, 0) == 0) return OUT_OF_SPACE
  }
  return OK
}

/** After OK of readSlot. */
let slot: usize = 0

/** The slot whose key is at `at`: above that of the call before, but for the first; no claim is about it yet. */
function readSlot(account: usize, at: usize, end: usize, first: bool): i32 {
  const key = context + THREAD_SCRATCH
  const last = key + 32
  if (!first) copy32(last, key)
  if (rlpWord(at, end, key) != OK || (!first && !u256Lt(last, key))) return MALFORMED
  if (countItem() > most) return MALFORMED
  slot = internSlot(account, key)
  if (slot == 0) return OUT_OF_SPACE
  return load<u32>(slot + SLOT_LOC, LOC_GIVEN) == 0 ? OK : MALFORMED
}

/** After OK of readChanges. */
let changesCount: u32 = 0

/** `always`: the location stands for an address or a slot, and has a record without claims too. */
function readChanges(location: usize, at: usize, limit: usize, kind: u32, always: bool): i32 {
  if (rlpList(at, limit) != OK) return MALFORMED
  const end = itemEnd
  const begin = itemData
  let count: u32 = 0
  for (let change = begin; change < end; change = itemEnd) {
    if (rlpItem(change, end) != OK) return MALFORMED
    count += 1
  }
  changesCount = count
  changesEnd = end
  if (count == 0 && !always) return OK
  let claim = addGiven(location, count)
  if (claim == 0) return OUT_OF_SPACE
  if (count != 0) touch(location, true)
  let next: u64 = 0
  for (let change = begin; change < end; claim += G_CLAIM_SIZE) {
    if (rlpList(change, end) != OK) return MALFORMED
    change = itemEnd
    if (rlpU64(itemData, change) != OK || itemInteger < next || itemInteger >= <u64>indices) return MALFORMED
    next = itemInteger + 1
    store<u32>(claim, <u32>itemInteger, G_INDEX)
    if (!readClaim(kind, itemEnd, change, claim) || itemEnd != change) return MALFORMED
  }
  return OK
}

function readClaim(kind: u32, at: usize, end: usize, claim: usize): bool {
  const value = claim + G_VALUE
  if (kind == WORD) return rlpWord(at, end, value) == OK
  if (kind == NONCE) {
    if (rlpU64(at, end) != OK) return false
    zero32(value)
    store<u64>(value, itemInteger)
    return true
  }
  if (rlpString(at, end) != OK) return false
  store<u32>(claim, <u32>itemData, G_CODE)
  store<u32>(claim, <u32>itemLength, G_CODE_LENGTH)
  if (itemLength == 0) copy32(value, EMPTY_CODE_HASH)
  else keccak256(itemData, <u32>itemLength, value)
  return true
}
