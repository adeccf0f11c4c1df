import { randomBytes } from 'node:crypto'
import { Source, Table } from '../abi/core.generated.js'
import { ParallevmError } from '../errors.js'
import type { OwnPrecompile } from '../setup/precompiles.js'
import { capabilitiesOf, type SourceCapabilities } from '../sources/capabilities.js'
import type { StateSource } from '../sources/source.js'
import { BlockCore, MissingStateError, type MissingValue } from '../wasm/blockCore.js'
import { listChanges } from '../wasm/changes.js'
import { Core } from '../wasm/core.js'
import type { WasmImports, WasmMemory } from '../wasm/host.js'
import { compile, createMemory, instantiate } from '../wasm/instance.js'
import { keccak256 } from '../wasm/keccak.js'
import { RowPort } from '../wasm/rowPort.js'
import { adoptRoot, dropRoot, openWitness, prepareRootFromBase, rootResult, rootWork } from '../wasm/stateRoot.js'
import { threadImports } from '../wasm/threadImports.js'
import { MissingNodeError, readFault } from '../wasm/trieErrors.js'
import { addWitness } from '../wasm/witness.js'
import { type BlockParticipant, HOST_THREAD } from '../workers/blockParticipant.js'
import type { StartTask } from '../workers/protocol.js'
import type { SpanRing } from '../workers/spans.js'
import { CheckedWriter } from './baseWriter.js'
import type { BlockInput } from './blockInput.js'
import { BlockPlaces } from './blockPlaces.js'
import { hostThread } from './hostThread.js'
import { Snapshots } from './snapshots.js'
import { SourceReads } from './sourceReads.js'
import { SourceState } from './sourceState.js'

/** What all memories of an executor have in common. */
export interface MemoryOptions {
  /** Size, bytes. */
  maxMemory: number
  chainId: bigint
  /** Of the chain's own. */
  precompiles: readonly OwnPrecompile[]
}

/** The state of an executor: a shared memory, the source it is filled from, and the executor thread's view of both. */
export class SharedState {
  readonly capabilities: SourceCapabilities
  readonly block: BlockCore
  /** What the executor's instance reads of a state store. */
  readonly rows: RowPort
  /** Of the executor's instances of the core. */
  readonly imports: WasmImports
  readonly precompiles: readonly OwnPrecompile[]
  /** Brings in what the running block misses. */
  readonly reads: SourceReads
  readonly source: StateSource
  /** What the source keeps itself. */
  readonly own: SourceState
  /** Memory for the running block and for the next one. */
  readonly places: BlockPlaces
  /** Where the state can be taken back to. */
  readonly snapshots: Snapshots
  /** The block that the base state is the one after, where this executor has executed it. */
  latest: Pick<BlockInput, 'header' | 'hash' | 'blockHashes'> | undefined
  /** State root of the base state, where it is known: that of a witness always is. */
  root: Uint8Array | undefined
  #hasTries: boolean
  /** A block is between its begin and its end. */
  #running = false
  /** Trie nodes that came meanwhile. */
  readonly #late: Uint8Array[][] = []
  #host: Promise<BlockParticipant> | undefined

  private constructor(
    source: StateSource,
    block: BlockCore,
    rows: RowPort,
    imports: WasmImports,
    precompiles: readonly OwnPrecompile[],
  ) {
    this.capabilities = capabilitiesOf(source)
    this.source = source
    this.block = block
    this.rows = rows
    this.imports = imports
    this.precompiles = precompiles
    this.reads = new SourceReads(source, block)
    this.own = new SourceState(source, () => listChanges(block))
    this.places = new BlockPlaces(block)
    this.snapshots = new Snapshots(block, this.capabilities.complete)
    this.#hasTries = this.capabilities.rootBy !== 'source' && !this.capabilities.triesFromBase
  }

  /**
   * @param spare a memory that no thread uses any more, to be used again
   * @throws InvalidMemorySizeError, MemoryRefusedError, OutOfSpaceError, UnsupportedHostError, or what the source throws
   */
  static async create(
    source: StateSource,
    { maxMemory, chainId, precompiles }: MemoryOptions,
    spare?: WasmMemory,
  ): Promise<SharedState> {
    const memory = spare ?? createMemory({ maxBytes: maxMemory })
    const rows = new RowPort(memory)
    const imports = threadImports(memory, rows, precompiles)
    const core = new Core(memory, instantiate(compile(), memory, imports))
    if (spare !== undefined) core.exports.resetMemory()
    const block = new BlockCore(core, HOST_THREAD)
    block.initTables(randomBytes(8).readBigUInt64LE())
    for (const [index, { address }] of precompiles.entries()) block.setPrecompile(address, index)
    const state = new SharedState(source, block, rows, imports, precompiles)
    block.setSource(coreSource(state.capabilities))
    const writer = new CheckedWriter(block, state.capabilities, (nodes) => state.#putNodes(nodes))
    await source.attach(writer, { chainId, keccak256: (message) => keccak256(message, core) })
    writer.finish()
    state.root = writer.root
    state.#openRows()
    return state
  }

  /** A state that was put into memory is written as the first one of its store. */
  #openRows(): void {
    const store = this.source.rows?.()
    if (store === undefined) return
    this.rows.reader = store.reader
    if (store.found === undefined) return
    const root = this.#rootFromBase()
    store.found(root, listChanges(this.block))
    adoptRoot(this.block.core)
    this.root = root
  }

  get memory(): WasmMemory {
    return this.block.core.memory
  }

  /** What another thread needs to take part. */
  get task(): StartTask {
    return { module: compile(), memory: this.memory, rows: this.source.rows?.().spec }
  }

  /** Takes the last blocks of a state store back; values that did not change stay. @throws StoreError */
  revert(blocks: number): void {
    const store = this.source.rows?.()
    if (store === undefined)
      throw new ParallevmError('CANNOT_REVERT', 'only a state store can take blocks back: lmdbState')
    const { stateRoot, keys } = store.revert(blocks)
    const { core, exports } = this.block
    for (const key of keys) {
      if (key[0] === Table.ACCOUNTS) exports.forgetBaseAccount(this.block.account(key.subarray(1)))
      if (key[0] === Table.SLOTS) {
        exports.forgetBaseSlot(this.block.slot(this.block.account(key.subarray(1, 21)), key.subarray(21)))
      }
    }
    this.rows.begin()
    openWitness(core, stateRoot, [])
    this.root = stateRoot
    this.latest = undefined
  }

  /** The executor's own thread as one that executes blocks. @throws OutOfSpaceError */
  host(spans: SpanRing | undefined): Promise<BlockParticipant> {
    this.#host ??= hostThread(this.block, this.rows, spans).catch((error: unknown) => {
      this.#host = undefined
      throw error
    })
    return this.#host
  }

  get used(): number {
    return Number(this.block.exports.usedBytes())
  }

  /** Trie nodes of a witness. Threads of a running block read the tries: what comes under it waits for the next one. */
  #putNodes(nodes: readonly Uint8Array[]): void {
    if (this.#running) this.#late.push(nodes.map((node) => new Uint8Array(node)))
    else addWitness(this.block.core, nodes)
  }

  /** Before a block: takes in what came under the one before. @throws OutOfSpaceError */
  catchUp(): void {
    for (let nodes = this.#late[0]; nodes !== undefined; nodes = this.#late[0]) {
      addWitness(this.block.core, nodes)
      this.#late.shift()
    }
  }

  /** Begins a block, until `keep` or `drop`: its number. */
  begin(): number {
    this.#running = true
    this.rows.begin()
    return this.reads.begin()
  }

  #end(): void {
    this.#running = false
    this.reads.end()
  }

  /** The base state has tries, which follow it from block to block. */
  get hasTries(): boolean {
    return this.#hasTries
  }

  /**
   * Makes the tries of a state that was put into memory, before the first block whose root is wanted.
   * @throws OutOfSpaceError
   */
  openTries(): void {
    if (this.#hasTries) return
    this.root = this.#rootFromBase()
    adoptRoot(this.block.core)
    this.#hasTries = true
  }

  /** The state root of what was put into memory, by tries that are the base state's once they are adopted. */
  #rootFromBase(): Uint8Array {
    const { core } = this.block
    prepareRootFromBase(core)
    rootWork(core)
    return rootResult(core)
  }

  /**
   * Makes the state after the executed block the base state. Cannot fail: what the source keeps is kept already.
   * `root`: its state root, where it is known; `made`: it is that of tries in memory.
   */
  keep(root: Uint8Array | undefined, made: boolean): void {
    const { core, exports } = this.block
    this.#end()
    this.root = root
    if (made) adoptRoot(core)
    // The tries would be those of an older state: they are made anew when they are next wanted.
    else if (this.capabilities.triesFromBase) this.#hasTries = false
    exports.commitBase()
  }

  /** Leaves the base state as it was before the block, which may not have been executed to its end. */
  drop(): void {
    this.#end()
    dropRoot(this.block.core)
    this.block.exports.abandonBlock()
  }

  /** What the transaction at the front of the failed block asked for. */
  frontMissing(): MissingValue | undefined {
    return this.block.missingOf(this.block.exports.blockFront())
  }

  /** The error for a value that nobody supplied: the trie node by path and hash where the state is a witness. */
  missingError(missing: MissingValue | undefined): ParallevmError {
    const { block, capabilities } = this
    if (missing === undefined || !capabilities.partialWitness || missing.kind === 'code') {
      return new MissingStateError(missing)
    }
    const { address, key } = missing
    try {
      if (key === undefined) block.baseAccount(address)
      else block.baseSlot(address, key)
    } catch (error) {
      if (!(error instanceof MissingStateError)) return error as ParallevmError
      const owner = key === undefined ? undefined : address
      return new MissingNodeError(readFault(block.core, block.core.exports.trieFault() >>> 0, owner))
    }
    return new MissingStateError(missing)
  }
}

/** What the core does about a value that is not in memory. */
function coreSource({ complete, fetches, rows }: SourceCapabilities): Source {
  if (complete) return Source.CLOSED
  if (rows) return Source.STORE
  return fetches ? Source.ASYNC : Source.WITNESS
}
