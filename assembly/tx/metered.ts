import { R_DATA, R_DATA_LENGTH, R_VALUE } from '../abi/transaction'
import { CREATE_COLLISION, OUT_OF_GAS, RETURNED, REVERTED, STOPPED } from '../abi/halts'
import { P_STATE_ACCOUNT, P_TX_EXECUTION } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { keepsBalance } from '../fork'
import { u256IsZero } from '../u256'
import { checkpoint, lastLog, logCount, refund, revertTo, see, warmAccount } from '../journal/journal'
import { answer, needCode, needDead } from '../journal/txReads'
import { A_CODE, A_FLAGS, A_PRECOMPILE, WARM } from '../journal/txRecords'
import { delegateOf, isDelegation } from '../evm/delegation'
import { gasLeft, setGasLeft, setReturnLength } from '../evm/frames'
import { chargesAtRun, coldAccount, param, stateGasOf, WARM_ACCESS } from '../evm/gas'
import { charge } from '../evm/memory'
import { isAbort } from '../evm/status'
import {
  addToReservoir,
  chargeState,
  joinStateGas,
  refundState,
  reservoir,
  stateGasBegin,
  stateGasReset,
  stateLost,
  stateSpilled,
  stateUsed,
  undoState,
} from '../evm/stateGas'
import { BY_CALL, BY_CREATE, TRACING, traceEnter, traceExit } from '../evm/trace'
import { applyAuthorisations, existing } from './authorisations'
import { created, enter, targetOf } from './enter'
import { refundDestroyed } from './destroyed'
import { floorGas, intrinsicState } from './intrinsic'
import { txIntrinsic } from './validity'

// A transaction whose state gas is metered (EIP-8037): what it pays before its first frame for state that it is sure to
// leave (EIP-2780), and what it adds to the gas used by its block.

/** Of the transaction that ended last: what it adds to the two sums that the block's gas is the larger of. */
export let usedExecution: i64 = 0
export let usedState: i64 = 0

/** Leaves in `gasLeft` what may be more than state gas; the rest goes into the reservoir. */
export function splitGas(): void {
  const most = param(P_TX_EXECUTION) - (txIntrinsic - intrinsicState)
  const above = max<i64>(gasLeft - most, 0)
  setGasLeft(gasLeft - above)
  stateGasReset(above)
  givenBack = 0
}

/** Of what was paid beforehand: authorities that existed. It does not lower what the block is charged. */
let givenBack: i64 = 0

/** Runs the transaction with `gasLeft`. Returns how it ended, or an abort status. */
export function enterMetered(record: usize, sender: usize): i32 {
  charged = false
  collided = false
  const target = targetOf(record, sender)
  if (target == 0) return OUT_OF_SPACE
  const mark = checkpoint()
  const refundThen = refund
  const lastLogThen = lastLog
  const logsThen = logCount
  let status = created != 0 ? OK : warmAccount(target)
  if (status == OK && created == 0) {
    status = applyAuthorisations(record)
    givenBack = stateGasOf(P_STATE_ACCOUNT) * <i64>existing
    addToReservoir(givenBack)
  }
  if (status == OK) status = chargesAtRun ? chargeTarget(record, target) : OK
  if (status == OUT_OF_GAS) {
    if (TRACING) traceUnpaid(record, sender, target)
    revertTo(mark, refundThen, lastLogThen, logsThen)
    undoState(false, true)
    setGasLeft(0)
    setReturnLength(0)
  }
  if (status != OK) return status
  const used = stateUsed
  const spilled = stateSpilled
  stateGasBegin()
  const end = enter(record, sender)
  if (isAbort(end)) return end
  collided = end == CREATE_COLLISION
  const success = end == STOPPED || end == RETURNED
  joinStateGas(used, spilled)
  if (!success && charged) refundState(stateGasOf(P_STATE_ACCOUNT))
  // What is repaid to a frame that halted is gone with it.
  if (!success && end != REVERTED) setGasLeft(0)
  return end
}

/** Tells of the first frame of a transaction that could not pay to begin it. */
function traceUnpaid(record: usize, sender: usize, target: usize): void {
  const data = record + load<u32>(record, R_DATA)
  const op = created != 0 ? BY_CREATE : BY_CALL
  traceEnter(op, 0, sender, target, record + R_VALUE, data, load<u32>(record, R_DATA_LENGTH), gasLeft)
  traceExit(OUT_OF_GAS, 0, 0, 0, 0)
}

/** The address of what the transaction creates was taken. */
let collided: bool = false
/** The account that the transaction calls or creates was paid for: it did not exist. */
let charged: bool = false

/** For what begins to exist, and for following a delegation (EIP-2780). OK, OUT_OF_GAS, or an abort status. */
function chargeTarget(record: usize, target: usize): i32 {
  see(target)
  if (created != 0 || !u256IsZero(record + R_VALUE)) {
    const status = needDead(target)
    if (status != OK) return status
    if (answer) {
      if (!chargeState(stateGasOf(P_STATE_ACCOUNT))) return OUT_OF_GAS
      charged = true
    }
  }
  if (created != 0 || load<u32>(target, A_PRECOMPILE) != 0) return OK
  const status = needCode(target)
  if (status != OK || !isDelegation(load<u32>(target, A_CODE))) return status
  const delegate = delegateOf(load<u32>(target, A_CODE))
  if (delegate == 0) return OUT_OF_SPACE
  const warm = (load<u32>(delegate, A_FLAGS) & WARM) != 0
  const access = warm ? WARM_ACCESS : coldAccount
  if (!charge(access)) {
    if (TRACING) setGasLeft(gasLeft + access)
    return OUT_OF_GAS
  }
  return warmAccount(delegate)
}

/** Gas used before the refund, of all kinds; sets what the block is charged. */
export function gasUsedMetered(limit: i64): i64 {
  if (!keepsBalance) refundDestroyed()
  const used = limit - gasLeft - reservoir
  usedState = intrinsicState + stateUsed
  usedExecution = max(used + givenBack - usedState - stateLost, floorGas)
  // What a collision burns counted for the sender alone before EIP-2780.
  if (collided && !chargesAtRun) usedExecution = max(txIntrinsic - intrinsicState, floorGas)
  return used
}
