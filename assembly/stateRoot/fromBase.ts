import { OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaAllocZeroed } from '../mem/arena'
import { nextAccount } from '../state/accounts'
import { copy32, isZero32 } from '../mem/bytes32'
import {
  ACC_BALANCE,
  ACC_CODE,
  ACC_LIFE,
  ACC_NONCE,
  ACC_SLOTS,
  ACC_STORAGE_TRIE,
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CLEARED,
  DIFF_CODE_HASH,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_SIZE,
  DIFF_SLOT_COUNT,
  DIFF_SLOTS,
  DSLOT_SIZE,
  DSLOT_SLOT,
  DSLOT_VALUE,
  LOC_BASE,
  LOC_BASE_KNOWN,
  SLOT_LOC,
  SLOT_SIBLING,
} from '../abi/state'
import { stageArena } from '../trie/context'
import { openStage, startTries } from './stateRoot'

/**
 * Starts the state root stage over all accounts and slots in memory, as if a block had made them out of nothing: the
 * way to the tries of a state that is completely in memory. Then rootWork and so on. OK or OUT_OF_SPACE. Between blocks
 * only.
 */
export function rootPrepareAll(): i32 {
  openStage()
  let count: u32 = 0
  for (let account = nextAccount(0); account != 0; account = nextAccount(account)) if (exists(account)) count++
  const diffs = arenaAlloc(stageArena, (<usize>count << 2) + 4)
  if (diffs == 0) return OUT_OF_SPACE
  let at = diffs
  for (let account = nextAccount(0); account != 0; account = nextAccount(account)) {
    if (!exists(account)) {
      // Destroyed since the last tries: what is made at this address later starts without storage.
      store<u32>(account, 0, ACC_STORAGE_TRIE)
      continue
    }
    const diff = accountAsDiff(account)
    if (diff == 0) return OUT_OF_SPACE
    store<u32>(at, <u32>diff)
    at += 4
  }
  startTries(diffs, count, 0, false)
  return OK
}

function exists(account: usize): bool {
  const life = account + ACC_LIFE
  return atomic.load<u32>(life, LOC_BASE_KNOWN) != 0 && load<u64>(life, LOC_BASE) != 0
}

function accountAsDiff(account: usize): usize {
  const diff = arenaAllocZeroed(stageArena, DIFF_SIZE)
  if (diff == 0) return 0
  store<u32>(diff, <u32>account, DIFF_ACCOUNT)
  store<u32>(diff, DIFF_EXISTS | DIFF_CLEARED, DIFF_FLAGS)
  store<u64>(diff, load<u64>(account + ACC_NONCE, LOC_BASE), DIFF_NONCE)
  copy32(diff + DIFF_BALANCE, account + ACC_BALANCE + LOC_BASE)
  copy32(diff + DIFF_CODE_HASH, account + ACC_CODE + LOC_BASE)
  let count: u32 = 0
  for (let slot: usize = load<u32>(account, ACC_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_SIBLING)) {
    if (hasValue(slot)) count++
  }
  if (count == 0) return diff
  const slots = arenaAlloc(stageArena, <usize>count * (4 + DSLOT_SIZE) + 16)
  if (slots == 0) return 0
  let change = (slots + (<usize>count << 2) + 15) & ~15
  let at = slots
  for (let slot: usize = load<u32>(account, ACC_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_SIBLING)) {
    if (!hasValue(slot)) continue
    store<u32>(change, <u32>slot, DSLOT_SLOT)
    copy32(change + DSLOT_VALUE, slot + SLOT_LOC + LOC_BASE)
    store<u32>(at, <u32>change)
    at += 4
    change += DSLOT_SIZE
  }
  store<u32>(diff, <u32>slots, DIFF_SLOTS)
  store<u32>(diff, count, DIFF_SLOT_COUNT)
  return diff
}

// @ts-ignore: decorator
@inline
function hasValue(slot: usize): bool {
  return atomic.load<u32>(slot + SLOT_LOC, LOC_BASE_KNOWN) != 0 && !isZero32(slot + SLOT_LOC + LOC_BASE)
}
