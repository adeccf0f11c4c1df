import {
  MALFORMED, MISSING, MISSING_ACCOUNT, MISSING_CODE, MISSING_SLOT, OK, OUT_OF_SPACE, SOURCE_ASYNC, SOURCE_CLOSED,
  SOURCE_STORE, SOURCE_WITNESS,
} from '../abi/status'
import { CONTROL_STATE } from '../mem/layout'
import { context, THREAD_MISSING } from '../mem/thread'
import { copy32, isZero32, zero32 } from '../mem/bytes32'
import {
  ACCOUNT_BALANCE,
  ACCOUNT_CODE_HASH,
  ACCOUNT_NONCE,
  ACCOUNT_PRESENT,
  ACCOUNT_ROOT,
  ACCOUNT_STORAGE,
  witnessAccount,
  witnessSlot,
} from '../trie/account'
import { accountBuffer } from '../trie/context'
import { accountHash, slotHash } from './keys'
import { EMPTY_ROOT, newUnresolved, setOwner } from '../trie/nodes'
import { ABSENT, readLongRow, readRow, row, setReadsStore } from '../trie/store'
import { stateTrie } from './stateTrie'
import { allocCode, EMPTY_CODE_HASH, setCodeBytes } from './code'
import {
  accountKey, codeKey, readAccountRow, readWordRow, rowCodeHash, rowNonce, rowStorageRoot, slotKey,
} from './rows'
import {
  ACC_BALANCE,
  ACC_CODE,
  ACC_FLAGS,
  ACC_LIFE,
  ACC_NONCE,
  ACC_SLOTS,
  ACC_STORAGE_CLEARED,
  ACC_STORAGE_ROOT,
  ACC_STORAGE_TRIE,
  LOC_BASE,
  LOC_BASE_KNOWN,
  CODE_HASH,
  SLOT_ACCOUNT,
  SLOT_LOC,
  SLOT_SIBLING,
} from '../abi/state'

// Values from before the block. During a block an unknown base value may become known, a known one never changes; only
// commitBase, between blocks, changes one. Several threads may fill in the same one: they write the same bytes.

/** u32: SOURCE_*. */
const SOURCE: usize = CONTROL_STATE + 256

export function setSource(source: u32): void {
  atomic.store<u32>(SOURCE, source)
  setReadsStore(source == SOURCE_STORE)
}

// @ts-ignore: decorator
@inline
export function sourceIsAsync(): bool {
  return atomic.load<u32>(SOURCE) == SOURCE_ASYNC
}

/** Notes for the host what must be fetched: an account or slot record, or the account whose code it is. */
export function noteMissing(kind: u32, pointer: usize): i32 {
  store<u32>(context + THREAD_MISSING, kind)
  store<u32>(context + THREAD_MISSING, <u32>pointer, 4)
  return MISSING
}

/**
 * Sets an account before the block. `balance`: a word in wei. `codeHash`: 0 for no code. `storageRoot`: 0 to leave it.
 * Outside a block, or inside one for an account whose base is not known yet.
 */
export function setBaseAccount(account: usize, nonce: u64, balance: usize, codeHash: usize, storageRoot: usize): void {
  const code = account + ACC_CODE
  const life = account + ACC_LIFE
  copy32(account + ACC_BALANCE + LOC_BASE, balance)
  store<u64>(account + ACC_NONCE, nonce, LOC_BASE)
  copy32(code + LOC_BASE, codeHash != 0 ? codeHash : EMPTY_CODE_HASH)
  store<u64>(life, 1, LOC_BASE)
  if (storageRoot != 0) copy32(account + ACC_STORAGE_ROOT, storageRoot)
  publish(account)
}

/** Makes it known that the account does not exist before the block. */
export function setBaseAbsent(account: usize): void {
  zero32(account + ACC_BALANCE + LOC_BASE)
  store<u64>(account + ACC_NONCE, 0, LOC_BASE)
  copy32(account + ACC_CODE + LOC_BASE, EMPTY_CODE_HASH)
  store<u64>(account + ACC_LIFE, 0, LOC_BASE)
  // The host may make an account absent that was there: nothing of its storage must count for one created later.
  store<u32>(account, 0, ACC_STORAGE_TRIE)
  zero32(account + ACC_STORAGE_ROOT)
  publish(account)
}

function publish(account: usize): void {
  atomic.store<u32>(account + ACC_BALANCE, 1, LOC_BASE_KNOWN)
  atomic.store<u32>(account + ACC_NONCE, 1, LOC_BASE_KNOWN)
  atomic.store<u32>(account + ACC_CODE, 1, LOC_BASE_KNOWN)
  atomic.store<u32>(account + ACC_LIFE, 1, LOC_BASE_KNOWN)
}

/** Sets a slot before the block to a word, under the same condition as setBaseAccount. */
export function setBaseSlot(slot: usize, value: usize): void {
  copy32(slot + SLOT_LOC + LOC_BASE, value)
  atomic.store<u32>(slot + SLOT_LOC, 1, LOC_BASE_KNOWN)
}

// @ts-ignore: decorator
@inline
export function accountKnown(account: usize): bool {
  return atomic.load<u32>(account + ACC_LIFE, LOC_BASE_KNOWN) != 0
}

// @ts-ignore: decorator
@inline
export function slotKnown(slot: usize): bool {
  return atomic.load<u32>(slot + SLOT_LOC, LOC_BASE_KNOWN) != 0
}

/** Makes the base values of an account known: OK, MISSING or MALFORMED. */
export function resolveAccount(account: usize): i32 {
  if (accountKnown(account)) return OK
  const source = atomic.load<u32>(SOURCE)
  if (source == SOURCE_CLOSED) {
    setBaseAbsent(account)
    return OK
  }
  if (source == SOURCE_STORE) return accountOfStore(account)
  return source == SOURCE_WITNESS ? accountOfTries(account) : noteMissing(MISSING_ACCOUNT, account)
}

function accountOfStore(account: usize): i32 {
  const length = readRow(accountKey(account))
  if (length == ABSENT) {
    setBaseAbsent(account)
    return OK
  }
  const balance = accountBuffer
  if (length < 0 || !readAccountRow(row(), row() + length, balance)) return MALFORMED
  const root = rowStorageRoot
  let trie: usize = 0
  if (root != 0) {
    setOwner(account)
    trie = newUnresolved(root)
    setOwner(0)
    if (trie == 0) return OUT_OF_SPACE
  }
  store<u32>(account, <u32>trie, ACC_STORAGE_TRIE)
  setBaseAccount(account, rowNonce, balance, rowCodeHash, root == 0 ? EMPTY_ROOT : root)
  return OK
}

/** Brings in the bytes of a code of which the record has the hash only: OK, MISSING, MALFORMED or OUT_OF_SPACE. */
export function resolveCode(code: usize, account: usize): i32 {
  if (atomic.load<u32>(SOURCE) != SOURCE_STORE) return noteMissing(MISSING_CODE, account)
  const end = codeKey(code + CODE_HASH)
  const length = readLongRow(end, 0, 0)
  if (length <= 0) return length == ABSENT ? noteMissing(MISSING_CODE, account) : MALFORMED
  const bytes = allocCode(length)
  if (bytes == 0) return OUT_OF_SPACE
  if (readLongRow(end, bytes, length) != length) return MALFORMED
  setCodeBytes(code, bytes, length)
  return OK
}

/** Makes it unknown what the account was before the block: the store has other values now. Between blocks only. */
export function forgetBaseAccount(account: usize): void {
  store<u32>(account + ACC_BALANCE, 0, LOC_BASE_KNOWN)
  store<u32>(account + ACC_NONCE, 0, LOC_BASE_KNOWN)
  store<u32>(account + ACC_CODE, 0, LOC_BASE_KNOWN)
  store<u32>(account + ACC_LIFE, 0, LOC_BASE_KNOWN)
  store<u32>(account, load<u32>(account, ACC_FLAGS) & ~ACC_STORAGE_CLEARED, ACC_FLAGS)
}

export function forgetBaseSlot(slot: usize): void {
  zero32(slot + SLOT_LOC + LOC_BASE)
  store<u32>(slot + SLOT_LOC, 0, LOC_BASE_KNOWN)
}

/** The same by the state's tries, wherever the values of others come from. */
export function accountOfTries(account: usize): i32 {
  const leaf = accountBuffer
  const status = witnessAccount(stateTrie(), accountHash(account), leaf)
  if (status == MISSING) return noteMissing(MISSING_ACCOUNT, account)
  if (status != OK) return status
  if (load<u32>(leaf, ACCOUNT_PRESENT) == 0) {
    setBaseAbsent(account)
    return OK
  }
  store<u32>(account, load<u32>(leaf, ACCOUNT_STORAGE), ACC_STORAGE_TRIE)
  const root = leaf + ACCOUNT_ROOT
  setBaseAccount(account, load<u64>(leaf, ACCOUNT_NONCE), leaf + ACCOUNT_BALANCE, leaf + ACCOUNT_CODE_HASH, root)
  return OK
}

/** Makes the base value of a slot known: OK, MISSING or MALFORMED. */
export function resolveSlot(slot: usize): i32 {
  if (slotKnown(slot)) return OK
  const source = atomic.load<u32>(SOURCE)
  const account: usize = load<u32>(slot, SLOT_ACCOUNT)
  if (source == SOURCE_CLOSED || atomic.load<u32>(account, ACC_FLAGS) & ACC_STORAGE_CLEARED) {
    // LOC_BASE of a fresh record is zero already.
    atomic.store<u32>(slot + SLOT_LOC, 1, LOC_BASE_KNOWN)
    return OK
  }
  if (source == SOURCE_STORE) return slotOfStore(account, slot)
  return source == SOURCE_WITNESS ? slotOfTries(account, slot) : noteMissing(MISSING_SLOT, slot)
}

/** The same by the tries, of an account that is known. */
export function slotOfTries(account: usize, slot: usize): i32 {
  let status = resolveAccount(account)
  if (status != OK) return status
  const value = accountBuffer
  status = witnessSlot(load<u32>(account, ACC_STORAGE_TRIE), slotHash(slot, value), value)
  if (status == MISSING) return noteMissing(MISSING_SLOT, slot)
  if (status == OK) setBaseSlot(slot, value)
  return status
}

function slotOfStore(account: usize, slot: usize): i32 {
  const value = accountBuffer
  // The store is asked for no slot of a storage that is known to be empty.
  const length = accountKnown(account) && !hasStorageRoot(account) ? ABSENT : readRow(slotKey(slot))
  if (length < ABSENT || length > 32) return MALFORMED
  readWordRow(row(), length == ABSENT ? 0 : length, value)
  setBaseSlot(slot, value)
  return OK
}

// @ts-ignore: decorator
@inline
function hasStorageRoot(account: usize): bool {
  const root = account + ACC_STORAGE_ROOT
  return !isZero32(root) && memory.compare(root, EMPTY_ROOT, 32) != 0
}

/**
 * EIP-7610: whether the account has storage before the block, of an account that has neither nonce nor code then; a
 * later one is asked about only when a transaction has cleared its storage. The account must be known.
 */
export function hasBaseStorage(account: usize): bool {
  const code = account + ACC_CODE + LOC_BASE
  if (load<u64>(account, ACC_NONCE + LOC_BASE) != 0 || memory.compare(code, EMPTY_CODE_HASH, 32) != 0) return false
  // Of a storage that a block cleared the root may be an older one: what was written since is in the slots. Over a
  // store every block makes roots.
  const rootCounts =
    (atomic.load<u32>(account, ACC_FLAGS) & ACC_STORAGE_CLEARED) == 0 || atomic.load<u32>(SOURCE) == SOURCE_STORE
  if (rootCounts && hasStorageRoot(account)) return true
  let slot: usize = atomic.load<u32>(account + ACC_SLOTS)
  while (slot != 0) {
    if (!isZero32(slot + SLOT_LOC + LOC_BASE)) return true
    slot = load<u32>(slot, SLOT_SIBLING)
  }
  return false
}
