import { BLOCK_CLOSED, NO_BLOBS_LEFT, NO_BYTES_LEFT, NO_GAS_LEFT } from '../abi/refusals'
import {
  ROOM_BLOB_GAS, ROOM_BYTES, ROOM_CLOSED, ROOM_GAS, ROOM_LEFT_OUT, ROOM_MOST, ROOM_SCANS, ROOM_STATE_GAS,
} from '../abi/room'
import { SCAN_GAS_LIMIT, SCAN_SIZE, SCAN_TYPE } from '../abi/scan'
import { SLICE_LENGTH } from '../abi/slices'
import {
  OUTCOME_INVALID, OUTCOME_SUCCESS, O_BLOB_GAS, O_BLOCK_GAS, O_KIND, O_STATE_BEFOREHAND, O_STATE_GAS,
} from '../abi/transaction'
import { BLOCK_ROOM, TX_OUTCOME } from './block'
import { txIndex } from './txn'

// A block that is being built takes a transaction only where it has room for it. Rest and order are those of commits,
// so that the block is the one that taking them one after another gives.
//
// Invariant: what is left is taken from under COMMIT_LOCK, once a transaction, between its commit and the next step of
// FRONT. It never grows, and closed stays closed: who finds no room before its turn will not find any then. Who found
// some is asked again when it is committed.
// Decision 38 (docs/adr/0038-a-block-is-built-by-leaving-out.md).

/** Before a block's threads begin. `at`: record of abi/room.ts. */
export function setRoom(at: usize): void {
  store<u32>(BLOCK_ROOM, <u32>at)
}

/**
 * Why the running transaction does not fit into what is left now, 0: it does. `beforehand`: state gas that it is
 * charged at its start.
 */
export function roomRefusal(beforehand: u64, blobGas: u64): u32 {
  const room: usize = load<u32>(BLOCK_ROOM)
  if (room == 0) return 0
  if (atomic.load<u32>(room, ROOM_CLOSED) != 0) return BLOCK_CLOSED
  return lack(room, txIndex(), beforehand, blobGas)
}

function lack(room: usize, index: u32, beforehand: u64, blobGas: u64): u32 {
  const scan: usize = scanOf(room, index)
  const limit = load<u64>(scan, SCAN_GAS_LIMIT)
  if (
    min(load<u64>(room, ROOM_MOST), limit - beforehand) > atomic.load<u64>(room, ROOM_GAS) ||
    limit > atomic.load<u64>(room, ROOM_STATE_GAS)
  ) {
    return NO_GAS_LEFT
  }
  if (blobGas > atomic.load<u64>(room, ROOM_BLOB_GAS)) return NO_BLOBS_LEFT
  return bytesOf(scan) > atomic.load<u64>(room, ROOM_BYTES) ? NO_BYTES_LEFT : 0
}

/** Index 0 is the block's own work. */
function scanOf(room: usize, index: u32): usize {
  return <usize>load<u32>(room, ROOM_SCANS) + <usize>(index - 1) * SCAN_SIZE
}

/** In the block's list: typed transactions are byte strings. */
function bytesOf(scan: usize): u64 {
  const length = load<u32>(scan, SLICE_LENGTH)
  if (load<u32>(scan, SCAN_TYPE) == 0) return length
  return length + (length < 56 ? 1 : 5)
}

/** Whether the block is not that of all its transactions: what is hashed of those together is for nothing. */
export function leavesOut(): bool {
  const room: usize = load<u32>(BLOCK_ROOM)
  return room != 0 && atomic.load<u32>(room, ROOM_LEFT_OUT) != 0
}

/** The executed outcome at the front, 0: it is another kind. */
function executedAt(record: usize): usize {
  const outcome: usize = load<u32>(record, TX_OUTCOME)
  return outcome != 0 && load<u8>(outcome, O_KIND) <= OUTCOME_SUCCESS ? outcome : 0
}

/** Under COMMIT_LOCK: whether what was executed as transaction `index`, the front, fits. */
export function fitsNow(index: u32, record: usize): bool {
  const room: usize = load<u32>(BLOCK_ROOM)
  if (room == 0) return true
  const outcome = executedAt(record)
  if (outcome == 0) return true
  return lack(room, index, load<u64>(outcome, O_STATE_BEFOREHAND), load<u64>(outcome, O_BLOB_GAS)) == 0
}

/** Under COMMIT_LOCK: takes what the transaction that was just committed used. */
export function takeRoom(index: u32, record: usize): void {
  const room: usize = load<u32>(BLOCK_ROOM)
  if (room == 0) return
  const outcome = executedAt(record)
  if (outcome == 0) {
    const other: usize = load<u32>(record, TX_OUTCOME)
    if (other != 0 && load<u8>(other, O_KIND) == OUTCOME_INVALID) atomic.store<u32>(room, 1, ROOM_LEFT_OUT)
    return
  }
  atomic.sub<u64>(room, load<u64>(outcome, O_BLOCK_GAS), ROOM_GAS)
  atomic.sub<u64>(room, load<u64>(outcome, O_STATE_GAS), ROOM_STATE_GAS)
  atomic.sub<u64>(room, load<u64>(outcome, O_BLOB_GAS), ROOM_BLOB_GAS)
  atomic.sub<u64>(room, bytesOf(scanOf(room, index)), ROOM_BYTES)
}
