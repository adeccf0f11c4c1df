import {
  AUTH_ADDRESS,
  AUTH_AUTHORITY,
  AUTH_CHAIN_ID,
  AUTH_NONCE,
  AUTH_RECOVERED,
  AUTH_SIZE,
  R_AUTHS,
  R_AUTH_COUNT,
  R_TO,
  R_VALUE,
} from '../abi/transaction'
import { B_CHAIN_ID } from '../abi/blockEnv'
import { OUT_OF_GAS } from '../abi/halts'
import { P_AUTHORITY_WRITE, P_STATE_ACCOUNT, P_STATE_DELEGATION } from '../abi/ruleSet'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { u256Eq, u256IsZero } from '../u256'
import { internCode } from '../state/code'
import { addRefund, see, setCode, setNonce, warmAccount } from '../journal/journal'
import { txAccount } from '../journal/txTable'
import { answer, needCode, needDead, needExistedBefore, needNonce } from '../journal/txReads'
import { A_CODE, A_FLAGS, A_NONCE, AUTHORITY_PAID, DELEGATION_PAID } from '../journal/txRecords'
import { wordFromAddress } from '../u256/address'
import { blockEnv } from '../evm/blockEnv'
import { DELEGATION_LENGTH, isDelegation } from '../evm/delegation'
import { gasLeft, scratch, setGasLeft } from '../evm/frames'
import { chargesAtRun, metersState, param, stateGasOf } from '../evm/gas'
import { charge } from '../evm/memory'
import { chargeState } from '../evm/stateGas'
import { TRACING } from '../evm/trace'
import { origin } from '../evm/txEnv'
import { accountOf } from './enter'
import { PER_AUTH } from './intrinsic'

/** Authorities of the transaction that existed, where state gas of an account was paid for each beforehand. */
export let existing: u32 = 0

/** Given back for an authority that exists already. */
const EXISTING_REFUND: i64 = PER_AUTH - 12500

/**
 * Applies the authorisations (EIP-7702). They hold even if execution fails. An invalid one is skipped. OUT_OF_GAS where
 * state gas is metered and one cannot be paid.
 */
export function applyAuthorisations(record: usize): i32 {
  existing = 0
  let at = record + load<u32>(record, R_AUTHS)
  for (let i = load<u32>(record, R_AUTH_COUNT); i > 0; i--) {
    const status = apply(at, record)
    if (status != OK) return status
    at += AUTH_SIZE
  }
  return OK
}

function apply(auth: usize, record: usize): i32 {
  const chain = auth + AUTH_CHAIN_ID
  if (!u256IsZero(chain) && !u256Eq(chain, blockEnv + B_CHAIN_ID)) return OK
  const nonce = load<u64>(auth, AUTH_NONCE)
  if (nonce == u64.MAX_VALUE || load<u32>(auth, AUTH_RECOVERED) == 0) return OK
  wordFromAddress(auth + AUTH_AUTHORITY, scratch)
  const authority = txAccount(scratch)
  if (authority == 0) return OUT_OF_SPACE
  let status = warmAccount(authority)
  see(authority)
  // Either rule skips the authorisation; the nonce asks less of the state.
  if (status == OK) status = needNonce(authority)
  if (status != OK) return status
  if (load<u64>(authority, A_NONCE) != nonce) return OK
  status = needCode(authority)
  if (status != OK) return status
  const code: usize = load<u32>(authority, A_CODE)
  if (code != 0 && !isDelegation(code)) return OK
  const delegate = auth + AUTH_ADDRESS
  const clears = (load<u64>(delegate) | load<u64>(delegate, 8) | <u64>load<u32>(delegate, 16)) == 0
  status = chargesAtRun ? pay(authority, record, clears) : refundExisting(authority, nonce, code)
  if (status != OK) return status
  // A delegation to the zero address clears the code.
  let designator: usize = 0
  if (!clears) {
    store<u16>(scratch, 0x01ef)
    store<u8>(scratch, 0, 2)
    copyBytes(scratch + 3, delegate, 20)
    designator = internCode(scratch, DELEGATION_LENGTH, 0)
    if (designator == 0) return OUT_OF_SPACE
  }
  status = setCode(authority, designator)
  if (status == OK) status = setNonce(authority, nonce + 1)
  return status
}

/** What the authorisation changes (EIP-8037, EIP-8038), in its account and beyond what was paid before. */
function pay(authority: usize, record: usize, clears: bool): i32 {
  const flags = load<u32>(authority, A_FLAGS)
  let paid = flags | AUTHORITY_PAID
  // The sender's account and, with value, the recipient's are changed anyway.
  const recipient = accountOf(record + R_TO)
  if (recipient == 0) return OUT_OF_SPACE
  const changed = authority == origin || (authority == recipient && !u256IsZero(record + R_VALUE))
  const writes = (flags & AUTHORITY_PAID) == 0 && !changed
  if (writes && !charge(param(P_AUTHORITY_WRITE))) return unpaid()
  const status = needDead(authority)
  if (status != OK) return status
  let state: i64 = answer ? stateGasOf(P_STATE_ACCOUNT) : 0
  // A delegation that was there before the transaction has its place.
  if ((flags & AUTHORITY_PAID) == 0 && isDelegation(load<u32>(authority, A_CODE))) paid |= DELEGATION_PAID
  if (!clears && (paid & DELEGATION_PAID) == 0) {
    state += stateGasOf(P_STATE_DELEGATION)
    paid |= DELEGATION_PAID
  }
  store<u32>(authority, load<u32>(authority, A_FLAGS) | paid, A_FLAGS)
  if (chargeState(state)) return OK
  return writes ? unpaid() : OUT_OF_GAS
}

/** It ends the transaction. In a trace its frame has what was left before: clients take both kinds of gas, or none. */
function unpaid(): i32 {
  if (TRACING) setGasLeft(gasLeft + param(P_AUTHORITY_WRITE))
  return OUT_OF_GAS
}

function refundExisting(authority: usize, nonce: u64, code: usize): i32 {
  // "Exists in the trie": one that is empty counts, too. Nothing but an authorisation has changed it up to here, and
  // the sender's account, whose nonce is not 0 any more.
  let exists = nonce != 0 || code != 0
  if (!exists) {
    const status = needExistedBefore(authority)
    if (status != OK) return status
    exists = answer
  }
  if (exists && metersState) existing += 1
  else if (exists) addRefund(EXISTING_REFUND)
  return OK
}
