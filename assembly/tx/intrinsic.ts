import {
  RECORD_CREATE,
  R_ACCESS_COUNT,
  R_ACCESS_LIST,
  R_AUTH_COUNT,
  R_DATA,
  R_DATA_LENGTH,
  R_FLAGS,
  R_SENDER,
  R_TO,
  R_VALUE,
} from '../abi/transaction'
import { PRAGUE, SHANGHAI } from '../abi/forks'
import {
  P_FLOOR_BYTE,
  P_LIST_ADDRESS,
  P_LIST_KEY,
  P_STATE_ACCOUNT,
  P_STATE_DELEGATION,
  P_TX_AUTHORISATION,
  P_TX_BASE,
  P_TX_CREATE,
  P_TX_RECIPIENT,
  P_TX_VALUE,
} from '../abi/ruleSet'
import { fork } from '../fork'
import { chargesAtRun, gasDataByte, gasTxCreate, metersState, param, stateGasOf, wordsOf } from '../evm/gas'
import { u256IsZero } from '../u256'

// Gas that a transaction costs before anything runs.

const BASE: i64 = 21000
const ZERO_BYTE: i64 = 4
const ACCESS_ADDRESS: i64 = 2400
const ACCESS_KEY: i64 = 1900
/** EIP-7702: per authorisation, as if every authority were a new account. */
export const PER_AUTH: i64 = 25000
/** EIP-7623: per token, where a zero byte is one and any other byte four. */
const FLOOR_TOKEN: i64 = 10

/** The floor under the gas used (EIP-7623); 0 before Prague. Set by intrinsicGas. */
export let floorGas: i64 = 0

/**
 * How much of it is state gas: what the transaction creates at most, where that is charged beforehand. Set by
 * intrinsicGas.
 */
export let intrinsicState: i64 = 0

export function intrinsicGas(record: usize): i64 {
  intrinsicState = 0
  if (metersState) return meteredGas(record)
  const length = load<u32>(record, R_DATA_LENGTH)
  const nonZero = <i64>countNonZero(record + load<u32>(record, R_DATA), length)
  const zero = <i64>length - nonZero
  floorGas = fork >= PRAGUE ? BASE + FLOOR_TOKEN * (zero + 4 * nonZero) : 0
  let gas = BASE + ZERO_BYTE * zero + gasDataByte * nonZero
  if (load<u32>(record, R_FLAGS) & RECORD_CREATE) {
    gas += gasTxCreate
    if (fork >= SHANGHAI) gas += 2 * wordsOf(length) // EIP-3860
  }
  let entry = record + load<u32>(record, R_ACCESS_LIST)
  for (let i = load<u32>(record, R_ACCESS_COUNT); i > 0; i--) {
    const keys = load<u32>(entry, 20)
    gas += ACCESS_ADDRESS + ACCESS_KEY * <i64>keys
    entry += 24 + <usize>keys * 32
  }
  return gas + PER_AUTH * <i64>load<u32>(record, R_AUTH_COUNT)
}

/** From Amsterdam on (EIP-2780, 7976, 7981). */
function meteredGas(record: usize): i64 {
  const length = load<u32>(record, R_DATA_LENGTH)
  const nonZero = <i64>countNonZero(record + load<u32>(record, R_DATA), length)
  const creates = (load<u32>(record, R_FLAGS) & RECORD_CREATE) != 0
  const base = param(P_TX_BASE) + (creates ? param(P_TX_CREATE) : gasOfCall(record))
  let gas = base + ZERO_BYTE * (<i64>length - nonZero) + gasDataByte * nonZero
  if (creates) gas += 2 * wordsOf(length) // EIP-3860
  let bytes: i64 = length
  let entry = record + load<u32>(record, R_ACCESS_LIST)
  for (let i = load<u32>(record, R_ACCESS_COUNT); i > 0; i--) {
    const keys = load<u32>(entry, 20)
    gas += param(P_LIST_ADDRESS) + param(P_LIST_KEY) * <i64>keys
    bytes += 20 + 32 * <i64>keys
    entry += 24 + <usize>keys * 32
  }
  floorGas = base + param(P_FLOOR_BYTE) * bytes
  const authorisations = <i64>load<u32>(record, R_AUTH_COUNT)
  if (!chargesAtRun) {
    intrinsicState = (stateGasOf(P_STATE_ACCOUNT) + stateGasOf(P_STATE_DELEGATION)) * authorisations
    if (creates) intrinsicState += stateGasOf(P_STATE_ACCOUNT)
    // The floor is over a transaction as such.
    floorGas += param(P_TX_BASE) - base
  }
  return gas + param(P_TX_AUTHORISATION) * authorisations + intrinsicState
}

/** The recipient, unless it is the sender. */
function gasOfCall(record: usize): i64 {
  if (memory.compare(record + R_TO, record + R_SENDER, 20) == 0) return 0
  return param(P_TX_RECIPIENT) + (u256IsZero(record + R_VALUE) ? 0 : param(P_TX_VALUE))
}

function countNonZero(at: usize, length: u32): u32 {
  let count: u32 = 0
  const end = at + length
  const zero = i64x2.splat(0)
  while (at + 16 <= end) {
    count += 16 - <u32>popcnt(v128.bitmask<u8>(v128.eq<u8>(v128.load(at), zero)))
    at += 16
  }
  while (at < end) {
    if (load<u8>(at) != 0) count += 1
    at += 1
  }
  return count
}
