// What the model of many threads is fed with: runs of a block on one thread that say what was done when, and who reads what.
import type { BlockResult, Span } from '../../index.js'
import type { Touches } from '../../reference/dependencies.js'
import type { BlockTrace, InRow } from '../../scaling/trace.js'
import { median } from '../statistics.js'

/**
 * @param results of runs on one thread with the option `timeline`
 * @param touches what each transaction reads and changes
 * @param inRow where such blocks follow one another
 */
export function traceOf(results: readonly BlockResult[], touches: readonly Touches[], inRow: InRow): BlockTrace {
  const runs = results.map(runOf)
  const of = (pick: (run: RunTimes) => number): number => median(runs.map(pick))
  const { receipts } = results[0]!
  return {
    transactions: touches.map(({ reads, changes, target }, index) => ({
      ms: of(({ transactions }) => transactions[index] ?? 0),
      gas: Number(receipts[index]!.gasUsed),
      reads,
      changes,
      target,
    })),
    work: { before: of(({ before }) => before), after: of(({ after }) => after) },
    senders: of(({ ms }) => ms.senders),
    receipts: of(({ ms }) => ms.receipts),
    root: of(({ ms }) => ms.root),
    alone: { before: of(({ prepare }) => prepare), after: of(({ rest }) => rest) },
    inRow,
  }
}

interface RunTimes {
  transactions: number[]
  /** The block's own work. */
  before: number
  after: number
  ms: { senders: number; receipts: number; root: number }
  /** Of the executor's thread, before the block begins and after it has ended. */
  prepare: number
  rest: number
}

function runOf({ stats: { ms, workers, timeline = [] } }: BlockResult): RunTimes {
  const [own] = workers
  const { senders, execution, receipts, root } = own!.ms
  const transactions: number[] = []
  let before: number | undefined
  let prepare = 0
  for (const span of timeline) {
    const length = lengthOf(span)
    if (span.stage === 'prepare') prepare += length
    if (span.stage !== 'execution') continue
    // The first stretch that is no transaction's ends with the block's work before them.
    if (span.transaction === undefined) before ??= length
    else transactions[span.transaction] = (transactions[span.transaction] ?? 0) + length
  }
  const after = execution - (before ?? 0) - transactions.reduce((sum, each) => sum + each, 0)
  const rest = ms.total - prepare - senders - execution - receipts - root
  return {
    transactions,
    before: before ?? 0,
    after: Math.max(0, after),
    ms: { senders, receipts, root },
    prepare,
    rest: Math.max(0, rest),
  }
}

function lengthOf({ start, end }: Span): number {
  return end - start
}
