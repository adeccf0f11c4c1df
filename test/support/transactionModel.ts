// A transaction of the model (schedulerModel.ts) while a thread runs it, under the names of txn.ts, look.ts and queue.ts.
import { goto, type Model, restart } from './modelSteps.js'
import {
  COMMITTED,
  EXECUTED,
  fits,
  guess,
  look,
  READY,
  type State,
  SUSPENDED,
  same,
  type Thread,
} from './schedulerState.js'

const values = (t: Thread) => t.reads.map((read) => read.value)

/** The compare-and-swap, and what follows it. The reason is that of this incarnation, if it still is the one. */
function resumeOf(s: State, t: Thread): void {
  const tx = s.txs[t.blocker]!
  tx.status = READY
  tx.incarnation++
  t.hurry = true
  goto(t, tx.missing ? 'countResumed' : 'lowerExecution')
}

export const TRANSACTION_STEPS = {
  // txBegin to txEnd
  txBegin(c, s, t) {
    const tx = s.txs[t.index]!
    tx.atFront = s.front === t.index
    t.recording = !tx.atFront
    t.incarnation = tx.incarnation
    t.reads = []
    t.changed = false
    t.k = 0
    t.blocker = 0
    goto(t, c.txs[t.index]!.needs === undefined ? 'txRead' : 'roomRefusal')
  },
  /** Who finds no room is left out: that is what it came to, and it reads and writes nothing. */
  roomRefusal(c, s, t) {
    t.refused = !fits(c, s.room, t.index)
    goto(t, t.refused ? 'dropStale' : 'txRead')
  },
  txRead(c, s, t) {
    const location = c.txs[t.index]!.read(values(t))
    if (location === undefined) return goto(t, t.looked && c.txs[t.index]!.stops ? 'storeReason' : 'txWrite')
    const turn = s.front === t.index
    if (t.recording && !t.looked && (turn || (c.anyWindow && s.window === 1 && s.parked === 0))) {
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
    if ('blocker' in seen && !t.looked) {
      t.blocker = seen.blocker
      if (s.parked === 0) return goto(t, 'storeReason')
    }
    // It looks ahead, with a guess.
    t.looked = true
    const { value, missing } = guess(c, s, location, t.index)
    if (missing) t.asks = [...t.asks, location]
    t.reads = [...t.reads, { location, value }]
    goto(t, 'txRead')
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
    s.versions[location]![t.index] = { value, delta, estimate: t.looked, incarnation: t.incarnation }
  },
  dropStale(_c, s, t) {
    const location = s.txs[t.index]!.writes[t.k++]
    if (location === undefined) return goto(t, t.looked ? 'replaceWrites' : 'storeReads')
    const version = s.versions[location]![t.index]
    if (version && version.incarnation !== t.incarnation) {
      s.versions[location]![t.index] = null
      t.changed = true
    }
  },
  storeReads(_c, s, t) {
    s.txs[t.index]!.reads = t.reads
    s.txs[t.index]!.refused = t.refused
    goto(t, 'storeWrites')
  },
  storeWrites(c, s, t) {
    s.txs[t.index]!.writes = t.refused ? [] : c.txs[t.index]!.write(values(t)).map((write) => write.location)
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
  replaceWrites(c, s, t) {
    s.txs[t.index]!.writes = c.txs[t.index]!.write(values(t)).map((write) => write.location)
    goto(t, 'storeReason')
  },
  storeReason(_c, s, t) {
    s.txs[t.index]!.missing = t.asks.length > 0
    goto(t, t.asks.length > 0 ? 'countParked' : 'txSuspend')
  },
  countParked(_c, s, t) {
    s.parked++
    goto(t, 'park')
  },
  park(_c, s, t) {
    s.txs[t.index]!.status = SUSPENDED
    t.reads = []
    goto(t, 'nowKnown')
  },
  nowKnown(_c, s, t) {
    t.blocker = t.index
    t.afterLower = 'resumeThroughIt'
    goto(t, t.asks.every((location) => s.known[location]) ? 'resumeMissing' : 'resumeThroughIt')
  },
  /** Those that wait for it may look through what it would write. */
  resumeThroughIt(_c, _s, t) {
    t.blocker = t.index
    t.afterOffer = 'tellHost'
    t.afterResume = 'offer'
    goto(t, t.changed ? 'resumeDependents' : 'offer')
  },
  tellHost(_c, s, t, i) {
    s.asked.push({ index: t.index, locations: t.asks })
    restart(s, i)
  },
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
    t.afterLower = 'resume'
    resumeOf(s, t)
  },
  // resumeMissing(blocker), then afterLower
  resumeMissing(_c, s, t) {
    const tx = s.txs[t.blocker]!
    t.seen = tx.incarnation
    goto(t, tx.status === SUSPENDED ? 'loadReason' : t.afterLower)
  },
  loadReason(_c, s, t) {
    goto(t, s.txs[t.blocker]!.missing ? 'swapMissing' : t.afterLower)
  },
  swapMissing(_c, s, t) {
    const tx = s.txs[t.blocker]!
    if (tx.status !== SUSPENDED || tx.incarnation !== t.seen) return goto(t, t.afterLower)
    resumeOf(s, t)
  },
  countResumed(_c, s, t) {
    s.parked--
    goto(t, 'lowerExecution')
  },
} satisfies Model
