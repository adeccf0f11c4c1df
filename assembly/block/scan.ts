import {
  FMT_ABSENT, FMT_BLOBS, FMT_GAS_LIMIT, FMT_LOW_S, FMT_MAX_BLOBS, FMT_RECORD, FMT_REPLAY_PROTECTION, FMT_TYPES,
  FMT_TYPE_COUNT, FMT_V, ITEM_BYTES, ITEM_FIXED, ITEM_FIXED_OR_EMPTY, ITEM_INTEGER, ITEM_LIST, ITEM_RECORD, ITEM_SMALL,
  SCAN_BLOBS, SCAN_GAS_LIMIT, SCAN_LENGTH, SCAN_OFFSET, SCAN_SIZE, SCAN_TYPE,
} from '../abi/scan'
import { OK } from '../abi/status'
import { itemData, itemEnd, itemIsList, itemLength, rlpItem, rlpList } from '../rlp/decode'

// The list of a block's transactions, read once along the formats of its hardfork (src/block/format.ts, which the host
// sends as bytes). It accepts what the host's decoder accepts or less, and says only whether it does: what it refuses
// the host reads again, to name the field and the rule.

/** Order of secp256k1, and half of it, big-endian (Yellow Paper, appendix F; EIP-2). */
const ORDER: usize = memory.data<u8>([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
  0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
])
const HALF_ORDER: usize = memory.data<u8>([
  0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
])
const BLOB_TYPE: u32 = 3
const HASH_VERSION: u32 = 1
/** A hash of 32 bytes with its length. */
const HASH_ITEM: usize = 33

/** Where walk is in the format. */
let format: usize = 0
/** Payload of the two fields that walkFields read last: r and s. */
let rAt: usize = 0
let rLength: usize = 0
let sAt: usize = 0
let sLength: usize = 0
let gasLimit: u64 = 0
let v: u64 = 0
let blobsAt: usize = 0
let blobsLength: usize = 0

/**
 * Reads the RLP list that fills [at, at + length) along `formats`; a SCAN record for each transaction to `out`, where
 * there is room for `most`. Their number, or -1 when one is not of its format, or there are more.
 */
export function scanTransactions(at: usize, length: usize, formats: usize, out: usize, most: u32): i32 {
  const end = at + length
  if (rlpList(at, end) != OK || itemEnd != end) return -1
  let count: u32 = 0
  for (let next = itemData; next < end; count++) {
    if (count == most || rlpItem(next, end) != OK) return -1
    const legacy = itemIsList
    const start = legacy ? next : itemData
    next = itemEnd
    if (start == next) return -1
    const first: u32 = legacy ? 0 : load<u8>(start)
    if (first >= FMT_TYPE_COUNT || (first == 0 && !legacy)) return -1
    const offset = load<u16>(formats + FMT_TYPES + (<usize>first << 1))
    if (offset == 0 || !transaction(legacy ? start : start + 1, next, formats, formats + offset)) return -1
    store<u32>(out, <u32>(start - at), SCAN_OFFSET)
    store<u32>(out, <u32>(next - start), SCAN_LENGTH)
    store<u32>(out, first, SCAN_TYPE)
    store<u32>(out, first == BLOB_TYPE ? <u32>(blobsLength / HASH_ITEM) : 0, SCAN_BLOBS)
    store<u64>(out, gasLimit, SCAN_GAS_LIMIT)
    out += SCAN_SIZE
  }
  return <i32>count
}

/** The list of a transaction's fields, which must fill [at, end). */
function transaction(at: usize, end: usize, formats: usize, own: usize): bool {
  if (rlpList(at, end) != OK || itemEnd != end || !walkFields(itemData, end, own)) return false
  const highest = load<u8>(formats, FMT_LOW_S) != 0 ? HALF_ORDER : ORDER
  if (!below(rAt, rLength, ORDER, false) || !below(sAt, sLength, highest, highest == HALF_ORDER)) return false
  if (load<u8>(own, FMT_V) != FMT_ABSENT && v != 27 && v != 28) {
    if (load<u8>(formats, FMT_REPLAY_PROTECTION) == 0 || v < 35) return false
  }
  return load<u8>(own, FMT_BLOBS) == FMT_ABSENT || blobHashes(load<u16>(formats, FMT_MAX_BLOBS))
}

/** Not zero, and below the bound, or equal to it where that is allowed. */
function below(at: usize, length: usize, bound: usize, orEqual: bool): bool {
  if (length != 32) return length != 0
  const order = memory.compare(at, bound, 32)
  return order < 0 || (orEqual && order == 0)
}

function blobHashes(most: u32): bool {
  if (blobsLength == 0 || blobsLength / HASH_ITEM > most) return false
  for (let at: usize = 0; at < blobsLength; at += HASH_ITEM) {
    if (load<u8>(blobsAt + at, 1) != HASH_VERSION) return false
  }
  return true
}

/** The fields in [at, end) along the record of a type; notes those that are looked at again. */
function walkFields(at: usize, end: usize, own: usize): bool {
  const fields: u32 = load<u8>(own, FMT_RECORD + 1)
  format = own + FMT_RECORD + 2
  for (let field: u32 = 0; field < fields; field++) {
    if (rlpItem(at, end) != OK) return false
    const data = itemData
    const length = itemLength
    at = itemEnd
    if (!check()) return false
    rAt = sAt
    rLength = sLength
    sAt = data
    sLength = length
    if (field == <u32>load<u8>(own, FMT_GAS_LIMIT)) gasLimit = integer(data, length)
    else if (field == <u32>load<u8>(own, FMT_V)) v = integer(data, length)
    else if (field == <u32>load<u8>(own, FMT_BLOBS)) {
      blobsAt = data
      blobsLength = length
    }
  }
  return at == end
}

function integer(at: usize, length: usize): u64 {
  let value: u64 = 0
  for (let i: usize = 0; i < length; i++) value = (value << 8) | load<u8>(at + i)
  return value
}

/** Whether the last item is what `format` says, which is left behind its format. */
function check(): bool {
  const kind: u32 = load<u8>(format)
  const first: u32 = itemLength == 0 ? 1 : load<u8>(itemData)
  switch (kind) {
    case ITEM_BYTES:
      format += 1
      return !itemIsList
    case ITEM_FIXED:
    case ITEM_FIXED_OR_EMPTY: {
      const length: usize = load<u16>(format, 1)
      format += 3
      return !itemIsList && (itemLength == length || (itemLength == 0 && kind == ITEM_FIXED_OR_EMPTY))
    }
    case ITEM_INTEGER: {
      const length: usize = load<u8>(format, 1)
      format += 2
      return !itemIsList && itemLength <= length && first != 0
    }
    case ITEM_SMALL: {
      const most: u32 = load<u8>(format, 1)
      format += 2
      return !itemIsList && (itemLength == 0 || (itemLength == 1 && first != 0 && first <= most))
    }
    case ITEM_LIST:
      return itemIsList && walkList(itemData, itemEnd)
    case ITEM_RECORD:
      return itemIsList && walkRecord(itemData, itemEnd)
    default:
      return false
  }
}

function walkList(at: usize, end: usize): bool {
  const each = format + 2
  const behind = each + load<u8>(format, 1)
  while (at < end) {
    format = each
    if (rlpItem(at, end) != OK) return false
    at = itemEnd
    if (!check()) return false
  }
  format = behind
  return true
}

function walkRecord(at: usize, end: usize): bool {
  const fields: u32 = load<u8>(format, 1)
  format += 2
  for (let field: u32 = 0; field < fields; field++) {
    if (rlpItem(at, end) != OK) return false
    at = itemEnd
    if (!check()) return false
  }
  return at == end
}
