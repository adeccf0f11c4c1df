import { CHUNK_SIZE, MAX_PAGES, PAGE_SIZE } from '../abi/memory'
import { CONTROL_MEM } from './layout'
import { lock, unlock } from './lock'

// Chunks of CHUNK_SIZE bytes, shared by all threads: taken from a free list, else from the end of the used memory, up
// to the size the memory was created with: it never grows. A request for more than one chunk gets contiguous ones.
// Decision 12 (docs/adr/0012-whole-memory.md).
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
/** u32: head of the list being sorted. */
const SORTED: usize = CONTROL_MEM + 20

/** Address of `count` contiguous chunks (contents undefined), or 0 when the memory has no room for them. */
export function takeChunks(count: u32): usize {
  lock(LOCK)
  let at: usize = count == 1 ? popSingle() : 0
  if (at == 0) at = popRun(count)
  if (at == 0 && count > 1 && load<u32>(FREE) | load<u32>(FREE_RUNS)) {
    coalesce()
    at = popRun(count)
  }
  if (at == 0) at = fromTop(count)
  if (at != 0) store<u32>(USED, load<u32>(USED) + count)
  unlock(LOCK)
  return at
}

/**
 * Makes a run `more` chunks longer where it is: only what lies at the end of the used memory can grow, while there is
 * room.
 */
export function extendChunks(at: usize, count: u32, more: u32): bool {
  lock(LOCK)
  const grown = at + <usize>count * CHUNK_SIZE == <usize>load<u32>(TOP) && fromTop(more) != 0
  if (grown) store<u32>(USED, load<u32>(USED) + more)
  unlock(LOCK)
  return grown
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

/** Best fit; the rest of a longer run stays in the list. */
function popRun(count: u32): usize {
  let best: usize = 0
  let bestLength: u32 = 0xffff_ffff
  for (let link: usize = FREE_RUNS, run: usize = load<u32>(link); run != 0; link = run, run = load<u32>(run)) {
    const length = load<u32>(run, 4)
    if (length < count || length >= bestLength) continue
    best = link
    bestLength = length
    if (length == count) break
  }
  if (best == 0) return 0
  const run: usize = load<u32>(best)
  const rest = bestLength - count
  if (rest == 0) {
    store<u32>(best, load<u32>(run))
    return run
  }
  store<u32>(run, rest, 4)
  return run + <usize>rest * CHUNK_SIZE
}

/**
 * Joins free neighbours, when no free run is long enough: otherwise requests of changing lengths would cut the memory
 * into ever smaller pieces and it would grow without bound.
 */
function coalesce(): void {
  let all: usize = load<u32>(FREE_RUNS)
  let single: usize = load<u32>(FREE)
  // Off the lists first: a thread that dies in here loses free chunks, it does not leave one in two places.
  store<u32>(FREE_RUNS, 0)
  store<u32>(FREE, 0)
  while (single != 0) {
    const next: usize = load<u32>(single)
    store<u32>(single, <u32>all)
    store<u32>(single, 1, 4)
    all = single
    single = next
  }
  all = sortByAddress(all)
  let run = all
  while (run != 0) {
    const next: usize = load<u32>(run)
    const length = load<u32>(run, 4)
    if (next == run + <usize>length * CHUNK_SIZE) {
      store<u32>(run, length + load<u32>(next, 4), 4)
      store<u32>(run, load<u32>(next))
    } else {
      run = next
    }
  }
  store<u32>(FREE_RUNS, <u32>all)
}

/** Merge sort of a list of runs, bottom up. */
function sortByAddress(list: usize): usize {
  let width: u32 = 1
  let merges: u32 = 2
  while (merges > 1) {
    merges = 0
    let link: usize = SORTED
    let left = list
    while (left != 0) {
      merges++
      let right = left
      let leftSize: u32 = 0
      while (leftSize < width && right != 0) {
        right = load<u32>(right)
        leftSize++
      }
      let rightSize = width
      while (leftSize != 0 || (rightSize != 0 && right != 0)) {
        let next: usize
        if (leftSize != 0 && (rightSize == 0 || right == 0 || left < right)) {
          next = left
          left = load<u32>(left)
          leftSize--
        } else {
          next = right
          right = load<u32>(right)
          rightSize--
        }
        store<u32>(link, <u32>next)
        link = next
      }
      left = right
    }
    store<u32>(link, 0)
    list = load<u32>(SORTED)
    width <<= 1
  }
  return list
}

function fromTop(count: u32): usize {
  let top: usize = load<u32>(TOP)
  if (top == 0) top = (__heap_base + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1)
  const end: u64 = <u64>top + <u64>count * <u64>CHUNK_SIZE
  // The last of all possible pages stays unused, so that an end address always fits in 32 bits.
  if (end > <u64>min(<usize>memory.size(), MAX_PAGES - 1) * <u64>PAGE_SIZE) return 0
  store<u32>(TOP, <u32>end)
  return top
}

/** Frees the lock after its holder died. At worst the chunk it was taking or giving is lost. */
export function resetChunksLock(): void {
  unlock(LOCK)
}
