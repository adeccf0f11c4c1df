// The bytes of a block taken apart, and refused when they are not exactly of the format of its hardfork (block/format.ts).
import type { BlockHeader } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
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

/** RLP of the parts of a block besides its transactions. */
export interface WorkParts {
  header: Uint8Array
  uncles: Uint8Array
  /** Undefined when the hardfork has none. */
  withdrawals: Uint8Array | undefined
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
  /** RLP of the list of them. */
  withdrawalsRlp: Uint8Array | undefined
}

const MAX_UNCLES = 2

/**
 * Takes the RLP of [header, transactions, uncles, withdrawals?] apart. The parts are views of the bytes.
 *
 * @throws InvalidBlockError MALFORMED_BLOCK, INVALID_HEADER, INVALID_TRANSACTION, INVALID_UNCLES, INVALID_WITHDRAWALS_ROOT,
 * UNKNOWN_HARDFORK
 */
export function decodeBlock(blockRlp: Uint8Array, schedule: Schedule): DecodedBlock {
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
  const { transactions, summaries } = transactionsOf(walker, transactionList, format)
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
export function workInputOf({ uncles, withdrawalFields }: DecodedBlock): BlockBodyWork {
  return { uncles: uncles.map(uncleWork), withdrawals: withdrawalWork(withdrawalFields) }
}

/** What the block's own work needs of an uncle. */
export function uncleWork({ fields }: Pick<DecodedHeader, 'fields'>): BlockBodyWork['uncles'][number] {
  return { number: integer(fields[NUMBER]!), coinbase: fields[COINBASE]! }
}

/** What it needs of withdrawals. */
export function withdrawalWork(withdrawals: readonly Uint8Array[][] = []): BlockBodyWork['withdrawals'] {
  return withdrawals.map((fields) => ({
    address: fields[WITHDRAWAL_ADDRESS]!,
    amount: integer(fields[WITHDRAWAL_AMOUNT]!),
  }))
}

/** The same from the RLP of the block's parts, which were read before. */
export function decodeWork({ header, uncles, withdrawals }: WorkParts): { header: Uint8Array[] } & BlockBodyWork {
  const lists = (rlp: Uint8Array): Uint8Array[][] => RLP.decode(rlp) as Uint8Array[][]
  return {
    header: RLP.decode(header) as Uint8Array[],
    uncles: lists(uncles).map((fields) => uncleWork({ fields })),
    withdrawals: withdrawalWork(withdrawals && lists(withdrawals)),
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
  if (list === undefined) return { withdrawals: undefined, withdrawalFields: undefined, withdrawalsRlp: undefined }
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
  return { withdrawals, withdrawalFields, withdrawalsRlp: walker.bytes.subarray(list.at, list.end) }
}

function malformed<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof FormatError ? new InvalidBlockError('MALFORMED_BLOCK', `${what}: ${error.message}`) : error
  }
}
