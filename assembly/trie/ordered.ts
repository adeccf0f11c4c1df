import { ENTRY_SIZE } from '../abi/trie'
import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE } from '../abi/slices'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc, arenaReset } from '../mem/arena'
import { writeU64 } from '../rlp/encode'
import { clearFailure, failure, tempArena, useNodeArena, useShortArena } from './context'
import { setEntry } from './entries'
import { hashNodes, rootHash } from './hash'
import { update } from './update'

/** An index below 2^32 as RLP. */
const KEY: usize = 8

/**
 * Root of the trie from RLP(index) to value, as for the transactions, receipts and withdrawals of a block. `values`:
 * `count` times (u32 address, u32 length, at least 1); 32 bytes to `out`. OK or OUT_OF_SPACE.
 */
export function orderedRoot(values: usize, count: u32, out: usize): i32 {
  clearFailure()
  if (count == 0) {
    rootHash(0, out)
    return OK
  }
  const keys = arenaAlloc(tempArena, <usize>count * (ENTRY_SIZE + KEY))
  if (keys == 0) return OUT_OF_SPACE
  const entries = keys + <usize>count * KEY
  const end = entries + <usize>count * ENTRY_SIZE
  const single = min(count, 128)
  let entry = entries
  // RLP(0) is 0x80: after 1 to 127, before 128 and up.
  for (let index: u32 = 1; index < single; index++) entry = put(entry, keys, values, index)
  entry = put(entry, keys, values, 0)
  for (let index: u32 = 128; index < count; index++) entry = put(entry, keys, values, index)
  const arena = useShortArena()
  const root = update(0, 0, entries, end, 0)
  return shortRoot(root, arena, out)
}

/** Hash of a trie made in the short arena, whose nodes then are gone, to `out`; a status: of making it too. */
export function shortRoot(root: usize, arena: usize, out: usize): i32 {
  let status = failure
  if (status == OK) status = hashNodes(root)
  if (status == OK) rootHash(root, out)
  useNodeArena()
  arenaReset(arena)
  arenaReset(tempArena)
  return status
}

function put(entry: usize, keys: usize, values: usize, index: u32): usize {
  const key = keys + <usize>index * KEY
  const nibbles = 2 * <u32>(writeU64(key, index) - key)
  const value = values + <usize>index * SLICE_SIZE
  setEntry(entry, key, nibbles, load<u32>(value, SLICE_ADDRESS), load<u32>(value, SLICE_LENGTH))
  return entry + ENTRY_SIZE
}
