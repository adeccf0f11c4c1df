// How long a block takes on so many threads, and what of it: a model, fed from a run on one thread.
// Decision 41 (docs/adr/0041-a-model-of-many-threads.md).
import { runsInParallel, senderBatch, worthHelp } from '../executor/modeChoice.js'
import { Clock, type ThreadSteps } from './clock.js'
import { COSTS, type Costs } from './policy.js'
import { Scheduler } from './scheduler.js'
import { Stages } from './stages.js'
import { Tasks } from './tasks.js'
import type { BlockTrace, TracedTransaction } from './trace.js'
import { Window } from './window.js'

export interface Prediction {
  threads: number
  /** Milliseconds, as `stats.ms` of a result has them. */
  ms: { total: number; execution: number }
  reexecutions: number
  mode: 'parallel' | 'sequential'
}

/** What keeps a block from being faster. `alone`: what the executor's thread does while no other has anything to do. */
export type Limit = 'conflicts' | 'execution' | 'senders' | 'root' | 'alone' | 'receipts' | 'commits' | 'waking'

/** In order nothing is recorded, and a transaction's own time has its commit. */
const NOTHING: Partial<Costs> = { task: 0, read: 0, change: 0, commit: 0, validate: 0 }

export function predict(trace: BlockTrace, threads: number, costs: Costs = COSTS): Prediction {
  const gas = trace.transactions.reduce((sum, each) => sum + each.gas, 0)
  const shape = {
    transactions: trace.transactions.length,
    gasUsed: BigInt(gas),
    senders: undefined,
    inCore: true,
    fetches: false,
    independent: false,
  }
  const parallel = runsInParallel('auto', shape, threads)
  const taking = parallel || (threads > 1 && worthHelp(shape, true)) ? threads : 1
  const own = parallel ? costs : { ...costs, ...NOTHING }
  const { execution, end, executions } = runBlock(trace, taking, parallel ? taking : 1, own)
  return {
    threads,
    ms: { total: aloneOf(trace, taking, own) + end + rootOf(trace.root, taking, own), execution },
    reexecutions: executions - tasksOf(trace).length,
    mode: parallel ? 'parallel' : 'sequential',
  }
}

/** The part without which the block would be over soonest. */
export function limitOf(trace: BlockTrace, threads: number, costs: Costs = COSTS): Limit {
  const all = predict(trace, threads, costs).ms.total
  const gain = (limit: Limit): number => all - predict(...without(limit, trace, costs, threads)).ms.total
  const others = (['senders', 'root', 'alone', 'receipts', 'commits', 'waking'] as const).map(
    (limit) => [limit, gain(limit)] as const,
  )
  const execution = gain('execution')
  // Without execution there are no conflicts either: those are it where they make up most of it.
  const work = gain('conflicts') > execution / 2 ? 'conflicts' : 'execution'
  return [[work, execution] as const, ...others].reduce((most, each) => (each[1] > most[1] ? each : most))[0]
}

function without(limit: Limit, trace: BlockTrace, costs: Costs, threads: number): Parameters<typeof predict> {
  const each = (change: Partial<TracedTransaction>): BlockTrace => ({
    ...trace,
    transactions: trace.transactions.map((transaction) => ({ ...transaction, ...change })),
  })
  if (limit === 'conflicts') return [each({ changes: [] }), threads, costs]
  if (limit === 'execution') return [{ ...each({ ms: 0 }), work: { before: 0, after: 0 } }, threads, costs]
  if (limit === 'alone') return [{ ...trace, alone: { before: 0, after: 0 } }, threads, { ...costs, workers: 0 }]
  if (limit === 'commits') return [trace, threads, { ...costs, commit: 0, validate: 0 }]
  if (limit === 'waking') return [trace, threads, { ...costs, wake: 0, call: 0, rootWaits: 0 }]
  return [{ ...trace, [limit]: 0 }, threads, costs]
}

/** The block's own work is the first and the last of them. */
function tasksOf({ transactions, work }: BlockTrace): TracedTransaction[] {
  const nothing = { gas: 0, reads: [], changes: [] }
  return [{ ms: work.before, ...nothing }, ...transactions, { ms: work.after, ...nothing }]
}

/** @param executing threads that take transactions; the others help with what else there is */
function runBlock(trace: BlockTrace, threads: number, executing: number, costs: Costs) {
  const clock = new Clock()
  const tasks = new Tasks(tasksOf(trace))
  const stages = new Stages(clock, trace, costs, threads, senderBatch(trace.transactions.length, threads))
  const scheduler = new Scheduler(clock, tasks, new Window(executing), costs, stages, executing)
  const starts = Array.from({ length: threads }, (_, id) => startOf(id, costs))
  let execution = 0
  function* thread(id: number): ThreadSteps {
    if (id < executing) yield* scheduler.run(id)
    else yield* stages.recoverAll(id)
    // As `stats.ms` has it: the time of one thread, and what it does in between left out.
    if (id === 0) execution = clock.now - stages.spent[0]!.senders - stages.spent[0]!.receipts
    yield* stages.hashRest(id, tasks.front)
  }
  clock.run(
    starts.map((_, id) => thread(id)),
    starts,
  )
  return { execution, end: clock.now, executions: scheduler.executions }
}

/** The executor's thread begins at once and calls a worker, which calls two, and so on (decision 10). */
function startOf(thread: number, { call }: Costs): number {
  return thread === 0 ? 0 : call * (Math.floor(Math.log2(thread)) + 1)
}

/** What the executor's thread does while no other has anything to do. */
function aloneOf({ alone, receipts }: BlockTrace, threads: number, { workers, receiptsDivided }: Costs): number {
  return alone.before + alone.after + receipts * (1 - receiptsDivided) + (threads > 1 ? workers : 0)
}

function rootOf(ms: number, threads: number, { rootDivided, rootParts, rootWaits }: Costs): number {
  if (threads === 1 || ms === 0) return ms
  const share = Math.ceil(rootParts / Math.min(threads, rootParts)) / rootParts
  return ms * (1 - rootDivided + rootDivided * share) + rootWaits
}
