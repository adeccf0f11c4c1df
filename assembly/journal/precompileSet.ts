import { ACC_PRECOMPILE } from '../abi/state'
import { fork } from '../fork'
import { HIGHEST_PRECOMPILE, PRECOMPILE_SINCE } from '../registry.generated'
import { A_RECORD, A_WORD } from './txRecords'

/** The number of the precompile at an account's address: one of the chain's own, else that of the fork, 0 for none. */
export function precompileOf(account: usize): u32 {
  const own = load<u32>(load<u32>(account, A_RECORD), ACC_PRECOMPILE)
  if (own != 0) return own
  const l0 = load<u64>(account, A_WORD)
  if ((load<u64>(account, A_WORD + 8) | load<u64>(account, A_WORD + 16)) != 0 || l0 > HIGHEST_PRECOMPILE) return 0
  return fork < load<u8>(PRECOMPILE_SINCE + <usize>l0) ? 0 : <u32>l0
}
