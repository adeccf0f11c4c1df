import { copyBytes } from '../mem/bulk'
import { takeChunks } from '../mem/chunks'
import { freeMemory } from '../mem/reset'
import { GENERATOR_SIZE, GENERATOR_TABLE } from './generator'
import { ASKED, WINDOW_CHUNKS, WINDOW_SIZE, WINDOW_TABLE, WINDOWS } from './windows'

/**
 * Makes a memory that no thread uses any more as good as new, but for its multiples of the generator: they depend on
 * nothing, and who gives an executor the state of each block would have each block make them again, or never have them.
 */
export function resetMemory(): void {
  const windows: usize = load<u32>(WINDOW_TABLE)
  const odd: usize = load<u32>(GENERATOR_TABLE)
  const asked = load<u32>(ASKED)
  freeMemory()
  store<u32>(ASKED, asked)
  if (odd < windows) keep(GENERATOR_TABLE, odd, GENERATOR_SIZE, 1)
  keep(WINDOW_TABLE, windows, WINDOWS * WINDOW_SIZE, WINDOW_CHUNKS)
  if (odd > windows) keep(GENERATOR_TABLE, odd, GENERATOR_SIZE, 1)
}

/**
 * Invariant: what lies lower is kept first, before anything is written to chunks. It then goes to the first of them,
 * which is where it lies or below, and ends before the next one begins; that goes to where it lies or below likewise.
 */
function keep(word: usize, table: usize, size: usize, chunks: u32): void {
  if (table == 0) return
  const at = takeChunks(chunks)
  if (at != table) copyBytes(at, table, size)
  store<u32>(word, <u32>at)
}
