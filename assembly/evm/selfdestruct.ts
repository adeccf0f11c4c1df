import { OUT_OF_GAS, STATIC_VIOLATION, STOPPED } from '../abi/halts'
import { CANCUN, LONDON, SPURIOUS_DRAGON, TANGERINE_WHISTLE } from '../abi/forks'
import { P_HEIR, P_STATE_ACCOUNT } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256IsZero } from '../u256'
import { addBalance, addRefund, lookAt, setFlag, subBalance, touch, warmAccount } from '../journal/journal'
import { fork, keepsBalance } from '../fork'
import { txAccount } from '../journal/txTable'
import { answer, needBalance, needDead } from '../journal/txReads'
import { A_BALANCE, A_FLAGS, CREATED, DESTROYED, WARM } from '../journal/txRecords'
import { F_DEPTH, F_FLAGS, F_SELF, FRAME_STATIC, gasLeft, scratch } from './frames'
import { coldAccount, gasSelfdestruct, metersState, param, stateGasOf, warmth } from './gas'
import { charge } from './memory'
import { chargeState } from './stateGas'
import { BY_SELFDESTRUCT, TRACING, traceCharged, traceEnter, traceExit } from './trace'
import { burnLog, logsTransfers, transferLog } from './transferLog'

const NEW_ACCOUNT: i64 = 25000
/** Before London (EIP-3529). */
const REFUND: i64 = 24000

/** The beneficiary begins to exist (EIP-8037, EIP-8038). */
function chargeHeir(): bool {
  return charge(param(P_HEIR)) && chargeState(stateGasOf(P_STATE_ACCOUNT))
}

/** SELFDESTRUCT. STOPPED when it went through. */
export function opSelfdestruct(frame: usize, sp: usize): i32 {
  if (load<u32>(frame, F_FLAGS) & FRAME_STATIC) return STATIC_VIOLATION
  if (!charge(gasSelfdestruct)) return OUT_OF_GAS
  const heir = txAccount(sp)
  if (heir == 0) return OUT_OF_SPACE
  if (warmth && (load<u32>(heir, A_FLAGS) & WARM) == 0) {
    if (!charge(coldAccount)) return OUT_OF_GAS
    const status = warmAccount(heir)
    if (status != OK) return status
  }
  lookAt(heir)
  const self: usize = load<u32>(frame, F_SELF)
  let status = needBalance(self)
  if (status != OK) return status
  const hasBalance = !u256IsZero(self + A_BALANCE)
  // EIP-150: creating the heir costs; EIP-161: only when it gets something.
  if (fork >= TANGERINE_WHISTLE && (hasBalance || fork < SPURIOUS_DRAGON)) {
    status = needDead(heir)
    if (status != OK) return status
    if (answer && !(metersState ? chargeHeir() : charge(NEW_ACCOUNT))) return OUT_OF_GAS
  }
  const flags = load<u32>(self, A_FLAGS)
  if (fork < LONDON && (flags & DESTROYED) == 0) addRefund(REFUND)
  if (TRACING) {
    traceCharged(gasLeft)
    // Told of below, where its word on the stack is not needed any more.
    copyBytes(sp, self + A_BALANCE, 32)
  }
  // EIP-6780: since Cancun only a contract of this very transaction goes away.
  const removed = fork < CANCUN || (flags & CREATED) != 0
  // To itself: burnt, until EIP-8246.
  if (self != heir || (removed && !keepsBalance)) {
    copyBytes(scratch, self + A_BALANCE, 32)
    status = subBalance(self, scratch)
    if (status == OK && metersState && self == heir) status = burnLog(self, scratch)
    if (status != OK) return status
    if (self != heir) {
      status = addBalance(heir, scratch)
      if (status == OK && logsTransfers) status = transferLog(self, heir, scratch)
      if (status == OK) status = touch(heir, !hasBalance)
      if (status != OK) return status
    }
  }
  if (removed) {
    status = setFlag(self, DESTROYED)
    if (status != OK) return status
  }
  if (TRACING) {
    // After the log of the transfer (EIP-7708).
    const depth = load<u32>(frame, F_DEPTH) + 1
    traceEnter(BY_SELFDESTRUCT, depth, self, heir, sp, 0, 0, 0)
    traceExit(STOPPED, depth, 0, 0, 0)
  }
  return STOPPED
}
