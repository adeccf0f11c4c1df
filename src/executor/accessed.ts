// What calls touch, as access lists (EIP-2930).
import { touchedOf } from '../abi/findings.js'
import { hex } from '../bytes.js'
import { authorisationsOf } from './authorisations.js'
import type { CheckedCall } from './callShapes.js'
import type { AccessedAccount, CallResult } from './callTypes.js'

const NOBODY = '00'.repeat(20)

/**
 * What the call touched, and what its list has, by address and key. As go-ethereum has it: without accounts that are warm anyway,
 * the sender, the recipient and authorities (precompiled contracts the core leaves out), unless they have slots.
 */
export function accessedBy(call: CheckedCall, result: CallResult, findings: Uint8Array): AccessedAccount[] {
  const warm = warmIn(call, result)
  const accounts = new Map<string, { address: Uint8Array; keys: Map<string, Uint8Array> }>()
  const of = (address: Uint8Array): Map<string, Uint8Array> => {
    const name = hex(address)
    const account = accounts.get(name) ?? { address, keys: new Map<string, Uint8Array>() }
    accounts.set(name, account)
    return account.keys
  }
  for (const { address, storageKeys } of call.accessList ?? []) {
    if (warm.has(hex(address))) continue
    const keys = of(address)
    for (const key of storageKeys) keys.set(hex(key), key)
  }
  for (const { address, itself, keys } of touchedOf(findings)) {
    if (keys.length === 0 && (!itself || warm.has(hex(address)))) continue
    const known = of(address)
    for (const key of keys) known.set(hex(key), key)
  }
  const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1)
  return [...accounts].sort(byName).map(([, { address, keys }]) => ({
    address,
    storageKeys: [...keys].sort(byName).map(([, key]) => key),
  }))
}

function warmIn({ from, to, authorizationList = [] }: CheckedCall, { createdAddress }: CallResult): Set<string> {
  const warm = new Set([from === undefined ? NOBODY : hex(from)])
  const target = to ?? createdAddress
  if (target !== undefined) warm.add(hex(target))
  for (const { authority } of authorisationsOf(authorizationList)) if (authority) warm.add(hex(authority))
  return warm
}

/** Whether two lists that are sorted alike are the same. */
export function sameList(a: readonly AccessedAccount[], b: readonly AccessedAccount[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ address, storageKeys }, index) => {
      const other = b[index] as AccessedAccount
      return (
        hex(address) === hex(other.address) &&
        storageKeys.length === other.storageKeys.length &&
        storageKeys.every((key, at) => hex(key) === hex(other.storageKeys[at] as Uint8Array))
      )
    })
  )
}
