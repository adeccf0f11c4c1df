import { keccak256 } from '../hash/keccak'
import { u256Copy, u256FromBytes } from '../u256'
import { MEMO_ROOM, memoMemory, scratch } from './frames'
import { NOTES_END } from './pointMemo'

// What KECCAK256 gave for 64 bytes: of a mapping that is the place of a value, and within a transaction most of them
// are asked for more than once (59 % of those of 39 mainnet blocks, nine of ten times in one transaction; a table of
// any size finds 61 %). Each thread remembers its own until the next block begins (precompileMemo.ts).
//
// An entry is found by a hash of the input and compared in full: chosen inputs can make it useless but not wrong.

/** u32: generation. */
const E_INPUT: usize = 16
/** As a word. */
const E_HASH: usize = 80
const ENTRY: usize = 112
/** 14 KiB, which the first-level cache has room for. */
const ENTRIES: u64 = 128

/** Of the entries that hold: never 0. */
let generation: u32 = 1

/** Nothing is remembered any more. */
export function forgetHashes(): void {
  generation++
  if (generation == 0) generation = 1
}

/** The hash of 64 bytes as a word. */
export function hashOf64(input: usize, out: usize): void {
  if (NOTES_END + <usize>ENTRIES * ENTRY > MEMO_ROOM) ERROR('no room for the hashes')
  const a = load<u64>(input) ^ load<u64>(input, 8) ^ load<u64>(input, 32)
  const b = load<u64>(input, 16) ^ load<u64>(input, 40) ^ load<u64>(input, 48)
  const c = load<u64>(input, 24) + rotl<u64>(load<u64>(input, 56), 32)
  const mixed = (a * 0xbf58476d1ce4e5b9) ^ rotl<u64>(b * 0x94d049bb133111eb, 21) ^ c
  const entry = memoMemory() + NOTES_END + <usize>((mixed * 0x9e3779b97f4a7c15) >> 57) * ENTRY
  if (load<u32>(entry) != generation || !isInput(entry + E_INPUT, input)) {
    store<u32>(entry, generation)
    u256Copy(input, entry + E_INPUT)
    u256Copy(input + 32, entry + E_INPUT + 32)
    keccak256(input, 64, scratch)
    u256FromBytes(scratch, entry + E_HASH)
  }
  u256Copy(entry + E_HASH, out)
}

// @ts-ignore: decorator
@inline
function isInput(kept: usize, input: usize): bool {
  const differs = v128.or(
    v128.or(
      v128.xor(v128.load(kept), v128.load(input)),
      v128.xor(v128.load(kept, 16), v128.load(input, 16)),
    ),
    v128.or(
      v128.xor(v128.load(kept, 32), v128.load(input, 32)),
      v128.xor(v128.load(kept, 48), v128.load(input, 48)),
    ),
  )
  return !v128.any_true(differs)
}
