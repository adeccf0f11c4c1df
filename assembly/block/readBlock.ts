import {
  D_BLOBS, D_BYTES, D_FIELDS, D_FIELDS_SIZE, D_HEADER, D_MOST_UNCLES, D_NUMBER, D_PARTS, D_SCRATCH, D_SIZE,
  D_TIMESTAMP, D_TXS, D_TX_COUNT, D_TX_LIST, D_UNCLES, D_UNCLE_COUNT, D_WITHDRAWALS, D_WITHDRAWAL_COUNT,
  D_WITHDRAWALS_ROOT, D_WITHDRAWAL_TABLE, WITHDRAWAL_AMOUNT, WITHDRAWAL_RECIPIENT, WITHDRAWAL_RLP, WITHDRAWAL_SIZE,
} from '../abi/blockParts'
import {
  FMT_AMOUNT, FMT_HEADER, FMT_RECIPIENT, FMT_WITHDRAWAL, FMT_WITHDRAWALS_ROOT, SCAN_BLOBS, SCAN_SIZE,
} from '../abi/scan'
import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE } from '../abi/slices'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { fillBytes } from '../mem/bulk'
import { itemData, itemEnd, itemInteger, rlpItem, rlpList, rlpU64 } from '../rlp/decode'
import { aheadAlloc } from './ahead'
import { integerAt, readFields } from './formats'
import { countTransactions, readTransactions } from './scan'

// A block taken apart in place, once: where its parts lie (abi/blockParts.ts). It accepts what the host's decoder
// (src/block/decode.ts) accepts or less, and says only whether it does: what it refuses the host reads again, to name
// the field and the rule.
// Decision 23 (docs/adr/0023-a-block-is-its-bytes.md).

// Positions of fields in every header (Yellow Paper 4.4.3).
const NUMBER: u32 = 8
const TIMESTAMP: u32 = 11
/** Fewer bytes than any withdrawal has. */
const FEWEST_BYTES: usize = 25

/**
 * The parts of the block in [at, at + length), and what its hardfork goes by: their record, in memory of the place; 0
 * when that is no block, or out of space.
 */
export function outlineBlock(place: u32, at: usize, length: usize): usize {
  const block = aheadAlloc(place, D_SIZE)
  const end = at + length
  if (block == 0 || rlpList(at, end) != OK || itemEnd != end) return 0
  fillBytes(block, 0, D_SIZE)
  putSlice(block + D_BYTES, at, end)
  let part = itemData
  let parts: usize = 0
  for (; part < end; parts++) {
    if (parts == 4 || rlpList(part, end) != OK) return 0
    putSlice(block + D_PARTS + parts * SLICE_SIZE, part, itemEnd)
    part = itemEnd
  }
  return parts >= 3 && readNumbers(block) ? block : 0
}

// @ts-ignore: decorator
@inline
function putSlice(slice: usize, from: usize, to: usize): void {
  store<u32>(slice, <u32>from, SLICE_ADDRESS)
  store<u32>(slice, <u32>(to - from), SLICE_LENGTH)
}

/** Payload of the list that a slice has, which was read before. */
let start: usize = 0
let end: usize = 0
function enter(slice: usize): void {
  const at: usize = load<u32>(slice, SLICE_ADDRESS)
  end = at + load<u32>(slice, SLICE_LENGTH)
  rlpList(at, end)
  start = itemData
}

function readNumbers(block: usize): bool {
  enter(block + D_HEADER)
  let at = start
  for (let field: u32 = 0; field <= TIMESTAMP; field++) {
    const integer = field == NUMBER || field == TIMESTAMP
    if ((integer ? rlpU64(at, end) : rlpItem(at, end)) != OK) return false
    if (integer) store<u64>(block + (field == NUMBER ? D_NUMBER : D_TIMESTAMP), itemInteger)
    at = itemEnd
  }
  return true
}

/** Reads all of an outlined block along `formats`. OK, MALFORMED or OUT_OF_SPACE. */
export function readBlock(block: usize, place: u32, formats: usize): i32 {
  const fields = block + D_FIELDS
  if (!readHeader(load<u32>(block, D_HEADER), load<u32>(block, D_HEADER + SLICE_LENGTH), formats, fields)) {
    return MALFORMED
  }
  const status = transactions(block, place, formats)
  if (status != OK) return status
  return uncles(block, formats) ? withdrawals(block, place, formats) : MALFORMED
}

/** The header that fills [at, at + length): its fields. */
function readHeader(at: usize, length: usize, formats: usize, fields: usize): bool {
  putSlice(fields, at, at + length)
  rlpList(at, at + length)
  return readFields(itemData, at + length, formats + load<u16>(formats, FMT_HEADER), fields + SLICE_SIZE)
}

function transactions(block: usize, place: u32, formats: usize): i32 {
  enter(block + D_TX_LIST)
  const count = countTransactions(start, end)
  if (count < 0) return MALFORMED
  const table = aheadAlloc(place, <usize>count * SCAN_SIZE + 1)
  if (table == 0) return OUT_OF_SPACE
  if (!readTransactions(start, end, formats, table, block + D_SCRATCH)) return MALFORMED
  let blobs: u32 = 0
  for (let i: usize = 0; i < <usize>count; i++) blobs += load<u32>(table + i * SCAN_SIZE, SCAN_BLOBS)
  store<u32>(block, count, D_TX_COUNT)
  store<u32>(block, <u32>table, D_TXS)
  store<u32>(block, blobs, D_BLOBS)
  return OK
}

/** Along the format of the block's own hardfork: the host sees to it that an uncle is of the same. */
function uncles(block: usize, formats: usize): bool {
  enter(block + D_UNCLES)
  let count: u32 = 0
  for (let at = start; at < end; count++) {
    if (count == D_MOST_UNCLES || rlpList(at, end) != OK) return false
    const next = itemEnd
    if (!readHeader(at, next - at, formats, block + D_FIELDS + <usize>(count + 1) * D_FIELDS_SIZE)) return false
    at = next
  }
  store<u32>(block, count, D_UNCLE_COUNT)
  return true
}

function withdrawals(block: usize, place: u32, formats: usize): i32 {
  const record = load<u16>(formats, FMT_WITHDRAWAL)
  const given = load<u32>(block, D_WITHDRAWALS) != 0
  if (given != (record != 0)) return MALFORMED
  if (!given) return OK
  store<u32>(block, load<u8>(formats, FMT_WITHDRAWALS_ROOT), D_WITHDRAWALS_ROOT)
  enter(block + D_WITHDRAWALS)
  const table = aheadAlloc(place, ((end - start) / FEWEST_BYTES) * WITHDRAWAL_SIZE + 1)
  if (table == 0) return OUT_OF_SPACE
  const fields = block + D_SCRATCH
  let count: u32 = 0
  for (let at = start; at < end; count++) {
    if (rlpList(at, end) != OK) return MALFORMED
    const next = itemEnd
    if (next - at < FEWEST_BYTES || !readFields(itemData, next, formats + record, fields)) return MALFORMED
    const own = table + <usize>count * WITHDRAWAL_SIZE
    const recipient = fields + <usize>load<u8>(formats, FMT_RECIPIENT) * SLICE_SIZE
    putSlice(own + WITHDRAWAL_RLP, at, next)
    store<u32>(own, load<u32>(recipient, SLICE_ADDRESS), WITHDRAWAL_RECIPIENT)
    store<u64>(own, integerAt(fields + <usize>load<u8>(formats, FMT_AMOUNT) * SLICE_SIZE), WITHDRAWAL_AMOUNT)
    at = next
  }
  store<u32>(block, count, D_WITHDRAWAL_COUNT)
  store<u32>(block, <u32>table, D_WITHDRAWAL_TABLE)
  return OK
}
