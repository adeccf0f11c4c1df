// Builds a block: transactions are executed in their order as those of a block are, and those that must not be in it, or find no
// room, are left out when their turn to commit comes.
// Decision 38 (docs/adr/0038-a-block-is-built-by-leaving-out.md).
import { RLP } from '@ethereumjs/rlp'
import { BlockRequest, groups, type MemoryView } from '../../abi/blockRequest.js'
import {
  BlockMode,
  FLAG_HOST,
  FLAG_RECEIPTS,
  O_KIND,
  O_REASON,
  OUTCOME_INVALID,
  Q_RECEIPTS,
  Q_TXS,
  ROOM_BLOB_GAS,
  ROOM_BYTES,
  ROOM_CLOSED,
  ROOM_GAS,
  ROOM_MOST,
  ROOM_SCANS,
  ROOM_SIZE,
  ROOM_STATE_GAS,
} from '../../abi/core.generated.js'
import { REFUSAL_REASONS, refusalText } from '../../abi/outcome.js'
import { ancestorHashes } from '../../block/ancestors.js'
import { type Header, headerOf } from '../../block/blockHeader.js'
import { readParts } from '../../block/coreBlock.js'
import { decodeHeader } from '../../block/decode.js'
import { checkAgainstParent, checkHeader } from '../../block/header.js'
import { sameBytes } from '../../bytes.js'
import { ParallevmError } from '../../errors.js'
import type { BlockCore } from '../../wasm/blockCore.js'
import { closeBlock } from '../../wasm/closeBlock.js'
import { memoryView } from '../../wasm/memoryView.js'
import { abortable } from '../abortable.js'
import type { BlockInput } from '../blockInput.js'
import { type BlockPlan, planBlock, type Wants } from '../blockPlan.js'
import { writeBlockRequest } from '../blockRequestOf.js'
import { resultOf } from '../blockResult.js'
import type { RunContext } from '../blockRun.js'
import { type Dispatch, runRequest } from '../dispatch.js'
import { InvalidOptionsError, WrongStateError } from '../errors.js'
import { hashing } from '../hashing.js'
import { lazily } from '../lazily.js'
import { outcomesOf } from '../outcomes.js'
import { abandon, settle } from '../settle.js'
import { endStages } from '../stats.js'
import { blockOf } from './blockOf.js'
import { type Draft, draftOf } from './draft.js'
import { listCandidates } from './listing.js'
import { type Built, withinList } from './listRoom.js'
import { inOrder } from './order.js'
import { seal, unsealed } from './seal.js'
import type { CheckedBuildOptions } from './shapes.js'
import type { BuiltBlock, Candidate, SkippedTransaction, UnsealedBlock } from './types.js'

/** Bytes of a block besides its transactions and withdrawals, at most: a header, and lengths of lists. */
const FRAME = 4096
/** Bytes of a withdrawal. */
const MOST_OF_WITHDRAWAL = 51
/** Of a transaction. */
const LEAST_GAS = 21_000n
const ANY = 2n ** 64n - 1n
/** Milliseconds: a timer of Node's counts no further. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * @param deadline on the clock of performance.now()
 * @throws InvalidOptionsError, InvalidBlockError when no valid block has such a header, what the state lacks as
 * BlockExecutor.execute, or the signal's reason: the state is then as before
 */
export async function runBuild(
  context: RunContext,
  transactions: readonly Uint8Array[],
  options: CheckedBuildOptions,
  deadline: number,
): Promise<BuiltBlock | UnsealedBlock> {
  const { state, chooser, closing } = context
  options.signal?.throwIfAborted()
  const wants = { root: options.root !== false, advance: options.keep === true }
  if (wants.advance && !wants.root) {
    throw new InvalidOptionsError('options.keep', 'a block without a state root is not sealed: no block can follow it')
  }
  const start = performance.now()
  const functions = hashing(state.block.core)
  const draft = draftOf(context, options, functions)
  const header = headerOf(decodeHeader(RLP.encode([...draft.fields.values()]), context.commons))
  state.own.checkKnown()
  state.catchUp()
  if (wants.root) await abortable(state.own.checkUnchanged(), closing)
  checkDraft(context, draft, header)
  if (chooser.choose(header.common).engine !== 'wasm') {
    const message = `blocks of ${header.common.hardfork()} are built by the engine wasm, which does not run here`
    throw new ParallevmError('UNSUPPORTED', message)
  }
  const hashes = ancestorHashes(header, [], knownHashes(context, draft, options.blockHashes))
  context.recent.complete(header, hashes)
  const prepared = { draft, header, hashes, wants }
  const { candidates, skipped } = await listCandidates(context, draft, header, transactions)
  const ordered = inOrder(candidates, options.order)
  try {
    const execution = (those: readonly Candidate[], again: boolean): Promise<Executed> =>
      execute(context, prepared, transactions, those, options, again ? Number.POSITIVE_INFINITY : deadline)
    const built = await withinList(header, ordered, execution, () => state.drop())
    skipped.push(...built.skipped)
    endStages(built.result.stats.ms, performance.now() - start)
    const { included, result } = built
    let ends: ReturnType<typeof seal> | ReturnType<typeof unsealed> | undefined
    await settle(state, result, built.plan, wants, closing, async () => {
      options.signal?.throwIfAborted()
      const own = included.map((index) => transactions[index] as Uint8Array)
      ends = (wants.root ? seal : unsealed)(draft, own, { ...functions, ...built })
    })
    const made = ends as NonNullable<typeof ends>
    const fees = () => outcomesOf(result).reduce((sum, { minerValue }) => sum + minerValue, 0n)
    if ('headerFields' in made) {
      // That of the parent, which it is executed with.
      Reflect.deleteProperty(result, 'hash')
      return lazily({ ...made, included, skipped, result }, { fees })
    }
    const { headerRlp, hash } = made
    Object.assign(result, { hash })
    if (wants.advance) {
      state.latest = { header: headerOf(decodeHeader(headerRlp, context.commons)), hash, blockHashes: hashes }
      context.recent.add(header, hash)
    }
    return lazily({ ...made, included, skipped, result }, { fees })
  } catch (error) {
    await abandon(state, error, wants, closing)
    throw error
  }
}

/** What can be said before anything is executed. @throws InvalidBlockError, WrongStateError */
function checkDraft({ state }: RunContext, { parent }: Draft, header: Header): void {
  checkHeader(header)
  if (parent.header === undefined) return
  checkAgainstParent(header, parent.header)
  const { root } = state
  if (root === undefined || sameBytes(root, parent.header.stateRoot)) return
  throw new WrongStateError(header.number, root, parent.header.stateRoot)
}

/** What is known of the block before its transactions. */
interface Prepared {
  draft: Draft
  header: Header
  /** For BLOCKHASH. */
  hashes: Map<bigint, Uint8Array>
  wants: Wants
}

/** Those that were given, and those that the parent knew where it is the last block. */
function knownHashes(
  { state }: RunContext,
  { parent }: Draft,
  given: [bigint, Uint8Array][] = [],
): [bigint, Uint8Array][] {
  const { latest } = state
  const isLast = latest !== undefined && latest.header.number === parent.header?.number
  return [...(isLast ? latest.blockHashes : []), ...given]
}

interface Executed extends Built {
  plan: BlockPlan
  /** Undefined where it is still to be made. */
  transactionsRoot: Uint8Array | undefined
}

/** Executes the candidates in their order; what is left in memory is the block of those that fit. */
async function execute(
  context: RunContext,
  { draft, header, hashes, wants }: Prepared,
  transactions: readonly Uint8Array[],
  ordered: readonly Candidate[],
  { signal }: CheckedBuildOptions,
  deadline: number,
): Promise<Executed> {
  const { state, pool, chooser, timeline, commons, closing } = context
  const { block: core } = state
  const bytes = blockOf(
    draft,
    ordered.map(({ index }) => transactions[index] as Uint8Array),
  )
  const place = state.places.open()
  try {
    const block = readParts(bytes, commons, place)
    const input: BlockInput = { bytes, block, header, hash: draft.parent.hash, parent: undefined, blockHashes: hashes }
    const senders = concatenated(ordered.map(({ sender }) => sender))
    const planned = planBlock(input, { senders, ...wants }, state.capabilities, pool.size, chooser)
    // A timer is heard by a thread that does not execute.
    const timed = deadline !== Number.POSITIVE_INFINITY || signal !== undefined
    const plan = timed && planned.host ? withoutHost(planned) : planned
    if (plan.root === 'core') state.openTries()
    const serial = state.begin()
    const parallel = plan.mode === 'parallel'
    const keys = plan.root === 'core' ? BlockMode.KEYS : 0
    core.blockBegin(
      block.count + 2,
      parallel ? plan.threads : 1,
      parallel ? BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER | keys : BlockMode.SEQUENTIAL,
    )
    if (parallel) core.setFeeRecipient(header.coinbase.bytes)
    const memory = place?.memory ?? memoryView(core)
    // Body and receipts are hashed meanwhile, until one is left out; where that is sure, when it is known whose they are.
    const whole = BigInt(ordered.length) * LEAST_GAS <= header.gasLimit
    const flags = whole ? plan.flags : plan.flags & ~FLAG_RECEIPTS
    const pointer = writeBlockRequest(memory, input, { ...plan, flags }, senders, whole, serial)
    const room = writeRoom(core, memory, header, draft, pointer)
    core.exports.setRoom(room)
    const stop = closer(core, room, deadline, signal)
    let reports: Dispatch['reports']
    try {
      reports = await runRequest(state, pool, plan, pointer, { spans: timeline.host })
    } finally {
      stop()
    }
    signal?.throwIfAborted()
    const left = leftOut(core, ordered)
    const places = memory.blockAlloc(4 * ordered.length + 4)
    const count = core.exports.keepExecuted(pointer, places)
    const included = [...memory.words(places, count)].map((at) => (ordered[at] as Candidate).index)
    const made = whole && count === ordered.length
    if (plan.receipts !== 'nothing' && !made) memory.words(pointer + Q_RECEIPTS, 1)[0] = groups(memory, count)
    const closed = closeBlock(core, pointer)
    const own: BlockInput = { ...input, block: { ...block, count } }
    const dispatched = { reports, request: new BlockRequest(memoryView(core), pointer), closed }
    const result = await resultOf(state, own, plan, dispatched, undefined, closing)
    return { result, plan, included, skipped: left, transactionsRoot: closed.transactionsRoot }
  } finally {
    timeline.host.to(undefined)
    place?.release()
  }
}

function withoutHost(plan: BlockPlan): BlockPlan {
  return { ...plan, host: false, flags: plan.flags & ~FLAG_HOST }
}

function concatenated(senders: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(20 * senders.length)
  for (const [index, sender] of senders.entries()) all.set(sender, 20 * index)
  return all
}

/** What the block has room for; the address. */
function writeRoom(
  { core: { view } }: BlockCore,
  memory: MemoryView,
  { common, gasLimit }: Header,
  { withdrawals = [] }: Draft,
  request: number,
): number {
  const at = memory.blockAlloc(ROOM_SIZE)
  memory.bytes(at, ROOM_SIZE).fill(0)
  const has = (eip: number): boolean => common.isActivatedEIP(eip)
  const blobs = has(4844) ? common.getBlobGasSchedule().maxBlobGasPerBlock : 0n
  const fixed = FRAME + MOST_OF_WITHDRAWAL * withdrawals.length
  const bytes = has(7934) ? common.param('maxRlpBlockSize') - BigInt(fixed) : ANY
  view.setBigUint64(at + ROOM_GAS, gasLimit, true)
  view.setBigUint64(at + ROOM_STATE_GAS, gasLimit, true)
  view.setBigUint64(at + ROOM_BLOB_GAS, blobs, true)
  view.setBigUint64(at + ROOM_BYTES, bytes > 0n ? bytes : 0n, true)
  view.setBigUint64(at + ROOM_MOST, has(8037) ? common.param('maxTransactionGasLimit') : ANY, true)
  view.setUint32(at + ROOM_SCANS, view.getUint32(request + Q_TXS, true), true)
  return at
}

/** Closes the block at its deadline, or when nobody wants it any more. To be called when it is over. */
function closer({ core: { memory } }: BlockCore, room: number, deadline: number, signal?: AbortSignal): () => void {
  const close = (): void => {
    Atomics.store(new Int32Array(memory.buffer), (room + ROOM_CLOSED) / 4, 1)
  }
  const left = deadline - performance.now()
  if (left <= 0) close()
  const timer = left > 0 && left < LONGEST_TIMER ? setTimeout(close, left) : undefined
  signal?.addEventListener('abort', close)
  if (signal?.aborted) close()
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', close)
  }
}

/** Why the others are left out, from their outcomes. */
function leftOut({ core, exports }: BlockCore, ordered: readonly Candidate[]): SkippedTransaction[] {
  const skipped: SkippedTransaction[] = []
  for (const [place, { index }] of ordered.entries()) {
    const at = exports.outcomeOf(place + 1) >>> 0
    if (at === 0 || core.bytes[at + O_KIND] !== OUTCOME_INVALID) continue
    const reason = REFUSAL_REASONS[core.bytes[at + O_REASON] as number] ?? 'INVALID_TRANSACTION'
    skipped.push({ index, reason, message: refusalText(core.bytes.subarray(at)) })
  }
  return skipped
}
