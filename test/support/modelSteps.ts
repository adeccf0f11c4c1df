// What the steps of the scheduler's model have in common.
import type { HOST_STEPS } from './hostModel.js'
import type { SCHEDULER_STEPS } from './schedulerModel.js'
import { type Case, idle, type State, type Thread } from './schedulerState.js'
import type { TRANSACTION_STEPS } from './transactionModel.js'

export type Step = keyof typeof SCHEDULER_STEPS | keyof typeof TRANSACTION_STEPS | keyof typeof HOST_STEPS

/** Says which of several goes on, so that all choices are explored; of none nothing. */
export type Choose = (options: number[]) => number[]
export type StepFunction = (c: Case, s: State, t: Thread, i: number, choose: Choose) => void
export type Model = Record<string, StepFunction>

export function goto(t: Thread, at: Step): void {
  t.at = at
}

/** Forgets all but the thread's run, and what it is to do first. */
export function restart(s: State, i: number, at: Thread['at'] = 'findTask'): void {
  const { runNext, runEnd, again, hurry } = s.threads[i]!
  s.threads[i] = { ...idle(at), again, hurry, ...(runNext < runEnd && { runNext, runEnd }) }
}

/** Wakes one sleeper. */
export function wake(s: State, choose: Choose): void {
  for (const thread of s.threads) thread.stale = true
  const sleepers = s.threads.flatMap((thread, i) => (thread.at === 'asleep' ? [i] : []))
  for (const i of choose(sleepers)) s.threads[i]!.at = 'stopWaiting'
}
