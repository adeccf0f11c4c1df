import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { memoMemory, returnData, returnLength, setReturnLength } from './frames'

// What checks of signatures and proofs gave. Within a block the same ones are made again: by transactions that carry
// the same message, and by a transaction that is executed again. Each thread remembers its own, and forgets them when
// the next block begins: what a block costs does not depend on what was executed before.
// Decision 28 (docs/adr/0028-no-slow-corner.md).
//
// An entry is looked up by a hash of the input and compared in full, so that chosen inputs can make it useless but not
// wrong. What a contract gives goes by its input alone; gas is charged before.

const E_GENERATION: usize = 0
const E_ID: usize = 4
const E_RETURNED: usize = 8
const E_OUTPUT: usize = 16
const E_INPUT: usize = 80
const LONGEST_INPUT: usize = 192
const ENTRY: usize = E_INPUT + LONGEST_INPUT
/** 34 KiB of memory. */
const ENTRIES: u64 = 128
export const MEMO_SIZE: usize = <usize>ENTRIES * ENTRY

/** Of the entries that hold: never 0. */
let generation: u32 = 1

/** Nothing is remembered any more. */
export function forgetContracts(): void {
  generation++
  if (generation == 0) generation = 1
}

/** Where this call's result is, or will be; 0 for what is not remembered. */
export function memoEntry(id: u32, input: usize, length: u32): usize {
  if (lengthOf(id) != length || length == 0) return 0
  let hash: u64 = id
  for (let at = input; at < input + <usize>length; at += 8) {
    hash = rotl<u64>((hash ^ load<u64>(at)) * 0x9e3779b97f4a7c15, 29)
  }
  return memoMemory() + <usize>((hash * 0x9e3779b97f4a7c15) >> 32 & (ENTRIES - 1)) * ENTRY
}

/** Bytes of an input of ECRECOVER, point evaluation and P256VERIFY, multiples of 8; 0 of any other. */
function lengthOf(id: u32): u32 {
  switch (id) {
    case 0x01:
      return 128
    case 0x0a:
      return 192
    case 0x100:
      return 160
    default:
      return 0
  }
}

/** Whether the entry is this call's. */
export function memoHolds(entry: usize, id: u32, input: usize, length: u32): bool {
  if (load<u32>(entry, E_GENERATION) != generation || load<u32>(entry, E_ID) != id) return false
  for (let at: usize = 0; at < <usize>length; at += 8) {
    if (load<u64>(entry + at, E_INPUT) != load<u64>(input + at)) return false
  }
  return true
}

/** The entry's output becomes the return data. */
export function memoRecall(entry: usize): i32 {
  const length = load<u32>(entry, E_RETURNED)
  if (!setReturnLength(length)) return OUT_OF_SPACE
  copyBytes(returnData, entry + E_OUTPUT, length)
  return OK
}

/** The return data, 64 bytes at most, becomes the entry's output. */
export function memoKeep(entry: usize, id: u32, input: usize, length: u32): void {
  store<u32>(entry, generation, E_GENERATION)
  store<u32>(entry, id, E_ID)
  store<u32>(entry, returnLength, E_RETURNED)
  copyBytes(entry + E_OUTPUT, returnData, returnLength)
  copyBytes(entry + E_INPUT, input, length)
}
