import { fork } from '../fork'
import { HIGHEST_PRECOMPILE, PRECOMPILE_SINCE } from '../registry.generated'

/** The number of the precompile that the fork has at an address (given as limbs of its word), 0 when it has none. */
export function precompileAt(l0: u64, l1: u64, l2: u64): u32 {
  if ((l1 | l2) != 0 || l0 > HIGHEST_PRECOMPILE) return 0
  return fork < load<u8>(PRECOMPILE_SINCE + <usize>l0) ? 0 : <u32>l0
}
