// The scheduler of assembly/stm as a state machine: one step is one atomic access to shared memory, under the names of
// scheduler.ts, queue.ts and txn.ts. A read of a location's versions and a change of its list are one step each
// (versions.ts says why readers without a lock may be seen so). The window is constant, or (`anyWindow`) each commit makes it
// narrow or wide: whatever window.ts decides is among that. A wait has no time-out here, so that a lost wake-up shows as a
// deadlock. The look at the front while a transaction runs (txTurn) is one step with the validation that follows: what it
// reads cannot change any more then.

import {
  ABORTING,
  type Case,
  COMMITTED,
  EXECUTED,
  EXECUTING,
  idle,
  look,
  NONE,
  READY,
  type Read,
  type State,
  SUSPENDED,
  type Thread,
} from './schedulerState.js'

const same = (seen: { value: number } | { blocker: number }, read: Read) =>
  'blocker' in seen || seen.value === read.value
const limit = (c: Case, s: State) => Math.min(s.front + s.window, c.txs.length)
const values = (t: Thread) => t.reads.map((read) => read.value)

function goto(t: Thread, at: Step): void {
  t.at = at
}
/** Forgets all but the thread's run, and what it is to do first. */
function restart(s: State, i: number, at: Thread['at'] = 'findTask'): void {
  const { runNext, runEnd, again, hurry } = s.threads[i]!
  s.threads[i] = { ...idle(at), again, hurry, ...(runNext < runEnd && { runNext, runEnd }) }
}
/** Wakes one sleeper: `choose` says which, so that all choices are explored. */
function wake(s: State, choose: (sleepers: number[]) => number[]): void {
  for (const thread of s.threads) thread.stale = true
  const sleepers = s.threads.flatMap((thread, i) => (thread.at === 'asleep' ? [i] : []))
  for (const i of choose(sleepers)) s.threads[i]!.at = 'stopWaiting'
}

export type Choose = (sleepers: number[]) => number[]
export type StepFunction = (c: Case, s: State, t: Thread, i: number, choose: Choose) => void

/** Compares one read of transaction `t.index` per step; goes to `ok` at the end, to startAbort at a difference. */
function readsHold(c: Case, s: State, t: Thread, ok: () => void): void {
  if (t.k === 0) t.reads = s.txs[t.index]!.reads
  const read = t.reads[t.k]
  if (read === undefined) {
    ok()
    return
  }
  const now = look(c, s, read.location, t.index)
  if ('value' in now && now.value !== read.value) goto(t, 'startAbort')
  else if (++t.k === t.reads.length) ok()
}

export const STEPS = {
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
  loadAtFront(_c, s, t) {
    t.afterAbort = 'commit'
    goto(t, s.txs[t.index]!.atFront ? 'commit' : 'validateFront')
  },
  validateFront(c, s, t) {
    readsHold(c, s, t, () => goto(t, 'commit'))
  },
  commit(_c, s, t) {
    const tx = s.txs[t.index]!
    if (tx.status !== EXECUTED || tx.incarnation !== t.incarnation) return goto(t, 'commitLocked')
    tx.status = COMMITTED
    goto(t, 'advanceFront')
  },
  advanceFront(c, s, t, _i, choose) {
    if (c.anyWindow) s.window = choose([1, c.window])[0] ?? 1
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
  // txBegin to txEnd
  txBegin(_c, s, t) {
    const tx = s.txs[t.index]!
    tx.atFront = s.front === t.index
    t.recording = !tx.atFront
    t.incarnation = tx.incarnation
    t.reads = []
    t.changed = false
    t.k = 0
    goto(t, 'txRead')
  },
  txRead(c, s, t) {
    const location = c.txs[t.index]!.read(values(t))
    if (location === undefined) return goto(t, 'txWrite')
    const turn = s.front === t.index
    if (t.recording && (turn || (c.anyWindow && s.window === 1))) {
      t.turn = turn
      if (!turn || t.reads.some((read) => !same(look(c, s, read.location, t.index), read))) return goto(t, 'giveUp')
      t.recording = false
      s.txs[t.index]!.atFront = true
    }
    goto(t, 'readVersions')
  },
  readVersions(c, s, t) {
    const location = c.txs[t.index]!.read(values(t))!
    const seen = look(c, s, location, t.index)
    if ('value' in seen) {
      t.reads = [...t.reads, { location, value: seen.value }]
      return goto(t, 'txRead')
    }
    t.blocker = seen.blocker
    goto(t, 'txSuspend')
  },
  // giveUp: at the front (as txTurn saw it) the thread keeps the transaction, else it is READY again
  giveUp(_c, s, t) {
    const tx = s.txs[t.index]!
    t.reads = []
    tx.incarnation++
    t.afterOffer = 'findTask'
    if (t.turn) {
      t.again = t.index
      return goto(t, 'offer')
    }
    tx.status = READY
    t.blocker = t.index
    t.afterLower = 'offer'
    goto(t, 'lowerExecution')
  },
  txWrite(c, s, t) {
    const write = c.txs[t.index]!.write(values(t))[t.k++]
    if (write === undefined) {
      t.k = 0
      return goto(t, 'dropStale')
    }
    const { location, value, delta = false } = write
    const before = s.versions[location]![t.index]
    if (!before || before.value !== value || before.delta !== delta) t.changed = true
    s.versions[location]![t.index] = { value, delta, estimate: false, incarnation: t.incarnation }
  },
  dropStale(_c, s, t) {
    const location = s.txs[t.index]!.writes[t.k++]
    if (location === undefined) return goto(t, 'storeReads')
    const version = s.versions[location]![t.index]
    if (version && version.incarnation !== t.incarnation) {
      s.versions[location]![t.index] = null
      t.changed = true
    }
  },
  storeReads(_c, s, t) {
    s.txs[t.index]!.reads = t.reads
    goto(t, 'storeWrites')
  },
  storeWrites(c, s, t) {
    s.txs[t.index]!.writes = c.txs[t.index]!.write(values(t)).map((write) => write.location)
    goto(t, 'txEnd')
  },
  txEnd(c, s, t) {
    s.txs[t.index]!.status = EXECUTED
    if (c.txs[t.index]!.long) t.hurry = true
    t.blocker = t.index
    t.reads = []
    t.afterResume = 'requestValidation'
    goto(t, 'resumeDependents')
  },
  requestValidation(_c, s, t) {
    // blocker is free from here on: the index to lower to.
    t.afterOffer = 'findTask'
    if (!t.recording && (!t.changed || s.execution <= t.index + 1)) return goto(t, 'offer')
    t.blocker = t.recording ? t.index : t.index + 1
    goto(t, 'lowerValidation')
  },
  lowerValidation(_c, s, t) {
    t.seen = s.validation
    goto(t, t.seen > t.blocker ? 'swapLowerValidation' : 'offer')
  },
  swapLowerValidation(_c, s, t) {
    if (s.validation !== t.seen) return goto(t, 'lowerValidation')
    s.validation = t.blocker
    goto(t, 'offer')
  },
  // lowerExecution(blocker)
  lowerExecution(_c, s, t) {
    t.seen = s.execution
    if (t.seen > t.blocker) return goto(t, 'swapLowerExecution')
    goto(t, t.afterLower)
  },
  swapLowerExecution(_c, s, t) {
    if (s.execution !== t.seen) return goto(t, 'lowerExecution')
    s.execution = t.blocker
    goto(t, t.afterLower)
  },
  // txSuspend, waitFor
  txSuspend(_c, s, t) {
    s.txs[t.index]!.status = SUSPENDED
    t.reads = []
    goto(t, 'loadDependents')
  },
  loadDependents(_c, s, t) {
    t.seen = s.txs[t.blocker]!.dependents
    goto(t, 'joinDependents')
  },
  joinDependents(_c, s, t) {
    s.txs[t.index]!.nextDependent = t.seen
    if (s.txs[t.blocker]!.dependents !== t.seen) return goto(t, 'loadDependents')
    s.txs[t.blocker]!.dependents = t.index + 1
    goto(t, 'lookAgain')
  },
  lookAgain(_c, s, t) {
    const { status } = s.txs[t.blocker]!
    t.afterResume = 'offer'
    t.afterOffer = 'findTask'
    goto(t, status === EXECUTED || status === COMMITTED ? 'resumeDependents' : 'offer')
  },
  // resumeDependents(blocker), resume
  resumeDependents(_c, s, t) {
    goto(t, s.txs[t.blocker]!.dependents === 0 ? t.afterResume : 'takeDependents')
  },
  takeDependents(_c, s, t) {
    t.k = s.txs[t.blocker]!.dependents
    s.txs[t.blocker]!.dependents = 0
    goto(t, 'resume')
  },
  resume(_c, s, t) {
    if (t.k === 0) return goto(t, t.afterResume)
    // The link is read before the transaction is resumed; plain memory of a transaction that nobody else owns.
    t.blocker = t.k - 1
    const tx = s.txs[t.blocker]!
    t.k = tx.nextDependent
    t.status = tx.status
    t.seen = tx.incarnation
    if (t.status === SUSPENDED) goto(t, 'swapResume')
  },
  swapResume(_c, s, t) {
    const tx = s.txs[t.blocker]!
    if (tx.status !== SUSPENDED || tx.incarnation !== t.seen) return goto(t, 'resume')
    tx.status = READY
    tx.incarnation++
    t.hurry = true
    t.afterLower = 'resume'
    goto(t, 'lowerExecution')
  },
} satisfies Record<string, StepFunction>

export type Step = keyof typeof STEPS
