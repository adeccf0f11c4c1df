// What the scheduler's model (schedulerModel.ts) is in: the shared words, versions, and the registers of each thread; and what
// must come of it in the end.
import type { Step } from './modelSteps.js'

export interface ModelTx {
  /** Location of the next read, given the values read so far; undefined: no more reads. */
  read(values: readonly number[]): number | undefined
  /** What is written in the end. A delta is added to what is below. */
  write(values: readonly number[]): { location: number; value: number; delta?: boolean }[]
  /** The front is looked at after it, before the rest of a run. */
  long?: true
  /** Where it looks ahead it comes to no end, and writes nothing. */
  stops?: true
  /** It is left out of a block that has less room than this; it takes `uses` of it. */
  needs?: number
  uses?: number
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
  /** It is SUSPENDED for a value that must be fetched, and not for another transaction. */
  missing: boolean
  /** The last incarnation that ended found no room. */
  refused: boolean
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
  /** It goes on with guesses; and what must be fetched. */
  looked: boolean
  asks: number[]
  refused: boolean
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
  /** What the block that is being built has room for. */
  room: number
  /** Transactions that wait for the source, by count; locations whose value before the block is there. */
  parked: number
  known: boolean[]
  /** What the host has heard of and not answered; how often it may yet come late. */
  asked: { index: number; locations: number[] }[]
  late: number
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
  /** Locations whose value before the block must be fetched: there is a host then. */
  unknown?: number[]
  /** How often the host resumes a transaction without having been asked. */
  late?: number
  /** The block is built: room for so much. */
  room?: number
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
    room: c.room ?? 0,
    parked: 0,
    known: c.base.map((_, location) => !c.unknown?.includes(location)),
    asked: [],
    late: c.late ?? 0,
    txs: c.txs.map(() => ({
      status: READY,
      incarnation: 0,
      atFront: false,
      missing: false,
      refused: false,
      reads: [],
      writes: [],
      dependents: 0,
      nextDependent: 0,
    })),
    versions: c.base.map(() => c.txs.map(() => null)),
    threads: [
      ...Array.from({ length: c.threads }, () => idle('findTask')),
      ...(c.unknown === undefined ? [] : [idle('hostWaits')]),
    ],
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
    looked: false,
    asks: [],
    refused: false,
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
    known: [...state.known],
    asked: [...state.asked],
    txs: state.txs.map((tx) => ({ ...tx })),
    versions: state.versions.map((list) => list.map((version) => version && { ...version })),
    threads: state.threads.map((thread) => ({ ...thread })),
  }
}

/** The value that transaction `index` sees, the transaction that blocks it, or that the value must be fetched. */
export type Seen = { value: number } | { blocker: number } | { missing: true }

export function look(c: Case, s: State, location: number, index: number): Seen {
  let sum = 0
  for (let j = index - 1; j >= 0; j--) {
    const version = s.versions[location]![j]
    if (!version) continue
    if (version.estimate) return { blocker: j }
    sum += version.value
    if (!version.delta) return { value: sum }
  }
  return s.known[location] ? { value: sum + c.base[location]! } : { missing: true }
}

/** The same by whoever looks ahead: ESTIMATEs will do, and zero for what must be fetched. */
export function guess(c: Case, s: State, location: number, index: number): { value: number; missing: boolean } {
  let value = 0
  for (let j = index - 1; j >= 0; j--) {
    const version = s.versions[location]![j]
    if (!version) continue
    value += version.value
    if (!version.delta) return { value, missing: false }
  }
  const known = s.known[location]!
  return { value: value + (known ? c.base[location]! : 0), missing: !known }
}

/** Whether a read would see the same now: an ESTIMATE counts as unchanged (validate.ts). */
export const same = (seen: Seen, read: Read) => 'blocker' in seen || ('value' in seen && seen.value === read.value)

export const fits = (c: Case, room: number, index: number) => (c.txs[index]!.needs ?? 0) <= room
export const used = (c: Case, index: number) => c.txs[index]!.uses ?? 0

/** Reads of every transaction, undefined: it is left out; and final values, in block order. */
export function oracle(c: Case): { reads: (Read[] | undefined)[]; final: number[] } {
  const final = [...c.base]
  let room = c.room ?? 0
  const reads = c.txs.map((tx, index) => {
    if (!fits(c, room, index)) return undefined
    room -= used(c, index)
    const seen: Read[] = []
    for (let at = tx.read([]); at !== undefined; at = tx.read(seen.map((read) => read.value)))
      seen.push({ location: at, value: final[at]! })
    for (const { location, value, delta } of tx.write(seen.map((read) => read.value)))
      final[location] = delta ? final[location]! + value : value
    return seen
  })
  return { reads, final }
}

/** Undefined: an ESTIMATE is left. What nobody asked for is as it was. */
export function finalValues(c: Case, s: State): (number | undefined)[] {
  const all = { ...s, known: c.base.map(() => true) }
  return c.base.map((_, location) => {
    const seen = look(c, all, location, c.txs.length)
    return 'value' in seen ? seen.value : undefined
  })
}
