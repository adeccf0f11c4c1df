import { P_STATE_REPAID } from '../abi/ruleSet'
import { F_STATE_SPILLED, F_STATE_USED, gasLeft, setGasLeft } from './frames'
import { param } from './gas'

// State gas (EIP-8037): what state that stays is paid with, from a reservoir that all frames of a transaction share, and when that is
// empty from the gas of the frame. A frame that fails gives back what it paid, in the order in which it was taken; where the rule
// set puts all of it into the reservoir, nothing counts as spilled.

/** What is left in the reservoir. */
export let reservoir: i64 = 0
/** State gas that the running frame has paid, what callees paid and kept included; and how much of it came from its own gas. */
export let stateUsed: i64 = 0
export let stateSpilled: i64 = 0

/** Before a transaction, with nothing paid. */
export function stateGasReset(gas: i64): void {
  reservoir = gas
  stateUsed = 0
  stateSpilled = 0
}

/** False when reservoir and `gasLeft` together do not have it: then nothing was taken. */
export function chargeState(gas: i64): bool {
  if (gas > reservoir) {
    const spilled = gas - reservoir
    if (spilled > gasLeft) return false
    setGasLeft(gasLeft - spilled)
    if (param(P_STATE_REPAID) != 0) stateSpilled += spilled
    reservoir = 0
  } else reservoir -= gas
  stateUsed += gas
  return true
}

/** What a charge of this frame, or of one that called it, paid for is not there any more. */
export function refundState(gas: i64): void {
  const repaid = min(gas, stateSpilled)
  setGasLeft(gasLeft + repaid)
  stateSpilled -= repaid
  reservoir += gas - repaid
  stateUsed -= gas
}

/** Adds to the reservoir what was paid before the transaction began to run. */
export function addToReservoir(gas: i64): void {
  reservoir += gas
}

/** State that was paid for does not stay: all of it into the reservoir. */
export function forgetState(gas: i64): void {
  reservoir += gas
  stateUsed -= gas
}

/** The running frame's state is undone. `reverted`: and it keeps its gas. */
export function undoState(reverted: bool): void {
  reservoir += stateUsed - stateSpilled
  if (reverted) setGasLeft(gasLeft + stateSpilled)
  stateUsed = 0
  stateSpilled = 0
}

/** A callee begins: what the caller has paid so far waits in its frame. */
export function pushStateGas(caller: usize): void {
  store<i64>(caller, stateUsed, F_STATE_USED)
  store<i64>(caller, stateSpilled, F_STATE_SPILLED)
  stateUsed = 0
  stateSpilled = 0
}

/** The callee has ended, and `gasLeft` is the caller's again. */
export function popStateGas(caller: usize): void {
  joinStateGas(load<i64>(caller, F_STATE_USED), load<i64>(caller, F_STATE_SPILLED))
}

/** What a callee gave back to the reservoir the caller may have lent. */
export function joinStateGas(used: i64, spilled: i64): void {
  stateUsed += used
  stateSpilled += spilled
  const repaid = min(reservoir, stateSpilled)
  setGasLeft(gasLeft + repaid)
  reservoir -= repaid
  stateSpilled -= repaid
}
