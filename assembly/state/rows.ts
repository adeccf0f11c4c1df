import {
  ROW_BALANCE, ROW_HAS_CODE, ROW_HAS_STORAGE, ROW_NONCE, TABLE_OF_ACCOUNTS, TABLE_OF_CODES, TABLE_OF_SLOTS,
} from '../abi/rows'
import { ACC_ADDRESS, SLOT_ACCOUNT } from '../abi/state'
import { copyBytes } from '../mem/bulk'
import { equal32, zero32 } from '../mem/bytes32'
import { wordBytes } from '../rlp/encode'
import { keyBytesOf, startKey } from '../trie/store'
import { EMPTY_ROOT } from '../trie/nodes'
import { EMPTY_CODE_HASH } from './code'
import { keyBytes } from './keys'

// Rows of accounts, slots and codes (abi/rows.ts). A key function starts the key of the next read; its answer is the
// end.

export function accountKey(account: usize): usize {
  return keyBytesOf(startKey(TABLE_OF_ACCOUNTS), account + ACC_ADDRESS, 20)
}

export function slotKey(slot: usize): usize {
  const at = slotsKey(load<u32>(slot, SLOT_ACCOUNT))
  keyBytes(slot, at)
  return at + 32
}

/** What the keys of all slots of the account begin with. */
export function slotsKey(account: usize): usize {
  return keyBytesOf(startKey(TABLE_OF_SLOTS), account + ACC_ADDRESS, 20)
}

export function codeKey(hash: usize): usize {
  return keyBytesOf(startKey(TABLE_OF_CODES), hash, 32)
}

/** No account has a longer row. */
export const MAX_ACCOUNT_ROW: usize = ROW_BALANCE + 1 + 32 + 32 + 32

/** Writes the row of an account; its end. `balance` is a word. */
export function writeAccountRow(out: usize, nonce: u64, balance: usize, codeHash: usize, storageRoot: usize): usize {
  const hasCode = !equal32(codeHash, EMPTY_CODE_HASH)
  const hasStorage = !equal32(storageRoot, EMPTY_ROOT)
  store<u8>(out, (hasCode ? ROW_HAS_CODE : 0) | (hasStorage ? ROW_HAS_STORAGE : 0))
  store<u64>(out, nonce, ROW_NONCE)
  const length = wordBytes(balance)
  store<u8>(out, length, ROW_BALANCE)
  let at = keyBytesOf(out + ROW_BALANCE + 1, balance, length)
  if (hasCode) at = keyBytesOf(at, codeHash, 32)
  if (hasStorage) at = keyBytesOf(at, storageRoot, 32)
  return at
}

/** Parts of a row that was read. */
export let rowNonce: u64 = 0
/** Address of the code hash; 0 without code. */
export let rowCodeHash: usize = 0
/** Address of the storage root; 0 without storage. */
export let rowStorageRoot: usize = 0

/** Takes the row in [at, end) apart, the balance as a word to `balance`; false when it is no row of an account. */
export function readAccountRow(at: usize, end: usize, balance: usize): bool {
  if (at + ROW_BALANCE + 1 > end) return false
  const flags: u32 = load<u8>(at)
  const length: usize = load<u8>(at, ROW_BALANCE)
  rowNonce = load<u64>(at, ROW_NONCE)
  at += ROW_BALANCE + 1
  if (flags > 3 || length > 32 || at + length > end) return false
  readWordRow(at, length, balance)
  at += length
  rowCodeHash = flags & ROW_HAS_CODE ? at : 0
  if (rowCodeHash != 0) at += 32
  rowStorageRoot = flags & ROW_HAS_STORAGE ? at : 0
  if (rowStorageRoot != 0) at += 32
  return at == end
}

/** A word of `length` bytes, at most 32. */
export function readWordRow(at: usize, length: usize, word: usize): void {
  zero32(word)
  copyBytes(word, at, length)
}
