import {
  AUTH_AUTHORITY, AUTH_RECOVERED, AUTH_SIZE, R_AUTHS, R_AUTH_COUNT, R_FLAGS, R_GAS_LIMIT, RECORD_CREATE,
} from '../abi/transaction'
import { B_COINBASE } from '../abi/blockEnv'
import { SPURIOUS_DRAGON } from '../abi/forks'
import { OK, OUT_OF_SPACE } from '../abi/status'
import {
  ACCOUNT_EXISTED, ACCOUNT_EXISTS, T_ACCOUNT_FLAGS, T_ACCOUNT_SIZE, T_ADDRESS, T_AUTHORITIES, T_BALANCE_AFTER,
  T_BALANCE_BEFORE, T_BEGIN_SIZE, T_CODE_AFTER, T_CODE_BEFORE, T_COINBASE, T_CREATES, T_GAS_LIMIT, T_NONCE_AFTER,
  T_NONCE_BEFORE, T_SENDER, T_SLOT_SIZE, T_SLOTS, T_TO, TE_ACCOUNT, TE_BEGIN, WANT_STATE,
} from '../abi/trace'
import { copyBytes } from '../mem/bulk'
import { u256Copy, u256IsZero, u256SetZero } from '../u256'
import { fork } from '../fork'
import { answer, needBalance, needCode, needExistedBefore, needNonce } from '../journal/txReads'
import {
  A_BALANCE, A_BALANCE_BEFORE, A_CODE, A_CODE_BEFORE, A_FLAGS, A_NEXT, A_NONCE, A_NONCE_BEFORE, A_SLOTS, CREATED,
  DESTROYED, S_BEFORE, S_FLAGS, S_KEY, S_NEXT, S_VALUE, SLOT_KNOWN, TOUCHED,
} from '../journal/txRecords'
import { accountAddress, firstAccount, txAccount } from '../journal/txTable'
import { blockEnv } from '../evm/blockEnv'
import { delegateOf, isDelegation } from '../evm/delegation'
import { traceClear } from '../evm/trace'
import { event, put, wanted } from '../evm/traceStream'
import { accountOf, targetOf } from './enter'

// What the tracing module tells of a transaction as a whole; see evm/trace.ts.

/** The transaction is valid and about to change its sender. OK, or an abort status. */
export function traceBegin(record: usize, sender: usize): i32 {
  traceClear()
  const target = targetOf(record, sender)
  const coinbase = txAccount(blockEnv + B_COINBASE)
  if (target == 0 || coinbase == 0) return OUT_OF_SPACE
  if (wanted & WANT_STATE) {
    // The delegate of before the transaction's authorisations belongs to it as well.
    const status = needCode(target)
    if (status != OK) return status
    if (isDelegation(load<u32>(target, A_CODE)) && delegateOf(load<u32>(target, A_CODE)) == 0) return OUT_OF_SPACE
  }
  const auths = record + load<u32>(record, R_AUTHS)
  const count = load<u32>(record, R_AUTH_COUNT)
  let recovered: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const at = auths + <usize>i * AUTH_SIZE
    if (load<u32>(at, AUTH_RECOVERED) == 0) continue
    recovered++
    if ((wanted & WANT_STATE) != 0 && accountOf(at + AUTH_AUTHORITY) == 0) return OUT_OF_SPACE
  }
  const begun = event(TE_BEGIN, 0, 0, T_BEGIN_SIZE, <usize>recovered * 20)
  copyBytes(begun + T_SENDER, accountAddress(sender), 20)
  copyBytes(begun + T_TO, accountAddress(target), 20)
  copyBytes(begun + T_COINBASE, accountAddress(coinbase), 20)
  store<u32>(begun, load<u32>(record, R_FLAGS) & RECORD_CREATE ? 1 : 0, T_CREATES)
  store<u64>(begun, load<u64>(record, R_GAS_LIMIT), T_GAS_LIMIT)
  store<u32>(begun, recovered, T_AUTHORITIES)
  for (let i: u32 = 0; i < count; i++) {
    const at = auths + <usize>i * AUTH_SIZE
    if (load<u32>(at, AUTH_RECOVERED) != 0) put(at + AUTH_AUTHORITY, 20)
  }
  return OK
}

/** All accounts and slots that the transaction had to do with, at its end. OK, or an abort status. */
export function traceAccounts(): i32 {
  if ((wanted & WANT_STATE) == 0) return OK
  for (let account = firstAccount; account != 0; account = load<u32>(account, A_NEXT)) {
    const status = traceAccount(account)
    if (status != OK) return status
  }
  return OK
}

function traceAccount(account: usize): i32 {
  let status = needBalance(account)
  if (status == OK) status = needNonce(account)
  if (status == OK) status = needCode(account)
  if (status == OK) status = needExistedBefore(account)
  if (status != OK) return status
  const existed = answer
  let slots: u32 = 0
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    // Others are only warm: no opcode that was paid looked at them.
    if (load<u32>(slot, S_FLAGS) & SLOT_KNOWN) slots++
  }
  const gone = (load<u32>(account, A_FLAGS) & DESTROYED) != 0
  const at = event(TE_ACCOUNT, 0, 0, T_ACCOUNT_SIZE, <usize>slots * T_SLOT_SIZE)
  copyBytes(at + T_ADDRESS, accountAddress(account), 20)
  const exists: u32 = existsNow(account, existed) ? ACCOUNT_EXISTS : 0
  store<u32>(at, exists | (existed ? ACCOUNT_EXISTED : 0), T_ACCOUNT_FLAGS)
  u256Copy(account + A_BALANCE_BEFORE, at + T_BALANCE_BEFORE)
  u256Copy(account + A_BALANCE, at + T_BALANCE_AFTER)
  store<u64>(at, load<u64>(account, A_NONCE_BEFORE), T_NONCE_BEFORE)
  store<u64>(at, load<u64>(account, A_NONCE), T_NONCE_AFTER)
  store<u32>(at, load<u32>(account, A_CODE_BEFORE), T_CODE_BEFORE)
  store<u32>(at, load<u32>(account, A_CODE), T_CODE_AFTER)
  store<u32>(at, slots, T_SLOTS)
  if (gone) {
    u256SetZero(at + T_BALANCE_AFTER)
    store<u64>(at, 0, T_NONCE_AFTER)
    store<u32>(at, 0, T_CODE_AFTER)
  }
  for (let slot: usize = load<u32>(account, A_SLOTS); slot != 0; slot = load<u32>(slot, S_NEXT)) {
    if ((load<u32>(slot, S_FLAGS) & SLOT_KNOWN) == 0) continue
    put(slot + S_KEY, 32)
    put(slot + S_BEFORE, 32)
    put(slot + S_VALUE, 32)
  }
  return OK
}

/** Whether the account exists after the transaction (EIP-161). */
function existsNow(account: usize, existed: bool): bool {
  const flags = load<u32>(account, A_FLAGS)
  if (flags & DESTROYED) return false
  if (load<u64>(account, A_NONCE) != 0 || load<u32>(account, A_CODE) != 0) return true
  if (!u256IsZero(account + A_BALANCE)) return true
  if (fork >= SPURIOUS_DRAGON) return existed && (flags & TOUCHED) == 0
  return existed || (flags & (TOUCHED | CREATED)) != 0
}
