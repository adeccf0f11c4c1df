import { P_STATE_ACCOUNT, P_STATE_BYTE, P_STATE_SLOT } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { u256IsZero, u256Lt } from '../u256'
import { codeLength } from '../journal/txReads'
import {
  A_BALANCE, A_CODE, A_FLAGS, A_NEXT, A_SLOTS, A_WORD, DESTROYED, S_NEXT, S_VALUE,
} from '../journal/txRecords'
import { firstAccount } from '../journal/txTable'
import { param, stateGasOf } from '../evm/gas'
import { forgetState, stateUsed } from '../evm/stateGas'
import { burnLog } from '../evm/transferLog'

// What a transaction both creates and destroys, where rules burn its wei (before EIP-8246): its state gas is given
// back, and what it owns at the end is logged as burnt.

/**
 * Gives back the state gas of accounts that the transaction created and destroyed, as far as it paid any while it ran.
 */
export function refundDestroyed(): void {
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    if ((load<u32>(account, A_FLAGS) & DESTROYED) == 0) continue
    let gas = stateGasOf(P_STATE_ACCOUNT) + param(P_STATE_BYTE) * <i64>codeLength(load<u32>(account, A_CODE))
    for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
      if (!u256IsZero(slot + S_VALUE)) gas += stateGasOf(P_STATE_SLOT)
    }
    forgetState(min(gas, max<i64>(stateUsed, 0)))
  }
}

/** Logs what destroyed accounts still own, by address. OK or OUT_OF_SPACE. */
export function burnLogs(): i32 {
  let last: usize = 0
  while (true) {
    let next: usize = 0
    for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
      if ((load<u32>(account, A_FLAGS) & DESTROYED) == 0 || u256IsZero(account + A_BALANCE)) continue
      if (last != 0 && !u256Lt(last + A_WORD, account + A_WORD)) continue
      if (next == 0 || u256Lt(account + A_WORD, next + A_WORD)) next = account
    }
    if (next == 0) return OK
    if (burnLog(next, next + A_BALANCE) != OK) return OUT_OF_SPACE
    last = next
  }
}
