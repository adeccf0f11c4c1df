// What the scheduler's model (schedulerModel.ts) is in: the shared words, versions, and the registers of each thread; and what
// must come of it in the end.
import type { Step } from './schedulerModel.js'

export interface ModelTx {
  /** Location of the next read, given the values read so far; undefined: no more reads. */
  read(values: readonly number[]): number | undefined
  /** What is written in the end. A delta is added to what is below. */
  write(values: readonly number[]): { location: number; value: number; delta?: boolean }[]
  /** The front is looked at after it, before the rest of a run. */
  long?: true
}

export const READY = 0
export const EXECUTING = 1
export const EXECUTED = 2
export const ABORTING = 3
export const SUSPENDED = 4
export const COMMITTED = 5
export const NONE = 99

interface Version {
  value: number
  delta: boolean
  estimate: boolean
  incarnation: number
}
export interface Read {
  location: number
  value: number
}
interface Tx {
  status: number
  incarnation: number
  atFront: boolean
  reads: Read[]
  writes: number[]
  dependents: number
  nextDependent: number
}
export interface Thread {
  at: Step | 'asleep' | 'finished'
  index: number
  /** Status and incarnation as loaded. */
  status: number
  incarnation: number
  /** A loaded word. */
  seen: number
  k: number
  reads: Read[]
  recording: boolean
  changed: boolean
  blocker: number
  /** The transaction at the front that the thread gave up and owns; NONE. */
  again: number
  /** It is to look at the front before it goes on with its run. */
  hurry: boolean
  /** What it gives up had come to its turn. */
  turn: boolean
  /** The rest of the run that the thread has taken. */
  runNext: number
  runEnd: number
  /** EVENTS changed since it was read. */
  stale: boolean
  /** Where the subroutines go on. */
  afterAbort: 'commit' | 'early'
  afterLower: Step
  afterResume: Step
  afterOffer: Step
}
export interface State {
  front: number
  window: number
  execution: number
  validation: number
  commitLock: boolean
  waiters: number
  txs: Tx[]
  versions: (Version | null)[][]
  threads: Thread[]
}

export interface Case {
  name: string
  threads: number
  window: number
  /** Each commit sets the window to 1 or to `window`, in all ways. */
  anyWindow?: true
  /** Most transactions taken at a time; default 1. */
  run?: number
  base: number[]
  txs: ModelTx[]
}

export function firstState(c: Case): State {
  return {
    front: 0,
    window: c.window,
    execution: 0,
    validation: NONE,
    commitLock: false,
    waiters: 0,
    txs: c.txs.map(() => ({
      status: READY,
      incarnation: 0,
      atFront: false,
      reads: [],
      writes: [],
      dependents: 0,
      nextDependent: 0,
    })),
    versions: c.base.map(() => c.txs.map(() => null)),
    threads: Array.from({ length: c.threads }, () => idle('findTask')),
  }
}

/** A thread with nothing in its registers, so that equal situations are equal states. */
export function idle(at: Thread['at']): Thread {
  return {
    at,
    index: 0,
    status: 0,
    incarnation: 0,
    seen: 0,
    k: 0,
    reads: [],
    recording: false,
    changed: false,
    blocker: 0,
    again: NONE,
    hurry: false,
    turn: false,
    runNext: 0,
    runEnd: 0,
    stale: false,
    afterAbort: 'commit',
    afterLower: 'findTask',
    afterResume: 'findTask',
    afterOffer: 'findTask',
  }
}

export function clone(state: State): State {
  return {
    ...state,
    txs: state.txs.map((tx) => ({ ...tx })),
    versions: state.versions.map((list) => list.map((version) => version && { ...version })),
    threads: state.threads.map((thread) => ({ ...thread })),
  }
}

/** The value that transaction `index` sees, or the blocking transaction as -1 - index. */
export function look(c: Case, s: State, location: number, index: number): { value: number } | { blocker: number } {
  let sum = 0
  for (let j = index - 1; j >= 0; j--) {
    const version = s.versions[location]![j]
    if (!version) continue
    if (version.estimate) return { blocker: j }
    sum += version.value
    if (!version.delta) return { value: sum }
  }
  return { value: sum + c.base[location]! }
}

/** Reads of every transaction and final values, in block order. */
export function oracle(c: Case): { reads: Read[][]; final: number[] } {
  const final = [...c.base]
  const reads = c.txs.map((tx) => {
    const seen: Read[] = []
    for (let at = tx.read([]); at !== undefined; at = tx.read(seen.map((read) => read.value)))
      seen.push({ location: at, value: final[at]! })
    for (const { location, value, delta } of tx.write(seen.map((read) => read.value)))
      final[location] = delta ? final[location]! + value : value
    return seen
  })
  return { reads, final }
}

export function finalValues(c: Case, s: State): (number | undefined)[] {
  return c.base.map((_, location) => {
    const seen = look(c, s, location, c.txs.length)
    return 'value' in seen ? seen.value : undefined
  })
}
