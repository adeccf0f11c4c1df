// The format of everything in a block: which fields, in which order, how long. `rlp.ts` reads bytes along it, and accepts no
// others. Yellow Paper 4.3 and 4.4, and the EIPs beside the fields that they added.
import type { Common } from '@ethereumjs/common'

export type Format = BytesFormat | IntegerFormat | ListFormat | RecordFormat

export interface BytesFormat {
  kind: 'bytes'
  /** Bytes; left out, any number. */
  length?: number
  /** No bytes are allowed, too. */
  orEmpty?: boolean
}

/** Big-endian, without leading zeros; zero has no bytes. */
export interface IntegerFormat {
  kind: 'integer'
  /** Most bytes. */
  length: number
  /** Highest value, of an integer of one byte. */
  most?: number
}

export interface ListFormat {
  kind: 'list'
  of: Format
}

export interface RecordFormat {
  kind: 'record'
  fields: readonly { name: string; format: Format }[]
}

const DATA: Format = { kind: 'bytes' }
export const HASH: Format = { kind: 'bytes', length: 32 }
const ADDRESS: Format = { kind: 'bytes', length: 20 }
/** Empty: the transaction creates a contract. */
const RECIPIENT: Format = { kind: 'bytes', length: 20, orEmpty: true }
const BLOOM: Format = { kind: 'bytes', length: 256 }
const SEAL: Format = { kind: 'bytes', length: 8 }
const U256: Format = { kind: 'integer', length: 32 }
const U64: Format = { kind: 'integer', length: 8 }
const U8: Format = { kind: 'integer', length: 1 }
const PARITY: Format = { kind: 'integer', length: 1, most: 1 }

function list(of: Format): Format {
  return { kind: 'list', of }
}

/** Position of a field; -1: there is none. */
export function indexOf({ fields }: RecordFormat, name: string): number {
  return fields.findIndex((field) => field.name === name)
}

function record(fields: Readonly<Record<string, Format>>): RecordFormat {
  return { kind: 'record', fields: Object.entries(fields).map(([name, format]) => ({ name, format })) }
}

/** What every header has. */
const HEADER = {
  parentHash: HASH,
  ommersHash: HASH,
  coinbase: ADDRESS,
  stateRoot: HASH,
  transactionsRoot: HASH,
  receiptsRoot: HASH,
  logsBloom: BLOOM,
  difficulty: U256,
  number: U64,
  gasLimit: U64,
  gasUsed: U64,
  timestamp: U64,
  extraData: DATA,
  mixHash: HASH,
  nonce: SEAL,
}

/** What EIPs added at its end, in this order. */
const HEADER_ADDITIONS: readonly { eip: number; fields: Readonly<Record<string, Format>> }[] = [
  { eip: 1559, fields: { baseFeePerGas: U256 } },
  { eip: 4895, fields: { withdrawalsRoot: HASH } },
  { eip: 4844, fields: { blobGasUsed: U64, excessBlobGas: U64 } },
  { eip: 4788, fields: { parentBeaconBlockRoot: HASH } },
  { eip: 7685, fields: { requestsHash: HASH } },
  { eip: 7928, fields: { blockAccessListHash: HASH } },
  { eip: 7843, fields: { slotNumber: U64 } },
]

export const COMMON_HEADER = record(HEADER)
/** Positions in every header. */
export const PARENT_HASH = indexOf(COMMON_HEADER, 'parentHash')
export const STATE_ROOT = indexOf(COMMON_HEADER, 'stateRoot')
export const TRANSACTIONS_ROOT = indexOf(COMMON_HEADER, 'transactionsRoot')
export const RECEIPTS_ROOT = indexOf(COMMON_HEADER, 'receiptsRoot')
export const LOGS_BLOOM = indexOf(COMMON_HEADER, 'logsBloom')
export const NUMBER = indexOf(COMMON_HEADER, 'number')
export const GAS_USED = indexOf(COMMON_HEADER, 'gasUsed')
export const TIMESTAMP = indexOf(COMMON_HEADER, 'timestamp')
export const COINBASE = indexOf(COMMON_HEADER, 'coinbase')

const NEWEST_HEADER = record(Object.assign({}, HEADER, ...HEADER_ADDITIONS.map(({ fields }) => fields)))
/** Position in the headers of a hardfork that has requests (EIP-7685). */
export const REQUESTS_HASH = indexOf(NEWEST_HEADER, 'requestsHash')
/** The same of access lists (EIP-7928). */
export const BLOCK_ACCESS_LIST_HASH = indexOf(NEWEST_HEADER, 'blockAccessListHash')

/** EIP-4895; the amount is in gwei. */
export const WITHDRAWAL = record({ index: U64, validatorIndex: U64, address: ADDRESS, amount: U64 })
export const WITHDRAWAL_ADDRESS = indexOf(WITHDRAWAL, 'address')
export const WITHDRAWAL_AMOUNT = indexOf(WITHDRAWAL, 'amount')

const ACCESS_LIST = list(record({ address: ADDRESS, storageKeys: list(HASH) }))
/** EIP-7702 allows any parity below 2^8: a signature that recovers to nobody only voids its authorisation. */
const AUTHORISATIONS = list(record({ chainId: U256, address: ADDRESS, nonce: U64, yParity: U8, r: U256, s: U256 }))
const CALL = { gasLimit: U64, to: RECIPIENT, value: U256, data: DATA }
const FEES = { maxPriorityFeePerGas: U256, maxFeePerGas: U256 }
const SIGNATURE = { yParity: PARITY, r: U256, s: U256 }

/** By EIP-2718 type, each with the EIP that brought it; 0 is the legacy transaction, which has no type byte. */
const TRANSACTIONS: readonly { eip?: number; format: RecordFormat }[] = [
  { format: record({ nonce: U64, gasPrice: U256, ...CALL, v: U64, r: U256, s: U256 }) },
  {
    eip: 2930,
    format: record({ chainId: U64, nonce: U64, gasPrice: U256, ...CALL, accessList: ACCESS_LIST, ...SIGNATURE }),
  },
  { eip: 1559, format: record({ chainId: U64, nonce: U64, ...FEES, ...CALL, accessList: ACCESS_LIST, ...SIGNATURE }) },
  {
    eip: 4844,
    format: record({
      ...{ chainId: U64, nonce: U64, ...FEES, ...CALL, to: ADDRESS, accessList: ACCESS_LIST },
      ...{ maxFeePerBlobGas: U256, blobVersionedHashes: list(HASH), ...SIGNATURE },
    }),
  },
  {
    eip: 7702,
    format: record({
      ...{ chainId: U64, nonce: U64, ...FEES, ...CALL, to: ADDRESS, accessList: ACCESS_LIST },
      ...{ authorizationList: AUTHORISATIONS, ...SIGNATURE },
    }),
  },
]

/** Position of a field in transactions of a type. */
export function fieldIndex(type: number, name: string): number {
  return indexOf((TRANSACTIONS[type] as { format: RecordFormat }).format, name)
}

export const TRANSACTION_TYPES = TRANSACTIONS.length

/** What the blocks of a hardfork look like. */
export interface BlockFormat {
  header: RecordFormat
  /** By type; undefined: the hardfork does not have it. */
  transactions: readonly (RecordFormat | undefined)[]
  /** The block has a list of them (EIP-4895). */
  withdrawals: boolean
  /** Legacy signatures may name the chain (EIP-155). */
  replayProtection: boolean
  /** Signatures with s in the upper half are refused (EIP-2). */
  lowS: boolean
  /** Most blobs of one transaction. */
  maxBlobs: bigint
}

const formats = new WeakMap<Common, BlockFormat>()

export function formatOf(common: Common): BlockFormat {
  let format = formats.get(common)
  if (format === undefined) {
    format = makeFormat(common)
    formats.set(common, format)
  }
  return format
}

function makeFormat(common: Common): BlockFormat {
  const has = (eip: number): boolean => common.isActivatedEIP(eip)
  const additions = HEADER_ADDITIONS.filter(({ eip }) => has(eip)).map(({ fields }) => fields)
  return {
    header: record(Object.assign({}, HEADER, ...additions)),
    transactions: TRANSACTIONS.map(({ eip, format }) => (eip === undefined || has(eip) ? format : undefined)),
    withdrawals: has(4895),
    replayProtection: common.gteHardfork('spuriousDragon'),
    lowS: common.gteHardfork('homestead'),
    maxBlobs: maxBlobs(common),
  }
}

function maxBlobs(common: Common): bigint {
  if (!common.isActivatedEIP(4844)) return 0n
  const ofBlock = common.getBlobGasSchedule().maxBlobGasPerBlock / common.param('blobGasPerBlob')
  const ofTransaction = common.isActivatedEIP(7594) ? common.param('maxBlobsPerTx') : ofBlock
  return ofTransaction < ofBlock ? ofTransaction : ofBlock
}
