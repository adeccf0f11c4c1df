import { resolve } from 'node:path'
import { flag, integer, that } from '../door/choices.js'
import { optional, record } from '../door/compounds.js'
import { check, type Shape } from '../door/shape.js'
import { invalidState } from '../sources/inputs.js'
import type { StorageEngine } from './engine.js'
import { type StateAfter, stateAfter } from './firstState.js'
import { type GenesisJson, genesisStart } from './genesis.js'
import { LMDB_OPTIONS, lmdbEngine } from './lmdb.js'
import { checkPages } from './lmdbPages.js'
import { RowState } from './rowState.js'
import type { StateStore, StoreOptions } from './stateStore.js'

/** What an empty store begins with, and how it keeps blocks. */
export interface StateStoreOptions extends StoreOptions {
  /**
   * What an empty store begins with: a genesis in geth's format, parsed, or a state after some block. A store that is not empty
   * must have begun with the same.
   */
  genesis?: GenesisJson | StateAfter
}

/** What `lmdbState` takes. */
export interface LmdbStateOptions extends StateStoreOptions {
  /** The folder. */
  path: string
  /**
   * Default false. True: all of the file is read before it is opened, by a process of its own. LMDB believes its file, and a page that
   * is damaged ends the process that comes to it: that is STORE_CORRUPT then.
   */
  check?: boolean
}

const isStart = (value: unknown): value is GenesisJson | StateAfter =>
  typeof value === 'object' && value !== null && ('alloc' in value || 'accounts' in value)
const STORE_FIELDS = {
  genesis: optional(that('a genesis of geth, or { accounts, number, hash }', isStart)),
  undo: optional(integer(0, 2 ** 20)),
  checkpoint: optional(integer(1, 2 ** 20)),
}
const path = that('the path of a folder', (value): value is string => typeof value === 'string' && value !== '')
/** What opens a storage engine. */
export const OPEN = that('a function', (value): value is () => Promise<StorageEngine> => typeof value === 'function')
export const STORE = record(
  'options of a state store',
  'option',
  STORE_FIELDS satisfies Record<keyof StateStoreOptions, Shape<unknown>>,
)
export const LMDB = record('options of a state on disk', 'option', {
  path,
  check: optional(flag),
  ...STORE_FIELDS,
} satisfies Record<keyof LmdbStateOptions, Shape<unknown>>)

/**
 * A state on disk, in an LMDB database in the folder `path`: values and trie nodes, which threads read where they need them,
 * and blocks that are written as one. It takes the package `lmdb`, which is optional: `npm install lmdb`. The folder belongs to
 * one executor at a time; it is opened by `BlockExecutor.create`, or `open`, and closed with the executor.
 * @throws InvalidStateError; StoreError when it is opened
 */
export function lmdbState(options: LmdbStateOptions): StateStore {
  const { path: folder, check: whole = false, ...others } = check(LMDB, options, 'options', invalidState)
  const absolute = resolve(folder)
  const look = whole ? () => checkPages(absolute, LMDB_OPTIONS) : undefined
  return stateOver(() => lmdbEngine(absolute, look), absolute, others as StateStoreOptions)
}

/**
 * A state in the rows of a storage engine of your own, kept as `lmdbState` keeps it.
 * @param open opens the engine, when an executor is created with the state
 * @throws InvalidStateError; StoreError when it is opened
 */
export function storeState(open: () => Promise<StorageEngine>, options: StateStoreOptions = {}): StateStore {
  const opens = check(OPEN, open, 'open', invalidState)
  return stateOver(opens, undefined, check(STORE, options, 'options', invalidState) as StateStoreOptions)
}

function stateOver(
  open: () => Promise<StorageEngine>,
  path: string | undefined,
  { genesis, ...options }: StateStoreOptions,
): StateStore {
  const first = genesis && ('alloc' in genesis ? genesisStart(genesis) : stateAfter(genesis))
  return new RowState(open, path, first, options)
}
