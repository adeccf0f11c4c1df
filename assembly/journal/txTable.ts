import { copyBytes, fillBytes } from '../mem/bulk'
import { precompileOf } from './precompileSet'
import {
  accountMask,
  accountTable,
  growAccountTable,
  growSlotTable,
  slotMask,
  slotTable,
  stamp,
  TX_SCRATCH,
  txAlloc,
  txBlock,
} from './txMemory'
import {
  A_FLAGS,
  A_HASH,
  A_NEXT,
  A_PRECOMPILE,
  A_RECORD,
  A_SIZE,
  A_SLOTS,
  A_WORD,
  S_ACCOUNT,
  S_FLAGS,
  S_HASH,
  S_KEY,
  S_NEXT,
  S_RECORD,
  S_SIZE,
  SLOT_TRANSIENT,
  WARM,
} from './txRecords'
import { ACC_ADDRESS } from '../abi/state'
import { internAccount } from '../state/accounts'
import { tableKey } from '../state/tables'
import { addressFromWord } from '../u256/address'

// Finds the running transaction's record of an account (by address) or of a slot (by account and key), and makes it at
// the first use. Linear probing; never more than half full.

/** Head of the list of the transaction's accounts. */
export let firstAccount: usize = 0
/** Head of the list of its slots of transient storage. */
export let firstTransient: usize = 0
let accountCount: u32 = 0
let slotCount: u32 = 0
/** Mixed into every hash: a contract cannot choose keys that collide without knowing it. */
let seed: u64 = 0

export function tableReset(): void {
  seed = tableKey()
  firstAccount = 0
  firstTransient = 0
  accountCount = 0
  slotCount = 0
}

// @ts-ignore: decorator
@inline
function mix(h: u64, value: u64): u64 {
  h = (h ^ value) * 0xbf58476d1ce4e5b9
  return h ^ (h >> 29)
}

/** The record of the account whose address is the low 20 bytes of `word`; 0 when out of space. */
export function txAccount(word: usize): usize {
  const l0 = load<u64>(word)
  const l1 = load<u64>(word, 8)
  const l2 = <u64>load<u32>(word, 16)
  const hash = <u32>(mix(mix(mix(seed, l0), l1), l2) >> 16)
  let index = hash & accountMask
  while (true) {
    const entry = accountTable + <usize>index * 8
    if (load<u32>(entry) != stamp) return makeAccount(l0, l1, l2, hash)
    const record: usize = load<u32>(entry, 4)
    if (load<u64>(record, A_WORD) == l0 && load<u64>(record, A_WORD + 8) == l1 && load<u64>(record, A_WORD + 16) == l2)
      return record
    index = (index + 1) & accountMask
  }
}

function makeAccount(l0: u64, l1: u64, l2: u64, hash: u32): usize {
  if (accountCount * 2 > accountMask && !growAccountTable(A_HASH)) return 0
  const record = txAlloc(A_SIZE)
  if (record == 0) return 0
  fillBytes(record, 0, A_SIZE)
  store<u64>(record, l0, A_WORD)
  store<u64>(record, l1, A_WORD + 8)
  store<u64>(record, l2, A_WORD + 16)
  const address = txBlock + TX_SCRATCH
  addressFromWord(record + A_WORD, address)
  const shared = internAccount(address)
  if (shared == 0) return 0
  store<u32>(record, <u32>shared, A_RECORD)
  store<u32>(record, hash, A_HASH)
  const precompile = precompileOf(record)
  store<u32>(record, precompile, A_PRECOMPILE)
  // EIP-2929: precompiles are warm from the start.
  store<u32>(record, precompile != 0 ? WARM : 0, A_FLAGS)
  store<u32>(record, <u32>firstAccount, A_NEXT)
  firstAccount = record
  accountCount += 1
  let index = hash & accountMask
  while (load<u32>(accountTable + <usize>index * 8) == stamp) index = (index + 1) & accountMask
  store<u32>(accountTable + <usize>index * 8, stamp)
  store<u32>(accountTable + <usize>index * 8, <u32>record, 4)
  return record
}

/** The 20 bytes of the account's address. */
// @ts-ignore: decorator
@inline
export function accountAddress(account: usize): usize {
  return <usize>load<u32>(account, A_RECORD) + ACC_ADDRESS
}

/** The record of a slot; `kind` is 0 (storage) or SLOT_TRANSIENT. 0 when out of space. */
export function txSlot(account: usize, key: usize, kind: u32): usize {
  const k0 = load<u64>(key)
  const k1 = load<u64>(key, 8)
  const k2 = load<u64>(key, 16)
  const k3 = load<u64>(key, 24)
  const hash = <u32>(mix(mix(mix(mix(seed + <u64>account + <u64>kind, k0), k1), k2), k3) >> 16)
  let index = hash & slotMask
  while (true) {
    const entry = slotTable + <usize>index * 8
    if (load<u32>(entry) != stamp) return makeSlot(account, key, kind, hash)
    const slot: usize = load<u32>(entry, 4)
    if (
      load<u32>(slot, S_HASH) == hash &&
      load<u32>(slot, S_ACCOUNT) == <u32>account &&
      load<u64>(slot, S_KEY) == k0 &&
      load<u64>(slot, S_KEY + 8) == k1 &&
      load<u64>(slot, S_KEY + 16) == k2 &&
      load<u64>(slot, S_KEY + 24) == k3 &&
      (load<u32>(slot, S_FLAGS) & SLOT_TRANSIENT) == kind
    )
      return slot
    index = (index + 1) & slotMask
  }
}

function makeSlot(account: usize, key: usize, kind: u32, hash: u32): usize {
  if (slotCount * 2 > slotMask && !growSlotTable(S_HASH)) return 0
  const slot = txAlloc(S_SIZE)
  if (slot == 0) return 0
  fillBytes(slot, 0, S_SIZE)
  store<u32>(slot, <u32>account, S_ACCOUNT)
  store<u32>(slot, 0, S_RECORD)
  store<u32>(slot, kind, S_FLAGS)
  store<u32>(slot, hash, S_HASH)
  copyBytes(slot + S_KEY, key, 32)
  if (kind == 0) {
    store<u32>(slot, load<u32>(account, A_SLOTS), S_NEXT)
    store<u32>(account, <u32>slot, A_SLOTS)
  } else {
    store<u32>(slot, <u32>firstTransient, S_NEXT)
    firstTransient = slot
  }
  slotCount += 1
  let index = hash & slotMask
  while (load<u32>(slotTable + <usize>index * 8) == stamp) index = (index + 1) & slotMask
  store<u32>(slotTable + <usize>index * 8, stamp)
  store<u32>(slotTable + <usize>index * 8, <u32>slot, 4)
  return slot
}
