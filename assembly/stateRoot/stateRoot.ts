import { ENTRY_SIZE } from '../abi/trie'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaAllocZeroed } from '../mem/arena'
import { writeWord } from '../rlp/encode'
import { copy32, isZero32 } from '../mem/bytes32'
import {
  ACC_STORAGE_ROOT,
  ACC_STORAGE_TRIE,
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CLEARED,
  DIFF_CODE_HASH,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_SLOT_COUNT,
  DIFF_SLOTS,
  DIFF_STORAGE_ROOT,
  DIFF_STORAGE_TRIE,
  DSLOT_SLOT,
  DSLOT_VALUE,
  SLOT_HASH,
} from '../abi/state'
import { encodeAccount, MAX_ACCOUNT_RLP } from '../trie/account'
import { clearFailure, failure, resetStageArenas, stageArena } from '../trie/context'
import { setEntry } from '../trie/entries'
import { hashNodes, rootHash } from '../trie/hash'
import { accountHash, flushSlotHashes, hashSlotLater, markSlotHashed, slotIsHashed } from '../state/keys'
import { sortEntries } from '../trie/sort'
import {
  completeTask,
  enterPhase,
  PHASE_ACCOUNTS,
  PHASE_END,
  PHASE_IDLE,
  PHASE_LARGE,
  PHASE_STORAGE,
  resetStage,
  stageFail,
  stagePhase,
  stageStatus,
  STAGE_WORDS,
  takeTask,
  waitWhile,
} from './stageControl'
import { closeRoot, openRoot, updateSubtree } from './subtrees'
import { setStateTrie } from '../state/stateTrie'
import { update } from '../trie/update'

// The state root after a block, computed by all threads together: storage tries first (the large ones by subtree), then
// the account trie by subtree. Nothing before the stage changes: the new tries are adopted afterwards, or dropped.
//
//   one thread: rootPrepare; every thread: rootWork; when all have returned, one thread: rootResult, rootAdopt or
// rootDrop

/** u32 each. */
const DIFFS: usize = STAGE_WORDS
const DIFF_COUNT: usize = STAGE_WORDS + 4
/** Handle the stage starts from. */
const BEFORE: usize = STAGE_WORDS + 8
const AFTER: usize = STAGE_WORDS + 12
/** Atomic: list of large storage tries; then their array. */
const LARGE_LIST: usize = STAGE_WORDS + 16
const LARGE_ARRAY: usize = STAGE_WORDS + 20
/** The account trie: opened branch, and its entries. */
const BRANCH: usize = STAGE_WORDS + 24
const ENTRIES: usize = STAGE_WORDS + 28
const ENTRIES_END: usize = STAGE_WORDS + 32

/** A storage trie with at least so many changed slots is updated by subtree. */
const LARGE: u32 = 96
const LARGE_NEXT: usize = 0
const LARGE_DIFF: usize = 4
const LARGE_BRANCH: usize = 8
const LARGE_ENTRIES: usize = 12
const LARGE_END: usize = 16
/** Atomic: subtrees completed. */
const LARGE_DONE: usize = 20
const LARGE_SIZE: usize = 32

/** The value of a storage leaf: at most 33 bytes of RLP. */
const SLOT_VALUE: usize = 48

/**
 * Starts the stage for `count` changed accounts (`diffs`: u32 pointers to DIFF records) over the account trie `before`.
 * Only while no thread is in rootWork.
 */
export function rootPrepare(diffs: usize, count: u32, before: usize): void {
  resetStageArenas()
  startStage(diffs, count, before)
}

/** The same for DIFF records in the stage's own memory. */
export function startStage(diffs: usize, count: u32, before: usize): void {
  resetStage()
  store<u32>(DIFFS, <u32>diffs)
  store<u32>(DIFF_COUNT, count)
  store<u32>(BEFORE, <u32>before)
  if (count != 0) return enterPhase(PHASE_STORAGE, count)
  store<u32>(AFTER, <u32>before)
  const status = hashNodes(before)
  if (status != OK) stageFail(status, 0)
  enterPhase(PHASE_END, 0)
}

/** Takes part in the stage until it is over: its status, the same for every thread. */
export function rootWork(): i32 {
  while (true) {
    const phase = stagePhase()
    if (phase == PHASE_END || phase == PHASE_IDLE) return stageStatus()
    const index = takeTask(phase)
    if (index < 0) {
      waitWhile(phase)
      continue
    }
    clearFailure()
    if (stageStatus() == OK) runTask(phase, <u32>index)
    if (completeTask(phase)) nextPhase(phase)
  }
}

/** Status; the root hash to `out` when it is OK. */
export function rootResult(out: usize): i32 {
  const status = stageStatus()
  if (status == OK) rootHash(load<u32>(AFTER), out)
  return status
}

/** What the stage was for, and came to; until rootAdopt or rootDrop. */
export function stageDiffs(): usize {
  return load<u32>(DIFFS)
}

export function stageDiffCount(): u32 {
  return load<u32>(DIFF_COUNT)
}

export function stageBefore(): usize {
  return load<u32>(BEFORE)
}

export function stageAfter(): usize {
  return load<u32>(AFTER)
}

/** Makes the new tries those of the base state. After rootResult was OK, before commitBase. */
export function rootAdopt(): void {
  setStateTrie(load<u32>(AFTER))
  const diffs: usize = load<u32>(DIFFS)
  for (let i: u32 = 0; i < load<u32>(DIFF_COUNT); i++) {
    const diff: usize = load<u32>(diffs + (<usize>i << 2))
    const account: usize = load<u32>(diff, DIFF_ACCOUNT)
    store<u32>(account, load<u32>(diff, DIFF_STORAGE_TRIE), ACC_STORAGE_TRIE)
    copy32(account + ACC_STORAGE_ROOT, diff + DIFF_STORAGE_ROOT)
  }
  rootDrop()
}

/** Gives back the memory of the stage; the base state keeps its tries. */
export function rootDrop(): void {
  resetStage()
  resetStageArenas()
}

function runTask(phase: u32, index: u32): void {
  if (phase == PHASE_STORAGE) {
    const diff: usize = load<u32>(<usize>load<u32>(DIFFS) + (<usize>index << 2))
    updateStorage(diff)
    if (failure != OK) stageFail(failure, load<u32>(diff, DIFF_ACCOUNT))
  } else if (phase == PHASE_LARGE) {
    const large: usize = load<u32>(<usize>load<u32>(LARGE_ARRAY) + (<usize>(index >> 4) << 2))
    updateLarge(large, index & 15)
    if (failure != OK) stageFail(failure, load<u32>(<usize>load<u32>(large, LARGE_DIFF), DIFF_ACCOUNT))
  } else {
    updateSubtree(load<u32>(BRANCH), index, load<u32>(ENTRIES), load<u32>(ENTRIES_END))
    if (failure != OK) stageFail(failure, 0)
  }
}

/** Runs in one thread, while all others wait or are on their way to wait. */
function nextPhase(phase: u32): void {
  if (stageStatus() != OK) return enterPhase(PHASE_END, 0)
  if (phase == PHASE_STORAGE) {
    const large = listLarge()
    if (stageStatus() == OK && large != 0) return enterPhase(PHASE_LARGE, 16 * large)
  }
  if (phase != PHASE_ACCOUNTS) {
    if (stageStatus() == OK) openAccounts()
    return stageStatus() == OK ? enterPhase(PHASE_ACCOUNTS, 16) : enterPhase(PHASE_END, 0)
  }
  store<u32>(AFTER, <u32>closeRoot(load<u32>(BRANCH), load<u32>(<usize>load<u32>(ENTRIES))))
  if (failure != OK) stageFail(failure, 0)
  enterPhase(PHASE_END, 0)
}

// --- Storage tries ---------------------------------------------------------------------------------------------------

function updateStorage(diff: usize): void {
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  const flags = load<u32>(diff, DIFF_FLAGS)
  const count = load<u32>(diff, DIFF_SLOT_COUNT)
  accountHash(account)
  if ((flags & DIFF_EXISTS) == 0) return finishStorage(diff, 0)
  const before: usize = flags & DIFF_CLEARED ? 0 : load<u32>(account, ACC_STORAGE_TRIE)
  if (count == 0) return finishStorage(diff, before)

  const entries = slotEntries(load<u32>(diff, DIFF_SLOTS), count)
  if (entries == 0) return stageFail(OUT_OF_SPACE, account)
  const status = sortEntries(entries, count)
  if (status != OK) return stageFail(status, account)
  const end = entries + <usize>count * ENTRY_SIZE
  if (count < LARGE) {
    const after = update(before, 0, entries, end, 0)
    if (failure == OK) finishStorage(diff, after)
    return
  }
  const large = arenaAllocZeroed(stageArena, LARGE_SIZE)
  if (large == 0) return stageFail(OUT_OF_SPACE, account)
  store<u32>(large, <u32>diff, LARGE_DIFF)
  store<u32>(large, <u32>openRoot(before, load<u32>(entries)), LARGE_BRANCH)
  store<u32>(large, <u32>entries, LARGE_ENTRIES)
  store<u32>(large, <u32>end, LARGE_END)
  while (true) {
    const head = atomic.load<u32>(LARGE_LIST)
    store<u32>(large, head, LARGE_NEXT)
    if (atomic.cmpxchg<u32>(LARGE_LIST, head, <u32>large) == head) return
  }
}

/** Entries for the slot differences, not sorted; 0 when out of space. */
function slotEntries(slots: usize, count: u32): usize {
  const entries = arenaAlloc(stageArena, <usize>count * (ENTRY_SIZE + SLOT_VALUE))
  if (entries == 0) return 0
  const values = entries + <usize>count * ENTRY_SIZE
  // The places of the values serve as those of the keys' bytes first.
  for (let i: u32 = 0; i < count; i++) {
    const slot = slotOf(slots, i)
    if (!slotIsHashed(slot)) hashSlotLater(slot, values + <usize>i * SLOT_VALUE)
  }
  flushSlotHashes()
  for (let i: u32 = 0; i < count; i++) {
    const change: usize = load<u32>(slots + (<usize>i << 2))
    const slot: usize = load<u32>(change, DSLOT_SLOT)
    markSlotHashed(slot)
    const value = values + <usize>i * SLOT_VALUE
    const length: usize = isZero32(change + DSLOT_VALUE) ? 0 : writeWord(value, change + DSLOT_VALUE) - value
    setEntry(entries + <usize>i * ENTRY_SIZE, slot + SLOT_HASH, 64, value, length)
  }
  return entries
}

// @ts-ignore: decorator
@inline
function slotOf(slots: usize, index: u32): usize {
  return load<u32>(<usize>load<u32>(slots + (<usize>index << 2)), DSLOT_SLOT)
}

function finishStorage(diff: usize, trie: usize): void {
  const status = hashNodes(trie)
  if (status != OK) return stageFail(status, load<u32>(diff, DIFF_ACCOUNT))
  store<u32>(diff, <u32>trie, DIFF_STORAGE_TRIE)
  rootHash(trie, diff + DIFF_STORAGE_ROOT)
}

/** Turns the list of large tries into an array; their number. */
function listLarge(): u32 {
  let count: u32 = 0
  for (let large: usize = load<u32>(LARGE_LIST); large != 0; large = load<u32>(large, LARGE_NEXT)) count++
  if (count == 0) return 0
  const array = arenaAlloc(stageArena, <usize>count << 2)
  if (array == 0) {
    stageFail(OUT_OF_SPACE, 0)
    return 0
  }
  let at = array
  for (let large: usize = load<u32>(LARGE_LIST); large != 0; large = load<u32>(large, LARGE_NEXT)) {
    store<u32>(at, <u32>large)
    at += 4
  }
  store<u32>(LARGE_ARRAY, <u32>array)
  return count
}

function updateLarge(large: usize, nibble: u32): void {
  const branch: usize = load<u32>(large, LARGE_BRANCH)
  const entries: usize = load<u32>(large, LARGE_ENTRIES)
  updateSubtree(branch, nibble, entries, load<u32>(large, LARGE_END))
  if (failure != OK) return
  // After a failure of another subtree this one never comes to 16: the stage has failed anyway.
  if (atomic.add<u32>(large + LARGE_DONE, 1) + 1 != 16) return
  const after = closeRoot(branch, load<u32>(entries))
  if (failure == OK) finishStorage(load<u32>(large, LARGE_DIFF), after)
}

// --- The account trie ------------------------------------------------------------------------------------------------

function openAccounts(): void {
  const diffs: usize = load<u32>(DIFFS)
  const count = load<u32>(DIFF_COUNT)
  const entries = arenaAlloc(stageArena, <usize>count * (ENTRY_SIZE + MAX_ACCOUNT_RLP))
  if (entries == 0) return stageFail(OUT_OF_SPACE, 0)
  let value = entries + <usize>count * ENTRY_SIZE
  for (let i: u32 = 0; i < count; i++) {
    const diff: usize = load<u32>(diffs + (<usize>i << 2))
    const length: usize =
      load<u32>(diff, DIFF_FLAGS) & DIFF_EXISTS
        ? encodeAccount(
            value,
            load<u64>(diff, DIFF_NONCE),
            diff + DIFF_BALANCE,
            diff + DIFF_STORAGE_ROOT,
            diff + DIFF_CODE_HASH,
          )
        : 0
    setEntry(entries + <usize>i * ENTRY_SIZE, accountHash(load<u32>(diff, DIFF_ACCOUNT)), 64, value, length)
    value += MAX_ACCOUNT_RLP
  }
  const status = sortEntries(entries, count)
  if (status != OK) return stageFail(status, 0)
  store<u32>(ENTRIES, <u32>entries)
  store<u32>(ENTRIES_END, <u32>(entries + <usize>count * ENTRY_SIZE))
  store<u32>(BRANCH, <u32>openRoot(load<u32>(BEFORE), load<u32>(entries)))
  if (failure != OK) stageFail(failure, 0)
}
