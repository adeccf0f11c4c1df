import { STAGE_WORDS } from './stageControl'

// What the tasks of the state root stage work on, u32 each. Invariant: written by the thread that starts the stage, or
// that ends a phase, unless it says atomic; read in the phases after.

/** Pointers to DIFF records, and how many. */
export const DIFFS: usize = STAGE_WORDS
export const DIFF_COUNT: usize = STAGE_WORDS + 4
/** 1: the records are those of state/diff.ts and still have to be finished. */
export const UNFINISHED: usize = STAGE_WORDS + 8
/** Handle that the stage starts from, and the one it comes to. */
export const BEFORE: usize = STAGE_WORDS + 12
export const AFTER: usize = STAGE_WORDS + 16
/** Of the account trie: record of subtrees.ts, and a place of MAX_ACCOUNT_RLP bytes for each leaf. */
export const ACCOUNTS: usize = STAGE_WORDS + 20
export const LEAVES: usize = STAGE_WORDS + 24
/** Atomic: list of large storage tries; then their array. */
export const LARGE_LIST: usize = STAGE_WORDS + 28
export const LARGE_ARRAY: usize = STAGE_WORDS + 32
// @ts-ignore: decorator
@inline
export function recordAt(index: u32): usize {
  return load<u32>(<usize>load<u32>(DIFFS) + (<usize>index << 2))
}
