// How long a block takes on so many threads, and what of it: a model, fed from a run on one thread.
// Decision 41 (docs/adr/0041-a-model-of-many-threads.md).
import { rootOf, runBlock, startsOf, type Taking, takingOf, tasksOf } from './block.js'
import { COSTS, type Costs } from './policy.js'
import type { BlockTrace, TracedTransaction } from './trace.js'

export interface Prediction {
  threads: number
  /** Milliseconds, as `stats.ms` of a result has them. */
  ms: { total: number; execution: number }
  reexecutions: number
  mode: 'parallel' | 'sequential'
}

/** Of a block that comes alone, or of one in a row of them. */
export type Predict = (trace: BlockTrace, threads: number, costs?: Costs) => Prediction

/** What keeps a block from being faster. `alone`: what the executor's thread does while no other has anything to do. */
export type Limit = 'conflicts' | 'execution' | 'senders' | 'root' | 'alone' | 'receipts' | 'commits' | 'waking'

/** A block that comes alone: nothing of it is done before its turn. */
export function predict(trace: BlockTrace, threads: number, costs: Costs = COSTS): Prediction {
  const taking = takingOf(trace, threads, costs)
  const ran = runBlock(trace, taking, startsOf(taking.threads, taking.costs))
  const { serial, divided } = rootOf(trace.root, taking.threads, costs)
  const { before, after } = trace.alone
  const total = before + after + alsoAlone(trace, taking, taking.costs.workers) + ran.end + serial + divided
  return predictionOf(trace, threads, taking, { total, execution: ran.execution }, ran.executions)
}

/** What the executor's thread does at the end of the block besides. */
export function alsoAlone({ receipts }: BlockTrace, { threads, costs }: Taking, workers: number): number {
  return receipts * (1 - costs.receiptsDivided) + (threads > 1 ? workers : 0)
}

export function predictionOf(
  trace: BlockTrace,
  threads: number,
  { executing }: Taking,
  ms: Prediction['ms'],
  executions: number,
): Prediction {
  const reexecutions = executions - tasksOf(trace).length
  return { threads, ms, reexecutions, mode: executing > 1 ? 'parallel' : 'sequential' }
}

/** The part without which the block would be over soonest. */
export function limitOf(trace: BlockTrace, threads: number, costs: Costs = COSTS, model: Predict = predict): Limit {
  const all = model(trace, threads, costs).ms.total
  const gain = (limit: Limit): number => all - model(...without(limit, trace, costs, threads)).ms.total
  const others = (['senders', 'root', 'alone', 'receipts', 'commits', 'waking'] as const).map(
    (limit) => [limit, gain(limit)] as const,
  )
  const execution = gain('execution')
  // Without execution there are no conflicts either: those are it where they make up most of it.
  const work = gain('conflicts') > execution / 2 ? 'conflicts' : 'execution'
  return [[work, execution] as const, ...others].reduce((most, each) => (each[1] > most[1] ? each : most))[0]
}

function without(limit: Limit, trace: BlockTrace, costs: Costs, threads: number): Parameters<Predict> {
  const each = (change: Partial<TracedTransaction>): BlockTrace => ({
    ...trace,
    transactions: trace.transactions.map((transaction) => ({ ...transaction, ...change })),
  })
  if (limit === 'conflicts') return [each({ changes: [] }), threads, costs]
  if (limit === 'execution') return [{ ...each({ ms: 0 }), work: { before: 0, after: 0 } }, threads, costs]
  if (limit === 'alone') {
    const nothing = { before: 0, after: 0 }
    const inRow = { ...trace.inRow, ahead: 0, ...nothing }
    return [{ ...trace, alone: nothing, inRow }, threads, { ...costs, workers: 0, workersInRow: 0 }]
  }
  if (limit === 'commits') return [trace, threads, { ...costs, commit: 0, validate: 0 }]
  if (limit === 'waking') return [trace, threads, { ...costs, wake: 0, call: 0, rootWaits: 0 }]
  return [{ ...trace, [limit]: 0, inRow: { ...trace.inRow, [limit]: 0 } }, threads, costs]
}
