import {
  ITEM_BYTES, ITEM_FIXED, ITEM_FIXED_OR_EMPTY, ITEM_INTEGER, ITEM_LIST, ITEM_RECORD, ITEM_SMALL,
} from '../abi/scan'
import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE } from '../abi/slices'
import { OK } from '../abi/status'
import { itemData, itemEnd, itemIsList, itemLength, rlpItem } from '../rlp/decode'

// RLP read along formats (src/block/format.ts, which the host sends as bytes: abi/scan.ts): the same rules as
// src/block/rlp.ts, of which only yes and no are left.

/** Where walk is in the format. */
let format: usize = 0

/**
 * The fields in [at, end) along the record format at `record`, which they must fill; where each lies to `slices`.
 */
export function readFields(at: usize, end: usize, record: usize, slices: usize): bool {
  const fields: u32 = load<u8>(record, 1)
  format = record + 2
  for (let field: u32 = 0; field < fields; field++) {
    if (rlpItem(at, end) != OK) return false
    store<u32>(slices, <u32>itemData, SLICE_ADDRESS)
    store<u32>(slices, <u32>itemLength, SLICE_LENGTH)
    slices += SLICE_SIZE
    at = itemEnd
    if (!check()) return false
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
