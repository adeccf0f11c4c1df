import { D_FIELDS } from '../abi/blockParts'
import { B_FORK } from '../abi/blockEnv'
import { Q_BLOCK, Q_DEPOSITS, Q_ENV, Q_TOTALS, Q_TX_COUNT } from '../abi/blockRequest'
import {
  BR_ACCEPTED, BR_BLOB_GAS, BR_BLOOM, BR_DEPOSITS, BR_GAS_USED, BR_PACKED, BR_PACKED_LENGTH, BR_TAKEN, DEPOSIT_LOG,
  DEPOSIT_NEXT, DEPOSIT_SIZE, TOTALS_DONE, TOTALS_TAKEN,
} from '../abi/receipts'
import { AMSTERDAM } from '../abi/forks'
import { SCAN_GAS_LIMIT, SCAN_TYPE } from '../abi/scan'
import { SLICE_SIZE } from '../abi/slices'
import { OK, OUT_OF_SPACE } from '../abi/status'
import {
  OUTCOME_HAS_BLOOM, OUTCOME_SUCCESS, OUTCOME_WORK, O_BLOB_GAS, O_BLOCK_GAS, O_FLAGS, O_KIND, O_LENGTH, O_LOG_COUNT,
  O_RETURN_LENGTH, O_SIZE, O_STATE_BEFOREHAND, O_STATE_GAS, O_TYPE,
} from '../abi/transaction'
import { copyBytes } from '../mem/bulk'
import { outcomeOf } from '../stm/report'
import { blockAlloc } from '../stm/txn'
import { integerAt } from './formats'
import { nextLog } from './receipts'
import { transactionSlice } from './transactions'

// What the transactions of a block came to together: whether they may be in it, gas, bloom, deposits, and their
// outcomes as one piece of memory without pointers, which the host copies as it is.

const BLOOM: usize = 256
/** EIP-7825. */
const MAX_TX_GAS: u64 = 1 << 24
/** Position of the gas limit in a header (Yellow Paper 4.4.3), behind the slice of the header itself. */
const GAS_LIMIT: usize = (9 + 1) * SLICE_SIZE

/**
 * Makes the totals unless another thread does, or has done so. Once all transactions are committed. OK or
 * OUT_OF_SPACE. Invariant: who moves BR_TAKEN from 0 writes the record alone; the host reads it when that thread has
 * left the block, and makes it where it is not done.
 */
export function takeTotals(request: usize): i32 {
  const out: usize = load<u32>(request, Q_TOTALS)
  if (atomic.cmpxchg<u32>(out, 0, TOTALS_TAKEN, BR_TAKEN) != 0) return OK
  return makeTotals(request)
}

/** Fills the BR record of the request; BR_ACCEPTED is 0 when a transaction must not be in the block. A status. */
export function makeTotals(request: usize): i32 {
  const out: usize = load<u32>(request, Q_TOTALS)
  const count = load<u32>(request, Q_TX_COUNT)
  if (!accepted(request, count)) {
    atomic.store<u32>(out, TOTALS_DONE, BR_TAKEN)
    return OK
  }
  let at = blockAlloc(packedSize(count) + 1)
  if (at == 0) return OUT_OF_SPACE
  store<u32>(out, <u32>at, BR_PACKED)
  let gasUsed: u64 = 0
  let stateGas: u64 = 0
  let blobGas: u64 = 0
  for (let index: u32 = 0; index < count; index++) {
    const outcome = outcomeOf(index + 1)
    const length = load<u32>(outcome, O_LENGTH)
    copyBytes(at, outcome, length)
    // The same types as the bytes say, for receipts that are read when these are gone.
    store<u32>(at, load<u32>(transactionSlice(request, index), SCAN_TYPE), O_TYPE)
    at += length
    gasUsed += load<u64>(outcome, O_BLOCK_GAS)
    stateGas += load<u64>(outcome, O_STATE_GAS)
    blobGas += load<u64>(outcome, O_BLOB_GAS)
    if (load<u8>(outcome, O_FLAGS) & OUTCOME_HAS_BLOOM) mergeBloom(out + BR_BLOOM, outcome + O_SIZE)
  }
  store<u32>(out, <u32>(at - load<u32>(out, BR_PACKED)), BR_PACKED_LENGTH)
  // EIP-8037: the larger of two sums, of which the second was 0 before.
  store<u64>(out, max(gasUsed, stateGas), BR_GAS_USED)
  store<u64>(out, blobGas, BR_BLOB_GAS)
  const contract: usize = load<u32>(request, Q_DEPOSITS)
  if (contract != 0 && !findDeposits(contract, count, out)) return OUT_OF_SPACE
  store<u32>(out, 1, BR_ACCEPTED)
  atomic.store<u32>(out, TOTALS_DONE, BR_TAKEN)
  return OK
}

/**
 * Whether every transaction was executed, with as much gas left in the block as it may use, and so was the block's own
 * work, before them and after. The host has the same rules, to tell which one was broken: acceptOutcomes.
 */
function accepted(request: usize, count: u32): bool {
  let left = integerAt(<usize>load<u32>(request, Q_BLOCK) + D_FIELDS + GAS_LIMIT)
  // EIP-8037: there is as much state gas, and of a transaction's other gas no more than it may have counts.
  let leftOfState = left
  const most = mostExecution(request)
  if (!isWork(outcomeOf(0)) || !isWork(outcomeOf(count + 1))) return false
  for (let index: u32 = 0; index < count; index++) {
    const outcome = outcomeOf(index + 1)
    if (outcome == 0 || load<u8>(outcome, O_KIND) > OUTCOME_SUCCESS) return false
    const limit = load<u64>(transactionSlice(request, index), SCAN_GAS_LIMIT)
    if (min(most, limit - load<u64>(outcome, O_STATE_BEFOREHAND)) > left || limit > leftOfState) return false
    left -= load<u64>(outcome, O_BLOCK_GAS)
    leftOfState -= load<u64>(outcome, O_STATE_GAS)
  }
  return true
}

/** Most gas of a transaction that is not state gas (EIP-7825), where there is state gas. */
function mostExecution(request: usize): u64 {
  const env: usize = load<u32>(request, Q_ENV)
  return env != 0 && load<u32>(env, B_FORK) >= AMSTERDAM ? MAX_TX_GAS : u64.MAX_VALUE
}

function isWork(outcome: usize): bool {
  return outcome != 0 && load<u8>(outcome, O_KIND) == OUTCOME_WORK
}

function packedSize(count: u32): usize {
  let size: usize = 0
  for (let index: u32 = 1; index <= count; index++) size += load<u32>(outcomeOf(index), O_LENGTH)
  return size
}

function mergeBloom(bloom: usize, other: usize): void {
  for (let at: usize = 0; at < BLOOM; at += 16)
    v128.store(bloom + at, v128.or(v128.load(bloom + at), v128.load(other + at)))
}

/** Lists the logs of the deposit contract (EIP-6110), in their order. False when out of space. */
function findDeposits(contract: usize, count: u32, out: usize): bool {
  let last = out + BR_DEPOSITS
  for (let index: u32 = 1; index <= count; index++) {
    const outcome = outcomeOf(index)
    const logs = load<u32>(outcome, O_LOG_COUNT)
    if (logs == 0) continue
    const bloom: usize = (load<u8>(outcome, O_FLAGS) & OUTCOME_HAS_BLOOM) != 0 ? BLOOM : 0
    let log = outcome + O_SIZE + bloom + load<u32>(outcome, O_RETURN_LENGTH)
    for (let i: u32 = 0; i < logs; i++) {
      if (memory.compare(log, contract, 20) == 0) {
        const entry = blockAlloc(DEPOSIT_SIZE)
        if (entry == 0) return false
        store<u32>(entry, 0, DEPOSIT_NEXT)
        store<u32>(entry, <u32>log, DEPOSIT_LOG)
        store<u32>(last, <u32>entry)
        last = entry + DEPOSIT_NEXT
      }
      log = nextLog(log)
    }
  }
  return true
}
