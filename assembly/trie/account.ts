import { MALFORMED, OK } from '../abi/status'
import { fillBytes } from '../mem/bulk'
import { copy32, zero32 } from '../mem/bytes32'
import { itemData, itemEnd, itemInteger, rlpFixed, rlpList, rlpU64, rlpWord } from '../rlp/decode'
import { u64Size, wordSize, writeHash, writeListHeader, writeU64, writeWord } from '../rlp/encode'
import { failAt, failure } from './context'
import { trieFromHash, trieGet } from './trie'

// Leaves of the state trie, RLP [nonce, balance, storage root, code hash], and of storage tries, RLP of the value
// without leading zeros (Yellow Paper, section 4.1).

/** Layout of a decoded account. */
export const ACCOUNT_NONCE: usize = 0 // u64
export const ACCOUNT_PRESENT: usize = 8 // u32, 1 or 0
export const ACCOUNT_STORAGE: usize = 12 // u32, handle of the storage trie
export const ACCOUNT_BALANCE: usize = 16 // word
export const ACCOUNT_ROOT: usize = 48 // 32 bytes
export const ACCOUNT_CODE_HASH: usize = 80 // 32 bytes
export const ACCOUNT_SIZE: usize = 112

/** No leaf of the state trie is longer. */
export const MAX_ACCOUNT_RLP: usize = 2 + 9 + 33 + 33 + 33

/** Encodes an account; returns its length. `balance` is a word. */
export function encodeAccount(out: usize, nonce: u64, balance: usize, root: usize, codeHash: usize): usize {
  const payload = u64Size(nonce) + wordSize(balance) + 66
  let at = writeListHeader(out, payload)
  at = writeU64(at, nonce)
  at = writeWord(at, balance)
  at = writeHash(at, root)
  at = writeHash(at, codeHash)
  return at - out
}

/** Decodes the leaf in [at, end) to `out`, all but ACCOUNT_STORAGE. OK or MALFORMED. */
export function decodeAccount(at: usize, end: usize, out: usize): i32 {
  if (rlpList(at, end) != OK || itemEnd != end) return MALFORMED
  if (rlpU64(itemData, end) != OK) return MALFORMED
  store<u64>(out, itemInteger, ACCOUNT_NONCE)
  if (rlpWord(itemEnd, end, out + ACCOUNT_BALANCE) != OK) return MALFORMED
  if (rlpFixed(itemEnd, end, 32) != OK) return MALFORMED
  copy32(out + ACCOUNT_ROOT, itemData)
  if (rlpFixed(itemEnd, end, 32) != OK || itemEnd != end) return MALFORMED
  copy32(out + ACCOUNT_CODE_HASH, itemData)
  store<u32>(out, 1, ACCOUNT_PRESENT)
  return OK
}

/**
 * The account whose address hashes to `addressHash`, to `out` (ACCOUNT_*): OK (present or not), MISSING or MALFORMED.
 */
export function witnessAccount(root: usize, addressHash: usize, out: usize): i32 {
  const status = trieGet(root, addressHash, 64, out)
  if (status != OK) return status
  const value: usize = load<u32>(out)
  const length: usize = load<u32>(out, 4)
  fillBytes(out, 0, ACCOUNT_SIZE)
  if (length == 0) return OK
  if (decodeAccount(value, value + length, out) != OK) return malformedValue(addressHash)
  return trieFromHash(out + ACCOUNT_ROOT, out + ACCOUNT_STORAGE)
}

/** The slot whose key hashes to `keyHash`, a word to `out`, 0 when it is absent: OK, MISSING or MALFORMED. */
export function witnessSlot(storageTrie: usize, keyHash: usize, out: usize): i32 {
  const status = trieGet(storageTrie, keyHash, 64, out)
  if (status != OK) return status
  const value: usize = load<u32>(out)
  const length: usize = load<u32>(out, 4)
  zero32(out)
  if (length == 0) return OK
  if (rlpWord(value, value + length, out) != OK || itemEnd != value + length) return malformedValue(keyHash)
  return OK
}

/** The value of a leaf is no account or word; there is no node hash to name, so the fault names the key alone. */
function malformedValue(key: usize): i32 {
  failAt(MALFORMED, NO_HASH, key, 64)
  return failure
}

const NO_HASH: usize = memory.data(32)
