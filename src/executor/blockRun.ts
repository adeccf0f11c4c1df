import { BlockRequest, writeRequest } from '../abi/blockRequest.js'
import {
  BlockMode,
  FLAG_ASYNC,
  FLAG_HOST,
  FLAG_ROOT,
  FLAG_SEQUENTIAL,
  FLAG_TX_ROOTS,
  Status,
} from '../abi/core.generated.js'
import { decodeOutcome } from '../abi/outcome.js'
import { sameBytes } from '../block/bytes.js'
import { acceptOutcomes, checkResult, type ExecutionResult, receiptsRootOf, requestsOf } from '../block/checks.js'
import type { ChainCommons } from '../block/common.js'
import { blockRecordsOf } from '../block/coreRecords.js'
import { encodeWork, workInputOf } from '../block/decode.js'
import { buildReceipts } from '../block/receipts.js'
import { ParallevmError } from '../errors.js'
import { type ReferenceResult, runReference } from '../reference/reference.js'
import { isOfSource, StateChangedError } from '../sources/errors.js'
import type { BlockResult, StateDiff } from '../types.js'
import { memoryView } from '../wasm/memoryView.js'
import { rootResult } from '../wasm/stateRoot.js'
import type { WorkerPool } from '../workers/pool.js'
import { abortable } from './abortable.js'
import { BaseReader } from './baseReader.js'
import { type BlockInput, readInput } from './blockInput.js'
import { compareResults } from './compare.js'
import type { EngineChooser } from './engineChoice.js'
import { WrongStateError } from './errors.js'
import { hashing } from './hashing.js'
import type { CheckedExecuteOptions } from './optionShapes.js'
import type { VerifyMode } from './options.js'
import { hostTakesPart, runsInParallel } from './plan.js'
import type { SharedState } from './sharedState.js'
import { type Dispatch, endStages, statsOf } from './stats.js'
import { failureError } from './workerFailure.js'

/** Code given to blockFail when a worker died. */
const FAILED_BY_DEATH = 102

/** A block that was executed but neither kept nor dropped. */
interface Executed {
  result: BlockResult
  senders: Uint8Array[]
  /** The core made the tries after the block. */
  rootMade: boolean
}

/** One block on its way through the executor. */
export class BlockRun {
  readonly #state: SharedState
  readonly #pool: WorkerPool
  readonly #commons: ChainCommons
  readonly #chooser: EngineChooser
  readonly #verify: VerifyMode
  /** Aborted when the executor is closed. */
  readonly #closing: AbortSignal

  constructor(
    state: SharedState,
    pool: WorkerPool,
    commons: ChainCommons,
    chooser: EngineChooser,
    verify: VerifyMode,
    closing: AbortSignal,
  ) {
    this.#state = state
    this.#pool = pool
    this.#commons = commons
    this.#chooser = chooser
    this.#verify = verify
    this.#closing = closing
  }

  async execute(bytes: Uint8Array, options: CheckedExecuteOptions): Promise<BlockResult> {
    const start = performance.now()
    const input = readInput(bytes, options, this.#commons, hashing(this.#state.block.core), this.#verify)
    const { own } = this.#state
    own.checkKnown()
    const wantsRoot = options.root !== false
    if (wantsRoot) await this.#abortable(own.checkUnchanged())
    this.#checkState(input, wantsRoot)
    try {
      const { result, rootMade } = await this.#executeChecked(input, bytes, options)
      if (options.advance === false) this.#state.drop()
      else this.#state.keep(result.stateRoot, rootMade)
      endStages(result.stats.ms, performance.now() - start)
      return result
    } catch (error) {
      this.#state.drop()
      if (wantsRoot && !isOfSource(error)) await this.#blameChange(error)
      throw error
    }
  }

  /** Before anything of the state is believed: is it the one after the parent? @throws WrongStateError */
  #checkState({ header, parent }: BlockInput, wantsRoot: boolean): void {
    const { source } = this.#state
    if (parent === undefined) return
    if (source.kind === 'memory' && this.#verify !== 'none' && wantsRoot) this.#state.openTries()
    const { root } = this.#state
    if (root === undefined || sameBytes(root, parent.stateRoot)) return
    // Only a witness comes from somebody who need not be trusted; other states are the caller's own.
    if (source.kind === 'witness' || this.#verify !== 'none') {
      throw new WrongStateError(header.number, root, parent.stateRoot)
    }
  }

  /** Up to where only the state in memory has to be kept or dropped. @throws with the source as it was before, or lost */
  async #executeChecked(input: BlockInput, bytes: Uint8Array, options: CheckedExecuteOptions): Promise<Executed> {
    const { own } = this.#state
    const begun = performance.now()
    let first: Executed | undefined
    if (this.#verify === 'sequential') {
      first = await this.#once(input, { ...options, mode: 'sequential' })
      this.#state.drop()
    }
    const again = performance.now()
    const executed = await this.#once(input, options)
    const { result } = executed
    const { ms } = result.stats
    const staging = performance.now()
    const advance = options.advance !== false
    const wantsRoot = options.root !== false
    let staged = wantsRoot ? await own.stage(result.stateDiff, true) : undefined
    try {
      if (staged?.root !== undefined) result.stateRoot = staged.root
      const verifying = performance.now()
      ms.root += verifying - staging
      await this.#check(input, bytes, executed, first)
      ms.verify = performance.now() - verifying + (again - begun)
      this.#closing.throwIfAborted()
      if (advance && !wantsRoot) staged = await own.stage(result.stateDiff, false)
      this.#closing.throwIfAborted()
    } catch (error) {
      await own.drop(staged, error)
      throw error
    }
    if (advance) await own.keep(staged)
    else await own.drop(staged)
    return executed
  }

  /** A state that somebody else has changed makes valid blocks look invalid. @throws StateChangedError */
  async #blameChange(cause: unknown): Promise<void> {
    try {
      await this.#abortable(this.#state.own.checkUnchanged(cause))
    } catch (error) {
      if (error instanceof StateChangedError) throw error
    }
  }

  #abortable<T>(promise: Promise<T>): Promise<T> {
    return abortable(promise, this.#closing)
  }

  /** Executes the block, up to its result. What it leaves in memory is to be dropped, also when this throws. */
  async #once(input: BlockInput, options: CheckedExecuteOptions): Promise<Executed> {
    const { header, block, hash } = input
    const { common } = header
    const { facts } = block
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

    const dispatch = await this.#dispatch(input, options, parallel, flags)
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
    const stateRoot = rootInWorkers ? rootResult(this.#state.block.core) : undefined
    const result: BlockResult = {
      number: header.number,
      hash,
      ...built,
      stateDiff: diff,
      stats: statsOf(this.#state.block, dispatch, parallel, this.#chooser.choose(common)),
      ...(receiptsRoot && { receiptsRoot }),
      ...(stateRoot && { stateRoot }),
      ...(requests && { requests }),
    }
    result.stats.ms.receipts = receipted - executed
    const senders = Array.from({ length: count }, (_, i) => request.sender(i))
    return { result, senders, rootMade: stateRoot !== undefined }
  }

  async #dispatch(
    input: BlockInput,
    options: CheckedExecuteOptions,
    parallel: boolean,
    flags: number,
  ): Promise<Dispatch> {
    const core = this.#state.block
    const { reads } = this.#state
    const pointer = this.#prepare(input, options, parallel, flags, reads.begin())
    // In order one thread executes; the others only help with senders and the root.
    const alone = !parallel && options.senders !== undefined && !(flags & FLAG_ROOT)
    const threads = alone ? 1 : this.#pool.size
    let reports: Dispatch['reports']
    try {
      const abort = (): void => {
        core.exports.blockFail(FAILED_BY_DEATH)
        core.exports.rootAbort(Status.OUT_OF_SPACE)
      }
      const host = flags & FLAG_HOST ? await this.#state.host() : undefined
      const workers = this.#pool.run(pointer, host === undefined ? threads : threads - 1, abort)
      // Awaited below: it must not count as unhandled while the host's thread is still busy.
      workers.catch(() => {})
      reports = host === undefined ? await workers : [await host.run(pointer), ...(await workers)]
    } catch (error) {
      // All threads that could touch the memory are gone or newly started: locks of the dead ones are freed.
      core.exports.recover()
      throw error
    }
    const failed = reports.find(({ failure }) => failure !== undefined)?.failure
    if (reads.failure !== undefined) throw reads.failure
    if (failed?.missing !== undefined) throw this.#state.missingError(failed.missing)
    if (failed !== undefined) throw failureError(failed)
    const code = core.exports.blockFailure()
    if (code === Status.MISSING) throw this.#state.missingError(this.#state.frontMissing())
    if (code !== 0) core.check(code, 'the state before the block')
    const request = new BlockRequest(memoryView(core), pointer)
    return { reports, request }
  }

  /** Begins the block in the core and writes its request; a pointer. */
  #prepare(
    { header, block, blockHashes }: BlockInput,
    options: CheckedExecuteOptions,
    parallel: boolean,
    flags: number,
    serial: number,
  ): number {
    const core = this.#state.block
    const mode = parallel ? BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER : BlockMode.SEQUENTIAL
    core.blockBegin(block.transactions.length + 2, parallel ? this.#pool.size : 1, mode)
    if (parallel) core.setFeeRecipient(header.coinbase.bytes)
    const inCore = this.#chooser.choose(header.common).engine === 'wasm'
    return writeRequest(memoryView(core), {
      transactions: block.transactions,
      ...(options.senders && { senders: options.senders }),
      block: encodeWork(block),
      blockHashes,
      hardfork: header.common.hardfork(),
      flags,
      serial,
      ...(inCore && { records: blockRecordsOf({ header, ...workInputOf(block) }, blockHashes) }),
    })
  }

  /** The state difference; for an asynchronous source what it depends on is fetched first. */
  async #difference(made: boolean): Promise<StateDiff> {
    const { block, source } = this.#state
    if (!made) {
      for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff()) {
        if (source.kind !== 'async') throw this.#state.missingError(missing)
        await this.#abortable(this.#state.reads.load(missing))
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
    input: BlockInput,
    bytes: Uint8Array,
    { result, senders }: Executed,
    sequential: Executed | undefined,
  ): Promise<void> {
    if (this.#verify === 'none') return
    if (result.receiptsRoot !== undefined) checkResult(input.header, result as ExecutionResult)
    if (sequential !== undefined) compareResults(result, sequential.result, 'sequential')
    if (this.#verify !== 'ethereumjs') return
    compareResults(result, await this.#reference(input, bytes, senders), 'ethereumjs')
  }

  /** Plain @ethereumjs/vm may read what the engine had no need of: it is fetched, and the reference begins again. */
  async #reference({ blockHashes }: BlockInput, bytes: Uint8Array, senders: Uint8Array[]): Promise<ReferenceResult> {
    const { block, source, reads } = this.#state
    for (;;) {
      const reader = new BaseReader(block)
      let result: ReferenceResult | undefined
      let failure: unknown
      try {
        result = await runReference(bytes, reader, { rules: this.#commons.rules, senders, blockHashes })
      } catch (error) {
        failure = error
      }
      if (reader.missing === undefined) {
        if (result === undefined) throw failure
        return result
      }
      const { missing } = reader.missing
      if (source.kind !== 'async' || missing === undefined) throw reader.missing
      await this.#abortable(reads.load(missing))
    }
  }
}

function zeros(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => new Uint8Array(32))
}
