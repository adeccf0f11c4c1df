import {
  OLOG_BODY, OLOG_DATA_LENGTH, OLOG_TOPICS, OUTCOME_HAS_BLOOM, OUTCOME_SUCCESS, O_BLOB_GAS, O_BLOCK_GAS, O_FLAGS,
  O_GAS_USED,
  O_KIND, O_LENGTH, O_LOG_COUNT, O_RETURN_LENGTH, O_SIZE, O_STATE_GAS,
} from '../abi/transaction'
import { FLAG_TX_ROOTS, Q_FLAGS, Q_RECEIPTS, Q_TX_COUNT, Q_TX_ROOTS } from '../abi/blockRequest'
import { GROUP_BITS, GROUP_GAS, GROUP_SHIFT, G_ENTRIES } from '../abi/orderedGroups'
import { BR_BLOB_GAS, BR_BLOOM, BR_GAS_USED, BR_PACKED, BR_PACKED_LENGTH, BR_ROOT } from '../abi/receipts'
import { SLICE_ADDRESS, SLICE_LENGTH } from '../abi/slices'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { outcomeOf } from '../stm/report'
import { blockAlloc } from '../stm/txn'
import {
  headerSize, STRING, stringSize, u64Size, writeHash, writeHeader, writeListHeader, writeString, writeU64,
} from '../rlp/encode'
import {
  GROUPS_AT_ONCE, groupsOf, groupsRoot, groupValues, hashGroups, LEAF_ROOM, MEMBERS, takeGroups, taken,
} from './orderedGroups'
import { transactionSlice } from './transactions'

// Receipts of an executed block (Yellow Paper, 4.3.1; EIP-658, EIP-2718) straight from the outcomes that its threads
// left: their RLP, the trie root over it, the block's bloom and gas. Receipts of committed transactions are encoded and
// hashed by whoever has nothing else to do; what is left, and the whole, is done by one thread after the last
// transaction. The block's own work is outcome 0 and the one after the transactions.

const BLOOM: usize = 256
const BLOOM_STRING: usize = 3 + BLOOM
const HASH_STRING: usize = 33
const ADDRESS_STRING: usize = 21

/**
 * Fills the BR record at `out` from the outcomes that the transactions of the request left, which all were executed.
 * The receipts root is made when the request has a place for it. OK or OUT_OF_SPACE.
 */
export function blockReceipts(request: usize, out: usize): i32 {
  const count = load<u32>(request, Q_TX_COUNT)
  if (!packOutcomes(count, out)) return OUT_OF_SPACE
  fillBytes(out + BR_BLOOM, 0, BLOOM)
  let outcome: usize = load<u32>(out, BR_PACKED)
  let gasUsed: u64 = 0
  let stateGas: u64 = 0
  let blobGas: u64 = 0
  for (let index: u32 = 0; index < count; index++) {
    gasUsed += load<u64>(outcome, O_BLOCK_GAS)
    stateGas += load<u64>(outcome, O_STATE_GAS)
    blobGas += load<u64>(outcome, O_BLOB_GAS)
    if (load<u8>(outcome, O_FLAGS) & OUTCOME_HAS_BLOOM) mergeBloom(out + BR_BLOOM, outcome + O_SIZE)
    outcome += load<u32>(outcome, O_LENGTH)
  }
  // EIP-8037: the larger of two sums, of which the second was 0 before.
  store<u64>(out, max(gasUsed, stateGas), BR_GAS_USED)
  store<u64>(out, blobGas, BR_BLOB_GAS)
  const record: usize = load<u32>(request, Q_RECEIPTS)
  if (record == 0) return OK
  while (true) {
    const status = hashReceipts(request, count, GROUPS_AT_ONCE)
    if (status != OK) return status
    if (taken == 0) return groupsRoot(record, count, out + BR_ROOT)
  }
}

/**
 * Encodes and hashes receipts of some of the first `committed` transactions, if some that make whole groups are left;
 * `taken` says of how many groups. OK or OUT_OF_SPACE. Receipts of a block that is invalid are never asked for: what
 * has no receipt is left out.
 */
export function hashReceipts(request: usize, committed: u32, most: u32): i32 {
  const record: usize = load<u32>(request, Q_RECEIPTS)
  const count = load<u32>(request, Q_TX_COUNT)
  const first = takeGroups(record, committed == count ? groupsOf(count) : committed >> GROUP_BITS, most)
  if (taken == 0) return OK
  const groups = taken
  const start = first << GROUP_BITS
  const end = min(count, (first + groups) << GROUP_BITS)
  const roots: usize = (load<u32>(request, Q_FLAGS) & FLAG_TX_ROOTS) != 0 ? <usize>load<u32>(request, Q_TX_ROOTS) : 0
  let gas = gasBefore(record, first)
  let index = start
  let value = groupValues()
  while (index < end) {
    const outcome = outcomeOf(index + 1)
    if (outcome == 0 || load<u8>(outcome, O_KIND) > OUTCOME_SUCCESS) return OK
    gas += load<u64>(outcome, O_GAS_USED)
    const root: usize = roots == 0 ? 0 : roots + (<usize>index << 5)
    if (!encode(outcome, typeOf(request, index), root, gas, value)) return OUT_OF_SPACE
    value += 8
    index += 1
    if ((index & (MEMBERS - 1)) == 0) atomic.store<u64>(gasWord(record, (index >> GROUP_BITS) - 1), gas)
  }
  hashGroups(record, first, groups, count)
  return OK
}

/**
 * Gas used by all transactions before the group. Invariant: a word is written once, with the sum over outcomes of
 * committed transactions, which do not change; whoever finds 0 adds these up himself.
 */
function gasBefore(record: usize, group: u32): u64 {
  let known = group
  while (known != 0 && atomic.load<u64>(gasWord(record, known - 1)) == 0) known--
  let gas: u64 = known == 0 ? 0 : atomic.load<u64>(gasWord(record, known - 1))
  for (let index = known << GROUP_BITS; index < group << GROUP_BITS; index++) {
    const outcome = outcomeOf(index + 1)
    if (outcome != 0) gas += load<u64>(outcome, O_GAS_USED)
  }
  return gas
}

// @ts-ignore: decorator
@inline
function gasWord(record: usize, group: u32): usize {
  return record + G_ENTRIES + (<usize>group << GROUP_SHIFT) + GROUP_GAS
}

/** EIP-2718 type: the first byte, unless that begins a list. */
// @ts-ignore: decorator
@inline
function typeOf(request: usize, index: u32): u32 {
  const first: u32 = load<u8>(load<u32>(transactionSlice(request, index), SLICE_ADDRESS))
  return first >= 0xc0 ? 0 : first
}

function packOutcomes(count: u32, out: usize): bool {
  let size: usize = 0
  for (let index: u32 = 1; index <= count; index++) size += load<u32>(outcomeOf(index), O_LENGTH)
  let at = blockAlloc(size + 1)
  if (at == 0) return false
  store<u32>(out, <u32>at, BR_PACKED)
  store<u32>(out, <u32>size, BR_PACKED_LENGTH)
  for (let index: u32 = 1; index <= count; index++) {
    const outcome = outcomeOf(index)
    const length = load<u32>(outcome, O_LENGTH)
    copyBytes(at, outcome, length)
    at += length
  }
  return true
}

function mergeBloom(bloom: usize, other: usize): void {
  for (let at: usize = 0; at < BLOOM; at += 16)
    v128.store(bloom + at, v128.or(v128.load(bloom + at), v128.load(other + at)))
}

/**
 * Encodes the receipt of an outcome, with the type byte before it for typed transactions, into memory of the block,
 * behind LEAF_ROOM free bytes. `value` gets (u32 address, u32 length). False when out of space.
 */
function encode(outcome: usize, type: u32, root: usize, cumulativeGas: u64, value: usize): bool {
  const hasBloom = (load<u8>(outcome, O_FLAGS) & OUTCOME_HAS_BLOOM) != 0
  const bloom = outcome + O_SIZE
  const count = load<u32>(outcome, O_LOG_COUNT)
  const logs = bloom + (hasBloom ? BLOOM : 0) + load<u32>(outcome, O_RETURN_LENGTH)
  const logsLength = sizeOfLogs(logs, count)
  const holds: usize = root == 0 ? 1 : HASH_STRING
  const length = holds + u64Size(cumulativeGas) + BLOOM_STRING + headerSize(logsLength) + logsLength
  const typed: usize = type == 0 ? 0 : 1
  const room = blockAlloc(LEAF_ROOM + typed + headerSize(length) + length)
  if (room == 0) return false
  const start = room + LEAF_ROOM
  if (typed != 0) store<u8>(start, type)
  let at = writeListHeader(start + typed, length)
  if (root != 0) at = writeHash(at, root)
  // 1, or the empty string for 0.
  else store<u8>(at++, load<u8>(outcome, O_KIND) == OUTCOME_SUCCESS ? 1 : STRING)
  at = writeU64(at, cumulativeGas)
  at = writeHeader(at, BLOOM, STRING)
  if (hasBloom) copyBytes(at, bloom, BLOOM)
  else fillBytes(at, 0, BLOOM)
  at = writeListHeader(at + BLOOM, logsLength)
  let log = logs
  for (let i: u32 = 0; i < count; i++) {
    at = writeLog(at, log)
    log = nextLog(log)
  }
  store<u32>(value, <u32>start)
  store<u32>(value, <u32>(at - start), SLICE_LENGTH)
  return true
}

// @ts-ignore: decorator
@inline
function nextLog(log: usize): usize {
  return log + OLOG_BODY + (<usize>load<u32>(log, OLOG_TOPICS) << 5) + load<u32>(log, OLOG_DATA_LENGTH)
}

/** Bytes of the payload of the list of logs. */
function sizeOfLogs(log: usize, count: u32): usize {
  let size: usize = 0
  for (let i: u32 = 0; i < count; i++) {
    const length = logLength(log)
    size += headerSize(length) + length
    log = nextLog(log)
  }
  return size
}

/** Bytes of the payload of a log's list: address, topics, data. */
function logLength(log: usize): usize {
  const topics = <usize>load<u32>(log, OLOG_TOPICS)
  const data = log + OLOG_BODY + (topics << 5)
  const list = topics * HASH_STRING
  return ADDRESS_STRING + headerSize(list) + list + stringSize(data, load<u32>(log, OLOG_DATA_LENGTH))
}

function writeLog(out: usize, log: usize): usize {
  const topics = <usize>load<u32>(log, OLOG_TOPICS)
  let at = writeListHeader(out, logLength(log))
  at = writeString(at, log, 20)
  at = writeListHeader(at, topics * HASH_STRING)
  let topic = log + OLOG_BODY
  for (let i: usize = 0; i < topics; i++) {
    at = writeHash(at, topic)
    topic += 32
  }
  return writeString(at, topic, load<u32>(log, OLOG_DATA_LENGTH))
}
