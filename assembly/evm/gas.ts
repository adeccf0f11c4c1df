import { B_PARAMS } from '../abi/blockEnv'
import {
  AMSTERDAM,
  BERLIN,
  CONSTANTINOPLE,
  HOMESTEAD,
  ISTANBUL,
  LONDON,
  OSAKA,
  SHANGHAI,
  SPURIOUS_DRAGON,
  TANGERINE_WHISTLE,
} from '../abi/forks'
import {
  P_COLD_ACCOUNT,
  P_CREATE,
  P_KEEP_BALANCE,
  P_MOST_CODE,
  P_SECOND_READ,
  P_STATE_AT_LOOK,
  P_STATE_AT_RUN,
  P_STATE_BYTE,
  P_STATE_REPAID,
  P_STORE_CLEAR,
  P_TX_TOTAL,
} from '../abi/ruleSet'
import { fork, setKeepsBalance } from '../fork'

// Gas costs that forks changed, as globals of the instance; `setGasSchedule` is called when a thread starts on a block.
// Costs that never changed are written at their opcode. From Amsterdam on the block's environment brings the numbers
// that are still being moved (abi/ruleSet.ts): those asked for often are globals here, the others are read with
// `param`.
// Decision 29 (docs/adr/0029-rules-as-data.md).

// EIP-2929. Before Berlin nothing is cold: the costs below are then flat.
export let coldAccount: i64 = 2600
export const COLD_SLOT: i64 = 2100
export const WARM_ACCESS: i64 = 100

/** True when accesses are cold or warm (EIP-2929). */
export let warmth: bool = true
export let gasSload: i64 = 0
export let gasBalance: i64 = 0
/** EXTCODESIZE and EXTCODECOPY. */
export let gasExtCode: i64 = 0
/** On top of the access, for their second look at the state (EIP-8038). */
export let gasSecondRead: i64 = 0
/** CREATE and CREATE2. */
export let gasCreate: i64 = 32000
export let gasExtCodeHash: i64 = 0
/** CALL and its kin, without value or new account. */
export let gasCall: i64 = 0
export let gasSelfdestruct: i64 = 0
/** EXP, a byte of exponent. */
export let gasExpByte: i64 = 0
/** Calldata, a byte that is not zero (EIP-2028). */
export let gasDataByte: i64 = 0
/** All but one 64th of the gas goes to a callee (EIP-150). */
export let all64th: bool = true
/** Longest code (EIP-170). */
export let maxCode: u32 = 24576
/** Longest init code (EIP-3860). */
export let maxInitCode: u32 = 49152
/** Refunds are capped at gas used / this (EIP-3529). */
export let refundQuotient: i64 = 5
/** SSTORE that clears a slot. */
export let refundClear: i64 = 4800
/** Base cost of a creating transaction (EIP-2), above that of any other. */
export let gasTxCreate: i64 = 32000
/** Gas limit of one transaction (EIP-7825). */
export let maxTxGas: u64 = 1 << 24
/** State gas is metered (EIP-8037): the parameters below hold. */
export let metersState: bool = false
/** A transaction's state gas is charged when it runs, not beforehand (EIP-2780). */
export let chargesAtRun: bool = false
/** CREATE pays for its account once that was looked at, not beforehand. */
export let createsAtLook: bool = false
/** State gas that is given back goes first to the gas that it was taken from. */
export let repaysState: bool = true
/** The parameters of the block's rule set. */
let params: usize = 0

const NONE: u32 = 0xffff_ffff

/** A parameter of the rule set, P_* of abi/ruleSet.ts. From Amsterdam on. */
// @ts-ignore: decorator
@inline
export function param(offset: usize): i64 {
  return load<i64>(params + offset)
}

/** What state that stays costs: a parameter in bytes. */
// @ts-ignore: decorator
@inline
export function stateGasOf(offset: usize): i64 {
  return param(offset) * param(P_STATE_BYTE)
}

/** `env`: the block's record. */
export function setGasSchedule(env: usize): void {
  warmth = fork >= BERLIN
  const tangerine = fork >= TANGERINE_WHISTLE
  const istanbul = fork >= ISTANBUL
  gasSload = istanbul ? 800 : tangerine ? 200 : 50
  gasBalance = istanbul ? 700 : tangerine ? 400 : 20
  gasExtCode = tangerine ? 700 : 20
  gasExtCodeHash = istanbul ? 700 : 400
  gasCall = tangerine ? 700 : 40
  gasSelfdestruct = tangerine ? 5000 : 0
  gasExpByte = fork >= SPURIOUS_DRAGON ? 50 : 10
  gasDataByte = istanbul ? 16 : 68
  all64th = tangerine
  maxCode = fork >= SPURIOUS_DRAGON ? 24576 : NONE
  maxInitCode = fork >= SHANGHAI ? 49152 : NONE
  refundQuotient = fork >= LONDON ? 5 : 2
  refundClear = fork >= LONDON ? 4800 : 15000
  gasTxCreate = fork >= HOMESTEAD ? 32000 : 0
  maxTxGas = fork >= OSAKA ? 1 << 24 : u64.MAX_VALUE
  gasCreate = 32000
  coldAccount = 2600
  gasSecondRead = 0
  metersState = fork >= AMSTERDAM
  chargesAtRun = false
  setKeepsBalance(false)
  params = env + B_PARAMS
  if (metersState) setParameters()
}

function setParameters(): void {
  coldAccount = param(P_COLD_ACCOUNT)
  gasSecondRead = param(P_SECOND_READ)
  gasCreate = param(P_CREATE)
  refundClear = param(P_STORE_CLEAR)
  maxTxGas = <u64>param(P_TX_TOTAL)
  maxCode = <u32>param(P_MOST_CODE)
  maxInitCode = 2 * maxCode // EIP-7954
  chargesAtRun = param(P_STATE_AT_RUN) != 0
  createsAtLook = param(P_STATE_AT_LOOK) != 0
  repaysState = param(P_STATE_REPAID) != 0
  setKeepsBalance(param(P_KEEP_BALANCE) != 0)
}

/** Net gas metering of SSTORE: EIP-1283 in Constantinople, not in Petersburg, EIP-2200 from Istanbul. */
// @ts-ignore: decorator
@inline
export function netMetering(): bool {
  return fork == CONSTANTINOPLE || fork >= ISTANBUL
}

/** Words of 32 bytes that `length` bytes fill. */
// @ts-ignore: decorator
@inline
export function wordsOf(length: u32): i64 {
  return (<i64>length + 31) >> 5
}
