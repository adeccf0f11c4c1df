import {
  ACC_ADDRESS, ACC_CODE, CODE_BYTES, CODE_LENGTH, DIFF_ACCOUNT, DIFF_BALANCE, DIFF_CODE_HASH, DIFF_FLAGS, DIFF_NONCE,
  DIFF_SLOT_COUNT, DIFF_SLOTS, DSLOT_SLOT, DSLOT_VALUE, LOC_BASE, SLOT_KEY,
} from '../abi/state'
import {
  PACK_ADDRESS, PACK_BALANCE, PACK_CODE_HASH, PACK_CODE_LENGTH, PACK_FLAGS, PACK_NONCE, PACK_SAME_CODE, PACK_SIZE,
  PACK_SLOT_COUNT, PACK_SLOT_SIZE,
} from '../abi/packedDiff'
import { MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { arenaAlloc } from '../mem/arena'
import { copyBytes } from '../mem/bulk'
import { copy32, equal32 } from '../mem/bytes32'
import { blockArena } from '../mem/thread'
import { findCode, isEmptyCode } from './code'
import { diffCount, diffRecords, packedDiff, setPackedDiff } from './diff'

// The state difference that collectDiff made as one piece of memory without pointers, which the host copies as it is.

/**
 * Packs it, unless that is done. Between collectDiff and commitBase, by one thread at a time. OK, OUT_OF_SPACE, or
 * MISSING when new code is in no table.
 */
export function packDiff(): i32 {
  if (packedDiff() != 0) return OK
  const records = diffRecords()
  const count = diffCount()
  let size: usize = 0
  for (let i: u32 = 0; i < count; i++) {
    const diff: usize = load<u32>(records + (<usize>i << 2))
    size += PACK_SIZE + <usize>load<u32>(diff, DIFF_SLOT_COUNT) * PACK_SLOT_SIZE
    if (!hasNewCode(diff)) continue
    const code = findCode(diff + DIFF_CODE_HASH)
    if (code == 0) return MISSING
    size += load<u32>(code, CODE_LENGTH)
  }
  const start = arenaAlloc(blockArena, size + 1)
  if (start == 0) return OUT_OF_SPACE
  let at = start
  for (let i: u32 = 0; i < count; i++) at = pack(load<u32>(records + (<usize>i << 2)), at)
  setPackedDiff(start, at - start)
  return OK
}

/** Other code than before the block, and not none. */
function hasNewCode(diff: usize): bool {
  return !sameCode(diff) && !isEmptyCode(diff + DIFF_CODE_HASH)
}

function sameCode(diff: usize): bool {
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  return equal32(diff + DIFF_CODE_HASH, account + ACC_CODE + LOC_BASE)
}

function pack(diff: usize, at: usize): usize {
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  const slots: usize = load<u32>(diff, DIFF_SLOTS)
  const count = load<u32>(diff, DIFF_SLOT_COUNT)
  copyBytes(at + PACK_ADDRESS, account + ACC_ADDRESS, 20)
  store<u32>(at, load<u32>(diff, DIFF_FLAGS), PACK_FLAGS)
  store<u64>(at, load<u64>(diff, DIFF_NONCE), PACK_NONCE)
  copy32(at + PACK_BALANCE, diff + DIFF_BALANCE)
  copy32(at + PACK_CODE_HASH, diff + DIFF_CODE_HASH)
  store<u32>(at, count, PACK_SLOT_COUNT)
  let end = at + PACK_SIZE
  for (let i: u32 = 0; i < count; i++) {
    const change: usize = load<u32>(slots + (<usize>i << 2))
    copy32(end, <usize>load<u32>(change, DSLOT_SLOT) + SLOT_KEY)
    copy32(end + 32, change + DSLOT_VALUE)
    end += PACK_SLOT_SIZE
  }
  if (sameCode(diff)) {
    store<u32>(at, PACK_SAME_CODE, PACK_CODE_LENGTH)
    return end
  }
  const code: usize = isEmptyCode(diff + DIFF_CODE_HASH) ? 0 : findCode(diff + DIFF_CODE_HASH)
  const length: u32 = code == 0 ? 0 : load<u32>(code, CODE_LENGTH)
  store<u32>(at, length, PACK_CODE_LENGTH)
  if (length != 0) copyBytes(end, load<u32>(code, CODE_BYTES), length)
  return end + length
}
