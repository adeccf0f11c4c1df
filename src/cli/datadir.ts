// A folder of a chain: what its rules are, and its state.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Common } from '@ethereumjs/common'
import { BlockExecutor } from '../executor/blockExecutor.js'
import type { ChainName } from '../executor/options.js'
import type { StateAfter } from '../store/firstState.js'
import { type GenesisJson, genesisCommon } from '../store/genesis.js'
import { lmdbState, type StateStoreOptions } from '../store/lmdbState.js'
import type { StateStore } from '../store/stateStore.js'
import { UsageError } from './exit.js'
import { readJson } from './jsonFile.js'

const RULES = 'chain.json'
const STATE = 'state'

export interface DatadirOptions {
  datadir: string
  /** A genesis.json of geth. */
  genesis?: string
  /** Whose rules hold. */
  chain?: ChainName
  threads: number
  /** MiB. */
  maxMemory?: number
  /** Read all of the state before it is opened. */
  check?: boolean
}

export interface Datadir {
  state: StateStore
  /** On the state, which it closes. */
  executor: BlockExecutor
}

export type Rules = { chain: ChainName } | { genesis: Omit<GenesisJson, 'alloc'> }

/**
 * Opens a folder, and makes it where it is new.
 * @param start what it begins with where no genesis is given
 * @throws UsageError; StoreError
 */
export async function openDatadir(
  { datadir, genesis: file, chain, threads, maxMemory, check = false }: DatadirOptions,
  store: StateStoreOptions,
  start?: StateAfter,
): Promise<Datadir> {
  const genesis = file === undefined ? undefined : readJson<GenesisJson>(file)
  const rules = rulesOf(datadir, genesis, chain ?? (start && 'mainnet'))
  const first = genesis ?? start
  const state = lmdbState({ path: join(datadir, STATE), check, ...store, ...(first && { genesis: first }) })
  const executor = await BlockExecutor.create({
    state,
    ...commonOf(rules),
    threads,
    ...(maxMemory !== undefined && { maxMemory: maxMemory * 2 ** 20 }),
  })
  writeRules(datadir, rules)
  return { state, executor }
}

function rulesOf(datadir: string, genesis: GenesisJson | undefined, chain: ChainName | undefined): Rules {
  const found = rulesIn(datadir)
  if (found !== undefined) return found
  if (chain !== undefined) return { chain }
  if (genesis === undefined) {
    throw new UsageError(
      `${datadir} holds no chain yet: name its genesis.json with --genesis (that of mainnet: geth dumpgenesis --mainnet)`,
    )
  }
  const { alloc, ...others } = genesis
  return { genesis: others as Omit<GenesisJson, 'alloc'> }
}

/** The rules of the chain in a folder; undefined where there is none. @throws UsageError */
export function rulesIn(datadir: string): Rules | undefined {
  const file = join(datadir, RULES)
  return existsSync(file) ? readJson<Rules>(file) : undefined
}

function commonOf(rules: Rules): { chain: ChainName } | { common: Common; hardfork: 'schedule' } {
  if ('chain' in rules) return rules
  return { common: genesisCommon({ ...rules.genesis, alloc: {} } as GenesisJson), hardfork: 'schedule' }
}

/** Once the state is there. */
function writeRules(datadir: string, rules: Rules): void {
  const file = join(datadir, RULES)
  if (existsSync(file)) return
  mkdirSync(datadir, { recursive: true })
  writeFileSync(file, `${JSON.stringify(rules, null, 2)}\n`)
}
