import { eoaCode7702RecoverAuthority } from '@ethereumjs/util'
import type { EvmAuthorisation } from '../abi/evmRecords.js'
import { hex } from '../bytes.js'
import type { CheckedAuthorisation } from './callShapes.js'

/** Authorisations with who made them: as given, or recovered from the signature. One that is nobody's is skipped by the core. */
export function authorisationsOf(list: readonly CheckedAuthorisation[]): EvmAuthorisation[] {
  return list.map((authorisation) => {
    const { chainId = 0n, address, nonce = 0n, authority } = authorisation
    return { chainId, address, nonce, authority: authority ?? recovered(authorisation) }
  })
}

/** Undefined: no key made the signature. */
function recovered({ chainId = 0n, address, nonce = 0n, yParity, r, s }: CheckedAuthorisation): Uint8Array | undefined {
  if (yParity === undefined || r === undefined || s === undefined) return undefined
  const quantity = (value: bigint): `0x${string}` => `0x${value.toString(16)}`
  try {
    return eoaCode7702RecoverAuthority({
      chainId: quantity(chainId),
      address: `0x${hex(address)}`,
      nonce: quantity(nonce),
      yParity: quantity(yParity),
      r: quantity(r),
      s: quantity(s),
    }).bytes
  } catch {
    return undefined
  }
}
