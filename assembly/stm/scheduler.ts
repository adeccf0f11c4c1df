import { STATS_SIZE, STAT_COMMITS, STAT_WAITS } from '../abi/stats'
import {
  EVENT_ABORT,
  EVENT_CLAIM,
  EVENT_COMMIT,
  EVENT_FRONT_RETRY,
  EVENT_WAIT,
  POINT_ABORTING,
  POINT_CLAIM,
  POINT_CLAIMED,
  POINT_COMMIT_CHECKED,
  POINT_COMMIT_LOCKED,
  POINT_ESTIMATED,
  POINT_READY,
  POINT_UNLOCKED,
  POINT_VALIDATE,
  POINT_WAIT,
} from '../abi/debug'
import {
  MISSING,
  MODE_GUIDED,
  MODE_PARALLEL,
  OK,
  OUT_OF_SPACE,
  TASK_AHEAD,
  TASK_DONE,
  TASK_FAILED,
  TASK_IDLE,
  TASK_HASHING,
  TASK_KEYS,
  TASK_SENDERS,
  TASK_WAIT,
} from '../abi/status'
import { MAX_THREADS } from '../abi/memory'
import { fillBytes } from '../mem/bulk'
import { arenaAllocZeroed } from '../mem/arena'
import { canWait, tryLock, unlock } from '../mem/lock'
import { TIMED_OUT, wait } from '../mem/wait'
import { blockArena, contextOf, THREAD_STATS } from '../mem/thread'
import { growAccounts } from '../state/accounts'
import { sourceIsAsync } from '../state/base'
import { growCode } from '../state/code'
import { growSlots } from '../state/slots'
import {
  ABORTING,
  AHEAD,
  BLOCK_COUNT,
  BLOCK_FEES,
  BLOCK_MODE,
  BLOCK_ROOM,
  BLOCK_SERIAL,
  BLOCK_TABLE,
  BLOCK_THREADS,
  COMMIT_LOCK,
  COMMITTED,
  EVENTS,
  EXECUTED,
  EXECUTING,
  EXECUTION_INDEX,
  FAILURE,
  FRONT,
  nextIncarnation,
  NONE,
  PARKED,
  READY,
  STATUS_BITS,
  STATUS_MASK,
  SPECULATIVE,
  SUSPENDED,
  TX_ABORTS,
  TX_AT_FRONT,
  TX_COST,
  TX_READS,
  TX_REASON,
  TX_SIZE,
  TX_STATUS,
  TX_WRITES,
  txRecord,
  VALIDATION_INDEX,
  WAITERS,
  WINDOW,
  withStatus,
  HASHING_AT,
} from './block'
import { claimedSingle, crowdedBegin, learned, singleClaims } from './crowded'
import { logEvent, yieldPoint } from './debug'
import {
  blockFail,
  claimValidation,
  executionLimit,
  hurry,
  lowerExecution,
  offer,
  resumeMissing,
  runAgain,
  setHurry,
  setRunAgain,
  wake,
} from './queue'
import { WRITE_ENTRY, WRITE_NEXT } from './readWriteSet'
import { fitsNow, takeRoom } from './room'
import { count } from './stats'
import { keysLeft } from './touched'
import { latelyCost } from './txn'
import { readsHold } from './validate'
import { markEstimate } from './versions'
import { closeWindow, givenUp, judge, openWindow } from './window'

// The collaborative scheduler: each thread asks nextTask for a transaction to execute and does validation and commits
// on the way.
//
// Correctness rests on one rule: transaction i becomes COMMITTED only when all lower ones are, and only if its whole
// read set, compared by value, still holds then (or it began when they all were). Everything else here (indexes,
// ESTIMATEs, early validation, the window) decides only when work is done, never whether a result counts.
// Decision 2 (docs/adr/0002-commit-by-revalidation.md).
// Progress: the transaction at the front, once executed there, always commits.

/** This thread has other duties: a wait in vain answers TASK_IDLE. */
let brief: bool = false
export function setBriefWaits(value: bool): void {
  brief = value
}

/** The host of this thread wants to know of each wait (TASK_WAIT). */
let tells: bool = false
export function setTellsWaits(value: bool): void {
  tells = value
}

/**
 * Serial of the block in which this thread has work besides transactions: instead of waiting it is told so
 * (TASK_SENDERS).
 */
let elsewhere: u32 = 0
export function setWorkElsewhere(value: bool): void {
  elsewhere = value ? load<u32>(BLOCK_SERIAL) : 0
}

/** Inside this file: no task was found, look on. */
const NOTHING: i32 = -100

const SPINS_BEFORE_WAIT: u32 = 300
/** Bound of a wait in milliseconds: a belt, wake-ups are not lost (queue.ts). */
const WAIT: f64 = 50
/** For a thread with other duties. */
const BRIEF_WAIT: f64 = 5

/**
 * Transactions are taken in runs of up to this many: threads that take every other one would pass the cache lines of
 * the control words, and of what lies side by side in memory, to and fro. A run is at most this share of what is in the
 * window, and of what is left of the block, so that nobody waits for another's run for long.
 * Decision 11 (docs/adr/0011-what-threads-share.md).
 */
const MAX_RUN: u32 = 32
const RUN_SHARE: u32 = 8
/** What the transactions of a run are to cost together (TX_COST), if they cost what those before did. */
const RUN_COST: u32 = 256

/**
 * Starts a block. `threads` take part; `mode` has MODE_* bits. OK or OUT_OF_SPACE. To be called by the thread that ends
 * the block too, when no other is inside one.
 */
export function blockBegin(txCount: u32, threads: u32, mode: u32): i32 {
  growAccounts()
  growSlots()
  growCode()
  const table = arenaAllocZeroed(blockArena, (<usize>txCount + 1) * TX_SIZE)
  if (table == 0) return OUT_OF_SPACE
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at != 0) fillBytes(at + THREAD_STATS, 0, STATS_SIZE)
  }
  const inOrder = threads < 2 || (mode & MODE_PARALLEL) == 0
  store<u32>(BLOCK_COUNT, txCount)
  store<u32>(BLOCK_TABLE, <u32>table)
  store<u32>(BLOCK_MODE, mode)
  store<u32>(BLOCK_THREADS, inOrder ? 1 : threads)
  store<u32>(BLOCK_FEES, 0)
  store<u32>(BLOCK_ROOM, 0)
  store<u32>(BLOCK_SERIAL, load<u32>(BLOCK_SERIAL) + 1)
  atomic.store<u32>(FRONT, 0)
  atomic.store<u32>(EXECUTION_INDEX, 0)
  atomic.store<u32>(VALIDATION_INDEX, NONE)
  atomic.store<u32>(COMMIT_LOCK, 0)
  atomic.store<u32>(WAITERS, 0)
  atomic.store<u32>(HASHING_AT, NONE)
  atomic.store<u32>(PARKED, 0)
  crowdedBegin()
  if (mode & MODE_GUIDED) closeWindow()
  else openWindow(inOrder ? 1 : threads)
  atomic.store<u32>(FAILURE, 0)
  return OK
}

/** The host has made known what a transaction that was suspended as MISSING needs. False when it is not suspended. */
export function resumeTx(index: u32): bool {
  const resumed = resumeMissing(index)
  wake(1)
  return resumed
}

/**
 * The same for `count` transactions, u32 each, at `indexes`: threads are woken once, since each wake-up is a system
 * call.
 */
export function resumeAll(indexes: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) resumeMissing(load<u32>(indexes + (<usize>i << 2)))
  wake(1)
}

/**
 * Index of a transaction to execute now, or TASK_DONE, TASK_FAILED, TASK_IDLE, TASK_SENDERS, TASK_HASHING, TASK_KEYS,
 * TASK_AHEAD.
 * Between a task and the next call the thread calls txBegin and then txEnd or txSuspend.
 */
export function nextTask(): i32 {
  while (true) {
    const task = findTask()
    if (task != NOTHING) {
      if (task >= 0) {
        logEvent(EVENT_CLAIM, task, 0)
        offer()
      }
      return task
    }
    if (elsewhere == load<u32>(BLOCK_SERIAL)) return TASK_SENDERS
    if (atomic.load<u32>(FRONT) >= atomic.load<u32>(HASHING_AT)) return TASK_HASHING
    if (keysLeft()) return TASK_KEYS
    if (atomic.load<u32>(AHEAD) != 0) return TASK_AHEAD
    if (!canWait()) return TASK_IDLE
    if (tells) return TASK_WAIT
    if (!waitForTask()) return TASK_IDLE
  }
}

/** Waits until there may be a task. False: a thread with other duties has waited in vain. */
export function waitForTask(): bool {
  let spins: u32 = 0
  while (!hasWork() && spins < SPINS_BEFORE_WAIT) spins++
  if (spins < SPINS_BEFORE_WAIT) return true
  atomic.add<u32>(WAITERS, 1)
  const seen = atomic.load<u32>(EVENTS)
  yieldPoint(POINT_WAIT)
  let woken: i32 = 0
  if (!hasWork()) {
    count(STAT_WAITS)
    logEvent(EVENT_WAIT, atomic.load<u32>(FRONT), atomic.load<u32>(EXECUTION_INDEX))
    woken = wait(EVENTS, seen, brief ? BRIEF_WAIT : WAIT)
  }
  atomic.sub<u32>(WAITERS, 1)
  return !brief || woken != TIMED_OUT
}

/** Whether findTask would do anything. */
function hasWork(): bool {
  if (atomic.load<u32>(FAILURE) != 0) return true
  if (atomic.load<u32>(EXECUTION_INDEX) < executionLimit()) return true
  const front = atomic.load<u32>(FRONT)
  if (front == load<u32>(BLOCK_COUNT)) return true
  if (atomic.load<u32>(VALIDATION_INDEX) < atomic.load<u32>(EXECUTION_INDEX)) return true
  // While another thread commits there is nothing to do here: it looks again after it unlocked.
  return atomic.load<u32>(COMMIT_LOCK) == 0 && committable(front)
}

// The rest of the run that this thread has taken. Invariant: a thread that has one does not wait, and gives it back by
// lowering EXECUTION_INDEX.
let runNext: u32 = 0
let runEnd: u32 = 0
let runBlock: u32 = 0

function findTask(): i32 {
  if (runBlock != load<u32>(BLOCK_SERIAL)) {
    runBlock = load<u32>(BLOCK_SERIAL)
    runEnd = 0
    setRunAgain(NONE)
  }
  while (true) {
    if (atomic.load<u32>(FAILURE) != 0) return TASK_FAILED
    if (runAgain != NONE) return againAtFront()
    const rest = nextOfRun()
    if (rest != NOTHING) return rest
    const again = commitFront()
    if (again != NOTHING) return again
    if (atomic.load<u32>(VALIDATION_INDEX) < atomic.load<u32>(EXECUTION_INDEX)) {
      const index = claimValidation()
      if (index != NONE) validateEarly(index)
      continue
    }
    return claimExecution()
  }
}

/** The transaction that this thread gave up at the front. */
function againAtFront(): i32 {
  const index = runAgain
  setRunAgain(NONE)
  const record = txRecord(index)
  // The first time that a slot is read too early is no waste: from then on it is waited for there.
  if (learned) return index
  // Nobody waits for the lock to be free: the front is this thread's. Taken, then the commit counts it.
  if (tryLock(COMMIT_LOCK)) {
    givenUp(load<u32>(record, TX_COST))
    unlock(COMMIT_LOCK)
  } else store<u32>(record, load<u32>(record, TX_ABORTS) + 1, TX_ABORTS)
  return index
}

/** Takes the lowest READY transaction in the window, and those behind it as the thread's run. */
function claimExecution(): i32 {
  while (true) {
    const index = atomic.load<u32>(EXECUTION_INDEX)
    const limit = executionLimit()
    if (index >= limit) return NOTHING
    const share =
      min(atomic.load<u32>(WINDOW) >> 4, load<u32>(BLOCK_COUNT) - index) / (RUN_SHARE * load<u32>(BLOCK_THREADS))
    const most = singleClaims != 0 ? 1 : max(1, min(share, min(MAX_RUN, RUN_COST / (latelyCost + 1))))
    const next = index + min(limit - index, most)
    yieldPoint(POINT_CLAIM)
    if (atomic.cmpxchg<u32>(EXECUTION_INDEX, index, next) != index) continue
    runNext = index
    runEnd = next
    if (singleClaims != 0) claimedSingle()
    yieldPoint(POINT_CLAIMED)
    const first = nextOfRun()
    if (first != NOTHING) return first
  }
}

/**
 * Takes the next transaction of the thread's run that is READY. The rest is given back when the window became narrower,
 * or when the thread is in a hurry: it ended a long transaction, or made a lower one READY that the front may be
 * waiting for.
 */
function nextOfRun(): i32 {
  while (runNext < runEnd) {
    if (hurry || runNext >= executionLimit()) {
      runEnd = 0
      lowerExecution(runNext)
      break
    }
    if (start(runNext++)) return runNext - 1
  }
  setHurry(false)
  return NOTHING
}

/** READY -> EXECUTING; false when it is not READY, or somebody was faster. */
function start(index: u32): bool {
  const record = txRecord(index)
  const word = atomic.load<u32>(record, TX_STATUS)
  if ((word & STATUS_MASK) != READY) return false
  return atomic.cmpxchg<u32>(record, word, withStatus(word, EXECUTING), TX_STATUS) == word
}

/** Whether the front might move, or might fail to, now. */
// @ts-ignore: decorator
@inline
function committable(front: u32): bool {
  if (front == load<u32>(BLOCK_COUNT)) return false
  const record = txRecord(front)
  const status = atomic.load<u32>(record, TX_STATUS) & STATUS_MASK
  return status == EXECUTED || (status == SUSPENDED && load<u32>(record, TX_REASON) == MISSING && !sourceIsAsync())
}

/**
 * Commits what can be committed. TASK_DONE when all is, TASK_FAILED when the block failed, or the transaction at the
 * front when it must be executed again, by this thread, at once.
 */
function commitFront(): i32 {
  while (true) {
    const front = atomic.load<u32>(FRONT)
    if (front == load<u32>(BLOCK_COUNT)) return TASK_DONE
    if (!committable(front) || !tryLock(COMMIT_LOCK)) return NOTHING
    yieldPoint(POINT_COMMIT_LOCKED)
    const again = commitLocked()
    unlock(COMMIT_LOCK)
    yieldPoint(POINT_UNLOCKED)
    if (again != NOTHING) return again
    // Who finished the front transaction while the lock was held here went away: look again.
  }
}

function commitLocked(): i32 {
  while (true) {
    const front = atomic.load<u32>(FRONT)
    if (!committable(front)) return NOTHING
    const record = txRecord(front)
    const word = atomic.load<u32>(record, TX_STATUS)
    if ((word & STATUS_MASK) == SUSPENDED) {
      // Not answered by the source, though nothing below can change any more: then it never will be.
      if (load<u32>(record, TX_AT_FRONT) != 0) {
        blockFail(MISSING)
        return TASK_FAILED
      }
      if (atomic.cmpxchg<u32>(record, word, nextIncarnation(word, EXECUTING), TX_STATUS) == word) return front
      continue
    }
    if ((word & STATUS_MASK) != EXECUTED) continue
    const final = load<u32>(record, TX_AT_FRONT) != SPECULATIVE
    if (!(final || readsHold(atomic.load<u32>(record, TX_READS), front)) || !fitsNow(front, record)) {
      if (!startAbort(record, word, front)) continue
      logEvent(EVENT_FRONT_RETRY, front, word >> 3)
      atomic.store<u32>(record, nextIncarnation(word, EXECUTING), TX_STATUS)
      return front
    }
    yieldPoint(POINT_COMMIT_CHECKED)
    if (atomic.cmpxchg<u32>(record, word, withStatus(word, COMMITTED), TX_STATUS) != word) continue
    logEvent(EVENT_COMMIT, front, word >> 3)
    count(STAT_COMMITS)
    judge(record, word >> STATUS_BITS)
    takeRoom(front, record)
    atomic.store<u32>(FRONT, front + 1)
    if (front + 1 == load<u32>(BLOCK_COUNT)) {
      wake(-1)
      return TASK_DONE
    }
  }
}

/** Validates an executed transaction before its turn, so that it is executed again sooner. */
function validateEarly(index: u32): void {
  const record = txRecord(index)
  const word = atomic.load<u32>(record, TX_STATUS)
  if ((word & STATUS_MASK) != EXECUTED) return
  yieldPoint(POINT_VALIDATE)
  if (readsHold(atomic.load<u32>(record, TX_READS), index) || !startAbort(record, word, index)) return
  atomic.store<u32>(record, nextIncarnation(word, READY), TX_STATUS)
  yieldPoint(POINT_READY)
  lowerExecution(index)
}

/**
 * EXECUTED -> ABORTING with ESTIMATEs on what it wrote; the caller owns the transaction then. False: somebody was
 * faster.
 */
function startAbort(record: usize, word: u32, index: u32): bool {
  if (atomic.cmpxchg<u32>(record, word, withStatus(word, ABORTING), TX_STATUS) != word) return false
  logEvent(EVENT_ABORT, index, word >> 3)
  yieldPoint(POINT_ABORTING)
  // What was executed while others waited for the source cost nobody anything.
  // Nor does the first time that a slot is read too early: from then on it is waited for there.
  if (atomic.load<u32>(PARKED) == 0 && !learned) store<u32>(record, load<u32>(record, TX_ABORTS) + 1, TX_ABORTS)
  for (let node: usize = atomic.load<u32>(record, TX_WRITES); node != 0; node = load<u32>(node, WRITE_NEXT))
    markEstimate(load<u32>(node, WRITE_ENTRY))
  yieldPoint(POINT_ESTIMATED)
  return true
}
