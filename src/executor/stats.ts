import type { BlockRequest } from '../abi/blockRequest.js'
import type { BlockStats, LocationKind, WorkerStats } from '../types.js'
import type { BlockCore } from '../wasm/blockCore.js'
import type { BlockReport } from '../workers/report.js'
import type { EngineChoice } from './engineChoice.js'

/** A block that all workers have finished. */
export interface Dispatch {
  reports: BlockReport[]
  request: BlockRequest
  /** When the workers were started on it, and how long they took: milliseconds. */
  started: number
  wall: number
}

/** Adds up what the workers counted. Stages overlap between workers: each one's time is the longest of any worker. */
export function statsOf(
  block: BlockCore,
  dispatch: Dispatch,
  parallel: boolean,
  { engine, fallback }: EngineChoice,
): BlockStats {
  const { reports, wall } = dispatch
  const conflicts: Record<LocationKind, number> = { balance: 0, nonce: 0, code: 0, existence: 0, storage: 0 }
  const workers = reports.map(({ thread, ms }): WorkerStats => {
    const { executions, reexecutions, validations, commits, blocked, missing, conflicts: own } = block.stats(thread)
    for (const kind of Object.keys(conflicts) as LocationKind[]) conflicts[kind] += own[kind]
    return { executions, reexecutions, validations, suspensions: blocked + missing, commits, ms }
  })
  const sum = (pick: (worker: WorkerStats) => number): number =>
    workers.reduce((total, worker) => total + pick(worker), 0)
  const longest = (stage: keyof WorkerStats['ms']): number => Math.max(...workers.map(({ ms }) => ms[stage]))
  const [senders, execution, root] = [longest('senders'), longest('execution'), longest('root')]
  // Starting the workers and hearing from them.
  const handover = wall - senders - execution - root
  return {
    mode: parallel ? 'parallel' : 'sequential',
    engine,
    ...(fallback !== undefined && { fallback }),
    threads: workers.length,
    executions: sum(({ executions }) => executions),
    reexecutions: sum(({ reexecutions }) => reexecutions),
    validations: sum(({ validations }) => validations),
    conflicts,
    ms: { total: 0, prepare: handover, senders, execution, root, receipts: 0, verify: 0 },
    workers,
  }
}
