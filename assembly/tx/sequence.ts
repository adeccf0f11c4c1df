import { NO_GAS_LEFT } from '../abi/refusals'
import { B_GAS_LIMIT } from '../abi/blockEnv'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import {
  OUTCOME_INVALID, O_BLOCK_GAS, O_KIND, O_NEXT, RECORD_REST, R_ENV, R_FLAGS, R_GAS_LIMIT, R_NEXT,
} from '../abi/transaction'
import { carryOn } from '../journal/carry'
import { looked } from '../stm/look'
import { txSuspend } from '../stm/txn'
import { blockEnv, setBlockEnv } from '../evm/blockEnv'
import { framesReset } from '../evm/frames'
import { maxTxGas } from '../evm/gas'
import { invalidOutcome } from './outcome'
import { beginState, finish, perform, performed } from './run'

// Questions that see what those before them did, in blocks that follow one another (eth_simulateV1): one task, which
// writes nothing.

/**
 * Runs the records from `record` on, each in the block of its R_ENV, until one is refused. A status as of
 * runTransaction; the outcomes are linked.
 */
export function runSequence(record: usize): i32 {
  let status: i32 = beginState() ? runAll(record) : OUT_OF_SPACE
  if (status == OK) status = finish(first)
  return status == BLOCKED || status == MISSING ? txSuspend() : status
}

let first: usize = 0

function runAll(record: usize): i32 {
  first = 0
  let last: usize = 0
  let block: usize = 0
  let left: i64 = 0
  for (let at = record; at != 0; at = load<u32>(at, R_NEXT)) {
    const env: usize = load<u32>(at, R_ENV)
    if (env != block) {
      if (env != blockEnv) setBlockEnv(env)
      block = env
      left = load<i64>(env, B_GAS_LIMIT)
    }
    let status: i32 = OK
    if (at != record) {
      if (!framesReset()) return OUT_OF_SPACE
      status = carryOn()
      if (status != OK) return status
    }
    if (load<u32>(at, R_FLAGS) & RECORD_REST) store<i64>(at, min<i64>(left, <i64>maxTxGas), R_GAS_LIMIT)
    let outcome: usize = 0
    if (load<u64>(at, R_GAS_LIMIT) > <u64>left) {
      outcome = invalidOutcome(NO_GAS_LEFT)
      if (outcome == 0) return OUT_OF_SPACE
    } else {
      status = perform(at)
      if (status != OK) return status
      outcome = performed
    }
    if (last == 0) first = outcome
    else store<u32>(last, <u32>outcome, O_NEXT)
    last = outcome
    if (looked) continue
    if (load<u8>(outcome, O_KIND) == OUTCOME_INVALID) break
    left -= load<i64>(outcome, O_BLOCK_GAS)
  }
  return OK
}
