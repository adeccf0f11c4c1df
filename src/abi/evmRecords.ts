// Writes the flat records that the core's EVM reads: assembly/abi/transaction.ts and assembly/abi/blockEnv.ts.

import { toBigInt } from '../bytes.js'
import type { Rules } from './core.generated.js'
import * as abi from './core.generated.js'
import { type AccountOverride, overridesSize, putOverrides } from './overrideRecords.js'
import { FORKS, RULE_SETS } from './registry.js'
import { putWord } from './word256.js'

/** Rules by the names that @ethereumjs/common has for hardforks, and by those of other rule sets. */
export const HARDFORK_RULES: Readonly<Record<string, Rules>> = Object.fromEntries([
  ...RULE_SETS.map(({ hardfork }) => [hardfork, abi.Rules.AMSTERDAM] as const),
  ...FORKS.map(({ hardfork, rules }) => [hardfork, rules] as const),
])

/** State growth that the gas of a byte aimed at while it followed the gas limit, bytes a year; blocks a year. */
const [GROWTH, BLOCKS] = [100n * 2n ** 30n, 2_628_000n]
/** It was rounded down to so many bits of the price and this. */
const [PRICE_BITS, PRICE_OFFSET] = [5, 9578n]

/** Parameters of a hardfork for a block of that gas limit; undefined where the core has them. */
export function parametersOf(hardfork: string, gasLimit: bigint): readonly number[] | undefined {
  const params = RULE_SETS.find((set) => set.hardfork === hardfork)?.params
  if (params === undefined || params[abi.P_STATE_BYTE / 8] !== 0) return params
  return params.with(abi.P_STATE_BYTE / 8, stateByteOf(gasLimit))
}

/** An earlier EIP-8037. */
function stateByteOf(gasLimit: bigint): number {
  const shifted = (gasLimit * BLOCKS + 2n * GROWTH - 1n) / (2n * GROWTH) + PRICE_OFFSET
  const shift = BigInt(Math.max(shifted.toString(2).length - PRICE_BITS, 0))
  const price = ((shifted >> shift) << shift) - PRICE_OFFSET
  return Number(price > 1n ? price : 1n)
}

/** A block as its transactions see it. */
export interface EvmBlock {
  rules: Rules
  /** Of the rule set, from Amsterdam on (assembly/abi/ruleSet.ts). */
  params?: readonly number[] | undefined
  /** Of the beacon chain, from Amsterdam on. */
  slotNumber?: bigint | undefined
  /** Most blobs in a block. */
  maxBlobs: number
  number: bigint
  timestamp: bigint
  gasLimit: bigint
  /** 20 bytes. */
  coinbase: Uint8Array
  /** PREVRANDAO, before the merge the difficulty. */
  prevRandao: bigint
  /** Wei; 0 before London. */
  baseFee: bigint
  /** Wei; 0 before Cancun. */
  blobBaseFee: bigint
  chainId: bigint
  /** The parent's hash first, at most 256. BLOCKHASH of an ancestor beyond them suspends the transaction as MISSING. */
  blockHashes: readonly Uint8Array[]
}

/** An EIP-7702 authorisation. */
export interface EvmAuthorisation {
  chainId: bigint
  /** The delegate, 20 bytes. */
  address: Uint8Array
  nonce: bigint
  /** Recovered from the signature; undefined when that failed. */
  authority?: Uint8Array | undefined
}

/** A transaction with its sender recovered. Amounts in wei. */
export interface EvmTransaction {
  type: number
  sender: Uint8Array
  /** Undefined: creates a contract. */
  to?: Uint8Array | undefined
  nonce: bigint
  gasLimit: bigint
  value: bigint
  /** The gas price of types 0 and 1. */
  maxFeePerGas: bigint
  maxPriorityFeePerGas?: bigint | undefined
  maxFeePerBlobGas?: bigint | undefined
  data: Uint8Array
  accessList?: readonly { address: Uint8Array; keys: readonly Uint8Array[] }[] | undefined
  blobHashes?: readonly Uint8Array[] | undefined
  authorisations?: readonly EvmAuthorisation[] | undefined
  /** Checked against the block's when given. */
  chainId?: bigint | undefined
  /** A call of the protocol itself: no nonce, no fees, no validity rules. */
  system?: boolean | undefined
  /** A question (RECORD_CALL), and whether the rules for transactions hold. */
  question?: 'checked' | 'unchecked' | undefined
  /** Of a question: what it supposes of the state. */
  overrides?: readonly AccountOverride[] | undefined
  /** Of a question: further RECORD_* flags. */
  flags?: number | undefined
  /** Of an estimate: R_ERROR_RATIO. */
  errorRatio?: number | undefined
}

/** The record of a block. */
export function encodeBlock(block: EvmBlock): Uint8Array {
  const bytes = new Uint8Array(abi.B_HASHES + 32 * block.blockHashes.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(abi.B_FORK, block.rules, true)
  view.setUint32(abi.B_MAX_BLOBS, block.maxBlobs, true)
  view.setBigUint64(abi.B_NUMBER, block.number, true)
  view.setBigUint64(abi.B_TIMESTAMP, block.timestamp, true)
  view.setBigUint64(abi.B_GAS_LIMIT, block.gasLimit, true)
  putWord(view, abi.B_COINBASE, toBigInt(block.coinbase))
  putWord(view, abi.B_PREVRANDAO, block.prevRandao)
  putWord(view, abi.B_BASE_FEE, block.baseFee)
  putWord(view, abi.B_BLOB_BASE_FEE, block.blobBaseFee)
  putWord(view, abi.B_CHAIN_ID, block.chainId)
  view.setBigUint64(abi.B_SLOT_NUMBER, block.slotNumber ?? 0n, true)
  for (const [i, value] of (block.params ?? []).entries()) {
    view.setBigInt64(abi.B_PARAMS + 8 * i, BigInt(value), true)
  }
  view.setUint32(abi.B_HASH_COUNT, block.blockHashes.length, true)
  for (const [i, hash] of block.blockHashes.entries()) bytes.set(hash, abi.B_HASHES + 32 * i)
  return bytes
}

/** The record of a transaction. */
export function encodeTransaction(tx: EvmTransaction): Uint8Array {
  const bytes = new Uint8Array(transactionSize(tx))
  putTransaction(bytes, tx)
  return bytes
}

/** Bytes of the record of a transaction. */
export function transactionSize({ accessList, blobHashes, authorisations, overrides, data }: EvmTransaction): number {
  let size = abi.R_SIZE + data.length
  if (accessList) for (const entry of accessList) size += abi.R_ACCESS_HEADER + 32 * entry.keys.length
  if (blobHashes) size += 32 * blobHashes.length
  if (authorisations) size += abi.AUTH_SIZE * authorisations.length
  return overrides ? size + overridesSize(overrides) : size
}

/** Writes the record into bytes that are zero. */
function putTransaction(bytes: Uint8Array, tx: EvmTransaction): void {
  const accessList = tx.accessList ?? []
  const blobs = tx.blobHashes ?? []
  const auths = tx.authorisations ?? []
  const overrides = tx.overrides ?? []
  const view = new DataView(bytes.buffer)
  view.setUint32(abi.R_TYPE, tx.type, true)
  let flags = (tx.to === undefined ? abi.RECORD_CREATE : 0) | (tx.flags ?? 0)
  if (tx.system) flags |= abi.RECORD_SYSTEM
  if (tx.question !== undefined) flags |= abi.RECORD_CALL
  if (tx.question === 'unchecked') flags |= abi.RECORD_UNCHECKED
  if (tx.chainId !== undefined) flags |= abi.RECORD_HAS_CHAIN_ID
  view.setUint32(abi.R_FLAGS, flags, true)
  view.setBigUint64(abi.R_NONCE, tx.nonce, true)
  view.setBigUint64(abi.R_GAS_LIMIT, tx.gasLimit, true)
  bytes.set(tx.sender, abi.R_SENDER)
  if (tx.to !== undefined) bytes.set(tx.to, abi.R_TO)
  putWord(view, abi.R_VALUE, tx.value)
  putWord(view, abi.R_MAX_FEE, tx.maxFeePerGas)
  putWord(view, abi.R_PRIORITY_FEE, tx.maxPriorityFeePerGas ?? 0n)
  putWord(view, abi.R_BLOB_FEE, tx.maxFeePerBlobGas ?? 0n)
  view.setBigUint64(abi.R_CHAIN_ID, tx.chainId ?? 0n, true)
  let at = abi.R_SIZE
  const list = (field: number, length: number) => {
    view.setUint32(field + abi.SLICE_ADDRESS, at, true)
    view.setUint32(field + abi.SLICE_LENGTH, length, true)
  }
  list(abi.R_AUTHS, auths.length)
  for (const auth of auths) {
    putWord(view, at + abi.AUTH_CHAIN_ID, auth.chainId)
    bytes.set(auth.address, at + abi.AUTH_ADDRESS)
    view.setUint32(at + abi.AUTH_RECOVERED, auth.authority === undefined ? 0 : 1, true)
    view.setBigUint64(at + abi.AUTH_NONCE, auth.nonce, true)
    if (auth.authority !== undefined) bytes.set(auth.authority, at + abi.AUTH_AUTHORITY)
    at += abi.AUTH_SIZE
  }
  list(abi.R_BLOBS, blobs.length)
  for (const hash of blobs) {
    bytes.set(hash, at)
    at += 32
  }
  list(abi.R_ACCESS_LIST, accessList.length)
  for (const { address, keys } of accessList) {
    bytes.set(address, at)
    view.setUint32(at + abi.R_ACCESS_KEYS, keys.length, true)
    at += abi.R_ACCESS_HEADER
    for (const key of keys) {
      bytes.set(key, at)
      at += 32
    }
  }
  list(abi.R_OVERRIDES, overrides.length)
  at = putOverrides(bytes, at, overrides)
  list(abi.R_DATA, tx.data.length)
  bytes.set(tx.data, at)
  if (tx.errorRatio !== undefined) view.setFloat64(abi.R_ERROR_RATIO, tx.errorRatio, true)
}
