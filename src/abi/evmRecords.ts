// The flat records between the host and the core's EVM: assembly/tx/layout.ts and assembly/evm/blockEnv.ts, field by field.
import { putWord } from './words.js'

/** Rules of a block, in order (assembly/fork.ts). Forks that change no execution rule have none of their own. */
export const Rules = {
  FRONTIER: 0,
  HOMESTEAD: 1,
  TANGERINE_WHISTLE: 2,
  SPURIOUS_DRAGON: 3,
  BYZANTIUM: 4,
  CONSTANTINOPLE: 5,
  PETERSBURG: 6,
  ISTANBUL: 7,
  BERLIN: 8,
  LONDON: 9,
  PARIS: 10,
  SHANGHAI: 11,
  CANCUN: 12,
  PRAGUE: 13,
  OSAKA: 14,
} as const
export type Rules = (typeof Rules)[keyof typeof Rules]

/** Rules by the names that @ethereumjs/common has for hardforks. */
export const HARDFORK_RULES: Readonly<Record<string, Rules>> = {
  chainstart: Rules.FRONTIER,
  homestead: Rules.HOMESTEAD,
  dao: Rules.HOMESTEAD,
  tangerineWhistle: Rules.TANGERINE_WHISTLE,
  spuriousDragon: Rules.SPURIOUS_DRAGON,
  byzantium: Rules.BYZANTIUM,
  constantinople: Rules.CONSTANTINOPLE,
  petersburg: Rules.PETERSBURG,
  istanbul: Rules.ISTANBUL,
  muirGlacier: Rules.ISTANBUL,
  berlin: Rules.BERLIN,
  london: Rules.LONDON,
  arrowGlacier: Rules.LONDON,
  grayGlacier: Rules.LONDON,
  paris: Rules.PARIS,
  shanghai: Rules.SHANGHAI,
  cancun: Rules.CANCUN,
  prague: Rules.PRAGUE,
  osaka: Rules.OSAKA,
  bpo1: Rules.OSAKA,
  bpo2: Rules.OSAKA,
  bpo3: Rules.OSAKA,
  bpo4: Rules.OSAKA,
  bpo5: Rules.OSAKA,
}

/** A block as its transactions see it. */
export interface EvmBlock {
  rules: Rules
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
}

/** Rules that refuse a transaction (assembly/tx/invalid.ts). */
export const Refusal = {
  TYPE_NOT_SUPPORTED: 64,
  WRONG_CHAIN: 65,
  GAS_LIMIT_ABOVE_BLOCK: 66,
  GAS_LIMIT_ABOVE_CAP: 67,
  INTRINSIC_GAS_TOO_LOW: 68,
  FLOOR_GAS_TOO_LOW: 69,
  FEE_BELOW_BASE_FEE: 70,
  PRIORITY_ABOVE_MAX_FEE: 71,
  NONCE_IS_MAX: 72,
  NONCE_TOO_LOW: 73,
  NONCE_TOO_HIGH: 74,
  SENDER_NOT_EOA: 75,
  INSUFFICIENT_FUNDS: 76,
  INIT_CODE_TOO_LONG: 77,
  NO_BLOBS: 78,
  TOO_MANY_BLOBS: 79,
  BLOB_HASH_VERSION: 80,
  BLOB_FEE_TOO_LOW: 81,
  BLOB_TX_CREATES: 82,
  NO_AUTHORISATIONS: 83,
  SET_CODE_TX_CREATES: 84,
} as const

const BLOCK_SIZE = 224
const REQUEST_SIZE = 232
const AUTH_SIZE = 88
const REQUEST_CREATE = 1
const REQUEST_SYSTEM = 2
const REQUEST_HAS_CHAIN_ID = 4
/** Offset in an outcome of the exact reason: {@link Refusal} when refused, assembly/evm/status.ts when it failed. */
export const OUTCOME_CODE = 3

/** The record of a block. */
export function encodeBlock(block: EvmBlock): Uint8Array {
  const bytes = new Uint8Array(BLOCK_SIZE + 32 * block.blockHashes.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, block.rules, true)
  view.setUint32(4, block.maxBlobs, true)
  view.setBigUint64(8, block.number, true)
  view.setBigUint64(16, block.timestamp, true)
  view.setBigUint64(24, block.gasLimit, true)
  putWord(view, 32, toBigInt(block.coinbase))
  putWord(view, 64, block.prevRandao)
  putWord(view, 96, block.baseFee)
  putWord(view, 128, block.blobBaseFee)
  putWord(view, 160, block.chainId)
  view.setUint32(192, block.blockHashes.length, true)
  for (const [i, hash] of block.blockHashes.entries()) bytes.set(hash, BLOCK_SIZE + 32 * i)
  return bytes
}

function toBigInt(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** The record of a transaction. */
export function encodeTransaction(tx: EvmTransaction): Uint8Array {
  const accessList = tx.accessList ?? []
  const blobs = tx.blobHashes ?? []
  const auths = tx.authorisations ?? []
  let size = REQUEST_SIZE + tx.data.length + 32 * blobs.length + AUTH_SIZE * auths.length
  for (const entry of accessList) size += 24 + 32 * entry.keys.length
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, tx.type, true)
  let flags = tx.to === undefined ? REQUEST_CREATE : 0
  if (tx.system) flags |= REQUEST_SYSTEM
  if (tx.chainId !== undefined) flags |= REQUEST_HAS_CHAIN_ID
  view.setUint32(4, flags, true)
  view.setBigUint64(8, tx.nonce, true)
  view.setBigUint64(16, tx.gasLimit, true)
  bytes.set(tx.sender, 24)
  if (tx.to !== undefined) bytes.set(tx.to, 44)
  putWord(view, 64, tx.value)
  putWord(view, 96, tx.maxFeePerGas)
  putWord(view, 128, tx.maxPriorityFeePerGas ?? 0n)
  putWord(view, 160, tx.maxFeePerBlobGas ?? 0n)
  view.setBigUint64(192, tx.chainId ?? 0n, true)
  let at = REQUEST_SIZE
  const list = (field: number, length: number) => {
    view.setUint32(field, at, true)
    view.setUint32(field + 4, length, true)
  }
  list(224, auths.length)
  for (const auth of auths) {
    putWord(view, at, auth.chainId)
    bytes.set(auth.address, at + 32)
    view.setUint32(at + 52, auth.authority === undefined ? 0 : 1, true)
    view.setBigUint64(at + 56, auth.nonce, true)
    if (auth.authority !== undefined) bytes.set(auth.authority, at + 64)
    at += AUTH_SIZE
  }
  list(216, blobs.length)
  for (const hash of blobs) {
    bytes.set(hash, at)
    at += 32
  }
  list(208, accessList.length)
  for (const { address, keys } of accessList) {
    bytes.set(address, at)
    view.setUint32(at + 20, keys.length, true)
    at += 24
    for (const key of keys) {
      bytes.set(key, at)
      at += 32
    }
  }
  list(200, tx.data.length)
  bytes.set(tx.data, at)
  return bytes
}
