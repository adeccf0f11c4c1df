import { CONTRACT_THREW, HASH_MISSING, PUSHED } from '../abi/halts'
import { BLOCK_HASH_MISSING, PRECOMPILE_THREW } from '../abi/refusals'
import { OK } from '../abi/status'

/** Not a result of the EVM: the run is abandoned with this status. */
// @ts-ignore: decorator
@inline
export function isAbort(status: i32): bool {
  return status != OK && status < PUSHED
}

/** The rule that a run breaks because the host lacks what it needs; 0: it lacks nothing. */
export function hostRefusal(end: i32): u32 {
  if (end == HASH_MISSING) return BLOCK_HASH_MISSING
  return end == CONTRACT_THREW ? PRECOMPILE_THREW : 0
}
