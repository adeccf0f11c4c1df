import {
  OLOG_BODY, OLOG_DATA_LENGTH, OLOG_TOPICS, OUTCOME_HAS_BLOOM, OUTCOME_SUCCESS, O_BLOB_GAS, O_FLAGS, O_GAS_USED, O_KIND,
  O_LENGTH, O_LOG_COUNT, O_RETURN_LENGTH, O_SIZE,
} from '../abi/transaction'
import { BR_BLOB_GAS, BR_BLOOM, BR_GAS_USED, BR_PACKED, BR_PACKED_LENGTH, BR_ROOT } from '../abi/receipts'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { outcomeOf } from '../stm/report'
import { blockAlloc } from '../stm/txn'
import {
  headerSize, STRING, stringSize, u64Size, writeHash, writeHeader, writeListHeader, writeString, writeU64,
} from '../rlp/encode'
import { orderedRoot } from '../trie/ordered'

// Receipts of an executed block (Yellow Paper, 4.3.1; EIP-658, EIP-2718) straight from the outcomes that its threads
// left: their RLP, the trie root over it, the block's bloom and gas. By one thread, after the last transaction is
// committed; the block's own work is outcome 0 and the one after the transactions.

const BLOOM: usize = 256
const BLOOM_STRING: usize = 3 + BLOOM
const HASH_STRING: usize = 33
const ADDRESS_STRING: usize = 21

/**
 * Fills the BR record at `out` from the outcomes of `count` transactions, which all were executed. `types`: u32 each,
 * EIP-2718. `roots`: 32 bytes each, the state root after the transaction, which receipts hold before Byzantium; 0: they
 * hold the status. The receipts root is made when `wantsRoot`. OK or OUT_OF_SPACE.
 */
export function blockReceipts(types: usize, count: u32, roots: usize, wantsRoot: bool, out: usize): i32 {
  if (!packOutcomes(count, out)) return OUT_OF_SPACE
  fillBytes(out + BR_BLOOM, 0, BLOOM)
  const values: usize = wantsRoot ? blockAlloc((<usize>count << 3) + 8) : 0
  if (wantsRoot && values == 0) return OUT_OF_SPACE
  let outcome: usize = load<u32>(out, BR_PACKED)
  let gasUsed: u64 = 0
  let blobGas: u64 = 0
  for (let index: u32 = 0; index < count; index++) {
    gasUsed += load<u64>(outcome, O_GAS_USED)
    blobGas += load<u64>(outcome, O_BLOB_GAS)
    if (load<u8>(outcome, O_FLAGS) & OUTCOME_HAS_BLOOM) mergeBloom(out + BR_BLOOM, outcome + O_SIZE)
    if (wantsRoot) {
      const value = values + (<usize>index << 3)
      const root: usize = roots == 0 ? 0 : roots + (<usize>index << 5)
      if (!encode(outcome, load<u32>(types + (<usize>index << 2)), root, gasUsed, value)) return OUT_OF_SPACE
    }
    outcome += load<u32>(outcome, O_LENGTH)
  }
  store<u64>(out, gasUsed, BR_GAS_USED)
  store<u64>(out, blobGas, BR_BLOB_GAS)
  return wantsRoot ? orderedRoot(values, count, out + BR_ROOT) : OK
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
 * Encodes the receipt of an outcome, with the type byte before it for typed transactions, into memory of the block.
 * `value` gets (u32 address, u32 length). False when out of space.
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
  const start = blockAlloc(typed + headerSize(length) + length)
  if (start == 0) return false
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
  store<u32>(value, <u32>(at - start), 4)
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
