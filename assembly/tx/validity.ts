import {
  RECORD_CREATE,
  RECORD_ANY_SENDER,
  RECORD_HAS_CHAIN_ID,
  RECORD_OWN_NONCE,
  RECORD_UNCHECKED,
  R_AUTH_COUNT,
  R_BLOBS,
  R_BLOB_COUNT,
  R_BLOB_FEE,
  R_CHAIN_ID,
  R_DATA_LENGTH,
  R_FLAGS,
  R_GAS_LIMIT,
  R_MAX_FEE,
  R_NONCE,
  R_PRIORITY_FEE,
  R_TYPE,
  R_VALUE,
} from '../abi/transaction'
import { B_BASE_FEE, B_BLOB_BASE_FEE, B_CHAIN_ID, B_GAS_LIMIT, B_MAX_BLOBS } from '../abi/blockEnv'
import { BERLIN, CANCUN, LONDON, OSAKA, PRAGUE } from '../abi/forks'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { fillBytes } from '../mem/bulk'
import {
  u256Add,
  u256AddCarry,
  u256Copy,
  u256FitsU64,
  u256IsZero,
  u256Lt,
  u256MulWide,
  u256SetU64,
  u256Sub,
} from '../u256'
import { mulHigh } from '../u256/wide'
import { fork } from '../fork'
import { roomRefusal } from '../stm/room'
import { txAlloc } from '../journal/txMemory'
import { answer, needBalanceAtLeast, needCode, needCodeHash, needNonce } from '../journal/txReads'
import { A_CODE, A_NONCE } from '../journal/txRecords'
import { blockEnv } from '../evm/blockEnv'
import { isDelegation } from '../evm/delegation'
import { scratch } from '../evm/frames'
import { maxInitCode, maxTxGas, metersState, param } from '../evm/gas'
import { P_TX_EXECUTION } from '../abi/ruleSet'
import { floorGas, intrinsicGas, intrinsicState } from './intrinsic'
import * as invalid from '../abi/refusals'

// Whether a transaction may be executed here, and what it pays. Rules that need no state come first.

const GAS_PER_BLOB: u64 = 131072
/** Blobs of one transaction from Osaka on (EIP-7594). */
const MAX_TX_BLOBS: u32 = 6

/** The rule that refused the transaction, 0 for none. */
export let refusal: u32 = 0
export let txIntrinsic: i64 = 0
export let blobGas: u64 = 0
/** Addresses of words that live until the transaction ends: effective gas price, its part for the fee recipient. */
export let effectivePrice: usize = 0
export let tipPrice: usize = 0
/** Word: gas limit * effective price + blob fee, taken from the sender before execution. */
export let upfront: usize = 0

function reserveWords(): usize {
  const words = txAlloc(4 * 32)
  effectivePrice = words
  tipPrice = words + 32
  upfront = words + 64
  return words
}

/** Prices of a system call: none. False when out of space. */
export function freePrices(): bool {
  const words = reserveWords()
  if (words != 0) fillBytes(words, 0, 96)
  blobGas = 0
  return words != 0
}

/** Sets `refusal`. OK, or the status of a read of the sender's account. */
export function validate(record: usize, sender: usize): i32 {
  const words = reserveWords()
  if (words == 0) return OUT_OF_SPACE
  txIntrinsic = intrinsicGas(record)
  blobGas = GAS_PER_BLOB * <u64>load<u32>(record, R_BLOB_COUNT)
  const unchecked = (load<u32>(record, R_FLAGS) & RECORD_UNCHECKED) != 0
  refusal = unchecked ? ofQuestion(record) : stateless(record)
  if (refusal == 0) refusal = roomRefusal(<u64>intrinsicState, blobGas)
  if (refusal != 0) return OK
  return unchecked ? ofCaller(record, sender, words + 96) : ofSender(record, sender, words + 96)
}

/** Of a question only what the EVM itself could not do is refused. */
function ofQuestion(record: usize): u32 {
  const creates = (load<u32>(record, R_FLAGS) & RECORD_CREATE) != 0
  const gasLimit = load<u64>(record, R_GAS_LIMIT)
  if (gasLimit > <u64>i64.MAX_VALUE) return invalid.GAS_LIMIT_ABOVE_BLOCK
  if (creates && load<u32>(record, R_DATA_LENGTH) > maxInitCode) return invalid.TX_INIT_CODE_TOO_LONG
  if (gasLimit < <u64>txIntrinsic) return invalid.INTRINSIC_GAS_TOO_LOW
  if (gasLimit < <u64>floorGas) return invalid.FLOOR_GAS_TOO_LOW
  return prices(record, load<u32>(record, R_TYPE))
}

/** Its nonce is what it is: it goes into the record, which is the task's own. */
function ofCaller(record: usize, sender: usize, temp: usize): i32 {
  const status = needNonce(sender)
  if (status != OK) return status
  store<u64>(record, load<u64>(sender, A_NONCE), R_NONCE)
  return funds(record, sender, temp)
}

function stateless(record: usize): u32 {
  const type = load<u32>(record, R_TYPE)
  const flags = load<u32>(record, R_FLAGS)
  if (type > 4 || fork < introducedIn(type)) return invalid.TYPE_NOT_SUPPORTED
  if (flags & RECORD_HAS_CHAIN_ID) {
    const chain = blockEnv + B_CHAIN_ID
    if (!u256FitsU64(chain) || load<u64>(chain) != load<u64>(record, R_CHAIN_ID)) return invalid.WRONG_CHAIN
  }
  const creates = (flags & RECORD_CREATE) != 0
  if (type == 3) {
    const rule = blobRules(record)
    if (rule != 0) return rule
    if (creates) return invalid.BLOB_TX_CREATES
  }
  if (type == 4) {
    if (load<u32>(record, R_AUTH_COUNT) == 0) return invalid.NO_AUTHORISATIONS
    if (creates) return invalid.SET_CODE_TX_CREATES
  }
  const gasLimit = load<u64>(record, R_GAS_LIMIT)
  if (gasLimit > maxTxGas) return invalid.GAS_LIMIT_ABOVE_CAP
  if (gasLimit > load<u64>(blockEnv, B_GAS_LIMIT) || gasLimit > <u64>i64.MAX_VALUE) return invalid.GAS_LIMIT_ABOVE_BLOCK
  if (creates && load<u32>(record, R_DATA_LENGTH) > maxInitCode) return invalid.TX_INIT_CODE_TOO_LONG
  if (gasLimit < <u64>txIntrinsic) return invalid.INTRINSIC_GAS_TOO_LOW
  if (gasLimit < <u64>floorGas) return invalid.FLOOR_GAS_TOO_LOW
  const least = max(txIntrinsic - intrinsicState, floorGas)
  if (metersState && least > param(P_TX_EXECUTION)) return invalid.FLOOR_GAS_TOO_LOW
  if (load<u64>(record, R_NONCE) == u64.MAX_VALUE) return invalid.NONCE_IS_MAX
  return prices(record, type)
}

function introducedIn(type: u32): u32 {
  if (type == 1) return BERLIN
  if (type == 2) return LONDON
  if (type == 3) return CANCUN
  return type == 4 ? PRAGUE : 0
}

function blobRules(record: usize): u32 {
  const count = load<u32>(record, R_BLOB_COUNT)
  if (count == 0) return invalid.NO_BLOBS
  if (count > load<u32>(blockEnv, B_MAX_BLOBS) || (fork >= OSAKA && count > MAX_TX_BLOBS)) return invalid.TOO_MANY_BLOBS
  const hashes = record + load<u32>(record, R_BLOBS)
  for (let i: usize = 0; i < count; i++) {
    if (load<u8>(hashes + i * 32) != 1) return invalid.BLOB_HASH_VERSION
  }
  return u256Lt(record + R_BLOB_FEE, blockEnv + B_BLOB_BASE_FEE) ? invalid.BLOB_FEE_TOO_LOW : 0
}

/** EIP-1559: what a gas costs the sender, and what of it the fee recipient gets. */
function prices(record: usize, type: u32): u32 {
  const maxFee = record + R_MAX_FEE
  const baseFee = blockEnv + B_BASE_FEE
  if (fork < LONDON) {
    u256Copy(maxFee, effectivePrice)
    u256Copy(maxFee, tipPrice)
    return 0
  }
  if (u256Lt(maxFee, baseFee)) return invalid.FEE_BELOW_BASE_FEE
  u256Sub(maxFee, baseFee, tipPrice)
  if (type >= 2) {
    const priority = record + R_PRIORITY_FEE
    if (u256Lt(maxFee, priority)) return invalid.PRIORITY_ABOVE_MAX_FEE
    if (u256Lt(priority, tipPrice)) u256Copy(priority, tipPrice)
  }
  u256Add(baseFee, tipPrice, effectivePrice)
  return 0
}

function ofSender(record: usize, sender: usize, temp: usize): i32 {
  let status = needNonce(sender)
  if (status != OK) return status
  const flags = load<u32>(record, R_FLAGS)
  const expected = load<u64>(sender, A_NONCE)
  if (flags & RECORD_OWN_NONCE) store<u64>(record, expected, R_NONCE)
  const nonce = load<u64>(record, R_NONCE)
  if (nonce != expected) {
    refusal = nonce < expected ? invalid.NONCE_TOO_LOW : invalid.NONCE_TOO_HIGH
    return OK
  }
  // EIP-3607 was made a rule for all of history. The hash decides it, but for telling a delegation from other code.
  status = fork >= PRAGUE ? needCode(sender) : needCodeHash(sender)
  if (status != OK) return status
  const code: usize = load<u32>(sender, A_CODE)
  if (code != 0 && (flags & RECORD_ANY_SENDER) == 0 && !(fork >= PRAGUE && isDelegation(code))) {
    refusal = invalid.SENDER_NOT_EOA
    return OK
  }
  return funds(record, sender, temp)
}

/** `temp`: a free word. */
function funds(record: usize, sender: usize, temp: usize): i32 {
  // The sender must be able to pay the maximum; what is taken follows the effective price. `most` is worked out in the
  // place of `upfront` first.
  const most = upfront
  const value = record + R_VALUE
  const gasLimit = load<u64>(record, R_GAS_LIMIT)
  let fits = multiply(record + R_MAX_FEE, gasLimit, most)
  fits = multiply(record + R_BLOB_FEE, blobGas, temp) && u256AddCarry(most, temp, most) == 0 && fits
  fits = u256AddCarry(most, value, most) == 0 && fits
  if (fits) {
    const status = needBalanceAtLeast(sender, most)
    if (status != OK) return status
  }
  if (!fits || !answer) {
    refusal = invalid.INSUFFICIENT_FUNDS
    return OK
  }
  multiply(effectivePrice, gasLimit, upfront)
  multiply(blockEnv + B_BLOB_BASE_FEE, blobGas, temp)
  u256Add(upfront, temp, upfront)
  return OK
}

/** out = word * factor; false when it needs more than 256 bits. */
export function multiply(word: usize, factor: u64, out: usize): bool {
  if (u256FitsU64(word)) {
    const limb = load<u64>(word)
    store<u64>(out, limb * factor)
    store<u64>(out, mulHigh(limb, factor), 8)
    store<u64>(out, 0, 16)
    store<u64>(out, 0, 24)
    return true
  }
  u256SetU64(factor, scratch)
  u256MulWide(word, scratch, scratch + 32)
  u256Copy(scratch + 32, out)
  return u256IsZero(scratch + 64)
}
