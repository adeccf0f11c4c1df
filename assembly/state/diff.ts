import { OK, OUT_OF_SPACE } from '../abi/status'
import {
  ACC_BALANCE,
  ACC_CODE,
  ACC_DIFF,
  ACC_NONCE,
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CLEARED,
  DIFF_CODE_HASH,
  DIFF_EXISTED,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_SLOT_COUNT,
  DIFF_SLOTS,
  DSLOT_NEXT,
  LOC_BASE,
} from '../abi/state'
import { arenaAlloc } from '../mem/arena'
import { equal32 } from '../mem/bytes32'
import { CONTROL_STATE } from '../mem/layout'
import { blockArena } from '../mem/thread'

// The DIFF records of a block while several threads make them: collected (addDiff, addSlotDiff), then finished, one by
// one, then closed up.
//
// Invariants:
// - A record is written by the thread that makes it until its account's ACC_DIFF has it (compare-and-swap from 0); from
//   then on only its list of slots grows, by compare-and-swap at the head. One thread takes each record to finish it,
//   when all have been collected.
// - A slot difference is in one list: its location is in one list of touched ones, and one thread took it from there.

/** u32: array of u32 pointers to DIFF records; atomic: their number. Until the block is ended. */
const DIFFS: usize = CONTROL_STATE + 320
const DIFF_COUNT: usize = CONTROL_STATE + 324
/** u32: 1 while an account may have ACC_DIFF. */
const MARKED: usize = CONTROL_STATE + 328
/** u32: what packDiff made of them, 0 before, and its length. */
const PACKED: usize = CONTROL_STATE + 332
const PACKED_LENGTH: usize = CONTROL_STATE + 336

export function diffRecords(): usize {
  return load<u32>(DIFFS)
}

export function diffCount(): u32 {
  return atomic.load<u32>(DIFF_COUNT)
}

export function forgetDiffs(): void {
  store<u32>(DIFFS, 0)
  atomic.store<u32>(DIFF_COUNT, 0)
  store<u32>(MARKED, 0)
  setPackedDiff(0, 0)
}

/** Where the packed difference lies until the block is ended; 0: it is not packed. */
export function packedDiff(): usize {
  return load<u32>(PACKED)
}

/** Bytes. */
export function packedDiffLength(): usize {
  return load<u32>(PACKED_LENGTH)
}

export function setPackedDiff(at: usize, length: usize): void {
  store<u32>(PACKED_LENGTH, <u32>length)
  store<u32>(PACKED, <u32>at)
}

/** Whether ACC_DIFF of some account may not be 0: the difference was not made to its end. */
export function diffsAreMarked(): bool {
  return load<u32>(MARKED) != 0
}

/** One thread, first: room for `most` records. False when out of space. */
export function openDiffs(most: u32): bool {
  forgetDiffs()
  const records = arenaAlloc(blockArena, (<usize>most << 2) + 4)
  store<u32>(DIFFS, <u32>records)
  store<u32>(MARKED, 1)
  return records != 0
}

/** Publishes a record that is complete but for its slots, unless another thread was faster; the one that counts. */
export function addDiff(account: usize, diff: usize): usize {
  const winner: usize = atomic.cmpxchg<u32>(account, 0, <u32>diff, ACC_DIFF)
  if (winner != 0) return winner
  store<u32>(diffRecords() + (<usize>atomic.add<u32>(DIFF_COUNT, 1) << 2), <u32>diff)
  return diff
}

export function addSlotDiff(diff: usize, change: usize): void {
  while (true) {
    const head = atomic.load<u32>(diff, DIFF_SLOTS)
    store<u32>(change, head, DSLOT_NEXT)
    if (atomic.cmpxchg<u32>(diff, head, <u32>change, DIFF_SLOTS) == head) return
  }
}

/** Completes record `index`, or takes it away when nothing differs. OK or OUT_OF_SPACE. */
export function finishDiff(index: u32): i32 {
  const at = diffRecords() + (<usize>index << 2)
  const diff: usize = load<u32>(at)
  let count: u32 = 0
  let change: usize = load<u32>(diff, DIFF_SLOTS)
  for (let link = change; link != 0; link = load<u32>(link, DSLOT_NEXT)) count++
  if (count != 0) {
    const slots = arenaAlloc(blockArena, <usize>count << 2)
    if (slots == 0) return OUT_OF_SPACE
    for (let out = slots; change != 0; change = load<u32>(change, DSLOT_NEXT), out += 4) store<u32>(out, <u32>change)
    store<u32>(diff, <u32>slots, DIFF_SLOTS)
    store<u32>(diff, count, DIFF_SLOT_COUNT)
  }
  atomic.store<u32>(<usize>load<u32>(diff, DIFF_ACCOUNT), 0, ACC_DIFF)
  if (!differs(diff)) store<u32>(at, 0)
  return OK
}

/** One thread, when all are finished: closes the gaps. */
export function closeDiffs(): void {
  const records = diffRecords()
  const end = records + (<usize>diffCount() << 2)
  let out = records
  for (let at = records; at < end; at += 4) {
    const diff = load<u32>(at)
    store<u32>(out, diff)
    if (diff != 0) out += 4
  }
  atomic.store<u32>(DIFF_COUNT, <u32>((out - records) >> 2))
  store<u32>(MARKED, 0)
}

function differs(diff: usize): bool {
  const flags = load<u32>(diff, DIFF_FLAGS)
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  const exists = (flags & DIFF_EXISTS) != 0
  if (exists != ((flags & DIFF_EXISTED) != 0)) return true
  if (!exists) return false
  return (
    (flags & DIFF_CLEARED) != 0 ||
    load<u32>(diff, DIFF_SLOT_COUNT) != 0 ||
    load<u64>(diff, DIFF_NONCE) != load<u64>(account + ACC_NONCE, LOC_BASE) ||
    !equal32(diff + DIFF_BALANCE, account + ACC_BALANCE + LOC_BASE) ||
    !equal32(diff + DIFF_CODE_HASH, account + ACC_CODE + LOC_BASE)
  )
}
