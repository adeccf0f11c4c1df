import {
  ITEM_BYTES, ITEM_FIXED_OR_EMPTY, ITEM_INTEGER, ITEM_LIST, ITEM_RECORD, ITEM_SMALL,
} from '../abi/scan'
import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE } from '../abi/slices'
import { OK } from '../abi/status'
import { itemData, itemEnd, itemIsList, itemLength, rlpItem } from '../rlp/decode'

// RLP read along formats (src/block/format.ts, which the host sends as bytes: abi/scan.ts): the same rules as
// src/block/rlp.ts, of which only yes and no are left.

// First bytes of byte strings: from the first on with their length, from the second on with the length of that.
const SHORT_STRING: u32 = 0x80
const LONG_STRING: u32 = 0xb8

/** Where walk is in the format. */
let format: usize = 0

/**
 * The fields in [at, end) along the record format at `record`, which they must fill; where each lies to `slices`.
 */
export function readFields(at: usize, end: usize, record: usize, slices: usize): bool {
  const fields: u32 = load<u8>(record, 1)
  format = record + 2
  for (let field: u32 = 0; field < fields; field++) {
    let data = at
    let length: usize = 1
    const first: u32 = at < end ? load<u8>(at) : LONG_STRING
    if (first < LONG_STRING && load<u8>(format) < ITEM_LIST) {
      // Nearly every field, without a call: a byte string of at most 55 bytes (Yellow Paper, appendix B).
      if (first >= SHORT_STRING) {
        data += 1
        length = first - SHORT_STRING
        if (length > end - data || (length == 1 && load<u8>(data) < SHORT_STRING)) return false
      }
      if (!checkString(data, length)) return false
    } else {
      if (rlpItem(at, end) != OK) return false
      data = itemData
      length = itemLength
      if (!check()) return false
    }
    store<u32>(slices, <u32>data, SLICE_ADDRESS)
    store<u32>(slices, <u32>length, SLICE_LENGTH)
    slices += SLICE_SIZE
    at = data + length
  }
  return at == end
}

/** The big-endian integer of at most eight bytes that a slice has. */
export function integerAt(slice: usize): u64 {
  const at: usize = load<u32>(slice, SLICE_ADDRESS)
  const length = load<u32>(slice, SLICE_LENGTH)
  let value: u64 = 0
  for (let i: usize = 0; i < length; i++) value = (value << 8) | load<u8>(at + i)
  return value
}

/** Whether the last item is what `format` says, which is left behind its format. */
function check(): bool {
  const kind: u32 = load<u8>(format)
  if (kind == ITEM_LIST) return itemIsList && walkList(itemData, itemEnd)
  if (kind == ITEM_RECORD) return itemIsList && walkRecord(itemData, itemEnd)
  return !itemIsList && checkString(itemData, itemLength)
}

/** The same of a byte string where `format` wants one. */
function checkString(data: usize, length: usize): bool {
  const kind: u32 = load<u8>(format)
  if (kind == ITEM_INTEGER) {
    const most: usize = load<u8>(format, 1)
    format += 2
    return length <= most && (length == 0 || load<u8>(data) != 0)
  }
  if (kind == ITEM_BYTES) {
    format += 1
    return true
  }
  if (kind == ITEM_SMALL) {
    const most: u32 = load<u8>(format, 1)
    format += 2
    return length == 0 || (length == 1 && load<u8>(data) != 0 && load<u8>(data) <= most)
  }
  const exact: usize = load<u16>(format, 1)
  format += 3
  return length == exact || (length == 0 && kind == ITEM_FIXED_OR_EMPTY)
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
