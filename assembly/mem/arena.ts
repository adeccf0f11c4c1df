import { CHUNK_SIZE } from '../abi/memory'
import { fillBytes } from './bulk'
import { giveChunks, takeChunks } from './chunks'

// A bump arena over chunks. Its 16-byte header is memory of the caller's (so that one thread can reset another's arena
// between blocks). An arena belongs to one thread at a time: nothing here is atomic.
//
//   header: u32 cursor, u32 end, u32 chunk list head, u32 chunks
//   a run of chunks starts with (u32 next run, u32 chunks in the run)

const RUN_HEADER: usize = 16

/** Pointer to `size` bytes, 16-byte aligned, contents undefined; 0 when out of space. */
// @ts-ignore: decorator
@inline
export function arenaAlloc(arena: usize, size: usize): usize {
  const cursor: usize = load<u32>(arena)
  const next = cursor + ((size + 15) & ~15)
  if (next <= <usize>load<u32>(arena, 4) && next >= cursor) {
    store<u32>(arena, <u32>next)
    return cursor
  }
  return refill(arena, size)
}

/** The same, zeroed. */
export function arenaAllocZeroed(arena: usize, size: usize): usize {
  const at = arenaAlloc(arena, size)
  if (at != 0) fillBytes(at, 0, size)
  return at
}

function refill(arena: usize, size: usize): usize {
  if (size > 0xf000_0000) return 0
  const need = ((size + 15) & ~15) + RUN_HEADER
  const count = <u32>((need + CHUNK_SIZE - 1) / CHUNK_SIZE)
  const run = takeChunks(count)
  if (run == 0) return 0
  store<u32>(run, load<u32>(arena, 8))
  store<u32>(run, count, 4)
  store<u32>(arena, <u32>run, 8)
  store<u32>(arena, load<u32>(arena, 12) + count, 12)
  const at = run + RUN_HEADER
  // A run of several chunks serves the one big request; the current small run stays in use when it has more room left.
  const end = run + <usize>count * CHUNK_SIZE
  const next = run + need
  if (end - next > <usize>load<u32>(arena, 4) - <usize>load<u32>(arena)) {
    store<u32>(arena, <u32>next)
    store<u32>(arena, <u32>end, 4)
  }
  return at
}

/** Gives every chunk back. All pointers into the arena are dead. */
export function arenaReset(arena: usize): void {
  let run: usize = load<u32>(arena, 8)
  while (run != 0) {
    const next: usize = load<u32>(run)
    giveChunks(run, load<u32>(run, 4))
    run = next
  }
  store<u32>(arena, 0)
  store<u32>(arena, 0, 4)
  store<u32>(arena, 0, 8)
  store<u32>(arena, 0, 12)
}

/** Chunks the arena holds. */
export function arenaChunks(arena: usize): u32 {
  return load<u32>(arena, 12)
}
