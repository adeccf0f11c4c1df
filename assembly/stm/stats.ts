import { context, contextOf, THREAD_STATS } from '../mem/thread'

// Counters of one thread for the running block, u32 each, in its context.

export const STAT_EXECUTIONS: usize = 0
export const STAT_REEXECUTIONS: usize = 4
export const STAT_VALIDATIONS: usize = 8
export const STAT_COMMITS: usize = 12
export const STAT_BLOCKED: usize = 16
export const STAT_MISSING: usize = 20
export const STAT_WAITS: usize = 24
/** Failed validations by what differed: KIND_* of a location, then the predicates exists, empty, balance at least. */
export const STAT_CONFLICTS: usize = 32
export const STATS_SIZE: usize = 64

// @ts-ignore: decorator
@inline
export function count(stat: usize): void {
  const at = context + THREAD_STATS + stat
  store<u32>(at, load<u32>(at) + 1)
}

/** Address of the counters of a thread, 0 when it never started. */
export function statsOf(thread: u32): usize {
  const at = contextOf(thread)
  return at == 0 ? 0 : at + THREAD_STATS
}
