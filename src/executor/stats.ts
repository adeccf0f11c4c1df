import type { BlockStats, LocationKind, WorkerStats } from '../types.js'
import type { BlockCore } from '../wasm/blockCore.js'
import type { BlockReport } from '../workers/report.js'
import type { BlockPlan } from './blockPlan.js'

const LOCATION_KINDS: readonly LocationKind[] = ['balance', 'nonce', 'code', 'existence', 'storage']

/**
 * Adds up what the workers counted. The stages of different workers overlap; those of one follow each other. So the times
 * are those of one worker, the one that was busy longest of those that executed; `total` and `prepare` are still missing.
 */
export function statsOf(
  block: BlockCore,
  reports: readonly BlockReport[],
  { mode, engine, fallback }: BlockPlan,
): BlockStats {
  const conflicts: Record<LocationKind, number> = { balance: 0, nonce: 0, code: 0, existence: 0, storage: 0 }
  const sums = { executions: 0, reexecutions: 0, validations: 0 }
  const workers: WorkerStats[] = []
  for (const { thread, ms } of reports) {
    const { executions, reexecutions, validations, commits, blocked, missing, conflicts: own } = block.stats(thread)
    for (const kind of LOCATION_KINDS) conflicts[kind] += own[kind]
    sums.executions += executions
    sums.reexecutions += reexecutions
    sums.validations += validations
    workers.push({ executions, reexecutions, validations, suspensions: blocked + missing, commits, ms })
  }
  return {
    mode,
    engine,
    ...(fallback !== undefined && { fallback }),
    threads: workers.length,
    ...sums,
    conflicts,
    ms: { total: 0, prepare: 0, ...stagesOf(workers), verify: 0 },
    workers,
  }
}

function stagesOf(workers: readonly WorkerStats[]): Omit<WorkerStats['ms'], 'ahead'> {
  const busy = ({ ms }: WorkerStats): number => ms.senders + ms.execution + ms.receipts + ms.root
  const executing = workers.filter(({ executions }) => executions > 0)
  const { ahead: _, ...stages } = executing.reduce((longest, worker) =>
    busy(worker) > busy(longest) ? worker : longest,
  ).ms
  return stages
}

/** Ends the clock: the stages, none of which overlaps another on the executor's thread, and the rest make up the total. */
export function endStages(ms: BlockStats['ms'], total: number): void {
  ms.total = total
  ms.prepare = total - ms.senders - ms.execution - ms.root - ms.receipts - ms.verify
}
