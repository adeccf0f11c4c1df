import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { BLOCK_ACCESS_LIST_HASH, GAS_USED, RECEIPTS_ROOT, STATE_ROOT, TIMESTAMP } from '../block/format.js'
import { toBigInt } from '../bytes.js'
import { malformed } from './errors.js'
import { isForkName } from './forks.js'
import type { RlpItem } from './header.js'
import type { FieldReader, JsonObject } from './json.js'

/** Hash of a header from its fields. */
export function hashOf(header: Uint8Array[]): Uint8Array {
  return keccak_256(RLP.encode(header))
}

/**
 * Fields of a file that repeat what its block says, where they differ from it: one line each. Such a file contradicts
 * itself, and whoever made it meant another block or other rules than those that are executed.
 * @throws FixtureError when a field is not what it must be
 */
export function contradictionsOf(
  json: JsonObject,
  read: FieldReader,
  fork: string,
  block: { header: Uint8Array[]; transactions: RlpItem[] },
): string[] {
  const { header, transactions } = block
  const lines: string[] = []
  const told = (field: string, claimed: string, actual: string): void => {
    if (claimed !== actual) lines.push(`${read.file}: ${field}: is ${claimed}, but the block itself says ${actual}`)
  }
  const quantity = (field: string, actual: bigint): void => {
    if (json[field] !== undefined) told(field, String(read.quantity(json[field], field)), String(actual))
  }
  const bytes = (field: string, actual: Uint8Array): void => {
    if (json[field] !== undefined) told(field, bytesToHex(read.bytes(json[field], field, 32)), bytesToHex(actual))
  }
  const claimedFork = read.string(json.fork, 'fork')
  if (!isForkName(claimedFork)) {
    throw malformed(read.file, 'fork', `'${claimedFork}' is not a hardfork name of @ethereumjs/common`)
  }
  if (claimedFork !== fork) told('fork', claimedFork, `${fork}, by its number and time`)
  quantity('timestamp', toBigInt(header[TIMESTAMP]!))
  quantity('gasUsed', toBigInt(header[GAS_USED]!))
  bytes('hash', hashOf(header))
  bytes('stateRoot', header[STATE_ROOT]!)
  bytes('receiptsRoot', header[RECEIPTS_ROOT]!)
  quantity('txs', BigInt(transactions.length))
  if (json.blockAccessList !== undefined) {
    const list = keccak_256(read.bytes(json.blockAccessList, 'blockAccessList'))
    const named = header[BLOCK_ACCESS_LIST_HASH]
    told('hash of blockAccessList', bytesToHex(list), named === undefined ? 'that it has none' : bytesToHex(named))
  }
  return lines
}
