// One block on many threads, in simulated time: senders, transactions, hashing of body and receipts.
import { runsInParallel, senderBatch, worthHelp } from '../executor/modeChoice.js'
import { Clock, type ThreadSteps } from './clock.js'
import type { Costs } from './policy.js'
import { Scheduler } from './scheduler.js'
import { type Ahead, Stages } from './stages.js'
import { Tasks } from './tasks.js'
import type { BlockTrace, TracedTransaction } from './trace.js'
import { Window } from './window.js'

/** Who takes part in a block, as the executor decides it. */
export interface Taking {
  /** All that help. */
  threads: number
  /** Of them, those that take transactions; the others help with what else there is. */
  executing: number
  costs: Costs
}

export interface RanBlock {
  /** As `stats.ms` has it: of one thread, what it does in between left out. */
  execution: number
  /** Until all but the root is done. */
  end: number
  executions: number
}

/** In order nothing is recorded, and a transaction's own time has its commit. */
const NOTHING: Partial<Costs> = { task: 0, read: 0, change: 0, commit: 0, validate: 0 }

export function takingOf(trace: BlockTrace, threads: number, costs: Costs): Taking {
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
  return parallel
    ? { threads: taking, executing: taking, costs }
    : { threads: taking, executing: 1, costs: { ...costs, ...NOTHING } }
}

/** The block's own work is the first and the last of them. */
export function tasksOf({ transactions, work }: BlockTrace): TracedTransaction[] {
  const nothing = { gas: 0, reads: [], changes: [], target: '' }
  return [{ ms: work.before, ...nothing }, ...transactions, { ms: work.after, ...nothing }]
}

/**
 * @param starts when each thread begins, the executor's first
 * @param ahead of blocks in a row: senders that are known before, and those of the block that comes next
 */
export function runBlock(
  trace: BlockTrace,
  { threads, executing, costs }: Taking,
  starts: readonly number[],
  ahead?: Ahead,
): RanBlock {
  const clock = new Clock()
  const tasks = new Tasks(tasksOf(trace))
  const stages = new Stages(clock, trace, costs, threads, senderBatch(trace.transactions.length, threads), ahead)
  const scheduler = new Scheduler(clock, tasks, new Window(executing), costs, stages, executing)
  let execution = 0
  function* thread(id: number): ThreadSteps {
    if (id < executing) yield* scheduler.run(id)
    else yield* stages.recoverAll(id)
    const { senders, receipts, ahead: next } = stages.spent[id]!
    if (id === 0) execution = clock.now - starts[0]! - senders - receipts - next
    yield* stages.hashRest(id, tasks.front)
  }
  clock.run(
    starts.map((_, id) => thread(id)),
    starts,
  )
  return { execution, end: clock.now, executions: scheduler.executions }
}

/** The executor's thread calls a worker, which calls two, and so on (decision 10). When each has heard it. */
export function startsOf(threads: number, { call }: Costs): number[] {
  return Array.from({ length: threads }, (_, thread) => (thread === 0 ? 0 : call * (Math.floor(Math.log2(thread)) + 1)))
}

/** Of the root, what one thread does while the others wait for it; and what is divided. */
export function rootOf(
  ms: number,
  threads: number,
  { rootDivided, rootParts, rootWaits }: Costs,
): { serial: number; divided: number } {
  if (threads === 1 || ms === 0) return { serial: ms, divided: 0 }
  const share = Math.ceil(rootParts / Math.min(threads, rootParts)) / rootParts
  return { serial: ms * (1 - rootDivided), divided: ms * rootDivided * share + rootWaits }
}
