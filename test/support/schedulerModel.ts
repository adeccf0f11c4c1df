// The scheduler of assembly/stm as a state machine: one step is one atomic access to shared memory, under the names of
// scheduler.ts, queue.ts and txn.ts. A read of a location's versions and a change of its list are one step each
// (versions.ts says why readers without a lock may be seen so). The window is constant, or (`anyWindow`) each commit makes it
// narrow or wide: whatever window.ts decides is among that. A wait has no time-out here, so that a lost wake-up shows as a
// deadlock. The look at the front while a transaction runs (txTurn) is one step with the validation that follows: what it
// reads cannot change any more then.

import { goto, type Model, restart, wake } from './modelSteps.js'
import {
  ABORTING,
  type Case,
  COMMITTED,
  EXECUTED,
  EXECUTING,
  fits,
  look,
  NONE,
  READY,
  type State,
  same,
  type Thread,
  used,
} from './schedulerState.js'

/** Waiting for the source costs nobody a turn: the window does not hold then. */
const limit = (c: Case, s: State) => (s.parked > 0 ? c.txs.length : Math.min(s.front + s.window, c.txs.length))

/** What comes after validation. */
const holds = (c: Case) => (c.room === undefined ? 'commit' : 'fitsNow')

/** Compares one read of transaction `t.index` per step; goes to `ok` at the end, to startAbort at a difference. */
function readsHold(c: Case, s: State, t: Thread, ok: () => void): void {
  if (t.k === 0) t.reads = s.txs[t.index]!.reads
  const read = t.reads[t.k]
  if (read === undefined) {
    ok()
    return
  }
  const now = look(c, s, read.location, t.index)
  if (!same(now, read)) goto(t, 'startAbort')
  else if (++t.k === t.reads.length) ok()
}

export const SCHEDULER_STEPS = {
  // findTask, nextOfRun, commitFront
  findTask(_c, _s, t) {
    if (t.again === NONE) return goto(t, t.runNext < t.runEnd ? 'takeOfRun' : 'leaveRun')
    t.index = t.again
    t.again = NONE
    goto(t, 'judgeGivenUp')
  },
  /** tryLock, window.ts, unlock: nothing but the window changes, and the front is this thread's. */
  judgeGivenUp(c, s, t, _i, choose) {
    if (c.anyWindow && !s.commitLock) s.window = choose([1, c.window])[0] ?? 1
    t.afterOffer = 'txBegin'
    goto(t, 'offer')
  },
  takeOfRun(c, s, t) {
    if (t.hurry || t.runNext >= limit(c, s)) return goto(t, 'giveRunBack')
    t.index = t.runNext++
    goto(t, 'loadStatus')
  },
  giveRunBack(_c, _s, t) {
    t.blocker = t.runNext
    t.runNext = t.runEnd
    t.afterLower = 'leaveRun'
    goto(t, 'lowerExecution')
  },
  leaveRun(_c, _s, t) {
    t.hurry = false
    goto(t, 'loadFront')
  },
  loadFront(c, s, t, i) {
    if (s.front === c.txs.length) return restart(s, i, 'finished')
    t.index = s.front
    goto(t, 'committable')
  },
  committable(_c, s, t) {
    goto(t, s.txs[t.index]!.status === EXECUTED ? 'tryLock' : 'loadValidation')
  },
  tryLock(_c, s, t) {
    if (s.commitLock) return goto(t, 'loadValidation')
    s.commitLock = true
    goto(t, 'commitLocked')
  },
  commitLocked(_c, s, t) {
    t.index = s.front
    goto(t, s.txs[t.index]?.status === EXECUTED ? 'loadFrontStatus' : 'unlock')
  },
  loadFrontStatus(_c, s, t) {
    const tx = s.txs[t.index]!
    if (tx.status !== EXECUTED) return goto(t, 'commitLocked')
    t.status = tx.status
    t.incarnation = tx.incarnation
    t.k = 0
    goto(t, 'loadAtFront')
  },
  loadAtFront(c, s, t) {
    t.afterAbort = 'commit'
    goto(t, s.txs[t.index]!.atFront ? holds(c) : 'validateFront')
  },
  validateFront(c, s, t) {
    readsHold(c, s, t, () => goto(t, holds(c)))
  },
  // room.ts: of a block that is being built
  fitsNow(c, s, t) {
    goto(t, s.txs[t.index]!.refused || fits(c, s.room, t.index) ? 'commit' : 'startAbort')
  },
  commit(_c, s, t) {
    const tx = s.txs[t.index]!
    if (tx.status !== EXECUTED || tx.incarnation !== t.incarnation) return goto(t, 'commitLocked')
    tx.status = COMMITTED
    goto(t, 'advanceFront')
  },
  advanceFront(c, s, t, _i, choose) {
    if (c.anyWindow) s.window = choose([1, c.window])[0] ?? 1
    goto(t, c.room === undefined ? 'storeFront' : 'takeRoom')
  },
  takeRoom(c, s, t) {
    if (!s.txs[t.index]!.refused) s.room -= used(c, t.index)
    goto(t, 'storeFront')
  },
  storeFront(c, s, t) {
    s.front = t.index + 1
    goto(t, s.front === c.txs.length ? 'wakeAll' : 'commitLocked')
  },
  wakeAll(_c, s, t) {
    if (s.waiters > 0) wake(s, (sleepers) => sleepers)
    goto(t, 'unlock')
  },
  unlock(_c, s, _t, i) {
    s.commitLock = false
    restart(s, i)
  },
  // startAbort, for the front and for early validation
  startAbort(_c, s, t, i) {
    const tx = s.txs[t.index]!
    if (tx.status !== EXECUTED || tx.incarnation !== t.incarnation) {
      if (t.afterAbort === 'commit') return goto(t, 'commitLocked')
      return restart(s, i)
    }
    tx.status = ABORTING
    t.k = 0
    goto(t, 'markEstimates')
  },
  markEstimates(_c, s, t) {
    const location = s.txs[t.index]!.writes[t.k++]
    if (location !== undefined) s.versions[location]![t.index]!.estimate = true
    else goto(t, t.afterAbort === 'commit' ? 'retryAtFront' : 'readyAgain')
  },
  retryAtFront(_c, s, t) {
    const tx = s.txs[t.index]!
    tx.status = EXECUTING
    tx.incarnation++
    goto(t, 'unlockForRetry')
  },
  unlockForRetry(_c, s, t) {
    s.commitLock = false
    t.afterOffer = 'txBegin'
    goto(t, 'offer')
  },
  readyAgain(_c, s, t) {
    const tx = s.txs[t.index]!
    tx.status = READY
    tx.incarnation++
    t.afterLower = 'findTask'
    t.blocker = t.index
    goto(t, 'lowerExecution')
  },
  // claimValidation, validateEarly
  loadValidation(_c, s, t) {
    t.seen = s.validation
    goto(t, 'compareValidation')
  },
  compareValidation(_c, s, t) {
    goto(t, t.seen < s.execution ? 'claimValidation' : 'claimExecution')
  },
  claimValidation(_c, s, t, i) {
    t.seen = s.validation
    if (t.seen === NONE) return restart(s, i)
    goto(t, 'takeValidation')
  },
  takeValidation(_c, s, t) {
    // Loads EXECUTION_INDEX; the compare-and-swap is the next step.
    t.k = t.seen >= s.execution ? NONE : t.seen + 1
    goto(t, 'swapValidation')
  },
  swapValidation(_c, s, t, i) {
    if (s.validation !== t.seen) return restart(s, i)
    s.validation = t.k
    if (t.k === NONE) return restart(s, i)
    t.index = t.seen
    goto(t, 'validateEarly')
  },
  validateEarly(_c, s, t, i) {
    const tx = s.txs[t.index]!
    if (tx.status !== EXECUTED) return restart(s, i)
    t.incarnation = tx.incarnation
    t.k = 0
    t.afterAbort = 'early'
    goto(t, 'validateReads')
  },
  validateReads(c, s, t, i) {
    readsHold(c, s, t, () => restart(s, i))
  },
  // claimExecution
  claimExecution(_c, s, t) {
    t.seen = s.execution
    goto(t, 'compareLimit')
  },
  compareLimit(c, s, t) {
    t.k = limit(c, s)
    goto(t, t.seen >= t.k ? 'startWaiting' : 'takeExecution')
  },
  takeExecution(c, s, t) {
    if (s.execution !== t.seen) return goto(t, 'claimExecution')
    t.runNext = t.seen
    t.runEnd = Math.min(t.seen + (c.run ?? 1), t.k)
    s.execution = t.runEnd
    goto(t, 'takeOfRun')
  },
  loadStatus(_c, s, t) {
    const tx = s.txs[t.index]!
    t.incarnation = tx.incarnation
    goto(t, tx.status === READY ? 'startExecution' : 'endOfRun')
  },
  /** Off the code's path by one step at most: findTask looks at the run first too. */
  endOfRun(_c, _s, t) {
    goto(t, t.runNext < t.runEnd ? 'takeOfRun' : 'claimExecution')
  },
  startExecution(_c, s, t) {
    const tx = s.txs[t.index]!
    if (tx.status !== READY || tx.incarnation !== t.incarnation) return goto(t, 'endOfRun')
    tx.status = EXECUTING
    t.afterOffer = 'txBegin'
    goto(t, 'offer')
  },
  // offer, wake
  offer(_c, s, t) {
    goto(t, s.waiters === 0 ? t.afterOffer : 'offerIndex')
  },
  offerIndex(_c, s, t) {
    t.seen = s.execution
    goto(t, 'offerLimit')
  },
  offerLimit(c, s, t) {
    goto(t, t.seen < limit(c, s) ? 'wakeOne' : t.afterOffer)
  },
  wakeOne(_c, s, t, _i, choose) {
    if (s.waiters > 0) wake(s, choose)
    goto(t, t.afterOffer)
  },
  // the wait of nextTask
  startWaiting(_c, s, _t, i) {
    s.waiters++
    restart(s, i, 'loadEvents')
  },
  loadEvents(_c, _s, t) {
    t.stale = false
    goto(t, 'hasExecution')
  },
  hasExecution(_c, s, t) {
    t.seen = s.execution
    goto(t, 'hasExecutionBelow')
  },
  hasExecutionBelow(c, s, t) {
    goto(t, t.seen < limit(c, s) ? 'stopWaiting' : 'hasFront')
  },
  hasFront(c, s, t) {
    t.index = s.front
    goto(t, s.front === c.txs.length ? 'stopWaiting' : 'hasValidation')
  },
  hasValidation(_c, s, t) {
    t.seen = s.validation
    goto(t, 'hasValidationBelow')
  },
  hasValidationBelow(_c, s, t) {
    goto(t, t.seen < s.execution ? 'stopWaiting' : 'hasCommitLock')
  },
  hasCommitLock(_c, s, t) {
    goto(t, s.commitLock ? 'wait' : 'hasCommit')
  },
  hasCommit(_c, s, t) {
    goto(t, s.txs[t.index]!.status === EXECUTED ? 'stopWaiting' : 'wait')
  },
  wait(_c, _s, t) {
    if (t.stale) return goto(t, 'stopWaiting')
    t.at = 'asleep'
  },
  stopWaiting(_c, s, _t, i) {
    s.waiters--
    restart(s, i)
  },
} satisfies Model
