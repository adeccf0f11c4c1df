// Explores every interleaving of the scheduler's model on a small case.
import { Random } from '../../src/workloads/random.js'
import { HOST_STEPS } from './hostModel.js'
import type { Step, StepFunction } from './modelSteps.js'
import { SCHEDULER_STEPS } from './schedulerModel.js'
import { tidy } from './schedulerRegisters.js'
import {
  type Case,
  clone,
  finalValues,
  firstState,
  oracle,
  type Read,
  type State,
  type Thread,
} from './schedulerState.js'
import { TRANSACTION_STEPS } from './transactionModel.js'

export const STEPS = { ...SCHEDULER_STEPS, ...TRANSACTION_STEPS, ...HOST_STEPS }

export interface Exploration {
  states: number
  transitions: number
  /** Distinct states in which all threads had finished. */
  ends: number
  /** False: the bound of states was reached first. */
  complete: boolean
}

const STEP_NUMBERS = new Map<string, string>([...Object.keys(STEPS), 'asleep', 'finished'].map((at, i) => [at, `${i}`]))
const bit = (flag: boolean) => (flag ? 1 : 0)

function threadKey(t: Thread): string {
  const reads = t.reads.map((read) => `${read.location}=${read.value}`).join()
  const flags =
    bit(t.recording) |
    (bit(t.changed) << 1) |
    (bit(t.stale) << 2) |
    (bit(t.afterAbort === 'early') << 3) |
    (bit(t.hurry) << 4) |
    (bit(t.turn) << 5) |
    (bit(t.looked) << 6) |
    (bit(t.refused) << 7)
  const at = STEP_NUMBERS.get(t.at)
  const after = `${STEP_NUMBERS.get(t.afterLower)},${STEP_NUMBERS.get(t.afterResume)},${STEP_NUMBERS.get(t.afterOffer)}`
  return `${at},${t.index},${t.status},${t.incarnation},${t.seen},${t.k},${t.blocker},${t.again},${t.runNext},${t.runEnd},${flags},${after},${t.asks.join('.')},${reads}`
}

const askKey = ({ index, locations }: State['asked'][number]) => `${index}:${locations.join('.')}`

/** The host has nothing to do where nobody has asked, and it comes late no more. */
const rests = (s: State, { at }: Thread) =>
  at === 'asleep' || at === 'finished' || (at === 'hostWaits' && s.asked.length === 0 && s.late === 0)

/** Threads are alike, so states that differ by their order are one. */
function keyOf(s: State): string {
  let key = `${s.front},${s.window},${s.execution},${s.validation},${bit(s.commitLock)},${s.waiters},${s.room}`
  key += `,${s.parked},${s.late},${s.known.map(bit).join('')},${s.asked.map(askKey).sort().join()}`
  for (const tx of s.txs) {
    const flags = bit(tx.atFront) | (bit(tx.missing) << 1) | (bit(tx.refused) << 2)
    key += `|${tx.status},${tx.incarnation},${flags},${tx.writes},${tx.dependents},${tx.nextDependent}`
    for (const read of tx.reads) key += `;${read.location}=${read.value}`
  }
  for (const list of s.versions) {
    key += '/'
    for (const v of list)
      if (v) key += `${v.value},${v.incarnation},${bit(v.delta) | (bit(v.estimate) << 1)}`
      else key += '-'
  }
  return key + s.threads.map(threadKey).sort().join('#')
}

/**
 * Visits all states. Throws when the threads can end in a state other than the oracle's, when a transaction is committed out
 * of order or with other reads than the oracle's, when they can come to a stand, or when a state has no way to the end.
 * `broken` replaces steps, to see that a fault in them is found.
 */
export function explore(c: Case, maxStates: number, broken: { [step in Step]?: StepFunction } = {}): Exploration {
  const steps: Record<Step, StepFunction> = { ...STEPS, ...broken }
  const expected = oracle(c)
  const first = firstState(c)
  const numbers = new Map<string, number>([[keyOf(first), 0]])
  const predecessors: number[][] = [[]]
  const ends: number[] = []
  const stack: { state: State; number: number }[] = [{ state: first, number: 0 }]
  let transitions = 0
  let complete = true

  const visit = (state: State, from: number): void => {
    transitions++
    const key = keyOf(state)
    const known = numbers.get(key)
    if (known !== undefined) {
      predecessors[known]!.push(from)
      return
    }
    if (numbers.size >= maxStates) {
      complete = false
      return
    }
    const number = numbers.size
    numbers.set(key, number)
    predecessors.push([from])
    stack.push({ state, number })
  }

  while (stack.length > 0) {
    const { state, number } = stack.pop()!
    let moved = false
    for (const [i, thread] of state.threads.entries()) {
      if (rests(state, thread)) continue
      moved = true
      const step = thread.at as Step
      let choices = 1
      for (let choice = 0; choice < choices; choice++) {
        const next = clone(state)
        steps[step](c, next, next.threads[i]!, i, (sleepers) => {
          choices = Math.max(1, sleepers.length)
          return sleepers.slice(choice, choice + 1)
        })
        tidy(next.threads[i]!)
        if (step === 'storeFront') checkCommit(c, next, expected.reads)
        visit(next, number)
      }
    }
    if (moved) continue
    checkEnd(c, state, expected.final)
    ends.push(number)
  }
  if (complete) checkProgress(c, predecessors, ends)
  return { states: numbers.size, transitions, ends: ends.length, complete }
}

/** Steps that no walk of a small case takes, unless a thread is caught in a loop. */
const LONGEST_WALK = 20_000

/**
 * Goes `walks` random ways from the first state to an end: deeper than a bound of states lets `explore` go. Throws as it
 * does. Returns how many steps that took.
 */
export function wander(c: Case, walks: number, broken: { [step in Step]?: StepFunction } = {}): number {
  const steps: Record<Step, StepFunction> = { ...STEPS, ...broken }
  const expected = oracle(c)
  const random = new Random(1, 'walks')
  let count = 0
  for (let walk = 0; walk < walks; walk++) {
    const state = firstState(c)
    for (let length = 0; ; length++) {
      const movable = [...state.threads.keys()].filter((i) => !rests(state, state.threads[i]!))
      if (movable.length === 0) break
      if (length === LONGEST_WALK) throw new Error(`${c.name}: walk ${walk} has no end\n${show(state)}`)
      const i = movable[random.below(movable.length)]!
      const step = state.threads[i]!.at as Step
      steps[step](c, state, state.threads[i]!, i, (options) => {
        const choice = random.below(Math.max(1, options.length))
        return options.slice(choice, choice + 1)
      })
      tidy(state.threads[i]!)
      if (step === 'storeFront') checkCommit(c, state, expected.reads)
      count++
    }
    checkEnd(c, state, expected.final)
  }
  return count
}

/** No thread can do anything any more. */
function checkEnd(c: Case, state: State, expected: number[]): void {
  if (state.threads.some(({ at }) => at !== 'finished' && at !== 'hostWaits'))
    throw new Error(`${c.name}: deadlock\n${show(state)}`)
  const final = finalValues(c, state)
  if (final.some((value, i) => value !== expected[i]))
    throw new Error(`${c.name}: ended with ${final}, not ${expected}\n${show(state)}`)
  if (state.parked !== 0) throw new Error(`${c.name}: ${state.parked} are counted as parked\n${show(state)}`)
}

function checkCommit(c: Case, state: State, reads: (Read[] | undefined)[]): void {
  const index = state.front - 1
  if (state.txs.some((tx, i) => i <= index && tx.status !== 5))
    throw new Error(`${c.name}: out of order\n${show(state)}`)
  const tx = state.txs[index]!
  if (tx.refused !== (reads[index] === undefined) || JSON.stringify(tx.reads) !== JSON.stringify(reads[index] ?? []))
    throw new Error(`${c.name}: transaction ${index} committed with wrong reads\n${show(state)}`)
}

/** From every state the end can be reached: no thread can be caught in a loop. */
function checkProgress(c: Case, predecessors: number[][], ends: number[]): void {
  const good = new Uint8Array(predecessors.length)
  const stack = [...ends]
  let count = 0
  while (stack.length > 0) {
    const number = stack.pop()!
    if (good[number]) continue
    good[number] = 1
    count++
    stack.push(...predecessors[number]!)
  }
  if (count !== predecessors.length) throw new Error(`${c.name}: ${predecessors.length - count} states never end`)
}

function show(state: State): string {
  return JSON.stringify(state, null, 1)
}
