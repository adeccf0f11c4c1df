import { OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc } from '../mem/arena'
import { copy32 } from '../mem/bytes32'
import {
  ACC_STORAGE_ROOT,
  ACC_STORAGE_TRIE,
  DIFF_ACCOUNT,
  DIFF_STORAGE_ROOT,
  DIFF_STORAGE_TRIE,
} from '../abi/state'
import { closeDiffs, diffCount } from '../state/diff'
import { packDiff } from '../state/packDiff'
import { setStateTrie } from '../state/stateTrie'
import { MAX_ACCOUNT_RLP } from '../trie/account'
import { clearFailure, failure, resetStageArenas, stageArena } from '../trie/context'
import { hashNodes, rootHash } from '../trie/hash'
import { endAccount, updateAccounts } from './accounts'
import {
  completeTasks,
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
  TASK_GROUP,
  taskCount,
  taskFirst,
  takeTasks,
  waitWhile,
} from './stageControl'
import {
  ACCOUNTS,
  AFTER,
  BEFORE,
  DIFF_COUNT,
  DIFFS,
  LEAVES,
  recordAt,
  UNFINISHED,
} from './stageWords'
import { largeDiff, largeIndex, listLarge, updateLarge } from './storageTries'
import { closeShared, newShared, openShared, updateSubtrees } from './subtrees'

// The state root after a block, computed by all threads together: storage tries first (the large ones by subtree), then
// the account trie by subtree. Nothing before the stage changes: the new tries are adopted afterwards, or dropped.
//
//   one thread: rootBegin (stm/collect.ts); every thread: rootWork; when all have returned, one thread: rootResult,
//   rootAdopt or rootDrop
//
// Decision 24 (docs/adr/0024-the-root-on-all-threads.md).

/** Empties the stage. Only while no thread is in it. */
export function openStage(): void {
  resetStageArenas()
  resetStage()
}

/**
 * Starts the stage for `count` changed accounts (`diffs`: u32 pointers to DIFF records) over the account trie `before`.
 */
export function rootPrepare(diffs: usize, count: u32, before: usize): void {
  openStage()
  startTries(diffs, count, before, false)
}

/** The phases after the difference was collected, in the opened stage. `unfinished`: of state/diff.ts. */
export function startTries(diffs: usize, count: u32, before: usize, unfinished: bool): void {
  store<u32>(DIFFS, <u32>diffs)
  store<u32>(DIFF_COUNT, count)
  store<u32>(UNFINISHED, u32(unfinished))
  store<u32>(BEFORE, <u32>before)
  if (count == 0) return endUnchanged()
  const accounts = newShared(count)
  const leaves = arenaAlloc(stageArena, <usize>count * MAX_ACCOUNT_RLP)
  if (accounts == 0 || leaves == 0) return end(OUT_OF_SPACE)
  store<u32>(ACCOUNTS, <u32>accounts)
  store<u32>(LEAVES, <u32>leaves)
  enterPhase(PHASE_STORAGE, count)
}

function end(status: i32): void {
  if (status != OK) stageFail(status, 0)
  enterPhase(PHASE_END, 0)
}

function endUnchanged(): void {
  const before: usize = load<u32>(BEFORE)
  store<u32>(AFTER, <u32>before)
  end(hashNodes(before))
}

/** Takes part in the phases over tries until they are over: the status of the stage. */
export function workOnTries(): i32 {
  while (true) {
    const phase = stagePhase()
    if (phase == PHASE_END || phase == PHASE_IDLE) return stageStatus()
    if (!takeTasks(phase)) {
      waitWhile(phase)
      continue
    }
    clearFailure()
    if (stageStatus() == OK) runTasks(phase, taskFirst, taskCount)
    if (completeTasks(phase, taskCount)) nextPhase(phase)
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
  for (let i: u32 = 0; i < load<u32>(DIFF_COUNT); i++) {
    const diff = recordAt(i)
    const account: usize = load<u32>(diff, DIFF_ACCOUNT)
    store<u32>(account, load<u32>(diff, DIFF_STORAGE_TRIE), ACC_STORAGE_TRIE)
    copy32(account + ACC_STORAGE_ROOT, diff + DIFF_STORAGE_ROOT)
  }
  rootDrop()
}

/** Gives back the memory of the stage; the base state keeps its tries. */
export function rootDrop(): void {
  openStage()
}

function runTasks(phase: u32, first: u32, count: u32): void {
  if (phase == PHASE_STORAGE) return updateAccounts(first, first + count)
  const nibble = first & (TASK_GROUP - 1)
  if (phase == PHASE_LARGE) {
    if (updateLarge(first / TASK_GROUP, nibble, count)) endAccount(largeDiff, largeIndex)
    return
  }
  // After the subtrees: the difference is packed while others hash. Where it fails the host meets that again.
  if (first == TASK_GROUP) {
    packDiff()
    return
  }
  updateSubtrees(load<u32>(ACCOUNTS), nibble, count)
  if (failure != OK) stageFail(failure, 0)
}

/** Runs in one thread, while all others wait or are on their way to wait. */
function nextPhase(phase: u32): void {
  if (stageStatus() != OK) return enterPhase(PHASE_END, 0)
  if (phase == PHASE_ACCOUNTS) {
    store<u32>(AFTER, <u32>closeShared(load<u32>(ACCOUNTS)))
    return end(failure)
  }
  if (phase == PHASE_STORAGE) {
    const large = listLarge()
    if (stageStatus() != OK) return enterPhase(PHASE_END, 0)
    if (large != 0) return enterPhase(PHASE_LARGE, large * TASK_GROUP)
  }
  openAccounts()
}

function openAccounts(): void {
  if (load<u32>(UNFINISHED) != 0) {
    closeDiffs()
    store<u32>(DIFF_COUNT, diffCount())
    if (diffCount() == 0) return endUnchanged()
  }
  openShared(load<u32>(ACCOUNTS), load<u32>(BEFORE))
  if (failure != OK) return end(failure)
  enterPhase(PHASE_ACCOUNTS, TASK_GROUP + load<u32>(UNFINISHED))
}
