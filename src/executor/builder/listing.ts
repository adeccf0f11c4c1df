// What candidates are, before any is executed: decoded, and their senders recovered, on all threads.
import {
  BlockMode,
  FLAG_CORE,
  FLAG_HOST,
  FLAG_LISTS,
  Q_RECORDS,
  Q_SENDER_WORDS,
  Q_SENDERS,
  R_BLOB_COUNT,
  R_GAS_LIMIT,
  R_MAX_FEE,
  R_NONCE,
  R_PRIORITY_FEE,
  R_TYPE,
  SENDER_KNOWN,
} from '../../abi/core.generated.js'
import { getWord } from '../../abi/word256.js'
import { type Header, headerOf } from '../../block/blockHeader.js'
import { type ReadBlock, readParts } from '../../block/coreBlock.js'
import { InvalidBlockError } from '../../block/errors.js'
import { type BlockFormat, formatOf } from '../../block/format.js'
import { readTransaction, UnknownTypeError } from '../../block/readTransaction.js'
import { FormatError, Walker } from '../../block/rlp.js'
import { memoryView } from '../../wasm/memoryView.js'
import type { BlockPlace } from '../../wasm/readBlock.js'
import { writeBlockRequest } from '../blockRequestOf.js'
import type { RunContext } from '../blockRun.js'
import { runRequest } from '../dispatch.js'
import { blockOf, isWhole, sizeOfList } from './blockOf.js'
import type { Draft } from './draft.js'
import type { Candidate, SkippedTransaction } from './types.js'

export interface Listed {
  candidates: Candidate[]
  skipped: SkippedTransaction[]
}

/** @throws OutOfSpaceError, WorkerFailedError, InvalidBlockError when the header cannot be one */
export async function listCandidates(
  context: RunContext,
  draft: Draft,
  { common }: Header,
  transactions: readonly Uint8Array[],
): Promise<Listed> {
  const skipped: SkippedTransaction[] = []
  const place = context.state.places.open()
  try {
    const read =
      readAll(context, draft, transactions, place) ?? readFine(context, draft, common, transactions, place, skipped)
    const candidates = read.indexes.length === 0 ? [] : await runListing(context, read, place, skipped)
    return { candidates, skipped }
  } finally {
    place?.release()
  }
}

/** Candidates as a block, and which those are. */
interface Read {
  bytes: Uint8Array
  block: ReadBlock
  indexes: readonly number[]
}

type Place = BlockPlace | undefined

/** All of them, the core judging what they are; undefined where something is wrong, which it does not tell. */
function readAll(
  { commons }: RunContext,
  draft: Draft,
  transactions: readonly Uint8Array[],
  place: Place,
): Read | undefined {
  if (!transactions.every(endsWithList)) return undefined
  const bytes = blockOf(draft, transactions)
  try {
    const block = readParts(bytes, commons, place)
    return { bytes, block, indexes: Array.from(transactions.keys()) }
  } catch (error) {
    if (error instanceof InvalidBlockError) return undefined
    throw error
  }
}

/** Whether what looks like a list is one, and no more: else it would take from its neighbours, or give them something. */
function endsWithList(bytes: Uint8Array): boolean {
  return !isWhole(bytes) || (bytes.length > 1 && sizeOfList(bytes) === bytes.length)
}

/** Those with which nothing is wrong; the others are told. */
function readFine(
  { commons }: RunContext,
  draft: Draft,
  common: Header['common'],
  transactions: readonly Uint8Array[],
  place: Place,
  skipped: SkippedTransaction[],
): Read {
  const format = formatOf(common)
  const indexes: number[] = []
  for (const [index, bytes] of transactions.entries()) {
    const problem = problemOf(bytes, format)
    if (problem === undefined) indexes.push(index)
    else skipped.push({ index, ...problem })
  }
  const bytes = blockOf(
    draft,
    indexes.map((index) => transactions[index] as Uint8Array),
  )
  return { bytes, block: readParts(bytes, commons, place), indexes }
}

/** What is wrong with the bytes of a transaction. */
function problemOf(bytes: Uint8Array, format: BlockFormat): Omit<SkippedTransaction, 'index'> | undefined {
  try {
    readTransaction(new Walker(bytes), 0, bytes.length, format)
    return undefined
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const reason = error instanceof UnknownTypeError ? 'TRANSACTION_TYPE_NOT_ACTIVE' : 'MALFORMED_TRANSACTION'
    return { reason, message: error.message }
  }
}

async function runListing(
  { state, pool, timeline }: RunContext,
  { bytes, block, indexes }: Read,
  place: Place,
  skipped: SkippedTransaction[],
): Promise<Candidate[]> {
  const header = headerOf(block.header)
  const input = { bytes, block, header, hash: bytes, parent: undefined, blockHashes: new Map() }
  const { block: core } = state
  const host = !state.capabilities.fetches
  const plan = {
    host,
    threads: pool.size,
    engine: 'wasm' as const,
    flags: FLAG_CORE | FLAG_LISTS | (host ? FLAG_HOST : 0),
  }
  const serial = state.begin()
  try {
    core.blockBegin(block.count + 2, pool.size, BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER)
    const memory = place?.memory ?? memoryView(core)
    const pointer = writeBlockRequest(memory, input, plan, undefined, false, serial)
    await runRequest(state, pool, plan, pointer, { spans: timeline.host })
    return readListing(state, pointer, indexes, header.baseFeePerGas ?? 0n, skipped)
  } finally {
    timeline.host.to(undefined)
    state.drop()
  }
}

function readListing(
  { block: { core } }: RunContext['state'],
  pointer: number,
  indexes: readonly number[],
  baseFee: bigint,
  skipped: SkippedTransaction[],
): Candidate[] {
  const { view } = core
  const [records, senders, words] = [Q_RECORDS, Q_SENDERS, Q_SENDER_WORDS].map((at) => core.u32(pointer + at)) as [
    number,
    number,
    number,
  ]
  const candidates: Candidate[] = []
  const all = core.read(senders, 20 * indexes.length)
  for (const [place, index] of indexes.entries()) {
    const record = core.u32(records + 4 * place)
    if (core.u32(words + 4 * place) !== SENDER_KNOWN) {
      skipped.push({ index, reason: 'MALFORMED_TRANSACTION', message: 'its signature recovers to no address' })
      continue
    }
    const type = core.u32(record + R_TYPE)
    const maxFeePerGas = getWord(view, record + R_MAX_FEE)
    const most = maxFeePerGas - baseFee
    const priority = type < 2 ? most : getWord(view, record + R_PRIORITY_FEE)
    candidates.push({
      index,
      type,
      sender: all.subarray(20 * place, 20 * place + 20),
      nonce: view.getBigUint64(record + R_NONCE, true),
      gasLimit: view.getBigUint64(record + R_GAS_LIMIT, true),
      maxFeePerGas,
      effectiveTip: priority < most ? priority : most,
      blobs: core.u32(record + R_BLOB_COUNT),
    })
  }
  return candidates
}
