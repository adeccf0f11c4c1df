import { CHUNK_SIZE, CONTROL_MEM } from './layout'
import { lock, unlock } from './lock'

// Chunks of CHUNK_SIZE bytes, shared by all threads: taken from a free list, else from the end of the used memory, which
// grows up to the maximum the memory was created with. A request for more than one chunk gets contiguous ones.
//
// Invariant: all fields below are read and written under LOCK only.

const LOCK: usize = CONTROL_MEM
/** u32: first byte never handed out so far; 0 before the first request. */
const TOP: usize = CONTROL_MEM + 4
/** u32: head of the list of free single chunks, linked through their first word. */
const FREE: usize = CONTROL_MEM + 8
/** u32: head of the list of free runs: (next, count) in their first words. */
const FREE_RUNS: usize = CONTROL_MEM + 12
/** u32: chunks handed out and not given back. */
const USED: usize = CONTROL_MEM + 16

const PAGE: usize = 65536
const MAX_PAGES: usize = 65536

/** Address of `count` contiguous chunks (contents undefined), or 0 when the memory cannot grow any further. */
export function takeChunks(count: u32): usize {
  lock(LOCK)
  let at: usize = count == 1 ? popSingle() : popRun(count)
  if (at == 0) at = fromTop(count)
  if (at != 0) store<u32>(USED, load<u32>(USED) + count)
  unlock(LOCK)
  return at
}

export function giveChunks(at: usize, count: u32): void {
  lock(LOCK)
  store<u32>(USED, load<u32>(USED) - count)
  if (count == 1) {
    store<u32>(at, load<u32>(FREE))
    store<u32>(FREE, <u32>at)
  } else {
    store<u32>(at, load<u32>(FREE_RUNS))
    store<u32>(at + 4, count)
    store<u32>(FREE_RUNS, <u32>at)
  }
  unlock(LOCK)
}

/** Bytes in chunks that are handed out. */
export function usedBytes(): u64 {
  lock(LOCK)
  const used = <u64>load<u32>(USED) * <u64>CHUNK_SIZE
  unlock(LOCK)
  return used
}

// @ts-ignore: decorator
@inline
function popSingle(): usize {
  const at: usize = load<u32>(FREE)
  if (at != 0) store<u32>(FREE, load<u32>(at))
  return at
}

/** First fit; the rest of a longer run stays in the list. */
function popRun(count: u32): usize {
  let link: usize = FREE_RUNS
  let run: usize = load<u32>(link)
  while (run != 0) {
    const length = load<u32>(run + 4)
    if (length >= count) {
      const rest = length - count
      if (rest == 0) {
        store<u32>(link, load<u32>(run))
        return run
      }
      store<u32>(run + 4, rest)
      return run + <usize>rest * CHUNK_SIZE
    }
    link = run
    run = load<u32>(run)
  }
  return 0
}

function fromTop(count: u32): usize {
  let top: usize = load<u32>(TOP)
  if (top == 0) top = (__heap_base + PAGE - 1) & ~(PAGE - 1)
  const end: u64 = <u64>top + <u64>count * <u64>CHUNK_SIZE
  // The last page stays unused, so that an end address always fits in 32 bits.
  if (end > <u64>(MAX_PAGES - 1) * <u64>PAGE) return 0
  const pages = <i32>((end + <u64>PAGE - 1) / <u64>PAGE)
  const have = memory.size()
  if (pages > have && memory.grow(pages - have) < 0) return 0
  store<u32>(TOP, <u32>end)
  return top
}

/** Frees the lock after its holder died. At worst the chunk it was taking or giving is lost. */
export function resetChunksLock(): void {
  unlock(LOCK)
}
