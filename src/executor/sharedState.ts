import { randomBytes } from 'node:crypto'
import { ParallevmError } from '../errors.js'
import type { BaseWriter, StateSource } from '../sources/source.js'
import { BlockCore, type Missing, MissingStateError, Source } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import type { WasmMemory } from '../wasm/host.js'
import { hostPrecompile } from '../wasm/hostPrecompile.js'
import { compile, createMemory, instantiate } from '../wasm/instance.js'
import { adoptRoot, dropRoot, openWitness, prepareRootFromBase, rootResult, rootWork } from '../wasm/stateRoot.js'
import { addWitness } from '../wasm/trie.js'
import { MissingNodeError, readFault } from '../wasm/trieErrors.js'
import { type BlockParticipant, HOST_THREAD } from '../workers/blockParticipant.js'
import type { MissingMessage } from '../workers/protocol.js'
import { hostThread } from './hostThread.js'

/** An asynchronous source failed to answer; the block that asked failed with it. */
export class StateSourceError extends ParallevmError {
  constructor(what: string, cause: unknown) {
    super(
      'STATE_SOURCE_FAILED',
      `the state source failed for ${what}: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    )
  }
}

/** assembly/mem/layout.ts: CONTROL_MEM, and where static data begins. */
const CONTROL_BLOCK = 1024
const CONTROL_BLOCK_END = 65536

/** Code given to blockFail when the source fails. */
const FAILED_BY_SOURCE = 101

/** The state of an executor: a shared memory, the source it is filled from, and the executor thread's view of both. */
export class SharedState {
  readonly source: StateSource
  readonly block: BlockCore
  /** Why the running block cannot get what it asked for. */
  failure: StateSourceError | undefined
  #hasTries: boolean
  #host: Promise<BlockParticipant> | undefined
  readonly #fetches = new Map<string, Promise<void>>()

  private constructor(source: StateSource, block: BlockCore) {
    this.source = source
    this.block = block
    this.#hasTries = source.kind === 'witness'
  }

  /**
   * @param spare a memory that no thread uses any more, to be used again
   * @throws InvalidMemorySizeError, OutOfSpaceError, UnsupportedHostError, or what the source throws
   */
  static async create(source: StateSource, maxBytes: number, spare?: WasmMemory): Promise<SharedState> {
    // With its control block zero a memory is as good as new: whatever else lies there is free.
    if (spare !== undefined) new Uint8Array(spare.buffer, CONTROL_BLOCK, CONTROL_BLOCK_END - CONTROL_BLOCK).fill(0)
    const memory = spare ?? createMemory({ maxBytes })
    const core: Core = new Core(
      memory,
      instantiate(compile(), memory, { env: { hostPrecompile: hostPrecompile(() => core) } }),
    )
    const block = new BlockCore(core, HOST_THREAD)
    block.initTables(randomBytes(8).readBigUInt64LE())
    block.setSource({ memory: Source.CLOSED, witness: Source.WITNESS, async: Source.ASYNC }[source.kind])
    const state = new SharedState(source, block)
    await source.attach(state.#writer())
    return state
  }

  get memory(): WasmMemory {
    return this.block.core.memory
  }

  /** The executor's own thread as one that executes blocks. @throws OutOfSpaceError */
  host(): Promise<BlockParticipant> {
    this.#host ??= hostThread(this.block)
    return this.#host
  }

  get used(): number {
    return Number(this.block.exports.usedBytes())
  }

  /**
   * Makes the tries of a state that was put into memory, before the first block whose root is wanted.
   * @throws OutOfSpaceError
   */
  openTries(): void {
    if (this.#hasTries) return
    const { core } = this.block
    prepareRootFromBase(core)
    rootWork(core)
    rootResult(core)
    adoptRoot(core)
    this.#hasTries = true
  }

  /** Makes the state after the executed block the base state. */
  keep(rootMade: boolean): void {
    if (rootMade) adoptRoot(this.block.core)
    // The tries would be those of an older state: they are made anew when they are next wanted.
    else if (this.source.kind === 'memory') this.#hasTries = false
    this.block.exports.commitBase()
  }

  /** Leaves the base state as it was before the executed block. */
  drop(): void {
    dropRoot(this.block.core)
    this.block.exports.abandonBlock()
  }

  #writer(): BaseWriter {
    const { block } = this
    return {
      putAccount: (address, account) => block.setBaseAccount(address, account),
      putStorage: (address, key, value) => block.setBaseSlot(address, key, value),
      putCode: (code) => void block.putCode(code),
      putTrieNodes: (nodes) => addWitness(block.core, nodes),
      setTrieRoot: (root) => openWitness(block.core, root, []),
    }
  }

  /**
   * The error for the value that the transaction at the front of the failed block asked for: the trie node by path and
   * hash where the state is a witness.
   */
  missingError(): ParallevmError {
    const { block } = this
    const missing = block.missingOf(block.exports.blockFront())
    if (missing === undefined || this.source.kind !== 'witness' || missing.kind === 'code') {
      return new MissingStateError(missing)
    }
    const { address, key } = missing
    try {
      if (key === undefined) block.baseAccount(address)
      else block.baseSlot(address, key)
    } catch (error) {
      if (!(error instanceof MissingStateError)) return error as ParallevmError
      const { path, hash } = readFault(block.core, block.core.exports.trieFault() >>> 0)
      const trie = key === undefined ? 'the account trie' : `the storage trie of ${hex(address)}`
      return new MissingNodeError(path, hash, trie)
    }
    return new MissingStateError(missing)
  }

  /**
   * Answers a worker's request; the parked transaction goes on, or the block fails. What a source that put everything at
   * once does not have stays missing: the scheduler fails the block when the transaction's turn comes.
   */
  fetch({ index, missing }: MissingMessage): void {
    if (this.source.kind !== 'async') return
    this.load(missing).then(
      () => void this.block.exports.resumeTx(index),
      (error: StateSourceError) => {
        this.failure ??= error
        this.block.exports.blockFail(FAILED_BY_SOURCE)
      },
    )
  }

  /** Brings one value into memory. Several requests for the same value share one fetch. */
  load(missing: Missing): Promise<void> {
    const name = `${hex(missing.address)}${missing.key === undefined ? '' : hex(missing.key)}`
    let fetch = this.#fetches.get(name)
    if (fetch === undefined) {
      fetch = this.#fetchFromSource(missing).finally(() => this.#fetches.delete(name))
      this.#fetches.set(name, fetch)
    }
    return fetch
  }

  async #fetchFromSource({ address, key }: Missing): Promise<void> {
    const what = key === undefined ? `account ${hex(address)}` : `slot ${hex(key)} of ${hex(address)}`
    try {
      if (key !== undefined) this.block.setBaseSlot(address, key, (await this.source.storage?.(address, key)) ?? ZERO)
      else {
        const account = await this.source.account?.(address)
        this.block.setBaseAccount(address, account, account?.storageRoot)
      }
    } catch (error) {
      throw new StateSourceError(what, error)
    }
  }
}

const ZERO = new Uint8Array(32)

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
