import { CHUNK_SIZE } from '../abi/memory'
import { REPEATED_SIZE } from '../bn254/repeated'
import { copyBytes } from '../mem/bulk'
import { MEMO_SIZE } from './precompileMemo'
import { memoMemory, pointChunk } from './frames'

// Points of BN254 that a block multiplies more than once: from the second time on, tables are kept of them
// (bn254/repeated.ts), by each thread, until the next block begins. A note is found by a hash of the point, and what is
// kept is compared with it in full: chosen points can keep tables from others, but not change what comes out.
// Decision 28 (docs/adr/0028-no-slow-corner.md).

/** A note: u64 hash, u32 generation, u32 address of what is kept, 0 after the first time. */
const N_GENERATION: usize = 8
const N_KEPT: usize = 12
const NOTE: usize = 16
/** A verification may multiply some hundred points between two uses of one. */
const NOTES: u64 = 1024
export const NOTES_END: usize = MEMO_SIZE + <usize>NOTES * NOTE

/** What is kept of a point: its 64 bytes, and what bn254/repeated.ts has. */
const POINT: usize = 64
const KEPT: usize = POINT + REPEATED_SIZE
const MOST_KEPT: usize = CHUNK_SIZE / KEPT

/** Of the notes that hold: never 0. How many points are kept. */
let generation: u32 = 1
let kept: usize = 0

/** Nothing is remembered any more. */
export function forgetPoints(): void {
  kept = 0
  generation++
  if (generation == 0) generation = 1
}

/** What is kept of the point at the begin of the input, 0 for nothing. */
export function keptOfPoint(input: usize, length: u32): usize {
  if (<usize>length < POINT) return 0
  let hash: u64 = 0
  for (let at: usize = 0; at < POINT; at += 8) {
    hash = rotl<u64>((hash ^ load<u64>(input + at)) * 0x9e3779b97f4a7c15, 29)
  }
  const note = memoMemory() + MEMO_SIZE + <usize>((hash * 0x9e3779b97f4a7c15) >> 32 & (NOTES - 1)) * NOTE
  const current = load<u32>(note, N_GENERATION) == generation
  const at: usize = current ? <usize>load<u32>(note, N_KEPT) : 0
  if (!current || load<u64>(note) != hash) {
    // What is kept stays: its point has come twice, this one has not yet.
    if (at == 0) {
      store<u64>(note, hash)
      store<u32>(note, generation, N_GENERATION)
      store<u32>(note, 0, N_KEPT)
    }
    return 0
  }
  if (at != 0) return memory.compare(at, input, POINT) == 0 ? at + POINT : 0
  const fresh = nextKept()
  if (fresh == 0) return 0
  copyBytes(fresh, input, POINT)
  store<u32>(fresh, 0, POINT)
  store<u32>(note, <u32>fresh, N_KEPT)
  return fresh + POINT
}

/** Room for another point; 0 when there is none. */
function nextKept(): usize {
  if (kept == MOST_KEPT) return 0
  const chunk = pointChunk()
  return chunk == 0 ? 0 : chunk + kept++ * KEPT
}
