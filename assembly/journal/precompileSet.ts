import { BYZANTIUM, CANCUN, fork, ISTANBUL, OSAKA, PRAGUE } from '../fork'

/** The number of the precompile that the fork has at an address (given as limbs of its word), 0 when it has none. */
export function precompileAt(l0: u64, l1: u64, l2: u64): u32 {
  if ((l1 | l2) != 0 || l0 == 0 || l0 > 0x100) return 0
  const id = <u32>l0
  if (id <= 4) return id
  if (id <= 8) return fork >= BYZANTIUM ? id : 0
  if (id == 9) return fork >= ISTANBUL ? id : 0
  if (id == 10) return fork >= CANCUN ? id : 0 // EIP-4844
  if (id <= 0x11) return fork >= PRAGUE ? id : 0 // EIP-2537
  return id == 0x100 && fork >= OSAKA ? id : 0 // EIP-7951
}
