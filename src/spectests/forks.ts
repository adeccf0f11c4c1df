// Forks by the names that the tests give them.

import type { ChainConfig, HardforkTransitionConfig } from '@ethereumjs/common'
import { Mainnet } from '@ethereumjs/common'
import { FORKS, type ForkRow } from '../abi/registry.js'
import type { ChainRules } from '../block/common.js'
import { UnusableTestError } from './errors.js'
import { type BlobSchedule, type TestConfig, word } from './json.js'

/** In order of activation. */
const ORDER = [...new Set(FORKS.map(({ hardfork }) => hardfork))]
const FIRST_BY_TIME = ORDER.indexOf('shanghai')
const AMSTERDAM = ORDER.indexOf('amsterdam')
/** A chain has them only when the test says so: they change nothing that tests see, or the state once. */
const OPTIONAL = new Set(['dao', 'arrowGlacier', 'grayGlacier'])
/** Amsterdam has the blobs of BPO2: these are on no chain before it. */
const BEFORE_AMSTERDAM = new Set(['bpo3', 'bpo4', 'bpo5'])

/** On no chain yet: the official tests' numbers, for tests that bring none. */
const UNSCHEDULED: Record<string, BlobSchedule> = {
  BPO3: { target: '0x15', max: '0x20', baseFeeUpdateFraction: '0x13a7aa1' },
  BPO4: { target: '0x0e', max: '0x15', baseFeeUpdateFraction: '0xd1a66e' },
  BPO5: { target: '0x0e', max: '0x15', baseFeeUpdateFraction: '0xd1a66e' },
}

/** As the tests name them, in order of activation. */
export const FORK_NAMES: readonly string[] = FORKS.map(({ test }) => test)

export function hasFork(name: string): boolean {
  return FORK_NAMES.includes(name)
}

export function unknownFork(name: string): string {
  return `there is no fork '${name}' among ${FORK_NAMES.join(', ')}`
}

/** @throws UnusableTestError */
export function forkOf(name: string): ForkRow {
  const fork = FORKS.find(({ test }) => test === name)
  if (fork === undefined) throw new UnusableTestError(unknownFork(name), 'unknown fork')
  return fork
}

/** Rules of a test with one fork from the first block on, or of a transition like ShanghaiToCancunAtTime15k. */
export function rulesOfNetwork(network: string, config: TestConfig = {}): ChainRules {
  const transition = /^(\w+?)To(\w+)At(Time)?(\d+)(k?)$/.exec(network)
  if (transition === null) {
    return { ...rulesOf(network, undefined, config), hardfork: forkOf(network).hardfork }
  }
  const [, before, after, , number, thousands] = transition
  const at = Number(number) * (thousands === 'k' ? 1000 : 1)
  return rulesOf(before as string, { name: after as string, at }, config)
}

function rulesOf(first: string, later: { name: string; at: number } | undefined, config: TestConfig): ChainRules {
  const from = ORDER.indexOf(forkOf(first).hardfork)
  const to = later === undefined ? from : ORDER.indexOf(forkOf(later.name).hardfork)
  const named = new Set([ORDER[from], ORDER[to]])
  const hardforks = ORDER.slice(0, to + 1)
    .filter((name) => named.has(name) || !(OPTIONAL.has(name) || (to >= AMSTERDAM && BEFORE_AMSTERDAM.has(name))))
    .map((name): HardforkTransitionConfig => {
      const at = later !== undefined && ORDER.indexOf(name) > from ? later.at : 0
      if (ORDER.indexOf(name) >= FIRST_BY_TIME) return { name, block: null, timestamp: String(at) }
      return { name, block: at, ...(name === 'paris' ? { ttd: '0' } : {}) }
    })
  const blobs = blobForks(config, new Set(hardforks.map(({ name }) => name)))
  const chain: ChainConfig = {
    ...Mainnet,
    name: 'test',
    chainId: Number(word(config.chainid ?? '0x1')),
    hardforks,
    ...(Object.keys(blobs).length > 0 && { customHardforks: blobs }),
  }
  return { chain, hardfork: 'schedule', eips: [], params: {} }
}

/** Forks that change nothing but the number of blobs (EIP-7892), with the numbers of the test. */
function blobForks(
  { blobSchedule = {} }: TestConfig,
  active: ReadonlySet<string>,
): NonNullable<ChainConfig['customHardforks']> {
  const forks: NonNullable<ChainConfig['customHardforks']> = {}
  for (const [name, schedule] of Object.entries({ ...UNSCHEDULED, ...blobSchedule })) {
    if (!name.startsWith('BPO') || !active.has(forkOf(name).hardfork)) continue
    const { target, max, baseFeeUpdateFraction } = schedule
    const params = {
      target: Number(word(target)),
      max: Number(word(max)),
      blobGasPriceUpdateFraction: Number(word(baseFeeUpdateFraction)),
    }
    forks[forkOf(name).hardfork] = { eips: [], params }
  }
  return forks
}
