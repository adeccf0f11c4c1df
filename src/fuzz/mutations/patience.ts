// How long refusing a block, or a list, may take. By the clock alone a machine that others use would be the finding.

/** Milliseconds of this process's processors: most take a few. */
const SLOW_MS = 5000
/** Milliseconds by the clock, whatever the processors did meanwhile: waiting in vain is a finding, too. */
const STUCK_MS = 15_000

export interface Timed<T> {
  result: T
  /** Milliseconds by the clock. */
  took: number
  /** What is wrong with that. */
  problem?: string
}

export async function timed<T>(work: () => Promise<T>, slow = SLOW_MS): Promise<Timed<T>> {
  const start = performance.now()
  const before = process.cpuUsage()
  const result = await work()
  const took = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  const busy = (user + system) / 1000
  if (Math.min(took, busy) <= slow && took <= STUCK_MS) return { result, took }
  return { result, took, problem: `it took ${Math.round(took)} ms, ${Math.round(busy)} ms of them of processors` }
}
