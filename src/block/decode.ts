// The bytes of a block taken apart, and refused when they are not exactly of the format of its hardfork (block/format.ts).
import type { BlockHeader } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { SCAN_BLOBS, SCAN_GAS_LIMIT, SCAN_LENGTH, SCAN_OFFSET, SCAN_SIZE, SCAN_TYPE } from '../abi/core.generated.js'
import { InvalidBlockError } from './errors.js'
import {
  type BlockFormat,
  COINBASE,
  COMMON_HEADER,
  formatOf,
  HASH,
  NUMBER,
  TIMESTAMP,
  WITHDRAWAL,
  WITHDRAWAL_ADDRESS,
  WITHDRAWAL_AMOUNT,
} from './format.js'
import { formatBytes } from './formatBytes.js'
import { FIRST_LIST, integer, readTransaction, type TransactionSummary, UnknownTypeError } from './readTransaction.js'
import { FormatError, Walker } from './rlp.js'

/** What the work of a block before and after its transactions needs of its uncles and withdrawals. */
export interface BlockBodyWork {
  uncles: readonly { number: bigint; coinbase: Uint8Array }[]
  /** `amount` in gwei (EIP-4895). */
  withdrawals: readonly { address: Uint8Array; amount: bigint }[]
}

/** What the block's own work needs of the block. */
export interface BlockWorkInput extends BlockBodyWork {
  header: BlockHeader
}

/** Rules by block number and timestamp: ChainCommons. */
export interface Schedule {
  at(number: bigint, timestamp: bigint): Common
}

export interface DecodedHeader {
  /** Rules of its hardfork. */
  common: Common
  fields: Uint8Array[]
  /** Its RLP: what its hash is of. */
  bytes: Uint8Array
  number: bigint
  /** Seconds. */
  timestamp: bigint
}

/** The parts of a block that its header commits to. */
export interface BlockBody {
  /** EIP-2718 bytes of each transaction. */
  transactions: readonly Uint8Array[]
  /** RLP of the list of uncles. */
  unclesRlp: Uint8Array
  /** RLP of each withdrawal; undefined when the hardfork has none. */
  withdrawals: readonly Uint8Array[] | undefined
}

export interface DecodedBlock extends BlockBody {
  header: DecodedHeader
  /** Of each transaction. */
  summaries: TransactionSummary[]
  uncles: DecodedHeader[]
  /** Fields of each withdrawal. */
  withdrawalFields: Uint8Array[][] | undefined
}

/**
 * Reads the RLP of a list of transactions along formats (formatBytes): SCAN records (assembly/abi/scan.ts); undefined when it
 * cannot tell that all are of their format.
 */
export type ScanTransactions = (list: Uint8Array, formats: Uint8Array) => Uint32Array | undefined

const MAX_UNCLES = 2

/**
 * Takes the RLP of [header, transactions, uncles, withdrawals?] apart. The parts are views of the bytes.
 *
 * @param scan reads transactions faster; what it refuses is read again, to be accepted or to name what is wrong
 * @throws InvalidBlockError MALFORMED_BLOCK, INVALID_HEADER, INVALID_TRANSACTION, INVALID_UNCLES, INVALID_WITHDRAWALS_ROOT,
 * UNKNOWN_HARDFORK
 */
export function decodeBlock(blockRlp: Uint8Array, schedule: Schedule, scan?: ScanTransactions): DecodedBlock {
  const walker = new Walker(blockRlp)
  const lists = malformed('the block', () => listsOf(walker))
  if (lists.length < 3 || lists.length > 4) {
    throw new InvalidBlockError(
      'MALFORMED_BLOCK',
      `the block is a list of ${lists.length} parts, not [header, transactions, uncles, withdrawals?]`,
    )
  }
  const [headerList, transactionList, uncleList, withdrawalList] = lists as [List, List, List, List | undefined]
  const header = readHeader(walker, headerList, schedule, 'header')
  const format = formatOf(header.common)
  const { transactions, summaries } =
    scannedTransactions(walker, transactionList, format, scan) ?? transactionsOf(walker, transactionList, format)
  const uncles = malformed('the list of uncles', () => listsOf(walker, uncleList))
  if (uncles.length > MAX_UNCLES) {
    throw new InvalidBlockError('INVALID_UNCLES', `${uncles.length} uncles; at most ${MAX_UNCLES} are allowed`)
  }
  if (format.withdrawals !== (withdrawalList !== undefined)) {
    const has = withdrawalList === undefined ? 'lacks' : 'has'
    const message = `a block of ${header.common.hardfork()} ${has} a list of withdrawals`
    throw new InvalidBlockError('INVALID_WITHDRAWALS_ROOT', message)
  }
  return {
    header,
    transactions,
    summaries,
    uncles: uncles.map((uncle, index) => readHeader(walker, uncle, schedule, `uncle ${index}`)),
    unclesRlp: walker.bytes.subarray(uncleList.at, uncleList.end),
    ...withdrawalsOf(walker, withdrawalList),
  }
}

/**
 * Takes a header of its own apart.
 *
 * @throws InvalidBlockError INVALID_HEADER, UNKNOWN_HARDFORK
 */
export function decodeHeader(rlp: Uint8Array, schedule: Schedule): DecodedHeader {
  return readHeader(new Walker(rlp), { at: 0, end: rlp.length }, schedule, 'header')
}

/** The parent hash in the RLP of a header, of which nothing else is looked at. @throws FormatError */
export function readParentHash(rlp: Uint8Array): Uint8Array {
  const walker = new Walker(rlp)
  walker.enter(0, rlp.length)
  walker.walk(HASH, walker.start, rlp.length)
  return walker.bytes.slice(walker.start, walker.end)
}

/** What the engine needs of the uncles and withdrawals of a block. */
export function workInputOf(block: Pick<DecodedBlock, 'uncles' | 'withdrawalFields'>): BlockBodyWork {
  return workOf(
    block.uncles.map(({ fields }) => fields),
    block.withdrawalFields,
  )
}

/** RLP of the block without its transactions: what a worker needs besides them. */
export function encodeWork({ header, uncles, withdrawalFields }: DecodedBlock): Uint8Array {
  const lists = withdrawalFields === undefined ? [] : [withdrawalFields]
  return RLP.encode([header.fields, [], uncles.map(({ fields }) => fields), ...lists] as never)
}

/** Takes apart what encodeWork made. */
export function decodeWork(rlp: Uint8Array): { header: Uint8Array[] } & BlockBodyWork {
  const [header, , uncles, withdrawals] = RLP.decode(rlp) as [Uint8Array[], never, Uint8Array[][], Uint8Array[][]?]
  return { header, ...workOf(uncles, withdrawals) }
}

function workOf(uncles: readonly Uint8Array[][], withdrawals: readonly Uint8Array[][] = []): BlockBodyWork {
  return {
    uncles: uncles.map((fields) => ({ number: integer(fields[NUMBER]!), coinbase: fields[COINBASE]! })),
    withdrawals: withdrawals.map((fields) => ({
      address: fields[WITHDRAWAL_ADDRESS]!,
      amount: integer(fields[WITHDRAWAL_AMOUNT]!),
    })),
  }
}

/** Where a list lies with its length. */
interface List {
  at: number
  end: number
}

/** The items of the list in [at, end), which must all be lists. @throws FormatError */
function listsOf(walker: Walker, { at, end }: List = { at: 0, end: walker.bytes.length }): List[] {
  walker.enter(at, end)
  const lists: List[] = []
  for (let next = walker.start; next < end; next = walker.end) {
    const itemEnd = walker.item(next, end)
    if (!walker.isList) throw new FormatError('is a byte string, a list is wanted').under(`[${lists.length}]`)
    lists.push({ at: next, end: itemEnd })
  }
  return lists
}

function readHeader(walker: Walker, { at, end }: List, schedule: Schedule, what: string): DecodedHeader {
  try {
    walker.enter(at, end)
    const { start } = walker
    // The fields that every header has tell the hardfork, which knows of the others.
    walker.firstFields(COMMON_HEADER, start, end, true)
    const [number, timestamp] = [integer(walker.span(NUMBER)), integer(walker.span(TIMESTAMP))]
    const common = schedule.at(number, timestamp)
    const { header } = formatOf(common)
    what = `${what} of ${common.hardfork()}`
    walker.fields(header, start, end, true)
    const fields = header.fields.map((_, index) => walker.span(index))
    return { common, fields, bytes: walker.bytes.subarray(at, end), number, timestamp }
  } catch (error) {
    throw error instanceof FormatError ? new InvalidBlockError('INVALID_HEADER', `${what}: ${error.message}`) : error
  }
}

function scannedTransactions(
  { bytes }: Walker,
  { at, end }: List,
  format: BlockFormat,
  scan: ScanTransactions | undefined,
) {
  const words = scan?.(bytes.subarray(at, end), formatBytes(format))
  if (words === undefined) return undefined
  const transactions: Uint8Array[] = []
  const summaries: TransactionSummary[] = []
  const word = (record: number, field: number): number => words[(record + field) / 4] as number
  for (let record = 0; record < 4 * words.length; record += SCAN_SIZE) {
    const start = at + word(record, SCAN_OFFSET)
    transactions.push(bytes.subarray(start, start + word(record, SCAN_LENGTH)))
    const [low, high] = [word(record, SCAN_GAS_LIMIT), word(record, SCAN_GAS_LIMIT + 4)]
    const gasLimit = high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low)
    summaries.push({ type: word(record, SCAN_TYPE), gasLimit, blobs: word(record, SCAN_BLOBS) })
  }
  return { transactions, summaries }
}

function transactionsOf(walker: Walker, { at, end }: List, format: BlockFormat) {
  const transactions: Uint8Array[] = []
  const summaries: TransactionSummary[] = []
  malformed('the list of transactions', () => walker.enter(at, end))
  for (let next = walker.start; next < end; ) {
    try {
      const itemEnd = walker.item(next, end)
      // A legacy transaction is a list, a typed one the payload of a byte string (EIP-2718).
      const first = walker.isList ? next : walker.start
      if (!walker.isList && (walker.bytes[first] as number) >= FIRST_LIST)
        throw new FormatError('is a list in a byte string')
      summaries.push(readTransaction(walker, first, itemEnd, format))
      transactions.push(walker.bytes.subarray(first, itemEnd))
      next = itemEnd
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      const index = transactions.length
      const rule = error instanceof UnknownTypeError ? 'TRANSACTION_TYPE_NOT_ACTIVE' : 'MALFORMED_TRANSACTION'
      throw new InvalidBlockError('INVALID_TRANSACTION', `transaction ${index}, ${rule}: ${error.message}`, index)
    }
  }
  return { transactions, summaries }
}

function withdrawalsOf(walker: Walker, list: List | undefined) {
  if (list === undefined) return { withdrawals: undefined, withdrawalFields: undefined }
  const withdrawals: Uint8Array[] = []
  const withdrawalFields: Uint8Array[][] = []
  for (const { at, end } of malformed('the list of withdrawals', () => listsOf(walker, list))) {
    malformed(`withdrawal ${withdrawals.length}`, () => {
      walker.enter(at, end)
      walker.fields(WITHDRAWAL, walker.start, end, true)
    })
    withdrawals.push(walker.bytes.subarray(at, end))
    withdrawalFields.push(WITHDRAWAL.fields.map((_, index) => walker.span(index)))
  }
  return { withdrawals, withdrawalFields }
}

function malformed<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof FormatError ? new InvalidBlockError('MALFORMED_BLOCK', `${what}: ${error.message}`) : error
  }
}
