// The header of a random block, and the accounts that the protocol itself needs.

import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { Rules } from '../abi/core.generated.js'
import type { PlainState } from '../spectests/plainState.js'
import type { Random } from '../workloads/random.js'
import { BUILDER_CONTRACTS, systemCode, systemContract } from '../workloads/systemContracts.js'

export type Item = Uint8Array | bigint | Item[]

/** Positions in a header. */
export const Field = {
  PARENT: 0,
  COINBASE: 2,
  STATE_ROOT: 3,
  TRANSACTIONS_ROOT: 4,
  RECEIPTS_ROOT: 5,
  BLOOM: 6,
  DIFFICULTY: 7,
  NUMBER: 8,
  GAS_LIMIT: 9,
  GAS_USED: 10,
  TIMESTAMP: 11,
  MIX_HASH: 13,
  BASE_FEE: 15,
  WITHDRAWALS_ROOT: 16,
  BLOB_GAS_USED: 17,
  EXCESS_BLOB_GAS: 18,
  BEACON_ROOT: 19,
  REQUESTS_HASH: 20,
  ACCESS_LIST_HASH: 21,
  SLOT_NUMBER: 22,
} as const

export const BASE_FEE = 7n
export const GAS_LIMIT = 60_000_000n
export const BLOB_GAS = 131_072n
const SYSTEM_EIPS = [4788, 2935, 7002, 7251] as const

export interface HeaderInput {
  random: Random
  /** Position of the fork's rules. */
  level: number
  common: Common
  number: bigint
  coinbase: Uint8Array
  blobs: number
}

/** Fields that hold results of the execution are zero. */
export function fuzzHeader({ random, level, common, number, coinbase, blobs }: HeaderInput): Item[] {
  const seal = keccak_256(Buffer.from(`fuzz seal ${number}`))
  const header: Item[] = [
    keccak_256(Buffer.from(`fuzz parent ${number}`)),
    keccak_256(RLP.encode([])),
    coinbase,
    new Uint8Array(32),
    new Uint8Array(32),
    new Uint8Array(32),
    new Uint8Array(256),
    level >= Rules.PARIS ? 0n : 131_072n,
    number,
    GAS_LIMIT,
    0n,
    number * 12n,
    new Uint8Array(0),
    seal,
    new Uint8Array(8),
  ]
  if (level >= Rules.LONDON) header.push(BASE_FEE)
  if (level >= Rules.SHANGHAI) header.push(new Uint8Array(32))
  // At most 100 blobs too many: the price of blob gas stays one that transactions pay.
  const excess = random.below(2) === 0 ? 0n : BigInt(random.below(100)) * BLOB_GAS
  if (level >= Rules.CANCUN) header.push(BigInt(blobs) * BLOB_GAS, excess, seal)
  if (common.isActivatedEIP(7685)) header.push(new Uint8Array(32))
  if (common.isActivatedEIP(7928)) header.push(new Uint8Array(32), number + 5n)
  return header
}

/** The contracts that the protocol calls. */
export function addSystemAccounts(state: PlainState, common: Common): void {
  for (const eip of SYSTEM_EIPS) {
    if (common.isActivatedEIP(eip)) state.set(systemContract(eip), { nonce: 1n, code: systemCode(eip) })
  }
  if (!common.isActivatedEIP(8282)) return
  for (const { address, code } of BUILDER_CONTRACTS) state.set(address, { nonce: 1n, code })
}
