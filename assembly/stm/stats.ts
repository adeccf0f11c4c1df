import { context, contextOf, THREAD_STATS } from '../mem/thread'

// Counters of one thread for the running block, u32 each, in its context.

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
