import { BYZANTIUM, CANCUN, CONSTANTINOPLE, fork, HOMESTEAD, ISTANBUL, LONDON, OSAKA, SHANGHAI } from '../fork'
import { INVALID_OPCODE, OUT_OF_GAS, STACK_OVERFLOW, STACK_UNDERFLOW } from './status'

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

/** Why the check of an operation failed; for the outcome record only, every such halt has the same effect. */
export function haltReason(op: u32, gas: i64, have: usize): i32 {
  if (fork < introducedIn(op)) return INVALID_OPCODE
  if (gas < 0) return OUT_OF_GAS
  return have == FULL ? STACK_OVERFLOW : STACK_UNDERFLOW
}

function introducedIn(op: u32): u32 {
  if (op == 0xf4) return HOMESTEAD
  if (op == 0x3d || op == 0x3e || op == 0xfa || op == 0xfd) return BYZANTIUM
  if (op == 0x1b || op == 0x1c || op == 0x1d || op == 0x3f || op == 0xf5) return CONSTANTINOPLE
  if (op == 0x46 || op == 0x47) return ISTANBUL
  if (op == 0x48) return LONDON
  if (op == 0x5f) return SHANGHAI
  if (op == 0x49 || op == 0x4a || op == 0x5c || op == 0x5d || op == 0x5e) return CANCUN
  return op == 0x1e ? OSAKA : 0
}
