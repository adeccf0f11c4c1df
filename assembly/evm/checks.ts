import { INVALID_OPCODE, OUT_OF_GAS, STACK_OVERFLOW, STACK_UNDERFLOW } from '../abi/halts'
import { fork } from '../fork'
import { OPCODE_SINCE } from '../registry.generated'

// Checks before an operation. Gas and stack are tested together: one branch that is never taken in a run that succeeds.

/** A stack of 1024 words, in bytes. */
const FULL: usize = 32768

/** Gas is negative, or the stack (`have` bytes) holds less than `need` bytes. */
// @ts-ignore: decorator
@inline
export function fails(gas: i64, have: usize, need: usize): bool {
  return (u32(gas < 0) | u32(have < need)) != 0
}

/** Gas is negative, or there is no room for one more word. */
// @ts-ignore: decorator
@inline
export function full(gas: i64, have: usize): bool {
  return (u32(gas < 0) | u32(have == FULL)) != 0
}

/**
 * Of a row (rows.ts): gas does not suffice, or the stack does not hold `need` bytes or has no room for `grow` more at
 * some point of it. `fused` is 0 in code that has no rows: there the byte is no opcode.
 */
// @ts-ignore: decorator
@inline
export function unfit(fused: usize, gas: i64, cost: i64, have: usize, need: usize, grow: usize): bool {
  return (u32(gas < cost) | u32(have - need > FULL - grow - need) | u32(fused == 0)) != 0
}

/** Why the check of an operation failed; for the outcome record only, every such halt has the same effect. */
export function haltReason(op: u32, gas: i64, have: usize): i32 {
  if (fork < load<u8>(OPCODE_SINCE + op)) return INVALID_OPCODE
  if (gas < 0) return OUT_OF_GAS
  return have == FULL ? STACK_OVERFLOW : STACK_UNDERFLOW
}
