import { POINT_COLLECTED, POINT_MARK } from '../abi/debug'
import { MAX_THREADS } from '../abi/memory'
import { MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaAllocZeroed } from '../mem/arena'
import { blockArena } from '../mem/thread'
import { equal32, isZero32 } from '../mem/bytes32'
import { resolveAccount, resolveSlot, sourceIsAsync } from '../state/base'
import {
  ACC_BALANCE,
  ACC_CODE,
  ACC_DIFF,
  ACC_NONCE,
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CLEARED,
  DIFF_CODE_HASH,
  DIFF_EXISTED,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_SIZE,
  DSLOT_SIZE,
  DSLOT_SLOT,
  DSLOT_VALUE,
  KIND_SLOT,
  LOC_ACCOUNT,
  LOC_BASE,
  LOC_GIVEN,
  LOC_KIND,
  LOC_VERSIONS,
  SLOT_LOC,
} from '../abi/state'
import { addDiff, addSlotDiff, closeDiffs, diffCount, diffRecords, finishDiff, openDiffs } from '../state/diff'
import { flushKeys, hashKeyLater } from '../state/keys'
import { stateTrie } from '../state/stateTrie'
import {
  completeTasks,
  enterPhase,
  joinStage,
  PHASE_END,
  PHASE_TOUCHED,
  stageFail,
  stagePhase,
  stageStatus,
  waitWhile,
} from '../stateRoot/stageControl'
import { openStage, startTries, workOnTries } from '../stateRoot/stateRoot'
import { BLOCK_COUNT } from './block'
import { yieldPoint } from './debug'
import { lookBegin, looked, lookPast } from './look'
import { firstTouched, nextTouched, openTouched, takenCount, takenFirst, takeTouched } from './touched'
import { answer, readEpoch, readExists, readSlotValue, readValue } from './versions'

// The state difference of a block: what its last versions are, where that is not what was before. Made by one thread
// (collectDiff), or by all that make the state root, as the first phase of that stage (rootBegin, rootWork). When all
// transactions are committed; the invariants are those of touched.ts and state/diff.ts.
// Decision 24 (docs/adr/0024-the-root-on-all-threads.md).

/**
 * Makes the DIFF records of the accounts whose final state differs from that before the block. OK, OUT_OF_SPACE, or
 * MISSING when the base value of a location that was only written is not known: make it known and call again.
 */
export function collectDiff(): i32 {
  const status = collectAlone()
  if (status != OK) unmarkDiffs()
  return status
}

function collectAlone(): i32 {
  if (!openDiffs(openTouched())) return OUT_OF_SPACE
  // Of an asynchronous source all that is missing is found at once.
  lookBegin(sourceIsAsync())
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    for (let location = firstTouched(id); location != 0; location = nextTouched(location)) {
      const status = collect(location)
      if (status != OK) return status
    }
  }
  if (looked) return MISSING
  for (let i: u32 = 0; i < diffCount(); i++) {
    const status = finishDiff(i)
    if (status != OK) return status
  }
  closeDiffs()
  return OK
}

/** Zeroes ACC_DIFF everywhere, of a difference that was not made to its end. */
export function unmarkDiffs(): void {
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    for (let location = firstTouched(id); location != 0; location = nextTouched(location))
      atomic.store<u32>(<usize>load<u32>(location, LOC_ACCOUNT), 0, ACC_DIFF)
  }
}

// --- By all threads --------------------------------------------------------------------------------------------------

/** One thread: starts the state root stage over what the block has written. OK or OUT_OF_SPACE. */
export function rootBegin(): i32 {
  openStage()
  const locations = openTouched()
  if (!openDiffs(locations)) return OUT_OF_SPACE
  if (locations == 0) finishCollecting()
  else enterPhase(PHASE_TOUCHED, locations)
  return OK
}

/** Takes part in a state root stage that was begun, until it is over: its status, the same for every thread. */
export function rootWork(): i32 {
  joinStage()
  lookBegin(false)
  while (stagePhase() == PHASE_TOUCHED) {
    if (!takeTouched()) {
      waitWhile(PHASE_TOUCHED)
      continue
    }
    if (stageStatus() == OK) collectTaken()
    yieldPoint(POINT_COLLECTED)
    if (completeTasks(PHASE_TOUCHED, takenCount)) finishCollecting()
  }
  return workOnTries()
}

function collectTaken(): void {
  let location = takenFirst
  for (let n = takenCount; n > 0; n--) {
    const status = collect(location)
    if (status != OK) {
      stageFail(status, missingIn)
      break
    }
    hashKeyLater(location)
    location = nextTouched(location)
  }
  flushKeys()
}

/** The thread that completes the phase; the records are finished along with their tries. */
function finishCollecting(): void {
  if (stageStatus() != OK) enterPhase(PHASE_END, 0)
  else startTries(diffRecords(), diffCount(), stateTrie(), true)
}

// --- One location ----------------------------------------------------------------------------------------------------

/** After a failure: the account in whose storage something is missing, 0: it is the account itself. */
let missingIn: usize = 0

function collect(location: usize): i32 {
  // Executions that did not count may have been the only ones that wrote there.
  if (load<u32>(location, LOC_VERSIONS) == 0 && load<u32>(location, LOC_GIVEN) == 0) return OK
  const account: usize = load<u32>(location, LOC_ACCOUNT)
  let diff: usize = atomic.load<u32>(account, ACC_DIFF)
  missingIn = 0
  if (diff == 0) {
    const status = makeDiff(account)
    if (status != OK) return status
    yieldPoint(POINT_MARK)
    diff = addDiff(account, made)
  }
  if (load<u32>(location, LOC_KIND) != KIND_SLOT) return OK
  missingIn = account
  return collectSlot(diff, location - SLOT_LOC)
}

/** After OK of makeDiff. */
let made: usize = 0

/** A record with the final values of the account. */
function makeDiff(account: usize): i32 {
  let status = resolveAccount(account)
  if (status != OK && !(status == MISSING && lookPast())) return status
  const diff = arenaAllocZeroed(blockArena, DIFF_SIZE)
  if (diff == 0) return OUT_OF_SPACE
  made = diff
  store<u32>(diff, <u32>account, DIFF_ACCOUNT)
  const end = load<u32>(BLOCK_COUNT)
  status = readEpoch(account, end)
  if (status != OK) return status
  let flags: u32 = answer != 0 ? DIFF_CLEARED : 0
  status = readExists(account, end)
  if (status != OK) return status
  flags |= answer != 0 ? DIFF_EXISTS : DIFF_CLEARED
  status = readExists(account, 0)
  if (status != OK) return status
  if (answer != 0) flags |= DIFF_EXISTED
  store<u32>(diff, flags, DIFF_FLAGS)
  status = readValue(account + ACC_BALANCE, end, diff + DIFF_BALANCE)
  if (status != OK) return status
  // As a word first, then moved: a nonce is limb 0 of its location.
  status = readValue(account + ACC_NONCE, end, diff + DIFF_CODE_HASH)
  if (status != OK) return status
  store<u64>(diff, load<u64>(diff, DIFF_CODE_HASH), DIFF_NONCE)
  return readValue(account + ACC_CODE, end, diff + DIFF_CODE_HASH)
}

/** Adds the slot to the record, if its value differs. */
function collectSlot(diff: usize, slot: usize): i32 {
  const flags = load<u32>(diff, DIFF_FLAGS)
  if ((flags & DIFF_EXISTS) == 0) return OK
  const cleared = (flags & DIFF_CLEARED) != 0
  // Under storage that the block cleared nothing from before counts: a witness need not have it.
  let status = cleared ? OK : resolveSlot(slot)
  if (status != OK && !(status == MISSING && lookPast())) return status
  const change = arenaAlloc(blockArena, DSLOT_SIZE)
  if (change == 0) return OUT_OF_SPACE
  store<u32>(change, <u32>slot, DSLOT_SLOT)
  const value = change + DSLOT_VALUE
  status = readSlotValue(slot, load<u32>(BLOCK_COUNT), value)
  if (status != OK) return status
  if (!(cleared ? isZero32(value) : equal32(value, slot + SLOT_LOC + LOC_BASE))) addSlotDiff(diff, change)
  return OK
}
