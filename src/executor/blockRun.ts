import { type BlockHeader, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import {
  BlockRequest,
  FLAG_ASYNC,
  FLAG_HOST,
  FLAG_ROOT,
  FLAG_SEQUENTIAL,
  FLAG_TX_ROOTS,
  writeRequest,
} from '../abi/blockRequest.js'
import { Status } from '../abi/exports.js'
import { decodeOutcome } from '../abi/outcome.js'
import { encodedTransaction, type TransactionFacts } from '../block/body.js'
import {
  acceptOutcomes,
  checkBody,
  checkResult,
  type ExecutionResult,
  receiptsRootOf,
  requestsOf,
  transactionFacts,
} from '../block/checks.js'
import type { ChainCommons } from '../block/common.js'
import { blockRecordsOf } from '../block/coreRecords.js'
import { type DecodedBlock, decodeBlock, workInputOf } from '../block/decode.js'
import { checkAgainstParent, checkHeader, checkUncles, decodeHeader } from '../block/header.js'
import { buildReceipts } from '../block/receipts.js'
import { ParallevmError } from '../errors.js'
import { runReference } from '../reference/reference.js'
import type { StagedState } from '../sources/source.js'
import type { BlockResult, StateDiff } from '../types.js'
import { BlockMode, MissingStateError } from '../wasm/blockCore.js'
import { memoryView } from '../wasm/memoryView.js'
import { rootResult } from '../wasm/stateRoot.js'
import type { WorkerPool } from '../workers/pool.js'
import { baseReader } from './baseReader.js'
import { compareResults } from './compare.js'
import type { EngineChooser } from './engineChoice.js'
import { hashing } from './hashing.js'
import type { ExecuteOptions, VerifyMode } from './options.js'
import { hostTakesPart, runsInParallel } from './plan.js'
import type { SharedState } from './sharedState.js'
import { type Dispatch, statsOf } from './stats.js'
import { failureError } from './workerFailure.js'

/** Code given to blockFail when a worker died. */
const FAILED_BY_DEATH = 102

/** A block that was executed but neither kept nor dropped. */
interface Executed {
  result: BlockResult
  senders: Uint8Array[]
  /** Of a source that keeps its state itself. */
  staged?: StagedState
}

/** One block on its way through the executor. */
export class BlockRun {
  readonly #state: SharedState
  readonly #pool: WorkerPool
  readonly #commons: ChainCommons
  readonly #chooser: EngineChooser
  readonly #verify: VerifyMode

  constructor(state: SharedState, pool: WorkerPool, commons: ChainCommons, chooser: EngineChooser, verify: VerifyMode) {
    this.#state = state
    this.#pool = pool
    this.#commons = commons
    this.#chooser = chooser
    this.#verify = verify
  }

  async execute(bytes: Uint8Array, options: ExecuteOptions): Promise<BlockResult> {
    const start = performance.now()
    const block = decodeBlock(bytes)
    const common = this.#commons.at(block.number, block.timestamp)
    const header = decodeHeader(block.header, common)
    if (this.#verify !== 'none') this.#checkInput(header, block, bytes.length, options)
    const facts = transactionFacts(header, block.transactions)
    const first =
      this.#verify === 'sequential'
        ? await this.#once(header, block, facts, { ...options, mode: 'sequential' }, start)
        : undefined
    if (first !== undefined) await this.#drop(first)

    const executed = await this.#once(header, block, facts, options, start)
    try {
      const verifying = performance.now()
      await this.#check(header, bytes, options, executed, first)
      executed.result.stats.ms.verify = performance.now() - verifying
    } catch (error) {
      await this.#drop(executed)
      throw error
    }
    if (options.advance === false) await this.#drop(executed)
    else await this.#keep(executed)
    executed.result.stats.ms.total = performance.now() - start
    return executed.result
  }

  #checkInput(header: BlockHeader, block: DecodedBlock, size: number, options: ExecuteOptions): void {
    const { common } = header
    checkHeader(header)
    checkBody(header, block, size, hashing(this.#state.block.core))
    const headerOf = (fields: Uint8Array[]): BlockHeader =>
      createBlockHeaderFromBytesArray(fields as never, {
        common: this.#commons.at(toBigInt(fields[8]), toBigInt(fields[11])),
        skipConsensusFormatValidation: true,
      })
    const ancestors = (options.parentHeaders ?? []).map((rlp) => headerOf(RLP.decode(rlp) as Uint8Array[]))
    if (ancestors[0] !== undefined) checkAgainstParent(header, ancestors[0])
    if (block.uncles.length > 0 || common.hardfork() === 'chainstart') {
      checkUncles(header, block.uncles.map(headerOf), ancestors)
    }
  }

  /** Executes the block, up to its result. What it leaves in memory is dropped when this throws. */
  async #once(
    header: BlockHeader,
    block: DecodedBlock,
    facts: TransactionFacts[],
    options: ExecuteOptions,
    start: number,
  ): Promise<Executed> {
    const { common } = header
    const count = block.transactions.length
    const wantsRoot = options.root !== false
    // Before Byzantium a receipt holds the state root after its transaction (EIP-658): block order, one at a time.
    const statusReceipts = common.gteHardfork('byzantium')
    const txRoots = wantsRoot && !statusReceipts
    if (txRoots && this.#state.source.kind === 'async') {
      throw new ParallevmError(
        'UNSUPPORTED',
        `block ${header.number}: receipts before Byzantium hold a state root for each transaction, which a state manager ` +
          'source cannot give; use a witness or a memory state, or root: false',
      )
    }
    const inCore = this.#chooser.choose(common).engine === 'wasm'
    const shape = { transactions: count, gasUsed: header.gasUsed, senders: options.senders, inCore }
    const parallel = !txRoots && runsInParallel(options.mode ?? 'auto', shape, this.#pool.size)
    // The tries of a witness cannot be made anew from what is in memory: they must advance with the state.
    const tied = this.#state.source.kind === 'witness' && options.advance !== false
    const rootInWorkers = (wantsRoot || tied) && this.#state.source.kind !== 'async'
    if (rootInWorkers) this.#state.openTries()
    const here =
      inCore && !txRoots && this.#state.source.kind !== 'async' && hostTakesPart(header.gasUsed || header.gasLimit)
    const flags =
      (parallel ? 0 : FLAG_SEQUENTIAL) |
      (here ? FLAG_HOST : 0) |
      (txRoots ? FLAG_TX_ROOTS : 0) |
      (rootInWorkers ? FLAG_ROOT : 0) |
      (this.#state.source.kind === 'async' ? FLAG_ASYNC : 0)

    let complete = false
    try {
      const dispatch = await this.#dispatch(header, block, options, parallel, flags)
      const executed = performance.now()
      const { request } = dispatch
      const diff = await this.#difference(rootInWorkers)
      const outcomes = Array.from({ length: count + 2 }, (_, index) => this.#outcome(index))
      const accepted = acceptOutcomes(header, facts, outcomes)
      const { keccak256, orderedRoot } = hashing(this.#state.block.core)
      const roots = txRoots ? Array.from({ length: count }, (_, i) => this.#read(request.txRootAt(i), 32)) : undefined
      const types = facts.map(({ type }) => type)
      const built = buildReceipts(
        accepted.executed,
        types,
        keccak256,
        statusReceipts ? undefined : (roots ?? zeros(count)),
      )
      const requests = requestsOf(common, built.receipts, accepted.requests)
      const receiptsRoot = statusReceipts || txRoots ? receiptsRootOf(built.receipts, orderedRoot) : undefined
      const receipted = performance.now()
      const staged = wantsRoot ? await this.#state.source.stage?.(diff) : undefined
      const stateRoot = staged?.root ?? (rootInWorkers ? rootResult(this.#state.block.core) : undefined)
      const result: BlockResult = {
        number: header.number,
        hash: header.hash(),
        ...built,
        stateDiff: diff,
        stats: statsOf(this.#state.block, dispatch, parallel, this.#chooser.choose(common)),
        ...(receiptsRoot && { receiptsRoot }),
        ...(stateRoot && { stateRoot }),
        ...(requests && { requests }),
      }
      result.stats.ms.prepare += dispatch.started - start
      result.stats.ms.receipts = receipted - executed
      result.stats.ms.root += performance.now() - receipted
      complete = true
      return {
        result,
        senders: Array.from({ length: count }, (_, i) => request.sender(i)),
        ...(staged && { staged }),
      }
    } finally {
      if (!complete) this.#state.drop()
    }
  }

  async #dispatch(
    header: BlockHeader,
    block: DecodedBlock,
    options: ExecuteOptions,
    parallel: boolean,
    flags: number,
  ): Promise<Dispatch> {
    const core = this.#state.block
    this.#state.failure = undefined
    const pointer = this.#prepare(header, block, options, parallel, flags)
    // In order one thread executes; the others only help with senders and the root.
    const alone = !parallel && options.senders !== undefined && !(flags & FLAG_ROOT)
    const threads = alone ? 1 : this.#pool.size
    const started = performance.now()
    let reports: Dispatch['reports']
    try {
      const abort = (): void => {
        core.exports.blockFail(FAILED_BY_DEATH)
        core.exports.rootAbort(Status.OUT_OF_SPACE)
      }
      const host = flags & FLAG_HOST ? await this.#state.host() : undefined
      const workers = this.#pool.run(pointer, host === undefined ? threads : threads - 1, abort)
      reports = host === undefined ? await workers : [await host.run(pointer), ...(await workers)]
    } catch (error) {
      // All threads that could touch the memory are gone or newly started: locks of the dead ones are freed.
      core.exports.recover()
      throw error
    }
    const failed = reports.find(({ failure }) => failure !== undefined)?.failure
    if (this.#state.failure !== undefined) throw this.#state.failure
    if (failed !== undefined) throw failureError(failed)
    const code = core.exports.blockFailure()
    if (code === Status.MISSING) throw this.#state.missingError()
    if (code !== 0) core.check(code, 'the state before the block')
    const request = new BlockRequest(memoryView(core), pointer)
    return { reports, request, started, wall: performance.now() - started }
  }

  /** Begins the block in the core and writes its request; a pointer. */
  #prepare(
    header: BlockHeader,
    block: DecodedBlock,
    options: ExecuteOptions,
    parallel: boolean,
    flags: number,
  ): number {
    const core = this.#state.block
    const mode = parallel ? BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER : BlockMode.SEQUENTIAL
    core.blockBegin(block.transactions.length + 2, parallel ? this.#pool.size : 1, mode)
    if (parallel) core.setFeeRecipient(header.coinbase.bytes)
    const blockHashes = blockHashesOf(header, options)
    const inCore = this.#chooser.choose(header.common).engine === 'wasm'
    return writeRequest(memoryView(core), {
      transactions: block.transactions.map(encodedTransaction),
      ...(options.senders && { senders: options.senders }),
      block: RLP.encode([block.header, [], block.uncles, ...(block.withdrawals ? [block.withdrawals] : [])] as never),
      blockHashes,
      hardfork: header.common.hardfork(),
      flags,
      ...(inCore && { records: blockRecordsOf({ header, ...workInputOf(block) }, blockHashes) }),
    })
  }

  /** The state difference; for an asynchronous source what it depends on is fetched first. */
  async #difference(made: boolean): Promise<StateDiff> {
    const { block, source } = this.#state
    if (!made) {
      for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff()) {
        if (source.kind !== 'async') throw new MissingStateError(missing)
        await this.#state.load(missing)
      }
    }
    return block.readDiff()
  }

  #outcome(index: number) {
    const bytes = this.#state.block.outcome(index)
    if (bytes === undefined) throw new ParallevmError('ENGINE_FAILED', `transaction ${index} left no outcome`)
    return decodeOutcome(bytes)
  }

  #read(pointer: number, length: number): Uint8Array {
    return this.#state.block.core.read(pointer, length)
  }

  async #check(
    header: BlockHeader,
    bytes: Uint8Array,
    options: ExecuteOptions,
    { result, senders }: Executed,
    sequential: Executed | undefined,
  ): Promise<void> {
    if (this.#verify === 'none') return
    if (result.receiptsRoot !== undefined) checkResult(header, result as ExecutionResult)
    if (sequential !== undefined) compareResults(result, sequential.result, 'sequential')
    if (this.#verify !== 'ethereumjs') return
    const blockHashes = blockHashesOf(header, options)
    const reference = await runReference(bytes, baseReader(this.#state.block), {
      rules: this.#commons.rules,
      senders,
      blockHashes,
    })
    compareResults(result, reference, 'ethereumjs')
  }

  async #keep({ staged, result }: Executed): Promise<void> {
    if (staged === undefined && this.#state.source.stage !== undefined) {
      const late = await this.#state.source.stage(this.#state.block.readDiff())
      await late.keep()
    }
    await staged?.keep()
    this.#state.keep(result.stateRoot !== undefined)
  }

  async #drop({ staged }: Executed): Promise<void> {
    this.#state.drop()
    await staged?.drop()
  }
}

/** Hashes that BLOCKHASH can ask for: those given, those of the ancestors given, and the parent's from the header. */
function blockHashesOf(header: BlockHeader, { blockHashes, parentHeaders }: ExecuteOptions): Map<bigint, Uint8Array> {
  const hashes = new Map(blockHashes)
  let child = header.parentHash
  let number = header.number - 1n
  for (const rlp of parentHeaders ?? []) {
    hashes.set(number, child)
    child = (RLP.decode(rlp) as Uint8Array[])[0] as Uint8Array
    number--
  }
  if (number >= 0n) hashes.set(number, child)
  return hashes
}

function zeros(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => new Uint8Array(32))
}

function toBigInt(bytes: Uint8Array | undefined): bigint {
  return BigInt(`0x${Buffer.from(bytes ?? []).toString('hex') || '0'}`)
}
