import { F_STATE_RESTORED, F_STATE_SPILLED, F_STATE_USED, gasLeft, setGasLeft } from './frames'
import { repaysState } from './gas'

// State gas (EIP-8037): what state that stays is paid with, from a reservoir that all frames of a transaction share,
// and when that is empty from the gas of the frame. What is given back goes first to the gas that it was taken from. In
// earlier rules all of it goes into the reservoir, and what was given back of a frame's own gas is lost when that frame
// fails, unless it is the first one.

/** What is left in the reservoir. */
export let reservoir: i64 = 0
/**
 * Of the running frame, with its callees that kept what they paid for: state gas paid and not given back; how much of
 * that came from its own gas; what was given back.
 */
export let stateUsed: i64 = 0
export let stateSpilled: i64 = 0
let stateRestored: i64 = 0
/** Of the transaction: what was lost. */
export let stateLost: i64 = 0

/** Before a transaction, with nothing paid. */
export function stateGasReset(gas: i64): void {
  reservoir = gas
  stateLost = 0
  clear()
}

/** Before the first frame, which has paid nothing. */
export function stateGasBegin(): void {
  clear()
}

function clear(): void {
  stateUsed = 0
  stateSpilled = 0
  stateRestored = 0
}

/** False when reservoir and `gasLeft` together do not have it: then nothing was taken. */
export function chargeState(gas: i64): bool {
  if (gas > reservoir) {
    const spilled = gas - reservoir
    if (spilled > gasLeft) return false
    setGasLeft(gasLeft - spilled)
    stateSpilled += spilled
    reservoir = 0
  } else reservoir -= gas
  stateUsed += gas
  return true
}

/** What a charge of this frame, or of one that called it, paid for is not there any more. */
export function refundState(gas: i64): void {
  reservoir += gas
  stateUsed -= gas
  if (repaysState) repay(min(gas, stateSpilled))
  else stateRestored += gas
}

/** Of what is in the reservoir now so much was taken from the frame's own gas. */
function repay(gas: i64): void {
  stateSpilled -= gas
  reservoir -= gas
  setGasLeft(gasLeft + gas)
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

/** The running frame's state is undone. `reverted`: and it keeps its gas; `first`: it is that of the transaction. */
export function undoState(reverted: bool, first: bool): void {
  const own = repaysState ? stateSpilled : first ? 0 : min(stateSpilled, stateRestored)
  reservoir += stateUsed - own
  if (!repaysState) stateLost += own
  else if (reverted) setGasLeft(gasLeft + own)
  clear()
}

/** A callee begins: what the caller has paid so far waits in its frame. */
export function pushStateGas(caller: usize): void {
  store<i64>(caller, stateUsed, F_STATE_USED)
  store<i64>(caller, stateSpilled, F_STATE_SPILLED)
  store<i64>(caller, stateRestored, F_STATE_RESTORED)
  clear()
}

/** The callee has ended, and `gasLeft` is the caller's again. */
export function popStateGas(caller: usize): void {
  stateRestored += load<i64>(caller, F_STATE_RESTORED)
  joinStateGas(load<i64>(caller, F_STATE_USED), load<i64>(caller, F_STATE_SPILLED))
}

/** What a callee gave back to the reservoir the caller may have lent. */
export function joinStateGas(used: i64, spilled: i64): void {
  stateUsed += used
  stateSpilled += spilled
  if (repaysState) repay(min(reservoir, stateSpilled))
}
