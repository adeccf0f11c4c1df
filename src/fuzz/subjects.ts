// What is fuzzed: the executor over every kind of state source. Over a memory state the oracles have judged a run of blocks;
// over the others each block must come to the same, and the source must hold the state after it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Common, StateManagerInterface } from '@ethereumjs/common'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { Caches, MerkleStateManager, SimpleStateManager } from '@ethereumjs/statemanager'
import { Account, Address, bytesToHex, equalsBytes, hexToBytes, MapDB } from '@ethereumjs/util'
import { Table } from '../abi/core.generated.js'
import type { PreState } from '../blockFiles/types.js'
import { ParallevmError } from '../errors.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { compareResults } from '../executor/compare.js'
import type { ExecuteOptions } from '../executor/options.js'
import type * as api from '../index.js'
import { merkleState } from '../sources/merkle.js'
import type { StateSource } from '../sources/source.js'
import { stateManagerState } from '../sources/stateManager.js'
import { witnessState } from '../sources/witness.js'
import type { Hex } from '../spectests/json.js'
import type { PlainState } from '../spectests/plainState.js'
import type { StateAfter } from '../store/firstState.js'
import { lmdbState, type StateStoreOptions, storeState } from '../store/lmdbState.js'
import { memoryEngine } from '../store/memory.js'
import type { StateStore } from '../store/stateStore.js'
import type { BlockResult } from '../types.js'
import { Random } from '../workloads/random.js'
import { typed } from './answer.js'
import type { FuzzBlock } from './blocks.js'
import { Faults, faultySource } from './faultySource.js'

/** Of the library's functions, those that make a state source. */
export type SourceFactory = Extract<keyof typeof api, `${string}State`>

/** A source that holds a state, and what keeps the state itself, if anything does. */
type Held = Pick<Subject, 'source' | 'manager' | 'store'>

interface SubjectRow {
  /** A test asks for a row of each. */
  factory: SourceFactory
  hold(state: PlainState, common: Common, random: Random): Promise<Held>
}

/**
 * `memory`, `witness`: a state in the executor's memory; `merkle`, `simple`: a state manager that keeps it; `rows`, `lmdb`: a
 * store in memory, on disk.
 */
export const SUBJECTS = {
  memory: { factory: 'memoryState', hold: async (state) => ({ source: state.source() }) },
  witness: { factory: 'witnessState', hold: async (state) => ({ source: witnessState(await witnessOf(state)) }) },
  merkle: {
    factory: 'stateManagerState',
    async hold(state, common, random) {
      const caches = random.below(2) === 0 && { caches: new Caches() }
      return await managed(new MerkleStateManager({ common, ...caches }), state)
    },
  },
  'merkle-tries': {
    factory: 'merkleState',
    async hold(state, common, random) {
      const caches = random.below(2) === 0 && { caches: new Caches() }
      const manager = new MerkleStateManager({ common, ...caches })
      await fill(manager, state)
      return { source: merkleState(manager), manager }
    },
  },
  simple: {
    factory: 'stateManagerState',
    hold: async (state, common) => await managed(new SimpleStateManager({ common }), state),
  },
  rows: {
    factory: 'storeState',
    async hold(state, _, random) {
      const engine = memoryEngine(2 ** 26)
      return stored(storeState(async () => engine, storeOptions(state, random)))
    },
  },
  lmdb: {
    factory: 'lmdbState',
    async hold(state, _, random) {
      const path = mkdtempSync(join(tmpdir(), 'parallevm-fuzz-'))
      const store = lmdbState({ path, ...storeOptions(state, random) })
      store.detach = async () => {
        await store.close()
        rmSync(path, { recursive: true, force: true })
      }
      return stored(store)
    },
  },
} as const satisfies Record<string, SubjectRow>

export type SourceName = keyof typeof SUBJECTS
export const SOURCES = Object.keys(SUBJECTS) as SourceName[]

/** A block as it went over a memory state. */
export interface Step {
  block: FuzzBlock
  answer: BlockResult | ParallevmError
}

/** Where a source gave something else. */
export interface Deviation {
  difference: string
  /** Before the block. */
  state: PlainState
  block: FuzzBlock
}

export interface RunOptions extends Pick<ExecuteOptions, 'root' | 'advance'> {
  /** RLP of the access list that the block comes with (EIP-7928). */
  list?: Uint8Array
}

/** Executes a block of the fuzzer; what the options do not say is as it was over the memory state. */
export type Execute = (block: FuzzBlock, options: RunOptions) => Promise<BlockResult>

interface Subject {
  name: SourceName
  source: StateSource
  /** Keeps the state itself. */
  manager?: StateManagerInterface
  store?: StateStore
  /** Every address and slot that it was ever told, to find what it should have forgotten. */
  told: Map<string, Set<string>>
}

/** Counts of what was done. */
export interface ReplayProgress {
  /** Blocks by source. */
  replayed: Map<SourceName, number>
  /** Times that a source was made to fail. */
  faults: number
}

/** One run of blocks over one kind of source, with faults and delays. */
export class Replay {
  readonly #executor: BlockExecutor
  readonly #execute: Execute
  readonly #common: Common
  readonly #random: Random
  readonly #faults: Faults
  readonly #progress: ReplayProgress

  constructor(executor: BlockExecutor, execute: Execute, common: Common, seed: number, progress: ReplayProgress) {
    this.#executor = executor
    this.#execute = execute
    this.#common = common
    this.#random = new Random(seed, 'fuzz sources')
    this.#faults = new Faults(this.#random)
    this.#progress = progress
  }

  /** @returns the first difference from what happened over the memory state */
  async run(name: SourceName, start: PlainState, steps: readonly Step[]): Promise<Deviation | undefined> {
    const state = start.copy()
    const subject = await this.#subjectOf(name, state)
    this.#faults.allow(1)
    await this.#despiteFaults(() => this.#executor.setState(subject.source))
    let before = state
    for (const { block, answer } of steps) {
      const difference = await this.#step(subject, state, block, answer)
      if (difference !== undefined) return { difference: `over a ${name} state: ${difference}`, state, block }
      this.#progress.replayed.set(name, (this.#progress.replayed.get(name) ?? 0) + 1)
      before = state.copy()
      if (!(answer instanceof ParallevmError)) state.apply(answer.stateDiff)
    }
    const last = steps.at(-1)
    const difference = await this.#wrongContents(subject, state)
    if (last === undefined || difference === undefined) return undefined
    return { difference: `over a ${name} state, after all blocks: ${difference}`, state: before, block: last.block }
  }

  async #step(subject: Subject, state: PlainState, block: FuzzBlock, answer: Step['answer']) {
    const root = this.#wantsRoot(subject, block)
    this.#faults.allow(this.#random.below(3))
    // Now and then it is only tried.
    const made = answer instanceof ParallevmError ? undefined : answer.blockAccessList?.rlp
    for (const advance of this.#random.below(6) === 0 ? [false, true] : [true]) {
      // From its own list where it has one; not always: without it, reads come one after another.
      const list = made !== undefined && this.#random.below(3) > 0 && { list: made }
      const result = await this.#despiteFaults(() => this.#execute(block, { root, advance, ...list })).catch(typed)
      const difference = await this.#difference(result, answer, state)
      if (difference !== undefined) return difference
      if (!(result instanceof ParallevmError)) tell(subject, result)
    }
    return undefined
  }

  /** A state manager has no roots for the receipts before Byzantium, and SimpleStateManager none at all. */
  #wantsRoot({ name }: Subject, block: FuzzBlock): boolean {
    return block.root && name !== 'simple' && (!name.startsWith('merkle') || this.#common.gteHardfork('byzantium'))
  }

  async #despiteFaults<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (!this.#faults.made(error)) throw error
        this.#progress.faults++
      }
    }
  }

  async #difference(result: Step['answer'], answer: Step['answer'], state: PlainState): Promise<string | undefined> {
    if (result instanceof ParallevmError || answer instanceof ParallevmError) {
      const [ours, theirs] = [outcomeOf(result), outcomeOf(answer)]
      return ours === theirs ? undefined : `${ours}, and over a memory state ${theirs}`
    }
    try {
      compareResults(result, answer, 'sequential')
    } catch (error) {
      return (error as Error).message
    }
    if (result.stateRoot === undefined) return undefined
    const root = answer.stateRoot ?? (await rootAfter(state, answer))
    if (equalsBytes(result.stateRoot, root)) return undefined
    return `state root ${bytesToHex(result.stateRoot)}, not ${bytesToHex(root)}`
  }

  async #subjectOf(name: SourceName, state: PlainState): Promise<Subject> {
    const told = new Map([...state.accounts].map(([address, { storage }]) => [address, new Set(storage.keys())]))
    const { hold }: SubjectRow = SUBJECTS[name]
    const { source, manager, store } = await hold(state, this.#common, this.#random)
    const keeper = { ...(manager && { manager }), ...(store && { store }) }
    return { name, source: faultySource(source, this.#faults), ...keeper, told }
  }

  async #wrongContents({ name, manager, store, told }: Subject, state: PlainState): Promise<string | undefined> {
    if (store !== undefined) return await wrongRows(store, state)
    if (manager === undefined) return undefined
    for (const [address, keys] of told) {
      const at = new Address(hexToBytes(address as Hex))
      const [ours, theirs] = [await manager.getAccount(at), state.account(at.bytes)]
      for (const field of ['nonce', 'balance'] as const) {
        if (ours?.[field] !== theirs?.[field])
          return `${field} of ${address} is ${ours?.[field]}, not ${theirs?.[field]}`
      }
      const code = state.accounts.get(address)?.code ?? new Uint8Array(0)
      if (!equalsBytes(await manager.getCode(at), code)) return `the code of ${address} is another one`
      for (const key of keys) {
        const slot = hexToBytes(key as Hex)
        const value = await manager.getStorage(at, slot)
        if (!equalsBytes(value, state.storage(at.bytes, slot)))
          return `slot ${key} of ${address} is ${bytesToHex(value)}`
      }
    }
    if (!name.startsWith('merkle') || equalsBytes(await manager.getStateRoot(), await state.root())) return undefined
    return 'the root is another one'
  }
}

/** Whether the rows are those of a store that begins with the state. */
async function wrongRows(store: StateStore, state: PlainState): Promise<string | undefined> {
  store.flush()
  const engine = memoryEngine(2 ** 26)
  const fresh = storeState(async () => engine, { genesis: firstOf(state) })
  // Undefined where the state is empty.
  const executor = await BlockExecutor.create({ state: fresh, threads: 1 })
  const [ours, theirs] = [rowsOf(store), rowsOf(fresh)]
  await executor.close()
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].find((key) => ours.get(key) !== theirs.get(key))
  if (differing === undefined) return undefined
  return `row ${differing} is ${ours.get(differing)}, and of the state put at once ${theirs.get(differing)}`
}

function rowsOf(store: StateStore): Map<string, string> {
  const tables = [Table.ACCOUNTS, Table.SLOTS, Table.NODES, Table.STORAGE_NODES]
  const rows = tables.flatMap((table) => [...store.engine.range(Uint8Array.of(table))])
  return new Map(rows.map(([key, value]) => [bytesToHex(key), bytesToHex(value)]))
}

const stored = (store: StateStore): Held => ({ source: store, store })

function storeOptions(state: PlainState, random: Random): StateStoreOptions {
  return { genesis: firstOf(state), undo: random.below(3), checkpoint: 1 + random.below(3) }
}

const firstOf = (state: PlainState): StateAfter => ({ ...state.whole(), number: 0n, hash: new Uint8Array(32) })

function tell({ told }: Subject, { stateDiff }: BlockResult): void {
  for (const { address, storage } of stateDiff) {
    const keys = told.get(bytesToHex(address)) ?? new Set()
    for (const { key } of storage) keys.add(bytesToHex(key))
    told.set(bytesToHex(address), keys)
  }
}

function outcomeOf(answer: Step['answer']): string {
  return answer instanceof ParallevmError ? `it is refused: ${answer.code}: ${answer.message}` : 'it is accepted'
}

async function rootAfter(state: PlainState, { stateDiff }: BlockResult): Promise<Uint8Array> {
  const after = state.copy()
  after.apply(stateDiff)
  return await after.root()
}

/** All nodes of all tries: whatever blocks need is there. */
export async function witnessOf(state: PlainState): Promise<Extract<PreState, { kind: 'witness' }>> {
  const db = new MapDB<string, string>()
  const root = await state.root((options) => new MerklePatriciaTrie({ ...options, db: db as never }))
  const nodes = [...db._database.values()].map((node) => new Uint8Array(Buffer.from(node, 'hex')))
  return { kind: 'witness', root, nodes, codes: [...state.accounts.values()].map(({ code }) => code) }
}

async function managed(manager: StateManagerInterface, state: PlainState): Promise<Held> {
  await fill(manager, state)
  return { source: stateManagerState(manager), manager }
}

/** Puts the state into an empty state manager. */
export async function fill(manager: StateManagerInterface, state: PlainState): Promise<void> {
  for (const [address, { nonce, balance, code, storage }] of state.accounts) {
    const at = new Address(hexToBytes(address as Hex))
    await manager.putAccount(at, new Account(nonce, balance))
    if (code.length > 0) await manager.putCode(at, code)
    for (const key of storage.keys()) {
      const slot = hexToBytes(key as Hex)
      await manager.putStorage(at, slot, state.storage(at.bytes, slot))
    }
  }
}
