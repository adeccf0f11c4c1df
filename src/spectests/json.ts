// The JSON of the official tests (execution-spec-tests, and the classic ones of ethereum/tests), as far as it is read.
import { hexToBytes, setLengthLeft } from '@ethereumjs/util'
import { UnusableTestError } from './errors.js'

export type Hex = `0x${string}`

export interface TestAccount {
  nonce: Hex
  balance: Hex
  code: Hex
  storage: Record<Hex, Hex>
}

/** Accounts by address. */
export type TestState = Record<Hex, TestAccount>

export interface BlobSchedule {
  target: Hex
  max: Hex
  baseFeeUpdateFraction: Hex
}

export interface TestConfig {
  chainid?: Hex
  blobSchedule?: Record<string, BlobSchedule>
}

/** One expected result of a state test: the transaction with these indexes into its lists. */
export interface PostEntry {
  hash: Hex
  logs: Hex
  indexes: { data: number; gas: number; value: number }
  expectException?: string
  txbytes?: Hex
  state?: TestState
}

export interface StateTest {
  env: Record<string, Hex>
  pre: TestState
  transaction: {
    nonce: Hex
    gasPrice?: Hex
    maxFeePerGas?: Hex
    maxPriorityFeePerGas?: Hex
    maxFeePerBlobGas?: Hex
    blobVersionedHashes?: Hex[]
    gasLimit: Hex[]
    value: Hex[]
    data: Hex[]
    accessLists?: ({ address: Hex; storageKeys: Hex[] }[] | null)[]
    authorizationList?: Record<string, Hex>[]
    to: Hex | ''
    sender?: Hex
    secretKey?: Hex
  }
  post: Record<string, PostEntry[]>
  config?: TestConfig
}

export interface TestBlock {
  rlp: Hex
  /** RLP of the access list (EIP-7928). */
  blockAccessListRlp?: Hex
  /** Words for the rule that the block breaks; absent: it is valid. Classic tests name the fork as well. */
  expectException?: string
  [key: `expectException${string}`]: string | undefined
}

export interface BlockTest {
  network: string
  pre: TestState
  genesisRLP: Hex
  genesisBlockHeader: { hash: Hex; stateRoot: Hex }
  blocks: TestBlock[]
  lastblockhash: Hex
  postState?: TestState
  postStateHash?: Hex
  config?: TestConfig
}

/** A quantity; nothing counts as 0. Values of more than 32 bytes are marked in the classic tests. */
export function word(hex: string | undefined): bigint {
  if (hex === undefined || hex === '0x' || hex === '') return 0n
  const digits = hex.startsWith('0x:bigint ') ? hex.slice(10) : hex
  if (!/^0x[0-9a-fA-F]+$/.test(digits)) throw new UnusableTestError(`'${hex}' is not a quantity`)
  return BigInt(digits)
}

/** A quantity of at most 32 bytes as 32 bytes; the tests write some with an odd number of digits. */
export function bytes32(hex: Hex): Uint8Array {
  return setLengthLeft(hexToBytes(hex.length % 2 === 0 ? hex : `0x0${hex.slice(2)}`), 32)
}

/** Bytes of a quantity without leading zeros, none for 0. */
export function minimalBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  return hexToBytes(`0x${digits.length % 2 === 0 ? '' : '0'}${digits}`)
}
