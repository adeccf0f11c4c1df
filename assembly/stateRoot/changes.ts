import { CHANGE_IS_DELETE, CHANGE_IS_DELETE_ALL, CHANGE_IS_PUT } from '../abi/rows'
import {
  ACC_CODE, ACC_STORAGE_ROOT, ACC_STORAGE_TRIE, CODE_BYTES, CODE_LENGTH, DIFF_ACCOUNT, DIFF_BALANCE, DIFF_CLEARED,
  DIFF_CODE_HASH, DIFF_EXISTED, DIFF_EXISTS, DIFF_FLAGS, DIFF_NONCE, DIFF_SLOT_COUNT, DIFF_SLOTS, DIFF_STORAGE_ROOT,
  DIFF_STORAGE_TRIE, DSLOT_SLOT, DSLOT_VALUE, LOC_BASE,
} from '../abi/state'
import { MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { equal32, isZero32 } from '../mem/bytes32'
import { wordBytes } from '../rlp/encode'
import { findCode, isEmptyCode } from '../state/code'
import { accountKey, codeKey, MAX_ACCOUNT_ROW, slotKey, slotsKey, writeAccountRow } from '../state/rows'
import { rowBuffer } from '../trie/context'
import { EMPTY_ROOT } from '../trie/nodes'
import { startNodeKey } from '../trie/storedNodes'
import { beginChange, clearChanges, endChange } from './changeList'
import { stageAfter, stageBefore, stageDiffCount, stageDiffs } from './stateRoot'
import { listTrieChanges } from './trieChanges'

/**
 * Lists what the block changes in the rows of a state store. After rootResult was OK, before rootAdopt: OK,
 * OUT_OF_SPACE, MISSING or MALFORMED.
 */
export function listChanges(): i32 {
  clearChanges()
  const diffs = stageDiffs()
  for (let i: u32 = 0; i < stageDiffCount(); i++) {
    const status = listAccount(load<u32>(diffs + (<usize>i << 2)))
    if (status != OK) return status
  }
  return listTrieChanges(0, stageBefore(), stageAfter())
}

function listAccount(diff: usize): i32 {
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  const flags = load<u32>(diff, DIFF_FLAGS)
  if ((flags & DIFF_EXISTS) == 0) {
    if (flags & DIFF_EXISTED && !remove(CHANGE_IS_DELETE, accountKey(account))) return OUT_OF_SPACE
  } else if (!putAccount(diff, account)) return OUT_OF_SPACE
  const cleared = (flags & DIFF_CLEARED) != 0
  if (cleared && hadStorage(account)) {
    const all = CHANGE_IS_DELETE_ALL
    if (!remove(all, slotsKey(account)) || !remove(all, startNodeKey(account))) return OUT_OF_SPACE
  }
  const status = listCode(diff, account)
  if (status != OK || !listSlots(diff)) return status != OK ? status : OUT_OF_SPACE
  const before: usize = cleared ? 0 : load<u32>(account, ACC_STORAGE_TRIE)
  return listTrieChanges(account, before, load<u32>(diff, DIFF_STORAGE_TRIE))
}

function remove(kind: u32, end: usize): bool {
  if (beginChange(kind, end - rowBuffer, 0) == 0) return false
  endChange(0)
  return true
}

function hadStorage(account: usize): bool {
  const root = account + ACC_STORAGE_ROOT
  return !isZero32(root) && !equal32(root, EMPTY_ROOT)
}

function putAccount(diff: usize, account: usize): bool {
  const at = beginChange(CHANGE_IS_PUT, accountKey(account) - rowBuffer, MAX_ACCOUNT_ROW)
  if (at == 0) return false
  const nonce = load<u64>(diff, DIFF_NONCE)
  endChange(writeAccountRow(at, nonce, diff + DIFF_BALANCE, diff + DIFF_CODE_HASH, diff + DIFF_STORAGE_ROOT) - at)
  return true
}

/** Code that the account did not have before; the store may have it already. */
function listCode(diff: usize, account: usize): i32 {
  const hash = diff + DIFF_CODE_HASH
  // Of a state put into memory the base has the code already.
  const known = load<u32>(diff, DIFF_FLAGS) & DIFF_EXISTED && equal32(hash, account + ACC_CODE + LOC_BASE)
  if (known || isEmptyCode(hash)) return OK
  const code = findCode(hash)
  if (code == 0) return MISSING
  const length: usize = load<u32>(code, CODE_LENGTH)
  const at = beginChange(CHANGE_IS_PUT, codeKey(hash) - rowBuffer, length)
  if (at == 0) return OUT_OF_SPACE
  copyBytes(at, load<u32>(code, CODE_BYTES), length)
  endChange(length)
  return OK
}

function listSlots(diff: usize): bool {
  const slots: usize = load<u32>(diff, DIFF_SLOTS)
  for (let i: u32 = 0; i < load<u32>(diff, DIFF_SLOT_COUNT); i++) {
    const change: usize = load<u32>(slots + (<usize>i << 2))
    const end = slotKey(load<u32>(change, DSLOT_SLOT))
    const length = wordBytes(change + DSLOT_VALUE)
    if (length == 0) {
      if (!remove(CHANGE_IS_DELETE, end)) return false
      continue
    }
    const at = beginChange(CHANGE_IS_PUT, end - rowBuffer, length)
    if (at == 0) return false
    copyBytes(at, change + DSLOT_VALUE, length)
    endChange(length)
  }
  return true
}
