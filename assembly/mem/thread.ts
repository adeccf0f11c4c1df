import { CHUNK_SIZE, MAX_THREADS } from '../abi/memory'
import { fillBytes } from './bulk'
import { arenaReset } from './arena'
import { takeChunks } from './chunks'
import { CONTROL_MEM } from './layout'

// One chunk per thread: its arenas, counters, debugging ring and the window through which its host passes bytes.
//
// Invariant: a context is written by its own thread only, except between blocks, when the host's thread may reset it.

/** u32 per thread: address of its context, 0 when that thread never started. Survives the thread. */
const CONTEXTS: usize = CONTROL_MEM + 1024

/** Arena header: memory that is given back when the block ends. */
const THREAD_BLOCK_ARENA: usize = 16
/** Arena header: records of the intern tables, kept for good. */
const THREAD_TABLE_ARENA: usize = 32
/** Arena header: memory of work that is not the running block's. */
const THREAD_ASIDE_ARENA: usize = 48
/** u32, atomic: first of this thread's list of locations that got a version in this block (stm/touched.ts), or 0. */
export const THREAD_TOUCHED: usize = 64
/** u32 each: records this thread put into the account, slot and code tables. */
export const THREAD_COUNTS: usize = 68
/** u32: length of the list of touched locations. */
export const THREAD_TOUCHED_COUNT: usize = 80
/** u32, atomic: where that list began when a thread last looked for keys to hash. */
export const THREAD_KEYED: usize = 84
/** u32 kind, u32 pointer: what the last read that returned MISSING asked for. */
export const THREAD_MISSING: usize = 96
/** 32 bytes each, for values needed during one call. */
export const THREAD_TEMP: usize = 128
export const THREAD_TEMP2: usize = 160
/** A location (state/layout.ts): this thread's credits to the fee recipient, see stm/versions.ts. */
export const THREAD_CREDITS: usize = 192
/** u32 counters of stm/stats.ts. */
export const THREAD_STATS: usize = 256
/** u32 cursor, then the ring of stm/debug.ts. */
export const THREAD_RING: usize = 1024
export const THREAD_RING_EVENTS: u32 = 1024
/** Keys that wait for their hash (state/keys.ts). */
export const THREAD_KEYS: usize = 32768
/** SCRATCH_SIZE bytes. */
export const THREAD_SCRATCH: usize = 65536

/** Address of this thread's context; 0 before threadInit. */
export let context: usize = 0
export let blockArena: usize = 0
export let tableArena: usize = 0

/**
 * Makes the calling instance the thread `id` (below MAX_THREADS). Returns its scratch window of 64 KiB, 0 when out of
 * space. A replacement for a thread that died takes over its context.
 */
export function threadInit(id: u32): usize {
  if (id >= MAX_THREADS) return 0
  const word = CONTEXTS + (<usize>id << 2)
  let at: usize = atomic.load<u32>(word)
  if (at == 0) {
    at = takeChunks(1)
    if (at == 0) return 0
    fillBytes(at, 0, CHUNK_SIZE)
    store<u32>(at, id)
    atomic.store<u32>(word, <u32>at)
  }
  context = at
  blockArena = at + THREAD_BLOCK_ARENA
  tableArena = at + THREAD_TABLE_ARENA
  return at + THREAD_SCRATCH
}

/**
 * From here to leaveAside what this thread allocates for the block lies in memory that only it gives back: the host may
 * end the block meanwhile.
 */
export function enterAside(): void {
  blockArena = context + THREAD_ASIDE_ARENA
}

/** What was allocated since enterAside is gone. */
export function leaveAside(): void {
  arenaReset(blockArena)
  blockArena = context + THREAD_BLOCK_ARENA
}

/** Address of the context of thread `id`, 0 when it never started. */
export function contextOf(id: u32): usize {
  return atomic.load<u32>(CONTEXTS + (<usize>id << 2))
}

/** Gives back what all threads allocated for the block. Only when no thread is inside the block. */
export function resetBlockArenas(): void {
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at != 0) arenaReset(at + THREAD_BLOCK_ARENA)
  }
}

/** MISSING_* of the last read of this thread that answered MISSING, and the account or slot record it asked for. */
export function lastMissingKind(): u32 {
  return load<u32>(context, THREAD_MISSING)
}

export function lastMissingRecord(): usize {
  return load<u32>(context, THREAD_MISSING + 4)
}
