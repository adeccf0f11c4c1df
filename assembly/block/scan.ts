import {
  FMT_ABSENT, FMT_BLOBS, FMT_GAS_LIMIT, FMT_LOW_S, FMT_MAX_BLOBS, FMT_RECORD, FMT_REPLAY_PROTECTION, FMT_TYPES,
  FMT_TYPE_COUNT, FMT_V, SCAN_ADDRESS, SCAN_BLOBS, SCAN_GAS_LIMIT, SCAN_LENGTH, SCAN_SIZE, SCAN_TYPE,
} from '../abi/scan'
import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE } from '../abi/slices'
import { OK } from '../abi/status'
import { itemData, itemEnd, itemIsList, rlpItem, rlpList } from '../rlp/decode'
import { integerAt, readFields } from './formats'

// A block's transactions before anything is executed: their formats, their signatures and their blobs, as far as the
// bytes tell: the same rules as src/block/readTransaction.ts.

/** Order of secp256k1, and half of it, big-endian (Yellow Paper, appendix F; EIP-2). */
const ORDER: usize = memory.data<u8>([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
  0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
])
const HALF_ORDER: usize = memory.data<u8>([
  0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
])
const HASH_VERSION: u32 = 1
/** A hash of 32 bytes with its length. */
const HASH_ITEM: usize = 33
/** Fewer bytes than any transaction has: nine fields, of which r and s are not empty. */
const FEWEST_BYTES: usize = 10

/** How many items [at, end) has, -1 where that is no list of transactions. */
export function countTransactions(at: usize, end: usize): i32 {
  let count: i32 = 0
  for (; at < end; count++) {
    if (rlpItem(at, end) != OK || itemEnd - at < FEWEST_BYTES) return -1
    at = itemEnd
  }
  return count
}

/**
 * Reads the transactions that fill [at, end) along `formats`; a SCAN record for each to `out`. `slices`: memory for the
 * fields of one.
 */
export function readTransactions(at: usize, end: usize, formats: usize, out: usize, slices: usize): bool {
  for (let next = at; next < end; out += SCAN_SIZE) {
    if (rlpItem(next, end) != OK) return false
    // A legacy transaction is a list, a typed one the payload of a byte string (EIP-2718).
    const legacy = itemIsList
    const start = legacy ? next : itemData
    next = itemEnd
    if (start == next) return false
    const type: u32 = legacy ? 0 : load<u8>(start)
    if (type >= FMT_TYPE_COUNT || (type == 0 && !legacy)) return false
    const offset = load<u16>(formats + FMT_TYPES + (<usize>type << 1))
    if (offset == 0 || !transaction(legacy ? start : start + 1, next, formats, formats + offset, slices)) return false
    const blobs = sliceOf(formats + offset, FMT_BLOBS, slices)
    store<u32>(out, <u32>start, SCAN_ADDRESS)
    store<u32>(out, <u32>(next - start), SCAN_LENGTH)
    store<u32>(out, type, SCAN_TYPE)
    store<u32>(out, blobs == 0 ? 0 : <u32>(<usize>load<u32>(blobs, SLICE_LENGTH) / HASH_ITEM), SCAN_BLOBS)
    store<u64>(out, integerAt(sliceOf(formats + offset, FMT_GAS_LIMIT, slices)), SCAN_GAS_LIMIT)
  }
  return true
}

/** The slice of a field whose position the format has under `position`; 0: it has none. */
// @ts-ignore: decorator
@inline
function sliceOf(own: usize, position: usize, slices: usize): usize {
  const field: u32 = load<u8>(own + position)
  return field == FMT_ABSENT ? 0 : slices + <usize>field * SLICE_SIZE
}

/** The list of a transaction's fields, which must fill [at, end). */
function transaction(at: usize, end: usize, formats: usize, own: usize, slices: usize): bool {
  if (rlpList(at, end) != OK || itemEnd != end || !readFields(itemData, end, own + FMT_RECORD, slices)) return false
  // r and s are the last two fields of every type.
  const s = slices + <usize>(load<u8>(own, FMT_RECORD + 1) - 1) * SLICE_SIZE
  const highest = load<u8>(formats, FMT_LOW_S) != 0 ? HALF_ORDER : ORDER
  if (!below(s - SLICE_SIZE, ORDER, false) || !below(s, highest, highest == HALF_ORDER)) return false
  const atV = sliceOf(own, FMT_V, slices)
  if (atV != 0) {
    const v = integerAt(atV)
    if (v != 27 && v != 28 && (load<u8>(formats, FMT_REPLAY_PROTECTION) == 0 || v < 35)) return false
  }
  const blobs = sliceOf(own, FMT_BLOBS, slices)
  return blobs == 0 || blobHashes(blobs, load<u16>(formats, FMT_MAX_BLOBS))
}

/** Not zero, and below the bound, or equal to it where that is allowed. */
function below(slice: usize, bound: usize, orEqual: bool): bool {
  const length = load<u32>(slice, SLICE_LENGTH)
  if (length != 32) return length != 0
  const order = memory.compare(load<u32>(slice, SLICE_ADDRESS), bound, 32)
  return order < 0 || (orEqual && order == 0)
}

function blobHashes(slice: usize, most: u32): bool {
  const start: usize = load<u32>(slice, SLICE_ADDRESS)
  const length: usize = load<u32>(slice, SLICE_LENGTH)
  if (length == 0 || length / HASH_ITEM > most) return false
  for (let at: usize = 0; at < length; at += HASH_ITEM) {
    if (load<u8>(start + at, 1) != HASH_VERSION) return false
  }
  return true
}
