import { SIGNATURE_SIZE } from '../abi/signature'
import { R_SENDER } from '../abi/transaction'
import { SLICE_ADDRESS, SLICE_LENGTH } from '../abi/slices'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { ecrecoverBatch } from '../secp256k1/recover'
import { EXECUTION_INDEX } from '../stm/block'
import { setWorkElsewhere } from '../stm/scheduler'
import { blockAlloc } from '../stm/txn'
import { decodeSignature, decodeTransaction, record, RECORD_SIGNATURE } from './decode'
import {
  gather, gatherInto, GATHERED, recoverGathered, refuseSender, senderAt, senderState, setSender,
} from './senderBatch'
import {
  FLAG_LISTS,
  MALFORMED_RECORD,
  Q_FLAGS,
  Q_RECORDS,
  Q_SENDER_BATCH,
  Q_SENDER_CURSOR,
  Q_TX_COUNT,
  SENDER_INVALID,
  SENDER_UNKNOWN,
} from '../abi/blockRequest'
import { transactionSlice } from './transactions'

// Decoded records and senders, shared by all threads. Whoever needs one that is not there makes it: twice is cheaper
// than waiting, and gives the same bytes.

let request: usize = 0
/** Of this thread, for one batch: senderBatch.ts. */
let signatures: usize = 0

/** Transactions ahead of those that are executed whose senders are recovered first: those of a few batches. */
const AHEAD: u32 = 64

/** Nothing is executed: who signed authorisations is found out when they are. */
let lists: bool = false

/** There may be senders that no thread has taken. */
let left: bool = false

function setLeft(value: bool): void {
  left = value
  setWorkElsewhere(value)
}

/** False when out of space. */
export function sendersBegin(at: usize): bool {
  request = at
  lists = (load<u32>(at, Q_FLAGS) & FLAG_LISTS) != 0
  setLeft(cursor() < load<u32>(at, Q_TX_COUNT))
  signatures = blockAlloc(GATHERED)
  return signatures != 0
}

/** The transaction decoded, in `record`. */
function decoded(index: usize): i32 {
  const word = <usize>load<u32>(request, Q_RECORDS) + index * 4
  const known = atomic.load<u32>(word)
  if (known == MALFORMED_RECORD) return MALFORMED
  if (known != 0) {
    found = known
    return OK
  }
  const entry = transactionSlice(request, index)
  // Invariant: a record without its signing hash is published only after its sender became known. Whoever looks at the
  // sender's state after it has the record never recovers from such a one.
  const at: usize = load<u32>(entry, SLICE_ADDRESS)
  const length: usize = load<u32>(entry, SLICE_LENGTH)
  const status = lists
    ? decodeSignature(at, length)
    : decodeTransaction(at, length, senderState(request, index) == SENDER_UNKNOWN)
  if (status == OUT_OF_SPACE) return status
  found = record
  // Readers see the record only after all of it is written.
  atomic.store<u32>(word, status == OK ? <u32>record : MALFORMED_RECORD)
  return status
}

/** The record of the last `transactionRecord`. */
export let found: usize = 0

/** Transaction `index` with its sender, in `found`. MALFORMED: it cannot be executed. */
export function transactionRecord(index: usize): i32 {
  const status = decoded(index)
  if (status != OK) return status
  if (senderState(request, index) == SENDER_UNKNOWN) {
    const signer = signatures + SIGNATURE_SIZE
    if (ecrecoverBatch(found + RECORD_SIGNATURE, 1, signer) != OK) return OUT_OF_SPACE
    setSender(request, index, signer)
  }
  if (senderState(request, index) == SENDER_INVALID) return MALFORMED
  copyBytes(found + R_SENDER, senderAt(request, index), 20)
  return OK
}

/** Whether execution comes close to transactions whose senders no thread has taken. */
export function sendersDue(): bool {
  return left && cursor() < min(load<u32>(request, Q_TX_COUNT), atomic.load<u32>(EXECUTION_INDEX) + AHEAD)
}

// @ts-ignore: decorator
@inline
function cursor(): u32 {
  return atomic.load<u32>(request, Q_SENDER_CURSOR)
}

/** Recovers the senders of the next batch, if all are not taken. OK or OUT_OF_SPACE. */
export function recoverSome(): i32 {
  const count = load<u32>(request, Q_TX_COUNT)
  const batch = load<u32>(request, Q_SENDER_BATCH)
  const first = atomic.add<u32>(request + Q_SENDER_CURSOR, batch)
  if (first + batch >= count) setLeft(false)
  return first >= count ? OK : recoverBatch(first, min(first + batch, count))
}

/** Recovers senders until all are taken. OK or OUT_OF_SPACE. */
export function recoverSenders(): i32 {
  while (left) {
    const status = recoverSome()
    if (status != OK) return status
  }
  return OK
}

function recoverBatch(first: u32, end: u32): i32 {
  gatherInto(signatures)
  for (let index = first; index < end; index++) {
    if (senderState(request, index) != SENDER_UNKNOWN) continue
    const status = decoded(index)
    if (status == OUT_OF_SPACE) return status
    if (status == MALFORMED) refuseSender(request, index)
    else if (senderState(request, index) == SENDER_UNKNOWN) gather(index, found + RECORD_SIGNATURE)
  }
  return recoverGathered(request)
}
