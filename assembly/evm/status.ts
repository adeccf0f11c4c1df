import { PUSHED } from '../abi/halts'
import { OK } from '../abi/status'

/** Not a result of the EVM: the run is abandoned with this status. */
// @ts-ignore: decorator
@inline
export function isAbort(status: i32): bool {
  return status != OK && status < PUSHED
}
