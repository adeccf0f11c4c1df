// The access list of a block against its header (EIP-7928).

import { bytesToHex } from '@ethereumjs/util'
import { decodeAccessList } from '../abi/accessList.js'
import { hex, sameBytes } from '../bytes.js'
import type { AccountAccess, BlockAccessList } from '../types.js'
import type { Header } from './blockHeader.js'
import type { Keccak256 } from './bloom.js'
import { InvalidBlockError } from './errors.js'

/** Gas that each address and each slot of a list stands for. */
export const ITEM_GAS = 2000n

/** The list that came with the block is the one that its header names. @throws InvalidBlockError INVALID_BLOCK_ACCESS_LIST */
export function checkGivenList(header: Header, rlp: Uint8Array, keccak256: Keccak256): void {
  const hash = keccak256(rlp)
  const wanted = header.blockAccessListHash as Uint8Array
  if (sameBytes(hash, wanted)) return
  throw new InvalidBlockError(
    'INVALID_BLOCK_ACCESS_LIST',
    `the list given has hash ${bytesToHex(hash)}, the header says ${bytesToHex(wanted)}`,
  )
}

/**
 * What a block touched is what its header says, and not too much.
 *
 * @param given the list that came with the block, which has the header's hash: what it claims wrongly is named
 * @throws InvalidBlockError INVALID_BLOCK_ACCESS_LIST, BLOCK_ACCESS_LIST_TOO_LONG
 */
export function checkAccessList(header: Header, made: BlockAccessList, given: Uint8Array | undefined): void {
  const wanted = header.blockAccessListHash
  if (wanted === undefined) return
  if (BigInt(made.items) * ITEM_GAS > header.gasLimit) {
    const message = `${made.items} addresses and slots; the gas limit allows ${header.gasLimit / ITEM_GAS}`
    throw new InvalidBlockError('BLOCK_ACCESS_LIST_TOO_LONG', message)
  }
  if (sameBytes(made.hash, wanted)) return
  const hashes = `the header says ${bytesToHex(wanted)}, what the block touches has hash ${bytesToHex(made.hash)}`
  const claim = given === undefined ? undefined : wrongClaim(made.accounts, given)
  throw new InvalidBlockError('INVALID_BLOCK_ACCESS_LIST', claim === undefined ? hashes : `${hashes}: ${claim}`)
}

/** The first thing in which a list differs from the right one; undefined when the bytes are no list. */
export function wrongClaim(right: readonly AccountAccess[], rlp: Uint8Array): string | undefined {
  let theirs: string[]
  try {
    // RLP of another shape has no claims.
    theirs = decodeAccessList(rlp).flatMap(claimsOf)
  } catch {
    return 'the list given does not decode'
  }
  const ours = right.flatMap(claimsOf)
  const at = ours.findIndex((claim, index) => claim !== theirs[index])
  if (at < 0) return theirs[ours.length] && `it says ${theirs[ours.length]}, which is not so`
  return `it says ${theirs[at] ?? 'nothing'} where it should say ${ours[at]}`
}

/** What the list says of an account, one line each. */
function claimsOf(account: AccountAccess): string[] {
  const who = `account 0x${hex(account.address)}`
  const at = (what: string) => (value: unknown, index: number) => `${who} ${what} ${value} from index ${index} on`
  return [
    `${who} is touched`,
    ...account.storageChanges.flatMap(({ key, changes }) =>
      changes.map(({ index, value }) => at(`slot 0x${hex(key)} is`)(`0x${hex(value)}`, index)),
    ),
    ...account.storageReads.map((key) => `${who} slot 0x${hex(key)} is read`),
    ...account.balanceChanges.map(({ index, balance }) => at('has balance')(balance, index)),
    ...account.nonceChanges.map(({ index, nonce }) => at('has nonce')(nonce, index)),
    ...account.codeChanges.map(({ index, code }) => at('has code')(`0x${hex(code)}`, index)),
  ]
}
