// Which registers of the model's threads are still read: states that differ in others behave alike.
import type { Step } from './modelSteps.js'
import { idle, type Thread } from './schedulerState.js'

type Register = Exclude<keyof Thread, 'at'>
/** Registers that a step or one after it still reads. Steps not named here may read all. */
const LIVE: { [step in Step]?: Register[] } = {
  findTask: [],
  judgeGivenUp: ['index'],
  takeOfRun: [],
  giveRunBack: [],
  leaveRun: [],
  endOfRun: [],
  loadFront: [],
  committable: ['index'],
  tryLock: [],
  commitLocked: [],
  loadFrontStatus: ['index'],
  loadAtFront: ['index', 'incarnation'],
  validateFront: ['index', 'incarnation', 'k', 'reads', 'afterAbort'],
  fitsNow: ['index', 'incarnation', 'afterAbort'],
  commit: ['index', 'incarnation'],
  advanceFront: ['index'],
  takeRoom: ['index'],
  storeFront: ['index'],
  wakeAll: [],
  unlock: [],
  startAbort: ['index', 'incarnation', 'afterAbort'],
  markEstimates: ['index', 'k', 'afterAbort'],
  retryAtFront: ['index'],
  unlockForRetry: ['index'],
  readyAgain: ['index'],
  loadValidation: [],
  compareValidation: ['seen'],
  claimValidation: [],
  takeValidation: ['seen'],
  swapValidation: ['seen', 'k'],
  validateEarly: ['index'],
  validateReads: ['index', 'incarnation', 'k', 'reads', 'afterAbort'],
  claimExecution: [],
  compareLimit: ['seen'],
  takeExecution: ['seen', 'k'],
  loadStatus: ['index'],
  startExecution: ['index', 'incarnation'],
  startWaiting: [],
  loadEvents: [],
  hasExecution: ['stale'],
  hasExecutionBelow: ['stale', 'seen'],
  hasFront: ['stale'],
  hasValidation: ['stale', 'index'],
  hasValidationBelow: ['stale', 'index', 'seen'],
  hasCommitLock: ['stale', 'index'],
  hasCommit: ['stale', 'index'],
  wait: ['stale'],
  stopWaiting: [],
  txBegin: ['index'],
  roomRefusal: ['index', 'incarnation', 'recording'],
  txRead: ['index', 'incarnation', 'reads', 'recording', 'looked', 'asks', 'blocker'],
  readVersions: ['index', 'incarnation', 'reads', 'recording', 'looked', 'asks', 'blocker'],
  giveUp: ['index', 'turn'],
  txWrite: ['index', 'incarnation', 'reads', 'recording', 'changed', 'k', 'looked', 'asks', 'blocker'],
  dropStale: ['index', 'incarnation', 'reads', 'recording', 'changed', 'k', 'looked', 'asks', 'blocker', 'refused'],
  replaceWrites: ['index', 'reads', 'changed', 'asks', 'blocker'],
  storeReason: ['index', 'changed', 'asks', 'blocker'],
  countParked: ['index', 'changed', 'asks'],
  park: ['index', 'changed', 'asks'],
  nowKnown: ['index', 'changed', 'asks'],
  resumeThroughIt: ['index', 'changed', 'asks'],
  tellHost: ['index', 'asks'],
  hostWaits: [],
  answer: ['blocker', 'asks', 'afterLower'],
  wakeByHost: [],
  storeReads: ['index', 'incarnation', 'reads', 'recording', 'changed', 'refused'],
  storeWrites: ['index', 'incarnation', 'reads', 'recording', 'changed', 'refused'],
  txEnd: ['index', 'recording', 'changed'],
  requestValidation: ['index', 'recording', 'changed'],
  lowerValidation: ['blocker', 'afterOffer'],
  swapLowerValidation: ['blocker', 'seen', 'afterOffer'],
  txSuspend: ['index', 'blocker'],
  loadDependents: ['index', 'blocker'],
  joinDependents: ['index', 'blocker', 'seen'],
  lookAgain: ['blocker'],
}

/** The same of offer, by what comes after it. */
const OFFERING: typeof LIVE = {
  txBegin: ['index', 'seen', 'afterOffer'],
  tellHost: ['index', 'asks', 'seen', 'afterOffer'],
}

const FRESH = idle('findTask')

/** Forgets dead registers, so that states that behave alike are one. */
export function tidy(t: Thread): void {
  const offering = t.at === 'offer' || t.at === 'offerIndex' || t.at === 'offerLimit' || t.at === 'wakeOne'
  let live = t.at === 'asleep' || t.at === 'finished' ? [] : LIVE[t.at]
  if (offering) live = OFFERING[t.afterOffer] ?? ['seen', 'afterOffer']
  if (live === undefined) return
  const { at, runNext, runEnd, again, hurry } = t
  const kept = t as unknown as Record<Register, unknown>
  for (const register of Object.keys(FRESH) as Register[]) {
    if (!live.includes(register)) kept[register] = FRESH[register]
  }
  Object.assign(t, { at, again, hurry })
  if (runNext < runEnd) Object.assign(t, { runNext, runEnd })
}
